//! `espressivo evaluate c2st`: can a classifier distinguish performers from people?
//!
//! A classifier two-sample test (Lopez-Paz and Oquab, "Revisiting Classifier Two-Sample Tests", ICLR
//! 2017, section 3): a small network learns to distinguish windows of pianists from windows of a
//! performer, and is tested on pieces that it has not seen. It reads what the performers themselves learn,
//! the values of the performance codec, beside the score; half of the windows are of each side, on the
//! same notes. A share of .5 means that this classifier cannot; a better one still might.
//!
//! Two protocols. *Train to test*: it learns on pieces of the train split and is tested on the test
//! split; a performer that was trained on the same train split may play those a little more like
//! people than new ones. *Left-out pieces*: for the peer, of which only outputs of the test split are
//! published, and for all others on the same pieces and notes, it learns on three quarters of them and
//! is tested on the rest, in turn.

mod options;
mod pairs;
mod trial;

use std::fmt;

use analysis::features;
use anyhow::{Result, ensure};
use burn::tensor::Device;
use notation::Score;
use performance::Performance;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;
use serde::Serialize;

use super::named_performers::{self, NamedPerformer};
use super::{Judged, peer, side_by_side};
use crate::datasets::{self, Human, Piece};
pub use options::Options;
use pairs::{Pair, Side};
pub use trial::Accuracy;
use trial::{Answer, trial};

/// Longer pieces of the train split are passed over: to perform them takes long, and they would have
/// most of the windows.
const LONGEST_NOTES: usize = 2200;

/// Recordings of a piece that are taken.
const PEOPLE: usize = 3;

/// Parts into which the peer's pieces are divided, to be left out in turn.
const FOLDS: usize = 4;

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct C2stRow {
    /// Who is held against people.
    pub name: String,
    /// Learned on the train split, tested on the test split.
    pub train_to_test: Option<Accuracy>,
    /// Learned on some of the peer's pieces, tested on the others.
    pub left_out: Option<Accuracy>,
}

/// What the test found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct C2stReport {
    /// Seed of everything.
    pub seed: u64,
    /// Notes in a window.
    pub window: usize,
    /// One row a performer.
    pub rows: Vec<C2stRow>,
}

impl C2stReport {
    /// The row of a performer.
    pub fn row(&self, name: &str) -> Option<&C2stRow> {
        self.rows.iter().find(|row| row.name == name)
    }
}

/// Name of the row in which half of the people stand against the other half.
pub const HALVES: &str = "people, halves";

/// A performer's takes of the pieces, or none for the people themselves.
struct Contestant {
    name: String,
    takes: Option<Vec<Performance>>,
}

/// Pieces as all pairs see them.
struct Scene<'a> {
    pieces: &'a [&'a Piece],
    features: Vec<Vec<f32>>,
}

impl<'a> Scene<'a> {
    fn of(pieces: &'a [&'a Piece]) -> Self {
        Self { pieces, features: pieces.iter().map(|p| features::of(&p.score)).collect() }
    }
}

/// Runs the test. `said` gets messages of progress.
pub fn run(options: &Options, device: &Device, said: &(dyn Fn(&str) + Sync)) -> Result<C2stReport> {
    let mut train = datasets::load(&options.data, "train")?.pieces;
    let mut test = datasets::load(&options.data, "test")?.pieces;
    train.retain(|p| !p.humans.is_empty() && p.score.notes.len() <= LONGEST_NOTES);
    train.shuffle(&mut Pcg64Mcg::seed_from_u64(options.seed));
    train.truncate(options.pieces);
    test.retain(|p| !p.humans.is_empty());
    test.truncate(options.limit.unwrap_or(usize::MAX));
    ensure!(!train.is_empty() && !test.is_empty(), "the data has no performances to learn from and to judge");
    let pieces: Vec<&Piece> = train.iter().chain(&test).collect();
    let scene = Scene::of(&pieces);

    let mut contestants = vec![Contestant { name: HALVES.into(), takes: None }];
    let literal = pieces.iter().map(|p| performance::deadpan(&p.score)).collect();
    contestants.push(Contestant { name: "deadpan".into(), takes: Some(literal) });
    for player in named_performers::load(&options.performers, &options.variants, &options.models, device)? {
        contestants.push(perform(options, &pieces, player, said)?);
    }
    said(&format!("{} classifiers learn on {} pieces", contestants.len(), train.len()));
    let across = |k: usize| {
        let pairs = pairs_of(options, &scene, &contestants[k], None);
        let (taught, asked): (Vec<&Pair>, Vec<&Pair>) = pairs.iter().partition(|p| p.piece < train.len());
        let accuracy = Accuracy::of(&trial(options, device, &scene.features, &taught, &asked, options.steps));
        if let Some(accuracy) = accuracy {
            said(&format!("{}: {:.3} of windows told right", contestants[k].name, accuracy.windows));
        }
        Ok(accuracy)
    };
    let across = side_by_side(contestants.len(), options.workers, &across)?;
    let names = contestants.iter().map(|c| c.name.clone());
    let mut rows: Vec<C2stRow> = (names.zip(across))
        .map(|(name, train_to_test)| C2stRow { name, train_to_test, left_out: None })
        .collect();
    if options.peer {
        contestants.iter_mut().for_each(|c| c.takes.iter_mut().for_each(|t| drop(t.drain(..train.len()))));
        leave_out(options, device, &pieces[train.len()..], contestants, &mut rows, said)?;
    }
    Ok(C2stReport { seed: options.seed, window: options.window, rows })
}

fn perform(
    options: &Options,
    pieces: &[&Piece],
    player: NamedPerformer,
    said: &(dyn Fn(&str) + Sync),
) -> Result<Contestant> {
    said(&format!("{} performs {} scores", player.name, pieces.len()));
    let play = |k: usize| player.play(&pieces[k].score, options.seed + k as u64);
    let takes = side_by_side(pieces.len(), options.workers, &play)?;
    Ok(Contestant { name: player.name, takes: Some(takes) })
}

/// Judges all contestants on the pieces and notes of the peer's outputs.
fn leave_out(
    options: &Options,
    device: &Device,
    test: &[&Piece],
    mut contestants: Vec<Contestant>,
    rows: &mut Vec<C2stRow>,
    said: &(dyn Fn(&str) + Sync),
) -> Result<()> {
    let folder = options.data.join("pianist-transformer-testset");
    if !folder.is_dir() {
        said(&format!("the peer's outputs are not at {}: no pieces are left out in turn", folder.display()));
        return Ok(());
    }
    let judged: Vec<Judged> = test.iter().map(|p| Judged::new(p)).collect();
    let matched = peer::load(&folder, &judged)?;
    if matched.len() < FOLDS {
        said("too few pieces of the peer to leave some out in turn");
        return Ok(());
    }
    let pieces: Vec<&Piece> = matched.iter().map(|m| test[m.piece]).collect();
    for contestant in &mut contestants {
        if let Some(takes) = &mut contestant.takes {
            *takes = matched.iter().map(|m| takes[m.piece].clone()).collect();
        }
    }
    let outputs: Vec<Performance> = matched.into_iter().map(|m| m.performance).collect();
    contestants.push(Contestant { name: peer::NAME.into(), takes: Some(outputs.clone()) });
    let scene = Scene::of(&pieces);
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    order.shuffle(&mut Pcg64Mcg::seed_from_u64(options.seed));
    let mut fold_of = vec![0; pieces.len()];
    order.iter().enumerate().for_each(|(k, piece)| fold_of[*piece] = k % FOLDS);
    said(&format!("{} classifiers learn with pieces left out", contestants.len() * FOLDS));
    let pairs: Vec<Vec<Pair>> =
        contestants.iter().map(|c| pairs_of(options, &scene, c, Some(&outputs))).collect();
    let job = |k: usize| {
        let fold = k % FOLDS;
        let (asked, taught): (Vec<&Pair>, Vec<&Pair>) =
            pairs[k / FOLDS].iter().partition(|p| fold_of[p.piece] == fold);
        Ok(trial(options, device, &scene.features, &taught, &asked, options.steps))
    };
    let mut answers = side_by_side(contestants.len() * FOLDS, options.workers, &job)?.into_iter();
    for contestant in contestants {
        let all: Vec<Answer> = answers.by_ref().take(FOLDS).flatten().collect();
        let left_out = Accuracy::of(&all);
        match rows.iter_mut().find(|row| row.name == contestant.name) {
            Some(row) => row.left_out = left_out,
            None => rows.push(C2stRow { name: contestant.name, train_to_test: None, left_out }),
        }
    }
    Ok(())
}

/// Pairs of people and a contestant on every piece; with `kept`, only on those notes.
fn pairs_of(
    options: &Options,
    scene: &Scene<'_>,
    contestant: &Contestant,
    kept: Option<&[Performance]>,
) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (k, piece) in scene.pieces.iter().enumerate() {
        // The same people for every contestant.
        let mut rng = Pcg64Mcg::seed_from_u64(options.seed.wrapping_mul(0x9E37_79B9).wrapping_add(k as u64));
        let mut people: Vec<&Human> = piece.humans.iter().collect();
        people.shuffle(&mut rng);
        let score: &Score = &piece.score;
        let kept = kept.map(|kept| &kept[k]);
        let mut add = |a: Side<'_>, b: Side<'_>| pairs.push(Pair::new(k, score, [a, b], kept, &mut rng));
        match &contestant.takes {
            Some(takes) => people.iter().take(PEOPLE).for_each(|human| add(side(human), side_of(&takes[k]))),
            None => people.chunks_exact(2).take(PEOPLE).for_each(|two| add(side(two[0]), side(two[1]))),
        }
    }
    pairs
}

fn side(human: &Human) -> Side<'_> {
    Side { played: &human.performance, flags: Some(&human.flags) }
}

fn side_of(take: &Performance) -> Side<'_> {
    Side { played: take, flags: None }
}

impl fmt::Display for C2stReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "share told from people in windows of {} notes, seed {}; .5 = cannot tell",
            self.window, self.seed
        )?;
        let heads = ["pieces", "windows", "+-", "whole"].map(|head| format!("{head:>8}")).concat();
        writeln!(f, "{:24} |{:>32} |{:>32}", "", "train to test", "left-out pieces")?;
        writeln!(f, "{:24} |{heads} |{heads}", "")?;
        for row in &self.rows {
            write!(f, "{:24}", row.name)?;
            for accuracy in [row.train_to_test, row.left_out] {
                match accuracy {
                    Some(accuracy) => write!(
                        f,
                        " |{:>8}{:>8.3}{:>8.3}{:>8.3}",
                        accuracy.pieces, accuracy.windows, accuracy.error, accuracy.performances
                    )?,
                    None => write!(f, " |{:>8}{:>8}{:>8}{:>8}", "-", "-", "-", "-")?,
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
