//! Compressed MusicXML: the score in a zip archive, with the container file that names it.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::error::WriteError;

const CONTAINER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <container>\n <rootfiles>\n  <rootfile full-path=\"score.musicxml\" \
    media-type=\"application/vnd.recordare.musicxml+xml\"/>\n </rootfiles>\n</container>\n";

/// Packs a document. The same document gives the same bytes: entries have no time of their own.
pub(super) fn pack(document: &str) -> Result<Vec<u8>, WriteError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let entries = [("META-INF/container.xml", CONTAINER), ("score.musicxml", document)];
    for (name, text) in entries {
        archive.start_file(name, SimpleFileOptions::default()).map_err(failed)?;
        archive.write_all(text.as_bytes()).map_err(failed)?;
    }
    Ok(archive.finish().map_err(failed)?.into_inner())
}

fn failed(error: impl std::fmt::Display) -> WriteError {
    WriteError::Archive(error.to_string())
}
