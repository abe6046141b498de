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
mod response;
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
use fit::{Fitted, WIDTHS};
use played::Example;
pub(crate) use played::{excerpt, within};
pub use report::SpreadReport;
use report::SpreadRow;
use response::Response;
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

/// Pieces that are enough to see how figures answer to gains.
const FEW: usize = 12;

/// Fewer pieces teach nothing.
const LEAST_LEARNED: usize = 6;

/// Learns how wide pieces spread and how takes differ, and writes both into the model's `config.json`; the
/// weights stay. `said` hears of progress.
pub fn settle_spread(
    options: &SpreadOptions,
    device: &Device,
    said: &(dyn Fn(&str) + Sync),
) -> Result<SpreadReport> {
    let load = || -> Result<PianoFlow> { Ok(PianoFlow::load(&options.model, device.clone())?) };
    let player = load()?.alike();
    let tried = pieces(options, options.tried.as_slice(), &[])?;
    let learned = pieces(options, &options.learn, &tried)?;
    let few = if tried.is_empty() { &learned } else { &tried };
    let few = evenly(few, FEW);
    said(&format!("how spread answers to gains: {} pieces, 4 takes each", few.len()));
    let response = response::measure(&response::moved(load)?, &few, options.most_notes, options.workers)?;
    let [tried, learned] = [&tried, &learned].map(|pieces| measure(options, &player, pieces, said));
    let (tried, learned) = (tried?, learned?);
    ensure!(
        learned.len() >= LEAST_LEARNED,
        "only {} pieces of {} were played by {} people or more; name other sets, or ask for fewer people",
        learned.len(),
        options.learn.join(", "),
        options.least_people
    );
    let between = Between::of(&learned);
    let variety = (options.takes > 1).then(|| between.lacking(options.variety));
    let (mut rows, mut lines) = (Vec::new(), Vec::new());
    for (figure, kind) in MOVES {
        let sigma = variety.map_or(0.0, |variety| variety.spread[kind]);
        let most_inputs = options.most_inputs.min(WIDTHS.len() - 1);
        let (row, line) = figure::settle(figure, &learned, &tried, &response, sigma, most_inputs);
        said(&format!("{}: {} of the inputs", figure.name(), line.weights.len()));
        rows.push(row);
        lines.push(line);
    }
    if !options.is_dry {
        write(options, of_figures(&averages(&learned), &rows, &lines, &response), variety)?;
    }
    let pieces = [learned.len(), tried.len()];
    Ok(SpreadReport { pieces, rows, onset_to_quarter: response.onset_to_quarter, between, variety })
}

/// What the gains are to be so that the figures spread as their lines tell, in the order of [`MOVES`].
fn of_figures(averages: &[f64], rows: &[SpreadRow], lines: &[Fitted], response: &Response) -> PieceSpread {
    let reads = lines.iter().map(|line| line.weights.len()).fold(CUES, usize::max);
    // All lines are put about the same averages, whichever pieces have their figure.
    let figures = |of: &dyn Fn(&SpreadRow, &Fitted) -> f64| {
        let mut figures = [0.0; 5];
        let told = rows.iter().zip(lines);
        told.for_each(|(row, line)| figures[row.figure as usize] = of(row, line));
        response.gains_for(figures)
    };
    let means = figures(&|row, line| row.mean + line.beyond_mean(averages));
    let weight = |k: usize| figures(&|_, line| line.weights.get(k).copied().unwrap_or_default());
    let weights: Vec<[f64; 5]> = (0..reads).map(weight).collect();
    let mut kinds = <[Line; pianoflow::values::KINDS]>::default();
    for (figure, kind) in MOVES {
        let figure = figure as usize;
        let weights = weights.iter().map(|of_figures| of_figures[figure]).collect();
        kinds[kind] = Line { mean: means[figure], weights, ..Line::default() };
    }
    PieceSpread { input_means: averages.iter().take(reads).copied().collect(), kinds }
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

/// The pieces of some sets that enough people played, but for those of `but`.
fn pieces(options: &SpreadOptions, sets: &[String], but: &[Piece]) -> Result<Vec<Piece>> {
    let mut pieces: Vec<Piece> = Vec::new();
    for name in sets {
        pieces.extend(datasets::load(&options.data, name)?.pieces);
    }
    let same = |a: &Piece, b: &Piece| a.composer == b.composer && a.title == b.title;
    pieces.retain(|piece| {
        piece.humans.len() >= options.least_people.max(1) && !but.iter().any(|other| same(piece, other))
    });
    Ok(pieces)
}

/// So many of the pieces, evenly over them: they are in order of composers.
fn evenly(pieces: &[Piece], most: usize) -> Vec<&Piece> {
    let wanted = most.clamp(1, pieces.len().max(1));
    (0..wanted).filter_map(|k| pieces.get(k * pieces.len() / wanted)).collect()
}

/// Plays pieces and measures takes and people.
fn measure(
    options: &SpreadOptions,
    player: &PianoFlow,
    pieces: &[Piece],
    said: &(dyn Fn(&str) + Sync),
) -> Result<Vec<Example>> {
    let chosen = evenly(pieces, options.limit.unwrap_or(usize::MAX));
    said(&format!("{} pieces, {} takes each", chosen.len(), options.takes));
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

#[cfg(test)]
mod tests {
    use super::*;
    use performance::metrics::Figure;
    use pianoflow::values::{ONSET_TEMPO, QUARTER_TEMPO, VELOCITY};

    #[test]
    fn lines_of_figures_become_lines_of_gains() {
        let row = |figure: Figure, mean: f64| SpreadRow::plain(figure, mean);
        let line = |weights: Vec<f64>| Fitted { mean: 0.0, input_means: vec![1.0; weights.len()], weights };
        let rows = [row(Figure::Velocity, 0.5), row(Figure::Tempo, 0.2), row(Figure::QuarterTempo, 0.4)];
        let mut weights = vec![0.0; CUES];
        weights[3] = 0.1;
        let lines = [line(weights), line(Vec::new()), line(Vec::new())];
        let response = Response { own: [0.5, 1.0, 0.8, 1.0, 1.0], onset_to_quarter: 0.2 };
        let mut averages = vec![1.0; CUES + FIGURES];
        averages[3] = 3.0;
        let spread = of_figures(&averages, &rows, &lines, &response);
        assert!(spread.is_sound() && !spread.reads_networks());
        // The velocity's mean was about 1.0 in the third input and is now about 3.0.
        assert!((spread.kinds[VELOCITY].mean - 0.7 / 0.5).abs() < 1e-12);
        assert!((spread.kinds[VELOCITY].weights[3] - 0.2).abs() < 1e-12);
        assert!((spread.kinds[QUARTER_TEMPO].mean - 0.5).abs() < 1e-12);
        assert!((spread.kinds[ONSET_TEMPO].mean - 0.1).abs() < 1e-12);
        assert!(spread.kinds[ONSET_TEMPO].weights.iter().all(|weight| *weight == 0.0));
    }
}
