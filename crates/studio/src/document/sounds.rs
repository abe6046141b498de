//! The files of recordings of sound, as a project keeps them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The number of a sound of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SoundId(pub u32);

/// The file of a recording of sound.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OwnSound {
    /// Its name, with its extension.
    pub name: String,
    /// Where what was found in the score begins and ends, in seconds of the file.
    pub played_secs: (f64, f64),
    /// The file, where it is not in the project because it is too large.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside: Option<OutsideFile>,
    /// What is in the file; nothing where it is outside the project.
    #[serde(skip)]
    pub bytes: Arc<[u8]>,
}

/// A file outside a project, and what it was when it was heard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutsideFile {
    /// Where it was.
    pub path: String,
    /// Its size.
    pub size_bytes: u64,
    /// CRC-32 of what is in it.
    pub checksum: u32,
}

/// The sounds of a project. Like scores they are numbered and never change; one that no version and no step names
/// is left out when the whole project is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sounds(BTreeMap<SoundId, Arc<OwnSound>>);

impl Sounds {
    /// Adds a sound and gives its number; one that is there already keeps its number.
    pub fn add(&mut self, sound: OwnSound) -> SoundId {
        if let Some((id, _)) = self.numbered().find(|(_, known)| ***known == sound) {
            return id;
        }
        let id = SoundId(self.0.last_key_value().map_or(0, |(last, _)| last.0.saturating_add(1)));
        self.0.insert(id, Arc::new(sound));
        id
    }

    /// Puts a sound back that was read from a file.
    pub fn restore(&mut self, id: SoundId, sound: OwnSound) {
        self.0.insert(id, Arc::new(sound));
    }

    /// A sound, if there is such a one.
    pub fn get(&self, id: SoundId) -> Option<&Arc<OwnSound>> {
        self.0.get(&id)
    }

    /// All sounds with their numbers, in order.
    pub fn numbered(&self) -> impl Iterator<Item = (SoundId, &Arc<OwnSound>)> {
        self.0.iter().map(|(id, sound)| (*id, sound))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound(name: &str) -> OwnSound {
        let bytes = name.as_bytes().into();
        OwnSound { name: name.to_owned(), played_secs: (1.0, 2.0), outside: None, bytes }
    }

    #[test]
    fn a_sound_that_is_there_already_keeps_its_number() {
        let mut sounds = Sounds::default();
        assert_eq!(["a", "b", "a"].map(|name| sounds.add(sound(name)).0), [0, 1, 0]);
        assert_eq!(sounds.get(SoundId(1)).map(|sound| sound.name.as_str()), Some("b"));
        assert!(sounds.get(SoundId(2)).is_none());
        // Numbers of sounds that were left out are not used again while a later one is there.
        let mut restored = Sounds::default();
        restored.restore(SoundId(4), sound("b"));
        assert_eq!((restored.add(sound("a")), restored.add(sound("b"))), (SoundId(5), SoundId(4)));
    }
}
