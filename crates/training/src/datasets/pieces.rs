//! Note-aligned performances, read from containers.

use std::path::Path;

use anyhow::{Context, Result, bail};
use notation::Score;
use performance::metrics::NoteFlags;
use performance::{Pedal, PedalEvent, Performance, PlayedNote};

use super::container::{Columns, Container, Recording};
use super::score_in;

/// Folders of the data folder that hold containers of note-aligned performances.
const FOLDERS: [&str; 2] = ["asap", "batik"];

/// Scores and the performances of them.
pub struct Split {
    /// Every score of the split.
    pub pieces: Vec<Piece>,
}

/// A score and how people played it.
pub struct Piece {
    /// Composer.
    pub composer: String,
    /// Title, unique with the composer.
    pub title: String,
    /// Folder in the original data set.
    pub folder: String,
    /// The score, repeats unfolded.
    pub score: Score,
    /// Human performances.
    pub humans: Vec<Human>,
}

/// A human performance.
pub struct Human {
    /// File name of the recording in the original data set.
    pub midi: String,
    /// Notes and pedals.
    pub performance: Performance,
    /// Which values are doubtful, parallel to the notes of the performance.
    pub flags: Vec<NoteFlags>,
}

/// Reads a set of note-aligned performances from the data folder: `train`, `valid`, `test` and
/// `extra_train` of (n)ASAP, `batik` and `batik_extra` of Batik plays Mozart.
///
/// # Errors
/// When there is no such set, or it is damaged.
pub fn load(folder: &Path, name: &str) -> Result<Split> {
    let file = format!("{name}.json");
    let home = FOLDERS.iter().map(|f| folder.join(f)).find(|f| f.join(&file).is_file());
    from_container(&Container::read(&home.unwrap_or_else(|| folder.join(FOLDERS[0])), name)?)
}

/// Scores and performances of a container.
///
/// # Errors
/// When a row points outside its table.
pub fn from_container(container: &Container<Recording>) -> Result<Split> {
    let mut pieces = Vec::with_capacity(container.scores.len());
    for entry in &container.scores {
        pieces.push(Piece {
            composer: entry.composer.clone(),
            title: entry.title.clone(),
            folder: entry.folder.clone(),
            score: score_in::read(entry, &container.columns)?,
            humans: Vec::new(),
        });
    }
    for recording in &container.performances {
        let piece = pieces.get_mut(recording.score).context("a performance of a score that is not there")?;
        let human = human(recording, piece.score.notes.len(), &container.columns)?;
        piece.humans.push(human);
    }
    Ok(Split { pieces })
}

fn human(recording: &Recording, notes: usize, columns: &Columns) -> Result<Human> {
    let get = |name: &str| columns.get(name, recording.perf);
    let (sidx, onset, dur, vel, pflag) =
        (get("sidx")?, get("onset")?, get("dur")?, get("vel")?, get("pflag")?);
    let mut flags = Vec::with_capacity(sidx.len());
    let mut performance = Performance::default();
    for k in 0..sidx.len() {
        let note = sidx[k] as u32;
        if note as usize >= notes {
            bail!("{} performs a note that its score does not have", recording.midi);
        }
        let bits = pflag[k] as u8;
        flags.push(NoteFlags { timing_outlier: bits & 1 != 0, duration_unknown: bits & 4 != 0 });
        performance.notes.push(PlayedNote {
            note,
            onset_secs: onset[k],
            duration_secs: dur[k],
            velocity: vel[k] as u8,
        });
    }
    let get = |name: &str| columns.get(name, recording.pedal);
    let (time, controller, value) = (get("ped_t")?, get("ped_cc")?, get("ped_v")?);
    for k in 0..time.len() {
        if let Some(pedal) = Pedal::from_controller(controller[k] as u8) {
            performance.pedals.push(PedalEvent { time_secs: time[k], pedal, value: value[k] as u8 });
        }
    }
    Ok(Human { midi: recording.midi.clone(), performance, flags })
}
