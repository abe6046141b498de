//! A take written again with some bars changed.

use notation::Score;
use notation::smf::file::{Division, MidiFile};

use super::export::{export, micros_per_quarter};
use super::grid::{TICKS_PER_QUARTER, changed_map};
use super::in_place::InPlace;
use super::kept::Kept;
use super::options::{ExportError, ExportMode, ExportOptions, Exported};
use super::regrid::TakeGrid;
use crate::tempo_map::TempoMap;
use crate::{Performance, codec};

/// A take that was read from a file.
#[derive(Clone, Copy, Debug)]
pub struct ExportedTake<'a> {
    /// The file.
    pub bytes: &'a [u8],
    /// What it plays of the score, with the times of the file.
    pub played: &'a Performance,
    /// The note of the score that each of its notes plays, from [`match_recording`](super::match_recording).
    pub owners: &'a [Option<u32>],
}

/// How the file of a take counts time, as far as it can be kept.
enum Time {
    /// Its bars are on its grid.
    Grid(TakeGrid),
    /// Under a tempo map that has no bars.
    Map(TempoMap),
}

/// Writes a take of which some notes (ascending) were performed anew, with time as its file counts it:
/// notes that are not performed anew keep their ticks, those that the score does not have and the
/// strokes of ornaments among them. If the bars of the file are on its grid, the tempo map follows the
/// new bars, and stays as it is outside of them.
///
/// Of notes within the new bars those that the score does not have are left out, and counted. A file
/// in time code is written as [`export`] does.
///
/// # Errors
/// As [`export`].
pub fn export_in_place(
    score: &Score,
    played: &Performance,
    take: &ExportedTake<'_>,
    changed: &[u32],
    options: &ExportOptions,
) -> Result<Exported, ExportError> {
    write(score, played, take, changed, options, |time| match time {
        // One constant tempo stays one.
        Time::Grid(grid) if grid.map().changes().count() > 1 => Some(Tempo::Follows),
        _ => Some(Tempo::Stays),
    })
}

/// The same if the file of the take counts time as `options` request it, for all bars; else
/// [`export`], which leaves out all notes that the score does not have.
///
/// # Errors
/// As [`export`].
pub fn export_changed(
    score: &Score,
    played: &Performance,
    take: &ExportedTake<'_>,
    changed: &[u32],
    options: &ExportOptions,
) -> Result<Exported, ExportError> {
    write(score, played, take, changed, options, |time| match (options.mode, time) {
        (ExportMode::ScoreGrid, Time::Grid(_)) => Some(Tempo::Follows),
        (ExportMode::ExactTiming(tempo), time) => is_constant(time.map(), tempo).then_some(Tempo::Stays),
        _ => None,
    })
}

/// Whether a map has one tempo, and that one as files of ours have it.
fn is_constant(map: &TempoMap, quarters_per_minute: f64) -> bool {
    map.changes().all(|(_, micros)| micros == micros_per_quarter(quarters_per_minute))
}

/// What becomes of the file's tempo.
enum Tempo {
    /// It stays as it is.
    Stays,
    /// It follows the new bars, if the file has bars.
    Follows,
}

/// Writes with the time of the file as `tempo` requests it, or anew.
fn write(
    score: &Score,
    played: &Performance,
    take: &ExportedTake<'_>,
    changed: &[u32],
    options: &ExportOptions,
    tempo: impl Fn(&Time) -> Option<Tempo>,
) -> Result<Exported, ExportError> {
    let again = || {
        let left_out = take.owners.iter().filter(|owner| owner.is_none()).count();
        export(score, played, options).map(|exported| Exported { left_out, ..exported })
    };
    let Ok(file) = MidiFile::read(take.bytes) else { return again() };
    let Some(kept) = Kept::of(score, &file, take.played, take.owners, changed) else { return again() };
    let Some(time) = Time::of(score, &file, take.played, changed, &kept) else { return again() };
    let Some(tempo) = tempo(&time).filter(|_| options.bars.is_none()) else { return again() };
    let (map, grid) = match (&time, tempo) {
        (Time::Grid(grid), Tempo::Follows) => {
            let curve = codec::encode(score, played).curve();
            (changed_map(score, &curve, grid), Some(grid))
        }
        _ => (time.map().clone(), None),
    };
    let (file, kept, before) = (&file, &kept, take.played);
    let place = InPlace { score, file, kept, played, before, changed, map: &map, grid };
    let (bytes, first_bar_tick, left_out) = (place.write()?, place.first_bar_tick(), kept.left_out);
    Ok(Exported { bytes, offset_secs: 0.0, first_bar_tick, left_out })
}

impl Time {
    fn map(&self) -> &TempoMap {
        match self {
            Self::Grid(grid) => grid.map(),
            Self::Map(map) => map,
        }
    }

    /// Nothing for a file in time code.
    fn of(score: &Score, file: &MidiFile, take: &Performance, changed: &[u32], kept: &Kept) -> Option<Self> {
        let Division::PerQuarter(ticks) = file.division else { return None };
        let grid = TakeGrid::read(score, file, take, changed, &kept.on_ticks(file), TICKS_PER_QUARTER);
        let map = || TempoMap::new(u32::from(ticks), file.tempos.iter().copied());
        Some(grid.map_or_else(|| Self::Map(map()), Self::Grid))
    }
}
