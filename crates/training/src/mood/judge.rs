//! A judge of moods that learned from ratings: what musicians would rate a performance, by all that is known
//! of how it is played.
//!
//! It knows the cues, finer sides of playing, and what the classifier of moods tells labels from
//! ([`MoodClassifier::state`]), each held against the other performances of the score. For every scale it takes
//! as much of that as predicts ratings better on pieces that were left out. Words lean by the cues alone
//! ([`mood::Listeners`]), so in the judge takes have a listener who did not tell them what to do.

use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use burn::tensor::Device;
use performance::Performance;
use performance::cues::{CUES, Measured};
use pianoflow::values::{self, Values};
use serde::{Deserialize, Serialize};

use super::classifier::{MoodClassifier, mean_of_others};
use super::finer::{FINER, Profile, Usual};
use super::left_out::{Example, choose, left_out, piece, player, predict, weights};
use super::ratings;
use crate::datasets::{Human, Piece};
use crate::evaluate::percepiano::{self, Rated, Segment};

/// How many deviations of a finer cue count as one, and of a value of the classifier: what there is more of is
/// pulled to zero more. With the first, r on left-out pieces is within .01 of the best.
const FINER_UNIT: f64 = 1.8;
const STATE_UNIT: f64 = 6.0;

/// Columns of what is known without the classifier.
const HEARD: usize = CUES + FINER;

/// What it learned: `models/mood/judge.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judge {
    /// Fingerprint of the classifier that it learned with; none if it learned without one.
    pub classifier: Option<String>,
    /// How much of each column counts as one, in its unit.
    pub sizes: Vec<f64>,
    /// The scales.
    pub scales: Vec<Scale>,
}

/// A scale that musicians rated on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    /// Its two ends, the lower first.
    pub name: String,
    /// Standard deviation between the players of a segment of what the judge predicts, 1 to 7.
    pub predicted: f64,
    /// How much one of each column adds to the rating; 0 for columns that are not taken.
    pub weights: Vec<f64>,
}

/// How well the judge predicts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Performances that were learned from.
    pub performances: usize,
    /// Whether there was a classifier.
    pub has_classifier: bool,
    /// A row for every scale, in the published order.
    pub rows: Vec<Row>,
}

/// r of predicted with mean ratings, of people who were left out in turn, and of pieces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct LeftOut {
    /// People.
    pub players: Option<f64>,
    /// Pieces.
    pub pieces: Option<f64>,
}

/// One scale.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Its two ends, the lower first.
    pub scale: String,
    /// r that whoever knows the true mean would have with the mean rating.
    pub ceiling: Option<f64>,
    /// By the cues.
    pub cues: LeftOut,
    /// By these and finer sides of playing.
    pub finer: LeftOut,
    /// By the classifier alone.
    pub classifier: Option<LeftOut>,
    /// By all of it.
    pub all: Option<LeftOut>,
    /// As the judge does: what it takes is chosen without those who are left out.
    pub judge: LeftOut,
    /// What it takes when nobody is left out: columns of cues, of finer cues, and of the classifier.
    pub taken: [usize; 3],
}

impl Judge {
    /// Reads the file in the models folder; none if it is not there.
    ///
    /// # Errors
    /// A file that cannot be read or is damaged.
    pub fn load(models: &Path) -> Result<Option<Self>> {
        let path = Self::path(models);
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        };
        let judge: Self = serde_json::from_slice(&text)
            .with_context(|| format!("{} does not hold a judge of moods", path.display()))?;
        ensure!(judge.is_sound(), "{}: the judge of moods is damaged", path.display());
        Ok(Some(judge))
    }

    /// Writes the file into the models folder.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self, models: &Path) -> Result<()> {
        let path = Self::path(models);
        std::fs::write(&path, serde_json::to_vec_pretty(self)?)
            .with_context(|| format!("cannot write {}", path.display()))
    }

    /// Where the file is.
    pub fn path(models: &Path) -> PathBuf {
        models.join("mood/judge.json")
    }

    /// A scale by its name.
    pub fn scale(&self, name: &str) -> Option<&Scale> {
        self.scales.iter().find(|scale| scale.name == name)
    }

    /// What a change of what is known adds to the rating; what is not known (NaN) does not change.
    pub fn predict(&self, scale: &Scale, change: &[f64]) -> f64 {
        let known = change.iter().zip(&self.sizes).map(|(change, size)| change / size);
        let known: Vec<f64> = known.map(|value| if value.is_finite() { value } else { 0.0 }).collect();
        predict(&scale.weights, &known)
    }

    /// The classifier that it learned with; none if it learned without one.
    ///
    /// # Errors
    /// When the models have no classifier, or another one.
    pub fn classifier(&self, models: &Path, device: &Device) -> Result<Option<MoodClassifier>> {
        let Some(fingerprint) = &self.classifier else { return Ok(None) };
        let classifier = MoodClassifier::load(models, device)?;
        let is_same = |found: &MoodClassifier| {
            found.fingerprint() == fingerprint && self.sizes.len() == HEARD + found.width()
        };
        let found = classifier.filter(is_same).with_context(|| {
            format!(
                "{} was learned with another classifier than the models have; `espressivo train listeners` \
                 learns it anew",
                Self::path(models).display()
            )
        });
        found.map(Some)
    }

    fn is_sound(&self) -> bool {
        let of_scale = |scale: &Scale| {
            scale.predicted >= 0.0
                && scale.weights.len() == self.sizes.len()
                && scale.weights.iter().all(|weight| weight.is_finite())
        };
        self.sizes.len() >= HEARD
            && self.sizes.iter().all(|size| size.is_finite() && *size > 0.0)
            && self.scales.iter().all(of_scale)
    }
}

/// How a piece is usually played, against which takes are heard.
pub(super) struct Hearing<'a> {
    piece: &'a Piece,
    measures: Range<usize>,
    usual: Usual,
    /// What the classifier holds a take against, where people played the piece.
    reference: Option<Values>,
    classifier: Option<&'a MoodClassifier>,
}

impl<'a> Hearing<'a> {
    /// Some measures of a piece as people play it.
    pub fn of(piece: &'a Piece, measures: Range<usize>, classifier: Option<&'a MoodClassifier>) -> Self {
        let profile = |human: &Human| {
            Profile::of(&piece.score, &human.performance, Some(&human.flags), measures.clone())
        };
        let profiles: Vec<Profile> = piece.humans.iter().map(profile).collect();
        let encode = |human: &Human| values::encode(&piece.score, &human.performance, Some(&human.flags));
        let played: Vec<Values> = piece.humans.iter().map(encode).collect();
        let usual = Usual::of(profiles.iter());
        let reference = (!played.is_empty()).then(|| mean_of_others(&played, played.len()));
        Self { piece, measures, usual, reference, classifier }
    }

    /// What is known of a take.
    pub fn known(&self, take: &Performance) -> Vec<f64> {
        let (score, measures) = (&self.piece.score, self.measures.clone());
        let mut known = Measured::of(score, take, None).cues(measures.clone()).to_vec();
        known.extend(Profile::of(score, take, None, measures.clone()).finer(&self.usual));
        if let Some(classifier) = self.classifier {
            let values = values::encode(score, take, None);
            known.extend(classifier.state(score, values, self.reference.as_ref(), measures));
        }
        known
    }
}

/// Learns from the ratings, and tells how well they are predicted. `said` hears of progress.
pub(super) fn learn(
    rated: &Rated,
    classifier: Option<&MoodClassifier>,
    said: &dyn Fn(&str),
) -> Result<(Judge, Report)> {
    said(&format!("listening to {} segments", rated.segments.len()));
    let known: Vec<Vec<Vec<f64>>> =
        rated.segments.iter().map(|segment| known_of(segment, classifier)).collect();
    said("learning what the ratings go by");
    let states = classifier.map_or(0, MoodClassifier::width);
    let (judge, report) = fit(rated, states, &|segment| known[segment].clone())?;
    Ok((Judge { classifier: classifier.map(|c| c.fingerprint().to_owned()), ..judge }, report))
}

/// What is known of each performance of a segment, `[players][columns]`.
fn known_of(segment: &Segment, classifier: Option<&MoodClassifier>) -> Vec<Vec<f64>> {
    let (score, whole) = (&segment.score, 0..segment.score.measures.len());
    let profile = |played: &Performance| Profile::of(score, played, None, whole.clone());
    let profiles: Vec<Profile> = segment.played.iter().map(profile).collect();
    let encode = |played: &Performance| values::encode(score, played, None);
    let played: Vec<Values> = segment.played.iter().map(encode).collect();
    let known = |k: usize| {
        let others = profiles.iter().enumerate().filter(|(other, _)| *other != k).map(|(_, profile)| profile);
        let mut known = segment.cues[k].to_vec();
        known.extend(profiles[k].finer(&Usual::of(others)));
        if let Some(classifier) = classifier {
            let reference = mean_of_others(&played, k);
            known.extend(classifier.state(score, played[k].clone(), Some(&reference), whole.clone()));
        }
        known
    };
    (0..segment.len()).map(known).collect()
}

/// The judge, but for its classifier, of which there are so many `states`.
fn fit(rated: &Rated, states: usize, known: &dyn Fn(usize) -> Vec<Vec<f64>>) -> Result<(Judge, Report)> {
    let mut units = vec![1.0; CUES];
    units.extend([FINER_UNIT; FINER]);
    units.resize(HEARD + states, STATE_UNIT);
    let (sizes, examples) = ratings::examples(rated, &units, known);
    ensure!(examples.len() > CUES, "too few performances are rated to learn from");
    let examples: Vec<&Example> = examples.iter().collect();
    let free = ratings::free(rated);
    let mut sets = vec![0..CUES, 0..HEARD];
    sets.extend((states > 0).then_some(0..HEARD + states));
    let (mut scales, mut rows) = (Vec::new(), Vec::new());
    for (k, name) in rated.scales.iter().enumerate() {
        let worth = |learn: &dyn Fn(&[&Example]) -> Vec<f64>| LeftOut {
            players: left_out(&examples, k, player, learn),
            pieces: left_out(&examples, k, piece, learn),
        };
        let by = |columns: Range<usize>| worth(&|examples: &[&Example]| weights(examples, k, &columns));
        let chosen = choose(&examples, k, &sets);
        let weights_of_all = weights(&examples, k, &chosen);
        let square: f64 = examples.iter().map(|e| predict(&weights_of_all, &e.known).powi(2)).sum();
        let taken = |columns: Range<usize>| chosen.end.clamp(columns.start, columns.end) - columns.start;
        rows.push(Row {
            scale: name.clone(),
            ceiling: percepiano::agreement(&rated.segments, k).and_then(|agreed| agreed.ceiling()),
            cues: by(0..CUES),
            finer: by(0..HEARD),
            classifier: (states > 0).then(|| by(HEARD..HEARD + states)),
            all: (states > 0).then(|| by(0..HEARD + states)),
            judge: worth(&|examples: &[&Example]| weights(examples, k, &choose(examples, k, &sets))),
            taken: [taken(0..CUES), taken(CUES..HEARD), taken(HEARD..HEARD + states)],
        });
        let predicted = (square / free).sqrt();
        scales.push(Scale { name: name.clone(), predicted, weights: weights_of_all });
    }
    let report = Report { performances: examples.len(), has_classifier: states > 0, rows };
    Ok((Judge { classifier: None, sizes, scales }, report))
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
