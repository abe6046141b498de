//! The lanes: what is drawn with the mouse becomes one edit.

use egui::{Key, Modifiers, PointerButton, Pos2, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use protocol::{Edit, PinKind};
use ui::UiCommand;

use crate::bench::{Bench, bench, click, click_with, drag, press_and_move, rect, release, x_of};
use crate::common;

/// A note of the melody in bar 3.
const NOTE: usize = 40;

/// The head of a note's stem.
fn head(harness: &Harness<'_, Bench>, note: usize) -> Pos2 {
    let lane = rect(harness, "Velocity lane");
    let bench = harness.state();
    let played = bench.model.listening().unwrap().performance.notes[note];
    let x = x_of(harness, bench.centre.axis().unit_of_secs(played.onset_secs));
    pos2(x, lane.bottom() - f32::from(played.velocity) / 134.0 * lane.height())
}

#[test]
fn dragging_a_stem_sends_one_edit_of_velocities() {
    let mut harness = bench(common::model());
    let from = head(&harness, NOTE);
    let lane = rect(&harness, "Velocity lane");
    let up = lane.height() * 20.0 / 134.0;
    drag(&mut harness, &[from, pos2(from.x, from.y - up)]);
    let before = harness.state().model.listening().unwrap().performance.notes[NOTE].velocity;
    let edits = harness.state_mut().take_edits();
    let [Edit::Velocities(changed)] = &edits[..] else { panic!("one edit, not {edits:?}") };
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0].0, NOTE as u32);
    assert!(changed[0].1.abs_diff(before + 20) <= 1, "{before} became {}", changed[0].1);
    assert_eq!(harness.state().centre.selected_notes(), [NOTE as u32]);
}

#[test]
fn a_stem_of_the_selection_takes_the_others_along() {
    let mut harness = bench(common::model());
    harness.state_mut().run(UiCommand::SelectAll);
    harness.run_ok();
    let from = head(&harness, NOTE);
    drag(&mut harness, &[from, pos2(from.x, from.y - 15.0)]);
    let edits = harness.state_mut().take_edits();
    let [Edit::Velocities(changed)] = &edits[..] else { panic!("one edit, not {edits:?}") };
    assert_eq!(changed.len(), harness.state().model.score.notes.len());
}

#[test]
fn escape_lets_a_stem_go() {
    let mut harness = bench(common::model());
    let from = head(&harness, NOTE);
    let way = [from, pos2(from.x, from.y - 30.0)];
    press_and_move(&mut harness, PointerButton::Primary, Modifiers::NONE, &way);
    harness.key_press(Key::Escape);
    harness.step();
    release(&mut harness, PointerButton::Primary, Modifiers::NONE, way[1]);
    assert!(harness.state_mut().take().is_empty());
    assert!(harness.state().centre.selected_notes().is_empty(), "what was selected before is selected again");
}

/// Draws a rising line over bars 5 and 6 of a lane.
fn draw(harness: &mut Harness<'static, Bench>, lane: &str) {
    let lane = rect(harness, lane);
    let way = [
        pos2(x_of(harness, 16.0), lane.bottom() - lane.height() * 0.3),
        pos2(x_of(harness, 20.0), lane.bottom() - lane.height() * 0.5),
        pos2(x_of(harness, 24.0), lane.bottom() - lane.height() * 0.7),
    ];
    drag(harness, &way);
}

#[test]
fn tempo_and_pedal_are_pinned_over_bars() {
    let mut harness = bench(common::model());
    for (lane, words, kind) in [
        ("Tempo lane", "Pin the tempo of bar 5", PinKind::Onset),
        ("Pedal lane", "Pin the pedal of bar 5", PinKind::Pedal),
        ("Velocity lane", "Pin the velocity of bar 5", PinKind::Velocity),
        ("Articulation lane", "Pin the articulation of bar 5", PinKind::Duration),
    ] {
        let at = pos2(x_of(&harness, 17.0), rect(&harness, lane).center().y);
        click_with(&mut harness, PointerButton::Secondary, Modifiers::NONE, at);
        harness.get_by_label(words).click();
        harness.run_ok();
        let edits = harness.state_mut().take_edits();
        let [Edit::Pin(notes, kinds)] = &edits[..] else { panic!("one edit, not {edits:?}") };
        assert_eq!(kinds, &[kind]);
        let score = &harness.state().model.score;
        assert!(!notes.is_empty() && notes.iter().all(|n| score.notes[*n as usize].measure == 4));
    }
}

/// All kinds of values.
const EVERYTHING: [PinKind; 4] = [PinKind::Velocity, PinKind::Onset, PinKind::Duration, PinKind::Pedal];

#[test]
fn everything_in_some_bars_is_pinned_in_one_step() {
    let mut model = common::model();
    model.project.as_mut().unwrap().view =
        protocol::ViewState { selection: Some(4..6), ..protocol::ViewState::default() };
    model.score_revision += 1;
    let mut harness = bench(model);
    let at = pos2(x_of(&harness, 17.0), rect(&harness, "Tempo lane").center().y);
    click_with(&mut harness, PointerButton::Secondary, Modifiers::NONE, at);
    harness.get_by_label("Pin everything in bars 5–6").click();
    harness.run_ok();
    // The key for the selection does the same while no notes are selected.
    harness.state_mut().run(UiCommand::PinSelected);
    harness.run_ok();
    let edits = harness.state_mut().take_edits();
    let [Edit::Pin(notes, kinds), by_key] = &edits[..] else { panic!("two edits, not {edits:?}") };
    assert_eq!(kinds, &EVERYTHING);
    let score = &harness.state().model.score;
    assert!(!notes.is_empty() && notes.iter().all(|n| (4..6).contains(&score.notes[*n as usize].measure)));
    assert_eq!(by_key, &Edit::Pin(notes.clone(), EVERYTHING.to_vec()));
}

#[test]
fn the_tempo_is_told_and_drawn_in_beats_of_the_score() {
    let mut model = common::model();
    model.score.beat = protocol::BeatView { name: "half".to_owned(), marked: None, quarters: 2.0 };
    model.score_revision += 1;
    let mut scene = ui::centre::scene::Scene::default();
    scene.refresh(&model, &ui::centre::axis::TimeAxis::default());
    let quarters = model.listening().unwrap().tempo[0].quarters_per_minute;
    assert!((scene.tempo[0].y - quarters / 2.0).abs() < 1e-9);
    let mut in_halves = bench(model);
    let mut in_quarters = bench(common::model());
    let slowest = |harness: &mut Harness<'static, Bench>| {
        draw(harness, "Tempo lane");
        let edits = harness.state_mut().take_edits();
        let [Edit::Tempo(points)] = &edits[..] else { panic!("one edit, not {edits:?}") };
        points[0].value
    };
    // The lane shows half the numbers, and the same place in it is the same tempo.
    assert!((slowest(&mut in_halves) - slowest(&mut in_quarters)).abs() < 1.0);
}

#[test]
fn a_line_in_the_tempo_lane_is_one_edit_of_the_tempo() {
    let mut harness = bench(common::model());
    draw(&mut harness, "Tempo lane");
    let edits = harness.state_mut().take_edits();
    let [Edit::Tempo(points)] = &edits[..] else { panic!("one edit, not {edits:?}") };
    assert!((points[0].quarters - 16.0).abs() < 0.1 && (points.last().unwrap().quarters - 24.0).abs() < 0.1);
    assert!(points.windows(2).all(|w| w[0].quarters < w[1].quarters && w[0].value < w[1].value));
}

#[test]
fn the_dynamics_tool_draws_a_line_in_the_velocity_lane() {
    let mut harness = bench(common::model());
    harness.key_press(Key::Num4);
    harness.run_ok();
    draw(&mut harness, "Velocity lane");
    let edits = harness.state_mut().take_edits();
    let [Edit::Dynamics(points)] = &edits[..] else { panic!("one edit, not {edits:?}") };
    assert!((points[0].value - 0.3 * 134.0).abs() < 1.5, "{points:?}");
    assert!((points.last().unwrap().value - 0.7 * 134.0).abs() < 1.5, "{points:?}");
}

#[test]
fn the_velocity_tool_gives_every_chord_under_the_line_its_height_and_keeps_its_differences() {
    let mut harness = bench(common::model());
    harness.key_press(Key::Num2);
    harness.run_ok();
    draw(&mut harness, "Velocity lane");
    let edits = harness.state_mut().take_edits();
    let [Edit::Velocities(changed)] = &edits[..] else { panic!("one edit, not {edits:?}") };
    let model = &harness.state().model;
    let score = &model.score.notes;
    let was = |note: u32| model.listening().unwrap().performance.notes[note as usize].velocity;
    let place = |note: u32| score[note as usize].onset_quarters;
    for (note, velocity) in changed {
        let quarters = place(*note);
        let chord = changed.iter().filter(|(n, _)| place(*n) == quarters);
        let (loudest, height) = chord.max_by_key(|n| n.1).unwrap();
        let wanted = 134.0 * (0.3 + 0.4 * (quarters - 16.0) / 8.0);
        assert!((f64::from(*height) - wanted).abs() < 4.0, "chord at {quarters}: {height}, not {wanted}");
        assert_eq!(was(*loudest) - was(*note), height - velocity, "note {note}");
    }
    let inside = score.iter().filter(|n| n.onset_quarters > 16.1 && n.onset_quarters < 23.9).count();
    assert!(changed.len() >= inside);
}

#[test]
fn drawing_in_the_pedal_lane_lifts_it_where_it_is_down() {
    let mut harness = bench(common::model());
    let lane = rect(&harness, "Pedal lane");
    let way = [pos2(x_of(&harness, 17.0), lane.center().y), pos2(x_of(&harness, 18.0), lane.center().y)];
    drag(&mut harness, &way);
    let edits = harness.state_mut().take_edits();
    let [Edit::Pedal { from_secs, to_secs, events }] = &edits[..] else { panic!("one edit, not {edits:?}") };
    assert!(from_secs < to_secs);
    assert_eq!((events[0].value, events[1].value), (0, 127), "up, and down again as it was");
}

#[test]
fn a_lane_folds_and_a_tool_opens_it_again() {
    let mut harness = bench(common::model());
    harness.get_by_label("Fold tempo lane").click();
    harness.run_ok();
    assert!(harness.query_by_label("Tempo lane").is_none());
    harness.key_press(Key::Num3);
    harness.run_ok();
    assert!(harness.query_by_label("Tempo lane").is_some());
}

#[test]
fn a_lane_is_made_higher_at_its_upper_edge() {
    let mut harness = bench(common::model());
    let before = rect(&harness, "Articulation lane").height();
    let edge = rect(&harness, "Articulation lane").center_top();
    drag(&mut harness, &[edge, pos2(edge.x, edge.y - 40.0)]);
    let after = rect(&harness, "Articulation lane").height();
    assert!((after - before - 40.0).abs() < 3.0, "{before} became {after}");
    assert!(harness.state_mut().take().is_empty());
}

#[test]
fn lanes_and_roll_share_their_time() {
    let harness = bench(common::model());
    let roll = rect(&harness, "Piano roll");
    for lane in ["Velocity lane", "Tempo lane", "Articulation lane", "Pedal lane", "Ruler"] {
        assert_eq!(rect(&harness, lane).x_range(), roll.x_range(), "{lane}");
    }
}

#[test]
fn a_click_near_a_stem_selects_its_note() {
    let mut harness = bench(common::model());
    let at = head(&harness, NOTE);
    click(&mut harness, at);
    assert_eq!(harness.state().centre.selected_notes(), [NOTE as u32]);
}

#[test]
fn a_gesture_whose_lane_goes_away_is_let_go() {
    let mut harness = bench(common::model());
    let from = head(&harness, NOTE);
    let way = [from, pos2(from.x, from.y - 30.0)];
    press_and_move(&mut harness, PointerButton::Primary, Modifiers::NONE, &way);
    harness.state_mut().run(UiCommand::CompareView);
    harness.step();
    release(&mut harness, PointerButton::Primary, Modifiers::NONE, way[1]);
    harness.state_mut().run(UiCommand::CompareView);
    harness.run_ok();
    assert!(harness.state_mut().take_edits().is_empty());
    assert!(harness.state().centre.selected_notes().is_empty());
}
