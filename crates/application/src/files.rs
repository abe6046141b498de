//! Files in and out: read up to a limit, and written whole or not at all.

mod unfinished;

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use thiserror::Error;

use unfinished::Unfinished;
pub use unfinished::{remove_all as remove_unfinished, sweep};

/// Why a file was not read or not written. The caller names the file.
#[derive(Debug, Error)]
pub enum FileError {
    /// The path leads to a folder.
    #[error("this is a folder; name a file in it")]
    Folder,
    /// The path leads to something that is no file: reading it could wait forever or never end.
    #[error("this is {0}, not an ordinary file")]
    NotAFile(&'static str),
    /// The file is larger than the reader's limit.
    #[error("the file has {} MiB, at most {} are read", size_bytes >> 20, limit_bytes >> 20)]
    TooLarge {
        /// Size of the file.
        size_bytes: u64,
        /// Largest size that is read.
        limit_bytes: u64,
    },
    /// The file that would be replaced is write-protected.
    #[error("the file is write-protected; choose another name")]
    ReadOnly,
    /// The system refused.
    #[error("{}", plain(.0))]
    System(io::Error),
}

impl From<io::Error> for FileError {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

/// Reads a whole file of at most `limit_bytes`.
///
/// # Errors
/// If the path does not lead to an ordinary file of that size which can be read.
pub fn read(path: &Path, limit_bytes: u64) -> Result<Vec<u8>, FileError> {
    // Checked before opening, which would wait at a pipe that nobody writes into.
    check(&fs::metadata(path)?, limit_bytes)?;
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    check(&metadata, limit_bytes)?;
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    // One byte more than allowed tells that the file has grown meanwhile.
    file.take(limit_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
    let size_bytes = bytes.len() as u64;
    if size_bytes > limit_bytes { Err(FileError::TooLarge { size_bytes, limit_bytes }) } else { Ok(bytes) }
}

fn check(metadata: &Metadata, limit_bytes: u64) -> Result<(), FileError> {
    if metadata.is_dir() {
        return Err(FileError::Folder);
    }
    if !metadata.is_file() {
        return Err(FileError::NotAFile(kind(metadata)));
    }
    let size_bytes = metadata.len();
    if size_bytes > limit_bytes { Err(FileError::TooLarge { size_bytes, limit_bytes }) } else { Ok(()) }
}

/// What something is that is neither a file nor a folder.
#[cfg(unix)]
fn kind(metadata: &Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    let kind = metadata.file_type();
    match () {
        () if kind.is_fifo() => "a pipe",
        () if kind.is_socket() => "a socket",
        () => "a device",
    }
}

/// What something is that is neither a file nor a folder.
#[cfg(not(unix))]
fn kind(_: &Metadata) -> &'static str {
    "a device"
}

/// Checks, without opening it, that a path leads to an ordinary file: a pipe would be waited at for ever.
///
/// # Errors
/// If it leads to something else, or to nothing.
pub fn check_is_file(path: &Path) -> Result<(), FileError> {
    check(&fs::metadata(path)?, u64::MAX)
}

/// Whether the path leads to something that exists and is neither a file nor a folder.
pub fn is_device(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|m| !m.is_file() && !m.is_dir())
}

/// The folder that a file lies in or would lie in.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The file itself, by whatever name it was given: links are followed. One that is not there yet is named by
/// its folder, as it is once it is there.
pub fn real(path: &Path) -> PathBuf {
    let by_folder = || Some(fs::canonicalize(folder_of(path)).ok()?.join(path.file_name()?));
    fs::canonicalize(path).ok().or_else(by_folder).unwrap_or_else(|| path.to_owned())
}

/// The file that a link leads to; any other path as it is.
pub fn behind_link(path: &Path) -> PathBuf {
    let is_link = path.is_symlink();
    let target = is_link.then(|| fs::canonicalize(path).ok()).flatten();
    target.unwrap_or_else(|| path.to_owned())
}

/// Checks that nothing at a path is in the way of a file there: nothing, or a file that may be
/// replaced.
///
/// # Errors
/// If there is a folder, a device or a write-protected file.
pub fn check_target(path: &Path) -> Result<(), FileError> {
    match fs::metadata(path) {
        Ok(old) if old.is_dir() => Err(FileError::Folder),
        Ok(old) if !old.is_file() => Err(FileError::NotAFile(kind(&old))),
        Ok(old) if old.permissions().readonly() || is_closed(path) => Err(FileError::ReadOnly),
        // What else is wrong the system says when the file is written.
        _ => Ok(()),
    }
}

/// Whether the system does not let this user write into a file. A new one could take its place all the
/// same, but whoever protected it does not want that.
fn is_closed(path: &Path) -> bool {
    let opened = OpenOptions::new().write(true).open(path);
    opened.is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied)
}

/// Writes a file. It appears under its name, or takes the place of an older file, when it is
/// complete and on the disk; if anything fails, what was there stays.
///
/// # Errors
/// Those of [`check_target`], and if the system refuses.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let mut replacement = Replacement::of(path)?;
    replacement.file().write_all(bytes)?;
    replacement.finish()
}

/// A file that is being written and will take its place when it is complete. Dropping it leaves
/// what was there.
pub struct Replacement {
    temporary: NamedTempFile,
    /// Keeps others from taking it for what a kill left.
    unfinished: Unfinished,
    /// The file that is replaced, links followed: a link stays a link.
    target: PathBuf,
}

impl Replacement {
    /// Begins an empty file in the folder of `path`.
    ///
    /// # Errors
    /// Those of [`replace`].
    pub fn of(path: &Path) -> Result<Self, FileError> {
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        check_target(&target)?;
        let temporary = temporary_beside(&target, "part")?;
        let unfinished = Unfinished::of(&temporary);
        if let Ok(old) = fs::metadata(&target) {
            temporary.as_file().set_permissions(old.permissions())?;
        }
        Ok(Self { temporary, unfinished, target })
    }

    /// What is written into. Not through the temporary file's own [`Write`], whose errors name that
    /// file instead of what the system says.
    pub fn file(&mut self) -> &mut File {
        self.temporary.as_file_mut()
    }

    /// Puts the file into its place.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn finish(self) -> Result<(), FileError> {
        self.temporary.as_file().sync_all()?;
        self.temporary.persist(&self.target).map_err(|e| e.error)?;
        drop(self.unfinished);
        sync_folder(&self.target);
        Ok(())
    }
}

/// Makes sure that a new name in a folder outlives a power cut, where the system can do that.
pub fn sync_folder(path: &Path) {
    if cfg!(unix) {
        File::open(folder_of(path)).and_then(|folder| folder.sync_all()).ok();
    }
}

/// A hidden file in the same folder that disappears unless it is kept; what kills have left there goes.
///
/// # Errors
/// If the system refuses.
pub fn temporary_beside(path: &Path, ending: &str) -> io::Result<NamedTempFile> {
    sweep(folder_of(path));
    let mut builder = tempfile::Builder::new();
    let suffix = format!(".{ending}");
    builder.prefix(unfinished::PREFIX).suffix(&suffix);
    // Temporary files are private by default; this one will be the user's file, under their umask.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    // The error of the temporary file names that file; the user knows only the other one.
    builder.tempfile_in(folder_of(path)).map_err(|error| io::Error::from(error.kind()))
}

/// The system's words without its number.
pub fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}

#[cfg(test)]
#[path = "files_tests.rs"]
mod tests;
