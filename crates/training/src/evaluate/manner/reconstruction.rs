//! `espressivo evaluate manner --reconstruction`: what XMVAE's two autoencoders keep of what goes through them,
//! and how much of their room they use.
//!
//! Of scores: the share of sub-tokens that the decoder tells right, each given those before it as they are
//! (teacher forcing) and the code of its beat; beside it with the codes of other beats of the window. Perplexity of
//! the codes is e to the entropy of how often each is used: as many codes, used alike, would be as rich. Of
//! performances: r of each value with what is expected of it, given the manner of the same passage, of another
//! passage of the same performance, and none; KL divergence of manners from the prior; and how many of a manner's
//! numbers are active, which is if their means differ from passage to passage with a variance above .01
//! (Burda and others, "Importance weighted autoencoders", arXiv 1509.00519, section 5.1).

mod composer;
mod pianist;
mod rows;
mod tally;

use std::fmt;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;
use serde::Serialize;
use xmvae::ecp::NAMES;
use xmvae::network::Model;

use crate::datasets;
use crate::evaluate::side_by_side;
use composer::Rewritten;
use pianist::Replayed;
pub use rows::{PlayedRow, WrittenRow};

/// The model's folder in the models folder.
const FOLDER: &str = "xmvae";

/// What is told of scores: each sub-token, and the code of a beat.
const WRITTEN: [&str; 5] = [NAMES[0], NAMES[1], NAMES[2], NAMES[3], "code"];

/// What the evaluation takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder.
    pub data: PathBuf,
    /// The models folder.
    pub models: PathBuf,
    /// Which split: `valid` to choose by, `test` to report.
    pub split: String,
    /// At most so many people of a piece.
    pub people: usize,
    /// Seed of who is drawn.
    pub seed: u64,
    /// Pieces side by side.
    pub workers: usize,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Name of the split.
    pub split: String,
    /// Scores and performances that went through.
    pub scores: usize,
    /// Performances.
    pub performances: usize,
    /// Share of each kind of sub-token that is told right, and of the codes.
    pub written: Vec<WrittenRow>,
    /// Share of all sub-tokens that is told right, with the codes and with those of other beats.
    pub share: [Option<f64>; 2],
    /// Perplexity of the codes.
    pub perplexity: Option<f64>,
    /// Codes that are used at all, and how many there are.
    pub codes: [usize; 2],
    /// r of each value.
    pub played: Vec<PlayedRow>,
    /// Mean KL divergence of a passage's manner from the prior, in nats.
    pub kl_nats: Option<f64>,
    /// Numbers of a manner that are active, and how many there are.
    pub active: [usize; 2],
}

/// Puts the scores and performances of a split through the model. `said` gets messages of progress.
///
/// # Errors
/// When the data or the model cannot be read.
pub fn run(options: &Options, said: &(dyn Fn(&str) + Sync)) -> Result<Report> {
    let model = Model::load(&options.models.join(FOLDER)).context("reading the model of XMVAE")?;
    let mut pieces = datasets::load(&options.data, &options.split)?.pieces;
    ensure!(!pieces.is_empty(), "the split {} has no pieces", options.split);
    for piece in &mut pieces {
        piece.humans.shuffle(&mut Pcg64Mcg::seed_from_u64(options.seed));
        piece.humans.truncate(options.people);
    }
    said(&format!("writing {} scores again", pieces.len()));
    let write = |k: usize| Ok(composer::write_again(&model, &pieces[k].score));
    let scores = side_by_side(pieces.len(), options.workers, &write)?;
    let people: Vec<(usize, usize)> = pieces
        .iter()
        .enumerate()
        .flat_map(|(piece, of)| (0..of.humans.len()).map(move |person| (piece, person)))
        .collect();
    said(&format!("playing {} performances again", people.len()));
    let play = |k: usize| {
        let (piece, person) = people[k];
        Ok(pianist::play_again(&model, &pieces[piece].score, &pieces[piece].humans[person]))
    };
    let played = side_by_side(people.len(), options.workers, &play)?;
    Ok(report(options.split.clone(), &model, &scores, &played))
}

fn report(split: String, model: &Model, scores: &[Rewritten], played: &[Replayed]) -> Report {
    let sizes = &model.settings().network;
    let written = WRITTEN.iter().enumerate().map(|(k, name)| {
        let sum = |of: fn(&Rewritten) -> &[usize; 5]| scores.iter().map(|one| of(one)[k]).sum::<usize>();
        let count = sum(|one| &one.asked);
        let share = |right: usize| tally::share(right, count);
        let [right, other] = [sum(|one| &one.right), sum(|one| &one.right_otherwise)].map(share);
        WrittenRow { name, count, right, other }
    });
    // The code is no token of the score.
    let all = |of: fn(&Rewritten) -> &[usize; 5]| -> usize {
        scores.iter().flat_map(|one| &of(one)[..WRITTEN.len() - 1]).sum()
    };
    let asked = all(|one| &one.asked);
    let mut uses = vec![0; sizes.codes];
    for code in scores.iter().flat_map(|one| &one.codes) {
        if let Some(count) = uses.get_mut(usize::from(*code)) {
            *count += 1;
        }
    }
    let posteriors = || played.iter().flat_map(|one| &one.posteriors);
    let kl: Vec<f64> = posteriors().map(tally::kl_nats).collect();
    let means: Vec<&[f32]> = posteriors().map(|posterior| posterior.mean.as_slice()).collect();
    Report {
        split,
        scores: scores.len(),
        performances: played.len(),
        written: written.collect(),
        share: [all(|one| &one.right), all(|one| &one.right_otherwise)]
            .map(|right| tally::share(right, asked)),
        perplexity: tally::perplexity(&uses),
        codes: [uses.iter().filter(|count| **count > 0).count(), sizes.codes],
        played: pianist::rows(played),
        kl_nats: tally::mean(&kl),
        active: [tally::active(&means), sizes.latent],
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"));
        let Self { split, scores, performances, .. } = self;
        writeln!(f, "{split} split, {scores} scores, {performances} performances")?;
        writeln!(
            f,
            "share of what is written that is told right, with the codes of its beats and of others"
        )?;
        writeln!(f, "{:14}{:>10}{:>9}{:>9}", "", "tokens", "own", "others")?;
        for WrittenRow { name, count, right, other } in &self.written {
            writeln!(f, "{name:14}{count:>10}{:>9}{:>9}", number(*right), number(*other))?;
        }
        let [right, other] = self.share.map(number);
        writeln!(f, "{:14}{:>10}{right:>9}{other:>9}", "all but code", "")?;
        let [used, codes] = self.codes;
        let perplexity = self.perplexity.map_or_else(|| "-".to_owned(), |value| format!("{value:.1}"));
        writeln!(f, "{used} of {codes} codes are used, perplexity {perplexity}")?;
        writeln!(
            f,
            "\nr of what is played, given the manner of the passage, of another passage of the performance, and none"
        )?;
        writeln!(f, "{:14} |{:>27} |{:>27}", "", "all performances", "within each")?;
        let heads = ["own", "other", "none"].map(|head| format!("{head:>9}")).concat();
        writeln!(f, "{:14} |{heads} |{heads}", "")?;
        for row in &self.played {
            let cells = |three: [Option<f64>; 3]| three.map(|r| format!("{:>9}", number(r))).concat();
            writeln!(f, "{:14} |{} |{}", row.name, cells(row.all), cells(row.within))?;
        }
        let [active, latent] = self.active;
        writeln!(
            f,
            "{active} of {latent} numbers of a manner are active, KL {} nats a passage",
            number(self.kl_nats)
        )
    }
}
