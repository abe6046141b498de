//! What the shell tells the face.

use performance::Manner;
use serde::{Deserialize, Serialize};

use crate::{
    AboutView, Addition, CompareView, DrawnSystem, JobView, KeyboardView, MoodView, PageView, PlayedFileView,
    ProjectView, ScoreView, SettingsView, StartView, TransportView, VariationsView, VersionId, VersionView,
};

/// The new state of one part of the studio.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The start page's lists.
    Start(StartView),
    /// The project; none when the start page is shown. Its score and versions follow.
    Project(Option<Box<ProjectView>>),
    /// The scores that the versions of the project play, that of the deadpan first. Versions sent
    /// before it belong to another project.
    Scores(Vec<ScoreView>),
    /// The engraved page of a score; it grows while it is engraved.
    Page(Box<PageView>),
    /// A score as it is engraved for paper: all of it, or why not.
    Paper(Box<PageView>),
    /// The picture of a system of the page.
    SystemDrawn(Box<DrawnSystem>),
    /// The notes of a version.
    Version(Box<VersionView>),
    /// A version is no more.
    Gone(VersionId),
    /// All jobs in progress.
    Jobs(Vec<JobView>),
    /// The transport.
    Transport(TransportView),
    /// The MIDI keyboard and what is recorded from it.
    Keyboard(Box<KeyboardView>),
    /// The comparison; none when nothing is compared.
    Comparison(Option<Box<CompareView>>),
    /// What a mood means.
    Mood(Box<MoodView>),
    /// What a version was performed with: its mood over the bars that it was performed for, that of the
    /// version it was made from over the others. No spans if there was none. Their words and bars alone are
    /// told, not what they mean.
    MoodOf(VersionId, Box<MoodView>),
    /// The manner that was read for a knob of a performer ([`crate::Command::ReadManner`]).
    Manner {
        /// Identifier of the performer.
        performer: String,
        /// Identifier of its knob.
        knob: String,
        /// What was read.
        manner: Manner,
    },
    /// The variations that were made last; none if none were made.
    Variations(Option<Box<VariationsView>>),
    /// Settings and what belongs to them.
    Settings(Box<SettingsView>),
    /// A file was to be opened as a score and looks like a recording: what is meant?
    PlayedFile(PlayedFileView),
    /// Something to tell.
    Message(Message),
    /// Something was not done, since what can be got for it is not on this computer.
    Lacking(Lacking),
    /// What *About* shows.
    About(AboutView),
}

/// Something to tell: a toast that can be read again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// How bad.
    pub level: Level,
    /// What happened, where, and what to do.
    pub text: String,
}

/// What was not done, and for want of what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lacking {
    /// What it takes.
    pub addition: Addition,
    /// What happened, and where.
    pub text: String,
}

/// How bad a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Level {
    /// Good to know.
    Info,
    /// Something was not done as asked.
    Warning,
    /// Something failed.
    Error,
}
