//! The workspace's packages and their files, from the manifests.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A package.
#[derive(Debug)]
pub struct Package {
    pub name: String,
    /// Root files of its library and programs.
    pub roots: Vec<PathBuf>,
    /// Every Rust file in its folder, tests and benchmarks too.
    pub files: Vec<PathBuf>,
}

/// Folders that hold no code of the workspace.
const LEFT_OUT: [&str; 4] = ["target", "fuzz", "dist", "node_modules"];

/// The packages of a checkout, by name.
pub fn packages(root: &Path) -> Result<Vec<Package>> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let (manifest, inner) = (folder.join("Cargo.toml"), subfolders(&folder)?);
        if manifest.is_file() {
            let text = fs::read_to_string(&manifest)
                .with_context(|| format!("cannot read {}", manifest.display()))?;
            found.extend(package(&folder, &text)?);
        }
        folders.extend(inner);
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// The package of a manifest; none if it is a workspace without one.
fn package(folder: &Path, manifest: &str) -> Result<Option<Package>> {
    let Some((name, paths)) = parse(manifest) else { return Ok(None) };
    let usual = ["src/lib.rs", "src/main.rs"].map(PathBuf::from);
    let roots = paths.into_iter().chain(usual).map(|path| folder.join(path));
    let mut roots: Vec<PathBuf> = roots.filter(|path| path.is_file()).collect();
    roots.dedup();
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        let entries = fs::read_dir(&inner).with_context(|| format!("cannot list {}", inner.display()))?;
        let paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
        files.extend(paths.into_iter().filter(|path| path.extension().is_some_and(|e| e == "rs")));
        folders.extend(subfolders(&inner)?.into_iter().filter(|f| !f.join("Cargo.toml").is_file()));
    }
    files.sort();
    Ok(Some(Package { name, roots, files }))
}

/// Folders in a folder that may hold code.
fn subfolders(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !name.starts_with('.') && !LEFT_OUT.contains(&&*name) {
            found.push(path);
        }
    }
    Ok(found)
}

/// A manifest's package name and the paths of its library and programs. Values are looked for line
/// by line: `cargo fmt` and habit keep each on its own.
fn parse(manifest: &str) -> Option<(String, Vec<PathBuf>)> {
    let (mut section, mut name, mut paths) = ("", None, Vec::new());
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line;
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        let value = value.trim().trim_matches('"');
        match (section, key.trim()) {
            ("[package]", "name") => name = Some(value.to_owned()),
            ("[lib]" | "[[bin]]", "path") => paths.push(value.into()),
            _ => {}
        }
    }
    name.map(|name| (name, paths))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod unit_tests {
    use super::*;

    #[test]
    fn a_manifest_tells_name_and_roots() {
        let manifest = "[workspace]\nmembers = [\"x\"]\n[package]\nname = \"whole\"\n[[bin]]\nname = \"a\"\n\
                        path = \"app/main.rs\"\n[dependencies]\nother = { path = \"other\" }\n[[bin]]\npath = \"b.rs\"";
        let (name, paths) = parse(manifest).unwrap();
        assert_eq!((name.as_str(), paths), ("whole", vec!["app/main.rs".into(), "b.rs".into()]));
        assert!(parse("[workspace]\nmembers = []").is_none());
    }

    #[test]
    fn this_package_is_found_with_its_files_and_no_others() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let found = packages(root).unwrap();
        let own = found.iter().find(|p| p.name == "xtask").unwrap();
        assert_eq!(own.roots, [root.join("xtask/src/main.rs")]);
        assert!(own.files.contains(&root.join("xtask/src/structure/packages.rs")));
        assert!(own.files.iter().all(|file| file.starts_with(root.join("xtask"))));
        assert!(found.iter().all(|p| p.name != "fuzz"));
    }
}
