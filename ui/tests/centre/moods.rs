//! The mood lane: spans as blocks, borders that are dragged, words that are changed.

use egui::{Key, PointerButton, Pos2, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use protocol::{Event, MoodSpan};
use ui::{Model, UiCommand};

use crate::bench::{Bench, bench, click, click_with, drag, press_and_move, rect, release, x_of};
use crate::common;

/// The piece with other bar numbers.
fn numbered(number: impl Fn(usize) -> (usize, u8)) -> Model {
    let mut model = common::model();
    for (k, measure) in model.score.measures.iter_mut().enumerate() {
        let (number, pass) = number(k);
        (measure.number, measure.pass) = (number.to_string(), pass);
    }
    model.score_revision += 1;
    model
}

fn lane_of(mut model: Model, spans: Vec<MoodSpan>) -> Harness<'static, Bench> {
    model.apply(common::mood("some mood", spans), 0.0);
    bench(model)
}

fn lane(spans: Vec<MoodSpan>) -> Harness<'static, Bench> {
    lane_of(common::model(), spans)
}

fn two() -> Vec<MoodSpan> {
    vec![common::span("gentle", 0..8), common::fierce("fierce", 8..16)]
}

/// A place on the lane.
fn at(harness: &Harness<'_, Bench>, quarters: f64) -> Pos2 {
    pos2(x_of(harness, quarters), rect(harness, "Mood lane").center().y)
}

/// Drags from one place to another and gives the text that comes of it.
fn dragged(harness: &mut Harness<'_, Bench>, from_quarters: f64, to_quarters: f64) -> Option<String> {
    let way = [at(harness, from_quarters), at(harness, to_quarters)];
    drag(harness, &way);
    harness.state_mut().take_mood()
}

fn type_and_enter(harness: &mut Harness<'_, Bench>, text: &str) {
    harness.event(egui::Event::Text(text.to_owned()));
    harness.step();
    harness.key_press(Key::Enter);
    harness.step();
    harness.run_ok();
}

#[test]
fn there_is_no_lane_without_a_mood() {
    let mut harness = bench(common::model());
    assert!(harness.query_by_label("Mood lane").is_none());
    let without = rect(&harness, "Piano roll").height();
    harness.state_mut().model.apply(common::mood("sad", vec![common::span("sad", 0..16)]), 0.0);
    harness.run_ok();
    let with = rect(&harness, "Piano roll").height();
    assert!((without - with - 40.0).abs() < 1.5, "{without} became {with}");
    harness.state_mut().model.apply(common::mood("", Vec::new()), 0.0);
    harness.run_ok();
    assert!(harness.query_by_label("Mood lane").is_none());
    assert_eq!(rect(&harness, "Piano roll").height(), without);
}

/// What the version heard was performed with.
fn heard(spans: Vec<MoodSpan>) -> Event {
    let view = protocol::MoodView { text: "heard".to_owned(), spans, ..protocol::MoodView::default() };
    Event::MoodOf(protocol::VersionId::Take(2), Box::new(view))
}

#[test]
fn what_is_heard_has_a_row_of_its_own_below_what_is_typed() {
    let mut harness = bench(common::model());
    harness.state_mut().model.apply(heard(vec![common::span("hesitant", 4..8)]), 0.0);
    harness.run_ok();
    let row = rect(&harness, "Heard with the mood hesitant in bars 5–8");
    assert!(
        (row.left() - x_of(&harness, 16.0)).abs() < 2.0 && (row.right() - x_of(&harness, 32.0)).abs() < 2.0
    );
    let alone = rect(&harness, "Piano roll").height();
    harness.state_mut().model.apply(common::mood("some mood", two()), 0.0);
    harness.run_ok();
    let row = rect(&harness, "Heard with the mood hesitant in bars 5–8");
    let typed = rect(&harness, "Mood bars 1–8: gentle");
    assert!(typed.bottom() <= row.top(), "{typed:?} {row:?}");
    let both = rect(&harness, "Piano roll").height();
    assert!((alone - both - 20.0).abs() < 1.5, "{alone} became {both}");
    // Another version was performed with something else.
    harness.state_mut().model.project.as_mut().unwrap().listening = protocol::VersionId::Take(1);
    harness.run_ok();
    assert!(harness.query_by_label("Heard with the mood hesitant in bars 5–8").is_none());
    rect(&harness, "Mood bars 1–8: gentle");
}

#[test]
fn another_score_takes_the_moods_of_the_last_one_away() {
    let mut harness = lane(two());
    let mut score = common::score();
    score.measures.truncate(4);
    harness.state_mut().model.apply(Event::Scores(vec![score]), 0.0);
    harness.run_ok();
    assert!(harness.query_by_label("Mood lane").is_none());
}

#[test]
fn blocks_lie_over_their_bars_on_both_axes() {
    let mut harness = lane(two());
    for in_seconds in [false, true] {
        assert_eq!(harness.state().centre.axis().in_seconds(), in_seconds);
        let fierce = rect(&harness, "Mood bars 9–16: fierce");
        let unit = harness.state().centre.axis().unit_of_quarters(32.0);
        assert!((fierce.left() - x_of(&harness, unit)).abs() < 1.0);
        harness.state_mut().run(UiCommand::ToggleAxis);
        harness.run_ok();
    }
}

#[test]
fn a_border_moves_to_the_nearest_bar_line_and_the_text_follows() {
    let mut harness = lane(two());
    let text = dragged(&mut harness, 32.0, 45.0);
    assert_eq!(text.as_deref(), Some("bars 1-11 gentle; bars 12-16 fierce"));
    // Until the answer is there, the lane shows what was done.
    rect(&harness, "Mood bars 12–16: fierce");
    assert!(harness.state_mut().take_edits().is_empty());

    let mut seconds = lane(two());
    seconds.state_mut().run(UiCommand::ToggleAxis);
    seconds.run_ok();
    let unit = |q: f64| seconds.state().centre.axis().unit_of_quarters(q);
    let (from, to) = (unit(32.0), unit(20.5));
    assert_eq!(dragged(&mut seconds, from, to).as_deref(), Some("bars 1-5 gentle; bars 6-16 fierce"));
}

#[test]
fn a_second_change_before_the_answer_keeps_the_first() {
    let mut harness = lane(two());
    dragged(&mut harness, 32.0, 44.0);
    let text = dragged(&mut harness, 64.0, 56.0);
    assert_eq!(text.as_deref(), Some("bars 1-11 gentle; bars 12-14 fierce"));
    let block = at(&harness, 50.0);
    click_with(&mut harness, PointerButton::Secondary, egui::Modifiers::NONE, block);
    // The answer comes while the card is open.
    let spans = vec![common::span("gentle", 0..11), common::fierce("fierce", 11..14)];
    harness.state_mut().model.apply(common::mood("some mood", spans), 0.0);
    harness.run_ok();
    harness.get_by_label("Remove").click();
    harness.run_ok();
    assert_eq!(harness.state_mut().take_mood().as_deref(), Some("bars 1-11 gentle"));
}

#[test]
fn a_border_stops_before_its_neighbour() {
    let spans = vec![common::span("a", 0..4), common::span("b", 4..8), common::span("c", 12..16)];
    let mut harness = lane(spans.clone());
    assert_eq!(dragged(&mut harness, 16.0, 63.0).as_deref(), Some("bars 1-7 a; bar 8 b; bars 13-16 c"));
    let mut harness = lane(spans.clone());
    assert_eq!(dragged(&mut harness, 16.0, 0.0).as_deref(), Some("bar 1 a; bars 2-8 b; bars 13-16 c"));
    // An outer border goes as far as the next mood, and no mood vanishes.
    let mut harness = lane(spans.clone());
    assert_eq!(dragged(&mut harness, 32.0, 63.0).as_deref(), Some("bars 1-4 a; bars 5-12 b; bars 13-16 c"));
    let mut harness = lane(spans);
    assert_eq!(dragged(&mut harness, 48.0, 63.9).as_deref(), Some("bars 1-4 a; bars 5-8 b; bar 16 c"));
}

#[test]
fn a_border_that_comes_back_and_one_let_go_change_nothing() {
    let mut harness = lane(two());
    let there = [at(&harness, 32.0), at(&harness, 50.0), at(&harness, 32.5)];
    drag(&mut harness, &there);
    assert_eq!(harness.state_mut().take_mood(), None);
    press_and_move(&mut harness, PointerButton::Primary, egui::Modifiers::NONE, &there[..2]);
    harness.key_press(Key::Escape);
    harness.step();
    release(&mut harness, PointerButton::Primary, egui::Modifiers::NONE, there[1]);
    assert_eq!(harness.state_mut().take_mood(), None);
    rect(&harness, "Mood bars 9–16: fierce");
}

#[test]
fn an_upbeat_is_bar_nought() {
    let mut harness = lane_of(numbered(|k| (k, 1)), two());
    assert_eq!(dragged(&mut harness, 32.0, 4.0).as_deref(), Some("bar 0 gentle; bars 1-15 fierce"));
}

#[test]
fn in_a_repeat_all_passes_follow() {
    let model = || numbered(|k| (k % 8 + 1, (k / 8 + 1) as u8));
    let (gentle, fierce) = (|bars| common::span("gentle", bars), |bars| common::fierce("fierce", bars));
    let spans = vec![gentle(0..4), fierce(4..8), gentle(8..12), fierce(12..16)];
    for pass in [0.0, 32.0] {
        let mut harness = lane_of(model(), spans.clone());
        let text = dragged(&mut harness, 16.0 + pass, 24.0 + pass);
        assert_eq!(text.as_deref(), Some("bars 1-6 gentle; bars 7-8 fierce"), "pass at {pass}");
        rect(&harness, "Mood bars 1–6 (pass 2): gentle");
    }
    // At the line where the repeat goes back, each side belongs to its own mood.
    let mut harness = lane_of(model(), spans);
    let border = at(&harness, 32.0);
    let way = [pos2(border.x - 2.0, border.y), at(&harness, 28.0)];
    drag(&mut harness, &way);
    assert_eq!(harness.state_mut().take_mood().as_deref(), Some("bars 1-4 gentle; bars 5-7 fierce"));
}

#[test]
fn words_are_changed_where_they_stand() {
    let mut harness = lane(two());
    let block = at(&harness, 10.0);
    click(&mut harness, block);
    click(&mut harness, block);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
    harness.step();
    type_and_enter(&mut harness, "tender; and slow");
    let text = harness.state_mut().take_mood();
    assert_eq!(text.as_deref(), Some("bars 1-8 tender, and slow; bars 9-16 fierce"));
}

#[test]
fn a_mood_is_divided_and_taken_away() {
    let mut harness = lane(two());
    let block = at(&harness, 17.0);
    click_with(&mut harness, PointerButton::Secondary, egui::Modifiers::NONE, block);
    harness.get_by_label("Split at bar 5").click();
    harness.run_ok();
    let text = harness.state_mut().take_mood();
    assert_eq!(text.as_deref(), Some("bars 1-4 gentle; bars 5-8 gentle; bars 9-16 fierce"));

    let mut harness = lane(two());
    let block = at(&harness, 17.0);
    click_with(&mut harness, PointerButton::Secondary, egui::Modifiers::NONE, block);
    harness.get_by_label("Remove").click();
    harness.run_ok();
    assert_eq!(harness.state_mut().take_mood().as_deref(), Some("bars 9-16 fierce"));
}

#[test]
fn empty_bars_get_a_mood() {
    let spans = || vec![common::span("gentle", 0..4), common::fierce("fierce", 12..16)];
    let mut harness = lane(spans());
    // Dragged further than there is room.
    assert_eq!(dragged(&mut harness, 26.0, 60.0), None, "nothing without words");
    harness.get_by_label("Mood of bars 7–12");
    type_and_enter(&mut harness, "solemn");
    let text = harness.state_mut().take_mood();
    assert_eq!(text.as_deref(), Some("bars 1-4 gentle; bars 7-12 solemn; bars 13-16 fierce"));

    let mut harness = lane(spans());
    let empty = at(&harness, 26.0);
    click_with(&mut harness, PointerButton::Secondary, egui::Modifiers::NONE, empty);
    harness.get_by_label("Mood of bar 7");
    harness.key_press(Key::Escape);
    harness.run_ok();
    assert!(harness.query_by_label("Mood of bar 7").is_none());
    assert_eq!(harness.state_mut().take_mood(), None);
}
