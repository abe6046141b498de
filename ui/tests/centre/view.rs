//! Following, and how the view gets into the project and back.

use egui::{Modifiers, Vec2};
use egui_kittest::Harness;
use protocol::{Command, PlayState, VersionId, ViewState};
use ui::UiCommand;

use crate::bench::{Bench, bench, bench_of, drag, rect, wheel, x_of};
use crate::common;

fn play_at(harness: &mut Harness<'_, Bench>, quarters: f64, state: PlayState) {
    let model = &mut harness.state_mut().model;
    let version = model.listening().unwrap();
    let secs = ui::centre::axis::Clock::new(&version.clock).secs_at(quarters);
    model.transport.state = state;
    model.transport.position_quarters = quarters;
    model.transport.position_secs = secs;
    // Long ago, so that nothing moves on by itself during a test.
    model.transport.rate_percent = 0.0;
    harness.run_steps(3);
}

fn in_view(harness: &Harness<'_, Bench>, quarters: f64) -> bool {
    let (from, to) = harness.state().centre.axis().span_quarters();
    (from..=to).contains(&quarters)
}

/// A view of two bars at the start.
fn near() -> Harness<'static, Bench> {
    let mut model = common::model();
    model.project.as_mut().unwrap().view =
        ViewState { span_quarters: Some((0.0, 8.0)), follow: true, ..ViewState::default() };
    bench(model)
}

#[test]
fn the_page_turns_when_the_playhead_leaves_it() {
    let mut harness = near();
    play_at(&mut harness, 7.0, PlayState::Playing);
    let page = harness.state().centre.axis().span_quarters();
    assert!((page.0 - 0.0).abs() < 0.01, "inside the page nothing moves");
    play_at(&mut harness, 8.5, PlayState::Playing);
    let next = harness.state().centre.axis().span_quarters();
    assert!(next.0 > 7.5 && next.0 < 8.5, "the playhead is at the left of the next page: {next:?}");
    assert!(((next.1 - next.0) - (page.1 - page.0)).abs() < 1e-6);
}

#[test]
fn stopping_does_not_move_the_view() {
    let mut harness = near();
    play_at(&mut harness, 30.0, PlayState::Playing);
    let page = harness.state().centre.axis().span_quarters();
    play_at(&mut harness, 0.0, PlayState::Stopped);
    assert_eq!(harness.state().centre.axis().span_quarters(), page);
}

#[test]
fn scrolling_zooming_and_editing_end_following() {
    for way in ["scroll", "zoom", "edit"] {
        let mut harness = near();
        play_at(&mut harness, 1.0, PlayState::Playing);
        let roll = rect(&harness, "Piano roll").center();
        match way {
            "scroll" => wheel(&mut harness, roll, -1.0, Modifiers::SHIFT),
            "zoom" => wheel(&mut harness, roll, 1.0, Modifiers::CTRL),
            _ => {
                let lane = rect(&harness, "Tempo lane").center();
                drag(&mut harness, &[lane, lane + Vec2::new(40.0, 10.0)]);
            }
        }
        assert_eq!(harness.state().centre.is_on(UiCommand::ToggleFollow), Some(false), "{way}");
        play_at(&mut harness, 40.0, PlayState::Playing);
        assert!(!in_view(&harness, 40.0), "{way}: the view stays where the user put it");
        harness.state_mut().run(UiCommand::ToggleFollow);
        harness.run_steps(2);
        assert!(in_view(&harness, 40.0), "{way}: switched on again, it goes there");
    }
}

#[test]
fn playing_again_follows_again_unless_following_was_switched_off() {
    let mut harness = near();
    let roll = rect(&harness, "Piano roll").center();
    for (is_wanted, is_followed) in [(true, true), (false, false)] {
        play_at(&mut harness, 1.0, PlayState::Paused);
        if harness.state().centre.is_on(UiCommand::ToggleFollow) != Some(is_wanted) {
            harness.state_mut().run(UiCommand::ToggleFollow);
        }
        wheel(&mut harness, roll, 1.0, Modifiers::SHIFT);
        assert_eq!(harness.state().centre.is_on(UiCommand::ToggleFollow), Some(false));
        play_at(&mut harness, 40.0, PlayState::Playing);
        assert_eq!(in_view(&harness, 40.0), is_followed);
        play_at(&mut harness, 1.0, PlayState::Paused);
        harness.state_mut().centre.show_quarters(0.0, 8.0);
    }
}

#[test]
fn fit_shows_every_note_in_pitch_and_time() {
    let mut model = common::model();
    let last = model.score.notes.len() - 1;
    (model.score.notes[0].pitch, model.score.notes[last].pitch) = (21, 108);
    let version = model.versions.get_mut(&VersionId::Take(2)).unwrap();
    // The last note rings on behind the last bar.
    version.performance.notes[last].duration_secs = 9.0;
    let end_secs = version.performance.notes[last].onset_secs + 9.0;
    let mut harness = bench_of(model, egui::Theme::Dark, Vec2::new(800.0, 560.0));
    harness.state_mut().run(UiCommand::ZoomFit);
    harness.run_ok();
    let roll = rect(&harness, "Piano roll");
    let centre = &harness.state().centre;
    let pitches = centre.pitches();
    assert!(pitches.y(roll, 108.0) >= roll.top() - 0.01, "the highest key");
    assert!(pitches.y(roll, 20.0) <= roll.bottom() + 0.01, "the lowest key");
    let end = centre.axis().unit_of_secs(end_secs);
    assert!(end <= centre.axis().end(), "{end} {}", centre.axis().end());
}

fn remembered(sent: &[Command]) -> Vec<ViewState> {
    let views = sent.iter().filter_map(|c| match c {
        Command::Remember(view) => Some(view.clone()),
        _ => None,
    });
    views.collect()
}

#[test]
fn the_view_is_told_when_it_changes_and_not_more_often_than_once_a_second() {
    let mut harness = bench(common::model());
    harness.run_steps(90);
    assert!(remembered(&harness.state().sent).is_empty(), "nothing changed");
    let roll = rect(&harness, "Piano roll").center();
    let began = harness.ctx.input(|i| i.time);
    // Zooming all the time.
    for k in 0..90 {
        wheel(&mut harness, roll, if k % 2 == 0 { 0.3 } else { -0.2 }, Modifiers::CTRL);
    }
    harness.run_steps(45);
    let secs = harness.ctx.input(|i| i.time) - began;
    let views = remembered(&harness.state().sent);
    assert!(secs > 4.0 && views.len() >= 3, "{} words in {secs} s", views.len());
    assert!(views.len() as f64 <= secs + 1.0, "{} words in {secs} s", views.len());
    let (from, to) = harness.state().centre.axis().span_quarters();
    let told = views.last().unwrap().span_quarters.unwrap();
    assert!((told.0 - from).abs() < 1e-6 && (told.1 - to).abs() < 1e-6, "the last word is how it looks");
}

#[test]
fn the_view_comes_back_with_the_project() {
    let mut model = common::model();
    model.project.as_mut().unwrap().view = ViewState {
        span_quarters: Some((16.0, 32.0)),
        in_seconds: true,
        selection: Some(4..8),
        looped: Some(5..6),
        follow: false,
        page: None,
        panel: None,
        variations: None,
        best: Vec::new(),
        through_piano: Vec::new(),
    };
    let mut harness = Harness::builder()
        .with_size(Vec2::new(800.0, 660.0))
        .with_step_dt(1.0 / 30.0)
        .build_ui_state(|ui, bench: &mut Bench| bench.ui(ui), Bench { model, ..Bench::default() });
    harness.run_steps(60);
    let bench = harness.state();
    let axis = bench.centre.axis();
    let (from, to) = axis.span_quarters();
    assert!(axis.in_seconds());
    assert!((from - 16.0).abs() < 1e-6 && (to - 32.0).abs() < 1e-6);
    assert_eq!(bench.centre.selected_bars(), Some(4..8));
    assert_eq!(bench.centre.is_on(UiCommand::ToggleFollow), Some(false));
    assert_eq!(bench.sent, [], "what comes from the project is not told to it again");
}

#[test]
fn another_score_forgets_the_selection() {
    let mut harness = bench(common::model());
    let ruler = rect(&harness, "Ruler").center();
    let way = [egui::pos2(x_of(&harness, 5.0), ruler.y), egui::pos2(x_of(&harness, 20.0), ruler.y)];
    drag(&mut harness, &way);
    harness.state_mut().run(UiCommand::SelectAll);
    let events = common::events();
    for event in events {
        harness.state_mut().model.apply(event, 0.0);
    }
    harness.run_ok();
    assert_eq!(harness.state().centre.selected_bars(), None);
    assert!(harness.state().centre.selected_notes().is_empty());
}
