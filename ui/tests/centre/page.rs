//! The engraved page: views, clicks, drags, lit notes, following, zooming.

use egui::{Key, Modifiers, PointerButton, Pos2, Rect, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use protocol::{Command, Event, PageState, PageView, Panes, PlayState, ScoreId, ViewState};
use ui::centre::axis::Clock;
use ui::{Model, UiCommand};

use crate::bench::{Bench, bench, click, click_with, drag, rect, wheel};
use crate::common;

/// A note of the melody in bar 3.
const NOTE: u32 = 40;

/// Answers what is asked about the page until nothing is; gives what else was asked.
pub fn answer(harness: &mut Harness<'_, Bench>) -> Vec<Command> {
    let mut others = Vec::new();
    for _ in 0..20 {
        let asked = harness.state_mut().take();
        let mut is_answered = false;
        for command in asked {
            let bench = harness.state_mut();
            match command {
                Command::ShowPage { width_spaces, .. } => {
                    let page = common::page(&bench.model.score, width_spaces);
                    bench.model.apply(Event::Page(Box::new(page)), 0.0);
                    is_answered = true;
                }
                Command::DrawSystem { width_spaces, system, pixels_per_space, .. } => {
                    let page = common::page(&bench.model.score, width_spaces);
                    bench.centre.take_drawing(common::drawn(&page, system, pixels_per_space));
                    is_answered = true;
                }
                other => others.push(other),
            }
        }
        if !is_answered {
            break;
        }
        harness.run_steps(3);
    }
    others
}

/// The page as wide as the centre, or above the roll.
pub fn paged(view: UiCommand) -> Harness<'static, Bench> {
    paged_with(common::model(), view)
}

/// The same with another model.
pub fn paged_with(model: Model, view: UiCommand) -> Harness<'static, Bench> {
    let mut harness = bench(model);
    harness.state_mut().run(view);
    harness.run_ok();
    assert_eq!(answer(&mut harness), []);
    harness
}

/// Where a bar is on the screen.
pub fn bar(harness: &Harness<'_, Bench>, number: usize) -> Rect {
    rect(harness, &format!("Bar {number} on the page"))
}

/// A place in a bar with no head: its share from the left, below the staves.
pub fn in_bar(harness: &Harness<'_, Bench>, number: usize, share: f32) -> Pos2 {
    let bar = bar(harness, number);
    pos2(bar.left() + share * bar.width(), bar.bottom() + 9.0)
}

/// The middle of a note's head.
pub fn head(harness: &Harness<'_, Bench>, note: u32) -> Pos2 {
    let page = harness.state().centre.page();
    let (sheet, placement) = (page.sheet().unwrap(), page.place(1.0).unwrap());
    let (system, head) = sheet.heads_of(note).next().unwrap();
    let corner = placement.corner(sheet.corner(system));
    placement.rect_in(corner, [head.left, head.top, head.right, head.bottom]).center()
}

pub fn play_at(harness: &mut Harness<'_, Bench>, quarters: f64) -> f64 {
    let model = &mut harness.state_mut().model;
    let secs = Clock::new(&model.listening().unwrap().clock).secs_at(quarters);
    model.transport.state = PlayState::Playing;
    model.transport.position_quarters = quarters;
    model.transport.position_secs = secs;
    // Nothing moves on by itself during a test.
    model.transport.rate_percent = 0.0;
    harness.run_steps(3);
    secs
}

/// The bars in view, by their numbers.
pub fn bars_in_view(harness: &Harness<'_, Bench>) -> Vec<usize> {
    (1..=common::BARS).filter(|n| harness.query_by_label(&format!("Bar {n} on the page")).is_some()).collect()
}

#[test]
fn views_are_chosen_in_the_row_at_the_top_and_go_round_with_a_key() {
    let mut harness = bench(common::model());
    let shown = |harness: &Harness<'_, Bench>| {
        ["Engraved page", "Piano roll"].map(|part| harness.query_by_label(part).is_some())
    };
    assert_eq!(shown(&harness), [false, true]);
    for (name, parts) in [("Page", [true, false]), ("Both", [true, true]), ("Roll", [false, true])] {
        harness.get_by_label(name).click();
        harness.run_ok();
        assert_eq!(shown(&harness), parts, "{name}");
    }
    for parts in [[true, false], [true, true], [false, true]] {
        harness.key_press(Key::V);
        harness.run_ok();
        assert_eq!(shown(&harness), parts);
    }
    harness.state_mut().run(UiCommand::ViewPage);
    assert_eq!(harness.state().centre.is_on(UiCommand::ViewPage), Some(true));
    // What is drawn into the roll needs it.
    harness.state_mut().run(UiCommand::ToolTempo);
    harness.run_ok();
    assert_eq!(shown(&harness), [true, true]);
}

#[test]
fn no_page_is_asked_for_before_it_is_shown() {
    let mut harness = bench(common::model());
    harness.run_steps(30);
    assert_eq!(harness.state_mut().take(), []);
    harness.state_mut().run(UiCommand::ViewPage);
    harness.run_ok();
    let asked = harness.state_mut().take();
    // 760 points of 800 are for the systems.
    assert_eq!(asked, [Command::ShowPage { score: ScoreId(0), width_spaces: 95.0 }]);
}

#[test]
fn the_line_between_page_and_roll_is_dragged() {
    let mut harness = paged(UiCommand::ViewBoth);
    let before = rect(&harness, "Engraved page");
    let line = rect(&harness, "Between page and roll").center();
    drag(&mut harness, &[line, line - vec2(0.0, 60.0)]);
    let after = rect(&harness, "Engraved page");
    assert!((before.height() - after.height() - 60.0).abs() < 2.0, "{before:?} {after:?}");
    assert!(rect(&harness, "Ruler").top() > after.bottom());
}

#[test]
fn pictures_are_asked_for_in_the_scale_of_the_screen() {
    let harness = paged(UiCommand::ViewPage);
    let page = harness.state().centre.page();
    let (sheet, inks) = (page.sheet().unwrap(), page.inks().unwrap());
    let near = sheet.with_neighbours(&page.place(1.0).unwrap());
    assert!(near.len() >= 4, "{near:?}");
    for system in near {
        let ink = inks.get(system).unwrap();
        assert_eq!(ink.scale(), 8.0, "eight points for a space, and one pixel for a point");
        assert!((ink.size_spaces() - vec2(95.0, 14.0)).length() < 0.2, "{:?}", ink.size_spaces());
    }
}

#[test]
fn a_click_seeks() {
    let mut harness = paged(UiCommand::ViewPage);
    for (number, share, quarters) in [(5, 0.5, 18.0), (6, 0.5, 22.0), (3, 0.001, 8.0)] {
        let at = in_bar(&harness, number, share);
        click(&mut harness, at);
        let sent = harness.state_mut().take();
        assert!(
            matches!(sent[..], [Command::SeekQuarters(q)] if (q - quarters).abs() < 0.05),
            "one seek to quarter {quarters}, not {sent:?}"
        );
        // Two clicks in quick succession would be a double click.
        harness.run_steps(30);
    }
}

#[test]
fn a_drag_selects_the_bars_that_the_ruler_selects() {
    let mut harness = paged(UiCommand::ViewPage);
    // From one system to the next.
    let way = [in_bar(&harness, 5, 0.3), in_bar(&harness, 8, 0.6)];
    drag(&mut harness, &way);
    assert_eq!(harness.state().centre.selected_bars(), Some(4..8));
    assert!(harness.state_mut().take().is_empty(), "selecting asks the shell for nothing");
    let further = in_bar(&harness, 10, 0.5);
    click_with(&mut harness, PointerButton::Primary, Modifiers::SHIFT, further);
    assert_eq!(harness.state().centre.selected_bars(), Some(4..10));
    harness.key_press(Key::L);
    harness.run_ok();
    assert_eq!(harness.state_mut().take(), [Command::Loop(Some(4..10))]);
    harness.key_press(Key::Escape);
    harness.run_ok();
    assert_eq!(harness.state().centre.selected_bars(), None);
}

#[test]
fn a_click_on_a_head_selects_its_note() {
    let mut harness = paged(UiCommand::ViewPage);
    let at = head(&harness, NOTE);
    click(&mut harness, at);
    assert_eq!(harness.state().centre.selected_notes(), [NOTE]);
    let sent = harness.state_mut().take();
    let pitch = harness.state().model.score.notes[NOTE as usize].pitch;
    assert!(matches!(sent[..], [Command::Audition(p, _)] if p == pitch), "it is heard, not {sent:?}");
    let other = head(&harness, NOTE + 2);
    click_with(&mut harness, PointerButton::Primary, Modifiers::SHIFT, other);
    assert_eq!(harness.state().centre.selected_notes(), [NOTE, NOTE + 2]);
    harness.run_steps(30);
    click_with(&mut harness, PointerButton::Primary, Modifiers::COMMAND, at);
    assert_eq!(harness.state().centre.selected_notes(), [NOTE + 2]);
    // The selection is that of the roll.
    harness.state_mut().run(UiCommand::ViewRoll);
    harness.run_ok();
    assert_eq!(harness.state().centre.selected_notes(), [NOTE + 2]);
}

#[test]
fn the_pointer_tells_what_the_version_does_with_a_note() {
    let mut harness = paged(UiCommand::ViewPage);
    harness.hover_at(head(&harness, NOTE));
    for _ in 0..40 {
        harness.step();
    }
    let velocity = harness.state().model.listening().unwrap().performance.notes[NOTE as usize].velocity;
    assert!(harness.query_by_label(&format!("Velocity {velocity}")).is_some());
}

#[test]
fn notes_are_lit_while_they_sound() {
    let mut harness = paged(UiCommand::ViewPage);
    assert!(harness.state().centre.page().lit().is_empty());
    for k in 0..10 {
        let secs = play_at(&mut harness, 0.3 + f64::from(k) * 6.03);
        let notes = &harness.state().model.listening().unwrap().performance.notes;
        let sounding = notes.iter().filter(|n| n.onset_secs < secs && secs < n.onset_secs + n.duration_secs);
        let mut expected: Vec<u32> = sounding.map(|n| n.note).collect();
        let mut lit = harness.state().centre.page().lit().to_vec();
        expected.sort_unstable();
        lit.sort_unstable();
        assert!(!expected.is_empty());
        assert_eq!(lit, expected, "at {secs} s");
        assert_eq!(harness.get_all_by_label_contains(" sounds").count(), lit.len());
    }
    harness.state_mut().model.transport.state = PlayState::Paused;
    harness.run_steps(2);
    assert!(harness.state().centre.page().lit().is_empty());
}

#[test]
fn the_page_follows_the_playhead_until_it_is_scrolled() {
    let mut harness = paged(UiCommand::ViewPage);
    assert!(bars_in_view(&harness).contains(&1) && !bars_in_view(&harness).contains(&15));
    play_at(&mut harness, 57.0);
    assert!(bars_in_view(&harness).contains(&15), "{:?}", bars_in_view(&harness));
    let page = rect(&harness, "Engraved page").center();
    wheel(&mut harness, page, 30.0, Modifiers::NONE);
    harness.run_steps(20);
    assert_eq!(harness.state().centre.is_on(UiCommand::ToggleFollow), Some(false));
    assert!(bars_in_view(&harness).contains(&1), "{:?}", bars_in_view(&harness));
    play_at(&mut harness, 58.0);
    assert!(bars_in_view(&harness).contains(&1), "it stays where it was put");
}

#[test]
fn a_zoomed_page_is_engraved_anew_and_the_old_one_is_shown_meanwhile() {
    let mut harness = paged(UiCommand::ViewPage);
    let at = in_bar(&harness, 6, 0.5);
    let width = |harness: &Harness<'_, Bench>| harness.state().centre.page().sheet().unwrap().width();
    let wide = bar(&harness, 5).width();
    for _ in 0..2 {
        wheel(&mut harness, at, 1.0, Modifiers::CTRL);
    }
    assert!(harness.state().centre.page().points_per_space() > 10.0);
    assert_eq!(width(&harness), 95.0);
    assert!(bar(&harness, 5).width() > wide * 1.2, "it is drawn larger at once");
    assert!((bar(&harness, 5).bottom() + 9.0 - at.y).abs() < 12.0, "about the pointer");
    harness.run_steps(15);
    let asked = harness.state_mut().take();
    let [Command::ShowPage { width_spaces, .. }] = asked[..] else { panic!("one page, not {asked:?}") };
    assert!((65.0..80.0).contains(&width_spaces), "{width_spaces}");
    // The first systems alone fill no screen.
    let whole = common::page(&harness.state().model.score, width_spaces);
    let first = PageView { systems: whole.systems[..1].to_vec(), is_complete: false, ..whole.clone() };
    harness.state_mut().model.apply(Event::Page(Box::new(first)), 0.0);
    harness.run_steps(3);
    assert_eq!(width(&harness), 95.0);
    harness.state_mut().model.apply(Event::Page(Box::new(whole)), 0.0);
    harness.run_steps(3);
    assert_eq!(width(&harness), 95.0, "without pictures");
    answer(&mut harness);
    assert_eq!(width(&harness), width_spaces);
    assert!(bars_in_view(&harness).contains(&6), "the same music is in view");
    harness.state_mut().run(UiCommand::ZoomFit);
    harness.run_steps(15);
    answer(&mut harness);
    assert_eq!(width(&harness), 95.0);
}

#[test]
fn systems_that_were_laid_out_too_early_are_drawn_anew() {
    let mut harness = bench(common::model());
    harness.state_mut().run(UiCommand::ViewPage);
    harness.run_ok();
    harness.state_mut().take();
    // The beginning alone: two systems, of which the second comes out differently in the whole.
    let whole = common::page(&harness.state().model.score, 95.0);
    let mut systems = whole.systems[..2].to_vec();
    systems[1].height += 3.0;
    let first = PageView { systems, is_complete: false, ..whole.clone() };
    harness.state_mut().model.apply(Event::Page(Box::new(first.clone())), 0.0);
    harness.run_steps(3);
    for system in 0..2 {
        harness.state_mut().centre.take_drawing(common::drawn(&first, system, 8.0));
    }
    harness.run_steps(3);
    harness.state_mut().take();
    harness.state_mut().model.apply(Event::Page(Box::new(whole)), 0.0);
    harness.run_steps(3);
    let asked = harness.state_mut().take();
    let drawn = asked.iter().map(|command| match command {
        Command::DrawSystem { system, .. } => *system,
        other => panic!("only drawings, not {other:?}"),
    });
    let drawn: Vec<u32> = drawn.collect();
    assert!(drawn.contains(&1) && !drawn.contains(&0), "{drawn:?}");
}

#[test]
fn colours_say_what_is_louder_or_held_longer() {
    let mut harness = bench(common::model());
    harness.state_mut().run(UiCommand::TintLoudness);
    harness.run_ok();
    answer(&mut harness);
    assert_eq!(harness.state().centre.is_on(UiCommand::ViewBoth), Some(true), "they are seen on the page");
    harness.get_by_label("Colours of notes: softer, louder than this version on the whole");
    let value = |harness: &Harness<'_, Bench>, note: u32| harness.state().centre.page().tints().value(note);
    let model = &harness.state().model;
    let notes = &model.listening().unwrap().performance.notes;
    let mean = notes.iter().map(|n| f64::from(n.velocity)).sum::<f64>() / notes.len() as f64;
    let mut signs = [0, 0];
    for played in notes {
        let louder = (f64::from(played.velocity) - mean) as f32;
        let value = value(&harness, played.note);
        assert!(value * louder >= 0.0 && (value == 0.0) == (louder == 0.0), "{value} {louder}");
        signs[usize::from(louder > 0.0)] += 1;
    }
    assert!(signs.iter().all(|count| *count > 10), "{signs:?}");

    // One at a time, and off again.
    harness.state_mut().run(UiCommand::TintLength);
    harness.run_ok();
    assert_eq!(harness.state().centre.is_on(UiCommand::TintLoudness), Some(false));
    harness.get_by_label("Colours of notes: shorter, longer than written");
    let model = &harness.state().model;
    let short =
        model.listening().unwrap().articulation.iter().position(|r| r.is_some_and(|r| r < 0.9)).unwrap();
    assert!(value(&harness, short as u32) < -0.1);
    harness.state_mut().run(UiCommand::TintLength);
    harness.run_ok();
    assert_eq!(value(&harness, short as u32), 0.0);
    assert!(harness.query_by_label_contains("Colours of notes").is_none());
}

#[test]
fn what_cannot_be_engraved_is_said_and_the_roll_offered() {
    let mut harness = bench(common::model());
    harness.state_mut().run(UiCommand::ViewPage);
    harness.run_ok();
    let problem = "This score cannot be engraved: too many voices; the roll shows it.";
    let page = PageView { width_spaces: 95.0, problem: Some(problem.to_owned()), ..PageView::default() };
    harness.state_mut().model.apply(Event::Page(Box::new(page)), 0.0);
    harness.run_ok();
    harness.get_by_label(problem);
    harness.get_by_label("Show the piano roll").click();
    harness.run_ok();
    assert_eq!(harness.state_mut().out.take_ui(), [UiCommand::ViewRoll]);
}

#[test]
fn another_score_has_another_page() {
    let mut harness = paged(UiCommand::ViewPage);
    for event in common::events() {
        harness.state_mut().model.apply(event, 0.0);
    }
    // It is kept with the project, which does not say so here.
    harness.state_mut().run(UiCommand::ViewPage);
    harness.run_steps(2);
    harness.state_mut().run(UiCommand::ViewPage);
    harness.run_steps(2);
    assert!(harness.state().centre.page().sheet().is_none());
    let asked = harness.state_mut().take();
    assert!(matches!(asked[..], [Command::ShowPage { .. }]), "{asked:?}");
}

#[test]
fn the_view_is_kept_with_the_project() {
    let mut model = common::model();
    let state = PageState {
        panes: Panes::Both,
        points_per_space: 6.5,
        share: 0.25,
        is_endless: false,
        tint: None,
        has_curves: false,
        has_marks: false,
        shows_slips: [true; 4],
    };
    model.project.as_mut().unwrap().view =
        ViewState { page: Some(state), follow: true, ..ViewState::default() };
    let mut harness = bench(model);
    let [page, roll] = ["Engraved page", "Piano roll"].map(|part| rect(&harness, part));
    assert!(page.height() < roll.bottom() - page.bottom(), "{page:?} {roll:?}");
    assert_eq!(harness.state().centre.page().points_per_space(), 6.5);
    harness.state_mut().sent.clear();
    harness.state_mut().run(UiCommand::ViewPage);
    harness.run_steps(40);
    let kept = harness.state().sent.iter().rev().find_map(|command| match command {
        Command::Remember(view) => view.page,
        _ => None,
    });
    assert_eq!(kept, Some(PageState { panes: Panes::Page, ..state }));
}
