//! What the shell adds to *About*: the parts that it is built from, and their licences.

use std::path::Path;

use application::licences;
use protocol::{AboutView, Licence};

/// Names and versions of the main parts, from Cargo.lock; see `src-tauri/build.rs`.
const PARTS: &str = env!("ESPRESSIVO_PARTS");

/// Versions and licences.
pub fn view(models_folder: &Path) -> AboutView {
    let parts = PARTS.split(';').filter_map(|part| part.split_once(' '));
    let mut licences = licences::of_models(models_folder);
    licences.extend([
        licence("all-MiniLM-L6-v2, the text encoder, where it was fetched", "Apache-2.0"),
        licence("Libraries in Rust", "MIT, Apache-2.0, BSD, ISC, Zlib, Unicode, BSL-1.0, MPL-2.0"),
        licence("Ubuntu Light and Noto Emoji, fonts of the face", "Ubuntu-font-1.0, OFL-1.1"),
        licence("WebKitGTK and GTK, where the window uses them", "LGPL-2.1-or-later"),
    ]);
    AboutView {
        version: env!("CARGO_PKG_VERSION").into(),
        parts: parts.map(|(name, version)| (name.into(), version.into())).collect(),
        licences,
    }
}

fn licence(of: &str, name: &str) -> Licence {
    Licence { of: of.into(), name: name.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_main_parts_have_versions() {
        let about = view(Path::new("no/such/folder"));
        for name in ["Tauri", "egui", "Burn"] {
            let version = about.parts.iter().find(|(part, _)| part == name).map(|(_, version)| version);
            assert!(version.is_some_and(|v| v.starts_with(char::is_numeric)), "{name}: {:?}", about.parts);
        }
    }
}
