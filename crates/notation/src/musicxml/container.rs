//! Compressed MusicXML: the score inside a zip archive.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::encoding::decode;
use super::xml::Xml;
use crate::error::ImportError;
use crate::options::Limits;

/// The container file, which names the score, relative to the root of the score's files.
const CONTAINER: &str = "META-INF/container.xml";

/// Most bytes of a container file.
const LARGEST_CONTAINER: u64 = 1 << 20;

/// Most files of an archive that are looked into for a score.
const MOST_CANDIDATES: usize = 16;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Unpacks the score: the root file that a container names, else the first file whose content is
/// one. What systems put into archives beside the files is passed over. Never unpacks more than the
/// limit, whatever the archive claims.
pub(super) fn unpack(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, ImportError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() > limits.archive_entries {
        return Err(ImportError::too_large("files in the archive", limits.archive_entries as u64));
    }
    let candidates = candidates(&mut archive, limits);
    let mut first = None;
    for name in candidates.into_iter().take(MOST_CANDIDATES) {
        match read_entry(&mut archive, &name, limits.bytes) {
            Ok(unpacked) if is_score(&unpacked, limits) => return Ok(unpacked),
            result => first = first.or(Some(result)),
        }
    }
    // What is no score tells why when it is read.
    first.unwrap_or_else(|| Err(ImportError::Archive { message: "no score in it".to_owned() }))
}

fn broken(error: impl std::fmt::Display) -> ImportError {
    ImportError::Archive { message: error.to_string() }
}

/// Names of the entries that may be the score, likeliest first.
fn candidates(archive: &mut Archive<'_>, limits: &Limits) -> Vec<String> {
    let names: Vec<String> = archive.file_names().flatten().map(std::borrow::Cow::into_owned).collect();
    let mut candidates = Vec::new();
    for container in names.iter().filter(|name| is_container(name)).take(MOST_CANDIDATES) {
        let folder = &container[..container.len() - CONTAINER.len()];
        let content = read_entry(archive, container, limits.bytes.min(LARGEST_CONTAINER)).ok();
        for path in content.map(|content| root_files(&content, limits)).unwrap_or_default() {
            let named = format!("{folder}{}", path.trim_start_matches("./").trim_start_matches('/'));
            candidates.extend(names.iter().find(|name| same_path(name, &named)).cloned());
        }
    }
    for ending in [".musicxml", ".xml"] {
        let may_be = |name: &&String| name.to_ascii_lowercase().ends_with(ending) && !is_beside(name);
        candidates.extend(names.iter().filter(may_be).cloned());
    }
    candidates
}

/// Whether an entry is the container file, at the root or in a folder that was packed as a whole.
fn is_container(name: &str) -> bool {
    let start = name.len().saturating_sub(CONTAINER.len());
    let ends = name.get(start..).is_some_and(|end| same_path(end, CONTAINER));
    let starts_part = start == 0 || name[..start].ends_with(['/', '\\']);
    ends && starts_part && !is_system(name)
}

/// Whether two paths are the same but for capitals and the direction of slashes.
fn same_path(a: &str, b: &str) -> bool {
    let plain = |c: char| if c == '\\' { '/' } else { c.to_ascii_lowercase() };
    a.chars().map(plain).eq(b.chars().map(plain))
}

/// Whether an entry describes others: the folder of the container, or what systems add.
fn is_beside(name: &str) -> bool {
    is_system(name) || name.split(['/', '\\']).any(|part| part.eq_ignore_ascii_case("META-INF"))
}

/// Whether a system added an entry: macOS keeps attributes in `__MACOSX` and in files that begin
/// with `._`.
fn is_system(name: &str) -> bool {
    name.split(['/', '\\']).any(|part| part == "__MACOSX" || part.starts_with('.'))
}

fn read_entry(archive: &mut Archive<'_>, name: &str, limit: u64) -> Result<Vec<u8>, ImportError> {
    let entry = archive.by_name(name).map_err(broken)?;
    let too_large = || ImportError::too_large("bytes unpacked from the archive", limit);
    if entry.size() > limit {
        return Err(too_large());
    }
    // What the archive says of its sizes may be a lie.
    let mut unpacked = Vec::new();
    entry.take(limit.saturating_add(1)).read_to_end(&mut unpacked).map_err(broken)?;
    if unpacked.len() as u64 > limit { Err(too_large()) } else { Ok(unpacked) }
}

/// Whether the root element is that of a score.
fn is_score(bytes: &[u8], limits: &Limits) -> bool {
    let Ok(text) = decode(bytes) else { return false };
    let root = Xml::new(&text, limits.depth).child();
    matches!(root, Ok(Some(tag)) if matches!(tag.name(), "score-partwise" | "score-timewise"))
}

/// `full-path` of the MusicXML root files, in order.
fn root_files(container: &[u8], limits: &Limits) -> Vec<String> {
    let mut paths = Vec::new();
    let Ok(text) = decode(container) else { return paths };
    let mut xml = Xml::new(&text, limits.depth);
    let mut open = 0_usize;
    loop {
        match xml.child() {
            Ok(Some(tag)) => {
                open += 1;
                let media = tag.attribute("media-type").unwrap_or_default();
                let path = tag.attribute("full-path").filter(|_| tag.name() == "rootfile");
                if let Some(path) = path.filter(|_| media.is_empty() || media.contains("xml")) {
                    paths.push(path.into_owned());
                }
            }
            Ok(None) if open > 1 => open -= 1,
            _ => return paths,
        }
    }
}
