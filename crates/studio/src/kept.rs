//! What was played and is no version of a project yet, as MIDI files in the app's data folder.
//!
//! While somebody plays, the file is written every few seconds, so that a kill loses no more. Once what was
//! played is a version its file goes. What does not fit the score stays, as does what a kill left; the next
//! start finds it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use application::files;
use application::limits::RECORDING_BYTES;
use performance::midi::{PlayedMidi, export_played, read_performance};
use protocol::KeptView;

use crate::lock::Lock;
use crate::names::{file_name, file_stem, plain_name};

/// A recording that is going on, and its file; no other window takes it for one that a kill left.
#[derive(Debug)]
pub struct KeptFile {
    path: PathBuf,
    _lock: Option<Lock>,
}

/// Where the files are: each in a folder of its own, so that it can have the name of its version.
fn folder(data_folder: &Path) -> PathBuf {
    data_folder.join("recordings")
}

impl KeptFile {
    /// Makes room for a recording of a piece; the file itself comes with [`write()`].
    ///
    /// # Errors
    /// In words.
    pub fn create(data_folder: &Path, piece: &str, name: &str) -> Result<Self, String> {
        let secs = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
        let piece = plain_name(&[piece]);
        let place = |k: u32| folder(data_folder).join(format!("{piece}-{secs}-{}-{k}", std::process::id()));
        let place = (0..).map(place).find(|place| !place.exists()).unwrap_or_else(|| place(0));
        fs::create_dir_all(&place).map_err(|error| files::plain(&error))?;
        let path = place.join(format!("{name}.mid"));
        Ok(Self::again(data_folder, path))
    }

    /// A recording that was kept before.
    pub fn again(data_folder: &Path, path: PathBuf) -> Self {
        let lock = Lock::take(data_folder, &path).ok();
        Self { path, _lock: lock }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Writes what was played so far; nothing if no key went down.
///
/// # Errors
/// In words, with the path.
pub fn write(path: &Path, played: &PlayedMidi) -> Result<(), String> {
    if played.notes.is_empty() {
        return Ok(());
    }
    let written = export_played(played, &file_stem(path)).map_err(|error| error.to_string());
    let written = written.and_then(|bytes| files::replace(path, &bytes).map_err(|error| error.to_string()));
    written.map_err(|why| format!("what is played cannot be kept ({why}): {}", path.display()))
}

/// Removes a recording and its folder. What cannot be removed is found again by the next start.
pub fn remove(path: &Path) {
    fs::remove_file(path).ok();
    if let Some(place) = path.parent() {
        // Only if it is empty, so nothing else is lost.
        fs::remove_dir(place).ok();
    }
}

/// The recordings that a kill left, or that were kept before; not those that another window is making.
pub fn find(data_folder: &Path) -> Vec<PathBuf> {
    let places = fs::read_dir(folder(data_folder)).into_iter().flatten().flatten();
    let inside = places.flat_map(|place| {
        // What a kill left of a file that was being written.
        files::sweep(&place.path());
        fs::read_dir(place.path()).into_iter().flatten().flatten()
    });
    let is_midi = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "mid");
    let is_free = |path: &PathBuf| Lock::take(data_folder, path).is_ok();
    let mut found: Vec<PathBuf> = inside.map(|entry| entry.path()).filter(is_midi).filter(is_free).collect();
    found.sort();
    found
}

/// A recording in words; none if it cannot be read.
pub fn view(path: &Path) -> Option<KeptView> {
    let id = file_name(path.parent()?);
    let midi = read_performance(&files::read(path, RECORDING_BYTES).ok()?).ok()?;
    let first_secs = midi.notes.first().map_or(0.0, |note| note.onset_secs);
    let ends = midi.notes.iter().map(|note| note.onset_secs + note.duration_secs);
    let secs = (ends.fold(first_secs, f64::max) - first_secs).round() as u32;
    // The folder begins with the piece, and goes on with numbers.
    let piece = id.rsplitn(4, '-').last().unwrap_or_default().replace('-', " ");
    let name = if piece.is_empty() { file_stem(path) } else { format!("{} of {piece}", file_stem(path)) };
    Some(KeptView { id, name, notes: midi.notes.len(), secs })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use performance::midi::MidiNote;

    use super::*;

    fn played(notes: u8) -> PlayedMidi {
        let note = |k: u8| MidiNote {
            onset_secs: 10.0 + f64::from(k),
            duration_secs: 0.7,
            pitch: 60 + k,
            velocity: 64,
            track: 0,
        };
        PlayedMidi { notes: (0..notes).map(note).collect(), pedals: Vec::new() }
    }

    #[test]
    fn what_a_kill_left_is_found_and_what_is_being_played_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        assert_eq!(find(data), Vec::<PathBuf>::new());
        let file = KeptFile::create(data, "Prélude, Op. 28", "Recording 3").unwrap();
        write(file.path(), &PlayedMidi::default()).unwrap();
        assert!(!file.path().exists(), "nothing was played yet");
        write(file.path(), &played(2)).unwrap();
        write(file.path(), &played(5)).unwrap();
        assert_eq!(find(data), Vec::<PathBuf>::new());
        let path = file.path().to_owned();
        drop(file);
        assert_eq!(find(data), std::slice::from_ref(&path));
        let view = view(&path).unwrap();
        assert_eq!((view.name.as_str(), view.notes, view.secs), ("Recording 3 of Prelude Op 28", 5, 5));
        remove(&path);
        assert_eq!(find(data), Vec::<PathBuf>::new());
        assert!(!path.parent().unwrap().exists());
    }

    #[test]
    fn two_recordings_of_one_second_have_two_places() {
        let folder = tempfile::tempdir().unwrap();
        let make = || KeptFile::create(folder.path(), "Minuet", "Recording 1").unwrap();
        let (one, other) = (make(), make());
        assert_ne!(one.path(), other.path());
    }
}
