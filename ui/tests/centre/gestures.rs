//! The state machines of the mouse, without a mouse.

use protocol::{CurvePoint, Edit, Pedal, PedalEvent};
use ui::centre::gestures::{
    ChangeLength, DragMood, DragVelocities, DrawCurve, DrawPedal, Gesture, MoveOnset, SelectBars, Target,
    chords,
};
use ui::phrases::{Phrase, Printed};

use crate::common;

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
    let mut gesture = DragVelocities::new(60.0, vec![vec![(0, 40)], vec![(1, 120)]]);
    gesture.follow(60.4);
    assert_eq!(gesture.edit(), None, "less than one step");
    gesture.follow(70.0);
    assert_eq!(gesture.edit(), Some(Edit::Velocities(vec![(0, 50), (1, 127)])));
    gesture.follow(-500.0);
    assert_eq!(gesture.edit(), Some(Edit::Velocities(vec![(0, 1), (1, 1)])));
}

#[test]
fn the_notes_of_a_chord_move_by_the_same_amount() {
    let mut gesture = DragVelocities::new(60.0, vec![vec![(0, 40), (1, 120)], vec![(2, 60)]]);
    gesture.follow(70.0);
    assert_eq!(gesture.edit(), Some(Edit::Velocities(vec![(0, 47), (1, 127), (2, 70)])));
    gesture.follow(-500.0);
    assert_eq!(gesture.edit(), Some(Edit::Velocities(vec![(0, 1), (1, 81), (2, 1)])));
}

#[test]
fn chords_are_what_is_written_at_one_place() {
    let mut score = common::score();
    // A grace note of bar 4 stands before its chord, at the same place.
    let grace = score.notes.iter().position(|n| n.is_grace).unwrap() as u32;
    let at = score.notes[grace as usize].onset_quarters;
    let together: Vec<u32> = (0..score.notes.len() as u32)
        .filter(|&n| score.notes[n as usize].onset_quarters == at && n != grace)
        .collect();
    assert!(together.len() > 1);
    let mut found = chords(&score, together.iter().copied().chain([grace]).map(|n| (n, 64)));
    found.sort_by_key(Vec::len);
    let notes: Vec<Vec<u32>> = found.iter().map(|c| c.iter().map(|n| n.0).collect()).collect();
    assert_eq!(notes, [vec![grace], together]);
    score.notes.clear();
    assert_eq!(chords(&score, [(0, 1), (1, 2)]).len(), 2, "notes that are not written stand alone");
}

#[test]
fn a_curve_is_ordered_whichever_way_it_is_drawn() {
    let mut curve = DrawCurve::new(Target::Tempo { beat_quarters: 1.0 }, (20.0, 300.0), 0.1, at(8.0, 100.0));
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
    let mut halves = DrawCurve::new(Target::Tempo { beat_quarters: 2.0 }, (20.0, 300.0), 0.1, at(0.0, 60.0));
    halves.follow(at(4.0, 66.0));
    let drawn = vec![at(0.0, 120.0), at(4.0, 132.0)];
    assert_eq!(halves.edit(), Some(Edit::Tempo(drawn)), "the studio counts quarters");
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
    let chords =
        vec![(vec![(0, 90)], 0.0), (vec![(1, 90), (2, 75)], 1.0), (vec![(3, 20)], 2.0), (vec![(4, 20)], 3.0)];
    let mut curve = DrawCurve::new(Target::Velocities(chords), (1.0, 127.0), 0.01, at(0.5, 40.0));
    curve.follow(at(2.5, 80.0));
    assert_eq!(curve.edit(), Some(Edit::Velocities(vec![(1, 50), (2, 35), (3, 70)])));
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

fn phrase(words: &str, bars: std::ops::Range<usize>) -> Phrase {
    Phrase { words: words.to_owned(), bars, like: None }
}

#[test]
fn a_border_of_moods_takes_the_line_that_is_nearer_to_it() {
    let phrases = [phrase("a", 0..4), phrase("b", 4..8)];
    let mut drag = DragMood::border(&phrases, 4, 8).unwrap();
    assert!(!drag.has_moved());
    // At the end of a repeat the pointer is after bar 8 and before bar 1.
    drag.follow(2, [2, 2]);
    drag.follow(7, [8, 0]);
    assert_eq!(drag.phrases(), [phrase("a", 0..1), phrase("b", 1..8)]);
    drag.follow(5, [6, 6]);
    drag.follow(7, [8, 0]);
    assert_eq!(drag.phrases(), [phrase("a", 0..7), phrase("b", 7..8)]);
    drag.follow(4, [4, 4]);
    assert!(!drag.has_moved());
    assert_eq!(DragMood::border(&phrases, 3, 8), None, "there is no border");
}

#[test]
fn a_new_mood_stays_between_the_others() {
    let phrases = [phrase("a", 0..2), phrase("b", 6..8)];
    assert_eq!(DragMood::over(&phrases, 1, 10), None);
    assert_eq!(DragMood::over(&phrases, 10, 10), None);
    let mut drag = DragMood::over(&phrases, 3, 10).unwrap();
    assert_eq!(drag.new_bars(), Some(3..4));
    drag.follow(9, [9, 9]);
    assert_eq!(drag.new_bars(), Some(3..6));
    drag.follow(0, [0, 0]);
    assert_eq!(drag.new_bars(), Some(2..4));
    let mut last = DragMood::over(&phrases, 9, 10).unwrap();
    last.follow(0, [0, 0]);
    assert_eq!(last.new_bars(), Some(8..10));
}

/// Reads what the lane writes, by the grammar: `bars A-B words` or `bar A words`, between them `; `.
fn read(text: &str) -> Vec<(u32, u32, String)> {
    let phrase = |part: &str| {
        let (kind, rest) = part.split_once(' ').unwrap();
        let (bars, words) = rest.split_once(' ').unwrap();
        let (first, last) = match kind {
            "bar" => (bars, bars),
            "bars" => bars.split_once('-').unwrap(),
            other => panic!("{other} in {text}"),
        };
        (first.parse().unwrap(), last.parse().unwrap(), words.to_owned())
    };
    text.split("; ").map(phrase).collect()
}

proptest::proptest! {
    #[test]
    fn what_the_lane_writes_can_be_read_again(
        cuts in proptest::collection::btree_set(0usize..=12, 2..6),
        gaps in proptest::collection::vec(proptest::bool::ANY, 5),
        moves in proptest::collection::vec((0usize..=12, 0usize..=12), 1..8),
        passes in 1usize..3,
    ) {
        let measure = |k: usize| protocol::MeasureView {
            start_quarters: k as f64,
            end_quarters: k as f64 + 1.0,
            number: (k % 12).to_string(),
            pass: (k / 12 + 1) as u8,
            metre: (1, 4),
            beat_quarters: 1.0,
        };
        let printed = Printed::new(&(0..12 * passes).map(measure).collect::<Vec<_>>());
        let cuts: Vec<usize> = cuts.into_iter().collect();
        let pieces = cuts.windows(2).enumerate().filter(|(k, _)| !gaps[*k]);
        let mut phrases: Vec<Phrase> = pieces.map(|(k, w)| phrase(&format!("mood {k}"), w[0]..w[1])).collect();
        let count = phrases.len();
        for (line, to) in moves {
            if let Some(mut drag) = DragMood::border(&phrases, line, printed.count()) {
                drag.follow(to.min(11), [to, to]);
                phrases = drag.phrases();
            }
        }
        proptest::prop_assert_eq!(phrases.len(), count, "no mood vanishes");
        let text = printed.text(&phrases);
        let read = if text.is_empty() { Vec::new() } else { read(&text) };
        let meant = phrases.iter().map(|p| (p.bars.start as u32, p.bars.end as u32 - 1, p.words.clone()));
        proptest::prop_assert_eq!(&read, &meant.collect::<Vec<_>>());
        proptest::prop_assert!(read.windows(2).all(|w| w[0].1 < w[1].0), "none over another: {}", text);
        // The shell's answer leads back to the same phrases.
        let spans = phrases.iter().flat_map(|p| printed.runs(&p.bars).into_iter().map(|bars| protocol::MoodSpan {
            text: p.words.clone(),
            bars,
            ..protocol::MoodSpan::default()
        }));
        let mut spans: Vec<protocol::MoodSpan> = spans.collect();
        spans.sort_by_key(|s| s.bars.start);
        proptest::prop_assert_eq!(printed.text(&printed.phrases(&spans)), text);
    }
}
