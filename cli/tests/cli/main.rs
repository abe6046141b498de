//! The command line, end to end: the real program on real scores.
#![allow(clippy::unwrap_used)]

mod align;
mod bad_input;
mod compose;
#[cfg(target_os = "linux")]
mod hostile_sound;
mod other_commands;
mod perform;
mod pianist;
mod program;
mod regions;
#[cfg(unix)]
mod rough_handling;
#[cfg(target_os = "linux")]
mod sizes;
#[cfg(unix)]
mod stopping;
mod transcribe;
mod vary;
#[cfg(target_os = "linux")]
mod watched;
#[cfg(target_os = "linux")]
mod window;
