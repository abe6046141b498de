//! Which systems play, the one that plays when nobody is named first. A new system adds its line here.

use std::path::{Path, PathBuf};

use performers::Registry;

/// Every performer.
pub fn registry() -> Registry {
    Registry::default().with(pianoflow::entry()).with(kth_rules::entry())
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
