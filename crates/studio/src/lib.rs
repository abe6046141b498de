//! The work: projects, history, takes and jobs; the truth behind the window.
//!
//! [`Studio`] is all that the shell needs of a window: it takes [`protocol::Command`]s and answers with
//! [`protocol::Event`]s. What windows share is [`Shared`]. Behind them
//!
//! - [`document`] is the state of a project as plain data, [`scores`] what its versions play,
//! - [`varied`] puts other notes into some bars of a score, [`continued`] has a piece go on, [`slips`] says what a
//!   recording does otherwise,
//! - [`edit`] and [`history`] change it in steps that can be undone,
//! - [`store`] keeps every step in the project file as it happens,
//! - [`jobs`] performs on a thread of its own,
//! - [`views`], [`compare`] and [`report`] show it, [`page`] engraves it, [`export`] and [`print`](mod@print) take it away,
//! - [`keys`], [`kept`], [`part`] and [`punched`] are what a person plays on a keyboard, [`own_sounds`] what a
//!   recording of sound sounds like,
//! - [`session`] puts them together.

mod about;
mod additions;
pub mod compare;
pub mod continued;
pub mod demos;
pub mod document;
pub mod drawn;
pub mod edit;
pub mod export;
pub mod history;
pub mod jobs;
pub mod kept;
pub mod keys;
mod lacking;
pub mod last_heard;
pub mod last_open;
pub mod lock;
pub mod loudness;
pub mod moods;
pub mod names;
pub mod own_sounds;
pub mod page;
pub mod part;
pub mod parts;
pub mod pianos;
pub mod places;
pub mod playback;
pub mod plot;
pub mod print;
pub mod project_file;
pub mod punched;
pub mod queue;
pub mod reading;
pub mod recent;
pub mod recording;
pub mod reference;
pub mod report;
pub mod roster;
pub mod scores;
pub mod session;
pub mod settings;
pub mod shared;
pub mod slips;
pub mod speakers;
pub mod store;
pub mod studio;
pub mod untitled;
pub mod varied;
pub mod views;
pub mod warp;
pub mod windows;

pub use parts::{Config, Parts};
pub use session::Current;
pub use shared::Shared;
pub use studio::Studio;
pub use windows::WindowId;
