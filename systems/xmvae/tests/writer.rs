//! Pieces by a network that says anything.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use notation::musicxml::write::write;
use notation::{ImportOptions, Score, read_score};
use performers::Job;
use performers::composer::excerpt;
use performers::piece::{PieceError, PieceRequest, PieceWriter};
use xmvae::ecp::{METRIC, NOTE};
use xmvae::network::{ScoreTokens, SubToken};
use xmvae::writer::{Choose, Decoder, Network, NewPieces};

/// Logits that follow from all that was written, and mean nothing.
struct Anything;

struct Said(u64);

impl Said {
    fn mix(&mut self, value: u64) -> f32 {
        self.0 = (self.0 ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23);
        (self.0 >> 40) as f32 / 4e6
    }
}

impl Network for Anything {
    fn code_count(&self) -> usize {
        16
    }

    fn window(&self) -> (usize, usize) {
        (64, 96)
    }

    fn codes(&self, steps: &[ScoreTokens]) -> Vec<u16> {
        steps.iter().filter(|step| step[0] == METRIC).map(|step| u16::from(step[1] % 16)).collect()
    }

    fn begin(&self) -> Box<dyn Decoder + '_> {
        Box::new(Said(1))
    }
}

impl Decoder for Said {
    fn push(&mut self, step: ScoreTokens, code: Option<u16>) {
        step.iter().for_each(|value| _ = self.mix(u64::from(*value)));
        self.mix(code.map_or(0, u64::from));
    }

    fn next(&mut self, choose: &mut Choose<'_>) -> (ScoreTokens, Option<u16>) {
        let mut ask = |sub_token, size: usize| {
            let logits: Vec<f32> = (0..size).map(|k| self.mix(k as u64)).collect();
            choose(sub_token, &logits)
        };
        let family = ask(SubToken::Family, 5) as u8;
        let position = ask(SubToken::Position, 25) as u8;
        let pitch = if family == NOTE { ask(SubToken::Pitch, 89) as u8 } else { 0 };
        let duration = ask(SubToken::Duration, 52) as u8;
        let code = (family == METRIC).then(|| ask(SubToken::Code, 17) as u16 - 1);
        let step = [family, position, pitch, duration];
        self.push(step, code);
        (step, code)
    }
}

fn piece(request: &PieceRequest<'_>) -> Score {
    NewPieces::new(Anything).write(request, &Job::default()).unwrap()
}

/// What was written as MusicXML and read back.
fn back(score: &Score) -> Score {
    let text = write(score).unwrap();
    read_score("written", text.as_bytes(), &ImportOptions::default()).unwrap()
}

#[test]
fn pieces_come_back_bit_for_bit() {
    for seed in 0..12 {
        let score = piece(&PieceRequest::new(6, seed));
        assert_eq!(score.measures.len(), 6);
        let full = |measure: &notation::Measure| measure.time.measure_length();
        assert!(score.measures.iter().all(|measure| measure.end - measure.start == full(measure)));
        assert!(score.notes.iter().all(|note| note.offset() <= score.measures[5].end));
        let read = back(&score);
        assert_eq!(Score { warnings: Vec::new(), ..read }, score, "seed {seed}");
    }
}

#[test]
fn the_same_request_gives_the_same_piece() {
    let request = PieceRequest::new(8, 5);
    assert_eq!(piece(&request), piece(&request));
    assert_ne!(piece(&request).notes, piece(&PieceRequest::new(8, 6)).notes);
}

#[test]
fn bars_before_the_new_ones_stay_bit_for_bit() {
    let whole = piece(&PieceRequest::new(8, 3));
    for from in [1, 5, 8] {
        let longer = piece(&PieceRequest { continues: Some((&whole, from)), ..PieceRequest::new(4, 9) });
        assert_eq!(longer.measures.len(), from + 4);
        assert_eq!(excerpt(&longer, 0..from), excerpt(&whole, 0..from));
        let own = |score: &Score| score.notes[score.notes_in_measures(0..from)].to_vec();
        let ids = |score: &Score| own(score).iter().map(|note| note.id).collect::<Vec<_>>();
        assert_eq!(ids(&longer), ids(&whole));
        assert_eq!(Score { warnings: Vec::new(), ..back(&longer) }, longer);
    }
}

#[test]
fn what_a_piece_is_like_is_read_and_not_kept() {
    let like = piece(&PieceRequest::new(8, 3));
    let alone = piece(&PieceRequest::new(4, 7));
    let after = piece(&PieceRequest { like: Some(&like), ..PieceRequest::new(4, 7) });
    assert_eq!(after.measures.len(), 4);
    assert_eq!(after.time_signatures, like.time_signatures);
    assert_ne!(after.notes, alone.notes);
}

#[test]
fn writing_stops_when_it_is_cancelled() {
    let steps = Arc::new(AtomicUsize::new(0));
    let counted = steps.clone();
    let job = Job::new(move |_| _ = counted.fetch_add(1, Ordering::Relaxed));
    job.cancel();
    let found = NewPieces::new(Anything).write(&PieceRequest::new(64, 1), &job);
    assert!(matches!(found, Err(PieceError::Cancelled)));
    assert_eq!(steps.load(Ordering::Relaxed), 1);
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let writer = NewPieces::new(Anything);
    let found = writer.write(&PieceRequest::new(0, 1), &Job::default());
    assert!(matches!(found, Err(PieceError::Bars { found: 0 })));
}
