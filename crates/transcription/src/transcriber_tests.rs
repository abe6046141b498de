#![allow(clippy::unwrap_used)]

use std::convert::Infallible;
use std::time::{Duration, Instant};

use super::*;
use crate::tiny;

/// Sound in memory, given in blocks of a fixed length.
struct Sound<'a> {
    samples: &'a [f32],
    block: usize,
    is_known: bool,
}

impl Samples for Sound<'_> {
    type Error = Infallible;

    fn read(&mut self, into: &mut [f32]) -> Result<usize, Infallible> {
        let count = self.block.min(into.len()).min(self.samples.len());
        let (now, later) = self.samples.split_at(count);
        into[..count].copy_from_slice(now);
        self.samples = later;
        Ok(count)
    }

    fn length_hint(&self) -> Option<u64> {
        self.is_known.then_some(self.samples.len() as u64)
    }
}

fn tiny_transcriber() -> Transcriber {
    let folder = tempfile::tempdir().unwrap();
    tiny::save(folder.path());
    Transcriber::load(folder.path()).unwrap()
}

fn notes_of(transcriber: &Transcriber, samples: &[f32], block: usize) -> Transcription {
    let mut sound = Sound { samples, block, is_known: true };
    transcriber.transcribe(&mut sound, &mut |_| true).unwrap()
}

#[test]
fn the_same_sound_has_the_same_notes_however_it_comes() {
    let transcriber = tiny_transcriber();
    let samples = tiny::numbers(150_000, 4);
    let whole = notes_of(&transcriber, &samples, usize::MAX);
    assert!(whole.notes.len() > 10, "{}", whole.notes.len());
    assert_eq!(whole.length_secs, 150_000.0 / 44_100.0);
    assert_eq!(notes_of(&transcriber, &samples, 777), whole);
    for pair in whole.notes.windows(2) {
        assert!(pair[0].onset_secs <= pair[1].onset_secs);
    }
    for note in &whole.notes {
        assert!((21..=108).contains(&note.pitch) && note.velocity < 128, "{note:?}");
        assert!(0.0 <= note.onset_secs && note.onset_secs < note.end_secs, "{note:?}");
        let of_pitch = whole.notes.iter().filter(|n| n.pitch == note.pitch);
        let overlaps =
            |n: &&crate::TranscribedNote| n.onset_secs < note.end_secs && note.onset_secs < n.end_secs;
        assert_eq!(of_pitch.filter(overlaps).count(), 1, "{note:?}");
    }
    assert!(whole.pedal.is_sorted_by(|a, b| a.0 <= b.0));
}

/// What was heard in silence is kept, and is what it is without.
#[test]
fn silence_is_heard_once() {
    let transcriber = tiny_transcriber();
    let first = notes_of(&transcriber, &[0.0; 200_000], usize::MAX);
    assert!(transcriber.silence.get().is_some());
    assert_eq!(notes_of(&transcriber, &[0.0; 200_000], usize::MAX), first);
}

#[test]
fn progress_grows_to_the_whole() {
    let transcriber = tiny_transcriber();
    let samples = tiny::numbers(150_000, 4);
    for is_known in [true, false] {
        let mut seen = Vec::new();
        let mut sound = Sound { samples: &samples, block: 5000, is_known };
        transcriber
            .transcribe(&mut sound, &mut |progress| {
                seen.push(progress);
                true
            })
            .unwrap();
        let secs = 150_000.0 / 44_100.0;
        assert!(seen.is_sorted_by(|a, b| a.done_secs <= b.done_secs || !is_known), "{seen:?}");
        assert_eq!(seen.last(), Some(&Progress { done_secs: secs, whole_secs: Some(secs) }));
        assert_eq!(seen[0], Progress { done_secs: 0.0, whole_secs: is_known.then_some(secs) });
        assert!(seen.len() > 5);
    }
}

#[test]
fn nobody_waits_for_what_is_cancelled() {
    let transcriber = tiny_transcriber();
    let samples = tiny::numbers(44_100 * 60, 4);
    let start = Instant::now();
    let mut calls = 0;
    let mut sound = Sound { samples: &samples, block: usize::MAX, is_known: true };
    let found = transcriber.transcribe(&mut sound, &mut |_| {
        calls += 1;
        calls < 4
    });
    assert!(matches!(found, Err(TranscribeError::Cancelled)));
    assert_eq!(calls, 4);
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn failures_say_what_and_where() {
    let folder = tempfile::tempdir().unwrap();
    let error = Transcriber::load(folder.path()).err().unwrap();
    assert!(matches!(error, LoadError::Missing { .. }) && error.to_string().contains("cargo xtask setup"));
    tiny::save(folder.path());
    std::fs::write(folder.path().join("model.safetensors"), b"{}").unwrap();
    let error = Transcriber::load(folder.path()).err().unwrap();
    assert!(error.to_string().contains("model.safetensors"), "{error}");
    let mut samples = tiny::numbers(60_000, 4);
    samples[50_000] = f32::INFINITY;
    let mut sound = Sound { samples: &samples, block: 1000, is_known: true };
    let error = tiny_transcriber().transcribe(&mut sound, &mut |_| true).unwrap_err();
    assert_eq!(error.to_string(), "the sound is damaged at 1.1 s: a sample is no finite number");
}

#[test]
fn an_empty_sound_has_no_length() {
    assert_eq!(notes_of(&tiny_transcriber(), &[], 10).length_secs, 0.0);
}
