//! Hearing: the transport, which version sounds, on which piano, how loud.

use std::thread;

use application::sounds::WantedPiano;
use protocol::limits::RATES_PERCENT;
use protocol::{Bars, Command, Level, VersionId};
use sound::Piano;
use sound::transport::lower_thread_priority;

use super::Session;
use super::input::Input;
use super::open::Open;
use super::taking::Taking;
use crate::document::{Played, existing};
use crate::loudness::Measured;
use crate::places;
use crate::playback::PlayableVersion;
use crate::queue::guarded;
use crate::settings;
use crate::views::Clocked;

impl Session {
    /// A command for the transport.
    pub(super) fn transport(&mut self, command: &Command) {
        match command {
            Command::TogglePlay => self.toggle_play(),
            Command::Stop if self.taking.is_some() => self.stop_recording(),
            Command::Stop => self.playback.stop(),
            Command::SeekQuarters(to) if to.is_finite() => {
                let end = self.open.as_ref().map_or(0.0, |open| open.heard_score().end().to_f64());
                self.playback.seek_quarters(to.clamp(0.0, end.max(0.0)));
            }
            Command::Loop(bars) => self.set_loop(bars.clone()),
            Command::Rate(percent) if percent.is_finite() => {
                self.hearing.rate_percent = percent.clamp(*RATES_PERCENT.start(), *RATES_PERCENT.end());
                self.playback.set_rate(self.hearing.rate_percent / 100.0);
            }
            Command::Volume(volume) if volume.is_finite() => {
                self.hearing.volume = volume.clamp(0.0, 1.0);
                self.playback.set_volume(self.hearing.volume);
            }
            Command::Metronome(on) => {
                self.hearing.metronome = *on;
                self.playback.set_metronome(*on);
            }
            Command::CountIn(on) => {
                self.hearing.count_in = *on;
                self.playback.set_count_in(*on);
            }
            Command::Audition(pitch, velocity) if *pitch < 128 => {
                self.playback.audition(*pitch, (*velocity).clamp(1, 127));
            }
            _ => {}
        }
        self.tell_transport();
    }

    fn toggle_play(&mut self) {
        if self.open.is_none() || self.begin_recording() {
            return;
        }
        if self.is_playing() { self.playback.pause() } else { self.playback.play() }
    }

    pub(super) fn set_loop(&mut self, bars: Option<Bars>) {
        let span = self.span_of(bars.as_ref());
        self.hearing.looped = bars.filter(|_| span.is_some());
        if let Some(open) = &mut self.open
            && open.document.view.looped != self.hearing.looped
        {
            open.document.view.looped = self.hearing.looped.clone();
            open.is_view_new = true;
        }
        self.playback.set_loop(span);
    }

    /// The quarters of some bars in the score that is heard; none if it does not have them.
    fn span_of(&self, bars: Option<&Bars>) -> Option<(f64, f64)> {
        let score = self.open.as_ref()?.heard_score();
        let span = places::span(score, &existing(score, bars?)?)?;
        Some((span.start, span.end))
    }

    pub(super) fn listen(&mut self, id: VersionId) {
        let Some(open) = &mut self.open else { return };
        if open.compared() == Some(id) {
            // The two stay a pair, whichever way the person goes from one to the other.
            return self.swap_compared();
        }
        if open.hear(id) {
            open.is_view_new = true;
            self.versions_chosen();
        }
    }

    pub(super) fn compare(&mut self, id: Option<VersionId>) {
        let Some(open) = &mut self.open else { return };
        if id.is_some_and(|id| open.streaming(id).is_some()) {
            return self.say(Level::Info, "this take can be compared once it is complete");
        }
        if id.is_some_and(|id| open.played(id).is_none()) {
            return;
        }
        let listening = open.listening();
        open.compare_with(id.filter(|id| *id != listening));
        open.is_view_new = true;
        self.versions_chosen();
    }

    pub(super) fn swap_compared(&mut self) {
        let Some(open) = &mut self.open else { return };
        let Some(compared) = open.compared() else { return };
        let heard = open.listening();
        // A take that is not complete cannot be compared with.
        let is_complete = open.streaming(heard).is_none();
        open.hear(compared);
        open.compare_with(is_complete.then_some(heard));
        open.is_view_new = true;
        self.versions_chosen();
    }

    pub(super) fn versions_chosen(&mut self) {
        self.follow_listening();
        if self.open.as_ref().is_none_or(Open::knows_scores) {
            self.tell_project();
            self.tell_comparison();
        } else {
            // That of a variation.
            self.tell_opened();
        }
        self.tell_transport();
    }

    /// Gives all versions to the transport.
    pub(super) fn load_versions(&mut self) {
        let versions = self.open.as_ref().map(super::publishing::versions);
        versions.into_iter().flatten().for_each(|id| self.load_version(id));
    }

    /// Gives a version to the transport.
    pub(super) fn load_version(&mut self, id: VersionId) {
        let Some(played) = self.open.as_ref().and_then(|open| open.played(id)) else { return };
        let Played { written, performance } = played;
        let curve = Clocked::of(&written.score, &performance).curve;
        let (score, printed) = (written.score, written.printed);
        let sound = self.own_sound_heard(id);
        self.playback.load(id, PlayableVersion { score, printed, performance, curve, sound: sound.clone() });
        if let Some(sound) = sound {
            self.know_own_loudness(id, &sound);
        }
    }

    /// Makes the transport play the version that is heard, once nothing is recorded to what it plays. If it plays
    /// another score than the one before, the loop and the view go to the same bars of it.
    pub(super) fn follow_listening(&mut self) {
        let Some(open) = &mut self.open else { return };
        let heard = open.listening();
        let (before, score) = (open.shown_score, open.score_id(heard));
        if score != before {
            let view = places::view_in(&open.document.view, open.entry(before), open.entry(score));
            open.document.view = view;
            open.shown_score = score;
            open.is_view_new = true;
            self.hearing.looped = open.document.view.looped.clone();
        }
        if self.taking.as_ref().is_some_and(Taking::has_transport) {
            return;
        }
        let looped = self.span_of(self.hearing.looped.as_ref());
        self.playback.listen(heard, looped);
        self.want_own_sounds();
    }

    /// Loads the piano of the settings on a thread of its own: a large soundfont takes a second, the grand piano
    /// more. What was heard before is heard until then.
    pub(super) fn load_piano(&mut self) {
        let (shared, wanted, inbox) =
            (self.shared.clone(), settings::wanted_piano(&self.settings), self.inbox.clone());
        self.piano_request += 1;
        let request = self.piano_request;
        let load = move || {
            let early = |piano: Piano| {
                inbox.send(Input::EarlyPiano(request, piano)).ok();
                // The sound that plays while the rest is loaded goes first.
                lower_thread_priority();
            };
            let found = guarded(|| shared.pianos.find(&wanted, &early));
            let found = match found {
                // Somebody wants another one meanwhile, which answers a later question.
                Err(_) if !shared.pianos.is_wanted(&wanted) => return,
                // One that was chosen and cannot be used gives way to what there is.
                Err(why) if wanted != WantedPiano::Best => {
                    guarded(|| shared.pianos.find(&WantedPiano::Best, &early))
                        .map(|(piano, _)| (piano, vec![format!("{why}; another piano is used")]))
                }
                found => found,
            };
            // A window that is closed needs no piano.
            inbox.send(Input::Piano(request, found)).ok();
        };
        if let Err(error) = thread::Builder::new().name("piano".into()).spawn(load) {
            self.say(
                Level::Error,
                format!("the piano cannot be loaded: the system gives no thread ({error})"),
            );
        }
    }

    /// A piano to play on until the one that was asked for is whole. Where another is heard already, that goes on.
    pub(super) fn piano_arriving(&mut self, request: u32, piano: Piano) {
        if request != self.piano_request || self.piano.is_some() {
            return;
        }
        self.piano_name = format!("{}, still being loaded", piano.name());
        self.playback.set_piano(piano);
        self.tell_settings();
        self.tell_transport();
    }

    pub(super) fn piano_found(&mut self, request: u32, found: Result<(Piano, Vec<String>), String>) {
        if request != self.piano_request {
            return;
        }
        match found {
            Ok((piano, skipped)) => {
                skipped.into_iter().for_each(|why| self.say(Level::Warning, why));
                self.piano_name = piano.name().to_owned();
                self.playback.set_piano(piano.clone());
                self.loudness.set_piano(piano.clone());
                self.piano = Some(piano);
                self.tell_settings();
            }
            Err(why) => self.say(Level::Error, why),
        }
        self.tell_transport();
    }

    /// Has the loudness measured of the version that is heard and the one compared with. Called at
    /// rest, not at every edit, and not while the performers need the processor.
    pub(super) fn measure_loudness(&mut self) {
        let Some(open) = &self.open else { return };
        let compared = open.compared();
        let is_wanted = self.settings.match_loudness || compared.is_some();
        if !is_wanted || self.is_at_work() {
            return;
        }
        let ids = std::iter::once(open.listening()).chain(compared);
        let ids: Vec<VersionId> = ids.filter(|id| open.streaming(*id).is_none()).collect();
        ids.into_iter().for_each(|id| self.measure_loudness_of(id));
    }

    fn measure_loudness_of(&mut self, id: VersionId) {
        if let Some(sound) = self.own_sound_heard(id) {
            // Told when it was loaded, and forgotten with everything else where there is another piano.
            if self.loudness.of(id).is_none() {
                self.know_own_loudness(id, &sound);
            }
        } else if let Some(played) = self.open.as_ref().and_then(|open| open.played(id)) {
            self.loudness.measure(id, played.score(), &played.performance);
        }
    }

    pub(super) fn loudness_known(&mut self, measured: &Measured) {
        if let Some(loudness) = self.loudness.heard(measured) {
            self.playback.set_loudness(measured.id, loudness);
            if self.open.as_ref().is_some_and(|open| open.compared().is_some()) {
                let view = self.comparison().map(Box::new);
                self.emit(protocol::Event::Comparison(view));
            }
        }
    }

    /// The piano for sound files; the usual one if none is ready yet.
    pub(super) fn piano_for_files(&self) -> impl FnOnce() -> Result<Piano, String> + Send + 'static {
        let (ready, shared, wanted) =
            (self.piano.clone(), self.shared.clone(), settings::wanted_piano(&self.settings));
        move || match ready {
            Some(piano) => Ok(piano),
            None => shared.pianos.find(&wanted, &|_| ()).map(|(piano, _)| piano),
        }
    }
}
