//! What `cargo xtask bundle` was asked for.

use std::ffi::OsString;

use anyhow::{Result, bail};

/// The options.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Take the programs that were built last instead of building them.
    pub is_built: bool,
    /// Pack twice and compare.
    pub twice: bool,
    /// Install the package into a clean Debian and use it there.
    pub is_tried: bool,
}

impl Asked {
    /// Reads the words after `bundle`.
    pub fn of(args: &[OsString]) -> Result<Self> {
        let mut asked = Self::default();
        for arg in args {
            match arg.to_str().unwrap_or_default() {
                "--built" => asked.is_built = true,
                "--twice" => asked.twice = true,
                "--try" => asked.is_tried = true,
                other => bail!("bundle has no option {other:?}; there are --built, --twice and --try"),
            }
        }
        Ok(asked)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod unit_tests {
    use super::*;

    #[test]
    fn options_are_read_and_others_are_named() {
        let of = |words: &[&str]| Asked::of(&words.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(of(&[]).unwrap(), Asked::default());
        assert_eq!(
            of(&["--try", "--built"]).unwrap(),
            Asked { is_built: true, twice: false, is_tried: true }
        );
        assert!(of(&["--twise"]).unwrap_err().to_string().contains("--twise"));
    }
}
