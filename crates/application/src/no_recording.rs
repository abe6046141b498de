//! What a file is that was taken for a recording and is none.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::file_kind::{FileKind, RecordingKind};

/// Enough of a file to tell a text, and MusicXML.
const HEAD_BYTES: u64 = 512;

/// What the file at a path is: the rest of a sentence that begins with *this is*. None for recordings, and for
/// what cannot be read or be told.
pub fn what(path: &Path) -> Option<String> {
    if RecordingKind::of(path).is_some() {
        return None;
    }
    let kind = FileKind::of(path).map(|kind| match kind {
        FileKind::Project => "a project of the window".to_owned(),
        FileKind::Sound(format) => format!("sound ({format})"),
        FileKind::Soundfont => "a soundfont".to_owned(),
        FileKind::Picture(format) => format!("a picture ({format})"),
        FileKind::Pdf => "a document with pages".to_owned(),
        FileKind::OtherProgram(program) => format!("a file of {program}"),
        FileKind::Text(language) => format!("a score as text ({language})"),
    });
    kind.or_else(|| {
        let mut head = Vec::new();
        File::open(path).ok()?.take(HEAD_BYTES).read_to_end(&mut head).ok()?;
        of_head(&head).map(str::to_owned)
    })
}

/// What begins like this.
fn of_head(head: &[u8]) -> Option<&'static str> {
    if head.is_empty() {
        return Some("an empty file");
    }
    if head.starts_with(b"PK\x03\x04") {
        return Some("an archive, or compressed MusicXML");
    }
    // The last character may be cut.
    let text = match str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => str::from_utf8(head.get(..error.valid_up_to())?).ok()?,
        Err(_) => return None,
    };
    let is_control = |c: char| c.is_control() && !c.is_whitespace();
    if text.contains("<score-") || text.contains("<!DOCTYPE score-") {
        Some("a score (MusicXML)")
    } else {
        (!text.contains(is_control)).then_some("a text")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_recording_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let of = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            what(&path)
        };
        let named = |text: &str| Some(text.to_owned());
        assert_eq!(of("notes.txt", b"Practise bars 5 to 9."), named("a text"));
        assert_eq!(of("notes.mid", "Übe langsam.\n".as_bytes()), named("a text"), "whatever its name says");
        assert_eq!(of("a.musicxml", b"<?xml?>\n<score-partwise>"), named("a score (MusicXML)"));
        assert_eq!(of("a.mxl", b"PK\x03\x04\0\0"), named("an archive, or compressed MusicXML"));
        assert_eq!(of("a.png", b"\x89PNG\r\n\x1a\n"), named("a picture (PNG)"));
        assert_eq!(of("a.espressivo", b"SQLite format 3\0"), named("a project of the window"));
        assert_eq!(of("a.mid", b""), named("an empty file"));
        assert_eq!(of("a.bin", b"\0\x01\x02\xff"), None);
        assert_eq!(of("take.mid", b"MThd\0\0\0\x06"), None);
        assert_eq!(what(&folder.path().join("missing")), None);
    }
}
