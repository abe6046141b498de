//! Making the files of tokens.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use pianist_transformer::tokens::{PedalMove, Press, Timeline};

use super::kept::Kept;
use super::packed::Packed;
use super::{CHORDS, pairs, recordings};
use crate::datasets::{self, Split};

/// Sets of recordings without scores, and whether they lie on a grid. GiantMIDI's are machine
/// transcriptions, few and true in time; POP909's timing is a grid, which is taken off it when windows
/// are drawn, as the authors' program does with Aria-MIDI.
const RECORDINGS: [(&str, bool); 4] =
    [("asap", false), ("maestro", false), ("giantmidi", false), ("pop909", true)];

/// What to pack.
#[derive(Clone, Debug)]
pub struct Packing {
    /// The data folder.
    pub data: PathBuf,
    /// Where the files go.
    pub out: PathBuf,
    /// Leaves these sets of recordings out.
    pub without: Vec<String>,
}

/// Writes `pretrain.safetensors` (all recordings whose piece is in neither `valid` nor `test`),
/// `tune.safetensors` (`train` and `extra_train`), and of `valid` `pretrain_valid.safetensors` and
/// `tune_valid.safetensors`; [`Packed`] has their arrays. Returns a line a file with the numbers of streams
/// and notes, and how many recordings were left out because they are of a piece that is kept for judging
/// by their notes. `say` hears which set is read. Of `test` only the scores are read, for that.
///
/// # Errors
/// When a set is missing or damaged (the error names the column, with what was found and expected), or a
/// file cannot be written.
pub fn pack(packing: &Packing, say: &mut dyn FnMut(&str)) -> Result<String> {
    std::fs::create_dir_all(&packing.out)
        .with_context(|| format!("cannot create {}", packing.out.display()))?;
    let mut lines = String::new();
    let mut write = |name: &str, packed: &Packed| {
        packed.write(&packing.out.join(format!("{name}.safetensors")))?;
        lines += &format!("{name}: {} streams, {} notes\n", packed.streams(), packed.notes());
        Ok::<_, anyhow::Error>(())
    };
    say("pieces that are kept for judging");
    let kept = Kept::read(&packing.data)?;
    let (mut alone, mut left_out) = (Packed::new(), 0);
    for (name, quantised) in RECORDINGS {
        if packing.without.iter().any(|without| without == name) {
            continue;
        }
        say(name);
        for timeline in recordings::read(&packing.data.join("pretrain"), name)? {
            if kept.has(&timeline) {
                left_out += 1;
            } else {
                alone.push(&timeline.tokens(), quantised);
            }
        }
    }
    write("pretrain", &alone)?;
    drop(alone);
    say("valid");
    let valid = datasets::load(&packing.data, "valid")?;
    write("pretrain_valid", &recorded(&valid))?;
    write("tune_valid", &aligned(&[valid]))?;
    say("train");
    let train = [datasets::load(&packing.data, "train")?, datasets::load(&packing.data, "extra_train")?];
    write("tune", &aligned(&train))?;
    Ok(lines + &format!("left out: {left_out} recordings of pieces that are kept for judging\n"))
}

/// Performances of a split without their scores.
fn recorded(split: &Split) -> Packed {
    let mut packed = Packed::new();
    for piece in &split.pieces {
        for performance in piece.humans.iter().map(|human| &human.performance) {
            let presses = performance.notes.iter().filter_map(|note| {
                let pitch = piece.score.notes.get(note.note as usize)?.pitch;
                let end_secs = note.onset_secs + note.duration_secs;
                Some(Press::from_secs(note.onset_secs, end_secs, pitch, note.velocity))
            });
            let timeline = Timeline::new(presses, PedalMove::of_sustain(&performance.pedals));
            packed.push(&timeline.tokens(), false);
        }
    }
    packed
}

/// Performances of splits with their scores.
fn aligned(splits: &[Split]) -> Packed {
    let mut packed = Packed::new();
    for piece in splits.iter().flat_map(|split| &split.pieces) {
        for pair in piece.humans.iter().flat_map(|human| pairs::pairs(&piece.score, human, CHORDS)) {
            packed.push_pair(&pair.read, &pair.written, &pair.counts);
        }
    }
    packed
}

/// The files of a stage in the folder of tokens: to learn from, and to validate with.
pub(super) fn files(folder: &Path, stage: &str) -> [PathBuf; 2] {
    [folder.join(format!("{stage}.safetensors")), folder.join(format!("{stage}_valid.safetensors"))]
}
