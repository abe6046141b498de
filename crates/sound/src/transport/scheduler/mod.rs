//! The scheduler: a thread that turns messages into commands for the engine and prepares decks, so
//! that the callback finds them ready.

mod control;
mod decks;
mod link;
mod returns;
mod run;
mod state;

pub(crate) use link::Link;
pub(crate) use state::Scheduler;
