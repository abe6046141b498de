//! Own sounds in memory: decoded in the background when they are wanted, and kept as long as there is room.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use protocol::OwnSoundState;
use sound::Recorded;

use super::file;
use crate::document::{OwnSound, SoundId};
use crate::queue::{WorkQueue, guarded};

/// Memory that sounds take together beyond those that are wanted now.
const MOST_BYTES: usize = 400 << 20;

/// A sound that was decoded, or cannot be.
pub struct SoundRead {
    id: SoundId,
    ticket: u64,
    /// Nothing if it was not wanted any more.
    read: Result<Option<Recorded>, String>,
}

enum State {
    Reading { ticket: u64, stop: Arc<AtomicBool> },
    Ready(Arc<Recorded>),
    Failed(String),
}

/// The own sounds of a project that are or were wanted.
pub struct OwnSounds {
    queue: WorkQueue,
    tell: Arc<dyn Fn(SoundRead) + Send + Sync>,
    states: BTreeMap<SoundId, State>,
    /// Those that are known, that which was wanted last at the end.
    wanted_last: Vec<SoundId>,
    next_ticket: u64,
}

impl OwnSounds {
    /// Starts the thread that decodes and tells the results.
    pub fn start(tell: impl Fn(SoundRead) + Send + Sync + 'static) -> Self {
        Self {
            queue: WorkQueue::start("own sounds"),
            tell: Arc::new(tell),
            states: BTreeMap::new(),
            wanted_last: Vec::new(),
            next_ticket: 0,
        }
    }

    /// Has a sound decoded, unless it is or was. Its notes begin at these times; a file outside the project may lie
    /// in `folder`.
    pub fn want(
        &mut self,
        id: SoundId,
        sound: &Arc<OwnSound>,
        attacks_secs: impl FnOnce() -> Vec<f64>,
        folder: Option<PathBuf>,
    ) {
        self.wanted_last.retain(|other| *other != id);
        self.wanted_last.push(id);
        if self.states.contains_key(&id) {
            return;
        }
        self.next_ticket += 1;
        let (ticket, stop) = (self.next_ticket, Arc::new(AtomicBool::new(false)));
        self.states.insert(id, State::Reading { ticket, stop: stop.clone() });
        let (tell, sound, attacks_secs) = (self.tell.clone(), sound.clone(), attacks_secs());
        self.queue.add(move || {
            let goes_on = || !stop.load(Ordering::Relaxed);
            let read = guarded(|| file::open(&sound, attacks_secs, folder.as_deref(), &goes_on));
            tell(SoundRead { id, ticket, read });
        });
    }

    /// Takes in what was decoded: which sound it is, and why it cannot be heard if it cannot. Nothing if nobody
    /// waits for it any more.
    pub fn arrived(&mut self, sound: SoundRead) -> Option<(SoundId, Option<String>)> {
        let SoundRead { id, ticket, read } = sound;
        let state = self.states.get_mut(&id)?;
        if !matches!(state, State::Reading { ticket: waiting, .. } if *waiting == ticket) {
            return None;
        }
        let (new, why) = match read {
            Ok(Some(recorded)) => (State::Ready(Arc::new(recorded)), None),
            Ok(None) => return None,
            Err(why) => (State::Failed(why.clone()), Some(why)),
        };
        *state = new;
        Some((id, why))
    }

    /// A sound that can be heard now.
    pub fn ready(&self, id: SoundId) -> Option<&Arc<Recorded>> {
        match self.states.get(&id)? {
            State::Ready(recorded) => Some(recorded),
            _ => None,
        }
    }

    /// Whether a sound can be heard, as far as that is known.
    pub fn state(&self, id: SoundId) -> OwnSoundState {
        match self.states.get(&id) {
            Some(State::Reading { .. }) => OwnSoundState::Reading,
            Some(State::Failed(why)) => OwnSoundState::Missing(why.clone()),
            Some(State::Ready(_)) | None => OwnSoundState::Ready,
        }
    }

    /// Whether a sound is being decoded.
    pub fn is_reading(&self) -> bool {
        self.states.values().any(|state| matches!(state, State::Reading { .. }))
    }

    /// A sound that could not be heard may be tried once more.
    pub fn forgive(&mut self, id: SoundId) {
        if matches!(self.states.get(&id), Some(State::Failed(_))) {
            self.states.remove(&id);
        }
    }

    /// Lets go of the sounds that were wanted longest ago, as long as there are too many and they are not among
    /// these; which they are.
    pub fn make_room(&mut self, wanted: &[SoundId]) -> Vec<SoundId> {
        let mut gone = Vec::new();
        for id in self.wanted_last.clone() {
            let bytes: usize =
                self.wanted_last.iter().filter_map(|id| self.ready(*id)).map(|s| s.bytes()).sum();
            if bytes <= MOST_BYTES {
                break;
            }
            if !wanted.contains(&id) && self.ready(id).is_some() {
                self.states.remove(&id);
                self.wanted_last.retain(|other| *other != id);
                gone.push(id);
            }
        }
        gone
    }

    /// The project is closed: nothing of it is wanted any more.
    pub fn clear(&mut self) {
        for state in std::mem::take(&mut self.states).into_values() {
            if let State::Reading { stop, .. } = state {
                stop.store(true, Ordering::Relaxed);
            }
        }
        self.wanted_last.clear();
    }
}

impl Drop for OwnSounds {
    fn drop(&mut self) {
        self.clear();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};
    use std::time::Duration;

    use super::*;

    /// Seconds of silence at 8 kHz, in 16 bits.
    fn sound(secs: u32) -> Arc<OwnSound> {
        let length = 16_000 * secs;
        let mut bytes = b"RIFF".to_vec();
        bytes.extend((36 + length).to_le_bytes());
        bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data");
        bytes.extend(length.to_le_bytes());
        bytes.resize(44 + length as usize, 0);
        let played_secs = (0.0, f64::from(secs));
        Arc::new(OwnSound { name: "a.wav".to_owned(), played_secs, outside: None, bytes: bytes.into() })
    }

    fn sounds() -> (OwnSounds, Receiver<SoundRead>) {
        let (send, read) = channel();
        (OwnSounds::start(move |sound| drop(send.send(sound))), read)
    }

    fn next(read: &Receiver<SoundRead>) -> SoundRead {
        read.recv_timeout(Duration::from_secs(60)).unwrap()
    }

    #[test]
    fn a_sound_is_decoded_once_and_then_ready() {
        let (mut sounds, read) = sounds();
        let id = SoundId(0);
        assert_eq!(sounds.state(id), OwnSoundState::Ready, "nothing is known against it");
        for _ in 0..2 {
            sounds.want(id, &sound(2), Vec::new, None);
            assert_eq!(sounds.state(id), OwnSoundState::Reading);
        }
        assert_eq!(sounds.arrived(next(&read)), Some((id, None)));
        assert_eq!((sounds.state(id), sounds.ready(id).is_some()), (OwnSoundState::Ready, true));
        sounds.want(id, &sound(2), Vec::new, None);
        assert!(read.recv_timeout(Duration::from_millis(50)).is_err(), "it is there");
    }

    #[test]
    fn what_cannot_be_decoded_says_why_and_is_tried_again_when_asked() {
        let (mut sounds, read) = sounds();
        let id = SoundId(3);
        let broken = Arc::new(OwnSound { bytes: b"a letter".to_vec().into(), ..(*sound(1)).clone() });
        sounds.want(id, &broken, Vec::new, None);
        let (_, why) = sounds.arrived(next(&read)).unwrap();
        assert!(why.unwrap().contains("no recording of sound"));
        assert!(matches!(sounds.state(id), OwnSoundState::Missing(_)) && sounds.ready(id).is_none());
        sounds.forgive(id);
        sounds.want(id, &broken, Vec::new, None);
        assert_eq!(sounds.state(id), OwnSoundState::Reading);
    }

    #[test]
    fn nobody_waits_for_a_project_that_is_closed() {
        let (mut sounds, read) = sounds();
        sounds.want(SoundId(0), &sound(2), Vec::new, None);
        sounds.clear();
        assert_eq!(sounds.arrived(next(&read)), None);
        // That of the next project is another one.
        sounds.want(SoundId(0), &sound(3), Vec::new, None);
        assert_eq!(sounds.arrived(next(&read)), Some((SoundId(0), None)));
    }
}
