//! The samples of (n)ASAP on the disk: folders with a score, recordings and their alignments.

use std::fs;
use std::path::{Path, PathBuf};

use notation::smf::SmfError;
use notation::{ImportError, ImportOptions, Score, read_score};
use performance::midi::read_performance;
use thiserror::Error;

use super::case::Case;
use super::counting::judge;
use super::damage;
use super::kind::Damage;
use super::names;
use super::score_table::{Row, Table};

/// What to judge.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Only damages in whose names this is.
    pub only: Option<String>,
    /// Only recordings with at most so many keys.
    pub most_keys: Option<usize>,
    /// Of these only every so many, from the first on; all of them where it is none or 0.
    pub every: Option<usize>,
    /// Of these only the first so many.
    pub limit: Option<usize>,
    /// A folder for the damaged recordings, for another program to align: a folder for each damage, a file for each
    /// recording ([`Case::write`]); and a folder `scores` with the notes of each piece ([`names::write`]).
    pub write: Option<PathBuf>,
}

/// Why samples could not be judged.
#[derive(Debug, Error)]
pub enum SampleError {
    /// A file that cannot be read or written.
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    /// A broken score.
    #[error(transparent)]
    Score(#[from] ImportError),
    /// A broken recording.
    #[error("{0}: {1}")]
    Recording(PathBuf, SmfError),
    /// A folder without samples.
    #[error("{0} holds no samples: folders with xml_score.musicxml, NAME.mid and NAME_note_alignment.tsv")]
    Nothing(PathBuf),
}

/// Judges all recordings of a folder of samples, each damaged in all ways; `said` hears every row.
///
/// # Errors
/// If a file is missing or broken, or there is none.
pub fn run(folder: &Path, options: &Options, said: &dyn Fn(&Row)) -> Result<Table, SampleError> {
    let mut judge = Judge::new(options, said);
    for folder in sorted(folder)?.into_iter().filter(|path| path.is_dir()) {
        let piece = name(&folder);
        let score =
            read_score(&piece, &read(&folder.join("xml_score.musicxml"))?, &ImportOptions::default())?;
        for case in cases(&folder, &piece, &score)? {
            judge.add(&score, &case)?;
        }
    }
    let table = judge.finish();
    if table.rows.is_empty() { Err(SampleError::Nothing(folder.to_owned())) } else { Ok(table) }
}

/// Judges one recording after the other.
pub struct Judge<'a> {
    options: &'a Options,
    said: &'a dyn Fn(&Row),
    table: Table,
    /// Recordings that are short enough, so far.
    seen: usize,
    /// Those of them that were judged.
    judged: usize,
}

impl<'a> Judge<'a> {
    /// Nothing is judged yet; `said` will hear every row.
    pub fn new(options: &'a Options, said: &'a dyn Fn(&Row)) -> Self {
        Self { options, said, table: Table::default(), seen: 0, judged: 0 }
    }

    /// Judges a recording, damaged in all ways, unless it is to be left out. Its name is that of its piece, two
    /// underscores and what tells it from other recordings of the piece.
    ///
    /// # Errors
    /// If something is to be written and cannot be.
    pub fn add(&mut self, score: &Score, case: &Case) -> Result<(), SampleError> {
        if !self.takes(case) {
            return Ok(());
        }
        for damaged in damaged(score, case, self.options) {
            if let Some(out) = &self.options.write {
                write(out, score, &damaged)?;
            }
            let row = judge(score, &damaged);
            (self.said)(&row);
            self.table.rows.push(row);
        }
        Ok(())
    }

    /// Whether the next recording is to be judged.
    fn takes(&mut self, case: &Case) -> bool {
        let Options { most_keys, every, limit, .. } = self.options;
        if most_keys.is_some_and(|most| case.keys.len() > most) {
            return false;
        }
        let is_its_turn = self.seen.is_multiple_of(every.unwrap_or(1).max(1));
        self.seen += 1;
        let takes = is_its_turn && limit.is_none_or(|most| self.judged < most);
        self.judged += usize::from(takes);
        takes
    }

    /// All rows.
    pub fn finish(self) -> Table {
        self.table
    }
}

/// The recording in all ways; the seed is the length of its name times a hundred, and the way.
fn damaged<'a>(score: &'a Score, case: &'a Case, options: &'a Options) -> impl Iterator<Item = Case> + 'a {
    let seed = 100 * case.name.len() as u64;
    let is_wanted =
        |damage: &Damage| options.only.as_ref().is_none_or(|only| damage.name().contains(only.as_str()));
    let wanted = (1..).zip(Damage::ALL).filter(move |(_, damage)| is_wanted(damage));
    wanted.filter_map(move |(way, kind)| damage::damaged(kind, score, case, seed + way))
}

fn cases(folder: &Path, piece: &str, score: &Score) -> Result<Vec<Case>, SampleError> {
    let mut cases = Vec::new();
    for path in sorted(folder)? {
        if let Some(stem) = name(&path).strip_suffix("_note_alignment.tsv") {
            let midi = folder.join(format!("{stem}.mid"));
            let heard = read_performance(&read(&midi)?).map_err(|why| SampleError::Recording(midi, why))?;
            let pairs = String::from_utf8_lossy(&read(&path)?).into_owned();
            cases.push(Case::read(&format!("{piece}__{stem}"), score, &heard.notes, &pairs));
        }
    }
    Ok(cases)
}

fn write(folder: &Path, score: &Score, case: &Case) -> Result<(), SampleError> {
    let piece = case.name.rsplit_once("__").map_or(case.name.as_str(), |(piece, _)| piece);
    write_file(&folder.join("scores"), piece, &names::write(score))?;
    write_file(&folder.join(case.damage.name().replace(' ', "-")), &case.name, &case.write(score))
}

fn write_file(folder: &Path, name: &str, text: &str) -> Result<(), SampleError> {
    let path = folder.join(format!("{name}.tsv"));
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, text));
    written.map_err(|why| SampleError::File(path, why))
}

fn read(path: &Path) -> Result<Vec<u8>, SampleError> {
    fs::read(path).map_err(|why| SampleError::File(path.to_owned(), why))
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>, SampleError> {
    let entries = fs::read_dir(folder).and_then(|entries| entries.map(|e| Ok(e?.path())).collect());
    let mut paths: Vec<PathBuf> = entries.map_err(|why| SampleError::File(folder.to_owned(), why))?;
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_so_many_of_the_short_ones_are_taken_up_to_a_limit() {
        let case = |k: usize| {
            let length = if k.is_multiple_of(2) { 3 } else { 9 };
            let note = performance::midi::MidiNote {
                onset_secs: 0.0,
                duration_secs: 1.0,
                pitch: 60,
                velocity: 64,
                track: 0,
            };
            let key = super::super::case::Key { note, role: crate::aligned::Role::Extra };
            Case { name: k.to_string(), damage: Damage::None, keys: vec![key; length] }
        };
        let taken = |options: &Options| {
            let mut judge = Judge::new(options, &|_| ());
            (0..20).filter(|k| judge.takes(&case(*k))).collect::<Vec<_>>()
        };
        let all = Options::default();
        assert_eq!(taken(&all), (0..20).collect::<Vec<_>>());
        let some = Options { most_keys: Some(5), every: Some(3), limit: Some(2), ..Options::default() };
        assert_eq!(taken(&some), [0, 6]);
        assert_eq!(taken(&Options { every: Some(0), limit: Some(1), ..Options::default() }), [0]);
    }
}
