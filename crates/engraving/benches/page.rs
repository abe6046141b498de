//! Speed of engraving a score of about 5,000 notes.
//!
//! `cargo bench -p engraving --bench page` prints the time to the first system and to all of them, in this
//! process and in one of its own, and the time to draw a system with 12 pixels a staff space.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::sync::LazyLock;

use divan::Bencher;
use engraving::{Engraver, System};
use notation::{Measure, Note, NoteId, Part, Quarters, Score, TimeSignature};

const WIDTH: f32 = 100.0;

static SCORE: LazyLock<Score> = LazyLock::new(made_up);

/// 240 bars of sixteenths in the right hand and chords in the left.
fn made_up() -> Score {
    let time = TimeSignature::default();
    let mut score = Score {
        parts: vec![Part { id: "P1".into(), name: String::new(), staves: 2 }],
        time_signatures: vec![(Quarters::ZERO, time)],
        ..Score::default()
    };
    for bar in 0..240 {
        let measure = Measure::regular(bar, time);
        for k in 0..16 {
            let onset = measure.start + Quarters::new(k, 4);
            let pitch = 64 + ((7 * k + i64::from(bar)) % 17) as u8;
            let note = Note { onset, duration: Quarters::new(1, 4), pitch, measure: bar, ..Note::default() };
            score.notes.push(note);
        }
        for (k, pitch) in [40, 47, 52, 56, 59].into_iter().enumerate() {
            let onset = measure.start + Quarters::whole(if k == 0 { 0 } else { 2 });
            let left = Note { onset, pitch, measure: bar, staff: 2, voice: 2, ..Note::default() };
            score.notes.push(Note { duration: Quarters::whole(2), ..left });
        }
        score.measures.push(measure);
    }
    score.notes.sort_by_key(|note| (note.onset, note.pitch));
    for (k, note) in score.notes.iter_mut().enumerate() {
        note.id = NoteId { written: k as u32, pass: 1 };
    }
    score
}

fn main() {
    divan::main();
}

/// The systems up to a number.
fn systems(most: usize) -> Vec<System> {
    let count = std::cell::Cell::new(0);
    let mut systems = Vec::new();
    let ready = |number: usize, system| {
        systems.truncate(number);
        systems.push(system);
        count.set(count.get() + 1);
    };
    Engraver::new(&SCORE).unwrap().systems(WIDTH, || count.get() >= most, ready).unwrap();
    systems
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn first_system() -> Vec<System> {
    systems(1)
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn all_systems() -> Vec<System> {
    systems(usize::MAX)
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn draw(bencher: Bencher<'_, '_>) {
    let systems = systems(1);
    bencher.bench_local(|| systems[0].draw(12.0).unwrap());
}

/// After the others, since there is no way back.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn z_all_systems_apart() -> Vec<System> {
    let program = std::env::var_os("ESPRESSIVO_ENGRAVER").map(PathBuf::from);
    if let Some(program) = program {
        engraving::run_apart(program, Vec::new());
    }
    systems(usize::MAX)
}
