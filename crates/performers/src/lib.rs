//! Performers: the trait of all systems that play, what they declare, and how a take is made of what
//! they play; composers, which write other notes for some bars ([`composer`]); and writers of new pieces
//! ([`piece`]). The systems themselves are crates of their own (`systems/`).

mod balance;
pub mod base_tempo;
mod clock;
pub mod composer;
pub mod device;
mod error;
pub mod finish;
mod info;
mod job;
mod knob;
pub mod mood;
pub mod palette;
pub mod passage;
mod performer;
pub mod piece;
pub mod registry;
mod request;
pub mod splice;
pub mod take;

pub use error::PerformError;
pub use info::{Abilities, PerformerInfo};
pub use job::{Job, Run};
pub use knob::{ChoiceKnob, Knob, KnobOption, NumberKnob, ReferenceKnob};
pub use mood::Mood;
pub use performance::{KnobValue, Knobs, Manner};
pub use performer::Performer;
pub use registry::{Entry, Registry, Resources};
pub use request::{Amounts, BaseTempo, Controls, PedalPin, Pin, Region, Request};
