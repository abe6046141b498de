//! The real app in a real window, driven from outside: pointer, keys, files.
//!
//! Everything happens on a display of its own (Xvfb) with a session bus and a window manager of its
//! own. The programs for that, and the app's face, are seen to by `cargo xtask test`; where the programs
//! are missing it leaves the tests out, and they are counted as skipped.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod desktop;
mod dragging;
mod engraved;
mod figures;
mod files;
mod journey;
mod keys;
mod lesson;
mod own_sound;
mod page;
mod pictures;
mod pieces;
mod reference;
mod ruler;
mod setup;
mod starting;
mod variations;
mod window;
mod words;
