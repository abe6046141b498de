//! The published network, against its own package.

#![allow(clippy::unwrap_used)]

use std::convert::Infallible;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde::Deserialize;
use transcription::{SAMPLE_RATE, Samples, TranscribeError, Transcriber, Transcription};

/// What `scripts/transkun_fixture.py` wrote.
#[derive(Deserialize)]
struct Fixture {
    /// Pitch, velocity, onset and end.
    events: Vec<(i16, u8, f64, f64)>,
}

/// Sound in memory.
struct Sound {
    samples: Vec<f32>,
    at: usize,
}

impl Samples for Sound {
    type Error = Infallible;

    fn read(&mut self, into: &mut [f32]) -> Result<usize, Infallible> {
        let count = into.len().min(self.samples.len() - self.at);
        into[..count].copy_from_slice(&self.samples[self.at..][..count]);
        self.at += count;
        Ok(count)
    }

    fn length_hint(&self) -> Option<u64> {
        Some(self.samples.len() as u64)
    }
}

/// The folder in which the set-up puts the network: `application::Folders` tells the app.
fn transcriber() -> Transcriber {
    let path = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let data = || {
        if cfg!(target_os = "windows") {
            path("APPDATA")
        } else if cfg!(target_os = "macos") {
            path("HOME").map(|home| home.join("Library/Application Support"))
        } else {
            path("XDG_DATA_HOME").or_else(|| path("HOME").map(|home| home.join(".local/share")))
        }
    };
    let app = || path("ESPRESSIVO_DATA_HOME").or_else(|| data().map(|d| d.join("org.espressivo.studio")));
    let folder = path("ESPRESSIVO_TRANSCRIBER").or_else(|| app().map(|app| app.join("transcriber"))).unwrap();
    Transcriber::load(&folder).unwrap()
}

/// The notes of the script: pitch, onset, end and loudness.
const NOTES: [(i32, f64, f64, f64); 13] = [
    (60, 0.5, 1.4, 0.10),
    (64, 0.5, 1.4, 0.07),
    (67, 0.5, 1.4, 0.08),
    (72, 0.9, 1.3, 0.12),
    (48, 1.5, 3.4, 0.15),
    (74, 1.5, 1.9, 0.06),
    (76, 2.0, 2.4, 0.09),
    (77, 2.5, 2.8, 0.13),
    (79, 2.9, 3.3, 0.16),
    (36, 3.5, 5.5, 0.20),
    (55, 3.6, 4.6, 0.05),
    (84, 4.0, 4.2, 0.12),
    (84, 4.4, 5.2, 0.04),
];

/// The sound of the script: decaying harmonics, rounded to 16 bits.
fn chords() -> Sound {
    let sample = |k: u32| {
        let t = f64::from(k) / f64::from(SAMPLE_RATE);
        let note = |&(pitch, onset, end, loudness): &(i32, f64, f64, f64)| -> f64 {
            let since = t - onset;
            if since < 0.0 {
                return 0.0;
            }
            let turns = 440.0 * (f64::from(pitch - 69) / 12.0).exp2() * since * std::f64::consts::TAU;
            let envelope = (-40.0 * (t - end).max(0.0)).exp();
            let harmonic = |k: f64| loudness / k * (-(1.0 + 0.6 * k) * since).exp() * (turns * k).sin();
            (1..=8).map(|k| harmonic(f64::from(k))).sum::<f64>() * envelope
        };
        ((NOTES.iter().map(note).sum::<f64>() * 32768.0).round() / 32768.0) as f32
    };
    Sound { samples: (0..6 * SAMPLE_RATE).map(sample).collect(), at: 0 }
}

/// Notes and pedals as the fixture has them.
fn events(found: &Transcription) -> Vec<(i16, u8, f64, f64)> {
    let notes = found.notes.iter().map(|n| (i16::from(n.pitch), n.velocity, n.onset_secs, n.end_secs));
    let pedals = found.pedal.chunks(2).map(|p| (-64, p[0].1, p[0].0, p[1].0));
    let mut events: Vec<_> = notes.chain(pedals).collect();
    events.sort_by(|a, b| a.2.total_cmp(&b.2).then(a.3.total_cmp(&b.3)).then(a.0.cmp(&b.0)));
    events
}

/// Values from `scripts/transkun_fixture.py`.
#[test]
#[ignore = "needs the transcriber"]
fn chords_are_heard_as_the_package_hears_them_needs_transcriber() {
    let fixture: Fixture = serde_json::from_str(include_str!("fixtures/chords.json")).unwrap();
    // The soft pedal is left out.
    let expected: Vec<_> = fixture.events.into_iter().filter(|event| event.0 != -67).collect();
    let found = transcriber().transcribe(&mut chords(), &mut |_| true).unwrap();
    let found = events(&found);
    assert_eq!(found.len(), expected.len(), "{found:?}\n{expected:?}");
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!((found.0, found.1), (expected.0, expected.1), "{found:?}, {expected:?}");
        let off = (found.2 - expected.2).abs().max((found.3 - expected.3).abs());
        assert!(off < 1e-3, "{found:?}, {expected:?}");
    }
    assert!(found.len() > 5);
}

#[test]
#[ignore = "needs the transcriber"]
fn a_cancelled_transcription_ends_within_a_fifth_of_a_second_needs_transcriber() {
    let transcriber = transcriber();
    let (start, mut asked) = (Instant::now(), None);
    let found = transcriber.transcribe(&mut chords(), &mut |_| {
        let is_wanted = start.elapsed() < Duration::from_millis(700);
        if !is_wanted {
            asked.get_or_insert_with(Instant::now);
        }
        is_wanted
    });
    assert!(matches!(found, Err(TranscribeError::Cancelled)));
    let waited = asked.unwrap().elapsed();
    assert!(waited < Duration::from_millis(200), "{waited:?}");
}
