//! Getting one archive, by whichever program can.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::atomic::AtomicBool;

use super::error::FetchError;
use super::package::Package;
use super::program::Program;
use super::running::run;
use super::sums::sum_of;

/// Why a program gave no archive.
enum Failure {
    /// Whoever asked no longer wants it.
    Stopped,
    /// In its own words.
    Said(String),
}

/// Gets an archive into a folder of its own parts; its path. What is there of it is not fetched again. `progress`
/// hears of the share that is done, 0 to 1, where the size is known; `stop` ends it within a moment.
///
/// # Errors
/// If there is no program that could fetch it, none can, it is another archive than expected, or it was stopped.
pub(crate) fn archive(
    programs: &[Program],
    package: &Package,
    parts: &Path,
    progress: &mut dyn FnMut(f32),
    stop: &AtomicBool,
) -> Result<PathBuf, FetchError> {
    let file = parts.join(package.file());
    if package.sum.is_some() && is_right(package, &file) {
        return Ok(file);
    }
    let what = package.what;
    let mut first = None;
    for program in programs {
        match got(program, package, &file, progress, stop) {
            Ok(()) if is_right(package, &file) => return Ok(file),
            Ok(()) => {
                // What was there before may have been spoilt, so the next time begins anew.
                fs::remove_file(&file).ok();
                let why = "its sum is another".to_owned();
                return Err(FetchError::Wrong { what, package: package.name.to_string(), why });
            }
            Err(Failure::Stopped) => return Err(FetchError::Cancelled),
            Err(Failure::Said(why)) => first = first.or(Some(why)),
        }
    }
    let Some(why) = first else { return Err(FetchError::NoProgram { what }) };
    Err(FetchError::NotFetched { what, package: package.name.to_string(), why })
}

/// Whether an archive is the one expected; true where its sum is not known.
fn is_right(package: &Package, file: &Path) -> bool {
    package.sum.is_none_or(|expected| sum_of(file).is_ok_and(|sum| sum == expected))
}

/// Lets a program get the archive into a file.
fn got(
    program: &Program,
    package: &Package,
    file: &Path,
    progress: &mut dyn FnMut(f32),
    stop: &AtomicBool,
) -> Result<(), Failure> {
    if !program.takes_address() {
        return got_by_client(program, package, file, stop);
    }
    let mut look = || {
        if let (Some(whole), Ok(there)) = (package.bytes, fs::metadata(file)) {
            progress((there.len() as f32 / whole.max(1) as f32).min(1.0));
        }
    };
    let had_part = file.is_file();
    let (status, said) = called(program, package, file, stop, &mut look)?;
    if status.success() {
        return Ok(());
    }
    if had_part && program.cannot_go_on(status.code()) {
        fs::remove_file(file).ok();
        let (status, said) = called(program, package, file, stop, &mut look)?;
        return if status.success() { Ok(()) } else { Err(Failure::Said(program.reason(&said))) };
    }
    Err(Failure::Said(program.reason(&said)))
}

/// Lets npm or pip write the archive into an empty folder, and puts it into its place.
fn got_by_client(
    program: &Program,
    package: &Package,
    file: &Path,
    stop: &AtomicBool,
) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::Said(error.to_string());
    let place = tempfile::tempdir_in(file.parent().unwrap_or(Path::new("."))).map_err(failed)?;
    let to = place.path().join(package.file());
    let (status, said) = called(program, package, &to, stop, &mut || ())?;
    if !status.success() {
        return Err(Failure::Said(program.reason(&said)));
    }
    let ending = file.extension();
    let mut written = fs::read_dir(place.path()).into_iter().flatten().flatten().map(|entry| entry.path());
    let archive = written.find(|path| path.extension() == ending);
    let archive = archive.ok_or_else(|| Failure::Said("it wrote no archive".to_owned()))?;
    fs::rename(archive, file).map_err(failed)
}

/// Calls a program, and says how it ended and what it said.
fn called(
    program: &Program,
    package: &Package,
    to: &Path,
    stop: &AtomicBool,
    look: &mut dyn FnMut(),
) -> Result<(ExitStatus, String), Failure> {
    let failed = |error: io::Error| Failure::Said(error.to_string());
    let said = to.with_file_name("said.txt");
    let words = File::create(&said).map_err(failed)?;
    let mut command = program.call(package, to);
    command.stderr(words);
    let status = run(command, stop, look).map_err(failed)?.ok_or(Failure::Stopped)?;
    let said = fs::read(&said).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Ok((status, said.unwrap_or_default()))
}

#[cfg(all(test, unix))]
#[path = "archive_tests.rs"]
mod tests;
