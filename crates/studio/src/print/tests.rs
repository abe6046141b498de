#![allow(clippy::unwrap_used)]

use engraving::Engraver;
use notation::{ImportOptions, read_score};
use protocol::limits::PAPER_SPACES;
use protocol::{LayerInk, LayerShape, TintedHead};

use super::*;

/// The systems of a piece of the repository.
fn systems() -> Vec<System> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scores/petzold_minuet_g.musicxml");
    let score =
        read_score("minuet.musicxml", &std::fs::read(path).unwrap(), &ImportOptions::default()).unwrap();
    let mut systems = Vec::new();
    let engraver = Engraver::new(&score).unwrap();
    engraver.systems(PAPER_SPACES, || false, |_, system| systems.push(system)).unwrap();
    systems
}

fn line(points: Vec<(f32, f32)>) -> LayerShape {
    LayerShape::Line { points, width: 0.2, ink: LayerInk::Tempo }
}

/// A request with a curve above every system, a mood and the first head of each louder.
fn request(systems: &[System]) -> PrintRequest {
    let layers = systems.iter().map(|system| {
        let head = &system.layout.heads[0];
        let tint =
            TintedHead { left: head.left, top: head.top, right: head.right, bottom: head.bottom, value: 1.0 };
        let words = LayerShape::Text {
            at: (1.0, -2.0),
            size: 1.5,
            text: "<b>tender & \"slow\"</b>".to_owned(),
            ink: LayerInk::Mood,
        };
        SystemLayers { shapes: vec![line(vec![(1.0, -4.0), (9.0, f32::NAN)]), words], tints: vec![tint] }
    });
    PrintRequest {
        room: LayerRoom { above: 6.0, below: 0.0 },
        legend: vec![
            LegendLine::Tint { less: "softer".to_owned(), more: "louder".to_owned() },
            LegendLine::Shapes {
                shapes: vec![line(vec![(0.0, 1.0), (4.0, 1.0)])],
                words: "tempo".to_owned(),
            },
        ],
        systems: layers.collect(),
        ..PrintRequest::default()
    }
}

fn heading() -> Heading {
    Heading {
        title: "<script>alert(1)</script>".to_owned(),
        composer: Some("Anna & Bach".to_owned()),
        version: "Take \"1\"".to_owned(),
        date: "3 May 2026".to_owned(),
    }
}

/// Whether every element is closed in the right place, with attributes in quotes.
fn assert_is_well_formed(html: &str) {
    let mut open: Vec<&str> = Vec::new();
    let (_, mut rest) = html.split_once("<html").unwrap();
    open.push("html");
    rest = rest.split_once('>').unwrap().1;
    while let Some((_, tail)) = rest.split_once('<') {
        let (tag, after) = tail.split_once('>').unwrap();
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        let name = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{tag}");
        } else if !tag.ends_with('/') {
            open.push(name);
        }
        rest = after;
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn every_system_is_there_with_what_is_drawn_on_it() {
    let systems = systems();
    assert!(systems.len() > 2);
    let html = page(&heading(), &request(&systems), &systems).unwrap();
    assert_is_well_formed(&html);
    assert_eq!(html.matches("<div class=\"system\"").count(), systems.len());
    for number in 1..=systems.len() {
        assert!(html.contains(&format!("aria-label=\"System {number}\"")));
    }
    // One for each system, and one in the legend.
    assert_eq!(html.matches("<polyline").count(), systems.len() + 1);
    // One head of each system has the colour, and the end of the strip.
    assert_eq!(html.matches("fill=\"#d1480a\"").count(), systems.len() + 1);
    assert!(html.contains("viewBox=\"0 -6.00 ") && html.contains("break-inside: avoid"));
    assert!(html.contains("@page") && !html.contains("size: A4"), "Letter paper is paper, too");
    assert!(html.contains("color-scheme: light") && html.contains("background: #fff"), "paper is white");
    assert!(html.contains("Take &quot;1&quot;, 3 May 2026"));
    assert!(!html.contains("NaN") && !html.contains("inf"));
}

#[test]
fn staves_are_seven_millimetres_high_and_systems_fit_on_the_paper() {
    let systems = systems();
    let html = page(&heading(), &request(&systems), &systems).unwrap();
    let widths = html.split("style=\"width:").skip(1).map(|rest| rest.split_once("mm").unwrap().0);
    let widths: Vec<f32> = widths.map(|width| width.parse().unwrap()).collect();
    assert_eq!(widths.len(), systems.len());
    // A4 is 210 mm wide, Letter 216 mm, less two margins of 12 mm.
    assert!(widths.iter().all(|width| *width < 186.0), "{widths:?}");
    for (width, system) in widths.iter().zip(&systems) {
        let layout = &system.layout;
        let staff_mm = 4.0 * width / layout.width;
        assert!((staff_mm - 7.0).abs() < 0.05, "{staff_mm}");
    }
    assert!(widths[0] > 170.0, "the first system fills its line: {widths:?}");
}

#[test]
fn what_files_say_is_text_and_nothing_comes_from_elsewhere() {
    let systems = systems();
    let html = page(&heading(), &request(&systems), &systems).unwrap();
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && !html.contains("<script"));
    assert!(html.contains("Anna &amp; Bach") && html.contains("Take &quot;1&quot;"));
    assert!(html.contains("&lt;b&gt;tender &amp; &quot;slow&quot;&lt;/b&gt;") && !html.contains("<b>"));
    assert!(!html.contains("http") && !html.contains("@import") && !html.contains("url("));
    // Signs and words of the music are outlines: the only text is what was drawn on it.
    assert_eq!(html.matches("<text").count(), systems.len());
    assert!(!html.contains("<use") && !html.contains("tspan"));
}

#[test]
fn a_page_without_layers_is_the_music_alone() {
    let systems = systems();
    let html = page(&heading(), &PrintRequest::default(), &systems).unwrap();
    assert!(!html.contains("class=\"legend\"") && !html.contains("<polyline") && !html.contains("<text"));
    assert_eq!(html.matches("<svg").count(), systems.len());
    assert!(page(&heading(), &PrintRequest::default(), &[]).is_err());
}
