//! The performer with the weights that come with it, `models/pianist-transformer`.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use notation::{ImportOptions, Marks, Score, read_score};
use performance::cues::{CUES, Cue};
use performance::deadpan::VELOCITY;
use performance::midi::{ExportMode, ExportOptions, export, match_recording, read_performance};
use performance::{Performance, deadpan};
use performers::mood::Span;
use performers::{Amounts, Controls, Job, Mood, Pin, Region, Request, take};
use pianist_transformer::PianistTransformer;

const PRELUDE: &str = "chopin_prelude_op28_7.musicxml";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn performer() -> PianistTransformer {
    PianistTransformer::load(&root().join("models/pianist-transformer")).unwrap()
}

fn read(path: &Path) -> Score {
    read_score("x", &std::fs::read(path).unwrap(), &ImportOptions::default()).unwrap()
}

fn prelude() -> Score {
    read(&root().join("scores").join(PRELUDE))
}

/// The scores that come with Espressivo, with their file names.
fn scores() -> Vec<(String, Score)> {
    let entries = std::fs::read_dir(root().join("scores")).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|ending| ending == "musicxml")).collect();
    paths.sort();
    assert!(paths.len() >= 6, "{paths:?}");
    paths.iter().map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), read(path))).collect()
}

fn perform(
    performer: &PianistTransformer,
    score: &Score,
    region: &Region,
    context: Option<&Performance>,
    controls: &Controls,
) -> Performance {
    take::perform(performer, &Request { score, region, context, controls }, &Job::default()).unwrap()
}

fn whole(performer: &PianistTransformer, score: &Score, controls: &Controls) -> Performance {
    perform(performer, score, &Region::All, None, controls)
}

fn seeded(seed: u64) -> Controls {
    Controls { seed, ..Controls::default() }
}

/// Fails unless a file of a take has the notes of its score, and no others where the score has no
/// ornaments, whose keys are more than are written.
fn assert_file_has_every_note(name: &str, score: &Score, take: &Performance, mode: ExportMode) {
    let exported = export(score, take, &ExportOptions { mode, ..ExportOptions::default() }).unwrap();
    let file = read_performance(&exported.bytes).unwrap();
    let found = match_recording(score, &file);
    let notes = 0..score.notes.len() as u32;
    assert!(found.played.notes.iter().map(|note| note.note).eq(notes), "{name}: a note is lost");
    let ornaments = Marks::TRILL | Marks::MORDENT | Marks::TURN | Marks::TREMOLO;
    if !score.notes.iter().any(|note| note.marks.intersects(ornaments)) {
        let added = found.owners.iter().filter(|owner| owner.is_none()).count();
        assert_eq!(added, 0, "{name}: notes that the score does not have");
    }
}

#[test]
fn every_score_is_performed_bars_of_it_anew_and_its_file_read_back() {
    let performer = performer();
    for (name, score) in scores() {
        let take = whole(&performer, &score, &seeded(1));
        assert!(take.notes.iter().map(|note| note.note).eq(0..score.notes.len() as u32), "{name}");
        let region = Region::Measures(4..8);
        let inside = region.notes(&score);
        let anew = perform(&performer, &score, &region, Some(&take), &seeded(2));
        assert_eq!(anew.notes.len(), take.notes.len(), "{name}");
        let mut changed = 0;
        for (new, old) in anew.notes.iter().zip(&take.notes) {
            assert_eq!(new.note, old.note, "{name}");
            if inside.binary_search(&new.note).is_ok() {
                changed += usize::from(new != old);
                continue;
            }
            assert_eq!(new.onset_secs.to_bits(), old.onset_secs.to_bits(), "{name}: note {}", new.note);
            assert_eq!(new.duration_secs.to_bits(), old.duration_secs.to_bits(), "{name}: note {}", new.note);
            assert_eq!(new.velocity, old.velocity, "{name}: note {}", new.note);
        }
        assert!(changed > inside.len() / 2, "{name}: {changed} of {} notes changed", inside.len());
        for mode in [ExportMode::ScoreGrid, ExportMode::ExactTiming(120.0)] {
            assert_file_has_every_note(&name, &score, &anew, mode);
        }
    }
}

#[test]
fn the_seed_decides_and_without_temperature_nothing_does() {
    let (performer, score) = (performer(), prelude());
    let take = whole(&performer, &score, &seeded(1));
    assert_eq!(take, whole(&performer, &score, &seeded(1)));
    assert_ne!(take, whole(&performer, &score, &seeded(2)));
    let coldly = |seed| {
        let knobs = [("temperature".to_owned(), 0.0_f64.into())].into();
        whole(&performer, &score, &Controls { knobs, ..seeded(seed) })
    };
    let (cold, other) = (coldly(1), coldly(2));
    assert_eq!(cold.notes.len(), other.notes.len());
    for (a, b) in cold.notes.iter().zip(&other.notes) {
        // The steps of a rolled chord have some chance of their own (`performers::finish`).
        assert!(a.velocity == b.velocity && (a.onset_secs - b.onset_secs).abs() < 5e-3, "{a:?} {b:?}");
    }
    assert_ne!(cold, take);
}

/// The mean onsets of everything that starts together.
fn times(score: &Score, played: &Performance) -> Vec<f64> {
    let mean = |group: std::ops::Range<usize>| {
        let count = group.len() as f64;
        group.filter_map(|note| played.get(note as u32)).map(|note| note.onset_secs).sum::<f64>() / count
    };
    score.onset_groups().into_iter().map(mean).collect()
}

/// The standard deviation of some numbers.
fn deviation(numbers: &[f64]) -> f64 {
    let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
    (numbers.iter().map(|number| (number - mean).powi(2)).sum::<f64>() / numbers.len() as f64).sqrt()
}

fn velocities(played: &Performance) -> Vec<f64> {
    played.notes.iter().map(|note| f64::from(note.velocity)).collect()
}

#[test]
fn it_plays_with_expression() {
    let performer = performer();
    for (name, score) in scores() {
        let take = whole(&performer, &score, &seeded(1));
        let loudness = deviation(&velocities(&take));
        assert!(loudness > 3.0, "{name}: velocities deviate by {loudness:.2}");
        let (played, written) = (times(&score, &take), times(&score, &deadpan(&score)));
        let between = |times: &[f64]| times.windows(2).map(|two| two[1] - two[0]).collect::<Vec<f64>>();
        let pairs = between(&played).into_iter().zip(between(&written));
        let slowness: Vec<f64> = pairs.map(|(played, written)| (played.max(1e-3) / written).log2()).collect();
        let timing = deviation(&slowness);
        assert!(timing > 0.03, "{name}: log2 of times between onsets deviates by {timing:.3}");
        let lengths: Vec<f64> = take.notes.iter().map(|note| note.duration_secs).collect();
        assert!(lengths.iter().all(|secs| *secs > 0.0), "{name}");
    }
}

/// Bars of sixteen sixteenths.
fn long_score(bars: usize) -> Score {
    let mut xml = String::from(
        "<score-partwise><part-list><score-part id=\"P1\"><part-name>Piano</part-name></score-part>\
         </part-list><part id=\"P1\">",
    );
    for bar in 1..=bars {
        write!(xml, "<measure number=\"{bar}\">").unwrap();
        if bar == 1 {
            xml.push_str(
                "<attributes><divisions>4</divisions><time><beats>4</beats><beat-type>4</beat-type></time>\
                 </attributes>",
            );
        }
        for note in 0..16 {
            let (step, octave) =
                (["C", "D", "E", "F", "G", "A", "B"][(bar * 3 + note * 2) % 7], 3 + note % 3);
            write!(
                xml,
                "<note><pitch><step>{step}</step><octave>{octave}</octave></pitch><duration>1</duration></note>"
            )
            .unwrap();
        }
        xml.push_str("</measure>");
    }
    xml.push_str("</part></score-partwise>");
    read_score("long", xml.as_bytes(), &ImportOptions::default()).unwrap()
}

#[test]
fn the_first_notes_of_a_long_piece_are_handed_over_early() {
    let (performer, score) = (performer(), long_score(63));
    assert_eq!(score.notes.len(), 1008);
    let done: Arc<Mutex<f32>> = Arc::default();
    let heard: Arc<Mutex<Vec<(f32, usize)>>> = Arc::default();
    let (progress, parts) = (done.clone(), heard.clone());
    let job = Job::new(move |share| *progress.lock().unwrap() = share).with_partial(move |part| {
        let count = part.notes.len();
        assert!(part.notes.iter().map(|note| note.note).eq(0..count as u32), "not the first notes");
        parts.lock().unwrap().push((*done.lock().unwrap(), count));
    });
    let controls = seeded(1);
    let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
    let take = take::perform(&performer, &request, &job).unwrap();
    assert_eq!(take.notes.len(), score.notes.len());
    let heard = heard.lock().unwrap();
    let (share, count) = heard[0];
    assert!(share < 0.05 && (16..=48).contains(&count), "{count} notes when {share} was done");
    assert!(heard.iter().map(|(_, count)| *count).is_sorted() && heard.len() > 20, "{heard:?}");
    assert!(heard.last().unwrap().1 > 900, "{heard:?}");
}

#[test]
fn amounts_pins_and_moods_are_laid_over_what_it_plays() {
    let (performer, score) = (performer(), prelude());
    let plain = whole(&performer, &score, &seeded(1));

    let amounts = Amounts { dynamics: 0.0, ..Amounts::default() };
    let even = whole(&performer, &score, &Controls { amounts, ..seeded(1) });
    assert!(even.notes.iter().all(|note| note.velocity == VELOCITY));
    assert_eq!(times(&score, &even), times(&score, &plain));

    let pin = Pin { note: 40, velocity: Some(101), onset_secs: None, duration_secs: Some(1.25) };
    let pinned = whole(&performer, &score, &Controls { pins: vec![pin], ..seeded(1) });
    let note = pinned.get(40).unwrap();
    assert_eq!((note.velocity, note.duration_secs), (101, 1.25));

    let mut cues = [0.0; CUES];
    cues[Cue::Level as usize] = 1.0;
    let span = Span { from: score.notes[0].onset, to: score.end(), vector: vec![1.0], cues };
    let mood = Some(Mood { spans: vec![span], strength: 1.0 });
    let louder = whole(&performer, &score, &Controls { mood, ..seeded(1) });
    let mean = |played: &Performance| velocities(played).iter().sum::<f64>() / played.notes.len() as f64;
    let by = mean(&louder) - mean(&plain);
    assert!((3.0..9.0).contains(&by), "a mood of one deviation more is {by:.1} louder");
}
