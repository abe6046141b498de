//! Long work: progress on a terminal, and Ctrl-C.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use application::files;
use indicatif::{ProgressBar, ProgressStyle};

use crate::failure;

/// Steps of a progress bar.
const STEPS: f64 = 1000.0;

/// Whether somebody has asked to stop.
#[derive(Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Whether somebody has.
    pub fn asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// What is set then.
    pub fn flag(&self) -> &AtomicBool {
        &self.0
    }
}

/// How long work that was asked to stop may go on: it may be in the middle of something that cannot be
/// asked, such as loading a piano.
const PATIENCE: Duration = Duration::from_secs(1);

/// Listens for Ctrl-C and for a request to terminate: `stop` is called, and the program ends at the
/// latest a moment later, without a second request.
pub fn on_interrupt(stop: impl Fn() + Send + 'static) -> Result<Stop> {
    listen(stop, || {
        thread::spawn(|| {
            thread::sleep(PATIENCE);
            end_now();
        });
    })
}

/// The same for work that ends with something that must be waited for: the first request calls `stop`,
/// the second ends the program at once.
pub fn on_interrupt_patiently(stop: impl Fn() + Send + 'static) -> Result<Stop> {
    listen(stop, || {})
}

fn listen(stop: impl Fn() + Send + 'static, then: impl Fn() + Send + 'static) -> Result<Stop> {
    let asked = Stop::default();
    let heard = asked.clone();
    let on_request = move || {
        if heard.0.swap(true, Ordering::Relaxed) {
            end_now();
        }
        stop();
        then();
    };
    let before = LISTENER.lock().unwrap_or_else(PoisonError::into_inner).replace(Box::new(on_request));
    if before.is_none() {
        let tell = || {
            if let Some(listener) = &*LISTENER.lock().unwrap_or_else(PoisonError::into_inner) {
                listener();
            }
        };
        ctrlc::set_handler(tell).context("cannot listen for Ctrl-C")?;
    }
    Ok(asked)
}

/// What is done when somebody asks to stop: what the work in progress wants.
static LISTENER: Mutex<Option<Box<dyn Fn() + Send>>> = Mutex::new(None);

fn end_now() {
    files::remove_unfinished();
    failure::say_stopped();
    std::process::exit(failure::STOPPED.into());
}

/// A progress bar on stderr; nothing is drawn where that is no terminal.
pub fn bar(label: impl Into<String>) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {percent:>3} % {eta:>4}");
    let bar = ProgressBar::new(STEPS as u64).with_message(label.into());
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Moves a bar to a share of the whole, 0 to 1.
pub fn advance(bar: &ProgressBar, done: f64) {
    bar.set_position((done.clamp(0.0, 1.0) * STEPS) as u64);
}
