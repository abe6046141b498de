//! How long 10,000 notes take through the codec and back; the goal is 10 ms.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use notation::{Note, Quarters, Score};
use performance::{Performance, PlayedNote, codec};

/// Chords of one to four notes on eighths and triplets, played with a swaying tempo.
fn piece(notes: usize) -> (Score, Performance) {
    let mut score = Score::default();
    let mut played = Performance::default();
    let mut at = Quarters::ZERO;
    for n in 0..notes {
        if n % 5 != 1 && n % 7 != 2 {
            at += if n % 3 == 0 { Quarters::new(1, 3) } else { Quarters::new(1, 2) };
        }
        score.notes.push(Note {
            onset: at,
            duration: Quarters::new(1, 2),
            pitch: 40 + (n * 7 % 48) as u8,
            staff: 1 + (n % 2) as u8,
            ..Note::default()
        });
        played.notes.push(PlayedNote {
            note: n as u32,
            onset_secs: at.to_f64() * 0.6 + 0.2 * (n as f64 * 0.01).sin() + 0.003 * (n % 4) as f64,
            duration_secs: 0.2 + 0.01 * (n % 20) as f64,
            velocity: 40 + (n % 60) as u8,
        });
    }
    (score, played)
}

fn round_trip(criterion: &mut Criterion) {
    let (score, played) = piece(10_000);
    criterion.bench_function("codec round trip of 10,000 notes", |bencher| {
        bencher.iter(|| codec::decode(&score, &codec::encode(black_box(&score), black_box(&played))));
    });
}

criterion_group!(benches, round_trip);
criterion_main!(benches);
