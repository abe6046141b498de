//! What is played: performances in seconds, the performance codec, tempo maps and metrics.

pub mod metrics;
pub mod played;

pub use played::{Pedal, PedalEvent, Performance, PlayedNote};
