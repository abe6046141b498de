//! The own sounds of recordings: what a project keeps of their files, and what of them is in memory to be heard.

mod file;
mod ready;

pub use file::keep;
pub use ready::{OwnSounds, SoundRead};
