//! The libraries in the programs, with the texts of their licences, which most of them ask to pass on.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::folders::Folders;
use crate::process::output;
use crate::wasm;

/// How files that hold a licence begin, in small letters.
const BEGINNINGS: [&str; 6] = ["licen", "copying", "notice", "copyright", "ofl", "ufl"];

/// Folders of a library that may hold such files, in small letters.
const INSIDE: [&str; 4] = ["licenses", "licences", "fonts", "vendor"];

/// How far down in those folders.
const DEPTH: usize = 2;

/// A library: name, version, and its licences as an SPDX expression.
type Library = (String, String, String);

/// The list of all libraries, then each text once with the libraries that it is of.
pub fn text(folders: &Folders) -> Result<String> {
    let mut libraries = of_tree(folders, &["--package", "espressivo", "--package", "espressivo-cli"])?;
    // The face is a program of its own inside the window.
    libraries.extend(of_tree(folders, &["--package", "ui", "--target", wasm::TARGET])?);
    let sources = sources();
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut all = String::from("Libraries in the programs of Espressivo, and their licences.\n\n");
    for (name, version, licence) in &libraries {
        // Writing into a string does not fail.
        let _ = writeln!(all, "{name} {version}: {licence}");
        let folder = format!("{name}-{version}");
        for source in sources.iter().map(|source| source.join(&folder)).filter(|folder| folder.is_dir()) {
            for file in licence_files(&source, DEPTH) {
                let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
                let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n").trim().to_owned();
                texts.entry(text).or_default().push(format!("{name} {version}"));
            }
        }
    }
    for (text, mut of) in texts {
        of.dedup();
        let _ = write!(all, "\n{}\n{}\n\n{text}\n", "=".repeat(78), of.join(", "));
    }
    Ok(all)
}

/// What packages of the workspace are built from, in the order of the names; those of the workspace are left out.
fn of_tree(folders: &Folders, packages: &[&str]) -> Result<BTreeSet<Library>> {
    let mut cargo = folders.cargo("tree");
    cargo.args(["--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}\t{l}"]).args(packages);
    let said = output(&mut cargo).context("cannot start cargo")?;
    if !said.status.success() {
        bail!("cargo tree failed: {}", String::from_utf8_lossy(&said.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&said.stdout).lines().filter_map(library).collect())
}

/// `serde_derive v1.0.228 (proc-macro)`, a tab, `MIT OR Apache-2.0 (*)`: the mark is of those that were
/// listed before.
fn library(line: &str) -> Option<Library> {
    let (package, licence) = line.split_once('\t')?;
    let is_ours = package.contains("(/");
    let mut words = package.split_whitespace();
    let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
    let licence = licence.trim_end_matches("(*)").trim();
    (!is_ours).then(|| (name.to_owned(), version.to_owned(), licence.to_owned()))
}

/// Where cargo unpacks what it fetches from its registries.
fn sources() -> Vec<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = variable("CARGO_HOME").or_else(|| variable("HOME").map(|home| home.join(".cargo")));
    let folders = home.and_then(|home| fs::read_dir(home.join("registry/src")).ok());
    let mut folders: Vec<PathBuf> =
        folders.into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    folders.sort();
    folders
}

/// The files with licences in a folder of a library, in the order of their names.
fn licence_files(folder: &Path, depth: usize) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let begins =
            BEGINNINGS.iter().any(|beginning| name.starts_with(beginning)) || name.contains("license");
        // Inside `vendor` the library's own folder comes next, whatever its name.
        let is_inside = depth < DEPTH || INSIDE.contains(&name.as_str());
        if path.is_dir() && depth > 0 && is_inside {
            found.extend(licence_files(&path, depth - 1));
        } else if path.is_file() && begins && !name.ends_with(".rs") {
            found.push(path);
        }
    }
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod unit_tests {
    use super::*;

    #[test]
    fn libraries_are_read_and_our_own_left_out() {
        let read = |line| library(line).map(|(name, version, licence)| format!("{name} {version} {licence}"));
        let derive = "serde_derive v1.0.228 (proc-macro)\tMIT OR Apache-2.0 (*)";
        assert_eq!(read(derive).as_deref(), Some("serde_derive 1.0.228 MIT OR Apache-2.0"));
        assert_eq!(read("midly v0.5.3\tUnlicense").as_deref(), Some("midly 0.5.3 Unlicense"));
        assert_eq!(read("notation v0.1.0 (/home/clara/espressivo/crates/notation)\tMIT OR Apache-2.0"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn files_with_licences_are_found_also_of_what_is_inside() {
        let folder = std::env::temp_dir().join(format!("espressivo-licences-{}", std::process::id()));
        let files =
            ["LICENSE-MIT", "README.md", "src/licence.txt", "vendor/verovio/COPYING", "fonts/OFL.txt"];
        for file in files.map(|file| folder.join(file)) {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "text").unwrap();
        }
        let found = licence_files(&folder, DEPTH);
        let names: Vec<_> =
            found.iter().map(|f| f.strip_prefix(&folder).unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["LICENSE-MIT", "fonts/OFL.txt", "vendor/verovio/COPYING"]);
        fs::remove_dir_all(folder).unwrap();
    }
}
