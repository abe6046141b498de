//! The score played literally: the tempo that is written, one loudness, no pedal.

use std::collections::BTreeMap;

use notation::tempo::{BELIEVABLE_QUARTERS_PER_MINUTE, UNMARKED_QUARTERS_PER_MINUTE};
use notation::{DirectionKind, Quarters, Score, graces};

use crate::curve::BeatCurve;
use crate::{Performance, PlayedNote};

/// Where a score names no tempo: a moderato.
pub const DEFAULT_QUARTERS_PER_MINUTE: f64 = UNMARKED_QUARTERS_PER_MINUTE;

/// How loud every note is: the middle of MIDI's range.
pub const VELOCITY: u8 = 64;

/// How long a grace note is, and how long before the next note of its group it starts. A group
/// takes at most half of the time since the onset before it.
pub const GRACE_SECS: f64 = 0.08;

/// Plays a score literally: every note at its written place, swung where the score says so, for its
/// whole written length, fermatas and articulation ignored. Grace notes come before the beat; when the piece starts with some,
/// its first beat comes later by as much, so that no onset is negative.
pub fn deadpan(score: &Score) -> Performance {
    let clock = written_clock(score);
    let mut notes: Vec<PlayedNote> = Vec::with_capacity(score.notes.len());
    for (n, note) in score.notes.iter().enumerate() {
        let secs_at = |at| clock.secs_at(score.swung(at).to_f64());
        let onset_secs = secs_at(note.onset);
        let duration_secs = secs_at(note.offset()) - onset_secs;
        notes.push(PlayedNote { note: n as u32, onset_secs, duration_secs, velocity: VELOCITY });
    }
    place_grace_notes(score, &mut notes);
    let first = notes.iter().map(|n| n.onset_secs).fold(0.0, f64::min);
    notes.iter_mut().for_each(|n| n.onset_secs -= first);
    Performance { notes, pedals: Vec::new() }
}

/// The tempo as written, as a curve that is at 0 seconds at the start of the score.
pub fn written_clock(score: &Score) -> BeatCurve {
    let start = score.notes.first().map_or(Quarters::ZERO, |n| n.onset.min(Quarters::ZERO)).to_f64();
    let marks = tempo_marks(score);
    let first_bar_end = score.measures.first().map_or(Quarters::ZERO, |m| m.end);
    // A mark later in the first bar speaks of the bar; one further on leaves the start unnamed.
    let opening = marks.first().filter(|(at, _)| *at <= Quarters::ZERO || *at < first_bar_end);
    let opening = opening.map_or(DEFAULT_QUARTERS_PER_MINUTE, |(_, tempo)| *tempo);
    let later = marks.iter().map(|(at, tempo)| (at.to_f64(), 60.0 / tempo)).filter(|(at, _)| *at > start);
    let curve = BeatCurve::from_periods(0.0, std::iter::once((start, 60.0 / opening)).chain(later));
    debug_assert!(curve.secs_at(start).abs() < 1e-9);
    curve
}

/// Tempo changes in quarters per minute; a metronome mark outranks a word at the same place, and
/// `Tempo I` goes back to that of the beginning.
fn tempo_marks(score: &Score) -> Vec<(Quarters, f64)> {
    let mut marks: BTreeMap<Quarters, (bool, f64)> = BTreeMap::new();
    let first_bar_end = score.measures.first().map_or(Quarters::ZERO, |m| m.end);
    let mut first = None;
    for direction in &score.directions {
        let (exact, tempo) = match direction.kind {
            DirectionKind::Metronome(tempo) => (true, Some(tempo)),
            DirectionKind::Tempo(tempo) => (false, tempo),
            DirectionKind::ATempo if names_first_tempo(&direction.text) => {
                (false, Some(first.unwrap_or(DEFAULT_QUARTERS_PER_MINUTE)))
            }
            _ => continue,
        };
        let Some(tempo) = tempo.filter(|t| BELIEVABLE_QUARTERS_PER_MINUTE.contains(t)) else { continue };
        // A mark further on leaves the beginning unnamed.
        let is_opening = direction.onset <= Quarters::ZERO || direction.onset < first_bar_end;
        first.get_or_insert(if is_opening { tempo } else { DEFAULT_QUARTERS_PER_MINUTE });
        let outranked = marks.get(&direction.onset).is_some_and(|(is_exact, _)| *is_exact && !exact);
        if !outranked {
            marks.insert(direction.onset, (exact, tempo));
        }
    }
    marks.into_iter().map(|(at, (_, tempo))| (at, tempo)).collect()
}

fn names_first_tempo(text: &str) -> bool {
    let text = text.trim().trim_end_matches('.').to_lowercase();
    ["tempo i", "tempo 1", "tempo primo", "tempo i°"].iter().any(|t| text.ends_with(t))
}

/// Moves the grace notes of each onset and voice before it, in written order.
fn place_grace_notes(score: &Score, notes: &mut [PlayedNote]) {
    let mut previous_secs = f64::NEG_INFINITY;
    for group in score.onset_groups() {
        let beat_secs = notes[group.start].onset_secs;
        for strokes in graces::by_voice(&score.notes, group) {
            let step_secs = GRACE_SECS.min(0.5 * (beat_secs - previous_secs) / strokes.len() as f64);
            let mut onset_secs = beat_secs;
            for stroke in strokes.iter().rev() {
                onset_secs -= step_secs;
                for n in stroke {
                    notes[*n].onset_secs = onset_secs;
                    notes[*n].duration_secs = step_secs;
                }
            }
        }
        previous_secs = beat_secs;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use notation::{Direction, Grace, Marks, Note, NoteId};

    fn note(onset: i64, grace: bool, written: u32) -> Note {
        Note {
            id: NoteId { written, pass: 1 },
            onset: Quarters::whole(onset),
            duration: Quarters::whole(i64::from(!grace)),
            grace: grace.then_some(Grace::Acciaccatura),
            marks: Marks::FERMATA,
            ..Note::default()
        }
    }

    fn direction(onset: i64, kind: DirectionKind, text: &str) -> Direction {
        Direction { onset: Quarters::whole(onset), end: None, part: 0, staff: None, kind, text: text.into() }
    }

    fn secs(score: &Score) -> Vec<f64> {
        deadpan(score).notes.iter().map(|n| (n.onset_secs * 1e6).round() / 1e6).collect()
    }

    #[test]
    fn tempo_marks_are_followed_to_the_letter() {
        let mut score = Score { notes: (0..5).map(|k| note(k, false, 0)).collect(), ..Score::default() };
        assert_eq!(secs(&score), [0.0, 0.6, 1.2, 1.8, 2.4], "100 quarters a minute by default");
        score.directions = vec![
            direction(0, DirectionKind::Metronome(60.0), ""),
            direction(0, DirectionKind::Tempo(Some(200.0)), "Presto"),
            direction(2, DirectionKind::Tempo(Some(120.0)), "Allegro"),
            direction(2, DirectionKind::Ritardando, "rit."),
            direction(3, DirectionKind::ATempo, "Tempo I"),
        ];
        assert_eq!(secs(&score), [0.0, 1.0, 2.0, 2.5, 3.5]);
        let durations: Vec<f64> = deadpan(&score).notes.iter().map(|n| n.duration_secs).collect();
        assert!((durations[2] - 0.5).abs() < 1e-12 && (durations[3] - 1.0).abs() < 1e-12);
    }

    #[test]
    fn broken_tempo_marks_are_passed_over() {
        let mut score = Score { notes: (0..2).map(|k| note(k, false, 0)).collect(), ..Score::default() };
        for tempo in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-300] {
            score.directions = vec![direction(0, DirectionKind::Metronome(tempo), "")];
            assert_eq!(secs(&score), [0.0, 0.6]);
        }
    }

    #[test]
    fn grace_notes_come_before_the_beat() {
        let notes =
            vec![note(0, true, 0), note(0, false, 2), note(0, true, 1), note(1, true, 3), note(1, false, 4)];
        let score = Score { notes, ..Score::default() };
        assert_eq!(secs(&score), [0.0, 0.16, 0.08, 0.68, 0.76]);
    }

    #[test]
    fn grace_chords_and_grace_notes_of_two_voices_are_struck_together() {
        let mut notes = vec![note(0, false, 0), note(1, true, 1), note(1, true, 2), note(1, true, 3)];
        notes.push(note(1, false, 4));
        notes[2].marks = Marks::GRACE_CHORD;
        notes[3].voice = 2;
        let score = Score { notes, ..Score::default() };
        assert_eq!(secs(&score), [0.0, 0.52, 0.52, 0.52, 0.6]);
    }

    #[test]
    fn the_first_tempo_is_that_of_the_beginning() {
        let mut score = Score { notes: (0..5).map(|k| note(k, false, 0)).collect(), ..Score::default() };
        score.directions = vec![
            direction(2, DirectionKind::Metronome(60.0), "quarter = 60"),
            direction(3, DirectionKind::ATempo, "Tempo I"),
        ];
        assert_eq!(secs(&score), [0.0, 0.6, 1.2, 2.2, 2.8], "unmarked, then 60, then unmarked again");
    }
}
