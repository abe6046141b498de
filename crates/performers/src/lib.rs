//! Who plays: one folder per system behind one trait.

pub mod device;
pub mod finish;
pub mod join;
pub mod mood;
pub mod performer;
pub mod pianoflow;
pub mod registry;
pub mod rules;
pub mod take;
pub mod text;

pub use performer::{
    Amounts, Controls, Job, Mood, PerformError, Performer, PerformerInfo, Pin, Region, Request,
};
