//! The engraved page from the outside: asked for, told as it grows, drawn, forgotten.
#![allow(clippy::unwrap_used)]

mod support;

use std::time::{Duration, Instant};

use base64::Engine as _;
use protocol::{Command, DrawnSystem, Event, PageView, ScoreId};
use support::{Harness, scores};

const WIDTH: f32 = 100.0;

fn show(harness: &mut Harness, width_spaces: f32) -> PageView {
    let score = harness.face.scores[0].id;
    harness.send(Command::ShowPage { score, width_spaces });
    harness.until(|_, event| matches!(event, Event::Page(page) if page.is_complete));
    *harness.face.page.clone().unwrap()
}

fn draw(harness: &mut Harness, page: &PageView, system: u32, pixels_per_space: f32) {
    let (score, width_spaces) = (page.score, page.width_spaces);
    harness.send(Command::DrawSystem { score, width_spaces, system, pixels_per_space });
}

/// Width, height and how much ink there is in all.
fn decoded(drawn: &DrawnSystem) -> (u32, u32, u64) {
    let png = base64::engine::general_purpose::STANDARD.decode(&drawn.ink_png).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut ink = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut ink).unwrap();
    assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Grayscale, png::BitDepth::Eight));
    (info.width, info.height, ink.iter().map(|&ink| u64::from(ink)).sum())
}

#[test]
fn every_measure_and_every_note_has_its_place() {
    let mut harness = Harness::new();
    harness.open_minuet();
    let page = show(&mut harness, WIDTH);
    assert_eq!((page.problem, page.width_spaces), (None, WIDTH));
    let score = harness.face.scores[0].clone();
    let measures: Vec<u32> = page.systems.iter().flat_map(|s| &s.measures).map(|m| m.measure).collect();
    assert_eq!(measures, (0..score.measures.len() as u32).collect::<Vec<_>>());
    let mut heads = vec![0; score.notes.len()];
    for system in &page.systems {
        assert!(system.staves_top < system.staves_bottom && system.staves_bottom < system.height);
        assert!(system.measures.iter().all(|m| m.left < m.right && m.right <= system.width + 0.1));
        assert!(system.heads.windows(2).all(|w| w[0].note <= w[1].note));
        for head in &system.heads {
            heads[head.note as usize] += usize::from(!head.is_tied_on);
            let place = score.notes[head.note as usize].measure;
            let is_there = system.measures.iter().any(|m| m.measure == place);
            assert!(is_there || head.is_tied_on, "a head is in the system of its bar");
        }
    }
    assert_eq!(heads, vec![1; heads.len()], "each note begins once");
}

#[test]
fn systems_are_drawn_in_the_scale_that_is_asked_for() {
    let mut harness = Harness::new();
    harness.open_minuet();
    let page = show(&mut harness, WIDTH);
    for scale in [8.0, 17.5] {
        draw(&mut harness, &page, 1, scale);
        harness.until(|_, event| matches!(event, Event::SystemDrawn(_)));
        let drawn = harness.face.drawn.last().unwrap();
        assert_eq!((drawn.score, drawn.width_spaces, drawn.system), (page.score, page.width_spaces, 1));
        assert_eq!(drawn.pixels_per_space, scale);
        let (width, height, ink) = decoded(drawn);
        let system = &page.systems[1];
        assert!((width as f32 - system.width * scale).abs() <= 2.0, "{width} {}", system.width);
        assert!((height as f32 - system.height * scale).abs() <= 2.0, "{height} {}", system.height);
        // Ten lines of a staff alone are more than this.
        assert!(ink > u64::from(width) * 255 / 4, "{ink}");
    }
    // What there is not, and what cannot be drawn, is passed over.
    draw(&mut harness, &page, 999, 8.0);
    draw(&mut harness, &page, 0, f32::NAN);
    draw(&mut harness, &page, 0, 1e9);
    harness.until(|_, event| matches!(event, Event::SystemDrawn(_)));
    let drawn = harness.face.drawn.last().unwrap();
    assert_eq!((drawn.system, drawn.pixels_per_space), (0, 40.0));
}

#[test]
fn the_page_grows_and_the_last_one_asked_for_counts() {
    let mut harness = Harness::new();
    harness.ask(Command::Open(scores().join("chopin_prelude_op28_7.musicxml")));
    let narrow = show(&mut harness, 45.0);
    assert!(narrow.systems.len() >= 3, "{}", narrow.systems.len());
    let score = harness.face.scores[0].id;
    let mut lengths = Vec::new();
    for width_spaces in [50.0, 60.0, 70.0, 160.0] {
        harness.send(Command::ShowPage { score, width_spaces });
    }
    harness.until(|_, event| {
        let Event::Page(page) = event else { return false };
        if page.width_spaces == 160.0 {
            lengths.push(page.systems.len());
        }
        page.width_spaces == 160.0 && page.is_complete
    });
    assert!(lengths.windows(2).all(|w| w[0] <= w[1]), "{lengths:?}");
    let wide = harness.face.page.clone().unwrap();
    assert!(wide.systems.len() < narrow.systems.len());
    // Asked for again, as a page that was loaded anew does, it is told at once.
    let begun = Instant::now();
    assert_eq!(show(&mut harness, 160.0), *wide);
    assert!(begun.elapsed() < Duration::from_millis(500), "{:?}", begun.elapsed());
}

#[test]
fn another_score_replaces_the_page_and_closing_forgets_it() {
    let mut harness = Harness::new();
    harness.open_minuet();
    let minuet = show(&mut harness, WIDTH);
    harness.ask(Command::Open(scores().join("chopin_prelude_op28_7.musicxml")));
    let prelude = show(&mut harness, WIDTH);
    assert_eq!(minuet.score, prelude.score, "numbers begin anew");
    assert_ne!(minuet.systems, prelude.systems);
    // A score that there is not, and a width that is none.
    harness.send(Command::ShowPage { score: ScoreId(7), width_spaces: WIDTH });
    harness.send(Command::ShowPage { score: prelude.score, width_spaces: f32::NAN });
    assert_eq!(show(&mut harness, 1.0).width_spaces, 40.0);

    harness.ask(Command::Close);
    harness.face.page = None;
    draw(&mut harness, &prelude, 0, 8.0);
    harness.send(Command::ShowPage { score: prelude.score, width_spaces: WIDTH });
    harness.settle();
    std::thread::sleep(Duration::from_millis(200));
    harness.settle();
    assert!(harness.face.page.is_none() && harness.face.drawn.is_empty());
}
