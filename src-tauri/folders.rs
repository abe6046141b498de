//! The folders that come with Espressivo. Both programs use this file.

use std::path::{Path, PathBuf};

/// A folder that comes with Espressivo: beside the program or above it, in the working folder, in
/// the source tree that the program was built from, or where it is installed.
pub fn find(name: &str) -> Option<PathBuf> {
    let program = std::env::current_exe().ok();
    let above = program.iter().flat_map(|p| p.ancestors().skip(1).take(4)).map(|p| p.join(name));
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let installed = Path::new("/usr/share/espressivo").join(name);
    above.chain([PathBuf::from(name), source, installed]).find(|p| p.is_dir())
}
