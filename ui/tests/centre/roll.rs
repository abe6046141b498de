//! The piano roll and the keyboard: selecting, hearing, moving, pinning.

use egui::{Event, Key, Modifiers, PointerButton, Pos2, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use protocol::{Command, Edit, PinKind, PlayState, PlayedNote, SlipKind, SlipView, VersionId};
use ui::UiCommand;
use ui::centre::axis::Strip;

use crate::bench::{Bench, bench, click, click_with, drag, press_and_move, rect, release, x_of};
use crate::common;

/// A note of the melody in bar 3 with nothing over it.
const NOTE: usize = 40;

fn played(harness: &Harness<'_, Bench>, note: usize) -> PlayedNote {
    harness.state().model.listening().unwrap().performance.notes[note]
}

/// Where a share of a note's length is on the screen.
fn place(harness: &Harness<'_, Bench>, note: usize, share: f64) -> Pos2 {
    let over = rect(harness, "Piano roll");
    let bench = harness.state();
    let axis = bench.centre.axis();
    let p = played(harness, note);
    let x = Strip::new(axis, over).x(axis.unit_of_secs(p.onset_secs + share * p.duration_secs));
    let pitch = f64::from(bench.model.score.notes[note].pitch);
    pos2(x, bench.centre.pitches().y(over, pitch - 0.5))
}

/// A view in which notes are wide enough to take hold of.
fn near(model: ui::Model) -> Harness<'static, Bench> {
    let mut harness = bench(model);
    for _ in 0..3 {
        harness.state_mut().run(UiCommand::ZoomIn);
    }
    harness.run_ok();
    harness.state_mut().take();
    harness
}

#[test]
fn a_click_selects_a_note_and_lets_it_be_heard() {
    let mut harness = near(common::model());
    let at = place(&harness, NOTE, 0.4);
    click(&mut harness, at);
    assert_eq!(harness.state().centre.selected_notes(), [NOTE as u32]);
    let pitch = harness.state().model.score.notes[NOTE].pitch;
    let velocity = played(&harness, NOTE).velocity;
    assert_eq!(harness.state_mut().take(), vec![Command::Audition(pitch, velocity)]);

    let other = place(&harness, NOTE + 2, 0.4);
    click_with(&mut harness, PointerButton::Primary, Modifiers::SHIFT, other);
    assert_eq!(harness.state().centre.selected_notes(), [NOTE as u32, NOTE as u32 + 2]);
    click_with(&mut harness, PointerButton::Primary, Modifiers::SHIFT, at);
    assert_eq!(harness.state().centre.selected_notes(), [NOTE as u32 + 2]);
    harness.key_press(Key::Escape);
    harness.run_ok();
    assert!(harness.state().centre.selected_notes().is_empty());
}

#[test]
fn a_rubber_band_selects_what_it_touches() {
    let mut harness = bench(common::model());
    let over = rect(&harness, "Piano roll");
    let strip = Strip::new(harness.state().centre.axis(), over);
    let way = [pos2(strip.x(15.7), over.top() + 3.0), pos2(strip.x(19.3), over.bottom() - 3.0)];
    drag(&mut harness, &way);
    let selected = harness.state().centre.selected_notes().to_vec();
    let score = &harness.state().model.score.notes;
    let of_bar_five: Vec<u32> = (0..score.len() as u32).filter(|&n| score[n as usize].measure == 4).collect();
    for note in &of_bar_five {
        let starts_inside = score[*note as usize].onset_quarters < 19.3;
        assert_eq!(selected.contains(note), starts_inside, "note {note} of bar 5");
    }
    assert!(selected.windows(2).all(|w| w[0] < w[1]));
    assert!(harness.state_mut().take().is_empty(), "selecting asks the shell for nothing");
}

#[test]
fn a_drag_moves_an_onset_with_one_edit() {
    let mut harness = near(common::model());
    let from = place(&harness, NOTE, 0.4);
    let before = played(&harness, NOTE);
    let secs_per_point = {
        let over = rect(&harness, "Piano roll");
        let axis = harness.state().centre.axis();
        let strip = Strip::new(axis, over);
        axis.secs_at(strip.unit(from.x + 30.0)) - axis.secs_at(strip.unit(from.x))
    };
    drag(&mut harness, &[from, pos2(from.x + 30.0, from.y + 4.0)]);
    let sent = harness.state_mut().take();
    let [Command::Audition(..), Command::Edit(VersionId::Take(2), Edit::Onsets(moved))] = &sent[..] else {
        panic!("the note is heard and moved once, not {sent:?}");
    };
    assert_eq!(moved.len(), 1);
    assert_eq!(moved[0].0, NOTE as u32);
    let delta = moved[0].1 - before.onset_secs;
    assert!((delta - secs_per_point).abs() < 1e-3, "moved by {delta}, not {secs_per_point}");
}

#[test]
fn the_right_edge_changes_the_length() {
    let mut harness = near(common::model());
    let end = place(&harness, NOTE, 1.0);
    let from = pos2(end.x - 3.0, end.y);
    drag(&mut harness, &[from, pos2(from.x + 20.0, from.y)]);
    let edits = harness.state_mut().take_edits();
    let [Edit::Durations(changed)] = &edits[..] else { panic!("one change of length, not {edits:?}") };
    assert_eq!(changed[0].0, NOTE as u32);
    assert!(changed[0].1 > played(&harness, NOTE).duration_secs + 0.05);
}

#[test]
fn selected_notes_move_together() {
    let mut harness = near(common::model());
    for note in [NOTE, NOTE + 2] {
        let at = place(&harness, note, 0.4);
        click_with(&mut harness, PointerButton::Primary, Modifiers::SHIFT, at);
    }
    harness.state_mut().take();
    let from = place(&harness, NOTE, 0.4);
    drag(&mut harness, &[from, pos2(from.x - 24.0, from.y)]);
    let edits = harness.state_mut().take_edits();
    let [Edit::Onsets(moved)] = &edits[..] else { panic!("one move, not {edits:?}") };
    let deltas: Vec<f64> =
        moved.iter().map(|(n, secs)| secs - played(&harness, *n as usize).onset_secs).collect();
    assert_eq!(deltas.len(), 2);
    assert!((deltas[0] - deltas[1]).abs() < 1e-9 && deltas[0] < 0.0);
}

#[test]
fn escape_lets_a_move_go() {
    let mut harness = near(common::model());
    let from = place(&harness, NOTE, 0.4);
    let way = [from, pos2(from.x + 40.0, from.y)];
    press_and_move(&mut harness, PointerButton::Primary, Modifiers::NONE, &way);
    harness.key_press(Key::Escape);
    harness.step();
    release(&mut harness, PointerButton::Primary, Modifiers::NONE, way[1]);
    assert!(harness.state_mut().take_edits().is_empty());
}

#[test]
fn the_pointer_tells_about_a_note() {
    let mut harness = near(common::model());
    harness.hover_at(place(&harness, NOTE, 0.4));
    for _ in 0..40 {
        harness.step();
    }
    let velocity = played(&harness, NOTE).velocity;
    assert!(harness.query_by_label(&format!("Velocity {velocity}")).is_some());
    assert!(harness.query_by_label_contains("bar 3").is_some());
    assert!(harness.query_by_label_contains("Onset ").is_some());
    assert!(harness.query_by_label_contains("Length ").is_some());
}

#[test]
fn p_pins_the_selected_notes_and_shift_p_frees_them() {
    let mut harness = near(common::model());
    let at = place(&harness, NOTE, 0.4);
    click(&mut harness, at);
    harness.state_mut().take();
    let note = vec![NOTE as u32];
    harness.key_press(Key::P);
    harness.run_ok();
    let all = vec![PinKind::Velocity, PinKind::Onset, PinKind::Duration];
    assert_eq!(harness.state_mut().take_edits(), [Edit::Pin(note.clone(), all.clone())], "one step");
    harness.key_press_modifiers(Modifiers::SHIFT, Key::P);
    harness.run_ok();
    assert_eq!(harness.state_mut().take_edits(), [Edit::Unpin(note, all)]);
}

#[test]
fn the_menu_of_a_note_pins_one_value() {
    let mut harness = near(common::model());
    let at = place(&harness, NOTE, 0.4);
    click_with(&mut harness, PointerButton::Secondary, Modifiers::NONE, at);
    harness.get_by_label("Pin onset").click();
    harness.run_ok();
    assert_eq!(harness.state_mut().take_edits(), vec![Edit::Pin(vec![NOTE as u32], vec![PinKind::Onset])]);
}

/// A place on the roll at these quarters with no note within a bar of it.
fn empty_place(harness: &Harness<'_, Bench>, quarters: f64) -> egui::Pos2 {
    let (bench, roll) = (harness.state(), rect(harness, "Piano roll"));
    let x = x_of(harness, bench.centre.axis().unit_of_quarters(quarters));
    let notes = bench.model.score.notes.iter();
    let pitches: Vec<u8> =
        notes.filter(|n| (n.onset_quarters - quarters).abs() < 4.0).map(|n| n.pitch).collect();
    let pitch = |y: f32| bench.centre.pitches().pitch_at(roll, y).floor() as u8;
    let mut heights = (2..).map(|k| roll.top() + k as f32 * 3.0).take_while(|y| *y < roll.bottom());
    let y = heights.find(|y| !pitches.contains(&pitch(*y)));
    pos2(x, y.expect("a row without notes"))
}

#[test]
fn the_menu_of_an_empty_place_is_about_it_and_its_bar() {
    let mut harness = bench(common::model());
    let at = empty_place(&harness, 6.0);
    let choose = |harness: &mut Harness<'static, Bench>, entry: &str| {
        click_with(harness, PointerButton::Secondary, Modifiers::NONE, at);
        harness.get_by_label(entry).click();
        harness.run_ok();
        harness.state_mut().take()
    };
    let commands = choose(&mut harness, "Play from here");
    let [Command::SeekQuarters(quarters), Command::TogglePlay] = commands[..] else { panic!("{commands:?}") };
    assert!((quarters - 6.0).abs() < 0.1, "{quarters}");
    assert_eq!(choose(&mut harness, "Go to bar 2"), [Command::SeekQuarters(4.0)]);
    assert_eq!(choose(&mut harness, "Loop bar 2"), [Command::Loop(Some(1..2))]);
    assert_eq!(choose(&mut harness, "Select bar 2"), []);
    assert_eq!(harness.state().centre.selected_bars(), Some(1..2));
    assert_eq!(choose(&mut harness, "Perform bar 2 anew"), []);
    assert_eq!(harness.state_mut().out.take_ui(), [UiCommand::Perform]);
    // What plays goes on from there.
    harness.state_mut().model.transport.state = PlayState::Playing;
    let commands = choose(&mut harness, "Play from here");
    assert!(matches!(commands[..], [Command::SeekQuarters(_)]), "{commands:?}");
}

#[test]
fn keys_are_heard_once_each_while_the_mouse_slides() {
    let mut harness = bench(common::model());
    let keys = rect(&harness, "Keyboard");
    let y_of =
        |harness: &Harness<'_, Bench>, pitch: f64| harness.state().centre.pitches().y(keys, pitch - 0.5);
    let from = pos2(keys.right() - 10.0, y_of(&harness, 60.0));
    let to = pos2(keys.right() - 10.0, y_of(&harness, 62.0));
    press_and_move(&mut harness, PointerButton::Primary, Modifiers::NONE, &[from, to]);
    release(&mut harness, PointerButton::Primary, Modifiers::NONE, to);
    let heard: Vec<u8> = harness
        .state_mut()
        .take()
        .into_iter()
        .map(|c| match c {
            Command::Audition(pitch, _) => pitch,
            other => panic!("only notes, not {other:?}"),
        })
        .collect();
    assert_eq!(heard, [60, 61, 62]);
}

#[test]
fn select_all_takes_every_note() {
    let mut harness = bench(common::model());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run_ok();
    let count = harness.state().model.score.notes.len();
    assert_eq!(harness.state().centre.selected_notes().len(), count);
}

#[test]
fn a_project_without_notes_is_drawn() {
    let mut model = common::model();
    model.versions.clear();
    let mut harness = bench(model);
    harness.event(Event::PointerMoved(rect(&harness, "Piano roll").center()));
    harness.run_ok();
    harness.state_mut().model.score = protocol::ScoreView::default();
    harness.state_mut().model.score_revision += 1;
    harness.run_ok();
    let y = rect(&harness, "Ruler").center();
    drag(&mut harness, &[y, y + egui::vec2(50.0, 0.0)]);
    assert_eq!(harness.state().centre.selected_bars(), None);
}

#[test]
fn slips_of_a_recording_are_marked_and_can_be_switched_off() {
    let mut model = common::model();
    model.project.as_mut().unwrap().listening = VersionId::Recording(1);
    let missed = common::missed(&model.score, NOTE as u32);
    let wait = SlipView {
        kind: SlipKind::Hesitation,
        from_quarters: 8.0,
        to_quarters: 12.0,
        heard_quarters: 12.0,
        words: "0.8 s longer than the beat".to_owned(),
        ..SlipView::default()
    };
    model.versions.get_mut(&VersionId::Recording(1)).unwrap().slips = vec![missed, wait];
    let mut harness = bench(model);
    assert_eq!(harness.state().centre.is_on(UiCommand::MarkMissed), Some(true));
    // Where the note should have been, and over the time of the wait.
    let (cross, pause) = (rect(&harness, "Missed"), rect(&harness, "0.8 s longer than the beat"));
    let roll = rect(&harness, "Piano roll");
    assert!((pause.left() - x_of(&harness, 8.0)).abs() < 1.0 && (pause.top() - roll.top()).abs() < 1.0);
    let at = x_of(&harness, harness.state().model.score.notes[NOTE].onset_quarters);
    assert!((cross.left() - at).abs() < 12.0, "{cross:?} {at}");
    harness.event(Event::PointerMoved(cross.center()));
    harness.run_steps(30);
    assert!(harness.query_all_by_label("Missed").count() > 1, "the tooltip says it, too");
    harness.event(Event::PointerMoved(pos2(1.0, 1.0)));
    harness.state_mut().run(UiCommand::MarkMissed);
    harness.run_steps(4);
    assert!(harness.query_by_label("Missed").is_none());
    assert!(harness.query_by_label("0.8 s longer than the beat").is_some());
}
