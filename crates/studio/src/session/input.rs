//! What comes into the studio.

use std::path::PathBuf;
use std::sync::mpsc::Sender;

use protocol::{Addition, Command, ExportRequest};
use sound::Piano;

use super::played::Recorded;
use super::read::{Read, ReferenceRead};
use super::written::Written;
use crate::jobs::News;
use crate::loudness::Measured;
use crate::own_sounds::SoundRead;
use crate::windows::Changed;

/// What comes into the studio.
pub enum Input {
    /// A command of the face.
    Command(Box<Command>),
    /// A report of the worker that performs.
    News(News),
    /// The answer to the numbered question for a piano.
    Piano(u32, Result<(Piano, Vec<String>), String>),
    /// A piano to play on until that of the numbered question is whole.
    EarlyPiano(u32, Piano),
    /// The job that gets something has ended: it is there, it was stopped, or why not.
    Got(u64, Addition, Result<bool, String>),
    /// A version's loudness is known.
    Loudness(Measured),
    /// The own sound of a recording was decoded, or cannot be.
    OwnSound(SoundRead),
    /// How far a file of a job is written, 0 to 1.
    Progress(u64, f32),
    /// A file was written, or not.
    Written(Written),
    /// A page is engraved for paper, or cannot be.
    PaperEngraved,
    /// The recording of a job was read, or cannot be.
    Recording(u64, Box<Read>),
    /// The recording of a job that reads a manner was read, or cannot be.
    Reference(u64, Box<ReferenceRead>),
    /// What was played on the keyboard was found in the score, or was not.
    Recorded(u64, Box<Recorded>),
    /// A file to drag out of the window.
    ForDrag(ExportRequest, Sender<Result<PathBuf, String>>),
    /// Another window has changed what all share.
    Changed(Changed),
    /// The window is closed.
    End(Sender<()>),
}
