//! The engraved page from the outside: asked for, told as it grows, drawn, forgotten.
#![allow(clippy::unwrap_used)]

mod support;

use std::time::{Duration, Instant};

use base64::Engine as _;
use protocol::limits::{ENDLESS_SPACES, PAPER_SPACES};
use protocol::{
    Command, DrawnSystem, Event, Level, PageState, PageTint, PageView, Panes, PrintRequest, ScoreId,
    Settings, ViewState,
};
use studio::document::{Document, Source};
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
fn every_measure_and_every_note_has_its_place_each_time_that_it_is_played() {
    let mut harness = Harness::new();
    harness.open_minuet();
    let page = show(&mut harness, WIDTH);
    assert_eq!((page.problem, page.width_spaces), (None, WIDTH));
    let score = harness.face.scores[0].clone();
    // The minuet has two halves of 16 bars, each of which is played twice.
    let passes = |m: &protocol::EngravedMeasure| m.passes.iter().map(|pass| pass.measure).collect::<Vec<_>>();
    let measures: Vec<Vec<u32>> = page.systems.iter().flat_map(|s| &s.measures).map(passes).collect();
    assert_eq!(measures.len() * 2, score.measures.len());
    let expected = (0..32).map(|bar| if bar < 16 { [bar, bar + 16] } else { [bar + 16, bar + 32] });
    assert_eq!(measures, expected.collect::<Vec<_>>());
    for pass in page.systems.iter().flat_map(|s| &s.measures).flat_map(|m| &m.passes) {
        assert_eq!(pass.start_quarters, score.measures[pass.measure as usize].start_quarters);
    }
    let mut heads = vec![0; score.notes.len()];
    for system in &page.systems {
        assert!(system.staves_top < system.staves_bottom && system.staves_bottom < system.height);
        assert!(system.measures.iter().all(|m| m.left < m.right && m.right <= system.width + 0.1));
        assert!(system.heads.windows(2).all(|w| w[0].notes <= w[1].notes));
        for head in &system.heads {
            for note in &head.notes {
                heads[*note as usize] += usize::from(!head.is_tied_on);
                let place = score.notes[*note as usize].measure;
                let is_there =
                    system.measures.iter().any(|m| m.passes.iter().any(|pass| pass.measure == place));
                assert!(is_there || head.is_tied_on, "a head is in the system of its bar");
            }
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

#[test]
fn paper_has_systems_of_its_own_whatever_is_shown() {
    let mut harness = Harness::new();
    harness.open_minuet();
    let print = |score: ScoreId, path: &std::path::Path| {
        let request = PrintRequest { score, ..PrintRequest::default() };
        Command::PrintPage(Box::new(request), Some(path.to_owned()))
    };
    let path = harness.folder.path().join("page.html");
    let score = harness.face.scores[0].id;
    harness.finish(print(score, &path));
    let message = harness.last_message();
    assert_eq!(message.level, Level::Error);
    assert!(message.text.contains("not there") && !path.exists(), "{message:?}");

    // The window shows one endless system.
    let shown = show(&mut harness, ENDLESS_SPACES);
    harness.send(Command::EngravePaper(score));
    harness.until(|_, event| matches!(event, Event::Paper(_)));
    harness.jobs_done();
    assert!(harness.face.jobs.is_empty(), "{:?}", harness.face.jobs);
    let page = *harness.face.paper.clone().unwrap();
    assert_eq!((page.width_spaces, page.is_complete, page.problem), (PAPER_SPACES, true, None));
    assert_eq!(harness.face.page.as_deref(), Some(&shown), "what is shown stays");
    harness.finish(print(score, &path));
    let message = harness.last_message();
    assert_eq!((message.level, &message.text), (Level::Info, &format!("printed to {}", path.display())));
    assert_eq!(harness.studio.current().exported.as_deref(), Some(path.as_path()));
    let html = std::fs::read_to_string(&path).unwrap();
    assert_eq!(html.matches("<svg").count(), page.systems.len());
    assert!(html.contains("Petzold") && html.contains("Deadpan"));
}

#[test]
fn an_endless_system_is_told_in_parts() {
    let mut harness = Harness::new();
    harness.open_minuet();
    let page = show(&mut harness, ENDLESS_SPACES);
    assert_eq!((page.problem.as_deref(), page.width_spaces), (None, ENDLESS_SPACES));
    let score = harness.face.scores[0].clone();
    let measures = page.systems.iter().flat_map(|s| &s.measures).flat_map(|m| &m.passes);
    let mut measures: Vec<u32> = measures.map(|pass| pass.measure).collect();
    measures.sort_unstable();
    assert_eq!(measures, (0..score.measures.len() as u32).collect::<Vec<_>>());
    assert!(page.systems.len() > 2, "{} parts", page.systems.len());
    assert!(page.systems.iter().all(|part| part.height == page.systems[0].height));
    let heads: Vec<u32> =
        page.systems.iter().flat_map(|s| &s.heads).flat_map(|head| head.notes.clone()).collect();
    assert!((0..score.notes.len() as u32).all(|note| heads.contains(&note)));
    draw(&mut harness, &page, 1, 8.0);
    harness.until(|_, event| matches!(event, Event::SystemDrawn(drawn) if drawn.system == 1));
    let (width, _, ink) = decoded(harness.face.drawn.last().unwrap());
    assert!((width as f32 - page.systems[1].width * 8.0).abs() <= 1.0 && ink > 0, "{width}");
}

#[test]
fn a_new_piece_is_shown_as_the_last_one_was() {
    let mut harness = Harness::new();
    harness.open_minuet();
    assert_eq!(harness.face.settings.settings.page, None);
    let page = PageState {
        panes: Panes::Both,
        points_per_space: 7.0,
        share: 0.4,
        is_endless: true,
        tint: Some(PageTint::Length),
        has_curves: true,
        has_marks: false,
        shows_slips: [true; 4],
    };
    let remember = |page| Command::Remember(ViewState { page, ..ViewState::default() });
    harness.ask(remember(Some(page)));
    assert_eq!(harness.face.settings.settings.page, Some(page));
    // A window that does not know it yet changes something else.
    harness.ask(Command::Settings(Settings { autoplay: true, ..Settings::default() }));
    let settings = &harness.face.settings.settings;
    assert_eq!((settings.page, settings.autoplay), (Some(page), true));
    harness.ask(remember(Some(PageState { share: f32::NAN, ..page })));
    assert_eq!(harness.face.settings.settings.page, Some(page));
    let folder = harness.folder.clone();
    drop(harness);
    let mut again = Harness::in_folder(folder);
    again.settle();
    assert_eq!(again.face.settings.settings.page, Some(page), "over a restart");
    // A new piece is shown like this, and somebody goes back to the roll.
    again.open_minuet();
    again.ask(Command::Remember(ViewState { span_quarters: Some((0.0, 9.0)), ..ViewState::default() }));
    assert_eq!(again.face.settings.settings.page, None);
}

/// Writes what the pictures of the face show: the first system of the minuet, laid out and drawn.
/// `cargo nextest run -E 'test(make_the_system_for_the_face_on_demand)' --run-ignored only`
#[test]
#[ignore = "writes a file for the tests of the face"]
fn make_the_system_for_the_face_on_demand() {
    let mut harness = Harness::new();
    harness.open_minuet();
    let mut page = show(&mut harness, 90.0);
    page.systems.truncate(1);
    draw(&mut harness, &page, 0, 8.0);
    harness.until(|_, event| matches!(event, Event::SystemDrawn(drawn) if drawn.system == 0));
    let drawn = harness.face.drawn.last().unwrap();
    let mut score = harness.face.scores[0].clone();
    score.measures.truncate(page.systems[0].measures.len());
    let bars = score.measures.len();
    score.notes.retain(|note| (note.measure as usize) < bars);
    score.end_quarters = score.measures[bars - 1].end_quarters;
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/tests/fixtures");
    std::fs::create_dir_all(&folder).unwrap();
    let text = serde_json::to_string(&(score, page, drawn)).unwrap();
    std::fs::write(folder.join("system.json"), text + "\n").unwrap();
}

/// A MIDI file with a tempo in microseconds a quarter, and one note.
fn midi(micros_per_quarter: u32) -> Vec<u8> {
    let mut track = vec![0, 0xff, 0x51, 3];
    track.extend(&micros_per_quarter.to_be_bytes()[1..]);
    track.extend([0, 0x90, 60, 64, 0x83, 0x60, 0x80, 60, 0, 0, 0xff, 0x2f, 0]);
    let mut file = b"MThd\0\0\0\x06\0\0\0\x01\x01\xe0MTrk".to_vec();
    file.extend((track.len() as u32).to_be_bytes());
    file.extend(track);
    file
}

#[test]
fn the_page_of_a_midi_file_has_its_name_and_the_tempo_that_somebody_chose() {
    let tempo_on_page = |micros_per_quarter| {
        let source = Source { name: "sketch.mid".into(), bytes: midi(micros_per_quarter), as_written: false };
        let document = Document::new(source).unwrap();
        assert_eq!(document.title(), "sketch");
        assert!(document.score().directions.iter().all(|d| d.text.is_empty()), "the score prints nothing");
        let page = document.on_page(document.score().clone());
        page.directions.iter().find_map(notation::Direction::metronome_mark).map(|mark| mark.text())
    };
    assert_eq!(tempo_on_page(909_091).as_deref(), Some("quarter = 66"));
    // What programs write by themselves.
    assert_eq!(tempo_on_page(500_000), None);
}
