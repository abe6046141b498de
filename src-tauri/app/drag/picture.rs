//! What hangs on the pointer while a file is dragged.

/// The picture as PNG.
pub const PICTURE: &[u8] = include_bytes!("../../../icons/32x32.png");
