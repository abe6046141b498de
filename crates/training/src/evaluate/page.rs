//! The evaluation as a page of its own: tables with plots, no other file needed.

use std::fmt::Write;

use performance::metrics::Figure;

use super::{AgreementReport, Detail, Five};

const STYLE: &str = "\
body{font:15px/1.5 system-ui,sans-serif;max-width:76rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
h2{margin-top:3rem}h3{margin-top:2rem}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:.15rem .6rem;text-align:right;border-bottom:1px solid #ddd}
th:first-child,td:first-child{text-align:left}.note{color:#666;max-width:50rem}
svg{display:block;margin:.5rem 0}svg text{font:12px system-ui,sans-serif;fill:currentColor}
.dot{fill:#b5442e}.human{fill:none;stroke:#33691e;stroke-width:2}.axis{stroke:#ccc}.gap{stroke:#ddd;stroke-width:2}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}th,td{border-color:#444}.note{color:#aaa}
.axis{stroke:#444}.gap{stroke:#444}.dot{fill:#ff8a65}.human{stroke:#9ccc65}}";

/// The page as HTML.
pub fn page(report: &AgreementReport) -> String {
    let mut html = String::new();
    // Writing to a string cannot fail.
    let _ = write(&mut html, report);
    html
}

fn write(html: &mut String, report: &AgreementReport) -> std::fmt::Result {
    writeln!(html, "<!doctype html><html lang=en><meta charset=utf-8>")?;
    writeln!(html, "<title>Espressivo: {} split</title><style>{STYLE}</style>", escaped(&report.split))?;
    writeln!(html, "<h1>How performers agree with people</h1>")?;
    writeln!(html, "<p class=note>The {} split, seed {}. ", escaped(&report.split), report.seed)?;
    writeln!(html, "r is Pearson's correlation with each person who played a piece, averaged over people, ")?;
    writeln!(html, "then over pieces; spread 1 is that of people. In the plots a dot is the performer, a ")?;
    writeln!(html, "ring the people among themselves.</p>")?;
    write!(html, "<table><tr><th>")?;
    for part in ["r", "spread", "between takes"] {
        Figure::ALL.iter().try_for_each(|figure| write!(html, "<th>{part} {}", figure.name()))?;
    }
    for row in &report.rows {
        write!(html, "<tr><td>{}", escaped(&row.name))?;
        [row.agreement, row.spread, row.diversity.unwrap_or_default()]
            .into_iter()
            .flatten()
            .try_for_each(|value| cell(html, value))?;
    }
    writeln!(html, "</table>")?;
    report.details.iter().try_for_each(|detail| write_detail(html, detail))
}

fn write_detail(html: &mut String, detail: &Detail) -> std::fmt::Result {
    writeln!(html, "<h2>{}</h2><h3>Sides of playing</h3>", escaped(&detail.name))?;
    let rows = detail.sides.iter().map(|s| (s.side.to_owned(), s.agreement, s.humans)).collect();
    dots(html, rows)?;
    writeln!(
        html,
        "<h3>Kinds of notes: lean</h3><p class=note>How much louder, slower, later in the chord or "
    )?;
    writeln!(html, "longer these notes are played than people play them, relative to the other notes, in ")?;
    writeln!(html, "standard deviations of the figure. 0 is human.</p>")?;
    write!(html, "<table><tr><th><th>notes")?;
    Figure::ALL.iter().try_for_each(|figure| write!(html, "<th>{}", figure.name()))?;
    for row in &detail.features {
        write!(html, "<tr><td>{}<td>{}", escaped(row.feature), row.notes)?;
        row.lean.into_iter().try_for_each(|value| tinted(html, value))?;
    }
    writeln!(html, "</table>")?;
    for (k, figure) in Figure::ALL.iter().enumerate() {
        let pick = |five: &Five| five[k];
        writeln!(html, "<h3>{}: r by kind of note</h3>", figure.name())?;
        let rows = &detail.features;
        let rows = rows.iter().map(|f| (f.feature.to_owned(), pick(&f.agreement), pick(&f.humans)));
        dots(html, rows.collect())?;
        writeln!(html, "<h3>{}: r by piece, the widest gap first</h3>", figure.name())?;
        let mut rows: Vec<_> =
            detail.pieces.iter().map(|p| (p.piece.clone(), pick(&p.agreement), pick(&p.humans))).collect();
        let gap = |row: &(String, Option<f64>, Option<f64>)| row.2.zip(row.1).map_or(-9.0, |(h, r)| h - r);
        rows.sort_by(|a, b| gap(b).total_cmp(&gap(a)));
        dots(html, rows)?;
    }
    Ok(())
}

const LEFT: f64 = 330.0;
const RIGHT: f64 = 900.0;
const ROW: f64 = 20.0;

/// A line a row on an axis from -0.2 to 1: a dot for the performer, a ring for people.
fn dots(html: &mut String, rows: Vec<(String, Option<f64>, Option<f64>)>) -> std::fmt::Result {
    let x = |r: f64| LEFT + (r.clamp(-0.2, 1.0) + 0.2) / 1.2 * (RIGHT - LEFT);
    let height = rows.len() as f64 * ROW + 24.0;
    writeln!(html, "<svg viewBox='0 0 920 {height}' width=920 height={height} role=img>")?;
    for tick in [-0.2, 0.0, 0.2, 0.4, 0.6, 0.8, 1.0] {
        let at = x(tick);
        writeln!(html, "<line class=axis x1={at:.0} x2={at:.0} y1=0 y2={:.0} />", height - 20.0)?;
        writeln!(html, "<text x={at:.0} y={:.0} text-anchor=middle>{tick:.1}</text>", height - 5.0)?;
    }
    for (k, (name, own, people)) in rows.iter().enumerate() {
        let y = k as f64 * ROW + 12.0;
        let name: String = name.chars().take(48).collect();
        let said = |v: Option<f64>| v.map_or_else(|| "-".into(), |v| format!("{v:.2}"));
        let title = format!("{}: {}, people {}", escaped(&name), said(*own), said(*people));
        writeln!(html, "<g><title>{title}</title>")?;
        writeln!(html, "<text x={} y={:.0} text-anchor=end>{}</text>", LEFT - 10.0, y + 4.0, escaped(&name))?;
        if let (Some(own), Some(people)) = (own, people) {
            writeln!(html, "<line class=gap x1={:.1} x2={:.1} y1={y} y2={y} />", x(*own), x(*people))?;
        }
        people
            .iter()
            .try_for_each(|r| writeln!(html, "<circle class=human cx={:.1} cy={y} r=4 />", x(*r)))?;
        own.iter().try_for_each(|r| writeln!(html, "<circle class=dot cx={:.1} cy={y} r=5 />", x(*r)))?;
        writeln!(html, "</g>")?;
    }
    writeln!(html, "</svg>")
}

fn cell(html: &mut String, value: Option<f64>) -> std::fmt::Result {
    match value {
        Some(value) => write!(html, "<td>{value:.2}"),
        None => write!(html, "<td>-"),
    }
}

/// A cell with a background that grows with the distance from 0.
fn tinted(html: &mut String, value: Option<f64>) -> std::fmt::Result {
    let Some(value) = value else { return write!(html, "<td>-") };
    let hue = if value > 0.0 { "230,120,60" } else { "60,120,230" };
    write!(html, "<td style='background:rgba({hue},{:.2})'>{value:+.2}", (value.abs() * 0.8).min(0.8))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::{PieceRow, Row};

    #[test]
    fn a_page_holds_what_was_found_and_no_stray_markup() {
        let five = [Some(0.5), None, Some(-0.1), Some(0.2), Some(1.0)];
        let row = Row { name: "a <b> & c".into(), scores: 1, agreement: five, spread: five, diversity: None };
        let piece = PieceRow {
            piece: "Bach <i>".into(),
            people: 3,
            agreement: five,
            humans: five,
            spread: five,
            slower: None,
            blur: [0.1, 0.2],
        };
        let detail = Detail {
            name: "rules".into(),
            whole: None,
            pieces: vec![piece],
            sides: vec![],
            features: vec![],
        };
        let report = AgreementReport {
            split: "valid".into(),
            seed: 1,
            rows: vec![row],
            known: Vec::new(),
            pooled: Vec::new(),
            details: vec![detail],
        };
        let html = page(&report);
        assert!(html.contains("a &lt;b&gt; &amp; c") && html.contains("Bach &lt;i&gt;"));
        assert!(!html.contains("<b>") && !html.contains("<i>") && !html.contains("NaN"));
        assert_eq!(html.matches("<svg").count(), html.matches("</svg>").count());
    }
}
