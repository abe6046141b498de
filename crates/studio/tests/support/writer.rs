//! A writer of pieces for tests.

use std::time::Duration;

use notation::{Measure, Note, NoteId, Part, Quarters, Score, TimeSignature};
use performers::Job;
use performers::piece::{PieceError, PieceRequest, PieceWriter, WriterInfo};
use protocol::WriterView;

use super::composer::TOY;
use super::{FAIL, PANIC};

/// Writes until it is cancelled.
pub const STUCK: u64 = 4_000_000;

/// Writes bars of four quarters that rise from a pitch of its seed's; a few seeds misbehave.
pub struct ToyWriter;

pub fn view() -> WriterView {
    WriterView { id: TOY.into(), name: "Toy".into(), ..WriterView::default() }
}

impl PieceWriter for ToyWriter {
    fn info(&self) -> WriterInfo {
        WriterInfo { id: TOY, name: "Toy", description: "Writes for tests", needs_model: false }
    }

    fn write(&self, request: &PieceRequest<'_>, job: &Job) -> Result<Score, PieceError> {
        request.check()?;
        match request.seed {
            PANIC => panic!("a toy panic"),
            FAIL => return Err(PieceError::Unreadable { what: "nothing can be read".to_owned() }),
            STUCK => loop {
                job.step(0.5)?;
                std::thread::sleep(Duration::from_millis(10));
            },
            _ => {}
        }
        let mut score = match request.continues {
            Some((score, from)) => before(score, from),
            None => Score {
                parts: vec![Part { id: "P1".into(), name: "Piano".into(), staves: 2 }],
                time_signatures: vec![(Quarters::ZERO, TimeSignature::default())],
                ..Score::default()
            },
        };
        let low = 60 + (request.seed % 5) as u8 + if request.like.is_some() { 12 } else { 0 };
        add_bars(&mut score, request.bars, low);
        Ok(score)
    }
}

fn before(score: &Score, from: usize) -> Score {
    let mut kept = score.clone();
    kept.notes.truncate(score.notes_in_measures(0..from).end);
    kept.measures.truncate(from);
    kept
}

fn add_bars(score: &mut Score, bars: usize, low: u8) {
    let first_number = score.notes.iter().map(|n| n.id.written + 1).max().unwrap_or(0);
    let (mut number, mut start) = (first_number, score.measures.last().map_or(Quarters::ZERO, |m| m.end));
    for _ in 0..bars {
        let index = score.measures.len() as u32;
        let end = start + Quarters::whole(4);
        score.measures.push(Measure { start, end, ..Measure::regular(index, TimeSignature::default()) });
        for quarter in 0..4 {
            score.notes.push(Note {
                id: NoteId { written: number, pass: 1 },
                onset: start + Quarters::whole(quarter),
                duration: Quarters::whole(1),
                pitch: low + 2 * quarter as u8,
                measure: index,
                staff: 1,
                voice: 1,
                ..Note::default()
            });
            number += 1;
        }
        start = end;
    }
}
