//! `espressivo train listeners`: what musicians heard in performances, predicted from cues of playing.
//!
//! Ridge regression on the performances of PercePiano ([`crate::evaluate::percepiano`]): how the mean
//! rating of a performance differs from the mean of its segment, from how its cues differ, in deviations
//! between players. What it is worth is r of predicted with mean ratings on people who were left out, and
//! on pieces that were; beside it stands how well whoever knows the true mean would do.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use mood::Listeners;
use mood::listeners::Scale;
use mood::listeners::ends::{BALANCED, DARK, DRAMATIC, ENERGY, SPACIOUS};
use performance::cues::{CUES, Cues};
use performance::metrics::correlation;
use serde::Serialize;

use crate::evaluate::percepiano::{self, Rated, Segment, centred};
use crate::linear;

/// The scales that moods have to answer to.
pub const JUDGED: [&str; 5] = [ENERGY, DARK, DRAMATIC, SPACIOUS, BALANCED];

/// Steps of the scale, which is published divided by it.
const STEPS: f64 = 7.0;

/// The pull of the weights to zero, in performances whose cues all differ by a deviation: the best of 10,
/// 30 and 100 do not differ by .01.
const PULL: f64 = 30.0;

/// Farthest that a cue counts, in deviations: a wrong match is no way of playing.
const FARTHEST: f64 = 4.0;

/// What it takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder.
    pub data: PathBuf,
    /// The models folder, whose `mood` is written.
    pub models: PathBuf,
}

/// What came out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Performances that were learned from.
    pub performances: usize,
    /// People who played them, by number: the same number in two works may be two people.
    pub players: usize,
    /// Pieces.
    pub pieces: usize,
    /// Deviations of the cues between players of a segment, in their units.
    pub deviations: Cues,
    /// A row for every scale, in the published order.
    pub rows: Vec<Row>,
}

/// One scale.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Its two ends, the lower first.
    pub scale: String,
    /// r between two halves of the raters.
    pub halves: Option<f64>,
    /// r that whoever knows the true mean would have with the mean rating.
    pub ceiling: Option<f64>,
    /// r of predicted with mean ratings, of people who were left out in turn.
    pub left_out_players: Option<f64>,
    /// The same of pieces.
    pub left_out_pieces: Option<f64>,
    /// Deviation of mean ratings between players, 1 to 7.
    pub deviation: f64,
    /// Deviation of predicted ratings between players, 1 to 7.
    pub predicted: f64,
    /// How much one deviation of each cue adds.
    pub weights: Cues,
}

/// How a performance differs from the mean of its segment.
struct Example {
    player: String,
    piece: String,
    /// In deviations; 0 where it is not known.
    cues: Cues,
    /// 1 to 7, scale by scale.
    ratings: Vec<f64>,
}

/// Fits, writes `models/mood/listeners.json` and tells how well ratings are predicted.
///
/// # Errors
/// When the data are missing or broken, or the file cannot be written.
pub fn train(options: &Options, said: &dyn Fn(&str)) -> Result<Report> {
    let rated = percepiano::read(&options.data, said)?;
    let report = fit(&rated)?;
    let of_row = |row: &Row| Scale {
        name: row.scale.clone(),
        deviation: row.deviation,
        predicted: row.predicted,
        weights: row.weights,
    };
    let listeners =
        Listeners { deviations: report.deviations, scales: report.rows.iter().map(of_row).collect() };
    let path = Listeners::path(&options.models);
    std::fs::write(&path, serde_json::to_vec_pretty(&listeners)?)
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(report)
}

fn fit(rated: &Rated) -> Result<Report> {
    let (deviations, examples) = examples(rated);
    ensure!(examples.len() > CUES, "too few performances are rated to learn from");
    let players: BTreeSet<&str> = examples.iter().map(|e| e.player.as_str()).collect();
    let pieces: BTreeSet<&str> = examples.iter().map(|e| e.piece.as_str()).collect();
    // A mean was taken out of every segment.
    let free: usize = rated.segments.iter().map(|segment| segment.len().saturating_sub(1)).sum();
    let row = |(k, scale): (usize, &String)| {
        let weights = weights(examples.iter(), k);
        let square: f64 = examples.iter().map(|e| predict(&weights, &e.cues).powi(2)).sum();
        let agreed = percepiano::agreement(&rated.segments, k);
        Row {
            scale: scale.clone(),
            halves: agreed.and_then(|agreed| agreed.halves()),
            ceiling: agreed.and_then(|agreed| agreed.ceiling()),
            left_out_players: left_out(&examples, k, |e| &e.player),
            left_out_pieces: left_out(&examples, k, |e| &e.piece),
            deviation: STEPS * percepiano::deviation(&rated.segments, k),
            predicted: (square / free.max(1) as f64).sqrt(),
            weights,
        }
    };
    Ok(Report {
        performances: examples.len(),
        players: players.len(),
        pieces: pieces.len(),
        deviations,
        rows: rated.scales.iter().enumerate().map(row).collect(),
    })
}

/// Deviations of the cues between players, and all performances in these.
fn examples(rated: &Rated) -> (Cues, Vec<Example>) {
    let segments = &rated.segments;
    let cue = |k: usize| centred(segments, &|segment: &Segment| segment.cues.iter().map(|c| c[k]).collect());
    let cues: [Vec<f64>; CUES] = std::array::from_fn(cue);
    let deviations: Cues = std::array::from_fn(|k| {
        let known = || cues[k].iter().filter(|value| value.is_finite());
        (known().map(|value| value * value).sum::<f64>() / known().count().max(1) as f64).sqrt().max(1e-9)
    });
    let rating = |k: usize| {
        centred(segments, &|segment: &Segment| segment.means.iter().map(|row| STEPS * row[k]).collect())
    };
    let ratings: Vec<Vec<f64>> = (0..rated.scales.len()).map(rating).collect();
    let lean = |n: usize, k: usize| {
        let lean = cues[k][n] / deviations[k];
        if lean.is_finite() { lean.clamp(-FARTHEST, FARTHEST) } else { 0.0 }
    };
    let who = segments.iter().flat_map(|s| s.players.iter().map(|player| (player.clone(), s.piece.clone())));
    let example = |(n, (player, piece)): (usize, (String, String))| Example {
        player,
        piece,
        cues: std::array::from_fn(|k| lean(n, k)),
        ratings: ratings.iter().map(|ratings| ratings[n]).collect(),
    };
    (deviations, who.enumerate().map(example).collect())
}

fn weights<'a>(examples: impl Iterator<Item = &'a Example>, scale: usize) -> Cues {
    let rows = examples.map(|e| (e.cues.to_vec(), e.ratings[scale]));
    let solved = linear::ridge(CUES, CUES, PULL, rows);
    std::array::from_fn(|k| solved[k])
}

fn predict(weights: &Cues, cues: &Cues) -> f64 {
    weights.iter().zip(cues).map(|(weight, cue)| weight * cue).sum()
}

/// r over all performances, each predicted without those of its group.
fn left_out(examples: &[Example], scale: usize, group: fn(&Example) -> &String) -> Option<f64> {
    let groups: BTreeSet<&String> = examples.iter().map(group).collect();
    if groups.len() < 2 {
        return None;
    }
    let mut pairs = Vec::with_capacity(examples.len());
    for out in groups {
        let weights = weights(examples.iter().filter(|e| group(e) != out), scale);
        let theirs = examples.iter().filter(|e| group(e) == out);
        pairs.extend(theirs.map(|e| (predict(&weights, &e.cues), e.ratings[scale])));
    }
    correlation(&pairs)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use performance::cues::Cue;

    use super::*;

    /// Ten players of six segments of two pieces; energy follows tempo, in the second piece less.
    fn rated() -> Rated {
        let mut segments = Vec::new();
        for k in 0..6usize {
            let mut segment = Segment { piece: format!("piece {}", k % 2), ..Segment::default() };
            for player in 0..10usize {
                let mut cues = [0.0; CUES];
                cues[Cue::Tempo as usize] = 0.1 * player as f64 + k as f64;
                cues[Cue::Level as usize] = ((player * 7 + k * 3) % 5) as f64;
                cues[Cue::Spread as usize] = f64::NAN;
                let slope = if k % 2 == 0 { 0.04 } else { 0.02 };
                let ratings = [0.3 + slope * player as f64, 0.5];
                segment.add(&player.to_string(), &ratings, &[0.1; 2], Some(5), cues);
            }
            segments.push(segment);
        }
        Rated { scales: vec![ENERGY.to_owned(), DARK.to_owned()], segments, left_out: 0 }
    }

    #[test]
    fn ratings_that_follow_a_cue_are_predicted_on_left_out_people_and_pieces() {
        let report = fit(&rated()).unwrap();
        assert_eq!((report.performances, report.players, report.pieces), (60, 10, 2));
        let energy = &report.rows[0];
        assert!(
            energy.left_out_players.unwrap() > 0.9 && energy.left_out_pieces.unwrap() > 0.7,
            "{energy:?}"
        );
        let tempo = energy.weights[Cue::Tempo as usize];
        assert!(tempo > 0.3 && energy.weights[Cue::Level as usize].abs() < 0.25 * tempo, "{energy:?}");
        assert_eq!(energy.weights[Cue::Spread as usize], 0.0);
        assert!(energy.predicted > 0.5 * energy.deviation && energy.predicted < energy.deviation);
        // What does not vary is not predicted.
        assert_eq!(report.rows[1].left_out_players, None);
        assert!((report.deviations[Cue::Tempo as usize] - 0.287).abs() < 1e-3, "{:?}", report.deviations);
    }

    #[test]
    fn one_piece_cannot_be_left_out() {
        let mut rated = rated();
        rated.segments.iter_mut().for_each(|segment| segment.piece = "one".into());
        let report = fit(&rated).unwrap();
        assert_eq!(report.rows[0].left_out_pieces, None);
        rated.segments.clear();
        assert!(fit(&rated).is_err());
    }

    #[test]
    #[ignore = "needs the data folder"]
    fn energy_is_predicted_on_people_and_pieces_that_were_left_out_needs_data() {
        let rated = percepiano::read(&application::Folders::find().data.unwrap(), &|_| {}).unwrap();
        let report = fit(&rated).unwrap();
        println!("{report}");
        let row = report.rows.iter().find(|row| row.scale == ENERGY).unwrap();
        assert!(row.left_out_players.unwrap() > 0.2 && row.left_out_pieces.unwrap() > 0.2, "{row:?}");
        assert!(row.left_out_players < row.ceiling);
        assert!(JUDGED.iter().all(|scale| report.rows.iter().any(|row| row.scale == *scale)));
    }
}
