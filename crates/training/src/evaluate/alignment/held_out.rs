//! Recordings by which nothing was chosen, from containers of note-aligned performances.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use alignment::Role;
use alignment::judge::samples::{Judge, Options};
use alignment::judge::{Case, Damage, Key, Row, Table};
use anyhow::{Result, bail};
use notation::Score;

use crate::datasets::container::{Container, Recording};
use crate::datasets::{from_container, struck_keys};

/// Judges the first recording of each piece of some splits that is not among the samples.
pub fn run(data: &Path, splits: &[&str], options: &Options, said: &dyn Fn(&Row)) -> Result<Table> {
    let known = samples_of(data);
    let mut judge = Judge::new(options, said);
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
            judge.add(&score, &case)?;
        }
    }
    let table = judge.finish();
    if table.rows.is_empty() {
        bail!("{} holds no other recordings than the samples, or none that was asked for", data.display());
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
    let role = |note: Option<u32>| note.map_or(Role::Extra, Role::Note);
    let keys = struck_keys(recording, score, &container.columns)?;
    let keys = keys.into_iter().map(|struck| Key { note: struck.key, role: role(struck.note) }).collect();
    let stem = Path::new(&recording.midi).file_stem().unwrap_or_default().to_string_lossy();
    Ok(Case { name: format!("{name}__{stem}"), damage: Damage::None, keys })
}
