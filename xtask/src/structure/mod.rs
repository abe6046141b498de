//! `cargo xtask structure`: whether each file can be read by itself and in one sitting.

mod circles;
mod file;
mod modules;
pub mod packages;
mod tokens;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::folders::Folders;
use crate::process::step;
use modules::{Crate, Edge};
use packages::Package;

/// Half of a package's files have fewer lines than this.
const MEDIAN_LINES: usize = 150;

/// Every file has fewer lines than this.
const MOST_LINES: usize = 500;

/// How many of its longest files are named for a package that was asked for.
const NAMED: usize = 5;

/// What is measured of a package.
#[derive(Debug, Default)]
struct Measures {
    files: usize,
    median_lines: usize,
    /// The files and their lengths, the longest first.
    longest: Vec<(usize, PathBuf)>,
    /// The edges of each circle.
    circles: Vec<Vec<Edge>>,
    /// Calls of `unwrap()` outside tests and benchmarks.
    unwraps: usize,
}

/// Measures the named packages, or all if none is named, and prints the table; fails if one breaks a
/// bound. Of named packages the longest files are told, too.
pub fn check(folders: &Folders, names: &[OsString]) -> Result<()> {
    step("measuring the structure of the code");
    let mut broken = Vec::new();
    println!(
        "{:<16} {:>5} {:>7} {:>8} {:>8} {:>8}",
        "package", "files", "median", "longest", "circles", "unwraps"
    );
    for package in chosen(packages::packages(&folders.root)?, names)? {
        let measures = measure(&package)?;
        let faults = measures.faults(&folders.root);
        println!("{}", measures.row(&package.name));
        for (lines, path) in measures.longest.iter().take(if names.is_empty() { 0 } else { NAMED }) {
            println!("  {lines:>5} lines  {}", shown(&folders.root, path));
        }
        broken.extend(faults.into_iter().map(|fault| format!("{}: {fault}", package.name)));
    }
    if !broken.is_empty() {
        bail!("the structure of the code breaks its bounds:\n  {}", broken.join("\n  "));
    }
    Ok(())
}

/// The packages with these names; all if there are no names.
fn chosen(packages: Vec<Package>, names: &[OsString]) -> Result<Vec<Package>> {
    if let Some(name) = names.iter().find(|name| !packages.iter().any(|package| name == &&*package.name)) {
        let known: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
        bail!("there is no package {name:?}; there are {}", known.join(", "));
    }
    let is_chosen = |package: &Package| names.is_empty() || names.iter().any(|name| name == &*package.name);
    Ok(packages.into_iter().filter(is_chosen).collect())
}

/// A path as seen from the checkout.
fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

fn measure(package: &Package) -> Result<Measures> {
    let read =
        |path: &Path| fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()));
    let mut lengths = Vec::new();
    for path in &package.files {
        lengths.push((read(path)?.lines().count(), path.clone()));
    }
    lengths.sort();
    let median_lines = lengths.get(lengths.len() / 2).map_or(0, |(lines, _)| *lines);
    lengths.reverse();
    let mut measures =
        Measures { files: lengths.len(), median_lines, longest: lengths, ..Measures::default() };
    for root in &package.roots {
        let read = Crate::read(root, &|path| fs::read_to_string(path).ok())?;
        measures.unwraps += read.unwraps();
        let edges = read.edges();
        let circles = circles::circles(&edges).into_iter().map(|c| c.into_iter().cloned().collect());
        measures.circles.extend(circles);
    }
    Ok(measures)
}

impl Measures {
    fn row(&self, name: &str) -> String {
        let Self { files, median_lines, longest, circles, unwraps } = self;
        let (longest, circles) = (longest.first().map_or(0, |(lines, _)| *lines), circles.len());
        format!("{name:<16} {files:>5} {median_lines:>7} {longest:>8} {circles:>8} {unwraps:>8}")
    }

    /// Each bound that is broken, with what to look at.
    fn faults(&self, root: &Path) -> Vec<String> {
        let mut faults = Vec::new();
        if self.median_lines >= MEDIAN_LINES {
            faults.push(format!(
                "the median file has {} lines, not fewer than {MEDIAN_LINES}",
                self.median_lines
            ));
        }
        for (lines, path) in self.longest.iter().filter(|(lines, _)| *lines >= MOST_LINES) {
            faults.push(format!("{} has {lines} lines, not fewer than {MOST_LINES}", shown(root, path)));
        }
        for circle in &self.circles {
            let edge =
                |e: &Edge| format!("\n    {} uses {} ({})", shown(root, &e.from), shown(root, &e.to), e.what);
            faults.push(format!(
                "files use one another in a circle:{}",
                circle.iter().map(edge).collect::<String>()
            ));
        }
        if self.unwraps > 0 {
            faults.push(format!(
                "{} calls of unwrap() outside tests: return an error, or expect(…) with why",
                self.unwraps
            ));
        }
        faults
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod unit_tests {
    use super::*;

    #[test]
    fn every_broken_bound_is_named() {
        let edge = Edge { from: "/r/a.rs".into(), to: "/r/b.rs".into(), what: "super::b::f".into() };
        let bad = Measures {
            files: 3,
            median_lines: 150,
            longest: vec![(500, "/r/long.rs".into()), (499, "/r/short.rs".into())],
            circles: vec![vec![edge]],
            unwraps: 2,
        };
        let faults = bad.faults(Path::new("/r"));
        assert_eq!(faults.len(), 4);
        assert!(faults[1].contains("long.rs has 500 lines"), "{faults:?}");
        assert!(faults[2].ends_with("\n    a.rs uses b.rs (super::b::f)"), "{faults:?}");
        let longest = vec![(499, PathBuf::new())];
        let good = Measures { median_lines: 149, longest, ..Measures::default() };
        assert!(good.faults(Path::new("/r")).is_empty());
    }

    #[test]
    fn named_packages_are_chosen_and_unknown_ones_told() {
        let packages = || {
            let package = |name: &str| Package { name: name.into(), roots: Vec::new(), files: Vec::new() };
            ["analysis", "mood", "neural"].map(package).into_iter().collect::<Vec<_>>()
        };
        let names = |names: &[&str]| {
            let names: Vec<OsString> = names.iter().map(OsString::from).collect();
            let chosen = chosen(packages(), &names).map_err(|e| e.to_string())?;
            Ok::<_, String>(chosen.into_iter().map(|package| package.name).collect::<Vec<_>>())
        };
        assert_eq!(names(&[]).unwrap(), ["analysis", "mood", "neural"]);
        assert_eq!(names(&["neural", "mood"]).unwrap(), ["mood", "neural"]);
        let error = names(&["mood", "moods"]).unwrap_err();
        assert_eq!(error, "there is no package \"moods\"; there are analysis, mood, neural");
    }
}
