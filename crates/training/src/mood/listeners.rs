//! `espressivo train listeners`: what musicians heard in performances, predicted from how they are played.
//!
//! Ridge regression on the performances of PercePiano ([`crate::evaluate::percepiano`]): how the mean
//! rating of a performance differs from the mean of its segment, from how its cues differ, in deviations
//! between players. What it is worth is r of predicted with mean ratings on people who were left out, and
//! on pieces that were; beside it stands how well whoever knows the true mean would do. The cues steer words
//! ([`mood::Listeners`]); a judge ([`super::judge`]) that knows more than the cues learns from the same ratings.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use burn::tensor::Device;
use mood::Listeners;
use mood::listeners::Scale;
use mood::listeners::ends::{BALANCED, DARK, DRAMATIC, ENERGY, SPACIOUS};
use performance::cues::{CUES, Cues};
use serde::Serialize;

use super::classifier::MoodClassifier;
use super::judge::{self, Judge};
use super::left_out::{Example, left_out, piece, player, predict, weights};
use super::ratings;
use crate::evaluate::percepiano::{self, Rated};

/// The scales that moods have to answer to.
pub const JUDGED: [&str; 5] = [ENERGY, DARK, DRAMATIC, SPACIOUS, BALANCED];

/// What it takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder.
    pub data: PathBuf,
    /// The models folder, whose `mood` is read and written.
    pub models: PathBuf,
}

/// What came out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Learned {
    /// How well cues predict ratings.
    pub cues: Report,
    /// How well the judge does.
    pub judge: judge::Report,
}

impl fmt::Display for Learned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}", self.cues, self.judge)
    }
}

/// What cues tell of ratings.
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

/// Fits, writes `listeners.json` and `judge.json` in `models/mood`, and tells how well ratings are predicted.
///
/// # Errors
/// When the data are missing or broken, or a file cannot be read or written.
pub fn train(options: &Options, device: &Device, said: &dyn Fn(&str)) -> Result<Learned> {
    let (learned, judge) = learn(options, device, said)?;
    let of_row = |row: &Row| Scale {
        name: row.scale.clone(),
        deviation: row.deviation,
        predicted: row.predicted,
        ceiling: row.ceiling,
        weights: row.weights,
    };
    let deviations = learned.cues.deviations;
    let listeners = Listeners { deviations, scales: learned.cues.rows.iter().map(of_row).collect() };
    let path = Listeners::path(&options.models);
    std::fs::write(&path, serde_json::to_vec_pretty(&listeners)?)
        .with_context(|| format!("cannot write {}", path.display()))?;
    judge.save(&options.models)?;
    Ok(learned)
}

/// Fits and tells how well ratings are predicted; writes nothing.
///
/// # Errors
/// When the data are missing or broken, or the classifier cannot be read.
pub fn learn(options: &Options, device: &Device, said: &dyn Fn(&str)) -> Result<(Learned, Judge)> {
    let rated = percepiano::read(&options.data, said)?;
    let cues = fit(&rated)?;
    let classifier = MoodClassifier::load(&options.models, device)?;
    let (judge, report) = judge::learn(&rated, classifier.as_ref(), said)?;
    Ok((Learned { cues, judge: report }, judge))
}

fn fit(rated: &Rated) -> Result<Report> {
    let cues =
        |k: usize| -> Vec<Vec<f64>> { rated.segments[k].cues.iter().map(|cues| cues.to_vec()).collect() };
    let (deviations, examples) = ratings::examples(rated, &[1.0; CUES], &cues);
    let examples: Vec<&Example> = examples.iter().collect();
    ensure!(examples.len() > CUES, "too few performances are rated to learn from");
    let players: BTreeSet<&str> = examples.iter().map(|example| player(example)).collect();
    let pieces: BTreeSet<&str> = examples.iter().map(|example| piece(example)).collect();
    let free = ratings::free(rated);
    let row = |(k, scale): (usize, &String)| {
        let learned = |examples: &[&Example]| weights(examples, k, &(0..CUES));
        let weights = learned(&examples);
        let square: f64 = examples.iter().map(|e| predict(&weights, &e.known).powi(2)).sum();
        let agreed = percepiano::agreement(&rated.segments, k);
        Row {
            scale: scale.clone(),
            halves: agreed.and_then(|agreed| agreed.halves()),
            ceiling: agreed.and_then(|agreed| agreed.ceiling()),
            left_out_players: left_out(&examples, k, player, &learned),
            left_out_pieces: left_out(&examples, k, piece, &learned),
            deviation: ratings::STEPS * percepiano::deviation(&rated.segments, k),
            predicted: (square / free).sqrt(),
            weights: std::array::from_fn(|cue| weights[cue]),
        }
    };
    Ok(Report {
        performances: examples.len(),
        players: players.len(),
        pieces: pieces.len(),
        deviations: std::array::from_fn(|cue| deviations[cue]),
        rows: rated.scales.iter().enumerate().map(row).collect(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use performance::cues::Cue;

    use super::*;
    use crate::evaluate::percepiano::Segment;

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
