//! Recordings by which nothing was chosen, from containers of note-aligned performances.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use alignment::Role;
use alignment::judge::samples::{self, Options};
use alignment::judge::{Case, Damage, Key, Row, Table};
use anyhow::{Context, Result, bail};
use notation::Score;
use performance::midi::MidiNote;

use crate::datasets::container::{Container, Recording};
use crate::datasets::from_container;

/// Bit of `pflag`: the key is another one than that of the score, and nobody says which.
const OTHER_PITCH: u8 = 2;

/// Judges the first recording of each piece of some splits that is not among the samples.
pub fn run(data: &Path, splits: &[&str], options: &Options, said: &dyn Fn(&Row)) -> Result<Table> {
    let known = samples_of(data);
    let mut table = Table::default();
    for split in splits {
        let home = if split.starts_with("batik") { "batik" } else { "asap" };
        let container: Container<Recording> = Container::read(&data.join(home), split)?;
        let pieces = from_container(&container)?.pieces;
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        for recording in &container.performances {
            let Some(piece) = pieces.get(recording.score) else { continue };
            let name = piece.folder.replace('/', "__");
            // Another version of a sample has the name of that and more.
            let is_known = known.iter().any(|sample| name.starts_with(sample.as_str()));
            if is_known || !seen.insert(recording.score) {
                continue;
            }
            let score = with_written(piece.score.clone());
            let case = case(&name, &score, recording, &container)?;
            samples::add(&mut table, &score, &case, options, said)?;
        }
    }
    if table.rows.is_empty() {
        bail!("{} holds no other recordings than the samples", data.display());
    }
    Ok(table)
}

/// The pieces of the samples; none if they are not there.
fn samples_of(data: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(data.join("asap/samples")).into_iter().flatten().flatten();
    let folders = entries.filter(|entry| entry.path().is_dir());
    folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// The score with the number of the printed measure in each of its measures, which containers do not have:
/// measures with the same number are the same.
fn with_written(mut score: Score) -> Score {
    let mut seen: HashMap<String, u32> = HashMap::new();
    for measure in &mut score.measures {
        let next = seen.len() as u32;
        measure.written = *seen.entry(measure.number.clone()).or_insert(next);
    }
    score
}

fn case(name: &str, score: &Score, recording: &Recording, container: &Container<Recording>) -> Result<Case> {
    let get = |column: &str, rows| container.columns.get(column, rows);
    let (sidx, onset, dur) =
        (get("sidx", recording.perf)?, get("onset", recording.perf)?, get("dur", recording.perf)?);
    let (vel, pflag) = (get("vel", recording.perf)?, get("pflag", recording.perf)?);
    let mut keys = Vec::with_capacity(sidx.len());
    for k in 0..sidx.len() {
        let note = sidx[k] as u32;
        let written = score.notes.get(note as usize);
        let written =
            written.with_context(|| format!("{} plays a note that is not there", recording.midi))?;
        if pflag[k] as u8 & OTHER_PITCH == 0 {
            let note_played = key(onset[k], dur[k], written.pitch, vel[k]);
            keys.push(Key { note: note_played, role: Role::Note(note) });
        }
    }
    let (onset, dur) = (get("ins_t", recording.extra)?, get("ins_dur", recording.extra)?);
    let (pitch, vel) = (get("ins_pitch", recording.extra)?, get("ins_vel", recording.extra)?);
    for k in 0..onset.len() {
        keys.push(Key { note: key(onset[k], dur[k], pitch[k] as u8, vel[k]), role: Role::Extra });
    }
    let place = |key: &Key| (key.note.onset_secs, key.note.pitch);
    keys.sort_by(|a, b| place(a).0.total_cmp(&place(b).0).then(place(a).1.cmp(&place(b).1)));
    let stem = Path::new(&recording.midi).file_stem().unwrap_or_default().to_string_lossy();
    Ok(Case { name: format!("{name}__{stem}"), damage: Damage::None, keys })
}

fn key(onset_secs: f64, duration_secs: f64, pitch: u8, velocity: f64) -> MidiNote {
    MidiNote { onset_secs, duration_secs, pitch, velocity: (velocity as u8).clamp(1, 127), track: 0 }
}
