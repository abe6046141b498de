//! Whether a MIDI file was written down or played.

use super::error::SmfError;
use super::file::{Division, MidiFile};

/// Fewer notes say nothing.
const LEAST_NOTES: usize = 24;

/// Parts of a quarter that written onsets lie on: 32nds and triplets of sixteenths.
const GRID: u64 = 24;

/// Share of onsets on the grid below which a file was played. Played onsets are there by chance: one
/// in twenty at 480 ticks a quarter, up to a fifth in slow repeated figures; of written ones, which may
/// have fine graces and tuplets, at least half are on it.
const WRITTEN_SHARE: f64 = 0.35;

/// Coarser ticks cannot tell, since too many of them are on the grid.
const LEAST_TICKS: u64 = 96;

/// Tempo events a beat above which somebody's tempo is in the file.
const TEMPOS_PER_QUARTER: f64 = 0.4;

/// What the notes and the tempo of a file look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// Somebody's notation: onsets on the grid, few changes of tempo.
    Written,
    /// Somebody's playing: onsets on no grid.
    Played,
    /// Somebody's playing laid on the bars, with a tempo of its own nearly every beat: onsets are on the
    /// grid but for the notes of spread chords. A take exported on the grid of its score is one.
    PlayedOnGrid,
}

/// Tells a score from a recording: files of ours by their mark, others by their onsets and their tempo. Of
/// these, files of few notes count as written, and so do files without beats.
///
/// # Errors
/// When the bytes are no Standard MIDI File; see [`SmfError`].
pub fn looks(bytes: &[u8]) -> Result<Looks, SmfError> {
    let file = MidiFile::read(bytes)?;
    let Division::PerQuarter(ticks) = file.division else { return Ok(Looks::Written) };
    let ticks = u64::from(ticks);
    let mut onsets: Vec<u64> =
        file.tracks.iter().flat_map(|track| &track.notes).map(|note| note.on_tick).collect();
    if onsets.is_empty() || (onsets.len() < LEAST_NOTES && !file.is_performed) {
        return Ok(Looks::Written);
    }
    onsets.sort_unstable();
    onsets.dedup();
    let (first, last) = (onsets[0], onsets[onsets.len() - 1]);
    let quarters = (last - first) as f64 / ticks as f64;
    let mut tempos: Vec<u32> =
        file.tempos.iter().filter(|t| (first..=last).contains(&t.0)).map(|t| t.1).collect();
    tempos.dedup();
    let is_rubato = tempos.len() > LEAST_NOTES / 2 && tempos.len() as f64 > TEMPOS_PER_QUARTER * quarters;
    if is_rubato {
        return Ok(Looks::PlayedOnGrid);
    }
    let on_grid = onsets.iter().filter(|onset| is_on_grid(**onset, ticks)).count();
    let is_played = ticks >= LEAST_TICKS && (on_grid as f64) < WRITTEN_SHARE * onsets.len() as f64;
    Ok(match (is_played, file.is_performed) {
        (true, _) => Looks::Played,
        (false, true) => Looks::PlayedOnGrid,
        (false, false) => Looks::Written,
    })
}

/// Whether a tick is the one nearest to a place of the grid.
fn is_on_grid(tick: u64, ticks: u64) -> bool {
    let within = tick % ticks;
    let place = (within * GRID + ticks / 2) / ticks;
    within == (place * ticks + GRID / 2) / GRID
}
