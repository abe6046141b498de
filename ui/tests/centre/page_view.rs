//! The page in the window: edges that scroll, what is said, what comes back, the menu, what the roll keeps.

use egui::{Modifiers, PointerButton, Rect, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use protocol::{Command, Edit, PageState, PageTint, Panes, PinKind, ViewState};
use ui::UiCommand;

use crate::bench::{Bench, bench, bench_of, click_with, drag, press_and_move, rect, release, wheel};
use crate::common;
use crate::page::{answer, bar, bars_in_view, head, in_bar, paged};

const STATE: PageState = PageState {
    panes: Panes::Both,
    points_per_space: 7.0,
    share: 0.4,
    is_endless: true,
    tint: Some(PageTint::Loudness),
    has_curves: true,
    has_marks: false,
    shows_slips: [true; 4],
};

#[test]
fn a_drag_at_the_edge_scrolls_and_goes_on_selecting() {
    let mut harness = paged(UiCommand::ViewPage);
    let page = rect(&harness, "Engraved page");
    let from = in_bar(&harness, 5, 0.3);
    let edge = pos2(in_bar(&harness, 6, 0.8).x, page.bottom() - 1.0);
    let button = PointerButton::Primary;
    press_and_move(&mut harness, button, Modifiers::NONE, &[from, edge]);
    harness.run_steps(120);
    assert!(bars_in_view(&harness).contains(&16) && !bars_in_view(&harness).contains(&1));
    assert_eq!(harness.state().centre.selected_bars(), Some(4..16));
    // Back up beyond the upper edge.
    harness.event(egui::Event::PointerMoved(pos2(edge.x, page.top() - 30.0)));
    harness.run_steps(120);
    assert!(bars_in_view(&harness).contains(&1) && !bars_in_view(&harness).contains(&16));
    assert_eq!(harness.state().centre.selected_bars(), Some(1..5));
    release(&mut harness, button, Modifiers::NONE, pos2(edge.x, page.top() - 30.0));
    assert_eq!(harness.state().centre.selected_bars(), Some(1..5));
}

#[test]
fn a_drag_in_the_middle_scrolls_nothing() {
    let mut harness = paged(UiCommand::ViewPage);
    let before = bar(&harness, 1);
    let way = [in_bar(&harness, 3, 0.3), in_bar(&harness, 7, 0.6)];
    press_and_move(&mut harness, PointerButton::Primary, Modifiers::NONE, &way);
    harness.run_steps(30);
    assert_eq!(bar(&harness, 1), before);
    release(&mut harness, PointerButton::Primary, Modifiers::NONE, way[1]);
}

#[test]
fn what_is_engraved_anew_says_so() {
    let mut harness = paged(UiCommand::ViewPage);
    let says = |harness: &Harness<'_, Bench>| harness.query_by_label("Engraving…").is_some();
    assert!(!says(&harness));
    let at = rect(&harness, "Engraved page").center();
    wheel(&mut harness, at, 1.0, Modifiers::CTRL);
    harness.run_steps(3);
    assert!(says(&harness));
    let (sign, page) = (rect(&harness, "Engraving…"), rect(&harness, "Engraved page"));
    assert!(page.contains_rect(sign) && (sign.right_top() - page.right_top()).length() < 20.0, "{sign:?}");
    harness.run_steps(15);
    answer(&mut harness);
    harness.run_steps(2);
    assert!(!says(&harness));
}

#[test]
fn title_and_composer_stand_above_the_first_system() {
    let harness = paged(UiCommand::ViewPage);
    let title = rect(&harness, "Evening song by Nobody, above the page");
    assert!(title.top() >= rect(&harness, "Engraved page").top() && title.height() > 20.0, "{title:?}");
    assert!(title.bottom() <= rect(&harness, "System 1").top() + 1.0);
}

fn remembered(harness: &Harness<'_, Bench>) -> Option<PageState> {
    harness.state().sent.iter().rev().find_map(|command| match command {
        Command::Remember(view) => view.page,
        _ => None,
    })
}

#[test]
fn colours_layers_and_the_endless_system_are_kept_and_come_back() {
    let mut model = common::model();
    let view = ViewState { page: Some(STATE), span_quarters: Some((0.0, 64.0)), ..ViewState::default() };
    model.project.as_mut().unwrap().view = view;
    let mut harness = bench(model);
    let is_on = |harness: &Harness<'_, Bench>, command| harness.state().centre.is_on(command);
    let shown =
        [UiCommand::ViewBoth, UiCommand::EndlessSystem, UiCommand::TintLoudness, UiCommand::PageCurves];
    for command in shown {
        assert_eq!(is_on(&harness, command), Some(true), "{command:?}");
    }
    assert_eq!(is_on(&harness, UiCommand::ToggleFollow), Some(false));
    assert_eq!(is_on(&harness, UiCommand::PageMarks), Some(false));
    for command in
        [UiCommand::TintLength, UiCommand::EndlessSystem, UiCommand::PageCurves, UiCommand::PageMarks]
    {
        harness.state_mut().run(command);
    }
    harness.run_steps(40);
    let kept = PageState {
        tint: Some(PageTint::Length),
        is_endless: false,
        has_curves: false,
        has_marks: true,
        ..STATE
    };
    assert_eq!(remembered(&harness), Some(kept));
}

#[test]
fn which_slips_are_marked_is_kept() {
    let mut model = common::model();
    let view = ViewState { page: Some(STATE), span_quarters: Some((0.0, 64.0)), ..ViewState::default() };
    model.project.as_mut().unwrap().view = view;
    let mut harness = bench(model);
    harness.state_mut().run(UiCommand::MarkExtra);
    harness.run_steps(40);
    let kept = PageState { shows_slips: [true, true, false, true], ..STATE };
    assert_eq!(remembered(&harness), Some(kept));
    let mut model = common::model();
    model.project.as_mut().unwrap().view = ViewState { page: Some(kept), ..ViewState::default() };
    let harness = bench(model);
    let marks =
        [UiCommand::MarkWrong, UiCommand::MarkMissed, UiCommand::MarkExtra, UiCommand::MarkHesitations];
    assert_eq!(marks.map(|command| harness.state().centre.is_on(command).unwrap()), kept.shows_slips);
}

#[test]
fn a_new_piece_is_shown_as_the_last_one_was() {
    let model = || {
        let mut model = common::model();
        model.settings.settings.page = Some(STATE);
        model
    };
    let mut harness = bench(model());
    assert_eq!(harness.state().centre.is_on(UiCommand::ViewBoth), Some(true));
    assert_eq!(harness.state().centre.is_on(UiCommand::TintLoudness), Some(true));
    harness.run_steps(40);
    assert_eq!(remembered(&harness), None, "nobody has chosen anything for this piece");
    // One that was shown before comes back as it was.
    let mut model = model();
    let view = ViewState { span_quarters: Some((0.0, 64.0)), ..ViewState::default() };
    model.project.as_mut().unwrap().view = view;
    let harness = bench(model);
    assert_eq!(harness.state().centre.is_on(UiCommand::ViewRoll), Some(true));
}

#[test]
fn the_roll_keeps_its_pitches_from_view_to_view() {
    let mut harness = bench(common::model());
    let roll = rect(&harness, "Piano roll");
    for lines in [1.0, 1.0, 1.0] {
        wheel(
            &mut harness,
            pos2(roll.center().x, roll.top() + 20.0),
            lines,
            Modifiers::CTRL | Modifiers::SHIFT,
        );
    }
    harness.run_steps(20);
    let seen = |harness: &Harness<'_, Bench>| {
        let (pitches, roll) = (harness.state().centre.pitches(), rect(harness, "Piano roll"));
        (pitches.row_height(), pitches.pitch_at(roll, roll.center().y))
    };
    let (row, middle) = seen(&harness);
    for view in [UiCommand::ViewBoth, UiCommand::ViewPage, UiCommand::ViewRoll] {
        harness.state_mut().run(view);
        harness.run_ok();
        if view != UiCommand::ViewPage {
            let (row_now, middle_now) = seen(&harness);
            assert_eq!(row_now, row);
            assert!((middle_now - middle).abs() < 0.1, "{middle} {middle_now}");
        }
    }
}

#[test]
fn words_of_moods_are_not_cut_beside_the_page() {
    let mut harness = bench(common::model());
    let spans = vec![common::span("gentle", 0..8), common::fierce("fierce", 8..16)];
    harness.state_mut().model.apply(common::mood("gentle, then fierce", spans), 0.0);
    harness.run_ok();
    let alone = rect(&harness, "Mood lane").height();
    harness.state_mut().run(UiCommand::ViewBoth);
    harness.run_ok();
    let beside = rect(&harness, "Mood lane").height();
    assert!((alone - beside).abs() < 1.5 && beside > 30.0, "{alone} {beside}");
    let [mood, velocity] = ["Mood lane", "Fold velocity lane"].map(|lane| rect(&harness, lane));
    assert!(velocity.height() > 5.0 && mood.bottom() <= velocity.top() + 1.0, "{velocity:?}");
}

#[test]
fn the_menu_is_about_the_bar_below_the_pointer_or_the_selected_ones() {
    let mut harness = paged(UiCommand::ViewPage);
    let secondary = |harness: &mut Harness<'static, Bench>, at| {
        click_with(harness, PointerButton::Secondary, Modifiers::NONE, at);
        harness.run_steps(2);
    };
    let at = in_bar(&harness, 5, 0.5);
    secondary(&mut harness, at);
    assert!(harness.query_by_label("Pin velocity").is_none(), "no note is selected");
    harness.get_by_label("Loop bar 5").click();
    harness.run_ok();
    assert_eq!(harness.state_mut().take(), [Command::Loop(Some(4..5))]);

    let way = [in_bar(&harness, 5, 0.3), in_bar(&harness, 8, 0.6)];
    drag(&mut harness, &way);
    secondary(&mut harness, at);
    harness.get_by_label("Perform bars 5–8 anew").click();
    harness.run_ok();
    assert_eq!(harness.state_mut().out.take_ui(), [UiCommand::Perform]);
    // Elsewhere it is the bar there.
    let other = in_bar(&harness, 2, 0.5);
    secondary(&mut harness, other);
    harness.get_by_label("Select bar 2").click();
    harness.run_ok();
    assert_eq!(harness.state().centre.selected_bars(), Some(1..2));
}

#[test]
fn the_menu_pins_the_note_below_the_pointer_and_all_of_a_bar() {
    let mut harness = paged(UiCommand::ViewPage);
    let at = head(&harness, 40);
    click_with(&mut harness, PointerButton::Secondary, Modifiers::NONE, at);
    harness.run_steps(2);
    harness.get_by_label("Pin velocity").click();
    harness.run_ok();
    assert_eq!(harness.state_mut().take_edits(), [Edit::Pin(vec![40], vec![PinKind::Velocity])]);
    click_with(&mut harness, PointerButton::Secondary, Modifiers::NONE, at);
    harness.run_steps(2);
    harness.get_by_label("Pin everything in bar 3").click();
    harness.run_ok();
    let edits = harness.state_mut().take_edits();
    assert!(
        matches!(&edits[..], [Edit::Pin(notes, kinds)] if notes.len() > 8 && kinds.len() == 4),
        "{edits:?}"
    );
}

#[test]
fn views_and_tools_are_lists_where_there_is_little_room() {
    for (width, has_tools) in [(480.0, true), (380.0, false), (200.0, false)] {
        let mut harness = bench_of(common::model(), egui::Theme::Dark, vec2(width, 420.0));
        let is_inside = |rect: Rect| rect.left() >= 0.0 && rect.right() <= width;
        assert_eq!(harness.query_by_label("Dynamics").is_some(), has_tools, "{width}");
        assert!(is_inside(rect(&harness, "View: Roll")), "{width}");
        harness.get_by_label("View: Roll").click();
        harness.run_steps(3);
        harness.get_by_label("Page and roll").click();
        harness.run_steps(3);
        assert!(is_inside(rect(&harness, "View: Both")), "{width}");
        assert!(harness.query_by_label("Engraved page").is_some());
        if !has_tools {
            let list = rect(&harness, "Tool: Select");
            assert!(is_inside(list) && list.right() <= rect(&harness, "View: Both").left(), "{list:?}");
            harness.get_by_label("Tool: Select").click();
            harness.run_steps(3);
            harness.get_by_label("Tempo curve").click();
            harness.run_steps(3);
            assert!(harness.query_by_label("Tool: Tempo").is_some());
        }
    }
}
