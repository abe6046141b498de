//! What a file that is no score is, told by how it begins, and what to do with it instead.

use std::fmt;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use sound::decode::SoundFormat;

/// Enough of a file to tell what it is.
const HEAD_BYTES: u64 = 64;

/// Something that a person may take for a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A project of the studio.
    Project,
    /// A recording of sound, with the name of its format.
    Sound(&'static str),
    /// Sounds of instruments.
    Soundfont,
    /// A picture, with the name of its format.
    Picture(&'static str),
    /// Pages to print.
    Pdf,
    /// A score of another program, with the name of the program.
    OtherProgram(&'static str),
    /// A score in a language of its own, with the name of the language.
    Text(&'static str),
}

impl FileKind {
    /// What the file at a path is; none for what may be a score, for what is nothing of these and for what
    /// cannot be read.
    pub fn of(path: &Path) -> Option<Self> {
        let head = head(path)?;
        Self::of_bytes(&head).or_else(|| Self::of_name(path, &head))
    }

    /// What begins like this.
    pub fn of_bytes(head: &[u8]) -> Option<Self> {
        let riff = head.get(8..12).filter(|_| head.starts_with(b"RIFF") || head.starts_with(b"RF64"));
        match riff {
            Some(b"WAVE") => return Some(Self::Sound("WAV")),
            Some(b"sfbk") => return Some(Self::Soundfont),
            Some(b"WEBP") => return Some(Self::Picture("WebP")),
            _ => {}
        }
        let kinds: [(&[u8], Self); 17] = [
            (b"SQLite format 3\0", Self::Project),
            (b"fLaC", Self::Sound("FLAC")),
            (b"OggS", Self::Sound("Ogg")),
            (b"ID3", Self::Sound("MP3")),
            (b"\xff\xfb", Self::Sound("MP3")),
            (b"FORM", Self::Sound("AIFF")),
            (b"\x89PNG", Self::Picture("PNG")),
            (b"\xff\xd8\xff", Self::Picture("JPEG")),
            (b"GIF8", Self::Picture("GIF")),
            (b"BM", Self::Picture("BMP")),
            (b"II*\0", Self::Picture("TIFF")),
            (b"MM\0*", Self::Picture("TIFF")),
            (b"%PDF", Self::Pdf),
            (b"%!PS", Self::Pdf),
            (b"SIBELIUS", Self::OtherProgram("Sibelius")),
            (b"\x0fSIBELIUS", Self::OtherProgram("Sibelius")),
            (b"ENIGMA", Self::OtherProgram("Finale")),
        ];
        let known = kinds.into_iter().find(|(start, _)| head.starts_with(start)).map(|(_, kind)| kind);
        known.or_else(|| match SoundFormat::of(head) {
            Some(SoundFormat::Read(format)) => Some(Self::Sound(format)),
            _ => None,
        })
    }

    /// Archives and texts that only their names tell from a compressed MusicXML file and from MusicXML.
    fn of_name(path: &Path, head: &[u8]) -> Option<Self> {
        let extension = path.extension()?.to_string_lossy().to_lowercase();
        match extension.as_str() {
            "mscz" if head.starts_with(b"PK") => Some(Self::OtherProgram("MuseScore")),
            "mscx" => Some(Self::OtherProgram("MuseScore")),
            "musx" if head.starts_with(b"PK") => Some(Self::OtherProgram("Finale")),
            "svg" => Some(Self::Picture("SVG")),
            // A score with a wrong name is a score all the same.
            _ if is_score(head) => None,
            "sib" => Some(Self::OtherProgram("Sibelius")),
            "dorico" => Some(Self::OtherProgram("Dorico")),
            "gp" | "gpx" | "gp3" | "gp4" | "gp5" => Some(Self::OtherProgram("Guitar Pro")),
            "cap" | "capx" => Some(Self::OtherProgram("capella")),
            "nwc" | "nwctxt" => Some(Self::OtherProgram("NoteWorthy Composer")),
            "enc" => Some(Self::OtherProgram("Encore")),
            "ly" => Some(Self::Text("LilyPond")),
            "abc" => Some(Self::Text("ABC")),
            "krn" => Some(Self::Text("Humdrum")),
            "mei" => Some(Self::Text("MEI")),
            _ => None,
        }
    }
}

/// The first bytes of an ordinary file.
fn head(path: &Path) -> Option<Vec<u8>> {
    // Looked at before opening, which would wait at a pipe.
    if !fs::metadata(path).is_ok_and(|metadata| metadata.is_file()) {
        return None;
    }
    let mut head = Vec::new();
    File::open(path).ok()?.take(HEAD_BYTES).read_to_end(&mut head).ok()?;
    Some(head)
}

/// What a recording is, told by how its file begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordingKind {
    /// Notes.
    Midi,
    /// Sound, or a video; whether it can be read shows when it is.
    Sound,
}

impl RecordingKind {
    /// What the file at a path is; none for what is neither and for what cannot be read.
    pub fn of(path: &Path) -> Option<Self> {
        let head = head(path)?;
        let is_midi = head.starts_with(b"MThd") || head.get(8..12) == Some(b"RMID");
        let sound = || SoundFormat::of(&head).map(|_| Self::Sound);
        if is_midi { Some(Self::Midi) } else { sound() }
    }
}

/// Whether a file may begin like this that holds MusicXML or MIDI.
fn is_score(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let is_musicxml = text.contains("<score-") || text.contains("<!DOCTYPE score-");
    is_musicxml || head.starts_with(b"MThd") || head.starts_with(b"RIFF")
}

impl fmt::Display for FileKind {
    /// What it is and what to do with it: the rest of a sentence that begins with *this is*.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Project => write!(
                f,
                "a project, not a score; open it in the window, and save a take of it as MIDI there"
            ),
            Self::Sound(format) => write!(
                f,
                "a recording of sound ({format}), not a score; open its score in the window and import the recording \
                 there, or make MIDI of it with `espressivo transcribe`"
            ),
            Self::Soundfont => write!(
                f,
                "a soundfont, not a score; choose it as the piano in the settings of the window or with \
                 --soundfont"
            ),
            Self::Picture(format) => write!(
                f,
                "a picture ({format}), not a score; a music scanning program makes MusicXML of a picture of a \
                 page"
            ),
            Self::Pdf => write!(
                f,
                "a document with pages, not a score; export MusicXML from the program that made it, or have a \
                 music scanning program read it"
            ),
            Self::OtherProgram(program) => {
                write!(f, "a file of {program}; export MusicXML from {program} and open that")
            }
            Self::Text(language) => write!(
                f,
                "a score as text ({language}), which cannot be read here; a program that reads {language} can \
                 make MusicXML or MIDI of it"
            ),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_how_they_begin() {
        let kind = FileKind::of_bytes;
        assert_eq!(kind(b"RIFF\x24\0\0\0WAVEfmt "), Some(FileKind::Sound("WAV")));
        assert_eq!(kind(b"RIFF\x24\0\0\0sfbkLIST"), Some(FileKind::Soundfont));
        assert_eq!(kind(b"\x89PNG\r\n\x1a\n"), Some(FileKind::Picture("PNG")));
        assert_eq!(kind(b"SQLite format 3\0"), Some(FileKind::Project));
        assert_eq!(kind(b"\xff\xf3\x90\x64"), Some(FileKind::Sound("MP3")));
        assert_eq!(kind(b"\x0fSIBELIUS\0\0"), Some(FileKind::OtherProgram("Sibelius")));
        for score in
            [&b"RIFF\x24\0\0\0RMIDdata"[..], b"MThd\0\0\0\x06", b"PK\x03\x04", b"<?xml ", b"", b"RIFF"]
        {
            assert_eq!(kind(score), None, "{score:?}");
        }
    }

    #[test]
    fn archives_and_texts_are_told_by_their_names() {
        let folder = tempfile::tempdir().unwrap();
        let of = |name: &str, bytes: &[u8]| {
            std::fs::write(folder.path().join(name), bytes).unwrap();
            FileKind::of(&folder.path().join(name))
        };
        assert_eq!(of("a.mscz", b"PK\x03\x04"), Some(FileKind::OtherProgram("MuseScore")));
        assert_eq!(of("a.mxl", b"PK\x03\x04"), None);
        assert_eq!(of("a.svg", b"<svg/>"), Some(FileKind::Picture("SVG")));
        assert_eq!(of("a.dorico", b"PK\x03\x04"), Some(FileKind::OtherProgram("Dorico")));
        assert_eq!(of("a.ly", b"\\version \"2.24.0\"\n{ c' }"), Some(FileKind::Text("LilyPond")));
        assert_eq!(of("a.mei", b"<?xml version=\"1.0\"?><mei/>"), Some(FileKind::Text("MEI")));
        assert_eq!(of("a.enc", b"MThd\0\0\0\x06"), None, "a MIDI file with a wrong name");
        assert_eq!(FileKind::of(folder.path()), None);
        assert_eq!(FileKind::of(&folder.path().join("missing")), None);
    }

    #[test]
    fn recordings_are_notes_or_sound() {
        let folder = tempfile::tempdir().unwrap();
        let of = |bytes: &[u8]| {
            let path = folder.path().join("lesson.mp3");
            std::fs::write(&path, bytes).unwrap();
            RecordingKind::of(&path)
        };
        assert_eq!(of(b"MThd\0\0\0\x06"), Some(RecordingKind::Midi), "whatever its name says");
        assert_eq!(of(b"RIFF\x24\0\0\0RMIDdata"), Some(RecordingKind::Midi));
        assert_eq!(of(b"fLaC"), Some(RecordingKind::Sound));
        assert_eq!(of(b"\0\0\0\x20ftypisom"), Some(RecordingKind::Sound));
        for other in [&b""[..], b"ab", b"<?xml version", b"\x89PNG\r\n"] {
            assert_eq!(of(other), None, "{other:?}");
        }
        assert_eq!(RecordingKind::of(folder.path()), None);
    }
}
