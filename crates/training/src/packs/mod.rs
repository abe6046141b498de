//! What networks share that learn from packed files: how arrays are written, read and checked ([`arrays`]), and what
//! is drawn of them at random ([`draws`]).

pub mod arrays;
pub mod draws;
