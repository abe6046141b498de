#![allow(clippy::unwrap_used)]

use super::*;
use crate::document::{Document, Source};
use performance::midi::read_performance;
use protocol::VersionId;

fn minuet() -> Document {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scores/petzold_minuet_g.musicxml");
    let bytes = std::fs::read(path).unwrap();
    Document::new(Source { name: "minuet.musicxml".into(), bytes, as_written: false }).unwrap()
}

fn sustain(time_secs: f64, value: u8) -> PedalEvent {
    PedalEvent { time_secs, pedal: Pedal::Sustain, value }
}

#[test]
fn an_excerpt_starts_with_its_bar_and_the_pedal_is_as_it_was() {
    let document = minuet();
    let mut played = (**document.performance(VersionId::Deadpan).unwrap()).clone();
    let start_secs = played.notes[document.score().notes_in_measures(2..4).start].onset_secs;
    played.pedals = vec![
        sustain(0.5, 90),
        sustain(start_secs + 0.2, 0),
        sustain(start_secs + 0.4, 70),
        sustain(100.0, 0),
    ];
    let part = excerpt(document.score(), &played, &(2..4));
    let wanted = document.score().notes_in_measures(2..4);
    assert_eq!(part.notes.len(), wanted.len());
    for (n, note) in wanted.zip(&part.notes) {
        assert_eq!(note.note as usize, n);
        assert!((note.onset_secs - (played.notes[n].onset_secs - start_secs)).abs() < 1e-9);
    }
    let values: Vec<u8> = part.pedals.iter().map(|p| p.value).collect();
    assert_eq!(values, [90, 0, 70, 0], "down as before the bars, and up at their end");
    assert!(part.pedals[0].time_secs == 0.0 && (part.pedals[1].time_secs - 0.2).abs() < 1e-9);
    let longest = part.notes.iter().map(|n| n.onset_secs + n.duration_secs).fold(0.0, f64::max);
    assert!(part.pedals[3].time_secs >= longest - 1e-9);
}

#[test]
fn exact_timing_keeps_every_moment_to_the_millisecond() {
    let document = minuet();
    let bytes = midi(
        document.score(),
        document.performance(VersionId::Deadpan).unwrap(),
        None,
        MidiMode::ExactTiming(97.0),
    )
    .unwrap();
    let midi = read_performance(&bytes).unwrap();
    let mut onsets: Vec<f64> =
        document.performance(VersionId::Deadpan).unwrap().notes.iter().map(|n| n.onset_secs).collect();
    onsets.sort_by(f64::total_cmp);
    for (expected, note) in onsets.iter().zip(&midi.notes) {
        assert!((expected - note.onset_secs).abs() <= 0.001, "{expected} {}", note.onset_secs);
    }
    let nothing = Performance::default();
    assert!(
        super::midi(document.score(), &nothing, None, MidiMode::ScoreGrid)
            .unwrap_err()
            .contains("no played notes")
    );
}

#[test]
fn sound_is_written_whole_or_not_at_all() {
    let document = minuet();
    let piano = Piano::generated().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("minuet.wav");
    let stop = AtomicBool::new(false);
    let mut last = 0.0;
    let write = |stop: &AtomicBool, bars: Option<&Bars>, progress: &mut dyn FnMut(f32)| {
        wav(
            &path,
            document.score(),
            document.performance(VersionId::Deadpan).unwrap(),
            bars,
            &piano,
            stop,
            progress,
        )
    };
    write(&stop, Some(&(0..2)), &mut |done| last = done).unwrap();
    assert!(last > 0.3, "{last}");
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!((&bytes[..4], bytes[34]), (&b"RIFF"[..], 24), "24 bits");
    // Two bars at 112 quarters a minute, and what rings on.
    let secs = bytes.len() as f64 / (6.0 * f64::from(SAMPLE_RATE_HZ));
    assert!(secs > 6.0 * 60.0 / 112.0 && secs < 14.0, "{secs}");
    stop.store(true, Ordering::Relaxed);
    assert!(matches!(write(&stop, None, &mut |_| ()), Err(SoundError::Cancelled)));
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "the older file is as it was");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}
