//! Writers of pieces: systems that write a new piece, or continue one. What they are asked, what they answer,
//! and which there are; the systems themselves are crates of their own (`systems/`).

mod error;
mod info;
mod limits;
mod registry;
mod request;
mod system;

pub use error::PieceError;
pub use info::WriterInfo;
pub use limits::{MOST_NEW_BARS, TEMPERATURES};
pub use registry::{WriterEntry, Writers};
pub use request::PieceRequest;
pub use system::PieceWriter;
