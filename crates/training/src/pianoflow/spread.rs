//! How wide a piece spreads, and how takes differ as wholes: what `PieceSpread` and `TakeVariety` learn from
//! people, and how well.
//!
//! Pieces that people played are performed with the weights as they are, without either, and measured as
//! the evaluation measures them. A line tells from the score, and from what the networks expect of it, by
//! how much the spread is off. The networks know the pieces that they learned from better than others, so
//! the mean is taken from pieces that they never saw.

mod figure;
mod fit;
mod played;
mod report;
mod variety;

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Result, ensure};
use burn::tensor::Device;
use pianoflow::piece_spread::{FIGURES, Line, PieceSpread, cues::CUES};
use pianoflow::settings::Settings;
use pianoflow::take_variety::TakeVariety;
use pianoflow::{PianoFlow, weights};

use super::calibrate::{MOVES, write_settings};
use crate::datasets::{self, Piece};
use crate::evaluate::side_by_side;
use fit::WIDTHS;
use played::Example;
pub use report::SpreadReport;
use variety::Between;

/// What learning the spread takes.
#[derive(Clone, Debug)]
pub struct SpreadOptions {
    /// The data folder.
    pub data: PathBuf,
    /// The model folder; its `config.json` is rewritten.
    pub model: PathBuf,
    /// Names of the sets to learn from.
    pub learn: Vec<String>,
    /// Name of the set that the mean is taken from, and that it is tried on.
    pub tried: Option<String>,
    /// How many people must have played a piece.
    pub least_people: usize,
    /// Takes of each piece; with one nothing is known of how takes differ.
    pub takes: usize,
    /// Longer pieces are cut to bars in their middle.
    pub most_notes: usize,
    /// Only so many pieces of each kind, evenly over the sets.
    pub limit: Option<usize>,
    /// How much of the inputs is read at most: 0 none, 1 the score, 2 the networks' figures as well.
    pub most_inputs: usize,
    /// How much takes shall differ as wholes; 1 as people do, 0 not at all.
    pub variety: f64,
    /// Pieces performed side by side.
    pub workers: usize,
    /// Whether `config.json` is left as it is.
    pub is_dry: bool,
}

/// Fewer pieces teach nothing.
const LEAST_LEARNED: usize = 6;

/// Learns how wide pieces spread and how takes differ, and writes both into the model's `config.json`; the
/// weights stay. `said` hears of progress.
pub fn settle_spread(
    options: &SpreadOptions,
    device: &Device,
    said: &(dyn Fn(&str) + Sync),
) -> Result<SpreadReport> {
    let player = PianoFlow::load(&options.model, device.clone())?.alike();
    let tried: Vec<String> = options.tried.iter().cloned().collect();
    let tried = measure(options, &player, &tried, &[], said)?;
    let learned = measure(options, &player, &options.learn, &tried, said)?;
    ensure!(
        learned.len() >= LEAST_LEARNED,
        "only {} pieces of {} were played by {} people or more; name other sets, or ask for fewer people",
        learned.len(),
        options.learn.join(", "),
        options.least_people
    );
    let between = Between::of(&learned);
    let variety = (options.takes > 1).then(|| between.lacking(options.variety));
    let (mut rows, mut kinds) = (Vec::new(), <[Line; pianoflow::values::KINDS]>::default());
    let mut reads = CUES;
    let averages = averages(&learned);
    for (figure, kind) in MOVES {
        let sigma = variety.map_or(0.0, |variety| variety.spread[kind]);
        let (row, line) =
            figure::settle(figure, &learned, &tried, sigma, options.most_inputs.min(WIDTHS.len() - 1));
        said(&format!("{}: {} of the inputs", figure.name(), line.weights.len()));
        reads = reads.max(line.weights.len());
        // All lines are written about the same averages, whichever pieces have their figure.
        let mean = row.mean + line.from_mean(&averages);
        kinds[kind] = Line { mean, weights: line.weights, ..Line::default() };
        rows.push(row);
    }
    // They have the same inputs, too, of which some do not count.
    for line in kinds.iter_mut().filter(|line| !line.weights.is_empty()) {
        line.weights.resize(reads, 0.0);
    }
    if !options.is_dry {
        let input_means = averages.into_iter().take(reads).collect();
        write(options, PieceSpread { input_means, kinds }, variety)?;
    }
    Ok(SpreadReport { pieces: [learned.len(), tried.len()], rows, between, variety })
}

/// The average piece's inputs.
fn averages(examples: &[Example]) -> Vec<f64> {
    let mut sums = vec![0.0; CUES + FIGURES];
    for example in examples {
        sums.iter_mut().zip(&example.inputs).for_each(|(sum, input)| *sum += input);
    }
    sums.iter().map(|sum| sum / examples.len().max(1) as f64).collect()
}

fn write(options: &SpreadOptions, spread: PieceSpread, variety: Option<TakeVariety>) -> Result<()> {
    ensure!(spread.is_sound(), "the lines that were found are no numbers; the model was left as it is");
    let settings = weights::settings(&options.model)?;
    let variety = match variety {
        Some(found) => Some(found).filter(|_| options.variety > 0.0),
        None => settings.variety,
    };
    write_settings(&options.model, &Settings { spread: Some(spread), variety, ..settings })
}

/// Plays the pieces of some sets that enough people played, but for those of `but`.
fn measure(
    options: &SpreadOptions,
    player: &PianoFlow,
    sets: &[String],
    but: &[Example],
    said: &(dyn Fn(&str) + Sync),
) -> Result<Vec<Example>> {
    let mut pieces: Vec<Piece> = Vec::new();
    for name in sets {
        pieces.extend(datasets::load(&options.data, name)?.pieces);
    }
    let name = |piece: &Piece| format!("{}: {}", piece.composer, piece.title);
    pieces.retain(|piece| {
        piece.humans.len() >= options.least_people.max(1) && but.iter().all(|other| other.name != name(piece))
    });
    let wanted = options.limit.unwrap_or(usize::MAX).clamp(1, pieces.len().max(1));
    // Every so many: they are in order of composers.
    let chosen: Vec<&Piece> = (0..wanted).filter_map(|k| pieces.get(k * pieces.len() / wanted)).collect();
    if !chosen.is_empty() {
        said(&format!("{} pieces of {}, {} takes each", chosen.len(), sets.join(", "), options.takes));
    }
    let done = AtomicUsize::new(0);
    let job = |k: usize| -> Result<Option<Example>> {
        let played =
            played::play(player, chosen[k], options.takes, options.most_notes, options.least_people)?;
        let done = 1 + done.fetch_add(1, Ordering::Relaxed);
        if done.is_multiple_of(20) {
            said(&format!("{done} pieces played"));
        }
        Ok(played)
    };
    Ok(side_by_side(chosen.len(), options.workers, &job)?.into_iter().flatten().collect())
}
