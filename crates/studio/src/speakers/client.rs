//! One window as a client of the shared transport: its versions, and the settings that it requested.

use std::collections::HashMap;
use std::sync::Arc;

use notation::PrintedMeasures;
use protocol::{PlayState, VersionId};
use sound::transport::{Heard, Loudness, Track, Transport};

use crate::playback::{HeardPlace, PlayableVersion};

/// A version whose track is made: that takes a while for a long piece.
pub(super) struct Prepared {
    track: Track,
    printed: Arc<PrintedMeasures>,
}

impl Prepared {
    pub(super) fn of(heard: PlayableVersion) -> Self {
        let mut track = Track::with_clock(&heard.score, &heard.performance, heard.curve);
        if let Some(sound) = heard.sound {
            track.content = sound;
        }
        Self { track, printed: heard.printed }
    }
}

/// A version, loaded.
struct Loaded {
    track: Arc<Track>,
    /// The measures of its score.
    printed: Arc<PrintedMeasures>,
    loudness: Option<Loudness>,
}

/// The settings that a window requested.
pub(super) struct Requested {
    pub(super) listening: Option<VersionId>,
    /// Where it is while another window has the transport, and where it begins.
    pub(super) quarters: f64,
    /// Where playing began.
    pub(super) began_quarters: f64,
    /// What it does while another window has the transport: it rests.
    pub(super) state: PlayState,
    pub(super) looped: Option<(f64, f64)>,
    pub(super) rate: f64,
    pub(super) volume: f64,
    pub(super) metronome: bool,
    pub(super) count_in: bool,
    pub(super) is_matching: bool,
    pub(super) is_hushed: bool,
}

/// A move to the place of another score that shows the same.
pub(super) struct Move {
    old: Arc<PrintedMeasures>,
    new: Arc<PrintedMeasures>,
}

impl Move {
    pub(super) fn place(&self, quarters: f64) -> f64 {
        self.old.nearest_in(&self.new, quarters)
    }
}

/// Whether a track plays notes, and no sound that is there already.
fn consists_of_notes(track: &Track) -> bool {
    track.content.events().is_some()
}

/// A window as a client of the shared transport.
pub(super) struct Client {
    number: u32,
    versions: HashMap<VersionId, Loaded>,
    pub(super) requested: Requested,
}

impl Client {
    pub(super) fn new(number: u32) -> Self {
        let requested = Requested {
            listening: None,
            quarters: 0.0,
            began_quarters: 0.0,
            state: PlayState::Stopped,
            looped: None,
            rate: 1.0,
            volume: 1.0,
            metronome: false,
            count_in: false,
            is_matching: true,
            is_hushed: false,
        };
        Self { number, versions: HashMap::new(), requested }
    }

    /// The transport's name for a version of this window.
    pub(super) fn number(&self, id: VersionId) -> u64 {
        let (kind, n) = match id {
            VersionId::Deadpan => (0, 0),
            VersionId::Take(n) => (1, n),
            VersionId::Recording(n) => (2, n),
        };
        (u64::from(self.number) << 34) | (kind << 32) | u64::from(n)
    }

    /// The version of this window that has such a name; none if another window has.
    pub(super) fn version(&self, number: u64) -> Option<VersionId> {
        let n = number as u32;
        let id = match (number >> 32) & 3 {
            1 => VersionId::Take(n),
            2 => VersionId::Recording(n),
            _ => VersionId::Deadpan,
        };
        (self.number(id) == number).then_some(id)
    }

    /// A moment of a version of this window, as its score has it; none of another window's.
    pub(super) fn place(&self, heard: Heard) -> Option<HeardPlace> {
        let version = self.version(heard.version)?;
        let clock = &self.versions.get(&version)?.track.clock;
        Some(HeardPlace { version, quarters: clock.quarters_at(heard.secs), secs: heard.secs })
    }

    /// Stores a version; its track, and the move that follows if it is the one that is heard.
    pub(super) fn load(&mut self, id: VersionId, prepared: Prepared) -> (Arc<Track>, Option<Move>) {
        let Prepared { track, printed } = prepared;
        let heard_before = if self.requested.listening == Some(id) { self.printed() } else { None };
        // As loud as before until it is measured again, unless the piano gives way to a recording or comes back.
        let old = self.versions.get(&id).map(|loaded| &*loaded.track);
        let old = old.filter(|old| consists_of_notes(old) == consists_of_notes(&track)).map(|old| old.gain);
        let track = Arc::new(Track { gain: old.unwrap_or(track.gain), ..track });
        let loaded = Loaded { track: track.clone(), printed, loudness: None };
        self.versions.insert(id, loaded);
        (track, self.follow(heard_before))
    }

    /// Whether there was such a version, which is no more.
    pub(super) fn forget(&mut self, id: VersionId) -> bool {
        self.versions.remove(&id).is_some()
    }

    /// Selects the version that is heard; the move that follows.
    pub(super) fn listen(&mut self, id: VersionId) -> Option<Move> {
        let heard_before = self.printed();
        self.requested.listening = Some(id);
        self.follow(heard_before)
    }

    /// Goes to the place of the score heard now that shows what was heard, if that was another score.
    fn follow(&mut self, old: Option<Arc<PrintedMeasures>>) -> Option<Move> {
        let new = self.printed()?;
        let old = old.filter(|old| !Arc::ptr_eq(old, &new))?;
        let there = Move { old, new };
        self.requested.quarters = there.place(self.requested.quarters);
        self.requested.began_quarters = there.place(self.requested.began_quarters);
        Some(there)
    }

    /// The measures of the version that is heard.
    fn printed(&self) -> Option<Arc<PrintedMeasures>> {
        Some(self.versions.get(&self.requested.listening?)?.printed.clone())
    }

    /// Where it rests, in seconds of the version that is heard.
    pub(super) fn secs(&self) -> f64 {
        let heard = self.requested.listening.and_then(|id| self.versions.get(&id));
        heard.map_or(0.0, |loaded| loaded.track.clock.secs_at(self.requested.quarters))
    }

    /// Stops while another window has the transport.
    pub(super) fn stop(&mut self) {
        let requested = &mut self.requested;
        let is_stopped = requested.state == PlayState::Stopped;
        requested.quarters = if is_stopped { 0.0 } else { requested.began_quarters };
        requested.state = PlayState::Stopped;
    }

    /// Gives all its versions to a transport.
    pub(super) fn load_all(&self, transport: &Transport) {
        for (id, loaded) in &self.versions {
            transport.load(self.number(*id), loaded.track.clone());
        }
    }

    /// Takes all its versions from a transport.
    pub(super) fn unload_all(&self, transport: &Transport) {
        self.versions.keys().for_each(|id| transport.unload(self.number(*id)));
    }

    /// Applies all settings to a transport.
    pub(super) fn apply_to(&self, transport: &Transport) {
        let requested = &self.requested;
        transport.set_rate(requested.rate);
        transport.set_volume(requested.volume as f32);
        transport.set_metronome(requested.metronome);
        transport.set_count_in(u8::from(requested.count_in));
        transport.set_loudness_matching(requested.is_matching);
        transport.set_hushed(requested.is_hushed);
        if let Some(id) = requested.listening {
            transport.listen(self.number(id));
        }
        transport.set_loop(requested.looped);
        transport.seek_quarters(requested.quarters);
    }

    /// Stores the loudness of a version and makes those measured so far equally loud; the tracks that change.
    pub(super) fn match_gains(&mut self, id: VersionId, loudness: Loudness) -> Vec<(u64, Arc<Track>)> {
        match self.versions.get_mut(&id) {
            Some(loaded) => loaded.loudness = Some(loudness),
            None => return Vec::new(),
        }
        let known: Vec<(VersionId, Loudness)> =
            self.versions.iter().filter_map(|(id, loaded)| Some((*id, loaded.loudness?))).collect();
        let gains =
            Loudness::matching_gains(&known.iter().map(|(_, loudness)| *loudness).collect::<Vec<_>>());
        let mut changed = Vec::new();
        for ((id, _), gain) in known.into_iter().zip(gains) {
            let number = self.number(id);
            let Some(loaded) = self.versions.get_mut(&id) else { continue };
            if (loaded.track.gain - gain).abs() > 1e-4 {
                loaded.track = Arc::new(Track { gain, ..(*loaded.track).clone() });
                changed.push((number, loaded.track.clone()));
            }
        }
        changed
    }
}
