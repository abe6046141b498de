//! The groove performer with a tiny network of random weights.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::{Arc, Mutex};

use cadenza::groove::{FURTHEST_QUARTERS, Groove};
use common::write_model;
use notation::Score;
use notation::smf::file::MidiFile;
use performance::midi::{ExportMode, ExportOptions, export};
use performance::{Performance, PlayedNote, deadpan};
use performers::{BaseTempo, Controls, Job, PerformError, Performer, Region, Request, Run, take};
use twins::minuet;

fn performer() -> Groove {
    let folder = tempfile::tempdir().unwrap();
    write_model(folder.path(), |_, _| {});
    Groove::load(folder.path()).unwrap()
}

fn perform(performer: &Groove, score: &Score, controls: &Controls) -> Performance {
    let request = Request { score, region: &Region::All, context: None, controls };
    take::perform(performer, &request, &Job::default()).unwrap()
}

fn seeded(seed: u64) -> Controls {
    Controls { seed, base_tempo: BaseTempo::Bpm(96.0), ..Controls::default() }
}

fn with(seed: u64, knob: &str, value: f64) -> Controls {
    let mut controls = seeded(seed);
    controls.knobs.insert(knob.into(), value.into());
    controls
}

#[test]
fn every_note_is_played_once_and_seeds_differ() {
    let (performer, score) = (performer(), minuet());
    let take = perform(&performer, &score, &seeded(1));
    assert!(take.notes.iter().map(|n| n.note).eq(0..score.notes.len() as u32));
    assert!(take.pedals.is_empty());
    assert_eq!(take, perform(&performer, &score, &seeded(1)));
    assert_ne!(take, perform(&performer, &score, &seeded(2)));
    assert_eq!(
        perform(&performer, &score, &with(1, "variety", 0.0)),
        perform(&performer, &score, &with(2, "variety", 0.0))
    );
}

#[test]
fn nothing_of_it_is_the_score_played_literally() {
    let (performer, score) = (performer(), minuet());
    let take = perform(&performer, &score, &with(1, "amount", 0.0));
    let literal = deadpan(&score);
    let factor = take.notes.last().unwrap().onset_secs / literal.notes.last().unwrap().onset_secs;
    for (note, literal) in take.notes.iter().zip(&literal.notes) {
        assert_eq!(note.velocity, 64);
        if score.notes[note.note as usize].grace.is_none() {
            let off = note.onset_secs - factor * literal.onset_secs;
            assert!(off.abs() < 1e-6, "{off}");
        }
    }
}

/// Twice as far from the grid at twice the amount, where there is room; velocities but for rounding.
#[test]
fn amounts_scale_velocity_and_timing() {
    let (performer, score, job) = (performer(), minuet(), Job::default());
    let [literal, half, whole] = [0.0, 0.5, 1.0].map(|amount| {
        let controls = with(1, "amount", amount);
        let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
        performer.perform(&request, &Run::of(&job)).unwrap()
    });
    let mut moved = 0;
    for ((half, whole), literal) in half.notes.iter().zip(&whole.notes).zip(&literal.notes) {
        let off = |note: &PlayedNote| (note.onset_secs - literal.onset_secs, f64::from(note.velocity) - 64.0);
        let ((half_secs, half_loud), (secs, loud)) = (off(half), off(whole));
        assert!((loud - 2.0 * half_loud).abs() <= 2.0, "{half_loud} and {loud}");
        moved += usize::from((secs - 2.0 * half_secs).abs() < 1e-9 && secs.abs() > 1e-3);
    }
    assert!(moved > score.notes.len() / 2, "{moved}");
}

/// The file has one tempo, its bar lines are where the metre says, and every note is as near to its place as
/// micro-timing goes.
#[test]
fn a_file_of_fixed_tempo_keeps_its_bars_and_its_micro_timing() {
    let (performer, score) = (performer(), minuet());
    let take = perform(&performer, &score, &seeded(1));
    let write = |mode| export(&score, &take, &ExportOptions { mode, ..ExportOptions::default() }).unwrap();
    let grid = MidiFile::read(&write(ExportMode::ScoreGrid).bytes).unwrap();
    assert_eq!(grid.tempos, [(0, 625_000)], "a tempo map that follows a steady beat has one tempo");
    let exported = write(ExportMode::FixedTempo(96.0));
    let file = MidiFile::read(&exported.bytes).unwrap();
    assert_eq!(file.tempos, [(0, 625_000)]);
    let ticks_per_quarter = 480.0;
    let first_bar = exported.first_bar_tick as f64;
    assert_eq!(
        first_bar % (3.0 * ticks_per_quarter),
        0.0,
        "bars of three quarters begin where files count them"
    );
    let mut due: Vec<(u8, f64)> = score
        .notes
        .iter()
        .filter(|note| note.grace.is_none())
        .map(|note| (note.pitch, first_bar + ticks_per_quarter * note.onset.to_f64()))
        .collect();
    let mut off = 0;
    for note in file.tracks.iter().flat_map(|track| &track.notes) {
        let distance = |due: &(u8, f64)| (due.1 - note.on_tick as f64).abs();
        let near = due.iter().enumerate().filter(|(_, due)| due.0 == note.pitch);
        let near = near.min_by(|a, b| distance(a.1).total_cmp(&distance(b.1))).map(|(k, _)| k);
        let far =
            near.map(|k| distance(&due[k])).filter(|far| *far <= FURTHEST_QUARTERS * ticks_per_quarter + 1.0);
        let Some(far) = far else { continue };
        off += usize::from(far > 1.0);
        due.remove(near.unwrap());
    }
    assert!(due.is_empty(), "{} notes are not where they are due: {due:?}", due.len());
    assert!(off > score.notes.len() / 2, "{off} notes are off the grid");
}

/// At 96 quarters a minute the first of two eighths is 3.1 times as long as the second: 363 ticks of 480. That it is
/// as loud as the score played literally changes nothing.
#[test]
fn a_file_of_fixed_tempo_keeps_its_swing() {
    let (performer, score) = (performer(), minuet());
    let mut controls = with(1, "swing", 1.0);
    controls.knobs.insert("amount".into(), 0.0.into());
    let take = perform(&performer, &score, &controls);
    let options = ExportOptions { mode: ExportMode::FixedTempo(96.0), ..ExportOptions::default() };
    let exported = export(&score, &take, &options).unwrap();
    let file = MidiFile::read(&exported.bytes).unwrap();
    assert_eq!(file.tempos, [(0, 625_000)]);
    let starts: Vec<u64> = file.tracks.iter().flat_map(|track| &track.notes).map(|n| n.on_tick).collect();
    let at = |tick: u64| {
        let beside = |start: &&u64| (**start + 480 - exported.first_bar_tick % 480) % 480;
        starts.iter().filter(|start| beside(start).abs_diff(tick) <= 1).count()
    };
    let is_second = |note: &&notation::Note| note.grace.is_none() && note.onset.denominator() == 2;
    let written = score.notes.iter().filter(is_second).count();
    assert!(written > 40, "{written}");
    assert_eq!((at(363), at(240)), (written, 0));
}

#[test]
fn bars_performed_anew_leave_the_others_to_the_bit() {
    let (performer, score) = (performer(), minuet());
    let take = perform(&performer, &score, &seeded(1));
    let region = Region::Measures(4..8);
    let inside = region.notes(&score);
    let controls = seeded(7);
    let request = Request { score: &score, region: &region, context: Some(&take), controls: &controls };
    let anew = take::perform(&performer, &request, &Job::default()).unwrap();
    let outside = |take: &Performance| -> Vec<PlayedNote> {
        take.notes.iter().filter(|n| !inside.contains(&n.note)).copied().collect()
    };
    assert_eq!(outside(&anew), outside(&take));
    let changed = inside.iter().filter(|n| anew.get(**n) != take.get(**n)).count();
    assert!(changed > inside.len() / 2, "{changed} of {} notes changed", inside.len());
    // In free time, bars alone are those of the whole piece.
    let (job, controls) = (Job::default(), seeded(1));
    let play = |region: &Region| {
        let request = Request { score: &score, region, context: None, controls: &controls };
        performer.perform(&request, &Run::of(&job)).unwrap()
    };
    let (whole, bars) = (play(&Region::All), play(&region));
    assert!(bars.notes.iter().map(|n| n.note).eq(inside.iter().copied()));
    assert!(bars.notes.iter().all(|note| whole.get(note.note) == Some(note)));
}

#[test]
fn styles_and_swing_are_chosen() {
    let (performer, score) = (performer(), minuet());
    let mut pop = seeded(1);
    pop.knobs.insert("style".into(), "pop".into());
    assert_ne!(perform(&performer, &score, &pop), perform(&performer, &score, &seeded(1)));
    assert_ne!(perform(&performer, &score, &with(1, "swing", 1.0)), perform(&performer, &score, &seeded(1)));
}

/// Halfway between a file's own velocities and the groove's, and the file's own at the end of the knob.
#[test]
fn accents_of_a_midi_file_are_kept() {
    let (performer, mut score) = (performer(), minuet());
    let own = |n: usize| if n.is_multiple_of(3) { 110 } else { 40 };
    score.velocities = score.notes.iter().enumerate().map(|(n, note)| (note.id.written, own(n))).collect();
    let job = Job::default();
    let [groove, half, whole] = [0.0, 0.5, 1.0].map(|share| {
        let controls = with(1, "keep-accents", share);
        let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
        performer.perform(&request, &Run::of(&job)).unwrap()
    });
    for (n, ((groove, half), whole)) in groove.notes.iter().zip(&half.notes).zip(&whole.notes).enumerate() {
        let own = score.velocities[&score.notes[n].id.written];
        assert_eq!(whole.velocity, own);
        let middle = 0.5 * (f64::from(groove.velocity) + f64::from(own));
        assert!((f64::from(half.velocity) - middle).abs() <= 1.5, "{middle} and {}", half.velocity);
        assert_eq!((half.onset_secs, whole.onset_secs), (groove.onset_secs, groove.onset_secs));
    }
}

#[test]
fn first_notes_are_handed_over_while_the_rest_is_read() {
    let (performer, score) = (performer(), minuet());
    let heard: Arc<Mutex<Vec<usize>>> = Arc::default();
    let counts = heard.clone();
    let job = Job::default().with_partial(move |part| counts.lock().unwrap().push(part.notes.len()));
    let controls = seeded(1);
    let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
    let take = take::perform(&performer, &request, &job).unwrap();
    let heard = heard.lock().unwrap();
    assert!(heard.len() > 1 && heard.is_sorted() && heard[0] <= 64, "{heard:?}");
    assert!(heard.iter().all(|count| *count < take.notes.len()));
}

#[test]
fn a_cancel_ends_it_and_bad_models_say_what_is_wrong() {
    let (performer, score) = (performer(), minuet());
    let job = Job::default();
    job.cancel();
    let controls = seeded(1);
    let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
    let error = take::perform(&performer, &request, &job).unwrap_err();
    assert!(matches!(error, PerformError::Cancelled), "{error}");

    let folder = tempfile::tempdir().unwrap();
    let missing = Groove::load(folder.path()).err().unwrap().to_string();
    assert!(missing.starts_with("the model's settings cannot be read"), "{missing}");
    write_model(folder.path(), |name, numbers| {
        if name == "norm.gamma" {
            numbers.pop();
        }
    });
    let smaller = Groove::load(folder.path()).err().unwrap().to_string();
    assert!(
        smaller.starts_with("the model's weights do not fit its settings: `norm.gamma` has"),
        "{smaller}"
    );
    write_model(folder.path(), |_, _| {});
    let config = folder.path().join("config.json");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("\"pop\"", "\"rock\"")).unwrap();
    let unknown = Groove::load(folder.path()).err().unwrap().to_string();
    assert!(unknown.starts_with("the model has no style `pop`"), "{unknown}");
}
