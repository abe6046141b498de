//! Data sets: what containers hold, reading them, and making them from the published files.

pub mod asap;
pub mod batik;
mod checks;
mod classes;
pub mod compare;
pub mod container;
mod csv;
mod fit;
pub mod make;
pub mod mazurkabl;
mod measure;
mod note_id;
mod performed;
mod pieces;
mod score_in;
mod score_out;
mod struck_keys;

pub use pieces::{Human, Piece, Split, from_container, load};
pub use struck_keys::{StruckKey, struck_keys};
