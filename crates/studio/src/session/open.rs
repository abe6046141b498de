//! The open project, and the takes that are being performed for it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use application::text::shown;
use notation::Score;
use protocol::{ScoreId, VersionId};

use crate::document::{Document, Played, Take};
use crate::history::History;
use crate::project_file::ProjectFile;
use crate::reading::Reading;

/// An open project.
pub(super) struct Open {
    /// See [`protocol::ProjectView::opening`].
    pub(super) opening: u64,
    pub(super) document: Document,
    pub(super) history: History,
    pub(super) file: ProjectFile,
    /// The file of the score that it was made of, if a person has chosen one.
    pub(super) from: Option<PathBuf>,
    /// Takes that are being performed.
    pub(super) streaming: Vec<Streaming>,
    /// The streaming take that is heard instead of the document's version.
    pub(super) heard: Option<VersionId>,
    /// The score whose bars the document's view speaks of: that of the version heard last.
    pub(super) shown_score: ScoreId,
    /// How many of the document's scores the face has.
    pub(super) told_scores: usize,
    /// What is read from the source of an opened project today.
    pub(super) reading: Option<Reading>,
    /// Whether the view changed since it was kept.
    pub(super) is_view_new: bool,
    /// Since when it is open.
    pub(super) since: Instant,
    /// Whether a step was done since.
    pub(super) was_worked_on: bool,
}

/// A take that is being performed.
pub(super) struct Streaming {
    pub(super) job: u64,
    pub(super) take: Take,
    /// Where the part that is there ends.
    pub(super) ready_quarters: f64,
    pub(super) is_complete: bool,
    /// Whether it was given to hear already; what is heard after that is the person's choice.
    pub(super) was_offered: bool,
}

impl Open {
    /// Whether another file should not take its place unasked: it has a name, or something was done.
    pub(super) fn has_work(&self) -> bool {
        !self.file.is_untitled() || !self.history.is_empty() || !self.streaming.is_empty()
    }

    /// The files that are open with it: its own, and the score's while it has no name.
    pub(super) fn files(&self) -> impl Iterator<Item = &Path> {
        let score = self.from.as_deref().filter(|_| self.file.named_path().is_none());
        [self.file.path(), self.file.kept_meanwhile(), score].into_iter().flatten()
    }

    /// The version that is heard.
    pub(super) fn listening(&self) -> VersionId {
        self.heard.unwrap_or(self.document.listening)
    }

    pub(super) fn streaming(&self, id: VersionId) -> Option<&Streaming> {
        self.streaming.iter().find(|s| s.take.id == id)
    }

    /// The score that a version plays.
    pub(super) fn score_id(&self, id: VersionId) -> ScoreId {
        self.streaming(id).map_or_else(|| self.document.score_id(id), |s| s.take.score)
    }

    /// The score of the version that is heard.
    pub(super) fn heard_score(&self) -> &Arc<Score> {
        &self.document.scores.get(self.score_id(self.listening())).score
    }

    /// A version's score and what is played of it, so far.
    pub(super) fn played(&self, id: VersionId) -> Option<Played> {
        let streaming = || {
            let performance = self.streaming(id)?.take.performance.clone();
            Some(Played { written: self.document.scores.get(self.score_id(id)).clone(), performance })
        };
        self.document.played(id).or_else(streaming)
    }

    pub(super) fn name_of(&self, id: VersionId) -> String {
        self.streaming(id).map_or_else(|| self.document.name_of(id), |s| shown(&s.take.name))
    }
}
