//! The variations that were made last, each in its place in the piece.

use std::sync::Arc;

use notation::ReplaceError;
use performance::Performance;
use performers::composer::{Similarity, Variation};
use protocol::{
    ScoreId, SimilarityView, VariationState, VariationView, VariationsView, VaryRequest, VersionId,
};

use crate::document::{Document, Origin, Pins, Take, bars_text, play_literally};
use crate::edit;
use crate::scores::Entry;
use crate::varied;

/// Why something is not done with a variation.
pub(super) const KEEP_FIRST: &str =
    "this variation is no take yet; keep it first, then it can be changed, performed and varied";

/// Scores of variations that are no takes have numbers from here on. Those of the document stay below.
const FIRST_SCORE: u32 = 1 << 31;

/// The variations that were made last.
pub(super) struct Variations {
    /// What was asked for.
    pub(super) request: VaryRequest,
    /// The score of the bars.
    pub(super) score: ScoreId,
    /// While they are being made.
    pub(super) job: Option<u64>,
    /// Those that are there.
    pub(super) list: Vec<Placed>,
    /// Why they are more similar than was asked for, in words.
    pub(super) too_similar: Option<String>,
    /// What plays the notes outside, as it was when it was last looked at, and its pins.
    around: Arc<Performance>,
    pins: Pins,
}

/// A variation in its place.
pub(super) struct Placed {
    /// Its number.
    pub(super) number: u32,
    /// The piece with it, as a take that the document may not have.
    pub(super) take: Take,
    /// The score that this plays.
    written: Entry,
    similarity: SimilarityView,
    /// The take that it became last, which may be undone or deleted.
    kept: Option<VersionId>,
    /// The score with which it was put into the piece, which may be undone.
    put: Option<ScoreId>,
}

impl Variations {
    /// None yet, of bars of a version; nothing if there is no such version.
    pub(super) fn new(document: &Document, request: VaryRequest, job: u64) -> Option<Self> {
        let around = document.performance(request.of)?.clone();
        let pins = pins_of(document, request.of);
        let score = document.score_id(request.of);
        Some(Self { request, score, job: Some(job), list: Vec::new(), too_similar: None, around, pins })
    }

    /// Puts a variation into its place; its version.
    pub(super) fn add(
        &mut self,
        document: &mut Document,
        number: u32,
        variation: &Variation,
    ) -> Result<VersionId, ReplaceError> {
        let (base, bars) = (document.scores.get(self.score), &self.request.bars);
        let written = varied::placed(base, self.score, bars, &variation.score)?;
        let similarity = similarity_view(&variation.similarity);
        let text = format!(
            "variation {number} of {} of {}, {:.0} % alike, seed {}",
            bars_text(&base.score, bars),
            document.name_of(self.request.of),
            100.0 * similarity.overall,
            self.request.seed
        );
        let origin = Origin {
            text,
            parent: Some(self.request.of),
            bars: Some(bars.clone()),
            seed: self.request.seed,
            ..Origin::default()
        };
        let id = VersionId::Take(document.next_number);
        let mut take = Take {
            id,
            name: format!("Variation {number}"),
            origin,
            is_edited: false,
            score: ScoreId(FIRST_SCORE.saturating_add(number)),
            pins: Pins::new(),
            performance: Arc::default(),
        };
        self.play(document, &written, &mut take);
        document.next_number = document.next_number.saturating_add(1);
        self.list.push(Placed { number, take, written, similarity, kept: None, put: None });
        Ok(id)
    }

    /// Has a variation play what is around it as that is played now.
    fn play(&self, document: &Document, written: &Entry, take: &mut Take) {
        let from = &document.scores.get(self.score).score;
        take.pins = varied::pins(from, &written.score, &self.pins);
        take.performance = match self.request.of {
            VersionId::Deadpan => play_literally(&written.score),
            _ => Arc::new(varied::played(from, &written.score, &self.around)),
        };
    }

    /// Has all variations play what is around them as that is played now; whether that is new.
    pub(super) fn refresh(&mut self, document: &Document) -> bool {
        let of = self.request.of;
        // What is gone, or plays another score now, stays as it was.
        let Some(now) = document.performance(of).filter(|_| document.score_id(of) == self.score) else {
            return false;
        };
        let pins = pins_of(document, of);
        if Arc::ptr_eq(now, &self.around) && pins == self.pins {
            return false;
        }
        (self.around, self.pins) = (now.clone(), pins);
        let mut list = std::mem::take(&mut self.list);
        for Placed { take, written, .. } in &mut list {
            self.play(document, written, take);
        }
        self.list = list;
        true
    }

    /// The score of a variation, by its number.
    pub(super) fn entry(&self, score: ScoreId) -> Option<&Entry> {
        self.list.iter().find(|placed| placed.take.score == score).map(|placed| &placed.written)
    }

    /// A variation by its number.
    pub(super) fn placed(&self, number: u32) -> Option<&Placed> {
        self.list.iter().find(|placed| placed.number == number)
    }

    /// A variation as a take of the document; its score is among those of the document then.
    pub(super) fn keep(&mut self, document: &mut Document, number: u32) -> Option<Take> {
        let placed = self.list.iter_mut().find(|placed| placed.number == number)?;
        let score = document.scores.add_entry(placed.written.clone());
        let taken = document.has(placed.take.id);
        let id = if taken { VersionId::Take(document.next_number) } else { placed.take.id };
        placed.kept = Some(id);
        let name = edit::free_name(document, &placed.take.name);
        Some(Take { id, name, score, ..placed.take.clone() })
    }

    /// The take that a variation is already, if the document has it.
    pub(super) fn kept(&self, document: &Document, number: u32) -> Option<VersionId> {
        self.placed(number)?.kept.filter(|id| document.has(*id))
    }

    /// The score of the piece with a variation, which is among those of the document then.
    pub(super) fn put(&mut self, document: &mut Document, number: u32) -> Option<ScoreId> {
        let placed = self.list.iter_mut().find(|placed| placed.number == number)?;
        let score = document.scores.add_entry(placed.written.clone());
        placed.put = Some(score);
        Some(score)
    }

    /// For the face.
    pub(super) fn view(&self, document: &Document) -> VariationsView {
        let list = self.list.iter().map(|placed| placed.view(document)).collect();
        let too_similar = self.too_similar.clone();
        VariationsView { request: self.request.clone(), score: self.score, job: self.job, list, too_similar }
    }
}

impl Placed {
    /// The version that plays it.
    pub(super) fn version(&self, document: &Document) -> VersionId {
        self.kept.filter(|id| document.has(*id)).unwrap_or(self.take.id)
    }

    fn view(&self, document: &Document) -> VariationView {
        let is_put = self.put.is_some_and(|score| document.scores.is_made_of(document.main(), score));
        let is_kept = self.kept.is_some_and(|id| document.has(id));
        let state = match (is_put, is_kept) {
            (true, _) => VariationState::Put,
            (false, true) => VariationState::Kept,
            (false, false) => VariationState::New,
        };
        let version = self.version(document);
        VariationView { number: self.number, version, similarity: self.similarity, state }
    }
}

fn pins_of(document: &Document, id: VersionId) -> Pins {
    document.take(id).map_or_else(Pins::new, |take| take.pins.clone())
}

fn similarity_view(similarity: &Similarity) -> SimilarityView {
    let overall = similarity.overall();
    let Similarity { pitch, onset, duration, equal } = *similarity;
    SimilarityView { overall, pitch, onset, duration, equal }
}
