//! Reading a model's files, each up to a limit.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::error::WeightsError;

/// Largest file that is taken for weights.
pub const LARGEST_WEIGHTS_BYTES: u64 = 512 << 20;

/// Largest file that is taken for settings, a vocabulary or a list of words.
pub const LARGEST_SETTINGS_BYTES: u64 = 16 << 20;

/// Reads a whole file of at most `limit_bytes`. Errors call it `what`, such as "the model's settings".
///
/// # Errors
/// When it is missing, cannot be read or is larger.
pub fn read(path: &Path, what: &str, limit_bytes: u64) -> Result<Vec<u8>, WeightsError> {
    let unread =
        |reason: &dyn std::fmt::Display| WeightsError::new(path, format!("{what} cannot be read: {reason}"));
    let bytes = read_up_to(path, limit_bytes.saturating_add(1)).map_err(|e| unread(&e))?;
    match bytes.len() as u64 > limit_bytes {
        true => Err(unread(&format!("the file has more than {} MiB", limit_bytes >> 20))),
        false => Ok(bytes),
    }
}

/// The beginning of a file. Not its length but what is read is bounded, so a file that grows meanwhile
/// or tells no length is bounded too.
fn read_up_to(path: &Path, limit_bytes: u64) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let expected = file.metadata()?.len().min(limit_bytes);
    let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or(0));
    file.take(limit_bytes).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_the_limit_and_not_beyond() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.json");
        std::fs::write(&path, vec![7_u8; 1 << 20]).unwrap();
        assert_eq!(read(&path, "the file", 1 << 20).unwrap().len(), 1 << 20);
        std::fs::write(&path, vec![7_u8; (1 << 20) + 1]).unwrap();
        let error = read(&path, "the file", 1 << 20).unwrap_err();
        assert_eq!(error.what, "the file cannot be read: the file has more than 1 MiB");
        assert_eq!(error.path, path);
        let missing = read(&folder.path().join("none"), "the settings", 1).unwrap_err();
        assert!(missing.what.starts_with("the settings cannot be read: "), "{missing}");
    }

    /// A device tells that it is empty and never ends.
    #[cfg(target_os = "linux")]
    #[test]
    fn what_never_ends_is_not_read_to_the_end() {
        assert!(read(Path::new("/dev/zero"), "the file", 1 << 20).is_err());
    }
}
