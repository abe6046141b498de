//! `espressivo evaluate`: how performers agree with people on pieces they have never seen.
//!
//! One render of one seed against every human of a piece, averaged over humans, then over scores;
//! beside it the spread of expression and how much takes of different seeds resemble each other, and below
//! how much of what people agree on is known. The figures themselves are [`performance::metrics`].

pub mod alignment;
pub mod c2st;
mod detail;
pub mod grid;
pub mod groove;
mod judged;
mod known;
pub mod manner;
mod named_performers;
mod page;
mod peer;
pub mod percepiano;
pub mod pertok;
pub mod pieces;
mod pooled;
pub mod recordings;
pub mod rendered;
mod row;
mod table;
pub mod tempo;
mod traits;
pub mod transcription;
pub mod variations;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Result, bail, ensure};
use burn::tensor::Device;
use notation::Score;
use performance::Performance;
use performance::metrics::{self, Figures};
use performers::{Controls, Region, Request, base_tempo};

use crate::datasets;

pub use detail::{Detail, FeatureRow, PieceRow, SideRow, Whole};
pub(crate) use judged::Judged;
use known::Likeness;
pub(crate) use known::SPREAD;
pub use known::{KnownRow, TempoOff};
pub use named_performers::{Tried, Variant};
pub use page::page;
pub use pooled::PooledRow;
pub use row::{Five, Row};
pub use table::AgreementReport;

/// What `espressivo evaluate` takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder.
    pub data: PathBuf,
    /// Which split: `valid` to choose by, `test` to report.
    pub split: String,
    /// The models folder.
    pub models: PathBuf,
    /// Who plays.
    pub performers: Vec<String>,
    /// Other ways to sample from PianoFlow, a row each.
    pub variants: Vec<Variant>,
    /// Knobs and values to try of performers that have them: a row for each combination.
    pub knobs: Vec<Tried>,
    /// Seed of the render that is judged.
    pub seed: u64,
    /// Takes for the diversity column, the judged one included; 1 leaves it out.
    pub takes: usize,
    /// Whether the peer's published outputs are judged beside them (test split only).
    pub peer: bool,
    /// Only the first so many scores.
    pub limit: Option<usize>,
    /// Pieces performed side by side.
    pub workers: usize,
    /// Whether every piece, side of playing and kind of note is measured by itself too.
    pub closely: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            data: PathBuf::from("../shared/data"),
            split: "test".into(),
            models: application::Folders::find().models,
            performers: application::systems::registry().infos().map(|info| info.id.to_owned()).collect(),
            variants: Vec::new(),
            knobs: Vec::new(),
            seed: 1,
            takes: 3,
            peer: true,
            limit: None,
            workers: 2,
            closely: false,
        }
    }
}

/// What is measured of one score.
#[derive(Clone, Copy, Default)]
struct Measured {
    /// r of the first take with people.
    agreement: Five,
    likeness: Likeness,
}

/// What a performer did: its line of the table, and its first take and all takes' likeness of every piece.
pub(crate) struct Judgement {
    pub row: Row,
    pub takes: Vec<Performance>,
    likeness: Vec<Likeness>,
}

impl Judgement {
    /// How much of what people agree on it predicts.
    fn known(&self, people: &[Five]) -> KnownRow {
        let whole = |(piece, people): (&Likeness, &Five)| Likeness { people: *people, ..*piece };
        let pieces: Vec<_> = self.likeness.iter().zip(people).map(whole).collect();
        KnownRow::of(&self.row.name, &pieces)
    }
}

/// Judges the performers. `said` gets messages of progress.
pub fn run(options: &Options, device: &Device, said: &(dyn Fn(&str) + Sync)) -> Result<AgreementReport> {
    let mut split = datasets::load(&options.data, &options.split)?;
    split.pieces.retain(|p| !p.humans.is_empty());
    split.pieces.truncate(options.limit.unwrap_or(usize::MAX));
    if split.pieces.is_empty() {
        bail!("the split {} has no performances to compare with", options.split);
    }
    let pieces: Vec<Judged> = split.pieces.iter().map(Judged::new).collect();
    let people = pooled::People::of(&pieces);
    let alike: Vec<Five> = pieces.iter().map(|p| metrics::mutual_agreement(&p.humans)).collect();
    let mut rows = vec![humans(&pieces, &alike)];
    let mut known = Vec::new();
    let mut pooled = vec![pooled::humans(&pieces)];
    let mut details = Vec::new();
    let literal = |score: &Score, _: usize| Ok(performance::deadpan(score));
    let deadpan = judge("deadpan", &pieces, options.workers, 1, &literal)?;
    pooled.push(people.compare("deadpan", &pieces, &deadpan.takes));
    rows.push(deadpan.row);
    for player in rows_of(options, device)? {
        let name = &player.name;
        said(&format!("{name} performs {} scores, {} takes", pieces.len(), options.takes));
        let play = |score: &Score, take: usize| player.play(score, options.seed + take as u64);
        let judgement = judge(name, &pieces, options.workers, options.takes.max(1), &play)?;
        if options.closely {
            details.push(detail::detail(name, &pieces, &judgement.takes));
        }
        pooled.push(people.compare(name, &pieces, &judgement.takes));
        known.push(judgement.known(&alike));
        rows.push(judgement.row);
    }
    if options.peer && options.split == "test" {
        peer_rows(options, &pieces, said, &mut rows, &mut pooled)?;
    }
    match datasets::load(&options.data, "train") {
        Ok(elsewhere) => pooled.push(people.blind(&elsewhere)),
        Err(why) => said(&format!("no blind draw beside the pooled figures: {why:#}")),
    }
    Ok(AgreementReport { split: options.split.clone(), seed: options.seed, rows, known, pooled, details })
}

/// The performers, each as often as there are combinations of knobs to try.
fn rows_of(options: &Options, device: &Device) -> Result<Vec<named_performers::NamedPerformer>> {
    let players = named_performers::load(&options.performers, &options.variants, &options.models, device)?;
    for (id, _) in &options.knobs {
        ensure!(players.iter().any(|player| player.has(id)), "nobody who plays has the setting {id}");
    }
    let mut rows = Vec::new();
    for player in players {
        rows.extend(player.tried(&options.knobs)?);
    }
    Ok(rows)
}

/// The ceiling: agreement between all pairs of people, given piece by piece.
fn humans(pieces: &[Judged<'_>], alike: &[Five]) -> Row {
    let agreement = metrics::mean(alike.iter().copied());
    let counted = pieces.iter().filter(|p| p.humans.len() > 1).count();
    Row {
        name: "humans".into(),
        scores: counted,
        agreement,
        spread: [Some(1.0); 5],
        diversity: Some(agreement),
    }
}

/// Plays every piece `takes` times and measures; pieces go to the workers as they come free.
pub(crate) fn judge(
    name: &str,
    pieces: &[Judged<'_>],
    workers: usize,
    takes: usize,
    play: &(dyn Fn(&Score, usize) -> Result<Performance> + Sync),
) -> Result<Judgement> {
    let measured = side_by_side(pieces.len(), workers, &|k| measure(&pieces[k], takes, play))?;
    let (measured, first): (Vec<Measured>, Vec<Performance>) = measured.into_iter().unzip();
    let row = Row {
        name: name.to_owned(),
        scores: measured.len(),
        agreement: metrics::mean(measured.iter().map(|m| m.agreement)),
        spread: metrics::mean(measured.iter().map(|m| m.likeness.spread)),
        diversity: (takes > 1).then(|| metrics::mean(measured.iter().map(|m| m.likeness.takes))),
    };
    Ok(Judgement { row, takes: first, likeness: measured.iter().map(|m| m.likeness).collect() })
}

/// Does jobs `0..count`, which go to the workers as they come free; the answers in order.
pub(crate) fn side_by_side<T: Send>(
    count: usize,
    workers: usize,
    job: &(dyn Fn(usize) -> Result<T> + Sync),
) -> Result<Vec<T>> {
    let next = AtomicUsize::new(0);
    let results: Mutex<BTreeMap<usize, Result<T>>> = Mutex::default();
    let work = || {
        loop {
            let k = next.fetch_add(1, Ordering::Relaxed);
            if k >= count {
                return;
            }
            let done = job(k);
            if let Ok(mut results) = results.lock() {
                results.insert(k, done);
            }
        }
    };
    std::thread::scope(|scope| -> Result<()> {
        for _ in 0..workers.max(1) {
            // Elementwise work runs in one thread on the CPU: whole jobs side by side use all cores.
            let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
            scope.spawn(move || pool.install(work));
        }
        Ok(())
    })?;
    results.into_inner().unwrap_or_default().into_values().collect()
}

fn measure(
    judged: &Judged<'_>,
    takes: usize,
    play: &(dyn Fn(&Score, usize) -> Result<Performance> + Sync),
) -> Result<(Measured, Performance)> {
    let score = &judged.piece.score;
    let first = play(score, 0)?;
    let mut figures = vec![Figures::of(score, &first, None)];
    for take in 1..takes {
        figures.push(Figures::of(score, &play(score, take)?, None));
    }
    let as_marked = base_tempo::mark(score).map(|_| Figures::of(score, &as_marked(score, &first), None));
    let likeness = Likeness {
        across: known::across(&figures, &judged.humans),
        takes: between_takes(&figures),
        people: Five::default(),
        spread: metrics::spread(&figures[0], &judged.humans),
        slower: [Some(&figures[0]), as_marked.as_ref()].map(|of| known::slower(of?, judged)),
    };
    let agreement = metrics::agreement_with_humans(&figures[0], &judged.humans);
    Ok((Measured { agreement, likeness }, first))
}

/// The take with the tempo of the marks of its score.
fn as_marked(score: &Score, take: &Performance) -> Performance {
    let (mut take, controls) = (take.clone(), Controls::default());
    base_tempo::settle(
        &Request { score, region: &Region::All, context: None, controls: &controls },
        &mut take,
    );
    take
}

/// Mean r over all pairs of takes; unlike for people, copies are counted.
fn between_takes(takes: &[Figures]) -> Five {
    let pairs = takes.iter().enumerate().flat_map(|(k, a)| takes[..k].iter().map(move |b| (a, b)));
    metrics::mean(pairs.map(|(a, b)| metrics::agreement(a, b)))
}

/// The peer on the pieces that it can be compared on.
fn peer_rows(
    options: &Options,
    pieces: &[Judged<'_>],
    said: &(dyn Fn(&str) + Sync),
    rows: &mut Vec<Row>,
    pooled: &mut Vec<PooledRow>,
) -> Result<()> {
    let folder = options.data.join("pianist-transformer-testset");
    if !folder.is_dir() {
        said(&format!("the peer's outputs are not at {}: left out", folder.display()));
        return Ok(());
    }
    let matched = peer::load(&folder, pieces)?;
    let subset: Vec<Judged> = matched.iter().map(|m| Judged::new(pieces[m.piece].piece)).collect();
    let play = |score: &Score, _: usize| -> Result<Performance> {
        let found = subset.iter().position(|p| std::ptr::eq(&p.piece.score, score));
        Ok(found.map(|k| matched[k].performance.clone()).unwrap_or_default())
    };
    let judgement = judge(peer::NAME, &subset, 1, 1, &play)?;
    pooled.push(pooled::People::of(&subset).compare(peer::NAME, &subset, &judgement.takes));
    pooled.push(pooled::published(&folder)?);
    rows.push(judgement.row);
    Ok(())
}
