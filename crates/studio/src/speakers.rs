//! The real [`Playback`]: the transport of the sound crate, which all windows share.

mod seat;
mod stand;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::VersionId;
use sound::transport::{Loudness, OutputChoice};
use sound::{Piano, open_midi_port};

use crate::playback::{LostPort, PlayableVersion, Playback, PlaybackStatus};
use seat::Prepared;
use stand::{PortWish, Stand};

/// The sound device, or silence, as one window has it.
pub struct Speakers {
    stand: Arc<Mutex<Stand>>,
    /// The number of the window's seat.
    seat: u32,
}

impl Speakers {
    /// Sound on the device of the system, or silence for tests and machines that must be quiet.
    pub fn new(output: OutputChoice) -> Self {
        let mut stand = Stand::new(output);
        let seat = stand.sit_down();
        Self { stand: Arc::new(Mutex::new(stand)), seat }
    }

    /// What windows share. Whatever takes a while is done before it is locked: every window looks often at
    /// where the transport is.
    fn stand(&self) -> MutexGuard<'_, Stand> {
        self.stand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a port that is wanted and sends notes there.
    fn connect(&self, wish: Option<PortWish>) {
        let Some(wish) = wish else { return };
        let opened = open_midi_port(&wish.name);
        self.stand().connect(wish, opened);
    }
}

impl Drop for Speakers {
    fn drop(&mut self) {
        let seat = self.seat;
        self.stand().get_up(seat);
    }
}

impl Playback for Speakers {
    fn beside(&mut self) -> Box<dyn Playback> {
        let seat = self.stand().sit_down();
        Box::new(Self { stand: self.stand.clone(), seat })
    }

    fn load(&mut self, id: VersionId, heard: PlayableVersion) {
        let prepared = Prepared::of(heard);
        self.stand().load(self.seat, id, prepared);
    }

    fn forget(&mut self, id: VersionId) {
        self.stand().forget(self.seat, id);
    }

    fn listen(&mut self, id: VersionId, looped: Option<(f64, f64)>) {
        self.stand().listen(self.seat, id, looped);
    }

    fn play(&mut self) {
        self.stand().play(self.seat);
    }

    fn pause(&mut self) {
        self.stand().pause(self.seat);
    }

    fn stop(&mut self) {
        self.stand().stop(self.seat);
    }

    fn seek_quarters(&mut self, quarters: f64) {
        self.stand().seek(self.seat, quarters);
    }

    fn set_loop(&mut self, quarters: Option<(f64, f64)>) {
        self.stand().set(self.seat, |r| r.looped = quarters, |t| t.set_loop(quarters));
    }

    fn set_rate(&mut self, rate: f64) {
        self.stand().set(self.seat, |r| r.rate = rate, |t| t.set_rate(rate));
    }

    fn set_volume(&mut self, volume: f64) {
        self.stand().set(self.seat, |r| r.volume = volume, |t| t.set_volume(volume as f32));
    }

    fn set_metronome(&mut self, on: bool) {
        self.stand().set(self.seat, |r| r.metronome = on, |t| t.set_metronome(on));
    }

    fn set_count_in(&mut self, on: bool) {
        self.stand().set(self.seat, |r| r.count_in = on, |t| t.set_count_in(u8::from(on)));
    }

    fn set_loudness_matching(&mut self, on: bool) {
        self.stand().set(self.seat, |r| r.is_matching = on, |t| t.set_loudness_matching(on));
    }

    fn set_loudness(&mut self, id: VersionId, loudness: Loudness) {
        self.stand().set_loudness(self.seat, id, loudness);
    }

    fn audition(&mut self, pitch: u8, velocity: u8) {
        self.stand().audition(pitch, velocity);
    }

    fn set_piano(&mut self, piano: Piano) {
        let wish = self.stand().set_piano(piano);
        self.connect(wish);
    }

    fn set_midi_port(&mut self, name: Option<&str>) {
        let wish = self.stand().set_midi_port(name);
        self.connect(wish);
    }

    fn lost_port(&mut self) -> Option<LostPort> {
        self.stand().take_lost_port()
    }

    fn midi_ports(&mut self) -> Result<Vec<String>, String> {
        sound::midi_ports()
    }

    fn status(&mut self) -> PlaybackStatus {
        self.stand().status(self.seat)
    }
}
