//! `cargo xtask fuzz`: the fuzz targets of the folder `fuzz/`, each for some minutes.
//!
//! A target starts from the small files of `fuzz/seeds/`, knows the words of its dictionary, and
//! keeps what it learns in `fuzz/corpus/TARGET` for the next time.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::folders::Folders;
use crate::process::{output, run, step};
use crate::{setup, tools};

/// How long a target runs unless `--minutes` says otherwise.
const MINUTES: f64 = 10.0;

/// An input that takes longer than this is a finding; sanitizers make everything slow.
const SLOWEST_SECS: u32 = 60;

/// Targets that need a feature, because they build Burn; they are fuzzed when they are named.
const FEATURES: &[(&str, &str)] = &[
    ("model_settings", "models"),
    ("mood_text", "models"),
    ("project", "models"),
    ("transcriber", "models"),
];

/// Targets that start from the seeds of others.
const SEEDS: &[(&str, &[&str])] = &[("score_roundtrip", &["musicxml", "smf"])];

/// Targets with another target's dictionary.
const DICTIONARIES: &[(&str, &str)] = &[("mxl", "musicxml"), ("score_roundtrip", "musicxml")];

/// Fuzzes the named target, or all of them; with `--check` checks the lints of all.
pub fn fuzz(folders: &Folders, args: &[OsString]) -> Result<()> {
    let options = Options::parse(args)?;
    setup::install_missing(folders)?;
    if options.is_check {
        return lints(folders, &["--all-features"]);
    }
    if !folders.root.join("fuzz/Cargo.toml").is_file() {
        bail!("there is no fuzz/Cargo.toml in {}", folders.root.display());
    }
    if !tools::have_cargo_tool(folders, "fuzz", "it builds and runs fuzz targets") {
        bail!("cargo-fuzz could not be installed");
    }
    let targets = match options.target {
        Some(target) => vec![target],
        None => targets(folders)?,
    };
    for target in targets {
        step(&format!("fuzzing {target} for {} minutes", options.minutes));
        let corpus = folders.root.join("fuzz/corpus").join(&target);
        std::fs::create_dir_all(&corpus)
            .with_context(|| format!("cannot make the folder {}", corpus.display()))?;
        let limit = format!("-max_total_time={}", (60.0 * options.minutes).ceil());
        let mut command = fuzz_command(folders, "run");
        command.args(run_words(&folders.root, &target)).args([&limit, "-print_final_stats=1"]);
        run(&mut command)?;
    }
    Ok(())
}

/// Checks the lints of the targets that need no feature. The others build Burn with other features than
/// the workspace, and Verovio, once more: they are checked by `cargo xtask fuzz --check`, which has a job
/// of its own on a forge.
pub fn check(folders: &Folders) -> Result<()> {
    lints(folders, &[])
}

/// Checks lints, and so that the targets can be built: without sanitizers and without linking.
fn lints(folders: &Folders, features: &[&str]) -> Result<()> {
    step("checking the fuzz targets");
    let mut cargo = folders.cargo("clippy");
    cargo.current_dir(folders.root.join("fuzz")).env("CARGO_TARGET_DIR", folders.target.join("fuzz"));
    run(cargo.arg("--all-targets").args(features).args(["--", "--deny", "warnings"]))
}

fn look_up<T: Copy>(table: &[(&str, T)], target: &str) -> Option<T> {
    table.iter().find(|(name, _)| *name == target).map(|(_, value)| *value)
}

/// What follows `cargo fuzz run`: features, the target, the folders it starts from (the first one
/// also keeps what is found), and its options.
fn run_words(root: &Path, target: &str) -> Vec<String> {
    let mut words = Vec::new();
    if let Some(feature) = look_up(FEATURES, target) {
        words.extend(["--features".to_owned(), feature.to_owned()]);
    }
    words.extend([target.to_owned(), format!("fuzz/corpus/{target}")]);
    let own = [target];
    let seeds = look_up(SEEDS, target).unwrap_or(&own);
    let seeds = seeds.iter().map(|name| format!("fuzz/seeds/{name}"));
    words.extend(seeds.filter(|folder| root.join(folder).is_dir()));
    words.extend(["--".to_owned(), format!("-timeout={SLOWEST_SECS}")]);
    let dictionary = look_up(DICTIONARIES, target).unwrap_or(target);
    let dictionary = format!("fuzz/dictionaries/{dictionary}.dict");
    if root.join(&dictionary).is_file() {
        words.push(format!("-dict={dictionary}"));
    }
    words
}

/// `cargo fuzz COMMAND`. The sanitizers are a nightly feature; a stable compiler has them too and
/// lets itself be asked.
fn fuzz_command(folders: &Folders, command: &str) -> Command {
    let mut cargo = folders.cargo("fuzz");
    cargo.arg(command).env("RUSTC_BOOTSTRAP", "1").env("CARGO_TARGET_DIR", folders.target.join("fuzz"));
    cargo
}

fn targets(folders: &Folders) -> Result<Vec<String>> {
    let list = output(&mut fuzz_command(folders, "list")).context("cannot list the fuzz targets")?;
    if !list.status.success() {
        bail!("cannot list the fuzz targets: {}", String::from_utf8_lossy(&list.stderr).trim());
    }
    let list = String::from_utf8_lossy(&list.stdout).into_owned();
    let is_plain = |target: &&str| look_up(FEATURES, target).is_none();
    Ok(list.lines().filter(is_plain).map(str::to_owned).collect())
}

#[derive(Debug, PartialEq)]
struct Options {
    target: Option<String>,
    minutes: f64,
    /// Only to check the lints.
    is_check: bool,
}

impl Options {
    fn parse(args: &[OsString]) -> Result<Self> {
        let mut options = Self { target: None, minutes: MINUTES, is_check: false };
        let mut words = args.iter().map(|a| a.to_string_lossy());
        while let Some(word) = words.next() {
            match word.as_ref() {
                "--check" => options.is_check = true,
                "--minutes" => {
                    let value = words.next().context("--minutes needs a number")?;
                    let minutes = value.parse().ok().filter(|m: &f64| m.is_finite() && *m > 0.0);
                    options.minutes =
                        minutes.with_context(|| format!("--minutes {value} is no length of time"))?;
                }
                flag if flag.starts_with('-') => {
                    bail!("fuzz knows no option {flag}; there are --minutes N and --check")
                }
                _ if options.target.is_some() => bail!("fuzz takes one target, or none for all"),
                target => options.target = Some(target.to_owned()),
            }
        }
        Ok(options)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod unit_tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Options> {
        Options::parse(&words.iter().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn target_and_minutes_come_in_any_order() {
        assert_eq!(parse(&[]).unwrap(), Options { target: None, minutes: 10.0, is_check: false });
        let expected = Options { target: Some("smf".into()), minutes: 0.5, is_check: false };
        assert_eq!(parse(&["smf", "--minutes", "0.5"]).unwrap(), expected);
        assert_eq!(parse(&["--minutes", "0.5", "smf"]).unwrap(), expected);
        assert!(parse(&["--check"]).unwrap().is_check);
    }

    #[test]
    fn seeds_and_dictionaries_exist() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        assert_eq!(
            run_words(root, "score_roundtrip"),
            [
                "score_roundtrip",
                "fuzz/corpus/score_roundtrip",
                "fuzz/seeds/musicxml",
                "fuzz/seeds/smf",
                "--",
                "-timeout=60",
                "-dict=fuzz/dictionaries/musicxml.dict",
            ]
        );
        for target in ["musicxml", "mxl", "smf", "soundfont"] {
            let words = run_words(root, target);
            assert!(words.contains(&format!("fuzz/seeds/{target}")), "{words:?}");
            assert!(words.last().unwrap().starts_with("-dict="), "{words:?}");
        }
        let words = run_words(root, "model_settings");
        assert_eq!(words[..2], ["--features", "models"]);
        assert!(words.contains(&"fuzz/seeds/model_settings".to_owned()), "{words:?}");
        assert!(run_words(root, "project").contains(&"fuzz/seeds/project".to_owned()));
        for target in ["audio", "alignment", "keyboard", "note_alignment", "transcriber"] {
            let words = run_words(root, target);
            assert!(words.contains(&format!("fuzz/seeds/{target}")), "{words:?}");
        }
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
