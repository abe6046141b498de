//! How right alignments are: against the pairs of (n)ASAP, on the recordings as they are and on ones that
//! are damaged in a way that is known.

pub mod case;
mod chance;
mod counting;
mod damage;
mod kind;
pub mod names;
pub mod samples;
pub mod score_table;

pub use case::{Case, Key};
pub use counting::judge;
pub use damage::damaged;
pub use kind::Damage;
pub use score_table::{Counts, Row, Summary, Table};
