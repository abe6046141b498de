//! Views out: what the face draws, sent when it changes.

use application::text::shown;
use protocol::{
    CompareView, Event, JobView, PlayState, ProjectView, SettingsView, SlipView, StartView, TakeView,
    TransportView, VersionId,
};

use super::Session;
use super::open::Open;
use crate::compare::{MOST_OTHERS, add_spread, compare_view, tell};
use crate::demos;
use crate::document::{Document, Pins, Played, Take};
use crate::drawn::drawn_values;
use crate::moods;
use crate::slips;
use crate::views::{score_view, take_view, version_view};

impl Session {
    /// Everything, for a face that has just come.
    pub(super) fn tell_everything(&mut self) {
        self.tell_settings();
        self.tell_start();
        self.tell_opened();
        self.tell_variations();
        self.tell_jobs();
        self.shown = None;
        self.tell_transport();
        self.keyboard_shown = None;
        self.tell_keyboard();
        if let Some(file) = &self.played_file {
            self.emit(Event::PlayedFile(file.clone()));
        }
        let early = self.early.take();
        early.into_iter().flatten().for_each(|message| self.emit(Event::Message(message)));
    }

    /// The open project with all that belongs to it; none if there is none.
    pub(super) fn tell_opened(&mut self) {
        self.tell_project();
        let Some(open) = &mut self.open else { return };
        open.told_scores = open.played_scores();
        let title = open.document.title();
        let scores = open.told_scores.iter();
        let views = scores.map(|id| score_view(*id, &title, &open.entry(*id).score)).collect();
        let versions = versions(open);
        self.emit(Event::Scores(views));
        versions.into_iter().for_each(|id| self.show_version(id));
        self.tell_comparison();
    }

    pub(super) fn tell_start(&self) {
        let scores = self.shared.config.folders.scores.as_deref();
        let demos = self.demos.get_or_init(|| scores.map_or_else(Vec::new, demos::list)).clone();
        let (recent, cleared) = {
            let list = self.shared.recent();
            (list.view(), list.cleared())
        };
        self.emit(Event::Start(StartView { recent, cleared, demos }));
    }

    pub(super) fn tell_settings(&self) {
        self.emit(Event::Settings(Box::new(SettingsView {
            settings: self.settings.clone(),
            performers: self.shared.performers.clone(),
            composers: self.shared.composers.clone(),
            writers: self.shared.writers.clone(),
            device: self.device.clone(),
            piano: self.piano_name.clone(),
            additions: self.shared.additions.view(),
            offers_piano: self.offers_piano(),
            midi_ports: self.midi_ports.clone().unwrap_or_default(),
            no_midi: self.midi_ports.as_ref().err().cloned(),
            moods: moods::SUGGESTIONS.map(str::to_owned).to_vec(),
        })));
    }

    pub(super) fn tell_project(&self) {
        let mut view = self.open.as_ref().map(|open| {
            let mut view = Box::new(project_view(open));
            for take in &mut view.takes {
                take.own_sound = self.own_sound_view(open, take.id);
            }
            view
        });
        {
            let mut current = self.current();
            if let Some(view) = &mut view {
                view.has_exported = current.exported.is_some();
            }
            current.name = view.as_ref().map_or_else(String::new, |v| v.name.clone());
            let file = self.open.as_ref().map(|open| &open.file);
            current.path = file.and_then(|k| k.named_path()).map(Into::into);
        }
        self.emit(Event::Project(view));
    }

    /// What the window is called; empty if nothing is open.
    pub(super) fn project_name(&self) -> String {
        self.open.as_ref().map_or_else(String::new, project_name)
    }

    /// A version is new or has changed: for the transport and the face.
    pub(super) fn tell_version(&mut self, id: VersionId) {
        self.sounds_anew(id);
        self.show_version(id);
    }

    /// A version is new or has changed, for the transport.
    pub(super) fn sounds_anew(&mut self, id: VersionId) {
        self.loudness.forget(id);
        self.load_version(id);
    }

    /// A version as it is now, for the face.
    pub(super) fn show_version(&mut self, id: VersionId) {
        self.revision += 1;
        let Some(open) = &self.open else { return };
        let Some(played) = open.played(id) else { return };
        let score = played.score();
        let no_pins = Pins::new();
        let pins = open.document.take(id).map_or(&no_pins, |take| &take.pins);
        let ready = open.streaming(id).map_or_else(|| score.end().to_f64(), |s| s.ready_quarters);
        let ids = (id, open.score_id(id));
        let mut drawn = drawn_values(&open.document, &open.history, id);
        drawn.retain(|value| !pins.contains(value));
        let mut view = version_view(ids, self.revision, score, &played.performance, (pins, &drawn), ready);
        view.slips = open.document.take(id).map(|take| slips_of(&open.document, take)).unwrap_or_default();
        self.emit(Event::Version(Box::new(view)));
    }

    /// A version is no more.
    pub(super) fn tell_gone(&mut self, id: VersionId) {
        self.playback.forget(id);
        self.loudness.forget(id);
        self.emit(Event::Gone(id));
    }

    pub(super) fn tell_jobs(&self) {
        let views: Vec<JobView> = self.jobs.iter().map(|job| job.view.clone()).collect();
        self.emit(Event::Jobs(views));
    }

    /// The comparison.
    pub(super) fn tell_comparison(&self) {
        self.emit(Event::Comparison(self.comparison().map(Box::new)));
    }

    pub(super) fn comparison(&self) -> Option<CompareView> {
        self.compared().map(|compared| compared.view())
    }

    /// The two versions that are compared, as they are now; none if nothing is compared.
    pub(super) fn compared(&self) -> Option<Compared> {
        let open = self.open.as_ref()?;
        let ids = [open.listening(), open.compared()?];
        let takes = open.document.takes.iter().rev().map(|take| take.id);
        let others = takes.filter(|id| *id != ids[0]).filter_map(|id| open.played(id)).take(MOST_OTHERS);
        Some(Compared {
            ids,
            played: [open.played(ids[0])?, open.played(ids[1])?],
            others: others.collect(),
            slips: ids.map(|id| {
                open.document.take(id).map(|take| slips_of(&open.document, take)).unwrap_or_default()
            }),
            names: ids.map(|id| open.name_of(id)),
            // How loud a recording is says how near the microphone was.
            loudness_lufs: ids.map(|id| self.loudness.of(id).filter(|_| self.own_sound_heard(id).is_none())),
        })
    }

    /// The transport, if it shows something new.
    pub(super) fn tell_transport(&mut self) {
        if let Some(lost) = self.playback.lost_port() {
            self.port_lost(&lost);
        }
        let sounding = self.playback.status();
        let heard = self.open.as_ref().map_or(VersionId::Deadpan, Open::listening);
        let finite = |x: f64| if x.is_finite() { x } else { 0.0 };
        let view = TransportView {
            state: sounding.state,
            version: sounding.version.unwrap_or(heard),
            position_quarters: finite(sounding.position_quarters),
            position_secs: finite(sounding.position_secs),
            rate_percent: self.hearing.rate_percent,
            looped: self.hearing.looped.clone(),
            metronome: self.hearing.metronome,
            count_in: self.hearing.count_in,
            volume: self.hearing.volume,
            output: sounding.output,
        };
        if self.shown.as_ref() != Some(&view) {
            self.shown = Some(view.clone());
            self.emit(Event::Transport(view));
        }
    }

    /// Whether something is heard now.
    pub(super) fn is_playing(&mut self) -> bool {
        matches!(self.playback.status().state, PlayState::Playing | PlayState::CountIn)
    }
}

/// Two versions that are compared.
pub(super) struct Compared {
    /// Which they are.
    pub ids: [VersionId; 2],
    /// What is written and played.
    pub played: [Played; 2],
    /// What the other takes and recordings play.
    others: Vec<Played>,
    /// What the two do otherwise than it is written.
    pub slips: [Vec<SlipView>; 2],
    names: [String; 2],
    loudness_lufs: [Option<f64>; 2],
}

impl Compared {
    /// The comparison, which takes some milliseconds to work out.
    pub fn view(&self) -> CompareView {
        let mut view = compare_view(self.ids, self.played.each_ref());
        view.names.clone_from(&self.names);
        view.loudness_lufs = self.loudness_lufs;
        add_spread(&mut view, &self.played[0], &self.others);
        tell(&mut view, self.played.each_ref(), self.slips.each_ref().map(|slips| &slips[..]));
        view
    }
}

/// What a take or a recording does otherwise than it is written.
fn slips_of(document: &Document, take: &Take) -> Vec<SlipView> {
    slips::views(document.score_of(take.id), take)
}

/// Every version there is, the deadpan first.
pub(super) fn versions(open: &Open) -> Vec<VersionId> {
    let takes = open.document.takes.iter().map(|t| t.id);
    let streaming = open.streaming.iter().map(|s| s.take.id);
    let previews = open.previews().map(|placed| placed.take.id);
    std::iter::once(VersionId::Deadpan).chain(takes).chain(streaming).chain(previews).collect()
}

fn project_view(open: &Open) -> ProjectView {
    let document = &open.document;
    let streaming = open.streaming.iter().map(|s| TakeView { is_streaming: true, ..take_view(&s.take) });
    ProjectView {
        opening: open.opening,
        name: project_name(open),
        path: open.file.named_path().map(|p| p.display().to_string()),
        read_only: open.file.read_only().map(str::to_owned),
        takes: document.takes.iter().map(take_view).chain(streaming).collect(),
        previews: open.previews().map(|placed| take_view(&placed.take)).collect(),
        listening: open.listening(),
        compared: open.compared(),
        undo: open.history.undo_name().map(shown),
        redo: open.history.redo_name().map(shown),
        view: document.view.clone(),
        has_exported: false,
        reading: open.reading.as_ref().and_then(|reading| reading.offer(document)),
    }
}

fn project_name(open: &Open) -> String {
    let stem = open.file.named_path().and_then(|p| p.file_stem());
    stem.map_or_else(|| open.document.title(), |s| shown(&s.to_string_lossy()))
}
