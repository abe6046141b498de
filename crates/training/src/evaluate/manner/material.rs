//! Pieces that several people played, each with the passage that is performed of it.

use std::ops::Range;

use performance::Performance;
use performance::cues::{Cues, Measured};
use performance::metrics::{self, Figures};
use performers::Region;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;

use super::carried::Carry;
use super::options::Options;
use crate::datasets::{Human, Piece};
use crate::pianoflow::{excerpt, within};

/// Fewer people do not tell what is one's own.
pub(super) const LEAST_PEOPLE: usize = 3;

/// A piece that several people played.
pub(super) struct Material<'a> {
    pub piece: &'a Piece,
    /// The passage that is performed.
    pub region: Region,
    /// Its bars.
    pub bars: Range<usize>,
    /// What everybody who played it did in the passage, no two of them the same recording.
    pub people: Vec<Figures>,
    /// Those whose performances are references.
    pub references: Vec<Reference<'a>>,
}

/// Somebody's performance of a whole piece.
pub(super) struct Reference<'a> {
    human: &'a Human,
    /// Which of [`Material::people`] it is.
    pub person: usize,
    /// The cues of the whole performance.
    pub cues: Cues,
    /// The cues of the passage.
    in_passage: Cues,
}

impl<'a> Material<'a> {
    /// Measures the people of a piece; nothing if too few played it.
    pub fn of(piece: &'a Piece, options: &Options) -> Option<Self> {
        let score = &piece.score;
        let whole: Vec<Figures> = piece
            .humans
            .iter()
            .map(|human| Figures::of(score, &human.performance, Some(&human.flags)))
            .collect();
        let kept = metrics::without_duplicates(&whole);
        if kept.len() < LEAST_PEOPLE {
            return None;
        }
        let region = excerpt(score, options.notes);
        let bars = match &region {
            Region::Measures(bars) => bars.clone(),
            Region::All | Region::Notes(_) => 0..score.measures.len(),
        };
        let notes = region.notes(score);
        let in_passage = |k: &usize| {
            let (played, flags) = within(&piece.humans[*k], &notes);
            Figures::of(score, &played, Some(&flags))
        };
        let people = kept.iter().map(in_passage).collect();
        let mut drawn: Vec<usize> = (0..kept.len()).collect();
        drawn.shuffle(&mut Pcg64Mcg::seed_from_u64(options.seed));
        drawn.truncate(options.references.max(LEAST_PEOPLE));
        drawn.sort_unstable();
        let reference = |person: usize| {
            let human = &piece.humans[kept[person]];
            let measured = Measured::of(score, &human.performance, Some(&human.flags));
            let cues = measured.cues(0..score.measures.len());
            Reference { human, person, cues, in_passage: measured.cues(bars.clone()) }
        };
        let references = drawn.into_iter().map(reference).collect();
        Some(Self { piece, region, bars, people, references })
    }

    /// Whether another is the same piece, with other repeats perhaps.
    pub fn is_same(&self, other: &Self) -> bool {
        (&self.piece.composer, &self.piece.title) == (&other.piece.composer, &other.piece.title)
    }

    /// The cues of every reference.
    pub fn reference_cues(&self) -> Vec<Cues> {
        self.references.iter().map(|reference| reference.cues).collect()
    }

    /// The people in the whole piece against the same people in the passage.
    pub fn themselves(&self, from: usize) -> Carry {
        let renders = self.references.iter().map(|reference| reference.in_passage).collect();
        Carry { from, references: self.reference_cues(), renders }
    }
}

impl Reference<'_> {
    /// The performance without the notes whose alignment with the score is doubtful.
    pub fn performance(&self) -> Performance {
        let Human { performance, flags, .. } = self.human;
        let notes = performance.notes.iter().zip(flags).filter(|(_, flags)| !flags.timing_outlier);
        Performance { notes: notes.map(|(note, _)| *note).collect(), pedals: performance.pedals.clone() }
    }

    /// What the recording is called.
    pub fn name(&self) -> &str {
        &self.human.midi
    }
}
