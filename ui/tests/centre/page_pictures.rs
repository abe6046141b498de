//! How an engraved system looks, in light and dark: the first of the minuet, as the studio lays it out and draws it.

use egui::{Theme, Vec2};
use egui_kittest::{Harness, SnapshotResults};
use protocol::{Command, DrawnSystem, Event, PageView, PlayState, ScoreView};
use ui::UiCommand;
use ui::centre::axis::Clock;

use crate::bench::{Bench, bench_of};
use crate::common;

/// A view in which systems are as wide as the fixture, 90 staff spaces of 8 points.
const SIZE: Vec2 = Vec2::new(760.0, 300.0);

/// The bars of the system, where they are, and its picture.
fn fixture() -> (ScoreView, PageView, DrawnSystem) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/system.json");
    let text = std::fs::read_to_string(path)
        .unwrap_or_else(|e| panic!("{path}: {e}; make_the_system_for_the_face_on_demand writes it"));
    serde_json::from_str(&text).unwrap()
}

fn in_both_themes(name: &str, prepare: impl Fn(&mut Bench)) {
    let mut results = SnapshotResults::new();
    let (score, page, drawn) = fixture();
    for (theme, suffix) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        let mut harness = bench_of(common::model_of(score.clone()), theme, SIZE);
        harness.state_mut().run(UiCommand::ViewPage);
        prepare(harness.state_mut());
        harness.run_steps(3);
        answer(&mut harness, &page, &drawn);
        harness.run_steps(10);
        let inks = harness.state().centre.page().inks();
        assert!(inks.is_some_and(|inks| inks.has_all([0])), "the system has its picture");
        harness.snapshot(format!("centre_{name}_{suffix}"));
        results.extend_harness(&mut harness);
    }
}

/// Answers with the one page and the one picture there is.
fn answer(harness: &mut Harness<'_, Bench>, page: &PageView, drawn: &DrawnSystem) {
    for _ in 0..4 {
        for command in harness.state_mut().take() {
            let bench = harness.state_mut();
            match command {
                Command::ShowPage { score, width_spaces } => {
                    assert_eq!((score, width_spaces), (page.score, page.width_spaces));
                    let page = PageView { is_complete: true, ..page.clone() };
                    bench.model.apply(Event::Page(Box::new(page)), 0.0);
                }
                Command::DrawSystem { system, pixels_per_space, .. } => {
                    assert_eq!((system, pixels_per_space), (0, drawn.pixels_per_space));
                    bench.centre.take_drawing(drawn.clone());
                }
                other => panic!("only the page is asked for, not {other:?}"),
            }
        }
        harness.run_steps(3);
    }
}

#[test]
fn a_system_with_its_title() {
    in_both_themes("page", |_| {});
}

#[test]
fn a_system_with_what_sounds_is_selected_and_is_louder() {
    in_both_themes("page_playing", |bench| {
        bench.run(UiCommand::TintLoudness);
        let clock = Clock::new(&bench.model.listening().unwrap().clock);
        let transport = &mut bench.model.transport;
        transport.state = PlayState::Playing;
        // Nothing moves on by itself during a test.
        transport.rate_percent = 0.0;
        transport.position_secs = clock.secs_at(4.25);
        transport.looped = Some(1..2);
    });
}
