//! What holds for the tokens of any score and any performance.
#![allow(clippy::unwrap_used)]

use notation::{Grace, ImportOptions, Measure, Note, NoteId, Quarters, Score, TimeSignature};
use performance::{Performance, PlayedNote, deadpan};
use proptest::prelude::*;
use xmvae::ecp::{
    ARTICULATION, COLUMNS, DURATIONS, NOTE, TIMING, beats, performance_of, played, values_of_tokens, written,
    written_of,
};

const METRES: [(u8, u8); 6] = [(4, 4), (3, 4), (6, 8), (2, 2), (7, 8), (3, 8)];

/// Measures of a metre: a pick-up of so many half beats, then bars, some of them without their last half beat.
fn measures(metre: usize, pick_up: i64, is_cut: &[bool]) -> Vec<Measure> {
    let (beats, beat_type) = METRES[metre];
    let time = TimeSignature { beats, beat_type };
    let beat = time.beat_length();
    let half = Quarters::new(beat.numerator(), 2 * beat.denominator());
    let full = time.measure_length();
    let cut = is_cut.iter().map(|is_cut| if *is_cut { full - half } else { full });
    let lengths = std::iter::once(half * pick_up).chain(cut).filter(|length| !length.is_zero());
    let mut at = Quarters::ZERO;
    let measure = |length: Quarters| {
        let start = at;
        at += length;
        Measure { start, end: at, ..Measure::regular(0, time) }
    };
    lengths.map(measure).collect()
}

/// Beat, place in it, pitch, duration, and whether it is a grace note.
type Drawn = (usize, i64, u8, usize, bool);

fn score_of(measures: Vec<Measure>, drawn: &[Drawn]) -> Score {
    let mut score = Score { time_signatures: vec![(Quarters::ZERO, measures[0].time)], ..Score::default() };
    score.measures = measures;
    let beats = beats(&score);
    let note = |(beat, place, pitch, duration, is_grace): &Drawn| {
        let beat = beats[beat % beats.len()];
        let (n, d) = DURATIONS[1 + duration % (DURATIONS.len() - 1)];
        let after = Quarters::new(beat.length.numerator() * place, beat.length.denominator() * 24);
        Note {
            onset: beat.start + after,
            duration: if *is_grace { Quarters::ZERO } else { Quarters::new(n, d) },
            pitch: *pitch,
            grace: is_grace.then_some(Grace::Acciaccatura),
            ..Note::default()
        }
    };
    score.notes = drawn.iter().map(note).collect();
    score.notes.sort_by_key(|note| (note.onset, note.pitch));
    for (k, note) in score.notes.iter_mut().enumerate() {
        note.id = NoteId { written: k as u32, pass: 1 };
    }
    score
}

fn scores() -> impl Strategy<Value = Score> {
    let note = (0usize..64, 0i64..24, 21u8..=108, 0usize..50, prop::bool::weighted(0.1));
    let bars = prop::collection::vec(prop::bool::weighted(0.2), 1..6);
    (0..METRES.len(), 0i64..4, bars, prop::collection::vec(note, 8..60))
        .prop_map(|(metre, pick_up, bars, notes)| score_of(measures(metre, pick_up, &bars), &notes))
}

/// How a note is played: seconds after the grid, velocity, log2 of its length, and the tempo of its beat.
type Manner = (f64, u8, f64, f64);

fn manners() -> impl Strategy<Value = Vec<Manner>> {
    prop::collection::vec((-0.04f64..0.04, 1u8..=127, -1.8f64..1.8, -1.2f64..1.2), 64)
}

/// Late enough for beats before the first note, which go at its tempo.
const START_SECS: f64 = 1000.0;

/// Plays a score, all but each so many-th note.
fn play(score: &Score, manners: &[Manner], without: usize) -> Performance {
    let beats = beats(score);
    let manner = |k: usize| manners[k % manners.len()];
    let period_secs = |beat: usize| 0.5 * manner(beat).3.exp2();
    let secs = |at: Quarters| {
        let beat = beats.partition_point(|beat| beat.start <= at).saturating_sub(1);
        let before: f64 = (0..beat).map(|k| beats[k].length.to_f64() * period_secs(k)).sum();
        (START_SECS + before + (at - beats[beat].start).to_f64() * period_secs(beat), period_secs(beat))
    };
    let note = |(k, note): (usize, &Note)| {
        let ((late_secs, velocity, held, _), (secs, period_secs)) = (manner(k), secs(note.onset));
        let quarters = note.duration.to_f64().max(0.05);
        PlayedNote {
            note: k as u32,
            onset_secs: secs + late_secs,
            duration_secs: quarters * period_secs * held.exp2(),
            velocity,
        }
    };
    let heard = score.notes.iter().enumerate().filter(|(k, _)| k % without != 3);
    Performance { notes: heard.map(note).collect(), pedals: Vec::new() }
}

/// Real numbers give back what was played to a microsecond; tokens to half a bin, and say how many notes were
/// within what tokens can say, of how many.
fn round_trip(score: &Score, performance: &Performance) -> (usize, usize) {
    let steps = played(score, performance, None);
    let exact = performance_of(score, &steps, &steps.values);
    let binned = performance_of(score, &steps, &values_of_tokens(&steps.tokens));
    let mut within = 0;
    for note in &performance.notes {
        let step = steps.notes.iter().position(|n| *n == Some(note.note)).unwrap();
        let [a, b] = [&exact, &binned].map(|played| *played.get(note.note).unwrap());
        assert!((a.onset_secs - note.onset_secs).abs() < 1e-6, "{a:?}, expected {note:?}");
        let share = a.duration_secs / note.duration_secs.max(0.001);
        assert!((share - 1.0).abs() < 3e-6, "{a:?}, expected {note:?}");
        assert_eq!(a.velocity, note.velocity);
        assert!(b.velocity.abs_diff(note.velocity) <= 2, "{b:?}, expected {note:?}");
        let [timing, articulation] = [TIMING, ARTICULATION].map(|column| steps.tokens[step][column]);
        if (2..=40).contains(&timing) {
            within += 1;
            assert!((b.onset_secs - note.onset_secs).abs() < 0.005, "{b:?}, expected {note:?}");
        }
        if (2..=80).contains(&articulation) {
            let bins = (b.duration_secs / note.duration_secs).log2() / 0.075;
            assert!(bins.abs() < 0.501, "{b:?}, expected {note:?}");
        }
    }
    (within, performance.notes.len())
}

/// Onset, pitch, and whether it is a grace note.
fn places(score: &Score) -> Vec<(Quarters, u8, bool)> {
    let start = score.measures[0].start;
    score.notes.iter().map(|note| (note.onset - start, note.pitch, note.grace.is_some())).collect()
}

fn places_of_tokens(score: &Score) -> Vec<(Quarters, u8, bool)> {
    let notes = written_of(&written(score).tokens).notes;
    notes.iter().map(|note| (note.onset, note.pitch, note.is_grace)).collect()
}

proptest! {
    #[test]
    fn what_is_written_survives_its_tokens(score in scores()) {
        let steps = written(&score);
        let back = written_of(&steps.tokens);
        prop_assert_eq!(places_of_tokens(&score), places(&score));
        let durations = |note: &Note| note.duration;
        let expected: Vec<Quarters> = score.notes.iter().map(durations).collect();
        let found: Vec<Quarters> = back.notes.iter().map(|note| note.duration).collect();
        prop_assert_eq!(found, expected);
        prop_assert_eq!(back.bars.last().unwrap().end, score.measures.last().unwrap().end);
        prop_assert!(back.bars.windows(2).all(|bars| bars[0].end == bars[1].start));
        prop_assert_eq!(steps.tokens.iter().filter(|step| step[0] == NOTE).count(), score.notes.len());
    }

    #[test]
    fn what_is_played_survives_its_tokens(
        score in scores(),
        manners in manners(),
        without in 4usize..20,
    ) {
        let (within, notes) = round_trip(&score, &play(&score, &manners, without));
        // Tempi that jump from beat to beat as these do leave notes between beats further off than people's do.
        prop_assert!(2 * within >= notes, "{} of {} notes are within 190 ms", within, notes);
    }

    /// Whatever a network writes is music.
    #[test]
    fn nothing_is_too_strange_to_read(
        tokens in prop::collection::vec(prop::array::uniform9(any::<u8>()), 0..60),
        score in scores(),
    ) {
        let back = written_of(&tokens);
        prop_assert!(back.notes.len() <= tokens.iter().filter(|step| step[0] == NOTE).count());
        let values = values_of_tokens(&tokens);
        let steps = written(&score);
        let played = performance_of(&score, &steps, &values);
        let sound = |n: &PlayedNote| n.onset_secs >= 0.0 && n.onset_secs.is_finite() && n.duration_secs > 0.0;
        prop_assert!(played.notes.iter().all(sound));
    }
}

/// The program's own scores, with grace notes, triplets, pick-ups, 2/2 and 3/8, played with swells of tempo and with
/// hands apart.
#[test]
fn scores_survive_their_tokens() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scores");
    let names = ["chopin_prelude_op28_4", "schumann_kinderszenen_1", "beethoven_fur_elise_theme"];
    for name in names {
        let bytes = std::fs::read(format!("{folder}/{name}.musicxml")).unwrap();
        let score = notation::read_score(name, &bytes, &ImportOptions::default()).unwrap();
        assert_eq!(places_of_tokens(&score), places(&score), "{name}");
        let mut performance = deadpan(&score);
        for note in &mut performance.notes {
            let swell = 0.3 * (note.onset_secs / 3.0).sin();
            let apart = if score.notes[note.note as usize].staff > 1 { -0.02 } else { 0.01 };
            note.onset_secs += 2.0 + swell + apart;
            note.velocity = 40 + (note.note % 50) as u8;
        }
        let (within, notes) = round_trip(&score, &performance);
        assert!(100 * within >= 99 * notes, "{name}: {within} of {notes}");
    }
    assert_eq!(COLUMNS, 9);
}
