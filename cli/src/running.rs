//! Long work: progress on a terminal, and Ctrl-C.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
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
}

/// Listens for Ctrl-C and for a request to terminate: the first calls `stop`, the second ends the
/// program at once.
pub fn on_interrupt(stop: impl Fn() + Send + 'static) -> Result<Stop> {
    let asked = Stop::default();
    let heard = asked.clone();
    ctrlc::set_handler(move || {
        if heard.0.swap(true, Ordering::Relaxed) {
            std::process::exit(failure::STOPPED.into());
        }
        stop();
    })
    .context("cannot listen for Ctrl-C")?;
    Ok(asked)
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
