//! Making the files of steps.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use analysis::features::{self, WIDTH};
use anyhow::{Context, Result};
use notation::Score;
use xmvae::ecp::{self, FAMILY, NOTE, PERFORMANCE_COLUMNS, SCORE_COLUMNS, Steps};

use super::packed::Packed;
use super::run::FILES;
use super::scores::{self, corpus_name};
use crate::datasets::{self, Piece};
use crate::pianist::kept::Kept;

/// Performances with fewer notes that can be told apart from what is doubtful are left out.
const LEAST_NOTES: usize = 30;

/// What to pack.
#[derive(Clone, Debug)]
pub struct Packing {
    /// The data folder.
    pub data: PathBuf,
    /// Where the files go.
    pub out: PathBuf,
}

/// Writes `performances.safetensors` (those of `train`, `extra_train`, `batik` and `batik_extra`),
/// `performances_valid.safetensors` (`valid`) and `scores.safetensors` (the printed scores of the data folder as
/// written, and the training scores that are not among them); [`Packed`] has their arrays. Returns a line a file.
/// `say` hears what is read.
///
/// Of `test` only the scores are read, to leave out what is a piece of `valid` or `test`: training pieces of other
/// sets, and printed scores, whose notes are those of one of them.
///
/// # Errors
/// When a set is missing or damaged, or a file cannot be written.
pub fn pack(packing: &Packing, say: &mut dyn FnMut(&str)) -> Result<String> {
    std::fs::create_dir_all(&packing.out)
        .with_context(|| format!("cannot create {}", packing.out.display()))?;
    say("pieces that are kept for judging");
    let kept = Kept::read(&packing.data)?;
    let kept_names = kept_names(&packing.data)?;
    let mut left_out = Vec::new();
    let mut train = Packed::new();
    let mut alone = scores(&packing.data, &kept, &kept_names, &mut left_out, say)?;
    for (split, is_checked) in
        [("train", false), ("extra_train", false), ("batik", true), ("batik_extra", true)]
    {
        say(split);
        for piece in datasets::load(&packing.data, split)?.pieces {
            if is_checked && kept.has_score(&piece.score) {
                left_out.push(format!("{split}: {}", piece.folder));
                continue;
            }
            add_piece(&mut train, &piece);
            if alone.names.insert(corpus_name(&piece.folder)) {
                add_score(&mut alone.packed, &piece.score);
            }
        }
    }
    say("valid");
    let mut valid = Packed::new();
    datasets::load(&packing.data, "valid")?.pieces.iter().for_each(|piece| add_piece(&mut valid, piece));
    let mut lines = String::new();
    for (name, packed) in FILES.iter().zip([&train, &valid, &alone.packed]) {
        packed.write(&path(&packing.out, name))?;
        lines += &line(name, packed);
    }
    let listed = left_out.join(", ");
    Ok(lines + &format!("left out, {} pieces that are kept for judging: {listed}\n", left_out.len()))
}

/// The place of a file.
pub(super) fn path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.safetensors"))
}

/// The names of the pieces of `valid` and `test`, as `musicxml-corpus` has them.
fn kept_names(data: &Path) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for split in ["valid", "test"] {
        names.extend(datasets::load(data, split)?.pieces.iter().map(|piece| corpus_name(&piece.folder)));
    }
    Ok(names)
}

/// Scores alone.
struct Alone {
    packed: Packed,
    /// The names of those that are in it.
    names: BTreeSet<String>,
}

/// The printed scores that are of no kept piece.
fn scores(
    data: &Path,
    kept: &Kept,
    kept_names: &BTreeSet<String>,
    left_out: &mut Vec<String>,
    say: &mut dyn FnMut(&str),
) -> Result<Alone> {
    let mut alone = Alone { packed: Packed::new(), names: BTreeSet::new() };
    for (name, score) in scores::read(data, say)? {
        if kept_names.contains(&name) || kept.has_score(&score) {
            left_out.push(name);
        } else {
            add_score(&mut alone.packed, &score);
            alone.names.insert(name);
        }
    }
    Ok(alone)
}

/// Adds a score alone, if it has notes.
pub(super) fn add_score(packed: &mut Packed, score: &Score) {
    if !score.notes.is_empty() {
        packed.push_score(&columns::<SCORE_COLUMNS>(&ecp::written(score), 0), &[]);
    }
}

/// Adds a score and its performances, if there is one.
pub(super) fn add_piece(packed: &mut Packed, piece: &Piece) {
    let played =
        piece.humans.iter().map(|human| ecp::played(&piece.score, &human.performance, Some(&human.flags)));
    let played: Vec<Steps> = played.filter(|steps| known_notes(steps) >= LEAST_NOTES).collect();
    let Some(first) = played.first() else { return };
    packed.push_score(&columns::<SCORE_COLUMNS>(first, 0), &features_of(&piece.score, first));
    let score = packed.scores() - 1;
    for steps in &played {
        let tokens = columns::<PERFORMANCE_COLUMNS>(steps, SCORE_COLUMNS);
        packed.push_performance(score, &tokens, &steps.values);
    }
}

/// Some columns of the tokens, from one on.
fn columns<const N: usize>(steps: &Steps, first: usize) -> Vec<[u8; N]> {
    steps.tokens.iter().map(|step| std::array::from_fn(|k| step[first + k])).collect()
}

/// Notes of which it is known when they were played.
fn known_notes(steps: &Steps) -> usize {
    steps.tokens.iter().filter(|step| step[ecp::TIMING] > 0).count()
}

/// Features of the notes of steps, zeros at beats.
fn features_of(score: &Score, steps: &Steps) -> Vec<f32> {
    let table = features::of(score);
    let mut features = vec![0.0; steps.len() * WIDTH];
    for (row, note) in features.chunks_exact_mut(WIDTH).zip(&steps.notes) {
        let start = note.map(|note| note as usize * WIDTH);
        if let Some(found) = start.and_then(|start| table.get(start..start + WIDTH)) {
            row.copy_from_slice(found);
        }
    }
    features
}

/// What a file holds.
fn line(name: &str, packed: &Packed) -> String {
    let steps = packed.score_tokens.len() / SCORE_COLUMNS;
    let families = packed.score_tokens.iter().skip(FAMILY).step_by(SCORE_COLUMNS);
    let notes = families.filter(|family| **family == NOTE).count();
    let scores = packed.scores();
    if packed.performances() == 0 {
        return format!("{name}: {scores} scores, {notes} notes, {} beats\n", steps - notes);
    }
    let performances = packed.performances();
    let played = packed.performance_tokens.len() / PERFORMANCE_COLUMNS;
    let known = |column: usize| {
        let tokens = packed.performance_tokens.iter().skip(column - SCORE_COLUMNS);
        tokens.step_by(PERFORMANCE_COLUMNS).filter(|token| **token > 0)
    };
    let [periods, velocities, timings] =
        [ecp::BEAT_PERIOD, ecp::VELOCITY, ecp::TIMING].map(|column| known(column).count());
    let last = ecp::SIZES[ecp::TIMING] - 1;
    let far = known(ecp::TIMING).filter(|token| **token == 1 || usize::from(**token) == last).count();
    format!(
        "{name}: {scores} scores, {notes} notes, {} beats; {performances} performances, {played} steps: \
         {velocities} notes with velocity, {timings} with timing, {far} of them in an outermost bin, \
         {periods} beats with tempo\n",
        steps - notes
    )
}

#[cfg(test)]
#[path = "pack_tests.rs"]
mod tests;
