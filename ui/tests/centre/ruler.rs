//! The ruler: seeking, selecting bars, looping.

use egui::{Event, Modifiers, PointerButton, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use protocol::Command;
use ui::UiCommand;

use crate::bench::{Bench, bench, click, click_with, drag, drag_with, press_and_move, rect, release, x_of};
use crate::common;

#[test]
fn a_click_seeks() {
    let mut harness = bench(common::model());
    let y = rect(&harness, "Ruler").center().y;
    let at = pos2(x_of(&harness, 10.0), y);
    click(&mut harness, at);
    let sent = harness.state_mut().take();
    assert!(
        matches!(sent[..], [Command::SeekQuarters(q)] if (q - 10.0).abs() < 0.05),
        "one seek to quarter 10, not {sent:?}"
    );
}

#[test]
fn a_click_seeks_however_long_the_button_is_held() {
    let mut harness = bench(common::model());
    let at = pos2(x_of(&harness, 10.0), rect(&harness, "Ruler").center().y);
    press_and_move(&mut harness, PointerButton::Primary, Modifiers::NONE, &[at]);
    // Two seconds: a slow hand, or a window that is slow to draw.
    harness.run_steps(60);
    release(&mut harness, PointerButton::Primary, Modifiers::NONE, at);
    let sent = harness.state_mut().take();
    assert!(matches!(sent[..], [Command::SeekQuarters(q)] if (q - 10.0).abs() < 0.05), "{sent:?}");
    assert_eq!(harness.state().centre.selected_bars(), None, "nothing was dragged");
}

#[test]
fn a_drag_within_one_frame_selects_bars() {
    let mut harness = bench(common::model());
    let y = rect(&harness, "Ruler").top() + 12.0;
    let (from, to) = (pos2(x_of(&harness, 17.0), y), pos2(x_of(&harness, 30.0), y));
    let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
    let press = Event::PointerButton { pos: from, button, pressed: true, modifiers };
    let release = Event::PointerButton { pos: to, button, pressed: false, modifiers };
    let all = [Event::PointerMoved(from), press, Event::PointerMoved(to), release];
    harness.input_mut().events.extend(all);
    harness.step();
    harness.run_ok();
    assert_eq!(harness.state().centre.selected_bars(), Some(4..8));
    assert!(harness.state_mut().take().is_empty(), "a drag is no click");
}

#[test]
fn a_drag_selects_whole_bars_and_shift_extends() {
    let mut harness = bench(common::model());
    let y = rect(&harness, "Ruler").top() + 12.0;
    let (from, to) = (pos2(x_of(&harness, 17.0), y), pos2(x_of(&harness, 30.0), y));
    drag(&mut harness, &[from, to]);
    assert_eq!(harness.state().centre.selected_bars(), Some(4..8));
    assert!(harness.state_mut().take().is_empty(), "selecting asks the shell for nothing");

    let further = pos2(x_of(&harness, 37.0), y);
    click_with(&mut harness, PointerButton::Primary, Modifiers::SHIFT, further);
    assert_eq!(harness.state().centre.selected_bars(), Some(4..10));
    let start = pos2(x_of(&harness, 17.0), y);
    let back = pos2(x_of(&harness, 9.0), y);
    drag_with(&mut harness, Modifiers::SHIFT, &[start, back]);
    assert_eq!(harness.state().centre.selected_bars(), Some(2..10));
}

#[test]
fn l_loops_the_selection_and_escape_clears_it() {
    let mut harness = bench(common::model());
    let y = rect(&harness, "Ruler").top() + 12.0;
    let way = [pos2(x_of(&harness, 5.0), y), pos2(x_of(&harness, 14.0), y)];
    drag(&mut harness, &way);
    harness.key_press(egui::Key::L);
    harness.run_ok();
    assert_eq!(harness.state_mut().take(), vec![Command::Loop(Some(1..4))]);
    harness.key_press(egui::Key::Escape);
    harness.run_ok();
    assert_eq!(harness.state().centre.selected_bars(), None);
}

#[test]
fn escape_in_the_middle_of_a_drag_leaves_the_selection_as_it_was() {
    let mut harness = bench(common::model());
    let y = rect(&harness, "Ruler").top() + 12.0;
    let way = [pos2(x_of(&harness, 5.0), y), pos2(x_of(&harness, 14.0), y)];
    drag(&mut harness, &way);
    let way = [pos2(x_of(&harness, 33.0), y), pos2(x_of(&harness, 50.0), y)];
    press_and_move(&mut harness, PointerButton::Primary, Modifiers::NONE, &way);
    assert_eq!(harness.state().centre.selected_bars(), Some(8..13));
    harness.key_press(egui::Key::Escape);
    harness.step();
    release(&mut harness, PointerButton::Primary, Modifiers::NONE, way[1]);
    assert_eq!(harness.state().centre.selected_bars(), Some(1..4));
}

#[test]
fn a_double_click_selects_all_and_then_loops() {
    let mut harness = bench(common::model());
    let at = pos2(x_of(&harness, 20.0), rect(&harness, "Ruler").top() + 12.0);
    click(&mut harness, at);
    click(&mut harness, at);
    assert_eq!(harness.state().centre.selected_bars(), Some(0..common::BARS));
    harness.state_mut().take();
    for _ in 0..60 {
        harness.step();
    }
    click(&mut harness, at);
    click(&mut harness, at);
    let sent = harness.state_mut().take();
    assert_eq!(sent.last(), Some(&Command::Loop(Some(0..common::BARS))));
}

#[test]
fn the_right_button_has_what_can_be_done_with_bars() {
    let mut harness = bench(common::model());
    let y = rect(&harness, "Ruler").top() + 12.0;
    let at = pos2(x_of(&harness, 18.0), y);
    let choose = |harness: &mut Harness<'static, Bench>, entry: &str| {
        click_with(harness, PointerButton::Secondary, Modifiers::NONE, at);
        harness.get_by_label(entry).click();
        harness.run_ok();
        harness.state_mut().take()
    };
    assert_eq!(choose(&mut harness, "Loop bar 5"), [Command::Loop(Some(4..5))]);
    let way = [pos2(x_of(&harness, 17.0), y), pos2(x_of(&harness, 30.0), y)];
    drag(&mut harness, &way);
    assert_eq!(choose(&mut harness, "Variations of bars 5–8…"), []);
    assert_eq!(harness.state_mut().out.take_ui(), [UiCommand::Vary]);
    assert_eq!(harness.state().centre.selected_bars(), Some(4..8));
    // More than a composer varies at once.
    let way = [pos2(x_of(&harness, 9.0), y), pos2(x_of(&harness, 30.0), y)];
    drag(&mut harness, &way);
    click_with(&mut harness, PointerButton::Secondary, Modifiers::NONE, at);
    let entry = harness.get_by_label("Variations of bars 3–8…");
    assert!(entry.accesskit_node().is_disabled());
    // Nobody is there who could write.
    let entry = harness.get_by_label("Continue after bar 8…");
    assert!(entry.accesskit_node().is_disabled());
}
