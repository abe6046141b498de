//! Which Espressivo is packed, and the moment that all its files bear.

use std::fmt::Write as _;
use std::process::Command;

use anyhow::{Context, Result};

use crate::folders::Folders;
use crate::process::output;

/// The programs of an installed Espressivo.
pub const PROGRAMS: [&str; 2] = ["espressivo", "espressivo-studio"];

/// What packages have in their names and files.
#[derive(Clone, Debug)]
pub struct Release {
    /// That of the workspace.
    pub version: String,
    /// Seconds since 1970 that every packed file bears as its time: `$SOURCE_DATE_EPOCH`, else the time of the
    /// last commit. See <https://reproducible-builds.org/specs/source-date-epoch>.
    pub epoch: u64,
}

impl Release {
    /// Of this checkout.
    pub fn of(folders: &Folders) -> Result<Self> {
        let set = std::env::var("SOURCE_DATE_EPOCH").ok().filter(|value| !value.is_empty());
        let text = match set {
            Some(text) => text,
            None => last_commit(folders).context("there is no git history here; set SOURCE_DATE_EPOCH")?,
        };
        let epoch = text.trim().parse().with_context(|| format!("SOURCE_DATE_EPOCH is no number: {text}"))?;
        Ok(Self { version: env!("CARGO_PKG_VERSION").to_owned(), epoch })
    }

    /// The day, in UTC: `2026-11-30`.
    pub fn date(&self) -> String {
        let (year, month, day) = civil(self.epoch / 86_400);
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// A text of `packaging/` with version and date in their places.
    pub fn fill(&self, text: &str) -> String {
        text.replace("@VERSION@", &self.version).replace("@DATE@", &self.date())
    }

    /// What a package is called: `espressivo_0.1.0_amd64.deb` for `_`, `amd64` and `.deb`.
    pub fn file_name(&self, separator: char, architecture: &str, end: &str) -> String {
        let mut name = String::from("espressivo");
        // Writing into a string does not fail.
        let _ = write!(name, "{separator}{}{separator}{architecture}{end}", self.version);
        name
    }
}

fn last_commit(folders: &Folders) -> Option<String> {
    let mut git = Command::new("git");
    let said = output(git.args(["log", "-1", "--format=%ct"]).current_dir(&folders.root)).ok()?;
    String::from_utf8(said.stdout).ok().filter(|text| said.status.success() && !text.trim().is_empty())
}

/// Year, month and day of a number of days since 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date
/// algorithms", `civil_from_days`).
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        // From `date --utc --date @SECONDS +%F`.
        let dates = [
            (0, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_709_251_199, "2024-02-29"),
            (1_796_052_000, "2026-11-30"),
        ];
        for (epoch, date) in dates {
            assert_eq!(Release { version: String::new(), epoch }.date(), date);
        }
    }

    #[test]
    fn names_and_texts_have_the_version() {
        let release = Release { version: "0.1.0".into(), epoch: 0 };
        assert_eq!(release.file_name('_', "amd64", ".deb"), "espressivo_0.1.0_amd64.deb");
        assert_eq!(release.fill("@VERSION@ of @DATE@"), "0.1.0 of 1970-01-01");
    }
}
