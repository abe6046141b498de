//! The text encoder all-MiniLM-L6-v2, with which Espressivo understands moods. Without it the app makes do
//! with a table of words.

use crate::folders::Folders;
use crate::published::Published;

/// Where it comes from and goes.
pub const ENCODER: Published = Published {
    name: "text-encoder",
    variable: "ESPRESSIVO_TEXT_ENCODER",
    sign: "model.safetensors",
    script: "scripts/fetch_text_encoder.py",
    what: "the text encoder (it reads moods; 84 MB, once)",
    without: "with the table in models/text",
};

/// Whether the encoder is in its place.
pub fn is_there(_: &Folders) -> bool {
    ENCODER.is_there()
}
