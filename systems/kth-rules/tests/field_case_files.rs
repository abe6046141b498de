//! The small files of the kinds that readers and players get wrong, beside the data folder: each is
//! read, played and written as its README says.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::time::Instant;

use kth_rules::Rules;
use notation::smf::file::{Division, MidiFile};
use notation::{DirectionKind, ImportError, ImportOptions, Quarters, Score, read_score};
use performance::midi::{ExportOptions, export};
use performance::{Performance, deadpan};
use performers::{Controls, Job, Region, Request, take};

/// What is bounded by the size of the file takes less.
const MOST_SECS: f64 = 10.0;

/// `field-cases` beside the data folder.
fn folder() -> PathBuf {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"));
    let data = std::env::var_os("ESPRESSIVO_DATA").map_or_else(beside, PathBuf::from);
    data.parent().unwrap().join("field-cases")
}

fn read(path: &Path) -> Result<Score, ImportError> {
    let name = path.file_name().unwrap().to_string_lossy();
    read_score(&name, &std::fs::read(path).unwrap(), &ImportOptions::default())
}

fn rules(score: &Score) -> Performance {
    let controls = Controls { seed: 1, ..Controls::default() };
    let request = Request { score, region: &Region::All, context: None, controls: &controls };
    take::perform(&Rules::default(), &request, &Job::default()).unwrap()
}

fn pitches(score: &Score) -> Vec<u8> {
    score.notes.iter().map(|n| n.pitch).collect()
}

fn q(numerator: i64, denominator: i64) -> Quarters {
    Quarters::new(numerator, denominator)
}

/// Pitch, onset and end of every note, in quarters.
fn sounding(score: &Score) -> Vec<(u8, Quarters, Quarters)> {
    score.notes.iter().map(|n| (n.pitch, n.onset, n.offset())).collect()
}

fn onsets(played: &Performance) -> Vec<f64> {
    let mut onsets: Vec<f64> = played.notes.iter().map(|n| n.onset_secs).collect();
    onsets.sort_by(f64::total_cmp);
    onsets
}

fn end_secs(played: &Performance) -> f64 {
    played.notes.iter().map(|n| n.onset_secs + n.duration_secs).fold(0.0, f64::max)
}

/// Starts and ends of the notes of a literal export on the grid, in hundredths of a quarter, in order.
fn strokes(score: &Score) -> Vec<(i64, i64)> {
    let file =
        MidiFile::read(&export(score, &deadpan(score), &ExportOptions::default()).unwrap().bytes).unwrap();
    let Division::PerQuarter(ticks) = file.division else { panic!("seconds") };
    let quarters = |tick: u64| (tick as f64 / f64::from(ticks) * 100.0).round() as i64;
    let notes = file.tracks.iter().flat_map(|track| &track.notes);
    let mut strokes: Vec<(i64, i64)> = notes.map(|n| (quarters(n.on_tick), quarters(n.off_tick))).collect();
    strokes.sort_unstable();
    strokes
}

fn starts(score: &Score) -> Vec<i64> {
    strokes(score).into_iter().map(|(on, _)| on).collect()
}

fn all_close(found: &[f64], expected: &[f64]) -> bool {
    found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6)
}

#[test]
#[ignore = "needs the data folder"]
fn every_file_is_read_and_played_as_it_should_be_needs_data() {
    let mut count = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "md") {
            check(&path);
            count += 1;
        }
    }
    assert!(count >= 26, "{count}");
}

fn check(path: &Path) {
    let name = path.file_name().unwrap().to_str().unwrap();
    let started = Instant::now();
    let read = read(path);
    match name {
        "track-length-too-long.mid" => assert!(read.is_ok_and(|score| score.notes.len() == 5), "{name}"),
        "track-cut-by-long-length.mid" => {
            let is_told = |score: &Score| score.warnings.iter().any(|w| w.place.part.is_some());
            assert!(read.is_ok_and(|score| score.notes.len() == 100 || is_told(&score)), "{name}");
        }
        _ => {
            let score = read.unwrap();
            check_reading(name, &score);
            check_playing(name, &score);
        }
    }
    let secs = started.elapsed().as_secs_f64();
    assert!(secs < MOST_SECS, "{name}: {secs} s");
}

/// What is in the score.
fn check_reading(name: &str, score: &Score) {
    let (c, d, e, f) = (60, 62, 64, 65);
    let expected: &[u8] = match name {
        "dc-al-fine.musicxml" | "words-only-jump.musicxml" | "jump-at-bar-start.musicxml" => &[c, d, e, c],
        "fine-in-repeat.musicxml" => &[c, c, d, c, c],
        "dc-senza-repetizione.musicxml" => &[c, c, d, c],
        "voltas-that-touch.musicxml" => &[c, d, e, f],
        _ => return check_details(name, score),
    };
    assert_eq!(pitches(score), expected, "{name}");
    assert!(score.notes.windows(2).all(|w| w[0].onset < w[1].onset), "{name}: never two at once");
}

fn check_details(name: &str, score: &Score) {
    let count = score.notes.len();
    match name {
        "tie-rounded.musicxml" => {
            let last = score.notes.iter().find(|n| n.pitch == 71).unwrap();
            assert_eq!((count, last.duration), (4, q(8, 3)));
        }
        "tie-to-later-chord.musicxml" => {
            let expected = [(60, 0), (64, 1), (67, 2), (72, 3)].map(|(pitch, on)| (pitch, q(on, 1), q(8, 1)));
            assert_eq!(sounding(score), expected);
        }
        "dynamics-in-notations.musicxml" => {
            let levels = score.directions.iter().filter(|d| matches!(d.kind, DirectionKind::Dynamic(_)));
            assert_eq!(levels.count(), 2);
        }
        "note-dynamics-0.musicxml" | "running-status-after-meta.mid" => assert_eq!(count, 3, "{name}"),
        "tie-into-second-volta.musicxml" => {
            let g = score.notes.iter().filter(|n| n.pitch == 67).count();
            assert_eq!((count, g), (6, 2), "one G in each pass");
        }
        "after-grace-repeat.musicxml" => {
            let graces: Vec<Quarters> =
                score.notes.iter().filter(|n| n.grace.is_some()).map(|n| n.onset).collect();
            assert_eq!((count, graces), (7, vec![q(4, 1), q(4, 1), q(8, 1), q(8, 1)]));
        }
        "empty-bar.musicxml" => {
            let d = score.notes.iter().find(|n| n.pitch == 62).unwrap();
            assert_eq!((score.measures.len(), d.onset), (3, q(8, 1)));
        }
        "mxl-finder-copy.mxl" => assert_eq!(count, 4),
        "time-only.musicxml" => {
            let e = score.notes.iter().find(|n| n.pitch == 76).unwrap();
            assert_eq!((count, e.onset), (3, q(4, 1)));
        }
        "escape-in-title.musicxml" => {
            assert!(!score.title.as_deref().unwrap_or_default().contains(char::is_control));
        }
        "swing.musicxml" => {
            assert_eq!(
                score.notes.iter().map(|n| n.onset).collect::<Vec<_>>(),
                [q(0, 1), q(1, 2), q(1, 1), q(3, 2)]
            );
        }
        "metric-modulation.musicxml"
        | "one-key-two-voices.musicxml"
        | "grace-chord.musicxml"
        | "tempo-inside-beat.musicxml"
        | "trill-without-end.musicxml"
        | "chord-of-300.musicxml" => {}
        other => panic!("what is right for {other} is not said here"),
    }
}

/// What is heard, and written as MIDI.
fn check_playing(name: &str, score: &Score) {
    let played = deadpan(score);
    match name {
        "metric-modulation.musicxml" => assert!((end_secs(&played) - 3.6).abs() < 1e-6),
        "tempo-inside-beat.musicxml" => {
            assert!((end_secs(&played) - 1.75).abs() < 1e-6);
            assert_eq!(starts(score), [0, 50, 100, 150]);
        }
        "one-key-two-voices.musicxml" => {
            let strokes = strokes(score);
            assert_eq!(strokes.iter().map(|(on, _)| *on).collect::<Vec<_>>(), [0, 100, 200, 300]);
            assert!(strokes.windows(2).all(|w| w[0].1 <= w[1].0), "{strokes:?}");
        }
        // At the hundred quarters a minute of a score without a tempo.
        "swing.musicxml" => assert!(all_close(&onsets(&played), &[0.0, 0.4, 0.6, 1.0])),
        "grace-chord.musicxml" => {
            for played in [played, rules(score)] {
                let onset = |pitch: u8| {
                    let index = score.notes.iter().position(|n| n.pitch == pitch).unwrap() as u32;
                    played.get(index).unwrap().onset_secs
                };
                assert!((onset(67) - onset(71)).abs() < 0.03, "within 30 ms");
                assert!(onset(67).max(onset(71)) < onset(72), "before their note");
            }
        }
        "after-grace-repeat.musicxml" => {
            for played in [played, rules(score)] {
                for (n, note) in score.notes.iter().enumerate().filter(|(_, n)| n.grace.is_some()) {
                    let main = score.notes.iter().position(|m| m.grace.is_none() && m.onset == note.onset);
                    let onset = |n: usize| played.get(n as u32).unwrap().onset_secs;
                    assert!(onset(n) < onset(main.unwrap()), "{} before {}", note.id, note.onset);
                }
            }
        }
        "dynamics-in-notations.musicxml" => {
            let played = rules(score);
            let velocity = |notes: std::ops::Range<usize>| {
                let count = notes.len() as f64;
                notes.map(|n| f64::from(played.get(n as u32).unwrap().velocity)).sum::<f64>() / count
            };
            assert!(velocity(4..8) > velocity(0..4) + 10.0, "the second bar is louder");
        }
        "trill-without-end.musicxml" => {
            let strokes = export(score, &played, &ExportOptions::default()).unwrap();
            assert!(strokes.bytes.len() < 100_000_000);
        }
        _ => assert_eq!(played.notes.len(), score.notes.len(), "{name}"),
    }
}
