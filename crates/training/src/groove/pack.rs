//! Making the files of played notes.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use cadenza::groove::{FURTHEST_QUARTERS, ON_GRID, TIMINGS, rows};
use notation::{Quarters, Score};
use performance::Performance;
use performance::metrics::{NoteFlags, usable_notes};

use super::STYLES;
use super::local_tempo::{LocalTempo, timings};
use super::packed::{NO_TIMING, Packed};
use super::song::Song;
use super::songs;
use crate::datasets::{self, Piece, Split};

/// Every so many-th song is not learned from.
const HELD_OUT_SONGS: usize = 10;

/// What to pack.
#[derive(Clone, Debug)]
pub struct Packing {
    /// The data folder.
    pub data: PathBuf,
    /// Where the files go.
    pub out: PathBuf,
}

/// Whether a song, by its place in the index, is kept for validation and evaluation.
pub fn is_held_out(song: usize) -> bool {
    song.is_multiple_of(HELD_OUT_SONGS)
}

/// Writes `train.safetensors` (performances of `train` and `extra_train`, and the songs that are not held out) and
/// `valid.safetensors` (performances of `valid`, and songs that are); [`Packed`] has their arrays. Returns a line a
/// file and style with the numbers of streams and notes. `say` hears which set is read. `test` is never read.
///
/// # Errors
/// When a set is missing or damaged, or a file cannot be written.
pub fn pack(packing: &Packing, say: &mut dyn FnMut(&str)) -> Result<String> {
    std::fs::create_dir_all(&packing.out)
        .with_context(|| format!("cannot create {}", packing.out.display()))?;
    let (mut train, mut valid) = (Packed::new(), Packed::new());
    for (split, is_learned) in [("train", true), ("extra_train", true), ("valid", false)] {
        say(split);
        let packed = if is_learned { &mut train } else { &mut valid };
        add_split(packed, &datasets::load(&packing.data, split)?);
    }
    say("pop909");
    let songs = songs::read(&packing.data.join("pretrain"))?;
    let mut unsteady = 0;
    for (k, keys) in songs.iter().enumerate() {
        let packed = if is_held_out(k) { &mut valid } else { &mut train };
        match Song::of(keys) {
            Some(song) => add_song(packed, &song),
            None => unsteady += 1,
        }
    }
    let mut lines =
        format!("pop909: {unsteady} of {} songs have no fixed tempo and are left out\n", songs.len());
    for (name, packed) in [("train", &train), ("valid", &valid)] {
        packed.write(&file(&packing.out, name))?;
        for (style, name_of_style) in STYLES.iter().enumerate() {
            lines += &counts(packed, style, &format!("{name}, {name_of_style}"));
        }
    }
    Ok(lines)
}

/// A file of the folder.
pub(super) fn file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.safetensors"))
}

fn counts(packed: &Packed, style: usize, name: &str) -> String {
    let streams = (0..packed.streams()).filter(|k| usize::from(packed.style[*k]) == style);
    let ranges: Vec<_> = streams.map(|k| packed.starts[k]..packed.starts[k + 1]).collect();
    let notes: usize = ranges.iter().map(ExactSizeIterator::len).sum();
    let timed = ranges.iter().flat_map(|range| &packed.timing[range.clone()]);
    let timed = timed.filter(|bin| **bin != NO_TIMING).count();
    format!("{name}: {} streams, {notes} notes, {timed} with micro-timing\n", ranges.len())
}

/// Adds every performance of a split at its local tempo.
pub fn add_split(packed: &mut Packed, split: &Split) {
    split.pieces.iter().for_each(|piece| add_piece(packed, piece));
}

fn add_piece(packed: &mut Packed, piece: &Piece) {
    for human in &piece.humans {
        let (score, played, flags) = (&piece.score, &human.performance, Some(&human.flags[..]));
        let Some(tempo) = LocalTempo::of(score, played, flags) else { continue };
        let rows = rows(score, &|_| tempo.median_period_secs());
        let late = |secs, at| tempo.late_quarters(secs, at);
        add(packed, 0, &rows, (score, played, flags), &late);
    }
}

/// Adds a song at its fixed tempo.
pub fn add_song(packed: &mut Packed, song: &Song) {
    let quarter_secs = song.pulse.quarter_secs();
    let rows = rows(&song.score, &|_| quarter_secs);
    let late = |secs: f64, at: Quarters| secs / quarter_secs - at.to_f64();
    add(packed, 1, &rows, (&song.score, &song.played, None), &late);
}

/// Adds what was played of a score, and how late `late` says it was.
fn add(
    packed: &mut Packed,
    style: u8,
    rows: &[u8],
    (score, played, flags): (&Score, &Performance, Option<&[NoteFlags]>),
    late: &dyn Fn(f64, Quarters) -> f64,
) {
    let usable = usable_notes(score, played, flags);
    let velocity: Vec<u8> =
        usable.iter().map(|note| note.map_or(0, |(note, _)| note.velocity.min(127))).collect();
    let timing: Vec<u8> = timings(score, played, flags, late).into_iter().map(bin).collect();
    packed.push(style, rows, &velocity, &timing);
}

/// The bin of a micro-timing in quarters; what is further from the grid than half a sixteenth has none.
fn bin(late_quarters: Option<f64>) -> u8 {
    let late = late_quarters.filter(|late| late.abs() <= FURTHEST_QUARTERS);
    late.map_or(NO_TIMING, |late| {
        let share = late / FURTHEST_QUARTERS;
        (ON_GRID as f64 * (1.0 + share)).round().clamp(0.0, (TIMINGS - 1) as f64) as u8
    })
}

#[cfg(test)]
#[path = "pack_tests.rs"]
mod tests;
