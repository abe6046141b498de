//! What must hold of the takes that people hear, of both performers: tight chords, a tempo without
//! steps and without drift. With the real model.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use kth_rules::Rules;
use notation::{DirectionKind, ImportOptions, Marks, Measure, Note, NoteId, Quarters, Score};
use performance::Performance;
use performance::metrics::{Figure, Figures};
use performers::{Controls, Job, Performer, Pin, Region, Request, take};
use pianoflow::PianoFlow;
use pianoflow::settings::Sampling;

/// From one onset to the next, at most a quarter on, people change the quarter tempo by no more
/// than this, in octaves, 99 times of a hundred: the quantile over 838,118 pairs of onsets of the
/// train split of (n)ASAP, timing outliers left out (50: .008, 90: .053, 95: .089, 99: .212,
/// 99.5: .289).
const HUMAN_CHANGE_99: f64 = 0.212;
const HUMAN_CHANGE_995: f64 = 0.289;

/// Root mean square of the distance of chord notes from the mean of their chord, in seconds. People
/// of the train split have 22 ms (chords without an arpeggio sign, distances cut at .25 s; 6.5 ms
/// in the median, nine of ten within 23 ms).
const TIGHT_SECS: std::ops::RangeInclusive<f64> = 0.004..=0.022;

/// How far people drift over a piece without a new tempo, in octaves: the deviation of the straight
/// trend over 214 performances of the train split.
const HUMAN_DRIFT: f64 = 0.116;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

fn read(name: &str) -> Score {
    let bytes = std::fs::read(folder("scores").join(name)).unwrap();
    notation::read_score(name, &bytes, &ImportOptions::default()).unwrap()
}

const PIECES: [&str; 6] = [
    "bach_prelude_c_bwv846.musicxml",
    "beethoven_fur_elise_theme.musicxml",
    "chopin_prelude_op28_4.musicxml",
    "chopin_prelude_op28_7.musicxml",
    "petzold_minuet_g.musicxml",
    "schumann_kinderszenen_1.musicxml",
];

fn model() -> PianoFlow {
    PianoFlow::load(&folder("models/pianoflow"), Device::flex()).unwrap()
}

/// Windows so short that even small pieces have several.
fn with_short_windows(player: PianoFlow) -> PianoFlow {
    let sampling = player.sampling().clone();
    player.with_sampling(Sampling { window: 96, overlap: 32, lookahead: 16, ..sampling })
}

fn performers(change: fn(PianoFlow) -> PianoFlow) -> Vec<Box<dyn Performer>> {
    vec![Box::new(Rules::default()), Box::new(change(model()))]
}

fn play(
    performer: &dyn Performer,
    score: &Score,
    region: &Region,
    context: Option<&Performance>,
    seed: u64,
) -> Performance {
    let controls = Controls { seed, ..Controls::default() };
    take::perform(performer, &Request { score, region, context, controls: &controls }, &Job::default())
        .unwrap()
}

/// Places where the score itself asks for another tempo.
fn asks_for_tempo(score: &Score, at: f64) -> bool {
    use DirectionKind::{ATempo, Accelerando, Metronome, Ritardando, Tempo};
    let tempo = |k: &DirectionKind| matches!(k, ATempo | Accelerando | Metronome(_) | Ritardando | Tempo(_));
    let marks = score.directions.iter().filter(|d| tempo(&d.kind)).map(|d| d.onset.to_f64());
    let holds = score.notes.iter().filter(|n| n.marks.contains(Marks::FERMATA)).map(|n| n.onset.to_f64());
    let pauses = score.directions.iter().filter(|d| d.kind == DirectionKind::Fermata).filter_map(|d| d.end);
    marks.chain(holds).chain(pauses.map(|end| end.to_f64())).any(|mark| (mark - at).abs() <= 4.0)
}

/// Changes of the quarter tempo from onset to onset, with the place of the later one.
fn changes(score: &Score, played: &Performance) -> Vec<(f64, f64)> {
    let figures = Figures::of(score, played, None);
    let tempo = figures.get(Figure::QuarterTempo);
    let at: Vec<f64> = score.onset_groups().iter().map(|g| score.notes[g.start].onset.to_f64()).collect();
    let pairs = (1..at.len()).filter(|k| at[*k] - at[k - 1] <= 1.01);
    let changes = pairs.map(|k| (at[k], (tempo[k] - tempo[k - 1]).abs()));
    changes.filter(|(at, change)| change.is_finite() && !asks_for_tempo(score, *at)).collect()
}

#[test]
fn chords_are_tight() {
    for performer in performers(|player| player) {
        let mut deviations: Vec<f64> = Vec::new();
        for piece in PIECES {
            let score = read(piece);
            let played = play(&*performer, &score, &Region::All, None, 1);
            let figures = Figures::of(&score, &played, None);
            let chord = figures.get(Figure::Chord).iter().zip(&score.notes);
            let together = chord.filter(|(v, n)| v.is_finite() && !n.marks.contains(Marks::ARPEGGIO));
            deviations.extend(together.map(|(v, _)| *v));
        }
        let square = deviations.iter().map(|d| d * d).sum::<f64>() / deviations.len() as f64;
        let (deviation, name) = (square.sqrt(), performer.info().name);
        println!("{name}: {:.1} ms over {} chord notes", deviation * 1000.0, deviations.len());
        assert!(TIGHT_SECS.contains(&deviation), "{name}: {deviation} s");
    }
}

#[test]
fn the_tempo_has_no_steps_at_joins() {
    for performer in performers(with_short_windows) {
        let name = performer.info().name;
        let (mut all, mut at_borders): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
        for piece in PIECES {
            let score = read(piece);
            let whole = play(&*performer, &score, &Region::All, None, 1);
            // With so short windows, joins are everywhere.
            all.extend(changes(&score, &whole).into_iter().map(|c| c.1));
            let bars = score.measures.len();
            let region = bars / 3..2 * bars / 3;
            let joined = play(&*performer, &score, &Region::Measures(region.clone()), Some(&whole), 2);
            let borders = [score.measures[region.start].start, score.measures[region.end].start];
            let near = |at: f64| borders.iter().any(|b| (b.to_f64() - at).abs() <= 1.01);
            at_borders.extend(changes(&score, &joined).into_iter().filter(|c| near(c.0)).map(|c| c.1));
            for note in whole.notes.iter().filter(|n| {
                let measure = score.notes[n.note as usize].measure as usize;
                !region.contains(&measure)
            }) {
                assert_eq!(joined.get(note.note), Some(note), "notes outside stay to the bit");
            }
        }
        all.sort_by(f64::total_cmp);
        at_borders.sort_by(f64::total_cmp);
        let quantile = |values: &[f64], q: f64| values[((values.len() - 1) as f64 * q) as usize];
        println!(
            "{name}: 99 % of changes within {:.3} octaves; at borders 90 % within {:.3}, at most {:.3} ({})",
            quantile(&all, 0.99),
            quantile(&at_borders, 0.9),
            quantile(&at_borders, 1.0),
            at_borders.len()
        );
        assert!(quantile(&all, 0.99) <= HUMAN_CHANGE_99, "{name}: window joins");
        assert!(quantile(&at_borders, 0.97) <= HUMAN_CHANGE_99, "{name}: borders of a region");
        assert!(quantile(&at_borders, 1.0) <= HUMAN_CHANGE_995, "{name}: borders of a region");
    }
}

#[test]
fn pins_come_out_exactly() {
    let score = read("chopin_prelude_op28_7.musicxml");
    let free = play(&Rules::default(), &score, &Region::All, None, 1);
    let pin = |note: u32, late_secs: f64| Pin {
        note,
        velocity: Some(99),
        onset_secs: Some(free.get(note).unwrap().onset_secs + late_secs),
        duration_secs: Some(1.75),
    };
    let last = score.notes.len() as u32 - 1;
    let pins = vec![pin(3, 0.01), pin(last / 2, -0.02), pin(last, 0.3)];
    let controls = Controls { seed: 2, pins: pins.clone(), ..Controls::default() };
    let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
    let played = take::perform(&Rules::default(), &request, &Job::default()).unwrap();
    for pin in pins {
        let note = played.get(pin.note).unwrap();
        assert_eq!(Some(note.onset_secs), pin.onset_secs);
        assert_eq!((note.velocity, note.duration_secs), (99, 1.75));
    }
}

/// The piece several times over, as one.
fn repeated(score: &Score, times: i64) -> Score {
    let length = score.measures.last().unwrap().end;
    let mut long = Score { notes: Vec::new(), measures: Vec::new(), directions: Vec::new(), ..score.clone() };
    for k in 0..times {
        let shift = length * k;
        let bars = long.measures.len() as u32;
        let measure = |m: &Measure| {
            let (start, end) = (m.start + shift, m.end + shift);
            Measure { start, end, number: (bars + 1).to_string(), ..m.clone() }
        };
        long.measures.extend(score.measures.iter().map(measure));
        let note = |n: &Note| Note {
            id: NoteId { pass: k as u8 + 1, ..n.id },
            onset: n.onset + shift,
            measure: n.measure + bars,
            ..n.clone()
        };
        long.notes.extend(score.notes.iter().map(note));
        if k == 0 {
            long.directions.extend(score.directions.iter().cloned());
        }
    }
    long
}

/// How many octaves slower the last time is than the first, by the line through all of them.
fn trend(performer: &dyn Performer, score: &Score, times: i64) -> f64 {
    let long = repeated(score, times);
    let played = play(performer, &long, &Region::All, None, 1);
    let length = score.measures.last().unwrap().end;
    let start = |k: i64| {
        let at: Quarters = length * k;
        let first = long.notes.partition_point(|n| n.onset < at);
        played.notes[first].onset_secs
    };
    // The last time ends in a ritardando.
    let levels: Vec<f64> = (0..times - 1).map(|k| (start(k + 1) - start(k)).log2()).collect();
    let count = levels.len() as f64;
    let mean = levels.iter().sum::<f64>() / count;
    let (mut xy, mut xx) = (0.0, 0.0);
    for (k, level) in levels.iter().enumerate() {
        let x = k as f64 - (count - 1.0) / 2.0;
        xy += x * (level - mean);
        xx += x * x;
    }
    xy / xx * (count - 1.0)
}

#[test]
fn a_long_piece_does_not_drift() {
    let score = read("bach_prelude_c_bwv846.musicxml");
    for performer in performers(|player| player) {
        let name = performer.info().name;
        // The network takes a second for some hundred notes.
        let notes = if name == Rules::INFO.name { 10_000 } else { 3_000 };
        let times = (notes / score.notes.len() + 1) as i64;
        let trend = trend(&*performer, &score, times);
        println!("{name}: {trend:+.3} octaves over {} notes", times as usize * score.notes.len());
        assert!(trend.abs() < HUMAN_DRIFT, "{name} drifts by {trend} octaves");
    }
}
