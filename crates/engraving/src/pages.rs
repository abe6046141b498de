//! Pages as they come out of Verovio, which runs beside what waits for them: in a process of its own, if
//! there is a program for that, else in a thread.
//!
//! Verovio is C++. What it did not reckon with in a score may end the process that it runs in, it cannot be
//! interrupted while it lays a score out, and it writes numbers as the language of the process does.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::error::EngravingError;
use crate::messages;
use crate::verovio::{self, Page, Request};

/// How often it is asked whether a page is still wanted.
const PATIENCE: Duration = Duration::from_millis(20);

/// How long a process may work on what comes next: the layout of the whole score for the first page, which takes
/// seconds even for a sonata, and a moment for each of the others.
const LONGEST: Duration = Duration::from_secs(60);

/// Tells Windows not to open a console for a program (`CREATE_NO_WINDOW`).
#[cfg(windows)]
const WITHOUT_CONSOLE: u32 = 0x0800_0000;

/// The program that Verovio runs in.
static PROGRAM: OnceLock<(PathBuf, Vec<OsString>)> = OnceLock::new();

/// From now on Verovio runs in processes of its own, started as this program with these arguments, which
/// has to call [`serve`](crate::serve). Only the first call counts.
///
/// A score that ends such a process is an error like others, one that keeps it at work for longer than a minute
/// is given up, and a layout that is no longer wanted stops at once. Without a program Verovio runs in this process.
pub fn run_apart(program: PathBuf, arguments: Vec<OsString>) {
    let _ = PROGRAM.set((program, arguments));
}

/// Pages that come one by one.
pub(crate) struct Pages {
    /// Nothing after the last page: what ends without it has broken off.
    ready: Receiver<Option<Page>>,
    /// Ends when nobody waits for pages any more.
    process: Option<Child>,
    /// How long is waited for a page; a thread cannot be given up.
    longest: Option<Duration>,
    /// What Verovio reads. It goes when nobody waits any more, even if a thread is still at work.
    _folder: TempDir,
}

impl Pages {
    /// Lets Verovio draw a score on pages of a width in staff spaces.
    pub fn of(music_xml: &str, width_spaces: f32) -> Result<Self, EngravingError> {
        let folder = verovio::measurements()?;
        let path =
            folder.path().to_str().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidFilename))?.to_owned();
        let request = Request { width_spaces, folder: path, music_xml: music_xml.to_owned() };
        match PROGRAM.get() {
            Some((program, arguments)) => {
                Self::from_process(Command::new(program).args(arguments), request, folder)
            }
            None => Self::from_thread(request, folder),
        }
    }

    fn from_thread(request: Request, folder: TempDir) -> Result<Self, EngravingError> {
        let (pages, ready) = mpsc::sync_channel(1);
        thread::Builder::new().name("verovio".to_owned()).spawn(move || {
            let drawn = verovio::draw(&request, |svg| pages.send(Some(Ok(svg))).is_ok());
            // Nobody may be waiting.
            let _ = pages.send(drawn.err().map(Err));
        })?;
        Ok(Self { ready, process: None, longest: None, _folder: folder })
    }

    fn from_process(
        command: &mut Command,
        request: Request,
        folder: TempDir,
    ) -> Result<Self, EngravingError> {
        let not_started = |error: io::Error| EngravingError::Verovio(error.to_string());
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        #[cfg(windows)]
        std::os::windows::process::CommandExt::creation_flags(command, WITHOUT_CONSOLE);
        let mut process = command.spawn().map_err(not_started)?;
        let (input, output) = (process.stdin.take(), process.stdout.take());
        let (pages, ready) = mpsc::sync_channel(1);
        // From here on the process ends with what is returned.
        let started = Self { ready, process: Some(process), longest: Some(LONGEST), _folder: folder };
        let (Some(mut input), Some(mut output)) = (input, output) else {
            return Err(EngravingError::Ended);
        };
        thread::Builder::new().name("verovio".to_owned()).spawn(move || {
            if messages::ask(&mut input, &request).is_err() {
                let _ = pages.send(Some(Err(EngravingError::Ended)));
                return;
            }
            drop(input);
            loop {
                let page = messages::read(&mut output);
                let is_last = !matches!(page, Some(Ok(_)));
                if pages.send(page).is_err() || is_last {
                    break;
                }
            }
        })?;
        Ok(started)
    }

    /// Waits for the next page; nothing if there are no more or they are no longer wanted.
    pub fn next(&mut self, mut is_stopped: impl FnMut() -> bool) -> Option<Page> {
        let since = Instant::now();
        while !is_stopped() {
            match self.ready.recv_timeout(PATIENCE) {
                Ok(page) => return page,
                Err(RecvTimeoutError::Timeout) => {
                    if let Some(longest) = self.longest.filter(|longest| since.elapsed() > *longest) {
                        return Some(Err(EngravingError::TooLong(longest)));
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return Some(Err(EngravingError::Ended)),
            }
        }
        None
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            // It may have ended by itself.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn pages(command: &mut Command, folder: TempDir) -> Result<Pages, EngravingError> {
        let music_xml = "<score-partwise/>".repeat(100_000);
        let request = Request { width_spaces: 80.0, folder: String::new(), music_xml };
        Pages::from_process(command, request, folder)
    }

    #[test]
    fn a_program_that_is_not_there_is_an_error() {
        let started = pages(&mut Command::new("/there/is/none"), verovio::measurements().unwrap());
        assert!(matches!(started, Err(EngravingError::Verovio(_))));
    }

    #[test]
    fn what_breaks_off_is_an_error_and_no_end() {
        let (sender, ready) = mpsc::sync_channel(2);
        sender.send(Some(Ok("<svg/>".to_owned()))).unwrap();
        drop(sender);
        let mut pages =
            Pages { ready, process: None, longest: None, _folder: verovio::measurements().unwrap() };
        assert!(matches!(pages.next(|| false), Some(Ok(_))));
        assert!(matches!(pages.next(|| false), Some(Err(EngravingError::Ended))));
    }

    #[test]
    fn what_takes_too_long_is_given_up() {
        let (_sender, ready) = mpsc::sync_channel(1);
        let longest = Some(Duration::from_millis(50));
        let mut pages = Pages { ready, process: None, longest, _folder: verovio::measurements().unwrap() };
        let since = Instant::now();
        let given_up = pages.next(|| false).unwrap().unwrap_err();
        assert!(since.elapsed() >= Duration::from_millis(50));
        let words = given_up.to_string();
        assert!(matches!(given_up, EngravingError::TooLong(_)) && words.contains("given up"), "{words}");
    }

    #[test]
    fn a_process_that_ends_too_soon_is_an_error() {
        // This test lists its tests and ends.
        let program = std::env::current_exe().unwrap();
        let folder = verovio::measurements().unwrap();
        let path = folder.path().to_owned();
        let mut pages = pages(Command::new(program).arg("--list"), folder).unwrap();
        assert!(matches!(pages.next(|| false), Some(Err(EngravingError::Ended))));
        assert!(path.join("Leipzig.xml").exists());
        drop(pages);
        assert!(!path.exists());
    }
}
