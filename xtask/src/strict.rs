//! Checks that cannot be made, because a tool or a database cannot be fetched.
//!
//! On a developer's machine that is said and forgiven. A forge sets `ESPRESSIVO_STRICT`, and there it
//! is a failure: what was not checked must not look as if it had been.

use anyhow::{Result, bail};

/// The variable that makes every check compulsory; any value but the empty one and 0.
const VARIABLE: &str = "ESPRESSIVO_STRICT";

/// Says that something was not checked and why; an error where every check is compulsory.
pub fn not_checked(what: &str, why: &str) -> Result<()> {
    judge(is_strict(std::env::var(VARIABLE).ok().as_deref()), what, why)
}

fn is_strict(value: Option<&str>) -> bool {
    value.is_some_and(|value| !matches!(value, "" | "0"))
}

fn judge(is_strict: bool, what: &str, why: &str) -> Result<()> {
    if is_strict {
        bail!("{what} not checked: {why} ({VARIABLE} is set)");
    }
    eprintln!("  {what} not checked: {why}");
    Ok(())
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn only_a_strict_run_fails() {
        assert!(judge(false, "the licences were", "cargo-deny is missing").is_ok());
        let error = judge(true, "the licences were", "cargo-deny is missing").err().map(|e| e.to_string());
        let expected = "the licences were not checked: cargo-deny is missing (ESPRESSIVO_STRICT is set)";
        assert_eq!(error.as_deref(), Some(expected));
        assert_eq!([None, Some(""), Some("0"), Some("1")].map(is_strict), [false, false, false, true]);
    }
}
