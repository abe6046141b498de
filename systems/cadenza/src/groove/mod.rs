//! The performer (arXiv 2410.02060, section 3.3): velocity and micro-timing of every note at a fixed tempo.
//!
//! The paper's is an encoder of 12 layers over PerTok tokens in which those of velocity and micro-timing are
//! masked, one model a style. Here it is a smaller encoder over one position a note ([`rows`]), and one weight
//! file has several styles, each a vector that is added to every position. What is written goes into the take as it
//! is: the tempo is that of the marks or the one asked for, notes end where they are written to end.

mod columns;
mod config;
mod layer;
mod network;
mod performer;
mod times;

pub use columns::{BEFORE, COLUMNS, SIGNS, SIZES, VALUES, rows, table_row};
pub use config::{
    Coherences, FILE_NAME, FURTHEST_QUARTERS, MOST_STYLES, NetworkConfig, ON_GRID, Settings, TIMINGS,
    UNLEARNED_SIGNS, VELOCITIES, VELOCITY_STEP, parse, settings,
};
pub use network::{Logits, Network};
pub use performer::Groove;
