//! The files of a package, laid out as they are installed.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};

/// A folder in which `usr` is what is installed as `/usr`.
pub struct Tree {
    root: PathBuf,
}

impl Tree {
    /// An empty one; what was in the folder before is gone.
    pub fn fresh(root: &Path) -> Result<Self> {
        if root.exists() {
            fs::remove_dir_all(root).with_context(|| format!("cannot empty {}", root.display()))?;
        }
        fs::create_dir_all(root.join("usr")).with_context(|| format!("cannot make {}", root.display()))?;
        Ok(Self { root: root.to_owned() })
    }

    /// The folder above `usr`.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where a file lies; `place` begins with `usr/`.
    pub fn path(&self, place: &str) -> PathBuf {
        self.root.join(place)
    }

    /// Writes a file.
    pub fn put(&self, place: &str, bytes: impl AsRef<[u8]>) -> Result<()> {
        let path = self.with_folder(place)?;
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Copies a file.
    pub fn copy(&self, from: &Path, place: &str) -> Result<()> {
        let path = self.with_folder(place)?;
        fs::copy(from, &path)
            .with_context(|| format!("cannot copy {} to {}", from.display(), path.display()))?;
        Ok(())
    }

    /// Copies the files of a folder and of those in it, but for hidden ones and those that are not wanted.
    pub fn copy_folder(&self, from: &Path, place: &str, is_wanted: fn(&str) -> bool) -> Result<()> {
        for path in sorted(from)? {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let inside = format!("{place}/{name}");
            if name.starts_with('.') {
                continue;
            }
            if path.is_dir() {
                self.copy_folder(&path, &inside, is_wanted)?;
            } else if is_wanted(&name) {
                self.copy(&path, &inside)?;
            }
        }
        Ok(())
    }

    fn with_folder(&self, place: &str) -> Result<PathBuf> {
        let path = self.path(place);
        let folder = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(path)
    }

    /// All files below `usr`, in the order of their names.
    pub fn files(&self) -> Result<Vec<PathBuf>> {
        let all = below(&self.path("usr"))?;
        Ok(all.into_iter().filter(|path| path.is_file()).collect())
    }

    /// Bytes of all files below `usr`.
    pub fn size(&self) -> Result<u64> {
        let mut bytes = 0;
        for file in self.files()? {
            bytes += fs::metadata(&file).with_context(|| format!("cannot read {}", file.display()))?.len();
        }
        Ok(bytes)
    }

    /// Makes a file a program; it keeps its time.
    pub fn open_to_run(&self, place: &str) -> Result<()> {
        let path = self.path(place);
        set_mode(&path, 0o755).with_context(|| format!("cannot set the mode of {}", path.display()))
    }

    /// Gives everything the same time, programs the mode 755 and other files 644, whatever the mask of
    /// whoever packs.
    pub fn settle(&self, epoch: u64) -> Result<()> {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(epoch);
        let programs = self.path("usr/bin");
        // What is inside comes first: a folder's time changes with its files.
        for path in below(&self.root)?.into_iter().rev().chain([self.root.clone()]) {
            let is_open = path.is_dir() || path.starts_with(&programs);
            set_mode(&path, if is_open { 0o755 } else { 0o644 })
                .and_then(|()| File::open(&path)?.set_modified(time))
                .with_context(|| format!("cannot set mode and time of {}", path.display()))?;
        }
        Ok(())
    }
}

/// Everything in a folder, folders before what is in them, in the order of the names.
fn below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for path in sorted(folder)? {
        let is_folder = path.is_dir();
        all.push(path.clone());
        if is_folder {
            all.extend(below(&path)?);
        }
    }
    Ok(all)
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    paths.sort();
    Ok(paths)
}

/// Sets who may do what with a file.
#[cfg(unix)]
pub fn set_mode(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

/// Other systems' packages have no such modes.
#[cfg(not(unix))]
pub fn set_mode(_: &Path, _: u32) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[path = "tree_tests.rs"]
mod unit_tests;
