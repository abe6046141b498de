//! Which performers there are.

use std::path::{Path, PathBuf};

use burn::tensor::Device;

use crate::performer::{PerformError, Performer, PerformerInfo};
use crate::pianoflow::PianoFlow;
use crate::rules::Rules;

/// Who plays when nobody is named.
pub const DEFAULT: &str = PianoFlow::INFO.id;

/// Who plays when the default's files are missing.
pub const FALLBACK: &str = Rules::INFO.id;

/// Every performer, the default first. A new system adds its line here and in [`load`].
pub fn all() -> [PerformerInfo; 2] {
    [PianoFlow::INFO, Rules::INFO]
}

/// Readies a performer; `models` is the folder with one folder per system.
pub fn load(id: &str, models: &Path, device: &Device) -> Result<Box<dyn Performer>, PerformError> {
    match id {
        "pianoflow" => Ok(Box::new(PianoFlow::load(&models.join(id), device.clone())?)),
        "rules" => Ok(Box::new(Rules::default())),
        _ => Err(PerformError::Unknown { id: id.to_owned(), known: all().map(|info| info.id).join(", ") }),
    }
}

/// The models folder: `$ESPRESSIVO_MODELS`, else `models` beside the program or above it, in the
/// working directory, or in the source tree that the program was built from.
pub fn models_folder() -> PathBuf {
    let named = std::env::var_os("ESPRESSIVO_MODELS").map(PathBuf::from);
    let program = std::env::current_exe().ok();
    let above = program.iter().flat_map(|p| p.ancestors().skip(1).take(4)).map(|p| p.join("models"));
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    let installed = PathBuf::from("/usr/share/espressivo/models");
    let candidates = above.chain([PathBuf::from("models"), source, installed]);
    named.or_else(|| candidates.into_iter().find(|p| p.is_dir())).unwrap_or_else(|| PathBuf::from("models"))
}
