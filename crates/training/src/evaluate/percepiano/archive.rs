//! Files of a `.tar.gz`, read into memory.
//!
//! The POSIX ustar layout (IEEE Std 1003.1, pax): blocks of 512 bytes, a header with name at 0, size in
//! octal at 124 and type at 156, then the file.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail};
use application::limits::SCORE_BYTES;
use flate2::read::GzDecoder;

const BLOCK: usize = 512;

/// The ordinary files of an archive by name, without folders. Unpacked it may be as long as a score.
pub fn read(path: &Path) -> Result<HashMap<String, Vec<u8>>> {
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut bytes = Vec::new();
    let unpacked = GzDecoder::new(file).take(SCORE_BYTES).read_to_end(&mut bytes);
    unpacked.with_context(|| format!("cannot unpack {}", path.display()))?;
    files(&bytes).with_context(|| format!("{} is broken", path.display()))
}

fn files(archive: &[u8]) -> Result<HashMap<String, Vec<u8>>> {
    let mut files = HashMap::new();
    let mut at = 0;
    while let Some(header) = archive.get(at..at + BLOCK) {
        if header.iter().all(|byte| *byte == 0) {
            break;
        }
        let text = |field: &[u8]| {
            let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
            String::from_utf8_lossy(&field[..end]).trim().to_owned()
        };
        let (name, size) = (text(&header[..100]), text(&header[124..136]));
        let size = usize::from_str_radix(&size, 8).with_context(|| format!("{name} has no size"))?;
        let start = at + BLOCK;
        let Some(contents) = start.checked_add(size).and_then(|end| archive.get(start..end)) else {
            bail!("{name} is cut off");
        };
        if matches!(header[156], b'0' | 0) {
            let name = name.rsplit('/').next().unwrap_or_default().to_owned();
            files.insert(name, contents.to_vec());
        }
        at = start + size.div_ceil(BLOCK) * BLOCK;
    }
    Ok(files)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn entry(name: &str, kind: u8, contents: &[u8]) -> Vec<u8> {
        let mut block = vec![0; BLOCK];
        block[..name.len()].copy_from_slice(name.as_bytes());
        let size = format!("{:011o}", contents.len());
        block[124..135].copy_from_slice(size.as_bytes());
        block[156] = kind;
        block.extend_from_slice(contents);
        block.resize(BLOCK + contents.len().div_ceil(BLOCK) * BLOCK, 0);
        block
    }

    #[test]
    fn files_are_found_by_name_and_cut_off_ones_are_refused() {
        let long = vec![7; 600];
        let mut archive = entry("folder/", b'5', b"");
        archive.extend(entry("folder/a.mid", b'0', &long));
        archive.extend(entry("b.mid", b'0', b"xy"));
        let cut = archive[..archive.len() - BLOCK].to_vec();
        archive.extend(vec![0; 2 * BLOCK]);
        let found = files(&archive).unwrap();
        assert_eq!((found.len(), &found["a.mid"], &found["b.mid"]), (2, &long, &b"xy".to_vec()));
        assert!(files(&cut).is_err());
    }
}
