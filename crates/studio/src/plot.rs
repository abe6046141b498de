//! Line plots as inline SVG, for the report. What `write!` answers is let go throughout: writing into a
//! string cannot fail.

use std::fmt::Write;

use application::text::shown;

/// Size of a plot in its own units.
const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 200.0;

/// Room for the numbers at the left and below.
const LEFT: f64 = 48.0;
const BELOW: f64 = 24.0;
const ABOVE: f64 = 10.0;
const RIGHT: f64 = 10.0;

/// Numbers at the left stand below the unit.
const UNIT_BELOW: f64 = 20.0;
/// Width of a digit.
const CHARACTER: f64 = 6.5;

/// One line of a plot.
pub struct Line<'a> {
    /// Class for the style sheet.
    pub class: &'a str,
    /// Points, rising to the right except in a trajectory.
    pub points: Vec<(f64, f64)>,
}

/// What is drawn.
pub struct Plot<'a> {
    /// For those who cannot see it.
    pub description: &'a str,
    /// What the numbers at the left mean.
    pub unit: &'a str,
    /// First and last place of the horizontal axis; from the points if none.
    pub span: Option<(f64, f64)>,
    /// Marks of the horizontal axis: place and text.
    pub marks: Vec<(f64, String)>,
    /// The lines.
    pub lines: Vec<Line<'a>>,
    /// Its height, if not the usual one.
    pub height: Option<f64>,
    /// Whether each line has a hollow dot where it starts and a filled one where it ends.
    pub has_dots: bool,
}

impl Plot<'_> {
    /// As an SVG element.
    pub fn svg(&self) -> String {
        let height = self.height.unwrap_or(HEIGHT);
        let all = || self.lines.iter().flat_map(|l| &l.points).filter(|p| p.0.is_finite() && p.1.is_finite());
        let (low, high) = widened(range(all().map(|p| p.1)));
        let (first, last) = self.span.unwrap_or_else(|| widened(range(all().map(|p| p.0))));
        let x = |v: f64| LEFT + (v - first) / (last - first).max(1e-9) * (WIDTH - LEFT - RIGHT);
        let y = |v: f64| height - BELOW - (v - low) / (high - low).max(1e-9) * (height - BELOW - ABOVE);
        let mut svg = String::new();
        let description = escape(self.description);
        write!(svg, "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{description}\">").ok();
        for value in ticks(low, high) {
            let at = y(value);
            let (right, left) = (WIDTH - RIGHT, LEFT - 6.0);
            write!(svg, "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{right}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>")
                .ok();
            // The unit stands in the corner above.
            if at > UNIT_BELOW {
                let text = short(value);
                write!(svg, "<text class=\"left\" x=\"{left}\" y=\"{:.1}\">{text}</text>", at + 4.0).ok();
            }
        }
        write!(svg, "<text class=\"unit\" x=\"2\" y=\"10\">{}</text>", escape(self.unit)).ok();
        let mut free_from = f64::NEG_INFINITY;
        for (place, text) in &self.marks {
            let at = x(*place);
            let bottom = height - BELOW;
            write!(
                svg,
                "<line class=\"grid\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{ABOVE}\" y2=\"{bottom:.1}\"/>"
            )
            .ok();
            let half_width = text.chars().count() as f64 * CHARACTER / 2.0;
            if at - half_width >= free_from {
                free_from = at + half_width + CHARACTER;
                let (text, y) = (escape(text), height - 8.0);
                write!(svg, "<text class=\"below\" x=\"{at:.1}\" y=\"{y:.1}\">{text}</text>").ok();
            }
        }
        for line in &self.lines {
            write!(svg, "<polyline class=\"{}\" points=\"", line.class).ok();
            for (a, b) in line.points.iter().filter(|p| p.0.is_finite() && p.1.is_finite()) {
                write!(svg, "{:.1},{:.1} ", x(*a), y(*b)).ok();
            }
            svg.push_str("\"/>");
            let ends = [("start", line.points.first()), ("end", line.points.last())];
            for (end, point) in ends {
                let is_drawn = |p: &&(f64, f64)| self.has_dots && p.0.is_finite() && p.1.is_finite();
                let Some((a, b)) = point.filter(is_drawn) else { continue };
                let (class, cx, cy) = (line.class, x(*a), y(*b));
                write!(svg, "<circle class=\"{class} {end}\" cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"4\"/>").ok();
            }
        }
        svg.push_str("</svg>");
        svg
    }
}

fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    if low.is_finite() { (low, high) } else { (0.0, 1.0) }
}

/// A little more room than the values need.
fn widened((low, high): (f64, f64)) -> (f64, f64) {
    let room = (0.06 * (high - low)).max(0.02 * high.abs()).max(1e-3);
    (low - room, high + room)
}

/// Four or so round numbers in a range.
pub fn ticks(low: f64, high: f64) -> Vec<f64> {
    let rough = (high - low) / 4.0;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|s| s * power).find(|s| *s >= rough).unwrap_or(rough);
    if !(step.is_finite() && step > 0.0) {
        return Vec::new();
    }
    let first = (low / step).ceil() as i64;
    (first..).map(|k| k as f64 * step).take_while(|v| *v <= high).take(12).collect()
}

fn short(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Text as it may be shown, and as it may stand in HTML and in attributes.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in shown(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c if c.is_control() && c != '\n' && c != '\t' => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_within() {
        assert_eq!(ticks(0.0, 100.0), [0.0, 50.0, 100.0]);
        assert_eq!(ticks(61.3, 98.0), [70.0, 80.0, 90.0]);
        assert!(ticks(f64::NAN, 1.0).is_empty());
    }

    #[test]
    fn labels_do_not_overprint_one_another() {
        let lines = vec![Line { class: "a", points: vec![(0.0, 0.0), (100.0, 1.0)] }];
        let marks = vec![(50.0, "19".to_owned()), (50.5, "20".to_owned()), (60.0, "21".to_owned())];
        let plot = Plot {
            description: "",
            unit: "depth",
            span: Some((0.0, 100.0)),
            marks,
            lines,
            height: None,
            has_dots: false,
        };
        let svg = plot.svg();
        assert!(svg.contains(">19<") && !svg.contains(">20<") && svg.contains(">21<"), "{svg}");
        // The highest number would stand in the unit.
        assert!(svg.contains(">0.5<") && !svg.contains(">1<"), "{svg}");
        assert_eq!(short(-0.001), "0");
    }

    #[test]
    fn broken_numbers_are_not_drawn() {
        let points = vec![(0.0, f64::NAN), (f64::INFINITY, 1.0), (1.0, 2.0)];
        let lines = vec![Line { class: "a", points }];
        let plot = Plot {
            description: "<x>",
            unit: "\"",
            span: None,
            marks: Vec::new(),
            lines,
            height: None,
            has_dots: true,
        };
        let svg = plot.svg();
        assert!(!svg.contains("NaN") && !svg.contains("inf") && svg.contains("&lt;x&gt;"), "{svg}");
    }
}
