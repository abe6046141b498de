//! The page as one endless system: asked for, laid out, followed, left again.

use egui::{Modifiers, Rect};
use egui_kittest::Harness;
use protocol::Command;
use protocol::limits::ENDLESS_SPACES;
use ui::UiCommand;

use crate::bench::{Bench, bench, click, drag, rect, wheel};
use crate::common;
use crate::page::{answer, bar, bars_in_view, in_bar, play_at};

/// The endless system alone, in a view that is a hundred staff spaces wide.
fn line() -> Harness<'static, Bench> {
    let mut harness = bench(common::model());
    harness.state_mut().run(UiCommand::ViewPage);
    harness.state_mut().run(UiCommand::EndlessSystem);
    harness.run_ok();
    assert_eq!(answer(&mut harness), []);
    harness
}

#[test]
fn one_endless_system_is_asked_for_and_its_parts_stand_side_by_side() {
    let mut harness = bench(common::model());
    harness.state_mut().run(UiCommand::EndlessSystem);
    assert_eq!(harness.state().centre.is_on(UiCommand::ViewBoth), Some(true), "it is seen on the page");
    harness.run_ok();
    let asked = harness.state_mut().take();
    assert!(
        matches!(asked[..], [Command::ShowPage { width_spaces, .. }] if width_spaces == ENDLESS_SPACES),
        "{asked:?}"
    );
    let harness = line();
    assert_eq!(bars_in_view(&harness), [1, 2, 3, 4]);
    let bars: Vec<Rect> = (1..=4).map(|number| bar(&harness, number)).collect();
    for pair in bars.windows(2) {
        assert!((pair[0].right() - pair[1].left()).abs() < 1.5, "they join: {bars:?}");
        assert_eq!(pair[0].top(), pair[1].top());
    }
    let page = rect(&harness, "Engraved page");
    let height = bars[0].center().y - page.center().y;
    assert!(height.abs() < 20.0, "it is in the middle of the height: {height}");
}

#[test]
fn clicks_and_drags_find_bars_in_a_line() {
    let mut harness = line();
    let at = in_bar(&harness, 3, 0.5);
    click(&mut harness, at);
    let sent = harness.state_mut().take();
    assert!(matches!(sent[..], [Command::SeekQuarters(q)] if (q - 10.0).abs() < 0.05), "{sent:?}");
    harness.run_steps(30);
    let way = [in_bar(&harness, 1, 0.5), in_bar(&harness, 3, 0.2)];
    drag(&mut harness, &way);
    assert_eq!(harness.state().centre.selected_bars(), Some(0..3));
}

#[test]
fn a_line_moves_on_below_the_playhead() {
    let mut harness = line();
    play_at(&mut harness, 33.0);
    let first = bar(&harness, 9);
    // A quarter into bar 9 is 8.5 spaces of 8 points behind its bar line, at three tenths of the view.
    assert!((first.left() - (0.3 * 800.0 - 8.5 * 8.0)).abs() < 3.0, "{first:?}");
    play_at(&mut harness, 33.5);
    let moved = first.left() - bar(&harness, 9).left();
    assert!((moved - 3.25 * 8.0).abs() < 3.0, "half a quarter further: {moved}");
    let at = rect(&harness, "Engraved page").center();
    wheel(&mut harness, at, 60.0, Modifiers::NONE);
    harness.run_steps(20);
    assert_eq!(harness.state().centre.is_on(UiCommand::ToggleFollow), Some(false));
    assert!(bars_in_view(&harness).contains(&1), "the wheel scrolls sideways: {:?}", bars_in_view(&harness));
}

#[test]
fn pages_and_line_show_the_same_music() {
    let mut harness = line();
    let at = rect(&harness, "Engraved page").center();
    wheel(&mut harness, at, -200.0, Modifiers::NONE);
    harness.run_steps(20);
    answer(&mut harness);
    assert!(bars_in_view(&harness).contains(&16) && !bars_in_view(&harness).contains(&8));
    // On the page the first system in view is that of bars 7 and 8.
    for (is_endless, number) in [(false, 13), (true, 7)] {
        harness.state_mut().run(UiCommand::EndlessSystem);
        harness.run_steps(15);
        answer(&mut harness);
        assert_eq!(harness.state().centre.page().sheet().unwrap().is_endless(), is_endless);
        assert!(bars_in_view(&harness).contains(&number), "{:?}", bars_in_view(&harness));
    }
}
