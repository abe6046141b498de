//! `cargo xtask structure`: whether each file can be read by itself and in one sitting.

mod circles;
mod file;
mod modules;
pub mod packages;
mod tokens;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::folders::Folders;
use crate::process::step;
use modules::{Crate, Edge};
use packages::Package;

/// Half of a package's files have fewer lines than this.
const MEDIAN_LINES: usize = 150;

/// No file has more lines.
const MOST_LINES: usize = 500;

/// What is measured of a package.
#[derive(Debug, Default)]
struct Measures {
    files: usize,
    median_lines: usize,
    /// The longest file and its length.
    longest: (usize, PathBuf),
    /// The edges of each circle.
    circles: Vec<Vec<Edge>>,
    /// Calls of `unwrap()` outside tests and benchmarks.
    unwraps: usize,
}

/// Measures every package and prints the table; fails if one breaks a bound.
pub fn check(folders: &Folders) -> Result<()> {
    step("measuring the structure of the code");
    let mut broken = Vec::new();
    println!(
        "{:<16} {:>5} {:>7} {:>8} {:>8} {:>8}",
        "package", "files", "median", "longest", "circles", "unwraps"
    );
    for package in packages::packages(&folders.root)? {
        let measures = measure(&package)?;
        let faults = measures.faults(&folders.root);
        println!("{}", measures.row(&package.name));
        broken.extend(faults.into_iter().map(|fault| format!("{}: {fault}", package.name)));
    }
    if !broken.is_empty() {
        bail!("the structure of the code breaks its bounds:\n  {}", broken.join("\n  "));
    }
    Ok(())
}

fn measure(package: &Package) -> Result<Measures> {
    let read =
        |path: &Path| fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()));
    let mut lengths = Vec::new();
    for path in &package.files {
        lengths.push((read(path)?.lines().count(), path.clone()));
    }
    lengths.sort();
    let mut measures = Measures {
        files: lengths.len(),
        median_lines: lengths.get(lengths.len() / 2).map_or(0, |(lines, _)| *lines),
        longest: lengths.pop().unwrap_or_default(),
        ..Measures::default()
    };
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
        let Self { files, median_lines, longest: (longest, _), circles, unwraps } = self;
        let circles = circles.len();
        format!("{name:<16} {files:>5} {median_lines:>7} {longest:>8} {circles:>8} {unwraps:>8}")
    }

    /// Each bound that is broken, with what to look at.
    fn faults(&self, root: &Path) -> Vec<String> {
        let shown = |path: &Path| path.strip_prefix(root).unwrap_or(path).display().to_string();
        let mut faults = Vec::new();
        if self.median_lines >= MEDIAN_LINES {
            faults.push(format!(
                "the median file has {} lines, not fewer than {MEDIAN_LINES}",
                self.median_lines
            ));
        }
        if self.longest.0 > MOST_LINES {
            faults.push(format!(
                "{} has {} lines, more than {MOST_LINES}",
                shown(&self.longest.1),
                self.longest.0
            ));
        }
        for circle in &self.circles {
            let edge = |e: &Edge| format!("\n    {} uses {} ({})", shown(&e.from), shown(&e.to), e.what);
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
            longest: (501, "/r/long.rs".into()),
            circles: vec![vec![edge]],
            unwraps: 2,
        };
        let faults = bad.faults(Path::new("/r"));
        assert_eq!(faults.len(), 4);
        assert!(faults[1].contains("long.rs has 501 lines"), "{faults:?}");
        assert!(faults[2].ends_with("\n    a.rs uses b.rs (super::b::f)"), "{faults:?}");
        let good = Measures { median_lines: 149, longest: (500, PathBuf::new()), ..Measures::default() };
        assert!(good.faults(Path::new("/r")).is_empty());
    }
}
