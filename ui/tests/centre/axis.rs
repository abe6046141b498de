//! The time axis: the mapping both ways, zooming at the pointer, the two kinds of axis.

use egui::{Modifiers, pos2};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use ui::UiCommand;
use ui::centre::axis::{Clock, Strip, TimeAxis};

use crate::bench::{Bench, bench, press_and_move, rect, release, wheel, x_of};
use crate::common;

fn axis(clock: Clock) -> TimeAxis {
    let mut axis = TimeAxis::default();
    axis.set_clock(clock, (0.0, 64.0));
    axis.fit();
    axis
}

/// Clocks as performances have them: each quarter between 0.05 and 5 seconds long.
fn clocks() -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec((0.01f64..8.0, 0.05f64..5.0), 0..40).prop_map(|steps| {
        let (mut quarters, mut secs) = (0.0, 0.3);
        let mut points = vec![(quarters, secs)];
        for (length, beat_secs) in steps {
            quarters += length;
            secs += length * beat_secs;
            points.push((quarters, secs));
        }
        points
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(3), ..ProptestConfig::default() })]

    #[test]
    fn a_clock_goes_there_and_back(points in clocks(), quarters in -50.0f64..500.0) {
        let clock = Clock::new(&points);
        let back = clock.quarters_at(clock.secs_at(quarters));
        prop_assert!((back - quarters).abs() < 1e-6, "{quarters} became {back}");
    }

    #[test]
    fn a_clock_rises_and_goes_through_its_points(points in clocks(), a in -50.0f64..500.0, by in 1e-3f64..50.0) {
        let clock = Clock::new(&points);
        prop_assert!(clock.secs_at(a + by) > clock.secs_at(a));
        for (quarters, secs) in points {
            prop_assert!((clock.secs_at(quarters) - secs).abs() < 1e-9);
        }
    }

    #[test]
    fn zooming_keeps_what_is_under_the_pointer(
        points in clocks(), in_seconds: bool, factor in 1.0f64..1.2, share in 0.03f64..0.97, times in 1usize..20,
    ) {
        let mut axis = axis(Clock::new(&points));
        axis.set_in_seconds(in_seconds);
        let fixed = axis.start() + share * (axis.end() - axis.start());
        for _ in 0..times {
            axis.zoom(factor, fixed);
        }
        let now = (fixed - axis.start()) / (axis.end() - axis.start());
        prop_assert!((now - share).abs() < 1e-9, "was at {share}, is at {now}");
    }

    #[test]
    fn nothing_takes_the_view_off_the_piece(
        points in clocks(), moves in prop::collection::vec((0u8..4, -300.0f64..300.0), 0..30),
    ) {
        let mut axis = axis(Clock::new(&points));
        for (kind, amount) in moves {
            match kind {
                0 => axis.scroll(amount),
                1 => axis.zoom(amount.abs() / 50.0, amount),
                2 => axis.show_quarters(amount, amount + 7.0),
                _ => axis.set_in_seconds(amount > 0.0),
            }
            let (from, to) = axis.span_quarters();
            prop_assert!(axis.end() > axis.start());
            prop_assert!(axis.start().is_finite() && axis.end().is_finite());
            prop_assert!(to > 0.0 && from < 64.0, "the piece is not in view: {from} to {to}");
        }
    }
}

#[test]
fn a_broken_clock_still_rises() {
    for points in [
        vec![],
        vec![(3.0, 1.0)],
        vec![(0.0, 0.0), (1.0, 0.0), (2.0, f64::NAN), (1.5, 4.0), (f64::INFINITY, 5.0)],
    ] {
        let clock = Clock::new(&points);
        assert!(clock.secs_at(9.0) > clock.secs_at(8.0), "{points:?}");
        assert!(clock.quarters_at(9.0).is_finite());
    }
}

#[test]
fn the_other_axis_shows_the_same_stretch() {
    let clock = Clock::new(&[(0.0, 0.0), (32.0, 20.0), (64.0, 60.0)]);
    let mut axis = axis(clock);
    axis.show_quarters(30.0, 40.0);
    axis.set_in_seconds(true);
    assert_eq!((axis.start(), axis.end()), (18.75, 30.0));
    axis.set_in_seconds(false);
    assert!((axis.start() - 30.0).abs() < 1e-9 && (axis.end() - 40.0).abs() < 1e-9);
}

fn quarters_under(bench: &Bench, strip_over: egui::Rect, x: f32) -> f64 {
    let axis = bench.centre.axis();
    axis.quarters_at(Strip::new(axis, strip_over).unit(x))
}

#[test]
fn the_wheel_zooms_at_the_pointer_on_roll_ruler_and_lanes() {
    for part in ["Piano roll", "Ruler", "Tempo lane"] {
        let mut harness = bench(common::model());
        let over = rect(&harness, "Piano roll");
        let at = pos2(over.left() + over.width() * 0.6, rect(&harness, part).center().y);
        for modifiers in [Modifiers::CTRL, Modifiers::ALT] {
            let before = quarters_under(harness.state(), over, at.x);
            let span = harness.state().centre.axis().span_quarters();
            wheel(&mut harness, at, 1.0, modifiers);
            let after = quarters_under(harness.state(), over, at.x);
            assert!((before - after).abs() < 1e-6, "{part}: {before} became {after}");
            let narrower = harness.state().centre.axis().span_quarters();
            let factor = (span.1 - span.0) / (narrower.1 - narrower.0);
            assert!((factor - 0.15f64.exp()).abs() < 1e-6, "{part}: zoomed by {factor}");
        }
    }
}

#[test]
fn one_event_does_not_zoom_far() {
    let mut harness = bench(common::model());
    let at = rect(&harness, "Piano roll").center();
    let (from, to) = harness.state().centre.axis().span_quarters();
    wheel(&mut harness, at, 40.0, Modifiers::CTRL);
    let (near, far) = harness.state().centre.axis().span_quarters();
    assert!((to - from) / (far - near) < 1.17);
}

#[test]
fn shift_and_wheel_scrolls_sideways_and_ctrl_shift_zooms_pitches() {
    let mut harness = bench(common::model());
    let at = rect(&harness, "Piano roll").center();
    harness.state_mut().run(UiCommand::ZoomIn);
    harness.run_ok();
    let span = harness.state().centre.axis().span_quarters();
    wheel(&mut harness, at, -3.0, Modifiers::CTRL | Modifiers::SHIFT);
    assert_eq!(harness.state().centre.axis().span_quarters(), span, "time stays");
    for _ in 0..30 {
        harness.step();
    }
    wheel(&mut harness, at, -3.0, Modifiers::SHIFT);
    let later = harness.state().centre.axis().span_quarters();
    assert!(later.0 > span.0 + 1.0, "{span:?} became {later:?}");
    assert!(((later.1 - later.0) - (span.1 - span.0)).abs() < 1e-6, "scrolling does not zoom");
}

#[test]
fn the_middle_button_pans() {
    let mut harness = bench(common::model());
    harness.state_mut().run(UiCommand::ZoomIn);
    harness.state_mut().run(UiCommand::ZoomIn);
    harness.run_ok();
    let x = x_of(&harness, 20.0);
    let y = rect(&harness, "Velocity lane").center().y;
    let way = [pos2(x, y), pos2(x - 90.0, y)];
    let middle = egui::PointerButton::Middle;
    press_and_move(&mut harness, middle, Modifiers::NONE, &way);
    release(&mut harness, middle, Modifiers::NONE, way[1]);
    assert!((x_of(&harness, 20.0) - (x - 90.0)).abs() < 1.0, "the content follows the hand");
    assert!(harness.state_mut().take().is_empty());
}

#[test]
fn t_makes_seconds_even() {
    let mut harness = bench(common::model());
    harness.key_press(egui::Key::T);
    harness.run_ok();
    assert_eq!(harness.state().centre.is_on(UiCommand::ToggleAxis), Some(true));
    let heard = harness.state().model.listening().unwrap().end_secs;
    let axis = harness.state().centre.axis();
    assert!(axis.in_seconds());
    assert!((axis.end() - heard).abs() < 2.0, "the end of the take in seconds is in view");
}
