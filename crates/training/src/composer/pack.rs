//! Making the files of bars.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use cadenza::composer::{Bar, bars, tokens, written};
use cadenza::pertok::{Music, PerTok, Token};
use notation::Score;

use super::packed::{Packed, Source, Tokens};
use super::song;
use crate::datasets;
use crate::groove::read_songs;

/// The files: to learn from, to validate with, to judge with.
pub const FILES: [&str; 3] = ["segments", "segments_valid", "segments_test"];

/// Tokens of the longest segment: of four bars that are learned, 98 % of those of (n)ASAP's scores have no more,
/// and 99.7 % of those of POP909.
pub const LONGEST: usize = 384;

/// Of so many songs one is for validation and one for judging.
const SONGS: usize = 20;

/// The velocity of all notes: scores have none.
const VELOCITY: u8 = 64;

/// Bars of the segments that are counted.
const BARS: usize = 4;

/// What to pack.
#[derive(Clone, Debug)]
pub struct Packing {
    /// The data folder.
    pub data: PathBuf,
    /// Where the files go.
    pub out: PathBuf,
    /// Longer segments, in tokens, are not learned.
    pub longest: usize,
}

/// Writes `segments.safetensors` (the scores of (n)ASAP's `train` and `extra_train`, nine tenths of the songs
/// of POP909), `segments_valid.safetensors` (those of `valid`, each twentieth song) and
/// `segments_test.safetensors` (`test`, another twentieth), and `tokens.json`; [`Packed`] has their arrays.
/// Returns a line a file. `say` hears what is read.
///
/// Left out are irregular bars, metres without a token, grace notes, and songs whose tempo is not fixed.
///
/// # Errors
/// When a set is missing or damaged, or a file cannot be written.
pub fn pack(packing: &Packing, say: &mut dyn FnMut(&str)) -> Result<String> {
    std::fs::create_dir_all(&packing.out)
        .with_context(|| format!("cannot create {}", packing.out.display()))?;
    ensure!((16..=8192).contains(&packing.longest), "the longest segment must have 16 to 8,192 tokens");
    let pertok = PerTok::new(written())?;
    Tokens::new(&pertok, packing.longest).write(&packing.out)?;
    let mut files = [(); 3].map(|()| Packed::new());
    for (file, splits) in files.iter_mut().zip([&["train", "extra_train"][..], &["valid"], &["test"]]) {
        // A score may be in two of them.
        let mut known = BTreeSet::new();
        for split in splits {
            say(split);
            for piece in datasets::load(&packing.data, split)?.pieces {
                if known.insert(piece.folder.clone()) {
                    push(file, &pertok, &piece.score, Source::Asap);
                }
            }
        }
    }
    say("pop909");
    for (k, keys) in read_songs(&packing.data.join("pretrain"))?.iter().enumerate() {
        let file = match k % SONGS {
            0 => 1,
            half if half == SONGS / 2 => 2,
            _ => 0,
        };
        if let Some(score) = song::written(keys) {
            push(&mut files[file], &pertok, &score, Source::Pop909);
        }
    }
    let mut lines = String::new();
    for (name, packed) in FILES.iter().zip(&files) {
        packed.write(&path(&packing.out, name))?;
        lines += &line(name, packed, &pertok, packing.longest);
    }
    Ok(lines)
}

/// The place of a file.
pub(super) fn path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.safetensors"))
}

fn push(packed: &mut Packed, pertok: &PerTok, score: &Score, source: Source) {
    runs(pertok, score).iter().for_each(|run| packed.push(run, source));
}

/// The longest runs of bars of a score that can be told.
fn runs(pertok: &PerTok, score: &Score) -> Vec<Vec<Bar>> {
    let (mut runs, mut start) = (Vec::new(), 0);
    for k in 0..=score.measures.len() {
        if told(pertok, score, k..k + 1).is_none() {
            runs.extend(told(pertok, score, start..k));
            start = k + 1;
        }
    }
    runs
}

/// Measures as bars; nothing if there are none, or something in them has no token.
fn told(pertok: &PerTok, score: &Score, measures: Range<usize>) -> Option<Vec<Bar>> {
    let ticks_per_quarter = pertok.config().ticks_per_quarter;
    let music = Music::of_measures(score, measures.clone(), ticks_per_quarter, VELOCITY)?;
    let told = bars(pertok, &tokens(pertok, &music, measures.len()).ok()?);
    (told.len() == measures.len()).then_some(told)
}

/// What a file holds.
fn line(name: &str, packed: &Packed, pertok: &PerTok, longest: usize) -> String {
    let is_note = |id: &&u16| matches!(pertok.vocabulary().token(**id), Some(Token::Pitch(_)));
    let notes = packed.tokens.iter().filter(is_note).count();
    let mut lengths: Vec<usize> = packed.segments(pertok, BARS, usize::MAX).iter().map(Vec::len).collect();
    lengths.sort_unstable();
    let median = lengths.get(lengths.len() / 2).copied().unwrap_or(0);
    let too_long = lengths.iter().filter(|length| **length > longest).count();
    let (runs, bars, segments) = (packed.sources.len(), packed.metres.len(), lengths.len());
    format!(
        "{name}: {runs} runs, {bars} bars, {notes} notes; {segments} segments of {BARS} bars side by side, \
         half of them of {median} tokens or more, {too_long} of more than {longest}\n"
    )
}

#[cfg(test)]
#[path = "pack_tests.rs"]
mod tests;
