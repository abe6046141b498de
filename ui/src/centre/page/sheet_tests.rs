use egui::{Rect, pos2, vec2};
use protocol::{Hand, MeasureView, NoteView};

use super::super::arrangement::{ABOVE, BELOW, BETWEEN};
use super::*;

/// Four bars of two quarters with a note on each beat; the last two are the first two, played again.
fn score() -> ScoreView {
    let measure = |k: u32| MeasureView {
        start_quarters: f64::from(k) * 2.0,
        end_quarters: f64::from(k) * 2.0 + 2.0,
        number: (k % 2 + 1).to_string(),
        pass: if k < 2 { 1 } else { 2 },
        metre: (2, 4),
        beat_quarters: 1.0,
    };
    let note = |k: u32| NoteView {
        onset_quarters: f64::from(k),
        duration_quarters: 1.0,
        pitch: 60,
        hand: Hand::Right,
        measure: k / 2,
        is_grace: false,
    };
    ScoreView {
        notes: (0..8).map(note).collect(),
        measures: (0..4).map(measure).collect(),
        end_quarters: 8.0,
        ..ScoreView::default()
    }
}

/// Two bars in each system of 10 spaces: heads at 12, 17, 32 and 37 of 40. The last note of the first system is
/// tied into the second.
fn page(systems: u32) -> Arc<PageView> {
    let head = |note: u32, left: f32| EngravedHead {
        note,
        left,
        top: 4.0,
        right: left + 1.0,
        bottom: 5.0,
        is_tied_on: false,
    };
    let system = |k: u32| {
        let lefts = [12.0, 17.0, 32.0, 37.0];
        let heads = (0..).zip(lefts).map(|(n, left)| head(k * 4 + n, left - 0.5));
        let tied = (k == 1).then(|| EngravedHead { is_tied_on: true, ..head(3, 8.0) });
        SystemView {
            width: 40.0,
            height: 10.0,
            staves_top: 3.0,
            staves_bottom: 7.0,
            measures: vec![
                EngravedMeasure { measure: k * 2, left: 0.0, right: 20.0 },
                EngravedMeasure { measure: k * 2 + 1, left: 20.0, right: 40.0 },
            ],
            heads: tied.into_iter().chain(heads).collect(),
        }
    };
    Arc::new(PageView {
        width_spaces: 40.0,
        systems: (0..systems).map(system).collect(),
        is_complete: systems == 2,
        ..PageView::default()
    })
}

fn sheet(systems: u32) -> Sheet {
    Sheet::new(page(systems), &score())
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
    assert_eq!(sheet.x_of(4.0), Some(12.0));
    assert_eq!(sheet.quarters_at(1, 32.0), Some(6.0));
    let growing = self::sheet(1);
    assert!(growing.covers(3.0) && !growing.covers(4.0) && sheet.covers(100.0));
    assert!(!self::sheet(0).covers(0.0));
}

#[test]
fn a_spot_says_bar_place_and_note() {
    let (sheet, score) = (sheet(2), score());
    let at = |x: f32, y: f32| {
        let pos = pos2(20.0 + x * 10.0, y * 10.0);
        sheet.spot(&placement(), pos, &score).map(|spot| (spot.bar, spot.quarters, spot.head))
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
    assert_eq!(self::sheet(0).spot(&placement(), pos2(30.0, 30.0), &score), None);
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
fn bars_played_again_say_so_where_they_begin() {
    let sheet = sheet(2);
    assert!(sheet.passes(0).is_empty());
    assert_eq!(sheet.passes(1), [PassLabel { system: 1, left: 0.0, text: "(2)".to_owned() }]);
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
