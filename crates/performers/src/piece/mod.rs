//! Writers of pieces: systems that write a new piece, or continue one. What they are asked, what they answer,
//! and which there are; the systems themselves are crates of their own (`systems/`).

mod error;
mod info;
mod registry;
mod request;
mod system;

pub use error::PieceError;
pub use info::WriterInfo;
pub use registry::{WriterEntry, Writers};
pub use request::{MOST_NEW_BARS, PieceRequest, TEMPERATURES};
pub use system::PieceWriter;
