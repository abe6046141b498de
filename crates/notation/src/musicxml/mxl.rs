//! Compressed MusicXML: the score inside a zip archive.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::encoding::decode;
use super::xml::Xml;
use crate::error::ImportError;
use crate::options::Limits;

const CONTAINER: &str = "META-INF/container.xml";

/// Unpacks the score: the first root file that the container names, else the first file that
/// looks like MusicXML. Never unpacks more than the limit, whatever the archive claims.
pub(super) fn unpack(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, ImportError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() > limits.archive_entries {
        return Err(ImportError::TooLarge {
            what: "files in the archive",
            limit: limits.archive_entries as u64,
        });
    }
    let named = read_entry(&mut archive, CONTAINER, limits.bytes.min(1 << 20)).ok();
    let named = named.and_then(|container| root_file(&container, limits));
    let name = match named {
        Some(name) if archive.index_for_name(&name).is_some() => name,
        _ => first_score(&archive)
            .ok_or_else(|| ImportError::Archive { message: "no score in it".to_owned() })?,
    };
    read_entry(&mut archive, &name, limits.bytes)
}

fn broken(error: impl std::fmt::Display) -> ImportError {
    ImportError::Archive { message: error.to_string() }
}

fn read_entry(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    name: &str,
    limit: u64,
) -> Result<Vec<u8>, ImportError> {
    let entry = archive.by_name(name).map_err(broken)?;
    let too_large = ImportError::TooLarge { what: "bytes unpacked from the archive", limit };
    if entry.size() > limit {
        return Err(too_large);
    }
    // What the archive says of its sizes may be a lie.
    let mut unpacked = Vec::new();
    entry.take(limit.saturating_add(1)).read_to_end(&mut unpacked).map_err(broken)?;
    if unpacked.len() as u64 > limit { Err(too_large) } else { Ok(unpacked) }
}

/// `full-path` of the first MusicXML root file.
fn root_file(container: &[u8], limits: &Limits) -> Option<String> {
    let text = decode(container).ok()?;
    let mut xml = Xml::new(&text, limits.depth);
    let mut open = 0_usize;
    loop {
        match xml.child().ok()? {
            Some(tag) if tag.name() == "rootfile" => {
                let media = tag.attribute("media-type").unwrap_or_default();
                let path = tag.attribute("full-path").map(std::borrow::Cow::into_owned);
                if path.is_some() && (media.is_empty() || media.contains("xml")) {
                    return path;
                }
                open += 1;
            }
            Some(_) => open += 1,
            None => open = open.checked_sub(1)?,
        }
        if open == 0 {
            return None;
        }
    }
}

fn first_score(archive: &ZipArchive<Cursor<&[u8]>>) -> Option<String> {
    let is_score = |name: &str| {
        let lower = name.to_ascii_lowercase();
        !lower.starts_with("meta-inf/") && (lower.ends_with(".musicxml") || lower.ends_with(".xml"))
    };
    archive.file_names().flatten().find(|name| is_score(name)).map(std::borrow::Cow::into_owned)
}
