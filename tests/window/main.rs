//! The real app in a real window, driven from outside: pointer, keys, files.
//!
//! Everything happens on a display of its own (Xvfb) with a session bus and a window manager of its
//! own. Where the programs for that are missing, or the app was built without its face, the tests
//! say so and leave it at that; `cargo xtask test` sees to both.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod dragging;
mod figures;
mod files;
mod journey;
mod page;
mod pictures;
mod stage;
mod window;
mod words;
