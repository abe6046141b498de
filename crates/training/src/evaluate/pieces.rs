//! `espressivo evaluate pieces`: whether new pieces are like those that a model learned from, in six figures; whether
//! they can be played and read; and how much of them is copied.
//!
//! Every model writes as many pieces of as many bars, and the performer of the same model plays them; beside them
//! stand passages of as many bars of training performances, and of performances that were kept apart. The figures
//! ([`Figures`]) carry the names of the paper's (arXiv 2507.01582), which does not define them; what they are here is
//! settled here.

mod bars;
mod checked;
mod figures;
mod passages;
mod table;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use notation::Score;
use notation::musicxml::write::write;
use performance::Performance;
use performance::midi::{ExportOptions, export};
use performers::piece::{PieceRequest, PieceWriter};
use performers::{Controls, Job, Region, Request, take};
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::Serialize;
use xmvae::network::Model;
use xmvae::performer::Xmvae;
use xmvae::writer::NewPieces;

use super::side_by_side;
use super::variations::name_of;
use crate::xmvae::{FILES, Packed};
pub use bars::Copied;
use bars::Known;
pub use checked::Checked;
pub use figures::{Figures, NAMES};
use figures::{Sounded, mean};

/// What `espressivo evaluate pieces` takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// Folders of models: the one that is judged, and those that it is compared with.
    pub models: Vec<PathBuf>,
    /// The folder that `espressivo data ecp` wrote.
    pub ecp: PathBuf,
    /// Pieces of each model.
    pub count: usize,
    /// Passages of the data.
    pub passages: usize,
    /// Bars of each piece and passage.
    pub bars: usize,
    /// How much is left to chance.
    pub temperature: f64,
    /// Seed of the first piece, and of what passages are drawn.
    pub seed: u64,
    /// Where the pieces are written, a folder for each model; nowhere if there is none.
    pub out: Option<PathBuf>,
    /// Pieces side by side.
    pub workers: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            models: Vec::new(),
            ecp: PathBuf::from("runs/ecp"),
            count: 20,
            passages: 200,
            bars: 32,
            temperature: 1.0,
            seed: 1,
            out: None,
            workers: 2,
        }
    }
}

/// What the comparison found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PiecesReport {
    /// Bars of each piece and passage.
    pub bars: usize,
    /// Passages that training performances play.
    pub data: DataRow,
    /// The same of performances that were kept apart.
    pub held_out: DataRow,
    /// How much of the bars that were kept apart is among those that were learned.
    pub held_out_copied: Copied,
    /// A row for every model, the one that is judged first.
    pub rows: Vec<Row>,
}

/// Passages of the data.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct DataRow {
    /// Passages.
    pub passages: usize,
    /// Means over them.
    pub figures: Figures,
}

/// Pieces of one model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Name of its folder.
    pub name: String,
    /// Pieces.
    pub pieces: usize,
    /// Means over them.
    pub figures: Figures,
    /// In how many of the six figures the first model is nearer to the data than this one; of the first none.
    pub first_is_nearer: Option<usize>,
    /// Whether its pieces are in order.
    pub checked: Checked,
    /// How much of them is copied.
    pub copied: Copied,
}

/// Writes, performs and compares. `said` gets messages of progress.
///
/// # Errors
/// When a model or the pack cannot be read, a piece cannot be written, or the pack has no passage as long.
pub fn run(options: &Options, said: &(dyn Fn(&str) + Sync)) -> Result<PiecesReport> {
    ensure!(!options.models.is_empty(), "no models: name their folders");
    let [learned, held_out, scores] = FILES.map(|name| options.ecp.join(format!("{name}.safetensors")));
    let (learned, held_out) = (Packed::read(&learned)?, Packed::read(&held_out)?);
    // A model may have learned from performances alone.
    let alone = if scores.exists() { Packed::read(&scores)? } else { Packed::new() };
    let known = Known::of(&[&learned, &alone]);
    said(&format!("{} bars were there to learn from", known.count()));
    let (data, apart) = (data_row(&learned, options)?, data_row(&held_out, options)?);
    let bars_apart = bars::of_pack(&held_out);
    let some: Vec<_> = evenly(&bars_apart, options.count * options.bars).into_iter().cloned().collect();
    let held_out_copied = known.judge(&some);
    let mut report = PiecesReport {
        bars: options.bars,
        data,
        held_out: apart,
        held_out_copied,
        rows: Vec::with_capacity(options.models.len()),
    };
    for folder in &options.models {
        said(&format!("{} writes {} pieces of {} bars", folder.display(), options.count, options.bars));
        let row = row(folder, &known, options)?;
        let first = report.rows.first().map(|first: &Row| first.figures);
        let nearer = first.map(|first| first.nearer(&row.figures, &report.data.figures));
        report.rows.push(Row { first_is_nearer: nearer, ..row });
    }
    Ok(report)
}

/// The pieces of a model, judged.
fn row(folder: &Path, known: &Known, options: &Options) -> Result<Row> {
    let in_folder = || format!("reading the model of {}", folder.display());
    let writer = NewPieces::new(Model::load(folder).with_context(in_folder)?);
    let player = Xmvae::load(folder).with_context(in_folder)?;
    let make = |k: usize| piece(&writer, &player, options.seed + k as u64, options);
    let pieces = side_by_side(options.count, options.workers, &make)?;
    let name = name_of(folder);
    if let Some(out) = &options.out {
        save(&pieces, &out.join(&name), options.seed)?;
    }
    let heard = pieces.iter().filter_map(|(score, played)| Figures::of(&Sounded::all(score, played)));
    let bars: Vec<_> = pieces.iter().flat_map(|(score, _)| bars::of_score(score)).collect();
    Ok(Row {
        name,
        pieces: pieces.len(),
        figures: mean(&heard.collect::<Vec<_>>()),
        first_is_nearer: None,
        checked: Checked::of(pieces.iter().map(|(score, _)| score), options.bars),
        copied: known.judge(&bars),
    })
}

/// A piece, and how it is played.
fn piece(
    writer: &NewPieces<Model>,
    player: &Xmvae,
    seed: u64,
    options: &Options,
) -> Result<(Score, Performance)> {
    let wanted = PieceRequest { temperature: options.temperature, ..PieceRequest::new(options.bars, seed) };
    let score = writer.write(&wanted, &Job::default())?;
    let controls = Controls { seed, ..Controls::default() };
    let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
    let played = take::perform(player, &request, &Job::default())?;
    Ok((score, played))
}

fn save(pieces: &[(Score, Performance)], folder: &Path, seed: u64) -> Result<()> {
    let cannot = || format!("cannot write into {}", folder.display());
    std::fs::create_dir_all(folder).with_context(cannot)?;
    for (seed, (score, played)) in (seed..).zip(pieces) {
        let file = |extension: &str| folder.join(format!("new-piece-{seed}.{extension}"));
        std::fs::write(file("musicxml"), write(score)?).with_context(cannot)?;
        let midi = export(score, played, &ExportOptions::default())?;
        std::fs::write(file("mid"), midi.bytes).with_context(cannot)?;
    }
    Ok(())
}

/// Figures of passages that are drawn: of every performance in turn, until there are enough.
fn data_row(pack: &Packed, options: &Options) -> Result<DataRow> {
    let mut random = Pcg64Mcg::seed_from_u64(options.seed);
    let mut order: Vec<usize> = (0..pack.performances()).collect();
    order.shuffle(&mut random);
    let mut found = Vec::with_capacity(options.passages);
    // A performance may be shorter, or hardly known in the passage that is drawn.
    let tries = 4 * options.passages.max(order.len());
    for performance in order.iter().cycle().take(tries) {
        let notes = passages::passage(pack, *performance, options.bars, random.random::<f64>());
        found.extend(notes.and_then(|notes| Figures::of(&notes)));
        if found.len() == options.passages {
            break;
        }
    }
    ensure!(!found.is_empty(), "{}: no performance is {} bars long", options.ecp.display(), options.bars);
    Ok(DataRow { passages: found.len(), figures: mean(&found) })
}

/// So many of the values, from everywhere.
fn evenly<T>(all: &[T], count: usize) -> Vec<&T> {
    let count = count.min(all.len());
    (0..count).map(|k| &all[k * all.len() / count]).collect()
}
