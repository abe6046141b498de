//! What others have published and a musician may get: whether it is there, and getting it, each by one window at a
//! time.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, MutexGuard, PoisonError};

use application::{Folders, additions};
use protocol::{Addition, Presence};

use crate::parts::GetAddition;

/// The additions of all windows.
pub struct Additions {
    get: GetAddition,
    folders: Folders,
    /// The jobs that get them.
    arriving: Mutex<BTreeMap<Addition, u64>>,
}

impl Additions {
    /// Additions that are got like this, and put where these folders say.
    pub fn new(get: GetAddition, folders: Folders) -> Self {
        Self { get, folders, arriving: Mutex::default() }
    }

    /// Whether one of them is on this computer.
    pub fn presence(&self, addition: Addition) -> Presence {
        if let Some(job) = self.arriving().get(&addition) {
            return Presence::Arriving(*job);
        }
        let folder = additions::folder(addition, &self.folders);
        if additions::is_there(addition, folder) { Presence::There } else { Presence::Missing }
    }

    /// All of them.
    pub fn view(&self) -> protocol::Additions {
        protocol::Additions {
            grand_piano: self.presence(Addition::GrandPiano),
            text_encoder: self.presence(Addition::TextEncoder),
            transcriber: self.presence(Addition::Transcriber),
        }
    }

    /// Takes note that a job gets it from now on.
    pub fn begin(&self, addition: Addition, job: u64) {
        self.arriving().insert(addition, job);
    }

    /// Gets it, which [`Self::begin`] came before; whether it is there now, or was stopped.
    ///
    /// # Errors
    /// In words.
    pub fn get(
        &self,
        addition: Addition,
        progress: &mut dyn FnMut(f32),
        stop: &AtomicBool,
    ) -> Result<bool, String> {
        (self.get)(addition, additions::folder(addition, &self.folders), progress, stop)
    }

    /// Takes note that no job gets it any more.
    pub fn end(&self, addition: Addition) {
        self.arriving().remove(&addition);
    }

    fn arriving(&self) -> MutexGuard<'_, BTreeMap<Addition, u64>> {
        self.arriving.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::*;

    #[test]
    fn each_is_got_by_itself_and_is_there_when_its_files_are() {
        let root = tempfile::tempdir().unwrap();
        let get: GetAddition =
            Arc::new(|_: Addition, folder: &Path, _: &mut dyn FnMut(f32), _: &AtomicBool| {
                std::fs::create_dir_all(folder).unwrap();
                std::fs::write(folder.join("model.safetensors"), b"").unwrap();
                Ok(true)
            });
        let place = |name: &str| root.path().join(name);
        let folders = Folders {
            piano: place("piano"),
            text_encoder: place("encoder"),
            transcriber: place("transcriber"),
            ..Folders::default()
        };
        let additions = Additions::new(get, folders);
        assert_eq!(additions.view(), protocol::Additions::default());
        additions.begin(Addition::TextEncoder, 7);
        assert_eq!(additions.presence(Addition::TextEncoder), Presence::Arriving(7));
        assert_eq!(additions.presence(Addition::Transcriber), Presence::Missing);
        assert!(additions.get(Addition::TextEncoder, &mut |_| (), &AtomicBool::new(false)).unwrap());
        additions.end(Addition::TextEncoder);
        let expected = protocol::Additions { text_encoder: Presence::There, ..Default::default() };
        assert_eq!(additions.view(), expected);
    }
}
