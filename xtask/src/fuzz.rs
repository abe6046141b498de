//! `cargo xtask fuzz`: the fuzz targets of the folder `fuzz/`, each for some minutes.

use std::ffi::OsString;

use anyhow::{Context, Result, bail};

use crate::folders::Folders;
use crate::process::{output, run, step};
use crate::{setup, tools};

/// How long a target runs unless `--minutes` says otherwise.
const MINUTES: f64 = 10.0;

/// Fuzzes the named target, or all of them.
pub fn fuzz(folders: &Folders, args: &[OsString]) -> Result<()> {
    let wish = Wish::parse(args)?;
    setup::install_missing(folders)?;
    if !folders.root.join("fuzz/Cargo.toml").is_file() {
        bail!("there is no fuzz/Cargo.toml in {}", folders.root.display());
    }
    if !tools::have_tool(folders, "fuzz", "it builds and runs fuzz targets") {
        bail!("cargo-fuzz could not be installed");
    }
    let targets = match wish.target {
        Some(target) => vec![target],
        None => targets(folders)?,
    };
    for target in targets {
        step(&format!("fuzzing {target} for {} minutes", wish.minutes));
        let limit = format!("-max_total_time={}", (60.0 * wish.minutes).ceil());
        run(fuzz_command(folders, "run").args([&target, "--", &limit, "-print_final_stats=1"]))?;
    }
    Ok(())
}

/// `cargo fuzz COMMAND`. The sanitizers are a nightly feature; a stable compiler has them too and
/// lets itself be asked.
fn fuzz_command(folders: &Folders, command: &str) -> std::process::Command {
    let mut cargo = folders.cargo("fuzz");
    cargo.arg(command).env("RUSTC_BOOTSTRAP", "1").env("CARGO_TARGET_DIR", folders.target.join("fuzz"));
    cargo
}

fn targets(folders: &Folders) -> Result<Vec<String>> {
    let list = output(&mut fuzz_command(folders, "list")).context("cannot list the fuzz targets")?;
    if !list.status.success() {
        bail!("cannot list the fuzz targets: {}", String::from_utf8_lossy(&list.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&list.stdout).lines().map(str::to_owned).collect())
}

#[derive(Debug, PartialEq)]
struct Wish {
    target: Option<String>,
    minutes: f64,
}

impl Wish {
    fn parse(args: &[OsString]) -> Result<Self> {
        let mut wish = Self { target: None, minutes: MINUTES };
        let mut words = args.iter().map(|a| a.to_string_lossy());
        while let Some(word) = words.next() {
            match word.as_ref() {
                "--minutes" => {
                    let value = words.next().context("--minutes needs a number")?;
                    let minutes = value.parse().ok().filter(|m: &f64| m.is_finite() && *m > 0.0);
                    wish.minutes =
                        minutes.with_context(|| format!("--minutes {value} is no length of time"))?;
                }
                flag if flag.starts_with('-') => bail!("fuzz knows no option {flag}; there is --minutes N"),
                _ if wish.target.is_some() => bail!("fuzz takes one target, or none for all"),
                target => wish.target = Some(target.to_owned()),
            }
        }
        Ok(wish)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod unit_tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Wish> {
        Wish::parse(&words.iter().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn target_and_minutes_come_in_any_order() {
        assert_eq!(parse(&[]).unwrap(), Wish { target: None, minutes: 10.0 });
        let expected = Wish { target: Some("smf".into()), minutes: 0.5 };
        assert_eq!(parse(&["smf", "--minutes", "0.5"]).unwrap(), expected);
        assert_eq!(parse(&["--minutes", "0.5", "smf"]).unwrap(), expected);
    }

    #[test]
    fn nonsense_is_named() {
        let message = |words: &[&str]| parse(words).unwrap_err().to_string();
        assert!(message(&["--minutes"]).contains("needs a number"));
        assert!(message(&["--minutes", "-3"]).contains("-3 is no length"));
        assert!(message(&["--hours", "1"]).contains("--hours"));
        assert!(message(&["a", "b"]).contains("one target"));
    }
}
