//! The comparison as one page to read on the screen or on paper: no script, nothing from elsewhere. What
//! `write!` answers is let go throughout: writing into a string cannot fail.

use std::fmt::Write;

use notation::metronome::beat_name;
use performance::{Pedal, Performance};
use performers::base_tempo;
use protocol::{BarValues, CompareView};

use crate::document::Played;
use crate::places::places_of;
use crate::plot::{Line, Plot, escape};
use crate::views::Clocked;

/// What the page is about.
pub struct Piece {
    /// Its title.
    pub title: String,
    /// Who wrote it.
    pub composer: Option<String>,
    /// Where the two versions come from, in one line each; empty if no performer played them.
    pub origins: [String; 2],
}

/// Classes of the two versions' lines.
const CLASSES: [&str; 2] = ["a", "b"];

const STYLE: &str = "
:root { --a: #1f5fa8; --b: #c2521a; --grid: #ddd; --text: #222; }
body { font: 15px/1.45 system-ui, sans-serif; color: var(--text); background: #fff;
       max-width: 960px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 1.6rem 0 .3rem; }
p.who { margin: .2rem 0 1rem; color: #555; }
.key { display: inline-block; width: 1.6em; border-top: 3px solid; vertical-align: middle; margin-right: .4em; }
.key.a { border-color: var(--a); } .key.b { border-color: var(--b); border-top-style: dashed; }
svg { width: 100%; height: auto; break-inside: avoid; }
svg text { font-size: 11px; fill: #555; } svg text.left { text-anchor: end; } svg text.below { text-anchor: middle; }
svg .grid { stroke: var(--grid); stroke-width: 1; }
svg polyline { fill: none; stroke-width: 1.6; stroke-linejoin: round; }
svg circle { stroke-width: 1.6; fill: #fff; }
svg circle.a { stroke: var(--a); } svg circle.b { stroke: var(--b); }
svg circle.a.end { fill: var(--a); } svg circle.b.end { fill: var(--b); }
svg polyline.a { stroke: var(--a); } svg polyline.b { stroke: var(--b); stroke-dasharray: 5 3; }
table { border-collapse: collapse; width: 100%; font-size: 13px; font-variant-numeric: tabular-nums; }
th, td { padding: .15rem .5rem; text-align: right; border-bottom: 1px solid var(--grid); }
thead { display: table-header-group; } tr { break-inside: avoid; }
th.words, td.words { text-align: left; }
ul { margin: .3rem 0; padding-left: 1.2rem; }
td.b { color: var(--b); } td.a { color: var(--a); }
@page { margin: 15mm; }
@media print { body { margin: 0; max-width: none; font-size: 10pt; } h2 { break-after: avoid; } }
";

/// The whole page.
pub fn page(piece: &Piece, view: &CompareView, played: [&Played; 2]) -> String {
    let beat = base_tempo::beat(played[0].score());
    let view = &in_beats(view, beat.to_f64());
    let title = escape(&piece.title);
    let [first, second] = view.names.each_ref().map(|name| escape(name));
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}: {first} and {second}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    );
    let composer = piece.composer.as_deref().map_or_else(String::new, |c| format!("{}<br>", escape(c)));
    writeln!(
        html,
        "<p class=\"who\">{composer}<span class=\"key a\"></span>{first}, {} \
         &emsp; <span class=\"key b\"></span>{second}, {}</p>",
        facts(&played[0].performance, louder_db(view.loudness_lufs)),
        facts(&played[1].performance, None),
    )
    .ok();
    for (class, origin) in CLASSES.iter().zip(&piece.origins).filter(|(_, origin)| !origin.is_empty()) {
        writeln!(html, "<p class=\"who\"><span class=\"key {class}\"></span>{}</p>", escape(origin)).ok();
    }
    writeln!(html, "<p class=\"who\">Tempo in beats a minute; a beat is a {}</p>", beat_name(beat)).ok();
    html.push_str(&agreement(view));
    for (heading, svg) in plots(view, played) {
        write!(html, "<h2>{heading}</h2>\n{svg}\n").ok();
    }
    html.push_str(&table(view));
    html.push_str("<p class=\"who\">Made with Espressivo</p>\n</body>\n</html>\n");
    html
}

/// The comparison with tempi in beats a minute in place of quarters.
fn in_beats(view: &CompareView, beat_quarters: f64) -> CompareView {
    let mut view = view.clone();
    let bars = view.bars.iter_mut().flat_map(|bar| &mut bar.values).flatten();
    bars.for_each(|bar| bar.quarters_per_minute /= beat_quarters);
    let points = view.trajectories.iter_mut().flat_map(|path| &mut path.points);
    points.for_each(|point| point.quarters_per_minute /= beat_quarters);
    view
}

/// How many decibels the first version is louder than the second, on the whole.
fn louder_db([first, second]: [Option<f64>; 2]) -> Option<f64> {
    Some((first? - second?).round())
}

/// Length of a version, and how much louder it is than the other.
fn facts(played: &Performance, louder_db: Option<f64>) -> String {
    let secs = played.end_secs().round() as u64;
    let loudness = match louder_db {
        None => String::new(),
        Some(db) if db > 0.0 => format!(", {db:.0} dB louder"),
        Some(db) if db < 0.0 => format!(", {:.0} dB softer", -db),
        Some(_) => ", as loud".to_owned(),
    };
    format!("{}:{:02}{loudness}", secs / 60, secs % 60)
}

fn plots(view: &CompareView, played: [&Played; 2]) -> Vec<(&'static str, String)> {
    let bars = |value: fn(&BarValues) -> f64| {
        let side = |k: usize| Line { class: CLASSES[k], points: steps(view, k, value) };
        vec![side(0), side(1)]
    };
    let pedals = (0..2)
        .map(|k| Line { class: CLASSES[k], points: pedal_line(view, k, played[k]) })
        .collect::<Vec<_>>();
    let over_bars = |unit, description, lines| {
        Plot {
            description,
            unit,
            span: span(view),
            marks: bar_marks(view),
            lines,
            height: None,
            has_dots: false,
        }
        .svg()
    };
    let trajectory = Plot {
        description: "Tempo from left to right, loudness from bottom to top, smoothed over a bar",
        unit: "velocity",
        span: None,
        marks: tempo_marks(view),
        lines: (0..2).map(|k| Line { class: CLASSES[k], points: path(view, k) }).collect(),
        height: Some(420.0),
        has_dots: true,
    };
    vec![
        ("Tempo", over_bars("beats/min", "Tempo of each bar", bars(|v| v.quarters_per_minute))),
        ("Dynamics", over_bars("velocity", "Mean velocity of each bar", bars(|v| v.velocity))),
        (
            "Articulation",
            over_bars("played / written", "Played over written length in each bar", bars(|v| v.articulation)),
        ),
        ("Sustain pedal", over_bars("depth", "Depth of the sustain pedal", pedals)),
        ("Tempo (across) and loudness (up), from the hollow dot to the filled one", trajectory.svg()),
    ]
}

fn span(view: &CompareView) -> Option<(f64, f64)> {
    let (first, last) = (view.bars.first()?, view.bars.last()?);
    (last.end_quarters > first.start_quarters).then_some((first.start_quarters, last.end_quarters))
}

/// At most about twenty bar numbers.
fn bar_marks(view: &CompareView) -> Vec<(f64, String)> {
    let every = view.bars.len().div_ceil(20).max(1);
    view.bars.iter().step_by(every).map(|bar| (bar.start_quarters, bar.number.clone())).collect()
}

fn tempo_marks(view: &CompareView) -> Vec<(f64, String)> {
    let tempi = || view.trajectories.iter().flat_map(|t| &t.points).map(|p| p.quarters_per_minute);
    let (low, high) = (tempi().fold(f64::INFINITY, f64::min), tempi().fold(f64::NEG_INFINITY, f64::max));
    crate::plot::ticks(low, high).into_iter().map(|t| (t, format!("{t:.0}"))).collect()
}

/// A staircase over the bars.
fn steps(view: &CompareView, k: usize, value: fn(&BarValues) -> f64) -> Vec<(f64, f64)> {
    let bars = view.bars.iter().filter_map(|bar| Some((bar, value(bar.values[k].as_ref()?))));
    bars.flat_map(|(bar, v)| [(bar.start_quarters, v), (bar.end_quarters, v)]).collect()
}

fn path(view: &CompareView, k: usize) -> Vec<(f64, f64)> {
    view.trajectories[k].points.iter().map(|p| (p.quarters_per_minute, p.velocity)).collect()
}

/// The pedal over the bars, as a staircase from 0 to 1.
fn pedal_line(view: &CompareView, k: usize, played: &Played) -> Vec<(f64, f64)> {
    let clocked = Clocked::of(played.score(), &played.performance);
    let mut moves: Vec<(f64, f64)> = Vec::new();
    for event in played.performance.pedals.iter().filter(|p| p.pedal == Pedal::Sustain) {
        let at = clocked.curve.quarters_at(event.time_secs);
        let value = f64::from(event.value) / 127.0;
        match k {
            0 => moves.push((at, value)),
            _ => moves.extend(places_of(&view.shared, at).map(|at| (at, value))),
        }
    }
    moves.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut points = vec![(0.0, 0.0)];
    let mut value = 0.0;
    for (at, next) in moves {
        points.extend([(at, value), (at, next)]);
        value = next;
    }
    let end_quarters = span(view).map_or(0.0, |(_, end)| end);
    points.push((end_quarters.max(points.last().map_or(0.0, |p| p.0)), value));
    points
}

/// How well the two agree on the whole, in words.
fn agreement(view: &CompareView) -> String {
    if view.agreement.words.is_empty() {
        return String::new();
    }
    let mut html = String::from("<h2>How well they agree</h2>\n<ul>\n");
    for words in &view.agreement.words {
        writeln!(html, "<li>{}</li>", escape(words)).ok();
    }
    html.push_str("</ul>\n");
    html
}

fn table(view: &CompareView) -> String {
    let [first, second] = view.names.each_ref().map(|name| escape(name));
    let mut html = String::from(
        "<h2>Bar by bar</h2>\n<table>\n<thead><tr><th rowspan=\"2\">Bar</th>\
         <th colspan=\"2\">Tempo (beats/min)</th><th colspan=\"2\">Velocity</th>\
         <th colspan=\"2\">Articulation</th><th colspan=\"2\">Pedal</th>\
         <th rowspan=\"2\" class=\"words\">In words</th></tr>\n<tr>",
    );
    for _ in 0..4 {
        write!(html, "<th>{first}</th><th>{second}</th>").ok();
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for bar in &view.bars {
        let pass = if bar.pass > 1 { format!(" ({})", bar.pass) } else { String::new() };
        write!(html, "<tr><th>{}{pass}</th>", escape(&bar.number)).ok();
        let values: [fn(&BarValues) -> String; 4] = [
            |v| format!("{:.1}", v.quarters_per_minute),
            |v| format!("{:.0}", v.velocity),
            |v| format!("{:.2}", v.articulation),
            |v| format!("{:.0} %", (100.0 * v.pedal).max(0.0)),
        ];
        for value in values {
            for (k, class) in CLASSES.iter().enumerate() {
                let text = bar.values[k].as_ref().map_or_else(|| "–".to_owned(), value);
                write!(html, "<td class=\"{class}\">{text}</td>").ok();
            }
        }
        let words: Vec<String> = bar.words.iter().map(|words| escape(words)).collect();
        write!(html, "<td class=\"words\">{}</td>", words.join("; ")).ok();
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table>\n");
    html
}
