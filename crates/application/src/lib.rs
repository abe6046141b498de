//! What the window and the command line have in common: the performers there are and where their models lie.

pub mod systems;
