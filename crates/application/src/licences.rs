//! The licences of the models' weights, as their cards tell them.

use std::path::Path;

use protocol::Licence;

use crate::files;
use crate::limits::SETTINGS_BYTES;

/// The line of a model's card that names the licence of its weights.
const CARD_LICENCE: &str = "**Licence of the weights:**";

/// What the card of each model in a folder says, by name. Models without a card are left out.
pub fn of_models(models_folder: &Path) -> Vec<Licence> {
    let cards = std::fs::read_dir(models_folder).into_iter().flatten().flatten();
    let text = |path: &Path| String::from_utf8(files::read(path, SETTINGS_BYTES).ok()?).ok();
    let texts = cards.filter_map(|model| text(&model.path().join("CARD.md")));
    let mut licences: Vec<Licence> = texts.filter_map(|card| of_card(&card)).collect();
    licences.sort_by(|a, b| a.of.cmp(&b.of));
    licences
}

fn of_card(card: &str) -> Option<Licence> {
    let name = card.lines().find_map(|line| line.strip_prefix("# "))?;
    let said = card.lines().find_map(|line| line.strip_prefix(CARD_LICENCE))?;
    // The first sentence; a point inside a version number ends none.
    let sentence = said.split_once(". ").map_or(said, |(first, _)| first);
    let short = sentence.split_once(", ").map_or(sentence, |(first, _)| first);
    let short = short.trim().trim_end_matches('.');
    Some(Licence { of: format!("{name}, the weights"), name: short.to_owned() })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_model_of_ours_tells_its_licence() {
        let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
        let count = std::fs::read_dir(&models).unwrap().flatten().filter(|m| m.path().is_dir()).count();
        let licences = of_models(&models);
        assert_eq!(licences.len(), count, "{licences:?}");
        let pianoflow = Licence { of: "PianoFlow, the weights".into(), name: "CC BY-NC-SA 4.0".into() };
        assert!(licences.contains(&pianoflow), "{licences:?}");
    }
}
