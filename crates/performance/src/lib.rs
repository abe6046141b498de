//! What is played: performances in seconds, the performance codec, tempo maps and metrics.
//!
//! [`deadpan::deadpan`] plays a score literally. [`codec`] turns a performance into a tempo curve and
//! deviations from it. [`amounts`] scales each dimension of expression, [`transfer`] carries a
//! performance over to another score of the piece, [`ornaments`] writes out trills and their like,
//! [`midi`] writes and reads files, [`beats`] estimates the beats of a recording, and [`metrics`] says how close a performance comes to those of
//! pianists.

pub mod amounts;
pub mod base_tempo;
mod beat_grid;
pub mod beats;
pub mod blur;
pub mod codec;
pub mod cues;
pub mod curve;
pub mod deadpan;
pub mod distributions;
pub mod hands;
mod knobs;
mod manner;
pub mod metrics;
pub mod midi;
pub mod ornaments;
pub mod pedal;
pub mod played;
pub mod steadiness;
mod steady;
pub mod swing;
pub mod tempo_map;
mod tempo_trend;
pub mod transfer;

pub use base_tempo::BaseTempo;
pub use beat_grid::BeatGrid;
pub use curve::BeatCurve;
pub use deadpan::deadpan;
pub use knobs::{KnobValue, Knobs};
pub use manner::{Manner, MannerError};
pub use played::{Pedal, PedalEvent, Performance, PlayedNote, SHORTEST_PRESS_SECS};
