//! The network Transkun V2, with which Espressivo hears the notes of a recorded sound. Without it the app
//! takes recordings as MIDI only.

use crate::folders::Folders;
use crate::published::Published;

/// Where it comes from and goes.
pub const TRANSCRIBER: Published = Published {
    name: "transcriber",
    variable: "ESPRESSIVO_TRANSCRIBER",
    sign: "model.safetensors",
    script: "scripts/fetch_transcriber.py",
    what: "the transcriber (it hears the notes of recordings; 51 MB, once)",
    without: "recordings are taken as MIDI only",
};

/// Whether the transcriber is in its place.
pub fn is_there(_: &Folders) -> bool {
    TRANSCRIBER.is_there()
}
