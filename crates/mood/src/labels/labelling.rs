//! How labels are read off cues.

use std::path::{Path, PathBuf};

use neural::files::{LARGEST_SETTINGS_BYTES, read};
use performance::cues::{CUES, Cues};
use serde::{Deserialize, Serialize};

use super::table::{ALL, LABELS, Weights};
use crate::text::TextError;

/// How exactly a bar must lean like a label, in deviations.
const EXACTNESS: f64 = 0.9;

/// How much each cue counts: what listeners judge by first (Juslin & Laukka 2003), the rest less.
const IMPORTANCE: Cues = [1.0, 0.7, 1.0, 0.6, 0.3, 1.0, 0.6, 0.4];

/// How labels are read off cues: `models/mood/labels.json`, fitted by `espressivo train mood`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Labelling {
    /// Deviation of each cue between pianists of one score, over five bars.
    pub deviations: Cues,
    /// log of how much each label is favoured, so that all are used alike `[LABELS]`.
    pub bias: Vec<f64>,
}

impl Labelling {
    /// Reads the file in the models folder; none if it is not there.
    ///
    /// # Errors
    /// A file that cannot be read or does not hold a labelling: without it a network that learned by
    /// it would be led astray.
    pub fn load(models: &Path) -> Result<Option<Self>, TextError> {
        let path = Self::path(models);
        let error = |what: String| TextError::Files { path: path.clone(), what };
        if matches!(path.try_exists(), Ok(false)) {
            return Ok(None);
        }
        let text = read(&path, "how labels are read off performances", LARGEST_SETTINGS_BYTES)?;
        let labelling: Self = serde_json::from_slice(&text)
            .map_err(|e| error(format!("how labels are read off performances is damaged: {e}")))?;
        let numbers = labelling.deviations.iter().chain(&labelling.bias);
        if labelling.bias.len() != LABELS || numbers.into_iter().any(|n| !n.is_finite()) {
            return Err(error(format!("labels are read by {LABELS} finite numbers")));
        }
        Ok(Some(labelling))
    }

    /// Where the file is.
    pub fn path(models: &Path) -> PathBuf {
        models.join("mood/labels.json")
    }

    /// The labels of a stretch that leans so, in deviations; NaN is not known. None if nothing is.
    pub fn weigh(&self, lean: &Cues) -> Option<Weights> {
        if lean.iter().all(|v| v.is_nan()) {
            return None;
        }
        let closeness = |label: usize| {
            let square = |cue: usize| IMPORTANCE[cue] * (lean[cue] - ALL[label].cues[cue]).powi(2);
            let far: f64 = (0..CUES).filter(|cue| !lean[*cue].is_nan()).map(square).sum();
            self.bias[label] - far / (2.0 * EXACTNESS * EXACTNESS)
        };
        let scores: Weights = std::array::from_fn(closeness);
        let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights = scores.map(|s| (s - most).exp());
        let sum: f64 = weights.iter().sum();
        Some(weights.map(|w| w / sum))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_labelling_is_none_and_a_broken_one_an_error() {
        let models = tempfile::tempdir().unwrap();
        assert_eq!(Labelling::load(models.path()).unwrap(), None);
        std::fs::create_dir(models.path().join("mood")).unwrap();
        let path = Labelling::path(models.path());
        let whole = Labelling { deviations: [0.5; CUES], bias: vec![0.25; LABELS] };
        for (text, is_whole) in [
            (serde_json::to_string(&whole).unwrap(), true),
            (serde_json::to_string(&whole).unwrap()[..40].to_owned(), false),
            (serde_json::to_string(&Labelling { bias: vec![0.0; 3], ..whole.clone() }).unwrap(), false),
        ] {
            std::fs::write(&path, &text).unwrap();
            match Labelling::load(models.path()) {
                Ok(read) => assert!(is_whole && read.as_ref() == Some(&whole), "{text}"),
                Err(error) => assert!(!is_whole && error.to_string().contains("labels.json"), "{error}"),
            }
        }
    }
}
