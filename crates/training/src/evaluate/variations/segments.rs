//! The segments as scores.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use cadenza::pertok::{Music, PerTok};
use notation::{Measure, Note, NoteId, Part, Quarters, Score, TimeSignature};

use super::subject::Segment;
use crate::composer::{FILES, Packed, Tokens};

/// Bars of a segment.
pub const BARS: usize = 4;

/// The lowest pitch of the upper staff.
const MIDDLE_C: u8 = 60;

/// Segments to judge with, so many of them, and what tells them.
pub(super) fn read(folder: &Path, limit: usize) -> Result<(Vec<Segment>, PerTok)> {
    let (settings, pertok) = Tokens::read(folder)?;
    let [_, _, test] = FILES;
    let packed = Packed::read(&file(folder, test), &pertok)?;
    let all = packed.segments(&pertok, BARS, settings.longest.saturating_sub(1));
    ensure!(!all.is_empty(), "{}: no segment of {BARS} bars to judge with", folder.display());
    let count = limit.clamp(1, all.len());
    let mut segments = Vec::with_capacity(count);
    for place in 0..count {
        // Evenly: segments are in order of pieces.
        let tokens = &all[place * all.len() / count];
        let ids: Vec<u16> = tokens.iter().filter_map(|token| u16::try_from(*token).ok()).collect();
        segments.push(Segment { score: score_of(&pertok, &pertok.decode(&ids)?, BARS), place });
    }
    Ok((segments, pertok))
}

/// What there was to learn from.
pub(super) fn learned(folder: &Path, pertok: &PerTok) -> Result<Packed> {
    let [train, _, _] = FILES;
    Packed::read(&file(folder, train), pertok)
}

fn file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.safetensors"))
}

/// Music of so many bars as the score of a piano.
pub fn score_of(pertok: &PerTok, music: &Music, bars: usize) -> Score {
    let per_quarter = i64::from(pertok.config().ticks_per_quarter);
    let quarters = |ticks: u32| Quarters::new(i64::from(ticks), per_quarter);
    let mut score = Score {
        parts: vec![Part { id: "P1".to_owned(), name: "Piano".to_owned(), staves: 2 }],
        ..Score::default()
    };
    let metre_at = |at: Quarters| -> TimeSignature {
        let before = music.metres.iter().rev().find(|(ticks, _)| quarters(*ticks) <= at);
        before.map_or(pertok.config().metre, |(_, metre)| *metre)
    };
    let mut start = Quarters::ZERO;
    for index in (0_u32..).take(bars) {
        let time = metre_at(start);
        let end = start + time.measure_length();
        if score.time_signatures.last().is_none_or(|(_, before)| *before != time) {
            score.time_signatures.push((start, time));
        }
        score.measures.push(Measure { start, end, ..Measure::regular(index, time) });
        start = end;
    }
    let mut notes = music.notes.clone();
    notes.sort_unstable();
    for (written, note) in (0_u32..).zip(&notes) {
        let onset = quarters(note.onset_ticks);
        let measure = score.measures.partition_point(|measure| measure.start <= onset).saturating_sub(1);
        let is_upper = note.pitch >= MIDDLE_C;
        score.notes.push(Note {
            id: NoteId { written, pass: 1 },
            onset,
            duration: quarters(note.duration_ticks),
            pitch: note.pitch,
            measure: measure as u32,
            staff: if is_upper { 1 } else { 2 },
            voice: if is_upper { 1 } else { 5 },
            ..Note::default()
        });
    }
    score
}

#[cfg(test)]
#[path = "segments_tests.rs"]
mod tests;
