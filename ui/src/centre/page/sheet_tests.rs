use egui::{Rect, pos2, vec2};
use protocol::EngravedPass;

use super::super::arrangement::{ABOVE, BELOW, BETWEEN};
use super::*;
use crate::centre::page::repeats::Chosen;
use crate::centre::page::test_score::score;

fn head(notes: Vec<u32>, left: f32) -> EngravedHead {
    EngravedHead { notes, left, top: 4.0, right: left + 1.0, bottom: 5.0, is_tied_on: false }
}

fn measure(bars: &[u32], left: f32) -> EngravedMeasure {
    let pass = |bar: &u32| EngravedPass { measure: *bar, start_quarters: f64::from(*bar) * 2.0 };
    EngravedMeasure {
        passes: bars.iter().map(pass).collect(),
        length_quarters: 2.0,
        left,
        right: left + 20.0,
    }
}

/// Two measures, by the bars that they are, in a system of 10 spaces: heads at 12, 17, 32 and 37 of 40.
fn system(measures: [&[u32]; 2]) -> SystemView {
    let lefts = [[11.5, 16.5], [31.5, 36.5]];
    let heads = measures.iter().zip(lefts).flat_map(|(bars, lefts)| {
        [0, 1].map(|beat: u32| {
            let notes = bars.iter().map(|bar| 2 * bar + beat).collect();
            head(notes, lefts[beat as usize])
        })
    });
    SystemView {
        width: 40.0,
        height: 10.0,
        staves_top: 3.0,
        staves_bottom: 7.0,
        measures: vec![measure(measures[0], 0.0), measure(measures[1], 20.0)],
        heads: heads.collect(),
    }
}

fn laid_out(systems: Vec<SystemView>, is_complete: bool, bars: u32) -> Sheet {
    let view = PageView { width_spaces: 40.0, systems, is_complete, ..PageView::default() };
    Sheet::new(Arc::new(view), &score(bars, 2))
}

/// Four bars that are played once, two in each system. The last note of the first system is tied into the second.
fn sheet(systems: u32) -> Sheet {
    let mut all = vec![system([&[0], &[1]]), system([&[2], &[3]])];
    all[1].heads.insert(0, EngravedHead { is_tied_on: true, ..head(vec![3], 8.0) });
    all.truncate(systems as usize);
    laid_out(all, systems == 2, 4)
}

/// A bar that is repeated, with a first and a second ending, and a last one.
fn repeated() -> Sheet {
    laid_out(vec![system([&[0, 2], &[1]]), system([&[3], &[4]])], true, 5)
}

fn placement() -> Placement {
    let rect = Rect::from_min_size(pos2(0.0, 0.0), vec2(500.0, 100.0));
    Placement { rect, left: 20.0, scale: 10.0, scroll: Vec2::ZERO, pixels_per_point: 1.0 }
}

#[test]
fn systems_stand_below_one_another() {
    let sheet = sheet(2);
    assert_eq!([sheet.corner(0), sheet.corner(1)].map(|at| at.y), [ABOVE, ABOVE + 10.0 + BETWEEN]);
    assert_eq!(sheet.size(), vec2(40.0, ABOVE + 20.0 + 2.0 * BETWEEN + BELOW));
    assert_eq!([-5.0, 3.0, 11.0, 13.0, 99.0].map(|y| sheet.system_at(vec2(0.0, y))), [0, 0, 0, 1, 1]);
    // A screen of ten spaces shows the first alone, and the second is near.
    assert_eq!(sheet.in_view(&placement()), 0..1);
    assert_eq!(sheet.with_neighbours(&placement()), [0, 1]);
    let below = Placement { scroll: vec2(0.0, 125.0), ..placement() };
    assert_eq!(sheet.in_view(&below), 1..2);
    assert_eq!(sheet.with_neighbours(&below), [1, 0]);
}

#[test]
fn a_place_of_the_score_has_a_place_on_the_page() {
    let sheet = sheet(2);
    assert_eq!([-1.0, 0.0, 3.9, 4.0, 7.0, 20.0].map(|q| sheet.system_of(q)), [0, 0, 0, 1, 1, 1]);
    assert_eq!(sheet.x_of(1.0), Some(17.0));
    assert_eq!(sheet.x_of(1.5), Some(24.5), "on the way to the next bar");
    assert_eq!(sheet.x_of(4.0), Some(12.0));
    assert_eq!(sheet.quarters_at(1, 32.0), Some(6.0));
    let growing = self::sheet(1);
    assert!(growing.covers(3.0) && !growing.covers(4.0) && sheet.covers(100.0));
    assert_eq!((growing.x_of(3.0), growing.x_of(4.0)), (Some(37.0), None));
    assert!(!self::sheet(0).covers(0.0));
}

#[test]
fn what_is_repeated_has_one_place_on_the_page() {
    let sheet = repeated();
    let systems = [0.0, 2.0, 4.0, 6.0, 8.0].map(|q| sheet.system_of(q));
    assert_eq!(systems, [0, 0, 0, 1, 1]);
    for quarters in [0.0, 4.0] {
        assert_eq!((sheet.x_of(quarters), sheet.x_of(quarters + 1.0)), (Some(12.0), Some(17.0)));
    }
    // The first time it goes on to the first ending, the second time it leaves at the bar line.
    assert_eq!((sheet.x_of(1.5), sheet.x_of(5.5)), (Some(24.5), Some(18.5)));
    let heads = |note| sheet.heads_of(note).map(|(system, head)| (system, head.left)).collect::<Vec<_>>();
    assert_eq!((heads(1), heads(5), heads(6)), (vec![(0, 16.5)], vec![(0, 16.5)], vec![(1, 11.5)]));
}

#[test]
fn a_spot_says_bar_place_and_note() {
    let (sheet, chosen) = (sheet(2), Chosen::default());
    let at = |x: f32, y: f32| {
        let pos = pos2(20.0 + x * 10.0, y * 10.0);
        sheet.spot(&placement(), pos, &chosen).map(|spot| (spot.bar, spot.quarters, spot.head))
    };
    let second = sheet.corner(1).y;
    assert_eq!(at(17.0, ABOVE + 4.5), Some((0, 1.0, Some(1))));
    assert_eq!(at(17.0, ABOVE + 9.0), Some((0, 1.0, None)));
    // Between the last note of a bar and the first of the next the bar line divides.
    assert_eq!(at(22.0, ABOVE + 4.5), Some((1, 2.0, None)));
    assert_eq!(at(32.0, second + 4.5), Some((3, 6.0, Some(6))));
    // A tied note has a second head; outside the nearest system counts.
    assert_eq!(at(8.0, second + 4.5), Some((2, 4.0, Some(3))));
    assert_eq!(at(-50.0, 500.0), Some((2, 4.0, None)));
    assert_eq!(self::sheet(0).spot(&placement(), pos2(30.0, 30.0), &chosen), None);
}

#[test]
fn a_spot_is_in_the_pass_that_is_meant() {
    let sheet = repeated();
    let at = |x: f32, chosen: &Chosen| {
        let pos = pos2(20.0 + x * 10.0, (ABOVE + 4.5) * 10.0);
        sheet.spot(&placement(), pos, chosen).map(|spot| (spot.bar, spot.quarters, spot.head))
    };
    let mut chosen = Chosen::default();
    assert_eq!(at(17.0, &chosen), Some((0, 1.0, Some(1))));
    chosen.hear(sheet.repeats(), Some(2));
    assert_eq!(at(17.0, &chosen), Some((2, 5.0, Some(5))));
    assert_eq!(at(37.0, &chosen), Some((1, 3.0, Some(3))), "the first ending has one pass");
    chosen.choose(sheet.repeats().stretch(0).unwrap(), 0);
    assert_eq!(at(12.0, &chosen), Some((0, 0.0, Some(0))));
}

#[test]
fn a_bar_that_a_sign_cuts_has_two_places() {
    // The first bar is played as a whole, then its first beat once more.
    let cut = |passes: Vec<EngravedPass>, left: f32| EngravedMeasure {
        passes,
        length_quarters: 1.0,
        left,
        right: left + 20.0,
    };
    let pass = |measure, start_quarters| EngravedPass { measure, start_quarters };
    let halves = SystemView {
        measures: vec![cut(vec![pass(0, 0.0), pass(1, 2.0)], 0.0), cut(vec![pass(0, 1.0)], 20.0)],
        heads: vec![head(vec![0, 2], 11.5), head(vec![1], 31.5)],
        ..system([&[0], &[1]])
    };
    let sheet = laid_out(vec![halves], true, 2);
    assert_eq!([0.0, 0.5, 1.0, 2.0].map(|q| sheet.x_of(q)), [12.0, 22.0, 32.0, 12.0].map(Some));
    let mut chosen = Chosen::default();
    let at = |x: f32, chosen: &Chosen| {
        let pos = pos2(20.0 + x * 10.0, (ABOVE + 4.5) * 10.0);
        sheet.spot(&placement(), pos, chosen).map(|spot| (spot.bar, spot.quarters, spot.head))
    };
    assert_eq!(at(32.0, &chosen), Some((0, 1.0, Some(1))));
    chosen.hear(sheet.repeats(), sheet.playing().at(2.5));
    assert_eq!(at(12.0, &chosen), Some((1, 2.0, Some(2))));
}

#[test]
fn a_drag_stays_in_its_pass_and_goes_the_way_of_the_page() {
    let sheet = repeated();
    assert_eq!(sheet.bar_from(2, 0), 2, "the second time of the repeated bar");
    assert_eq!([sheet.bar_from(0, 1), sheet.bar_from(0, 3), sheet.bar_from(2, 3)], [1, 3, 3]);
    assert_eq!(sheet.bar_from(4, 2), 2);
    // The first ending is never played after the second pass.
    assert_eq!(sheet.bar_from(2, 1), 1);
    // What stands behind a bar and is played before and after it means the next time.
    let again = laid_out(vec![system([&[1], &[0, 2]])], true, 3);
    assert_eq!([again.bar_from(1, 0), again.bar_from(0, 1)], [2, 1]);
}

#[test]
fn a_tied_note_has_two_heads() {
    let sheet = sheet(2);
    let heads = |note| sheet.heads_of(note).map(|(system, head)| (system, head.left)).collect::<Vec<_>>();
    assert_eq!(heads(3), [(0, 36.5), (1, 8.0)]);
    assert_eq!(heads(4), [(1, 11.5)]);
    assert!(heads(99).is_empty());
}

#[test]
fn room_around_systems_belongs_to_them() {
    let mut sheet = sheet(2);
    sheet.set_room(LayerRoom { above: 3.0, below: 2.0 });
    assert_eq!([sheet.corner(0), sheet.corner(1)].map(|at| at.y), [ABOVE + 3.0, ABOVE + 18.0 + BETWEEN]);
    assert_eq!((sheet.extent(0), sheet.extent(1).1), ((ABOVE, ABOVE + 15.0), ABOVE + 30.0 + BETWEEN));
    assert_eq!(sheet.size().y, ABOVE + 30.0 + 2.0 * BETWEEN + BELOW);
    let second = sheet.extent(1).0;
    assert_eq!([second - 2.0, second + 1.0].map(|y| sheet.system_at(vec2(0.0, y))), [0, 1]);
    // Ten spaces from the top show the first, eight spaces further down what is above the second, too.
    assert_eq!(sheet.in_view(&placement()), 0..1);
    assert_eq!(sheet.in_view(&Placement { scroll: vec2(0.0, 85.0), ..placement() }), 0..2);
    sheet.set_room(LayerRoom::default());
    assert_eq!(sheet.corner(0).y, ABOVE);
}
