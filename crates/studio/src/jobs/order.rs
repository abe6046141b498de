//! Orders to the worker, and its reports.

use std::sync::Arc;

use notation::Score;
use performance::{Manner, Performance};
use performers::composer::{Constraints, Variation};
use performers::{Controls, Region};
use protocol::{Bars, DeviceSetting, DeviceView, Message};

/// What to perform.
#[derive(Clone)]
pub struct Order {
    /// Number of the job.
    pub job: u64,
    /// Who plays.
    pub performer: String,
    /// On what.
    pub device: DeviceSetting,
    /// What is written.
    pub score: Arc<Score>,
    /// What of it is played.
    pub region: Region,
    /// The version that the region is part of; none for the whole piece.
    pub context: Option<Arc<Performance>>,
    /// The mood in words; empty for none.
    pub mood: String,
    /// How strongly it is followed.
    pub strength: f64,
    /// Wishes for each take, the mood still left out.
    pub takes: Vec<Controls>,
}

/// Which bars to vary.
#[derive(Clone)]
pub struct ComposeOrder {
    /// Number of the job.
    pub job: u64,
    /// Who writes.
    pub composer: String,
    /// What is written now.
    pub score: Arc<Score>,
    /// The bars of it.
    pub bars: Bars,
    /// How near the variations are to them, 0 to 1.
    pub similarity: f64,
    /// How many.
    pub count: usize,
    /// Seed.
    pub seed: u64,
    /// What has to stay.
    pub constraints: Constraints,
}

/// What piece to write, or how one goes on.
#[derive(Clone)]
pub struct PieceOrder {
    /// Number of the job.
    pub job: u64,
    /// Who writes.
    pub writer: String,
    /// How many bars.
    pub bars: usize,
    /// Seed.
    pub seed: u64,
    /// A score in whose manner it is written.
    pub like: Option<Arc<Score>>,
    /// A score that goes on, and the first bar of it that is written anew.
    pub continues: Option<(Arc<Score>, usize)>,
}

/// What to read the manner of.
#[derive(Clone)]
pub struct MannerOrder {
    /// Number of the job.
    pub job: u64,
    /// Who reads it.
    pub performer: String,
    /// The knob of the performer that it is for.
    pub knob: String,
    /// On what.
    pub device: DeviceSetting,
    /// What is played.
    pub score: Arc<Score>,
    /// How.
    pub played: Arc<Performance>,
    /// What people call it.
    pub name: String,
}

/// A manner that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct MannerRead {
    /// Who read it.
    pub performer: String,
    /// The knob of the performer that it is for.
    pub knob: String,
    /// What was read.
    pub manner: Manner,
}

/// A report of the worker.
pub enum News {
    /// Where networks run.
    Device(DeviceView),
    /// A message to show.
    Say(Message),
    /// How far a job is, 0 to 1.
    Progress(u64, f32),
    /// The first notes of a take of a job.
    Part(u64, usize, Performance),
    /// A take of a job is ready, played by this performer.
    Take(u64, usize, Performance, PlayedBy),
    /// A variation of a job is ready.
    Variation(u64, Box<Variation>),
    /// Why the variations of a job are more similar than was asked for, in words.
    TooSimilar(u64, String),
    /// The piece of a job is written.
    Piece(u64, Box<Score>),
    /// The manner of a job was read.
    Manner(u64, Box<MannerRead>),
    /// A job has ended.
    End(u64, End),
}

/// Who played in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlayedBy {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
}

/// How a job ended.
#[derive(Debug)]
pub enum End {
    /// All takes are there.
    Done,
    /// Somebody stopped it.
    Cancelled,
    /// It failed; in words.
    Failed(String),
}

/// Who hears of it.
pub type Tell = Arc<dyn Fn(News) + Send + Sync>;

/// What waits in the row.
pub(super) enum Task {
    Perform(Box<Order>, Tell),
    Compose(Box<ComposeOrder>, Tell),
    Write(Box<PieceOrder>, Tell),
    Manner(Box<MannerOrder>, Tell),
    Device(DeviceSetting, Tell),
}
