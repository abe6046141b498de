//! SHA-256 as hexadecimal digits.

use std::fs::File;
use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

/// That of some bytes.
pub(crate) fn sum(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

/// That of a file, which is read piece by piece.
pub(super) fn sum_of(path: &Path) -> io::Result<String> {
    let mut digest = Sha256::new();
    io::copy(&mut File::open(path)?, &mut digest)?;
    Ok(format!("{:x}", digest.finalize()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The values are those of the first examples of FIPS 180-4.
    #[test]
    fn known_values() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sum(b"abc"), abc);
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), b"abc").unwrap();
        assert_eq!(sum_of(file.path()).unwrap(), abc);
    }
}
