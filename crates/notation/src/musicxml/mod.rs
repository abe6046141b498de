//! MusicXML 3.0 to 4.0, partwise and timewise, plain and compressed.
//!
//! Three steps: [`reader`] turns XML into the page (what is written where), [`unfold`] walks
//! through the page in playing order, [`assemble`] writes the score along that walk.

mod assemble;
mod chords;
mod direction;
mod encoding;
mod header;
mod mxl;
mod note;
mod page;
mod reader;
mod slurs;
mod unfold;
mod xml;

use crate::error::ImportError;
use crate::options::ImportOptions;
use crate::score::Score;

/// Whether the bytes are a zip archive.
pub(crate) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Reads MusicXML, plain (in any encoding) or compressed (`.mxl`).
///
/// # Errors
/// When the bytes are not a MusicXML score, are broken, or pass a limit of the options.
pub fn read_bytes(bytes: &[u8], options: &ImportOptions) -> Result<Score, ImportError> {
    if is_archive(bytes) && bytes.len() as u64 <= options.limits.bytes {
        let unpacked = mxl::unpack(bytes, &options.limits)?;
        return read_plain(&unpacked, options);
    }
    read_plain(bytes, options)
}

fn read_plain(bytes: &[u8], options: &ImportOptions) -> Result<Score, ImportError> {
    if bytes.is_empty() {
        return Err(ImportError::Empty);
    }
    if bytes.len() as u64 > options.limits.bytes {
        return Err(ImportError::TooLarge { what: "bytes", limit: options.limits.bytes });
    }
    let text = encoding::decode(bytes)?;
    let page = reader::PageReader::read(&text, &options.limits)?;
    assemble::assemble(page, options)
}
