//! From what is written to the score: repeats unfolded, ties merged.

use super::repeats::{self, Route};
use super::warnings::Warnings;
use super::writer::{Writer, absolute};
use super::written::{WrittenNote, WrittenScore};
use super::{checks, chords, slurs, staff_voices, tempo_ratios, two_hands};
use super::{measure_lengths, measure_style};
use crate::error::ImportError;
use crate::options::{ImportOptions, Unfold};
use crate::score::Score;
use crate::time::Quarters;

/// Writes the score along the order of play.
pub(super) fn assemble(mut written: WrittenScore, options: &ImportOptions) -> Result<Score, ImportError> {
    if written.notes.is_empty() {
        return Err(ImportError::NoNotes);
    }
    let limits = &options.limits;
    let mut warnings = Warnings::default();
    if !written.is_exact {
        measure_style::settle(&mut written, limits, &mut warnings)?;
        measure_lengths::settle(&mut written, &mut warnings);
        staff_voices::settle(&mut written);
    }
    let starts = written.starts();
    let end = starts.last().copied().unwrap_or_default();
    if end > Quarters::whole(limits.quarters) {
        return Err(ImportError::too_large("quarters", limits.quarters as u64));
    }
    number_notes(&mut written.notes);
    tempo_ratios::settle(&mut written);
    let onsets: Vec<Quarters> = written.notes.iter().map(|n| absolute(&starts, n.position)).collect();
    if !written.is_exact {
        slurs::mark(&mut written, &onsets);
        chords::spread(&mut written, &onsets);
    }
    let route = match options.unfold {
        Unfold::Maximal if !written.is_written_out => {
            repeats::unfold(&repeats::place(&written, &starts), end, limits.measures)?
        }
        _ => Route::as_written(end),
    };
    let mut writer = Writer::new(&written, &starts, &onsets);
    for run in &route.runs {
        writer.write(*run, limits)?;
    }
    let (mut score, played) = writer.finish();
    if score.notes.is_empty() || score.measures.is_empty() {
        // What lasts no time is never reached, or has no measure to stand in.
        return Err(ImportError::NoNotes);
    }
    if written.is_written_out {
        // Two notes on one key stand in another order in the file where they are in different voices.
        score.notes.sort_by_key(|note| (note.onset, note.pitch, note.id));
    }
    checks::measures(&written, &mut warnings);
    checks::signs(&written, &route.unused, &mut warnings);
    if options.unfold == Unfold::Maximal && !written.is_written_out {
        checks::coverage(&written, &played, &mut warnings);
    }
    score.title = written.title;
    score.composer = written.composer;
    score.parts = written.parts;
    score.warnings = written.warnings;
    score.warnings.extend(warnings.into_vec());
    if !written.is_exact {
        two_hands::join(&mut score);
    }
    Ok(score)
}

/// Keeps the file's own numbers (`n12`) if every note has one and no two the same; else counts.
fn number_notes(notes: &mut [WrittenNote]) {
    let mut ids: Vec<u32> = notes.iter().map(|n| n.id).collect();
    ids.sort_unstable();
    let unique = ids.windows(2).all(|w| w[0] != w[1]) && ids.last() != Some(&u32::MAX);
    if !unique {
        for (number, note) in notes.iter_mut().enumerate() {
            note.id = number as u32;
        }
    }
}
