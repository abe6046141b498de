//! Whatever is played on a keyboard is aligned with a score that has repeats.
#![no_main]

use std::sync::LazyLock;

use alignment::bars::{Figures, figures, path};
use alignment::{Alignment, Role, match_as_played};
use notation::Score;
use performance::midi::{MidiNote, PlayedMidi};

/// A minuet with two repeated passages.
static MINUET: LazyLock<Score> = LazyLock::new(|| {
    let file = include_bytes!("../../scores/petzold_minuet_g.musicxml");
    notation::read_score("minuet", file, &Default::default()).expect("the minuet is whole")
});

/// So many keys are as good as more, and each input is quick.
const MOST_KEYS: usize = 2000;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let notes = keys(bytes);
    let (given, unfolded) =
        match_as_played(&MINUET, &PlayedMidi { notes: notes.clone(), pedals: Vec::new() });
    let score = unfolded.as_ref().unwrap_or(&MINUET);
    espressivo_fuzz::check_score(score);
    check_alignment(score, &notes, &given.alignment);
    check_figures(score, &notes, &figures(score, &notes, &given.alignment));
    let (count, played) = (score.notes.len() as u32, &given.matched.played.notes);
    assert!(played.is_sorted_by(|a, b| a.note < b.note) && played.iter().all(|note| note.note < count));
    assert!(given.matched.owners.iter().flatten().all(|note| *note < count));
});

/// A key for each two bytes: its pitch, and the wait before it, in steps that grow from 4 ms to two seconds.
fn keys(bytes: &[u8]) -> Vec<MidiNote> {
    let mut onset_secs = 0.0;
    let key = |pair: &[u8]| {
        onset_secs += 2.0 * (f64::from(pair[1]) / 255.0).powi(3) + if pair[1] > 127 { 0.004 } else { 0.0 };
        MidiNote { onset_secs, duration_secs: 0.2, pitch: pair[0] & 127, velocity: 64, track: 0 }
    };
    bytes.chunks_exact(2).take(MOST_KEYS).map(key).collect()
}

/// Panics unless each key has one role, stretches follow one another, and notes are those of the score.
fn check_alignment(score: &Score, heard: &[MidiNote], found: &Alignment) {
    let count = score.notes.len() as u32;
    assert_eq!(found.roles.len(), heard.len());
    assert!(found.roles.iter().filter_map(|role| role.note()).all(|note| note < count));
    let mut next = 0;
    for stretch in &found.stretches {
        assert_eq!(stretch.keys.start, next);
        next = stretch.keys.end;
        assert!(stretch.notes.end <= count && stretch.missed.is_sorted_by(|a, b| a.note < b.note));
        let mut notes: Vec<u32> = found.roles[stretch.keys.clone()]
            .iter()
            .filter_map(|role| match role {
                Role::Note(note) | Role::Wrong(note) => Some(*note),
                Role::Ornament(_) | Role::Extra => None,
            })
            .collect();
        notes.sort_unstable();
        assert!(notes.windows(2).all(|pair| pair[0] < pair[1]), "a note is played once in one go");
    }
    assert!(found.stretches.is_empty() || next == heard.len());
}

/// Panics unless each key is counted once and all times are times.
fn check_figures(score: &Score, heard: &[MidiNote], found: &Figures) {
    let counted: u32 = found.bars.iter().map(|bar| bar.right + bar.wrong + bar.ornaments).sum();
    assert_eq!(counted as usize + found.extra.len(), heard.len());
    assert_eq!(found.bars.iter().map(|bar| bar.wrong as usize).sum::<usize>(), found.wrong.len());
    assert_eq!(found.bars.iter().map(|bar| bar.missed as usize).sum::<usize>(), found.missed.len());
    for bar in &found.bars {
        assert!((bar.measure as usize) < score.measures.len());
        assert!(bar.secs.start.is_finite() && bar.secs.end.is_finite());
        assert!(bar.beats_a_minute.is_none_or(|speed| speed.is_finite() && speed > 0.0));
    }
    assert!(found.hesitations.iter().all(|wait| wait.excess_secs > 0.0 && wait.after < wait.before));
    let measures: usize = path(score, found).iter().map(|run| run.measures.len()).sum();
    assert_eq!(measures, found.bars.len());
}
