//! The compare view.

use egui::Key;
use egui_kittest::kittest::Queryable;
use protocol::{Command, VersionId};

use crate::bench::{bench, click, rect};
use crate::common;

#[test]
fn c_shows_both_versions_and_a_row_goes_to_its_bar() {
    let mut harness = bench(common::model());
    harness.key_press(Key::C);
    harness.run_ok();
    for label in [
        "Hesitant middle",
        "Deadpan",
        "1 dB softer",
        "1 dB louder",
        "Tempo of both versions",
        "Pedal of both versions",
    ] {
        assert!(harness.query_by_label(label).is_some(), "{label}");
    }
    assert!(harness.query_by_label("Dynamics of both versions").is_some());
    assert!(harness.query_by_label("Articulation of both versions").is_some());
    assert!(harness.query_by_label("Tempo and loudness of both versions").is_some());
    harness.get_by_label("Bar 5").click();
    harness.run_ok();
    assert_eq!(harness.state_mut().take(), vec![Command::SeekQuarters(16.0)]);
    harness.get_by_label("Back to the piece").click();
    harness.run_ok();
    assert!(harness.query_by_label("Piano roll").is_some());
}

#[test]
fn another_piece_is_shown_in_the_piano_roll() {
    let mut harness = bench(common::model());
    harness.key_press(Key::C);
    harness.run_ok();
    assert!(harness.query_by_label("Piano roll").is_none());
    harness.state_mut().model.project.as_mut().unwrap().opening += 1;
    harness.run_ok();
    assert!(harness.query_by_label("Piano roll").is_some());
}

#[test]
fn the_table_follows_the_playhead() {
    let mut harness = bench(common::model());
    harness.key_press(Key::C);
    harness.run_ok();
    let is_shown = |harness: &egui_kittest::Harness<'_, crate::bench::Bench>, bar: &str| {
        harness.query_by_label(bar).is_some_and(|row| row.rect().bottom() <= 660.0)
    };
    assert!(!is_shown(&harness, "Bar 16"));
    harness.state_mut().model.transport.position_quarters = 62.0;
    harness.run_steps(4);
    assert!(is_shown(&harness, "Bar 16"));
    harness.state_mut().model.transport.position_quarters = 0.0;
    harness.run_steps(4);
    assert!(is_shown(&harness, "Bar 1") && !is_shown(&harness, "Bar 16"));
}

#[test]
fn a_click_on_a_curve_seeks() {
    let mut harness = bench(common::model());
    harness.key_press(Key::C);
    harness.run_ok();
    let plot = rect(&harness, "Tempo of both versions");
    click(&mut harness, plot.center());
    let sent = harness.state_mut().take();
    assert!(matches!(sent[..], [Command::SeekQuarters(q)] if (q - 32.0).abs() < 0.5), "{sent:?}");
}

#[test]
fn without_a_second_version_it_says_how_to_choose_one() {
    let mut model = common::model();
    model.comparison = None;
    model.project.as_mut().unwrap().compared = None;
    let mut harness = bench(model);
    harness.key_press(Key::C);
    harness.run_ok();
    assert!(harness.query_by_label("Nothing to compare with yet").is_some());
    harness.get_by_label("Lesson of May").click();
    harness.run_ok();
    assert_eq!(harness.state_mut().take(), vec![Command::Compare(Some(VersionId::Recording(1)))]);
}

#[test]
fn bars_that_a_version_does_not_play_are_left_out() {
    let mut model = common::model();
    let comparison = model.comparison.as_mut().unwrap();
    for bar in 3..6 {
        comparison.bars[bar].values[1] = None;
    }
    comparison.trajectories[1].points.clear();
    comparison.loudness_lufs[1] = None;
    let mut harness = bench(model);
    harness.key_press(Key::C);
    harness.run_ok();
    assert!(harness.query_by_label("Loudness unknown").is_some());
    assert!(harness.query_by_label("Bar 4").is_some());
}

#[test]
fn what_is_said_of_bars_and_of_the_whole_is_shown() {
    let mut model = common::model();
    let comparison = model.comparison.as_mut().unwrap();
    comparison.bars[0].words = vec!["a little louder".to_owned(), "hands apart by 40 ms".to_owned()];
    comparison.agreement.words = vec!["On the whole they agree".to_owned()];
    let values = comparison.bars[1].values[0].unwrap();
    comparison.bars[1].spread = Some([values, values]);
    let mut harness = bench(model);
    harness.key_press(Key::C);
    harness.run_ok();
    harness.get_by_label("a little louder; hands apart by 40 ms");
    harness.get_by_label("How well they agree");
    harness.get_by_label("On the whole they agree");
    // The row still goes to its bar.
    harness.get_by_label("Bar 2").click();
    harness.run_ok();
    assert_eq!(harness.state_mut().take(), vec![Command::SeekQuarters(4.0)]);
}

#[test]
fn what_is_said_of_bars_takes_a_second_line_where_it_does_not_fit() {
    let height = |said: &str| {
        let mut model = common::model();
        model.comparison.as_mut().unwrap().bars[0].words = vec![said.to_owned()];
        let mut harness = bench(model);
        harness.key_press(Key::C);
        harness.run_ok();
        rect(&harness, "Bar 1").height()
    };
    let (short, long) = (height("louder"), height(&"much louder than all others; ".repeat(12)));
    assert!(long > short + 10.0, "{short} {long}");
}
