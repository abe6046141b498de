//! The last word from the shell on every part of the studio.

use std::collections::BTreeMap;
use std::sync::Arc;

use protocol::{
    AboutView, Addition, CompareView, Event, JobView, KeyboardView, Lacking, Level, Message, MoodView,
    PageView, PlayState, ProjectView, ScoreView, SettingsView, StartView, TransportView, VariationsView,
    VersionId, VersionView,
};

use crate::descriptions::{self, Sources};
use crate::words;

/// What was said this long before another document was there belongs to opening it.
const OPENING_SECS: f64 = 1.0;

/// Something that was told.
#[derive(Clone, Debug, PartialEq)]
pub struct TimedMessage {
    /// What, as it is shown.
    pub message: Message,
    /// What something was not done for want of, if that can be got.
    pub lacks: Option<Addition>,
    /// When, in seconds of the face's clock.
    pub at_secs: f64,
}

/// All views, each as it was last sent.
#[derive(Debug, Default)]
pub struct Model {
    /// The start page's lists.
    pub start: StartView,
    /// The open project; none while the start page is shown.
    pub project: Option<ProjectView>,
    /// The scores that its versions play.
    pub scores: Vec<ScoreView>,
    /// The score of the version that is heard: what bars, places and notes speak of.
    pub score: ScoreView,
    /// Rises whenever that is another score.
    pub score_revision: u64,
    /// The engraved page, as far as it is there; none until it was asked for.
    pub page: Option<Arc<PageView>>,
    /// Rises with every word about it, and when it is no more.
    pub page_revision: u64,
    /// Its versions.
    pub versions: BTreeMap<VersionId, VersionView>,
    /// Jobs in progress.
    pub jobs: Vec<JobView>,
    /// The variations that were made last; none if none were made.
    pub variations: Option<VariationsView>,
    /// The transport as last heard of.
    pub transport: TransportView,
    /// When that was, in seconds of the face's clock.
    pub transport_time_secs: f64,
    /// The comparison, if there is one.
    pub comparison: Option<CompareView>,
    /// Rises with every comparison, and when there is none any more.
    pub comparison_revision: u64,
    /// Settings and what belongs to them.
    pub settings: SettingsView,
    /// The MIDI keyboard and what is recorded from it.
    pub keyboard: KeyboardView,
    /// Rises whenever settings or what belongs to them were told.
    pub settings_revision: u64,
    /// What the mood that was last asked about means; none until there is an answer for this score.
    pub mood: Option<MoodView>,
    /// What versions were performed with, as far as that was told.
    pub moods_of: BTreeMap<VersionId, MoodView>,
    /// Rises with every word about them.
    pub moods_of_revision: u64,
    /// Rises with every answer about a mood.
    pub mood_revision: u64,
    /// What was told about this document, the oldest first.
    pub messages: Vec<TimedMessage>,
    /// How much was told since the face is there.
    pub message_count: usize,
    /// Whether a file was exported, so that there is one to show.
    pub has_exported: bool,
    /// What *About* shows, once asked for.
    pub about: Option<AboutView>,
    /// What tells each take from the others; see [`descriptions::all`].
    descriptions: BTreeMap<VersionId, String>,
}

impl Model {
    /// Takes in an event that arrived at `now_secs` of the face's clock.
    pub fn apply(&mut self, event: Event, now_secs: f64) {
        match event {
            Event::Start(view) => self.start = view,
            Event::Project(view) => {
                self.forget_messages_of_another(view.as_deref(), now_secs);
                if view.is_none() {
                    self.versions.clear();
                    self.scores.clear();
                    self.score = ScoreView::default();
                    self.set_page(None);
                    self.set_comparison(None);
                    self.set_mood(None);
                    self.variations = None;
                }
                self.has_exported |= view.as_ref().is_some_and(|v| v.has_exported);
                self.project = view.map(|v| *v);
                self.follow_version();
                self.describe();
            }
            Event::Scores(views) => {
                self.scores = views;
                self.set_page(None);
                self.versions.clear();
                self.moods_of.clear();
                self.set_comparison(None);
                self.show_score(self.scores.first().cloned().unwrap_or_default());
            }
            Event::Version(view) => {
                self.versions.insert(view.id, *view);
                self.follow_version();
            }
            Event::Gone(id) => {
                self.versions.remove(&id);
                self.moods_of.remove(&id);
            }
            Event::Jobs(jobs) => self.jobs = jobs,
            Event::Variations(view) => self.variations = view.map(|v| *v),
            Event::Transport(view) => {
                self.transport = view;
                self.transport_time_secs = now_secs;
            }
            Event::Comparison(view) => self.set_comparison(view.map(|v| *v)),
            Event::Keyboard(view) => self.keyboard = *view,
            Event::Settings(view) => {
                self.settings = *view;
                self.settings_revision += 1;
                self.describe();
            }
            Event::Message(message) => self.take_in(message, None, now_secs),
            Event::Lacking(Lacking { addition, text }) => {
                self.take_in(Message { level: Level::Error, text }, Some(addition), now_secs);
            }
            Event::Mood(view) => self.set_mood(Some(*view)),
            Event::MoodOf(id, view) => {
                self.moods_of.insert(id, *view);
                self.moods_of_revision += 1;
            }
            Event::About(view) => self.about = Some(view),
            // The panel's.
            Event::Manner { .. } => {}
            // A question, which the window asks.
            Event::PlayedFile(_) => {}
            Event::Page(view) => self.set_page(Some(Arc::from(view))),
            // A page that is printed, and a picture, which the centre keeps.
            Event::Paper(_) | Event::SystemDrawn(_) => {}
        }
    }

    fn take_in(&mut self, message: Message, lacks: Option<Addition>, now_secs: f64) {
        let message = Message { text: words::sentence(&message.text), ..message };
        self.messages.push(TimedMessage { message, lacks, at_secs: now_secs });
        self.message_count += 1;
    }

    /// Messages go with the document that they speak of.
    fn forget_messages_of_another(&mut self, new: Option<&ProjectView>, now_secs: f64) {
        if self.project.as_ref().map(|p| p.opening) != new.map(|p| p.opening) {
            self.messages.retain(|told| now_secs - told.at_secs < OPENING_SECS);
        }
    }

    /// Shows the score that the version heard plays.
    fn follow_version(&mut self) {
        let Some(id) = self.listening().map(|v| v.score).filter(|id| *id != self.score.id) else { return };
        if let Some(score) = self.scores.iter().find(|s| s.id == id).cloned() {
            self.show_score(score);
        }
    }

    fn show_score(&mut self, score: ScoreView) {
        self.score = score;
        self.score_revision += 1;
        // Its bars are those of the score before.
        self.set_mood(None);
        self.describe();
    }

    /// Takes, performers and the score, which names their bars, are as they were told last.
    fn describe(&mut self) {
        let (performers, score) = (&self.settings.performers[..], &self.score);
        let described =
            self.project.as_ref().map(|project| descriptions::all(Sources { project, performers, score }));
        self.descriptions = described.unwrap_or_default();
    }

    /// Where a take or a recording came from, in one line; empty for the deadpan.
    pub fn description(&self, id: VersionId) -> &str {
        self.descriptions.get(&id).map_or("", String::as_str)
    }

    fn set_page(&mut self, page: Option<Arc<PageView>>) {
        self.page = page;
        self.page_revision += 1;
    }

    fn set_comparison(&mut self, comparison: Option<CompareView>) {
        self.comparison = comparison;
        self.comparison_revision += 1;
    }

    /// The score that a version plays.
    pub fn score_of(&self, version: &VersionView) -> &ScoreView {
        let others = self.scores.iter().find(|s| s.id == version.score);
        if version.score == self.score.id { &self.score } else { others.unwrap_or(&self.score) }
    }

    fn set_mood(&mut self, mood: Option<MoodView>) {
        self.mood = mood;
        self.mood_revision += 1;
    }

    /// The version that is heard, shown and edited.
    pub fn listening(&self) -> Option<&VersionView> {
        self.versions.get(&self.project.as_ref()?.listening)
    }

    /// What the version heard was performed with, if that was a mood.
    pub fn mood_heard(&self) -> Option<&MoodView> {
        let mood = self.moods_of.get(&self.project.as_ref()?.listening)?;
        (!mood.spans.is_empty()).then_some(mood)
    }

    /// The version shown behind it.
    pub fn compared(&self) -> Option<&VersionView> {
        self.versions.get(&self.project.as_ref()?.compared?)
    }

    /// Where the playhead is at `now_secs`, in seconds of the version heard: the shell tells it
    /// thirty times a second, the frames between are worked out.
    pub fn playhead_secs(&self, now_secs: f64) -> f64 {
        let t = &self.transport;
        if t.state != PlayState::Playing {
            return t.position_secs;
        }
        // A shell that has fallen silent must not send the playhead away.
        let since = (now_secs - self.transport_time_secs).clamp(0.0, 0.25);
        t.position_secs + since * t.rate_percent / 100.0
    }
}
