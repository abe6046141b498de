//! Scores as printed music: laid out and drawn by Verovio, put into pixels by resvg.
//!
//! An [`Engraver`] lays a score out as it stands on the page, with repeat signs, in [`System`]s, each of which
//! says in its [`Layout`] where the measures and notes of the score that is played stand, draws itself at any
//! scale as [`Ink`], and gives itself as [`Outline`]s.

mod copy;
mod engraver;
mod error;
mod fonts;
mod glyphs;
mod ink;
mod layout;
mod messages;
mod outline;
mod pages;
mod reading;
mod system;
mod verovio;

pub use engraver::Engraver;
pub use error::EngravingError;
pub use ink::Ink;
pub use layout::{Head, Layout, MeasurePlace, Pass};
pub use messages::serve;
pub use outline::{Outline, OutlineLine};
pub use pages::run_apart;
pub use system::System;
