//! The one trait for all systems that play a score.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use notation::Score;
use performance::Performance;
pub use performance::amounts::Amounts;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::finish::Finishing;
pub use crate::mood::Mood;

/// A system that plays.
pub trait Performer: Send + Sync {
    /// What it is called.
    fn info(&self) -> PerformerInfo;

    /// Plays the notes of the region, all of them and no others, in score order.
    ///
    /// Where the request holds a performance of the notes around the region, the answer continues
    /// it: onsets lie between those of the neighbours. The same request gives the same answer on
    /// the same device. Returns [`PerformError::Cancelled`] within 200 ms of a cancel.
    fn perform(&self, request: &Request<'_>, job: &Job) -> Result<Performance, PerformError>;

    /// What its takes need afterwards (see [`crate::take`]).
    fn finishing(&self) -> Finishing {
        Finishing::default()
    }
}

/// Name and nature of a performer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PerformerInfo {
    /// Used on the command line and in files.
    pub id: &'static str,
    /// Shown to people.
    pub name: &'static str,
    /// One sentence: what it does and where it comes from.
    pub description: &'static str,
}

/// What to play and how.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The whole score.
    pub score: &'a Score,
    /// Which of its notes to play.
    pub region: &'a Region,
    /// A performance of the notes outside the region; those within are ignored.
    pub context: Option<&'a Performance>,
    /// Wishes and constraints.
    pub controls: &'a Controls,
}

/// A set of notes to be performed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Region {
    /// The whole piece.
    All,
    /// Measures, as a range of indices into [`Score::measures`].
    Measures(Range<usize>),
    /// Single notes, as ascending indices into [`Score::notes`].
    Notes(Vec<u32>),
}

impl Region {
    /// The notes of the region, ascending.
    pub fn notes(&self, score: &Score) -> Vec<u32> {
        let all = |range: Range<usize>| range.map(|n| n as u32).collect();
        match self {
            Self::All => all(0..score.notes.len()),
            Self::Measures(bars) => all(score.notes_in_measures(bars.clone())),
            Self::Notes(notes) => {
                notes.iter().copied().filter(|n| (*n as usize) < score.notes.len()).collect()
            }
        }
    }
}

/// Wishes and constraints of a musician.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Controls {
    /// Chance: the same seed gives the same take.
    pub seed: u64,
    /// What a text says of which bars, if anything.
    pub mood: Option<Mood>,
    /// How much of each dimension of expression.
    pub amounts: Amounts,
    /// Values that must come out exactly.
    pub pins: Vec<Pin>,
}

/// Values of one note that must come out exactly.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pin {
    /// Index into [`Score::notes`].
    pub note: u32,
    /// MIDI velocity.
    pub velocity: Option<u8>,
    /// Seconds from the start of the performance.
    pub onset_secs: Option<f64>,
    /// Seconds.
    pub duration_secs: Option<f64>,
}

/// Gets the first notes of a performance.
type HearPart = dyn Fn(&Performance) + Send + Sync;

/// The running of a request: reports progress, hears of a cancel.
#[derive(Clone)]
pub struct Job {
    cancelled: Arc<AtomicBool>,
    progress: Arc<dyn Fn(f32) + Send + Sync>,
    partial: Option<Arc<HearPart>>,
}

impl Default for Job {
    fn default() -> Self {
        Self::new(|_| {})
    }
}

impl Job {
    /// A job that reports its progress, 0 to 1, to a function.
    pub fn new(progress: impl Fn(f32) + Send + Sync + 'static) -> Self {
        Self { cancelled: Arc::default(), progress: Arc::new(progress), partial: None }
    }

    /// Also hands over what is already played of a whole piece: its first notes, more each time.
    ///
    /// The final answer may differ a little in those notes (amounts of expression are measured over
    /// the whole piece), so this is for listening ahead, not for keeping.
    #[must_use]
    pub fn with_partial(mut self, partial: impl Fn(&Performance) + Send + Sync + 'static) -> Self {
        self.partial = Some(Arc::new(partial));
        self
    }

    /// Whether somebody listens to [`Job::hand_over`].
    pub fn wants_partial(&self) -> bool {
        self.partial.is_some()
    }

    /// Hands over the first notes.
    pub fn hand_over(&self, first_notes: &Performance) {
        if let Some(partial) = &self.partial {
            partial(first_notes);
        }
    }

    /// Asks the job to stop; any clone may.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Reports progress, and fails if somebody has asked to stop.
    pub fn step(&self, done: f32) -> Result<(), PerformError> {
        (self.progress)(done);
        if self.cancelled.load(Ordering::Relaxed) { Err(PerformError::Cancelled) } else { Ok(()) }
    }
}

/// Why a performer did not play.
#[derive(Debug, Error)]
pub enum PerformError {
    /// Somebody asked to stop.
    #[error("the performance was cancelled")]
    Cancelled,
    /// There is nothing in the region.
    #[error("the region holds no notes; choose bars that have some")]
    EmptyRegion,
    /// Nobody is called that.
    #[error("there is no performer `{id}`; there are {known}")]
    Unknown {
        /// The name asked for.
        id: String,
        /// The names that there are.
        known: String,
    },
    /// The mood vector does not fit the model.
    #[error("the mood vector has {found} values, {performer} takes {expected}")]
    MoodSize {
        /// Who refused it.
        performer: &'static str,
        /// Values that it takes.
        expected: usize,
        /// Values that it got.
        found: usize,
    },
    /// The model's files are missing or broken.
    #[error("{what} ({path}); reinstall the models folder or choose the performer `rules`", path = path.display())]
    Model {
        /// What is wrong.
        what: String,
        /// The file.
        path: std::path::PathBuf,
    },
}
