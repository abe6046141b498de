//! What a base tempo promises, on random performances.
#![allow(clippy::unwrap_used)]

use notation::{Direction, DirectionKind, Measure, Note, NoteId, TimeSignature};
use performance::cues::{CUES, Cue};
use performance::{Pedal, PedalEvent, PlayedNote};
use proptest::prelude::*;

use super::*;
use crate::finish::Finishing;
use crate::mood::Span;
use crate::{Abilities, Amounts, Job, Mood, PerformError, Performer, PerformerInfo, Region, Run, take};

/// `bars` measures of four quarters, the first of each a chord of three, with metronome marks as
/// (quarter, quarters per minute, text).
fn score(bars: u32, marks: &[(i64, f64, &str)]) -> Score {
    let time = TimeSignature::default();
    let mut score = Score { time_signatures: vec![(Quarters::ZERO, time)], ..Score::default() };
    for bar in 0..bars {
        let measure = Measure::regular(bar, time);
        for beat in 0..4 {
            let chord: &[u8] = if beat == 0 { &[48, 60, 67] } else { &[72] };
            for pitch in chord {
                let id = NoteId { written: score.notes.len() as u32, pass: 1 };
                let onset = measure.start + Quarters::whole(beat);
                score.notes.push(Note { id, onset, pitch: *pitch, measure: bar, ..Note::default() });
            }
        }
        score.measures.push(measure);
    }
    let mark = |(at, tempo, text): &(i64, f64, &str)| Direction {
        onset: Quarters::whole(*at),
        end: None,
        part: 0,
        staff: None,
        kind: DirectionKind::Metronome(*tempo),
        text: (*text).to_owned(),
    };
    score.directions = marks.iter().map(mark).collect();
    score
}

/// Plays spans between onsets, over and over, and the notes of its chords 10 ms apart.
struct Spans(Vec<f64>);

impl Spans {
    fn whole(&self, score: &Score) -> Performance {
        let (mut at, mut played) = (0.0, Performance::default());
        for (k, group) in score.onset_groups().into_iter().enumerate() {
            for (j, n) in group.enumerate() {
                let onset_secs = at + 0.01 * j as f64;
                played.notes.push(PlayedNote {
                    note: n as u32,
                    onset_secs,
                    duration_secs: 0.2,
                    velocity: 64,
                });
            }
            played.pedals.push(PedalEvent { time_secs: at, pedal: Pedal::Soft, value: (k % 128) as u8 });
            at += self.0[k % self.0.len()];
        }
        played
    }
}

impl Performer for Spans {
    fn info(&self) -> PerformerInfo {
        let finishing = Finishing { final_ritard: 0.4, ..Finishing::PLAIN };
        let (id, name, description) = ("spans", "Spans", "Plays what it is told.");
        PerformerInfo { id, name, description, abilities: Abilities::default(), knobs: &[], finishing }
    }

    fn perform(&self, request: &Request<'_>, _: &Run<'_>) -> Result<Performance, PerformError> {
        let notes = request.region.notes(request.score);
        let mut played = self.whole(request.score);
        played.notes.retain(|n| notes.binary_search(&n.note).is_ok());
        Ok(played)
    }
}

fn controls(base_tempo: BaseTempo) -> Controls {
    Controls { base_tempo, ..Controls::default() }
}

fn perform(score: &Score, spans: &[f64], controls: &Controls) -> Performance {
    let request = Request { score, region: &Region::All, context: None, controls };
    take::perform(&Spans(spans.to_vec()), &request, &Job::default()).unwrap()
}

/// Mean time of each onset.
fn times(score: &Score, played: &Performance) -> Vec<f64> {
    onsets(score, played).iter().map(|o| o.secs).collect()
}

/// Quarters per minute from one onset to another of a score that has one on every quarter.
fn tempo(times: &[f64]) -> f64 {
    60.0 * (times.len() - 1) as f64 / (times[times.len() - 1] - times[0])
}

proptest! {
    #[test]
    fn the_relations_of_a_performance_stay(
        spans in prop::collection::vec(0.1f64..1.5, 5..9), per_minute in 10.0f64..400.0,
    ) {
        let score = score(8, &[]);
        let controls = controls(BaseTempo::Bpm(per_minute));
        let before = Spans(spans).whole(&score);
        let mut after = before.clone();
        settle(&Request { score: &score, region: &Region::All, context: None, controls: &controls }, &mut after);
        let (old, new) = (times(&score, &before), times(&score, &after));
        prop_assert!((tempo(&new) / per_minute - 1.0).abs() < 1e-9);
        let slower = (new[1] - new[0]) / (old[1] - old[0]);
        for (old, new) in old.windows(2).zip(new.windows(2)) {
            prop_assert!(((new[1] - new[0]) / (old[1] - old[0]) / slower - 1.0).abs() < 1e-6);
        }
        for (old, new) in before.notes.iter().zip(&after.notes) {
            prop_assert!((new.duration_secs - slower * old.duration_secs).abs() < 1e-9);
        }
        for (old, new) in before.pedals.iter().zip(&after.pedals) {
            prop_assert!((new.time_secs - slower * old.time_secs).abs() < 1e-9);
        }
        // Chords are as tight as before, or tighter.
        for group in score.onset_groups().into_iter().filter(|g| g.len() > 1) {
            let spread = after.notes[group.end - 1].onset_secs - after.notes[group.start].onset_secs;
            prop_assert!((spread - 0.02 * slower.min(1.0)).abs() < 1e-9);
        }
    }

    #[test]
    fn a_take_has_the_mean_tempo_that_is_asked_for(
        spans in prop::collection::vec(0.2f64..1.2, 5..9), per_minute in 20.0f64..300.0,
        amount in 0.0f64..2.0, rubato in 0.0f64..2.0,
    ) {
        let score = score(12, &[]);
        let amounts = Amounts { tempo: amount, rubato, ..Amounts::default() };
        let controls = Controls { amounts, ..controls(BaseTempo::Bpm(per_minute)) };
        let take = perform(&score, &spans, &controls);
        prop_assert!((tempo(&times(&score, &take)) / per_minute - 1.0).abs() < 0.01);
        let outcome = Outcome::of(&score, &controls, &take).unwrap();
        prop_assert!((outcome.per_minute / per_minute - 1.0).abs() < 0.01);
    }

    #[test]
    fn bars_performed_anew_have_the_tempo_around_them(
        spans in prop::collection::vec(0.2f64..1.2, 5..9), from in 0usize..6, count in 1usize..4,
    ) {
        let score = score(8, &[(0, 66.0, "quarter = 66")]);
        let context = perform(&score, &[0.5], &controls(BaseTempo::Free));
        let region = Region::Measures(from..from + count);
        let of = |base: BaseTempo| {
            let controls = controls(base);
            let request = Request { score: &score, region: &region, context: Some(&context), controls: &controls };
            take::perform(&Spans(spans.clone()), &request, &Job::default()).unwrap()
        };
        let free = of(BaseTempo::Free);
        prop_assert_eq!(&of(BaseTempo::Bpm(200.0)), &free);
        prop_assert_eq!(&of(BaseTempo::AsMarked), &free);
    }

    #[test]
    fn the_performer_s_own_tempo_stays_to_the_bit(spans in prop::collection::vec(0.2f64..1.2, 5..9)) {
        let (plain, marked) = (score(8, &[]), score(8, &[(0, 66.0, "quarter = 66")]));
        let mut played = Spans(spans.clone()).whole(&marked);
        let free = controls(BaseTempo::Free);
        settle(&Request { score: &marked, region: &Region::All, context: None, controls: &free }, &mut played);
        prop_assert_eq!(&played, &Spans(spans.clone()).whole(&marked));
        prop_assert_eq!(perform(&marked, &spans, &free), perform(&plain, &spans, &free));
        // Nothing is marked, or only what programs write by themselves.
        prop_assert_eq!(perform(&plain, &spans, &Controls::default()), perform(&plain, &spans, &free));
        let unprinted = score(8, &[(0, 120.0, "")]);
        prop_assert_eq!(perform(&unprinted, &spans, &Controls::default()), perform(&plain, &spans, &free));
    }
}

#[test]
fn a_mark_on_the_page_is_followed() {
    for (per_minute, text, expected) in [
        (66.0, "quarter = 66", "quarter = 66, as marked"),
        (90.0, "quarter. = 60", "dotted quarter = 60, as marked"),
        (66.0, "", "quarter = 66, as marked for playback"),
    ] {
        let score = score(12, &[(0, per_minute, text)]);
        let take = perform(&score, &[0.4, 0.6, 0.5], &Controls::default());
        assert!((tempo(&times(&score, &take)) / per_minute - 1.0).abs() < 0.01);
        let outcome = Outcome::of(&score, &Controls::default(), &take).unwrap();
        assert_eq!((outcome.text().as_str(), outcome.warning()), (expected, None));
    }
}

/// Plays a score with spans as marked, before and after its tempo is settled.
fn settled(score: &Score, spans: &[f64]) -> (Performance, Performance) {
    let before = Spans(spans.to_vec()).whole(score);
    let (mut after, controls) = (before.clone(), Controls::default());
    settle(&Request { score, region: &Region::All, context: None, controls: &controls }, &mut after);
    (before, after)
}

#[test]
fn every_section_meets_its_own_mark() {
    // Eight bars marked 110 and eight marked 60, of which the performer makes 100 and 100.
    for text in ["quarter = 60", ""] {
        let first = if text.is_empty() { "" } else { "quarter = 110" };
        let score = score(16, &[(0, 110.0, first), (32, 60.0, text)]);
        let (_, played) = settled(&score, &[0.6]);
        let at = times(&score, &played);
        let (first, second) = (tempo(&at[..33]), tempo(&at[32..]));
        assert!((first / 110.0 - 1.0).abs() < 1e-9 && (second / 60.0 - 1.0).abs() < 1e-9, "{first} {second}");
        // The tempo changes at once; the mean of a chord is 10 ms late.
        let [before, after] = [at[32] - at[31], at[33] - at[32]];
        assert!((before - 60.0 / 110.0).abs() < 0.03 && (after - 1.0).abs() < 0.03, "{before} {after}");
        let outcome = Outcome::of(&score, &Controls::default(), &played).unwrap();
        let expected = if text.is_empty() { "as marked for playback" } else { "as marked" };
        assert_eq!(outcome.text(), format!("quarter = 110, {expected}"));
        let far = distances(&tempo_marks::sections(&score), &score, &played);
        assert!(far.len() == 2 && far.iter().all(|far| far.octaves.abs() < 1e-9), "{far:?}");
    }
}

#[test]
fn what_is_marked_too_shortly_or_not_at_all_goes_on_as_before() {
    // Four quarters marked slower; then a word without a number, which the performer plays twice as fast.
    let mut score =
        score(16, &[(0, 100.0, "quarter = 100"), (16, 50.0, "quarter = 50"), (20, 100.0, "quarter = 100")]);
    let word = Direction {
        onset: Quarters::whole(40),
        kind: DirectionKind::Tempo(None),
        text: "Più mosso".into(),
        ..score.directions[0].clone()
    };
    score.directions.push(word);
    let spans: Vec<f64> = (0..64).map(|k| if k < 40 { 0.8 } else { 0.4 }).collect();
    let (before, after) = settled(&score, &spans);
    let (old, new) = (times(&score, &before), times(&score, &after));
    for (old, new) in old.windows(2).zip(new.windows(2)) {
        assert!(((new[1] - new[0]) / (old[1] - old[0]) - 0.75).abs() < 1e-9);
    }
}

proptest! {
    #[test]
    fn within_a_section_relations_stay_and_order_is_kept(
        spans in prop::collection::vec(0.4f64..1.2, 5..9), first in 60.0f64..105.0, second in 110.0f64..160.0,
    ) {
        let score = score(16, &[(0, first, "quarter = x"), (32, second, "quarter = x")]);
        let (before, after) = settled(&score, &spans);
        let (old, new) = (times(&score, &before), times(&score, &after));
        for part in [0..32, 32..63] {
            let slower = |k: usize| (new[k + 1] - new[k]) / (old[k + 1] - old[k]);
            for k in part.clone() {
                prop_assert!((slower(k) / slower(part.start) - 1.0).abs() < 1e-6);
            }
        }
        prop_assert!((tempo(&new[..33]) / first - 1.0).abs() < 1e-9);
        prop_assert!((tempo(&new[32..]) / second - 1.0).abs() < 1e-9);
        // A take has been finished and shaped, and still meets them.
        let take = perform(&score, &spans, &Controls::default());
        let far = distances(&tempo_marks::sections(&score), &score, &take);
        prop_assert!(far.iter().all(|far| far.octaves.abs() < 0.015), "{:?}", far);
    }
}

#[test]
fn a_section_whose_mark_is_a_slip_goes_on_as_the_one_before() {
    let score =
        score(24, &[(0, 100.0, "quarter = 100"), (32, 10.0, "quarter = 10"), (64, 80.0, "quarter = 80")]);
    let (_, played) = settled(&score, &[0.5]);
    let at = times(&score, &played);
    let tempi = [tempo(&at[..33]), tempo(&at[32..65]), tempo(&at[64..])];
    for (found, expected) in tempi.into_iter().zip([100.0, 100.0, 80.0]) {
        assert!((found / expected - 1.0f64).abs() < 1e-9, "{tempi:?}");
    }
    let outcome = Outcome::of(&score, &Controls::default(), &played).unwrap();
    assert!(outcome.warning().unwrap().contains("quarter = 10"), "{outcome:?}");
}

#[test]
fn a_mark_that_is_four_times_off_is_named_and_not_followed() {
    let score = score(12, &[(0, 20.0, "quarter = 20")]);
    let spans = [0.5];
    let take = perform(&score, &spans, &Controls::default());
    assert_eq!(take, perform(&score, &spans, &controls(BaseTempo::Free)));
    let outcome = Outcome::of(&score, &Controls::default(), &take).unwrap();
    assert!(outcome.warning().unwrap().contains("quarter = 20"), "{outcome:?}");
    assert!(outcome.text().ends_with("as the performer would (marked 20)"), "{outcome:?}");
    // Asked for by a person it is meant.
    let asked = controls(BaseTempo::Bpm(20.0));
    let slow = perform(&score, &spans, &asked);
    let outcome = Outcome::of(&score, &asked, &slow).unwrap();
    assert_eq!((outcome.text().as_str(), outcome.warning()), ("quarter = 20, as asked for", None));
}

#[test]
fn without_a_mark_that_is_followed_from_the_beginning_the_piece_is_as_marked_in_part() {
    for (marks, expected) in [
        // Too far from what the performer plays.
        (
            [(0, 10.0, "quarter = 10"), (32, 80.0, "quarter = 80")],
            "quarter = 90 on the whole, in part as marked",
        ),
        // Too short to be a section.
        (
            [(0, 100.0, "quarter = 100"), (4, 80.0, "quarter = 80")],
            "quarter = 80 on the whole, in part as marked",
        ),
        // With which programs begin.
        ([(0, 120.0, ""), (8, 77.0, "")], "quarter = 77 on the whole, in part as marked for playback"),
    ] {
        let score = score(24, &marks);
        let (_, played) = settled(&score, &[0.5]);
        let outcome = Outcome::of(&score, &Controls::default(), &played).unwrap();
        assert_eq!((outcome.text().as_str(), outcome.at_marks), (expected, AtMarks::LaterSections));
    }
    // A later mark that is not followed changes nothing of that.
    let score = score(24, &[(0, 100.0, "quarter = 100"), (32, 10.0, "quarter = 10")]);
    let (_, played) = settled(&score, &[0.5]);
    let outcome = Outcome::of(&score, &Controls::default(), &played).unwrap();
    assert_eq!(
        (outcome.text().as_str(), outcome.at_marks),
        ("quarter = 100, as marked", AtMarks::FromTheBeginning)
    );
}

#[test]
fn the_metre_is_counted_where_nothing_is_marked() {
    let mut score = score(12, &[]);
    score.time_signatures = vec![(Quarters::ZERO, TimeSignature { beats: 6, beat_type: 8 })];
    let controls = controls(BaseTempo::Bpm(60.0));
    let take = perform(&score, &[0.5], &controls);
    assert!((tempo(&times(&score, &take)) / 90.0 - 1.0).abs() < 0.01);
    assert_eq!(Outcome::of(&score, &controls, &take).unwrap().text(), "dotted quarter = 60, as asked for");
}

#[test]
fn a_mood_moves_the_tempo_from_its_mark() {
    let score = score(12, &[(0, 100.0, "quarter = 100")]);
    let with = |cue: f64| {
        let mut cues = [0.0; CUES];
        cues[Cue::Tempo as usize] = cue;
        let (from, to) = (Quarters::ZERO, score.end());
        let mood = Mood { spans: vec![Span { from, to, vector: vec![1.0], cues }], strength: 1.0 };
        let controls = Controls { mood: Some(mood), ..Controls::default() };
        let take = perform(&score, &[0.5], &controls);
        (tempo(&times(&score, &take)), Outcome::of(&score, &controls, &take).unwrap())
    };
    let ((fast, outcome), (slow, _)) = (with(1.0), with(-1.0));
    assert!((fast / 100.0).log2() > 0.12 && (slow / 100.0).log2() < -0.12, "{fast} {slow}");
    assert!((outcome.per_minute - fast).abs() < 1.0, "{outcome:?}");
    assert!(outcome.warning().is_none());
}
