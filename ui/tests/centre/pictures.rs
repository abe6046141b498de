//! How the centre looks, in light and dark, as large as it is in a window of 1280 x 800.

use egui::{Theme, Vec2};
use egui_kittest::{Harness, SnapshotResults};
use ui::UiCommand;

use crate::bench::{Bench, bench_of, click_with, press_and_move, rect, x_of};
use crate::common;

fn in_both_themes(name: &str, prepare: impl Fn(&mut Bench)) {
    sized(name, Vec2::new(800.0, 660.0), prepare);
}

fn sized(name: &str, size: Vec2, prepare: impl Fn(&mut Bench)) {
    let mut results = SnapshotResults::new();
    for (theme, suffix) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        let mut harness: Harness<'_, Bench> = bench_of(common::model(), theme, size);
        prepare(harness.state_mut());
        harness.run_ok();
        harness.snapshot(format!("centre_{name}_{suffix}"));
        results.extend_harness(&mut harness);
    }
}

#[test]
fn the_roll_and_its_lanes() {
    in_both_themes("roll", |_| {});
}

#[test]
fn the_roll_in_even_seconds_with_a_selection() {
    in_both_themes("selection", |bench| {
        bench.run(UiCommand::ZoomIn);
        bench.run(UiCommand::ToggleAxis);
        bench.run(UiCommand::SelectAll);
        bench.run(UiCommand::ToolDynamics);
        bench.model.transport.looped = Some(1..3);
    });
}

#[test]
fn a_variation_over_what_it_was_made_of() {
    sized("variation", Vec2::new(520.0, 420.0), |bench| {
        common::hears(2, Some(common::VARIED)).into_iter().for_each(|event| bench.model.apply(event, 0.0));
        let span_quarters = Some((14.0, 34.0));
        if let Some(project) = &mut bench.model.project {
            project.view.span_quarters = span_quarters;
        }
    });
}

#[test]
fn a_take_that_is_still_being_performed() {
    sized("streaming", Vec2::new(520.0, 420.0), |bench| {
        let heard = bench.model.project.as_ref().unwrap().listening;
        let version = bench.model.versions.get_mut(&heard).unwrap();
        version.ready_quarters = 40.0;
        version.performance.notes.retain(|n| n.onset_secs < version.clock[80].1);
        version.revision += 1;
    });
}

#[test]
fn playing_with_keys_that_sound_and_bars_selected() {
    sized("playing", Vec2::new(520.0, 420.0), |bench| {
        let version = bench.model.listening().unwrap();
        bench.model.transport.position_secs = version.clock[42].1 + 0.05;
        bench.model.transport.state = protocol::PlayState::Playing;
        bench.model.transport.rate_percent = 0.0;
        bench.model.project.as_mut().unwrap().view = protocol::ViewState {
            span_quarters: Some((14.0, 30.0)),
            selection: Some(4..6),
            ..protocol::ViewState::default()
        };
        bench.model.score_revision += 1;
    });
}

/// Moods with a gap, one after the other, of all degrees of sureness, one too narrow for its words.
fn moods() -> protocol::Event {
    let guess = protocol::MoodSpan { sureness: 0.05, ..common::fierce("like a blorp", 13..16) };
    let short = protocol::MoodSpan { arrows: Vec::new(), ..common::span("misterioso e lontano", 12..13) };
    let spans =
        vec![common::span("gentle, a little hesitant", 0..5), common::fierce("fierce", 5..9), short, guess];
    common::mood("moods", spans)
}

#[test]
fn the_mood_lane() {
    in_both_themes("moods", |bench| bench.model.apply(moods(), 0.0));
}

#[test]
fn the_mood_lane_with_what_is_heard() {
    in_both_themes("moods_heard", |bench| {
        bench.model.apply(moods(), 0.0);
        let spans =
            vec![common::span("calm", 0..4), common::span("hesitant", 4..8), common::span("calm", 8..16)];
        let view = protocol::MoodView { spans, ..protocol::MoodView::default() };
        bench.model.apply(protocol::Event::MoodOf(protocol::VersionId::Take(2), Box::new(view)), 0.0);
    });
}

#[test]
fn the_mood_lane_in_a_small_window_and_even_seconds() {
    sized("moods_small", Vec2::new(520.0, 420.0), |bench| {
        bench.model.apply(moods(), 0.0);
        bench.run(UiCommand::ToggleAxis);
    });
}

#[test]
fn the_card_of_a_mood() {
    let mut results = SnapshotResults::new();
    for (theme, suffix) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        let mut model = common::model();
        model.apply(moods(), 0.0);
        let mut harness = bench_of(model, theme, Vec2::new(800.0, 660.0));
        let lane = rect(&harness, "Mood lane");
        let block = egui::pos2(x_of(&harness, 30.0), lane.center().y);
        click_with(&mut harness, egui::PointerButton::Secondary, egui::Modifiers::NONE, block);
        harness.snapshot(format!("centre_mood_card_{suffix}"));
        results.extend_harness(&mut harness);
    }
}

#[test]
fn what_the_pointer_tells_of_a_mood() {
    let mut results = SnapshotResults::new();
    for (theme, suffix) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        let mut model = common::model();
        model.apply(moods(), 0.0);
        let mut harness = bench_of(model, theme, Vec2::new(800.0, 660.0));
        let y = rect(&harness, "Mood lane").center().y;
        harness.hover_at(egui::pos2(x_of(&harness, 24.0), y));
        harness.run_steps(40);
        harness.snapshot(format!("centre_mood_hint_{suffix}"));
        results.extend_harness(&mut harness);
    }
}

#[test]
fn a_border_under_way() {
    let mut results = SnapshotResults::new();
    for (theme, suffix) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        let mut model = common::model();
        model.apply(moods(), 0.0);
        let mut harness = bench_of(model, theme, Vec2::new(520.0, 420.0));
        let border = rect(&harness, "Mood border at bar 6").center();
        let way = [border, egui::pos2(x_of(&harness, 27.0), border.y)];
        press_and_move(&mut harness, egui::PointerButton::Primary, egui::Modifiers::NONE, &way);
        harness.snapshot(format!("centre_mood_drag_{suffix}"));
        results.extend_harness(&mut harness);
    }
}

#[test]
fn the_compare_view() {
    in_both_themes("compare", |bench| {
        bench.run(UiCommand::CompareView);
    });
}

#[test]
fn the_compare_view_with_nothing_to_compare() {
    in_both_themes("compare_nothing", |bench| {
        bench.model.comparison = None;
        bench.model.project.as_mut().unwrap().compared = None;
        bench.run(UiCommand::CompareView);
    });
}
