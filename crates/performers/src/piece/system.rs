//! The one trait for all systems that write pieces.

use notation::Score;

use super::error::PieceError;
use super::info::WriterInfo;
use super::request::PieceRequest;
use crate::job::Job;

/// A system that writes pieces.
pub trait PieceWriter: Send + Sync {
    /// What it is called and what it needs.
    fn info(&self) -> WriterInfo;

    /// Writes a piece for piano of exactly the bars that are asked for; of one that goes on, the bars before the
    /// new ones come back as they were, with the numbers of their notes. The same request gives the same answer.
    ///
    /// Progress, 0 to 1, goes to the job, whose partial performances are not used. A cancel is obeyed within
    /// 200 ms.
    ///
    /// # Errors
    /// When the request cannot be answered (see [`PieceRequest::check`]), or the job was cancelled.
    fn write(&self, request: &PieceRequest<'_>, job: &Job) -> Result<Score, PieceError>;
}
