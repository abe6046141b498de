//! The file of a recording of sound: taken into a project when it is imported, and found again.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use application::files;
use flate2::Crc;
use performance::Performance;
use sound::{Excerpt, Recorded};

use crate::document::{OutsideFile, OwnSound};
use crate::names::file_name;

/// Largest file that is kept in the project itself: an hour of MP3 at 128 kbit/s, six minutes of WAV.
const MOST_INSIDE_BYTES: u64 = 64 << 20;

/// Bytes that a checksum is worked out of at once.
const CHUNK_BYTES: usize = 1 << 16;

/// The file of a recording that plays so, for a project to keep: what is in it, or where it is if it is large.
///
/// # Errors
/// In words, if the file cannot be read.
pub fn keep(path: &Path, played: &Performance) -> Result<OwnSound, String> {
    // Pedals are there of the whole file, whatever of it was found in the score.
    let end_secs = played.notes.iter().map(|note| note.onset_secs + note.duration_secs).fold(0.0, f64::max);
    let start_secs = played.notes.iter().map(|note| note.onset_secs).fold(end_secs, f64::min);
    let played_secs = (start_secs, end_secs);
    let name = file_name(path);
    let size_bytes = fs::metadata(path).map_err(|error| files::plain(&error))?.len();
    if size_bytes <= MOST_INSIDE_BYTES {
        let bytes = files::read(path, MOST_INSIDE_BYTES).map_err(|error| error.to_string())?;
        return Ok(OwnSound { name, played_secs, outside: None, bytes: bytes.into() });
    }
    // Where the project lies is another folder as a rule.
    let whole = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let path = whole.to_str().ok_or("the name of its folder is not Unicode")?.to_owned();
    let checksum = checksum(&whole).map_err(|error| files::plain(&error))?;
    let outside = OutsideFile { path, size_bytes, checksum };
    Ok(OwnSound { name, played_secs, outside: Some(outside), bytes: Arc::default() })
}

/// Decodes what is played of a recording, whose notes begin at these times; nothing if `goes_on` says no. A file
/// outside the project is looked for where it was and in a folder, that of the project.
///
/// # Errors
/// In words, if the file is not there or cannot be heard.
pub fn open(
    sound: &OwnSound,
    attacks_secs: Vec<f64>,
    folder: Option<&Path>,
    goes_on: &dyn Fn() -> bool,
) -> Result<Option<Recorded>, String> {
    let excerpt = Excerpt { played_secs: sound.played_secs.0..sound.played_secs.1, attacks_secs };
    let read = match &sound.outside {
        None => Recorded::from_bytes(sound.bytes.clone(), &excerpt, goes_on),
        Some(outside) => Recorded::open(&find(outside, &sound.name, folder)?, &excerpt, goes_on),
    };
    read.map_err(|error| format!("its file cannot be heard: {error}"))
}

/// The file as it was, wherever it is now.
fn find(outside: &OutsideFile, name: &str, folder: Option<&Path>) -> Result<PathBuf, String> {
    let beside = folder.map(|folder| folder.join(name));
    let mut places = std::iter::once(PathBuf::from(&outside.path)).chain(beside);
    let is_it = |path: &PathBuf| {
        let has_size = fs::metadata(path).is_ok_and(|m| m.is_file() && m.len() == outside.size_bytes);
        has_size && checksum(path).is_ok_and(|sum| sum == outside.checksum)
    };
    places.find(is_it).ok_or_else(|| {
        format!(
            "its file is not there any more, or is another one now: {}; put it back, or beside the project",
            outside.path
        )
    })
}

/// CRC-32 of what is in a file.
fn checksum(path: &Path) -> io::Result<u32> {
    let (mut file, mut crc) = (File::open(path)?, Crc::new());
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok(crc.sum()),
            count => crc.update(&chunk[..count]),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use performance::PlayedNote;

    use super::*;

    /// Two notes, the first of which ends last.
    fn played() -> Performance {
        let note =
            |note, onset_secs, duration_secs| PlayedNote { note, onset_secs, duration_secs, velocity: 64 };
        Performance { notes: vec![note(0, 1.0, 9.0), note(1, 2.0, 1.0)], pedals: Vec::new() }
    }

    #[test]
    fn a_file_is_kept_with_what_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lesson.mp3");
        fs::write(&path, "sound").unwrap();
        let sound = keep(&path, &played()).unwrap();
        assert_eq!((sound.name.as_str(), &*sound.bytes), ("lesson.mp3", &b"sound"[..]));
        assert_eq!(sound.played_secs, (1.0, 10.0));
        assert_eq!(sound.outside, None);
        let error = open(&sound, Vec::new(), None, &|| true).unwrap_err();
        assert!(error.contains("no recording of sound"), "{error}");
        fs::remove_file(&path).unwrap();
        assert!(keep(&path, &played()).is_err());
    }

    #[test]
    fn a_large_file_is_found_again_where_it_was_or_beside_the_project() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lesson.wav");
        let file = File::create(&path).unwrap();
        file.set_len(MOST_INSIDE_BYTES + 1).unwrap();
        drop(file);
        let sound = keep(&path, &played()).unwrap();
        assert!(sound.bytes.is_empty());
        let outside = sound.outside.unwrap();
        assert_eq!(find(&outside, "lesson.wav", None), Ok(fs::canonicalize(&path).unwrap()));
        let project = tempfile::tempdir().unwrap();
        let moved = project.path().join("lesson.wav");
        fs::rename(&path, &moved).unwrap();
        assert_eq!(find(&outside, "lesson.wav", Some(project.path())), Ok(moved.clone()));
        let error = find(&outside, "lesson.wav", None).unwrap_err();
        assert!(error.contains("not there any more") && error.contains("lesson.wav"), "{error}");
        // Another recording of the same name and length is not it.
        fs::write(&moved, vec![1; MOST_INSIDE_BYTES as usize + 1]).unwrap();
        assert!(find(&outside, "lesson.wav", Some(project.path())).is_err());
    }
}
