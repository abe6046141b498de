//! From an error to one clear message and an exit code.

use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::Mutex;

use anyhow::{Error, Result};
use application::text::shown_message;
use application::{FetchError, HearError};
use performers::PerformError;
use performers::composer::ComposeError;
use performers::piece::PieceError;
use sound::SoundError;

/// The exit code that shells give to a program stopped with Ctrl-C: 128 + SIGINT.
pub const STOPPED: u8 = 130;

/// The exit code of a fault of the program itself: EX_SOFTWARE of sysexits.h.
const FAULT: u8 = 70;

/// What a panic said. Some are caught further down and are nobody's business, so a panic is told
/// only when it has come all the way up.
static PANIC: Mutex<Option<String>> = Mutex::new(None);

/// Runs the program and turns what it says into an exit code.
pub fn guard(program: impl FnOnce() -> Result<ExitCode>) -> ExitCode {
    panic::set_hook(Box::new(|info| {
        if let Ok(mut last) = PANIC.lock() {
            *last = Some(info.to_string().replace('\n', " "));
        }
    }));
    match panic::catch_unwind(AssertUnwindSafe(program)) {
        Ok(Ok(code)) => code,
        Ok(Err(error)) if is_stop(&error) => {
            say_stopped();
            ExitCode::from(STOPPED)
        }
        Ok(Err(error)) => {
            tell(&error);
            ExitCode::FAILURE
        }
        Err(_) => {
            let said = PANIC.lock().ok().and_then(|mut last| last.take()).unwrap_or_default();
            eprintln!(
                "espressivo: a fault in the program, not in your work; nothing was changed. \
                 Please report it with the command and the file that it was given: {}",
                shown_message(&said)
            );
            ExitCode::from(FAULT)
        }
    }
}

/// Says that somebody has stopped the work.
pub fn say_stopped() {
    eprintln!("espressivo: stopped; no unfinished file is left");
}

/// Says what went wrong.
pub fn tell(error: &Error) {
    eprintln!("espressivo: {}", shown_message(&message(error)));
}

/// Whether somebody has stopped the work.
pub fn is_stop(error: &Error) -> bool {
    let perform = error.downcast_ref::<PerformError>();
    let sound = error.downcast_ref::<SoundError>();
    let compose = error.downcast_ref::<ComposeError>();
    let hear = error.downcast_ref::<HearError>();
    let piece = error.downcast_ref::<PieceError>();
    matches!(perform, Some(PerformError::Cancelled))
        || matches!(sound, Some(SoundError::Cancelled))
        || matches!(compose, Some(ComposeError::Cancelled))
        || matches!(hear, Some(HearError::Cancelled))
        || matches!(piece, Some(PieceError::Cancelled))
        || matches!(error.downcast_ref::<FetchError>(), Some(FetchError::Cancelled))
}

/// The error and its causes in one line; a cause that the words before it tell already is left out.
pub fn message(error: &Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::anyhow;

    #[test]
    fn no_cause_is_told_twice() {
        let error = anyhow!("disk full").context("cannot write a.mid (disk full)").context("take 2");
        assert_eq!(message(&error), "take 2: cannot write a.mid (disk full)");
    }

    #[test]
    fn only_a_cancel_counts_as_a_stop() {
        assert!(is_stop(&Error::from(PerformError::Cancelled).context("take 2")));
        assert!(is_stop(&SoundError::Cancelled.into()));
        assert!(is_stop(&Error::from(ComposeError::Cancelled).context("a.musicxml")));
        assert!(is_stop(&Error::from(HearError::Cancelled).context("a.mp3")));
        assert!(!is_stop(&PerformError::EmptyRegion.into()));
    }
}
