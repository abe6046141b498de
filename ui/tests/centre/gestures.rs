//! The state machines of the mouse, without a mouse.

use protocol::{CurvePoint, Edit, Pedal, PedalEvent};
use ui::centre::gestures::{
    ChangeLength, DragVelocities, DrawCurve, DrawPedal, Gesture, MoveOnset, SelectBars, Target,
};

fn at(quarters: f64, value: f64) -> CurvePoint {
    CurvePoint { quarters, value }
}

#[test]
fn onsets_move_together_and_not_before_the_start() {
    let mut gesture = MoveOnset::new(5.0, vec![(3, 1.0), (7, 2.5)]);
    assert_eq!(gesture.edit(), None);
    gesture.follow(5.25);
    assert_eq!(gesture.edit(), Some(Edit::Onsets(vec![(3, 1.25), (7, 2.75)])));
    gesture.follow(-100.0);
    assert_eq!(gesture.edit(), Some(Edit::Onsets(vec![(3, 0.0), (7, 1.5)])));
    gesture.follow(f64::NAN);
    assert_eq!(gesture.delta_secs(), -1.0);
    gesture.follow(5.0);
    assert_eq!(gesture.edit(), None, "back where it was");
}

#[test]
fn lengths_change_together_and_stay_above_nothing() {
    let mut gesture = ChangeLength::new(2.0, vec![(1, 0.5), (2, 0.005)]);
    gesture.follow(2.5);
    assert_eq!(gesture.edit(), Some(Edit::Durations(vec![(1, 1.0), (2, 0.505)])));
    gesture.follow(0.0);
    assert_eq!(gesture.edit(), Some(Edit::Durations(vec![(1, 0.01), (2, 0.005)])));
}

#[test]
fn velocities_keep_their_differences_until_they_meet_the_end() {
    let mut gesture = DragVelocities::new(60.0, vec![(0, 40), (1, 120)]);
    gesture.follow(60.4);
    assert_eq!(gesture.edit(), None, "less than one step");
    gesture.follow(70.0);
    assert_eq!(gesture.edit(), Some(Edit::Velocities(vec![(0, 50), (1, 127)])));
    gesture.follow(-500.0);
    assert_eq!(gesture.edit(), Some(Edit::Velocities(vec![(0, 1), (1, 1)])));
}

#[test]
fn a_curve_is_ordered_whichever_way_it_is_drawn() {
    let mut curve = DrawCurve::new(Target::Tempo, (20.0, 300.0), 0.1, at(8.0, 100.0));
    assert_eq!(curve.edit(), None, "a point is no curve");
    for (quarters, value) in [(6.0, 110.0), (4.0, 120.0), (2.0, 500.0)] {
        curve.follow(at(quarters, value));
    }
    let drawn = vec![at(2.0, 300.0), at(4.0, 120.0), at(6.0, 110.0), at(8.0, 100.0)];
    assert_eq!(curve.edit(), Some(Edit::Tempo(drawn)));
    // Back to the right: what is passed over is drawn anew.
    curve.follow(at(7.0, 90.0));
    let drawn = vec![at(2.0, 300.0), at(7.0, 90.0), at(8.0, 100.0)];
    assert_eq!(curve.edit(), Some(Edit::Tempo(drawn)));
    assert_eq!(curve.value_at(7.5), Some(95.0));
    assert_eq!(curve.value_at(9.0), None);
}

#[test]
fn points_of_a_curve_keep_apart() {
    let mut curve = DrawCurve::new(Target::Dynamics, (1.0, 127.0), 0.5, at(0.0, 60.0));
    for k in 1..=1000 {
        curve.follow(at(f64::from(k) * 0.01, 60.0));
    }
    let points = curve.points();
    assert!(points.windows(2).all(|w| w[1].quarters > w[0].quarters), "{points:?}");
    assert!(points.len() <= 25, "{} points over 20 grains", points.len());
    assert_eq!(points.last().unwrap().quarters, 10.0);
    assert!(points[0].quarters <= 0.5, "it still begins where it was begun: {points:?}");
}

#[test]
fn a_line_of_velocities_takes_the_notes_under_it() {
    let notes = vec![(0, 0.0), (1, 1.0), (2, 1.0), (3, 2.0), (4, 3.0)];
    let mut curve = DrawCurve::new(Target::Velocities(notes), (1.0, 127.0), 0.01, at(0.5, 40.0));
    curve.follow(at(2.5, 80.0));
    assert_eq!(curve.edit(), Some(Edit::Velocities(vec![(1, 50), (2, 50), (3, 70)])));
}

#[test]
fn the_pedal_goes_down_where_it_is_up_and_back_to_what_was_there() {
    let event = |time_secs, value| PedalEvent { time_secs, pedal: Pedal::Sustain, value };
    // Up until 3 s, then down.
    let value_at = |secs: f64| if secs < 3.0 { 0 } else { 90 };
    let mut pedal = DrawPedal::new(1.0, value_at(1.0));
    assert_eq!(pedal.edit(), None);
    pedal.follow(2.0, value_at);
    let events = vec![event(1.0, 127), event(2.0, 0)];
    assert_eq!(pedal.edit(), Some(Edit::Pedal { from_secs: 1.0, to_secs: 2.0, events }));
    pedal.follow(3.5, value_at);
    let events = vec![event(1.0, 127), event(3.5, 90)];
    assert_eq!(pedal.edit(), Some(Edit::Pedal { from_secs: 1.0, to_secs: 3.5, events }));
    // From where it is down it is lifted, and drawn to the left just as well.
    let mut pedal = DrawPedal::new(5.0, value_at(5.0));
    assert!(!pedal.is_down());
    pedal.follow(-1.0, value_at);
    let events = vec![event(0.0, 0), event(5.0, 90)];
    assert_eq!(pedal.edit(), Some(Edit::Pedal { from_secs: 0.0, to_secs: 5.0, events }));
}

#[test]
fn bars_run_from_the_anchor_to_the_head() {
    let mut bars = SelectBars::new(4);
    assert_eq!(bars.bars(), 4..5);
    bars.follow(1);
    assert_eq!(bars.bars(), 1..5);
    assert_eq!(SelectBars::extending(9, Some(&(1..5))).bars(), 1..10);
    assert_eq!(SelectBars::extending(0, Some(&(1..5))).bars(), 0..5);
    assert_eq!(SelectBars::extending(3, None).bars(), 3..4);
    assert_eq!(Gesture::Bars(bars).edit(), None);
}
