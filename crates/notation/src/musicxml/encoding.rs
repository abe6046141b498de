//! From the bytes of an XML file to text, in whatever encoding it declares.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::error::ImportError;

/// Decodes by byte order mark, else by the shape of the first characters (XML 1.0, appendix F),
/// else by the XML declaration, else as UTF-8. What claims to be UTF-8 and is not is read as Windows-1252,
/// in which programs wrote that did not know better.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ImportError> {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None => detect(bytes)?,
    };
    if encoding == UTF_8 {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let guessed = || WINDOWS_1252.decode_without_bom_handling(text).0;
        return Ok(std::str::from_utf8(text).map_or_else(|_| guessed(), Cow::Borrowed));
    }
    let (text, _, errors) = encoding.decode(bytes);
    if errors { Err(unreadable(encoding.name())) } else { Ok(text) }
}

/// Whether a text is not in the encoding that its file claims, so that letters with accents are a guess.
pub(super) fn is_guessed(bytes: &[u8]) -> bool {
    let encoding = Encoding::for_bom(bytes).map_or_else(|| detect(bytes), |(encoding, _)| Ok(encoding));
    encoding.is_ok_and(|encoding| encoding == UTF_8) && std::str::from_utf8(bytes).is_err()
}

fn unreadable(encoding: &str) -> ImportError {
    ImportError::Encoding { encoding: encoding.to_owned() }
}

fn detect(bytes: &[u8]) -> Result<&'static Encoding, ImportError> {
    match bytes {
        [b'<', 0, ..] => return Ok(UTF_16LE),
        [0, b'<', ..] => return Ok(UTF_16BE),
        _ => {}
    }
    let Some(label) = declared(bytes) else { return Ok(UTF_8) };
    let Some(encoding) = Encoding::for_label(label) else {
        // A name that nobody knows does no harm where the bytes can be nothing else.
        let is_utf_8 = std::str::from_utf8(bytes).is_ok();
        return if is_utf_8 { Ok(UTF_8) } else { Err(unreadable(&String::from_utf8_lossy(label))) };
    };
    // A file that says UTF-16 in bytes that are not is mislabelled by its writer.
    Ok(if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
}

/// The encoding's name in `<?xml … encoding="…"?>`.
fn declared(bytes: &[u8]) -> Option<&[u8]> {
    let head = bytes.get(..bytes.len().min(256))?;
    let head = &head[..head.windows(2).position(|w| w == b"?>")?];
    let at = head.windows(8).position(|w| w == b"encoding")? + 8;
    let quote = at + head[at..].iter().position(|b| matches!(b, b'"' | b'\''))?;
    let rest = &head[quote + 1..];
    Some(&rest[..rest.iter().position(|b| *b == head[quote])?])
}
