//! The real [`Player`]: the transport of the sound crate.
//!
//! The transport needs a piano, and loading one takes a while. Until then requested are only kept;
//! they are told to the transport when it starts.

use std::collections::HashMap;
use std::sync::Arc;

use notation::PrintedMeasures;
use protocol::{OutputView, PlayState, VersionId};
use sound::transport::{self, Loudness, Midi, OutputChoice, Track, Transport};
use sound::{Piano, open_midi_port};

use crate::playback::{PlayableVersion, PlaybackStatus, Player};

/// The sound device, or silence.
pub struct Speakers {
    output: OutputChoice,
    transport: Option<Transport>,
    versions: HashMap<VersionId, Loaded>,
    requested: Requested,
    /// Played as soon as there is a piano.
    plays_soon: bool,
    /// Why the MIDI port that was set cannot be used.
    lost_port: Option<String>,
}

struct Loaded {
    track: Arc<Track>,
    /// The measures of its score.
    printed: Arc<PrintedMeasures>,
    loudness: Option<Loudness>,
}

#[derive(Default)]
struct Requested {
    listening: Option<VersionId>,
    quarters: f64,
    looped: Option<(f64, f64)>,
    rate: f64,
    volume: f64,
    metronome: bool,
    count_in: bool,
    is_matching: bool,
    midi_port: Option<String>,
}

impl Speakers {
    /// Sound on the device of the system, or silence for tests and machines that must be quiet.
    pub fn new(output: OutputChoice) -> Self {
        let requested = Requested { rate: 1.0, volume: 1.0, is_matching: true, ..Requested::default() };
        Self {
            output,
            transport: None,
            versions: HashMap::new(),
            requested,
            plays_soon: false,
            lost_port: None,
        }
    }

    fn with(&self, tell: impl FnOnce(&Transport)) {
        if let Some(transport) = &self.transport {
            tell(transport);
        }
    }

    /// Tells a new transport everything.
    fn tell_all(&self, transport: &Transport) {
        let requested = &self.requested;
        transport.set_rate(requested.rate);
        transport.set_volume(requested.volume as f32);
        transport.set_metronome(requested.metronome);
        transport.set_count_in(u8::from(requested.count_in));
        transport.set_loudness_matching(requested.is_matching);
        for (id, loaded) in &self.versions {
            transport.load(number(*id), loaded.track.clone());
        }
        if let Some(id) = requested.listening {
            transport.listen(number(id));
        }
        transport.set_loop(requested.looped);
        transport.seek_quarters(requested.quarters);
        if self.plays_soon {
            transport.play();
        }
    }

    /// Sends notes where they are wanted.
    fn connect(&mut self) {
        let Some(transport) = &self.transport else { return };
        self.lost_port = None;
        let port = self.requested.midi_port.as_deref().map(|name| (name.to_owned(), open_midi_port(name)));
        match port {
            Some((name, Ok(port))) => transport.set_midi(Some((name, port))),
            Some((_, Err(why))) => {
                self.lost_port = Some(why);
                transport.set_midi(None);
            }
            None => transport.set_midi(None),
        }
    }

    /// Goes to the place of a version's score that shows what is heard, if the version that was heard
    /// plays another score. The transport does that where it is, or the place may be an old one.
    fn follow(&mut self, old: Option<Arc<PrintedMeasures>>, new: &Arc<PrintedMeasures>) {
        let Some(old) = old.filter(|old| !Arc::ptr_eq(old, new)) else { return };
        self.requested.quarters = old.nearest_in(new, self.requested.quarters);
        let new = new.clone();
        self.with(|t| t.move_to(move |here| old.nearest_in(&new, here)));
    }

    /// The measures of the version that is heard.
    fn printed(&self) -> Option<Arc<PrintedMeasures>> {
        Some(self.versions.get(&self.requested.listening?)?.printed.clone())
    }

    /// Makes the versions whose loudness is known equally loud.
    fn match_gains(&mut self) {
        let known: Vec<(VersionId, Loudness)> =
            self.versions.iter().filter_map(|(id, loaded)| Some((*id, loaded.loudness?))).collect();
        let gains =
            Loudness::matching_gains(&known.iter().map(|(_, loudness)| *loudness).collect::<Vec<_>>());
        for ((id, _), gain) in known.into_iter().zip(gains) {
            let Some(loaded) = self.versions.get_mut(&id) else { continue };
            if (loaded.track.gain - gain).abs() > 1e-4 {
                loaded.track = Arc::new(Track { gain, ..(*loaded.track).clone() });
                let track = loaded.track.clone();
                self.with(|t| t.load(number(id), track));
            }
        }
    }
}

/// The transport's name for a version.
fn number(id: VersionId) -> u64 {
    match id {
        VersionId::Deadpan => 0,
        VersionId::Take(n) => (1 << 32) | u64::from(n),
        VersionId::Recording(n) => (2 << 32) | u64::from(n),
    }
}

fn version(number: u64) -> VersionId {
    match number >> 32 {
        1 => VersionId::Take(number as u32),
        2 => VersionId::Recording(number as u32),
        _ => VersionId::Deadpan,
    }
}

impl Player for Speakers {
    fn load(&mut self, id: VersionId, heard: PlayableVersion) {
        let track = Track::with_clock(&heard.score, &heard.performance, heard.curve);
        let heard_before = if self.requested.listening == Some(id) { self.printed() } else { None };
        let printed = heard.printed;
        // As loud as before until it is measured again.
        let old = self.versions.get(&id).map(|loaded| loaded.track.gain);
        let track = Arc::new(Track { gain: old.unwrap_or(track.gain), ..track });
        let loaded = Loaded { track: track.clone(), printed: printed.clone(), loudness: None };
        self.versions.insert(id, loaded);
        self.with(|t| t.load(number(id), track));
        self.follow(heard_before, &printed);
    }

    fn forget(&mut self, id: VersionId) {
        if self.versions.remove(&id).is_some() {
            self.with(|t| t.unload(number(id)));
        }
    }

    fn listen(&mut self, id: VersionId, looped: Option<(f64, f64)>) {
        let heard_before = self.printed();
        self.requested.listening = Some(id);
        self.with(|t| t.listen(number(id)));
        if let Some(new) = self.printed() {
            self.follow(heard_before, &new);
        }
        if self.requested.looped != looped {
            self.set_loop(looped);
        }
    }

    fn play(&mut self) {
        self.plays_soon = self.transport.is_none();
        self.with(Transport::play);
    }

    fn pause(&mut self) {
        self.plays_soon = false;
        self.with(Transport::pause);
    }

    fn stop(&mut self) {
        self.plays_soon = false;
        self.with(Transport::stop);
    }

    fn seek_quarters(&mut self, quarters: f64) {
        self.requested.quarters = quarters;
        self.with(|t| t.seek_quarters(quarters));
    }

    fn set_loop(&mut self, quarters: Option<(f64, f64)>) {
        self.requested.looped = quarters;
        self.with(|t| t.set_loop(quarters));
    }

    fn set_rate(&mut self, rate: f64) {
        self.requested.rate = rate;
        self.with(|t| t.set_rate(rate));
    }

    fn set_volume(&mut self, volume: f64) {
        self.requested.volume = volume;
        self.with(|t| t.set_volume(volume as f32));
    }

    fn set_metronome(&mut self, on: bool) {
        self.requested.metronome = on;
        self.with(|t| t.set_metronome(on));
    }

    fn set_count_in(&mut self, on: bool) {
        self.requested.count_in = on;
        self.with(|t| t.set_count_in(u8::from(on)));
    }

    fn set_loudness_matching(&mut self, on: bool) {
        self.requested.is_matching = on;
        self.with(|t| t.set_loudness_matching(on));
    }

    fn set_loudness(&mut self, id: VersionId, loudness: Loudness) {
        if let Some(loaded) = self.versions.get_mut(&id) {
            loaded.loudness = Some(loudness);
            self.match_gains();
        }
    }

    fn audition(&mut self, pitch: u8, velocity: u8) {
        self.with(|t| t.audition(pitch, velocity));
    }

    fn set_piano(&mut self, piano: Piano) {
        match &self.transport {
            Some(transport) => transport.set_piano(piano),
            None => {
                let transport = Transport::start(piano, self.output);
                self.tell_all(&transport);
                self.plays_soon = false;
                self.transport = Some(transport);
                self.connect();
            }
        }
    }

    fn set_midi_port(&mut self, name: Option<&str>) {
        self.requested.midi_port = name.map(str::to_owned);
        self.connect();
    }

    fn midi_ports(&mut self) -> Result<Vec<String>, String> {
        sound::midi_ports()
    }

    fn status(&mut self) -> PlaybackStatus {
        self.status_now()
    }
}

impl Speakers {
    fn status_now(&self) -> PlaybackStatus {
        let Some(transport) = &self.transport else {
            let output = OutputView::Silent("the piano is being loaded".to_owned());
            let position_quarters = self.requested.quarters;
            return PlaybackStatus {
                output,
                position_quarters,
                version: self.requested.listening,
                ..PlaybackStatus::default()
            };
        };
        let status = transport.status();
        let (port, lost) = match status.midi {
            Midi::Off => (None, None),
            Midi::Port { name } => (Some(name), None),
            Midi::Lost { name, reason } => (None, Some(format!("the MIDI port {name} was lost: {reason}"))),
        };
        PlaybackStatus {
            state: match status.state {
                transport::PlayState::Stopped => PlayState::Stopped,
                transport::PlayState::CountIn => PlayState::CountIn,
                transport::PlayState::Playing => PlayState::Playing,
                transport::PlayState::Paused => PlayState::Paused,
            },
            version: status.version.map(version),
            position_quarters: status.position_quarters,
            position_secs: status.position_secs,
            output: match (port, status.output) {
                (Some(name), _) | (None, transport::Output::Device { name }) => OutputView::Device(name),
                (None, transport::Output::Silent { reason }) => OutputView::Silent(reason),
            },
            lost_port: self.lost_port.clone().or(lost),
        }
    }
}
