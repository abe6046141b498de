//! What of an aligned recording is kept with its version.
//!
//! A version has each passage once: of what was played several times the last time ([`alignment::choose`]). Slips of
//! the other times are left out, so that what is marked is what is heard.

use alignment::{Alignment, choose};
use application::Recording;
use notation::Score;
use performance::BeatCurve;

use crate::document::{ExtraNote, Hesitation, Slips, WrongKey};

/// The slips of a recording of a score, and the notes that the score has not. `clock` is that of the version.
pub fn found(score: &Score, recording: &Recording, clock: &BeatCurve) -> (Slips, Vec<ExtraNote>) {
    let kept = Kept::new(score, &recording.alignment);
    let figures = &recording.figures;
    let name = |note: u32| score.notes.get(note as usize).map(|note| note.id);
    let wrong = figures.wrong.iter().filter(|key| kept.has(key.stretch, key.note)).filter_map(|key| {
        let quarters = clock.quarters_at(key.secs);
        quarters.is_finite().then_some(WrongKey { note: name(key.note)?, pitch: key.pitch, quarters })
    });
    // The strokes of an ornament are taken together, so that a note may be played whose own key was not found.
    let is_played = |note: u32| recording.played.get(note).is_some();
    let missed = figures
        .missed
        .iter()
        .filter(|missed| kept.has(missed.stretch, missed.note) && !is_played(missed.note));
    let hesitations = figures.hesitations.iter().filter_map(|wait| {
        let (after, before) = (wait.after.to_f64(), wait.before.to_f64());
        let gap_secs = clock.secs_at(before) - clock.secs_at(after);
        let hesitation = Hesitation {
            after_quarters: after,
            before_quarters: before,
            gap_secs,
            excess_secs: wait.excess_secs,
        };
        (kept.has_place(wait.stretch, before) && gap_secs.is_finite()).then_some(hesitation)
    });
    let extra = figures.extra.iter().filter_map(|key| {
        let quarters = key.quarters.unwrap_or_else(|| clock.quarters_at(key.secs));
        let is_kept = key.stretch.is_none_or(|stretch| kept.has_place(stretch, quarters));
        (is_kept && quarters.is_finite()).then_some(ExtraNote { quarters, pitch: key.pitch })
    });
    let slips = Slips {
        wrong: wrong.collect(),
        missed: missed.filter_map(|missed| name(missed.note)).collect(),
        hesitations: hesitations.collect(),
    };
    (slips, extra.collect())
}

/// The stretches that a version is made of.
struct Kept<'a> {
    score: &'a Score,
    alignment: &'a Alignment,
    chosen: Vec<usize>,
}

impl<'a> Kept<'a> {
    fn new(score: &'a Score, alignment: &'a Alignment) -> Self {
        Self { score, alignment, chosen: choose(alignment) }
    }

    /// The stretch that a note is taken from.
    fn stretch_of(&self, note: u32) -> Option<usize> {
        let has = |stretch: &&usize| self.alignment.stretches[**stretch].notes.contains(&note);
        self.chosen.iter().rev().find(has).copied()
    }

    /// Whether a note is taken from a stretch.
    fn has(&self, stretch: u32, note: u32) -> bool {
        self.stretch_of(note) == Some(stretch as usize)
    }

    /// Whether what is played at a place is taken from a stretch.
    fn has_place(&self, stretch: u32, quarters: f64) -> bool {
        let next = self.score.notes.partition_point(|note| note.onset.to_f64() < quarters);
        let note = next.min(self.score.notes.len().saturating_sub(1)) as u32;
        let stretch = stretch as usize;
        self.stretch_of(note).map_or_else(|| self.chosen.contains(&stretch), |other| other == stretch)
    }
}
