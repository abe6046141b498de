//! What the shell adds to *About*: the parts that it is built from, and their licences.

use std::path::Path;

use protocol::{AboutView, Licence};

/// Names and versions of the main parts, from Cargo.lock; see `src-tauri/build.rs`.
const PARTS: &str = env!("ESPRESSIVO_PARTS");

/// The line of a model's card that names the licence of its weights.
const CARD_LICENCE: &str = "**Licence of the weights:**";

/// Versions and licences.
pub fn view(models_folder: &Path) -> AboutView {
    let parts = PARTS.split(';').filter_map(|part| part.split_once(' '));
    let mut licences = model_licences(models_folder);
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

/// What each model's card says.
fn model_licences(models_folder: &Path) -> Vec<Licence> {
    let cards = std::fs::read_dir(models_folder).into_iter().flatten().flatten();
    let texts = cards.filter_map(|model| std::fs::read_to_string(model.path().join("CARD.md")).ok());
    let mut licences: Vec<Licence> = texts.filter_map(|card| model_licence(&card)).collect();
    licences.sort_by(|a, b| a.of.cmp(&b.of));
    licences
}

fn model_licence(card: &str) -> Option<Licence> {
    let name = card.lines().find_map(|line| line.strip_prefix("# "))?;
    let said = card.lines().find_map(|line| line.strip_prefix(CARD_LICENCE))?;
    // The first sentence; a point inside a version number ends none.
    let sentence = said.split_once(". ").map_or(said, |(first, _)| first);
    let short = sentence.split_once(", ").map_or(sentence, |(first, _)| first);
    Some(licence(&format!("{name}, the weights"), short.trim().trim_end_matches('.')))
}

fn licence(of: &str, name: &str) -> Licence {
    Licence { of: of.into(), name: name.into() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_model_of_ours_tells_its_licence() {
        let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
        let count = std::fs::read_dir(&models).unwrap().flatten().filter(|m| m.path().is_dir()).count();
        let licences = model_licences(&models);
        assert_eq!(licences.len(), count, "{licences:?}");
        assert!(licences.contains(&licence("PianoFlow, the weights", "CC BY-NC-SA 4.0")), "{licences:?}");
    }

    #[test]
    fn the_main_parts_have_versions() {
        let about = view(Path::new("no/such/folder"));
        for name in ["Tauri", "egui", "Burn"] {
            let version = about.parts.iter().find(|(part, _)| part == name).map(|(_, version)| version);
            assert!(version.is_some_and(|v| v.starts_with(char::is_numeric)), "{name}: {:?}", about.parts);
        }
    }
}
