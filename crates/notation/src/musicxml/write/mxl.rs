//! Compressed MusicXML: the score in a zip archive, with the container file that names it.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::error::WriteError;
use super::xml::Xml;

/// The name of the document in the archive.
const DOCUMENT: &str = "score.musicxml";

/// Packs a document. The same document gives the same bytes: entries have no time of their own.
pub(super) fn pack(document: &str) -> Result<Vec<u8>, WriteError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let container = container()?;
    let entries = [("META-INF/container.xml", container.as_str()), (DOCUMENT, document)];
    for (name, text) in entries {
        archive.start_file(name, SimpleFileOptions::default()).map_err(failed)?;
        archive.write_all(text.as_bytes()).map_err(failed)?;
    }
    Ok(archive.finish().map_err(failed)?.into_inner())
}

/// The file that names the document.
fn container() -> Result<String, WriteError> {
    let mut xml = Xml::new(None);
    xml.open("container", &[]);
    xml.open("rootfiles", &[]);
    let kind = "application/vnd.recordare.musicxml+xml";
    xml.empty("rootfile", &[("full-path", DOCUMENT), ("media-type", kind)]);
    xml.finish()
}

fn failed(error: impl std::fmt::Display) -> WriteError {
    WriteError::Output(error.to_string())
}
