//! What page and studio said to each other: the shell writes it down for tests.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use protocol::{
    Command, ComposerView, Event, JobView, Manner, Performance, PerformerView, PlayedNote, ProjectView,
    ScoreId, ScoreView, TransportView, VariationsView, VersionId, WriterView,
};
use serde::Deserialize;

use crate::window::wait_for;

/// The minutes of one run, or of several in a row.
pub struct Words {
    path: PathBuf,
}

#[derive(Deserialize)]
enum Word {
    Command(Command),
    Event(Event),
}

/// The last word on every part of the studio.
#[derive(Default)]
pub struct State {
    pub project: Option<ProjectView>,
    pub versions: BTreeMap<VersionId, Performance>,
    /// The score that each of them plays.
    pub plays: BTreeMap<VersionId, ScoreId>,
    pub scores: Vec<ScoreView>,
    pub performers: Vec<PerformerView>,
    pub composers: Vec<ComposerView>,
    pub writers: Vec<WriterView>,
    /// What was read of performances.
    pub manners: Vec<Manner>,
    pub variations: Option<VariationsView>,
    pub jobs: Vec<JobView>,
    pub transport: TransportView,
    pub messages: Vec<String>,
    pub commands: Vec<Command>,
    /// Systems of the page that were drawn.
    pub drawn: usize,
}

impl Words {
    /// Those that are written down in this folder.
    pub fn in_folder(folder: &Path) -> Self {
        Self { path: folder.join("words.jsonl") }
    }

    /// Forgets what was said so far.
    pub fn forget(&self) {
        // Nothing may have been said yet.
        let _ = std::fs::remove_file(&self.path);
    }

    /// What is so now.
    pub fn state(&self) -> State {
        let text = std::fs::read_to_string(&self.path).unwrap_or_default();
        let mut state = State::default();
        // The last line may not be complete yet.
        for line in text.split_inclusive('\n').filter(|line| line.ends_with('\n')) {
            match serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")) {
                Word::Command(command) => state.commands.push(command),
                Word::Event(event) => state.take_in(event),
            }
        }
        state
    }

    /// Waits until something is so.
    pub fn wait<T>(&self, what: &str, mut is_so: impl FnMut(&State) -> Option<T>) -> T {
        wait_for(what, || is_so(&self.state()))
    }
}

impl State {
    fn take_in(&mut self, event: Event) {
        match event {
            Event::Project(project) => {
                self.project = project.map(|p| *p);
                if self.project.is_none() {
                    self.versions.clear();
                }
            }
            Event::Scores(scores) => {
                self.versions.clear();
                self.scores = scores;
            }
            Event::Version(view) => {
                self.plays.insert(view.id, view.score);
                self.versions.insert(view.id, view.performance);
            }
            Event::Variations(view) => self.variations = view.map(|v| *v),
            Event::Settings(view) => {
                (self.performers, self.composers, self.writers) =
                    (view.performers, view.composers, view.writers);
            }
            Event::Manner { manner, .. } => self.manners.push(manner),
            Event::Gone(id) => drop(self.versions.remove(&id)),
            Event::Jobs(jobs) => self.jobs = jobs,
            Event::Transport(view) => self.transport = view,
            Event::Message(message) => self.messages.push(message.text),
            Event::Lacking(lacking) => self.messages.push(lacking.text),
            Event::SystemDrawn(_) => self.drawn += 1,
            _ => {}
        }
    }

    /// The project, which must be open.
    pub fn project(&self) -> &ProjectView {
        self.project.as_ref().expect("a project is open")
    }

    /// Whether there are so many takes, one of them is heard, and nothing is being done.
    pub fn is_at_rest(&self, takes: usize) -> bool {
        let Some(project) = &self.project else { return false };
        project.takes.len() == takes
            && !project.takes.iter().any(|take| take.is_streaming)
            && self.jobs.is_empty()
            && project.takes.iter().any(|take| take.id == project.listening)
    }

    /// What a version plays, once it is known: bar and pitch of each note, and how it is played.
    pub fn notes(&self, id: VersionId) -> Option<Vec<(u32, u8, PlayedNote)>> {
        let played = self.versions.get(&id)?;
        let score = self.plays.get(&id)?;
        let score = self.scores.iter().find(|view| view.id == *score)?;
        let note = |played: &PlayedNote| {
            let written = score.notes.get(played.note as usize)?;
            Some((written.measure, written.pitch, PlayedNote { note: 0, ..*played }))
        };
        played.notes.iter().map(note).collect()
    }

    /// The notes of the version that is heard.
    pub fn heard(&self) -> Option<Performance> {
        self.versions.get(&self.project.as_ref()?.listening).cloned()
    }
}
