//! The open project, and the takes that are being performed for it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use application::text::shown;
use notation::Score;
use protocol::{ScoreId, VersionId};

use super::variations::{Placed, Variations};
use crate::document::{Document, Played, Take};
use crate::history::History;
use crate::project_file::ProjectFile;
use crate::reading::Reading;
use crate::scores::Entry;

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
    /// The variations that were made last.
    pub(super) variations: Option<Variations>,
    /// The streaming take or the variation that is heard instead of the document's version.
    pub(super) heard: Option<VersionId>,
    /// The variation that is compared with instead of the document's version.
    pub(super) compared_variation: Option<VersionId>,
    /// The score whose bars the document's view speaks of: that of the version heard last.
    pub(super) shown_score: ScoreId,
    /// The scores that the face has.
    pub(super) told_scores: Vec<ScoreId>,
    /// What is read from the source of an opened project today.
    pub(super) reading: Option<Reading>,
    /// Whether the view changed since it was kept.
    pub(super) is_view_new: bool,
    /// Since when it is open.
    pub(super) since: Instant,
    /// Whether a step was done since.
    pub(super) was_worked_on: bool,
    /// Whether its score is in no file of its own, as that of a piece that was written here.
    pub(super) is_only_here: bool,
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
        !self.file.is_untitled()
            || self.is_worth_keeping()
            || !self.streaming.is_empty()
            || self.variations.is_some()
    }

    /// Whether something would be missed that is nowhere else: a step, a mood that was written, a starred passage, or
    /// its score.
    pub(super) fn is_worth_keeping(&self) -> bool {
        let view = &self.document.view;
        let has_mood = view.panel.as_ref().is_some_and(|panel| !panel.mood.trim().is_empty());
        !self.history.is_empty() || has_mood || !view.best.is_empty() || self.is_only_here
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

    /// A variation in its place, by its version; none once that is a take.
    pub(super) fn preview(&self, id: VersionId) -> Option<&Placed> {
        self.previews().find(|placed| placed.take.id == id)
    }

    /// The variations that are no takes.
    pub(super) fn previews(&self) -> impl Iterator<Item = &Placed> {
        let all = self.variations.iter().flat_map(|made| &made.list);
        all.filter(move |placed| !self.document.has(placed.take.id))
    }

    /// The version compared with.
    pub(super) fn compared(&self) -> Option<VersionId> {
        let variation = self.compared_variation.filter(|id| self.preview(*id).is_some());
        // What a variation was compared with is heard once the variation is gone.
        let both = [variation, self.document.compared];
        both.into_iter().flatten().find(|id| *id != self.listening())
    }

    /// Hears a version, if there is such a one.
    pub(super) fn hear(&mut self, id: VersionId) -> bool {
        if self.document.has(id) {
            self.heard = None;
            self.document.listening = id;
        } else if self.streaming(id).is_some() || self.preview(id).is_some() {
            self.heard = Some(id);
        } else {
            return false;
        }
        true
    }

    /// Compares with a version that is complete, or with none.
    pub(super) fn compare_with(&mut self, id: Option<VersionId>) {
        self.document.compared = id.filter(|id| self.document.has(*id));
        self.compared_variation = id.filter(|id| self.preview(*id).is_some());
    }

    /// The score that a version plays.
    pub(super) fn score_id(&self, id: VersionId) -> ScoreId {
        let streaming = self.streaming(id).map(|s| s.take.score);
        let other = streaming.or_else(|| self.preview(id).map(|placed| placed.take.score));
        other.unwrap_or_else(|| self.document.score_id(id))
    }

    /// A score by its number: one of the document, or that of a variation in its place.
    pub(super) fn entry(&self, id: ScoreId) -> &Entry {
        let varied = self.variations.as_ref().and_then(|made| made.entry(id));
        varied.unwrap_or_else(|| self.document.scores.get(id))
    }

    /// Whether there is such a score.
    pub(super) fn has_score(&self, id: ScoreId) -> bool {
        let is_varied = self.variations.as_ref().is_some_and(|made| made.entry(id).is_some());
        is_varied || self.document.scores.has(id)
    }

    /// The scores that versions play, that of the deadpan first.
    pub(super) fn played_scores(&self) -> Vec<ScoreId> {
        let takes = self.document.takes.iter().map(|take| take.score);
        let streaming = self.streaming.iter().map(|s| s.take.score);
        let previews = self.previews().map(|placed| placed.take.score);
        let mut scores = vec![self.document.main()];
        for score in takes.chain(streaming).chain(previews) {
            if !scores.contains(&score) {
                scores.push(score);
            }
        }
        scores
    }

    /// Whether the face has all scores that versions play.
    pub(super) fn knows_scores(&self) -> bool {
        self.played_scores().iter().all(|score| self.told_scores.contains(score))
    }

    /// The oldest score with the same bars that a score was made of by varying some; itself if it was not.
    pub(super) fn origin(&self, score: ScoreId) -> ScoreId {
        let of = self.entry(score).varied.as_ref().map_or(score, |varied| varied.of);
        self.document.scores.origin(of)
    }

    /// The score of the version that is heard.
    pub(super) fn heard_score(&self) -> &Arc<Score> {
        &self.entry(self.score_id(self.listening())).score
    }

    /// A version's score and what is played of it, so far.
    pub(super) fn played(&self, id: VersionId) -> Option<Played> {
        let other = || {
            let streaming = self.streaming(id).map(|s| &s.take);
            let take = streaming.or_else(|| self.preview(id).map(|placed| &placed.take))?;
            Some(Played { written: self.entry(take.score).clone(), performance: take.performance.clone() })
        };
        self.document.played(id).or_else(other)
    }

    pub(super) fn name_of(&self, id: VersionId) -> String {
        let streaming = self.streaming(id).map(|s| &s.take);
        let other = streaming.or_else(|| self.preview(id).map(|placed| &placed.take));
        other.map_or_else(|| self.document.name_of(id), |take| shown(&take.name))
    }
}
