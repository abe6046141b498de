//! Choosing how PianoFlow samples: the gains that make its spread human at a given noise.
//!
//! Less starting noise brings takes closer to what is expected of a pianist and flattens them;
//! multiplying each value's distance from its mean gives the spread back and leaves every
//! correlation alone. Both are chosen on the validation split, never on test.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use burn::tensor::Device;
use notation::Score;
use performance::metrics::Figure;
use performers::{BaseTempo, Controls, Job, Region, Request, take};
use pianoflow::values::{ARTICULATION, CHORD, ONSET_TEMPO, QUARTER_TEMPO, VELOCITY, WIDTH};
use pianoflow::{PianoFlow, weights};

use crate::datasets;
use crate::evaluate::{Judged, Row, judge};

/// What calibration takes.
#[derive(Clone, Debug)]
pub struct Calibration {
    /// The data folder.
    pub data: PathBuf,
    /// The model folder; its `config.json` is rewritten.
    pub model: PathBuf,
    /// Standard deviation of the starting noise of velocity, quarter tempo, onset tempo, chords,
    /// articulation and pedal.
    pub noise: [f64; 6],
    /// What slow changes of tempo are multiplied by.
    pub drift: f64,
    /// Takes of each score, to see how much they resemble each other.
    pub takes: usize,
    /// Validation scores to play.
    pub scores: usize,
    /// Rounds of measuring and correcting.
    pub rounds: usize,
    /// Scores played side by side.
    pub workers: usize,
}

/// Which figure of the evaluation each gain moves.
pub(super) const MOVES: [(Figure, usize); 5] = [
    (Figure::Velocity, VELOCITY),
    (Figure::Tempo, ONSET_TEMPO),
    (Figure::QuarterTempo, QUARTER_TEMPO),
    (Figure::Chord, CHORD),
    (Figure::Articulation, ARTICULATION),
];

const LARGEST_GAIN: f64 = 4.0;

/// Finishing draws wide chords together, so their gain would rise without end.
const LARGEST_CHORD_GAIN: f64 = 2.0;

/// Share of a correction that is made at once: chords answer more than in proportion, and the two
/// tempo gains each move both figures.
const CORRECTION: f64 = 0.6;

/// Corrects the gains until the spread on the validation split is human; returns the last row
/// measured, which is one correction behind what is written.
pub fn calibrate(options: &Calibration, device: &Device, said: &dyn Fn(&str)) -> Result<Row> {
    let mut split = datasets::load(&options.data, "valid")?;
    // Every k-th score: they are in order of composers.
    let step = (split.pieces.len() / options.scores.max(1)).max(1);
    let mut k = 0;
    split.pieces.retain(|_| {
        k += 1;
        (k - 1) % step == 0
    });
    let pieces: Vec<Judged> = split.pieces.iter().map(Judged::new).collect();
    let mut last = None;
    for round in 0..options.rounds.max(1) {
        let row = play(options, &pieces, device, round == 0)?;
        let mut settings = weights::settings(&options.model)?;
        for (figure, column) in MOVES {
            let spread = row.spread[figure as usize].unwrap_or(1.0).clamp(0.2, 5.0);
            let gain = &mut settings.sampling.gain[column];
            let largest = if column == CHORD { LARGEST_CHORD_GAIN } else { LARGEST_GAIN };
            *gain = (*gain * spread.powf(-CORRECTION)).clamp(1.0 / largest, largest);
        }
        write_settings(&options.model, &settings)?;
        said(&format!("round {}: spread {:.2?}", round + 1, row.spread.map(Option::unwrap_or_default)));
        last = Some(row);
    }
    last.context("no rounds to calibrate in")
}

fn play(options: &Calibration, pieces: &[Judged<'_>], device: &Device, fresh: bool) -> Result<Row> {
    if fresh {
        let mut settings = weights::settings(&options.model)?;
        settings.sampling.noise = std::array::from_fn(|column| options.noise[column.min(5)]);
        settings.sampling.gain = [1.0; WIDTH];
        settings.sampling.drift = options.drift;
        write_settings(&options.model, &settings)?;
    }
    let performer = PianoFlow::load(&options.model, device.clone())?;
    let render = |score: &Score, take: usize| {
        let (seed, base_tempo) = (1 + take as u64, BaseTempo::Free);
        let controls = Controls { seed, base_tempo, ..Controls::default() };
        let request = Request { score, region: &Region::All, context: None, controls: &controls };
        Ok(take::perform(&performer, &request, &Job::default())?)
    };
    Ok(judge("pianoflow", pieces, options.workers, options.takes, &render)?.row)
}

pub(super) fn write_settings(model: &Path, settings: &pianoflow::settings::Settings) -> Result<()> {
    let path = model.join("config.json");
    let json = serde_json::to_string_pretty(settings)? + "\n";
    std::fs::write(&path, json).with_context(|| format!("cannot write {}", path.display()))
}
