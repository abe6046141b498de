//! What listeners make of how a performance is played, as far as its cues tell.
//!
//! Musicians rated short performances on scales such as *low energy - high energy* (PercePiano, Park et al.
//! 2024). How the mean rating of a performance differs from those of others of its score is predicted by a
//! weighted sum of how its cues differ. `espressivo train listeners` fits the weights. They tell what a take
//! would be rated, and how far a performance has to lean for a word that is the end of a scale to be heard:
//! what such a word means by the tables of the textbooks is moved by the least that lacks.

pub mod ends;

use std::path::{Path, PathBuf};

use performance::cues::{CUES, Cues};
use serde::{Deserialize, Serialize};

use crate::text::TextError;

/// How far a word moves the predicted rating at strength 1, in deviations of predicted ratings between
/// players. Takes show less of some cues than they are asked for, so this is more than the one that is
/// promised (`espressivo evaluate mood --listeners`).
const WANTED: f64 = 1.25;

/// How much of a cue a take shows of what it is asked for. PianoFlow's takes follow tempo, level and
/// articulation wholly, swell and spread of chords hardly (its card); the others are set by hand. `espressivo
/// evaluate mood --listeners` prints what was asked for beside what was played.
const SHOWN: Cues = [1.0, 0.4, 1.0, 0.5, 0.0, 1.0, 0.5, 0.0];

/// A cue that moves the rating by less than this share of what the strongest does is not asked for.
const WEAK: f64 = 0.3;

/// Farthest that a text leans, in deviations: as far as the labels.
const FARTHEST: f64 = 1.5;

/// Less is nothing but rounding.
const NOTHING: f64 = 1e-9;

/// What listeners make of cues: `models/mood/listeners.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listeners {
    /// Deviation of each cue between the players of a segment, in its unit.
    pub deviations: Cues,
    /// The scales.
    pub scales: Vec<Scale>,
}

/// A scale that musicians rated on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    /// Its two ends, the lower first.
    pub name: String,
    /// Standard deviation of mean ratings between the players of a segment; ratings go from 1 to 7.
    pub deviation: f64,
    /// The same of what the cues predict.
    pub predicted: f64,
    /// r that whoever knows the true mean would have with the mean of the raters, 0 to 1; none where that
    /// could not be told.
    #[serde(default)]
    pub ceiling: Option<f64>,
    /// How much one deviation of each cue adds to the rating.
    pub weights: Cues,
}

impl Scale {
    /// Standard deviation between the players of a segment of what raters agree on: that of mean ratings
    /// without what is chance in them. None where it could not be told, or where they agree on nothing.
    pub fn agreed(&self) -> Option<f64> {
        self.ceiling.filter(|ceiling| *ceiling > 0.0).map(|ceiling| ceiling * self.deviation)
    }

    fn is_sound(&self) -> bool {
        let is_share = |ceiling: f64| (0.0..=1.0).contains(&ceiling);
        self.deviation > 0.0
            && self.predicted >= 0.0
            && self.ceiling.is_none_or(is_share)
            && is_finite(&self.weights)
    }
}

impl Listeners {
    /// Reads the file in the models folder; none if it is not there.
    ///
    /// # Errors
    /// A file that cannot be read or is damaged.
    pub fn load(models: &Path) -> Result<Option<Self>, TextError> {
        let path = Self::path(models);
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => {
                return Err(TextError::files(&path, format!("what listeners hear is unreadable: {e}")));
            }
        };
        let listeners: Self = serde_json::from_slice(&text)
            .map_err(|e| TextError::files(&path, format!("what listeners hear is damaged: {e}")))?;
        let is_whole = listeners.deviations.iter().all(|d| d.is_finite() && *d > 0.0)
            && listeners.scales.iter().all(Scale::is_sound);
        if is_whole {
            Ok(Some(listeners))
        } else {
            Err(TextError::files(&path, "what listeners hear is damaged"))
        }
    }

    /// Where the file is.
    pub fn path(models: &Path) -> PathBuf {
        models.join("mood/listeners.json")
    }

    /// A scale by its name.
    pub fn scale(&self, name: &str) -> Option<&Scale> {
        self.scales.iter().find(|scale| scale.name == name)
    }

    /// What a change of the cues, in their units, adds to the mean rating. A cue that is not known (NaN)
    /// does not change.
    pub fn predict(&self, scale: &Scale, change: &Cues) -> f64 {
        let of_cue = |k: usize| scale.weights[k] * change[k] / self.deviations[k];
        (0..CUES).map(of_cue).filter(|added| added.is_finite()).sum()
    }

    /// How a performance leans under a text, so that listeners hear it: as far as it would anyway, and the
    /// least more with which the predicted rating moves enough. None for a text that is the end of no
    /// scale. `cues` are in deviations between pianists, which `pianists` holds in the units of the cues.
    pub fn heard(&self, text: &str, cues: &Cues, pianists: &Cues) -> Option<Cues> {
        let end = ends::of(text)?;
        let scale = self.scale(end.scale)?;
        let slope = |k: usize| end.sign * SHOWN[k] * scale.weights[k] * pianists[k] / self.deviations[k];
        let slopes: Cues = std::array::from_fn(slope);
        let strongest = slopes.iter().fold(0.0f64, |most, slope| most.max(slope.abs()));
        let is_weak = |k: usize| slopes[k].abs() < WEAK * strongest;
        let mut lean = *cues;
        // Each round but the last takes at least one cue as far as it goes.
        for _ in 0..CUES {
            let lacks = WANTED * scale.predicted - dot(&slopes, &lean);
            let is_open = |k: usize| !is_weak(k) && lean[k] * slopes[k].signum() < FARTHEST;
            let open: Cues = std::array::from_fn(|k| if is_open(k) { slopes[k] } else { 0.0 });
            let square = dot(&open, &open);
            if lacks < NOTHING || square < NOTHING {
                break;
            }
            let step = lacks / square;
            lean = std::array::from_fn(|k| (lean[k] + step * open[k]).clamp(-FARTHEST, FARTHEST));
        }
        Some(lean)
    }
}

fn dot(a: &Cues, b: &Cues) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn is_finite(cues: &Cues) -> bool {
    cues.iter().all(|c| c.is_finite())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use performance::cues::Cue;

    use super::*;

    /// Energy is tempo and twice as much level, in deviations.
    fn listeners() -> Listeners {
        let mut weights = [0.0; CUES];
        (weights[Cue::Tempo as usize], weights[Cue::Level as usize]) = (0.1, 0.2);
        weights[Cue::Pedal as usize] = 0.02;
        let name = ends::ENERGY.to_owned();
        Listeners {
            deviations: [2.0; CUES],
            scales: vec![Scale { name, deviation: 0.5, predicted: 0.25, ceiling: Some(0.6), weights }],
        }
    }

    #[test]
    fn ratings_are_predicted_from_changes_in_units() {
        let listeners = listeners();
        let mut change = [0.0; CUES];
        (change[Cue::Tempo as usize], change[Cue::Level as usize]) = (2.0, 4.0);
        change[Cue::Pedal as usize] = f64::NAN;
        let predicted = listeners.predict(&listeners.scales[0], &change);
        assert!((predicted - 0.5).abs() < 1e-12, "{predicted}");
    }

    #[test]
    fn a_word_leans_as_before_and_as_much_more_as_listeners_lack() {
        let listeners = listeners();
        let pianists = [2.0; CUES];
        let rating = |lean: &Cues| 0.1 * lean[Cue::Tempo as usize] + 0.2 * lean[Cue::Level as usize];
        let lean = listeners.heard("Energetic", &[0.0; CUES], &pianists).unwrap();
        assert!((rating(&lean) - WANTED * 0.25).abs() < 1e-9, "{lean:?}");
        assert!((lean[Cue::Level as usize] / lean[Cue::Tempo as usize] - 2.0).abs() < 1e-9);
        // Pedal hardly adds anything and is left alone.
        assert_eq!(lean[Cue::Pedal as usize], 0.0);
        // What is heard enough stays, whatever else it leans to.
        let strong = [1.4; CUES];
        assert_eq!(listeners.heard("energetic", &strong, &pianists), Some(strong));
        assert_eq!(listeners.heard("a music box", &strong, &pianists), None);
        let without = Listeners { scales: Vec::new(), ..listeners };
        assert_eq!(without.heard("energetic", &strong, &pianists), None);
    }

    #[test]
    fn no_cue_leans_farther_than_labels_and_others_make_up_for_it() {
        let mut listeners = listeners();
        listeners.scales[0].predicted = 0.405 / WANTED;
        let mut against = [0.0; CUES];
        against[Cue::Tempo as usize] = -0.3;
        let lean = listeners.heard("energetic", &against, &[2.0; CUES]).unwrap();
        assert!((lean[Cue::Level as usize] - FARTHEST).abs() < 1e-9, "{lean:?}");
        assert!((lean[Cue::Tempo as usize] - 1.05).abs() < 1e-9, "{lean:?}");
        listeners.scales[0].predicted = 9.0;
        let most = listeners.heard("energetic", &against, &[2.0; CUES]).unwrap();
        assert_eq!([most[Cue::Tempo as usize], most[Cue::Level as usize]], [FARTHEST; 2]);
        assert_eq!(most[Cue::Pedal as usize], 0.0);
    }

    #[test]
    fn what_raters_agree_on_varies_less_than_their_means() {
        let mut scale = listeners().scales.remove(0);
        assert!((scale.agreed().unwrap() - 0.3).abs() < 1e-12);
        for ceiling in [None, Some(0.0)] {
            scale.ceiling = ceiling;
            assert_eq!(scale.agreed(), None);
        }
        // A file of before this was known says nothing of it.
        let mut json = serde_json::to_value(&scale).unwrap();
        json.as_object_mut().unwrap().remove("ceiling");
        assert_eq!(serde_json::from_value::<Scale>(json).unwrap().ceiling, None);
    }

    #[test]
    fn a_missing_file_is_none_and_a_damaged_one_is_named() {
        let models = tempfile::tempdir().unwrap();
        assert_eq!(Listeners::load(models.path()).unwrap(), None);
        std::fs::create_dir(models.path().join("mood")).unwrap();
        let path = Listeners::path(models.path());
        std::fs::write(&path, serde_json::to_string(&listeners()).unwrap()).unwrap();
        assert_eq!(Listeners::load(models.path()).unwrap(), Some(listeners()));
        let broken = Listeners { deviations: [0.0; CUES], ..listeners() };
        let mut certain = listeners();
        certain.scales[0].ceiling = Some(1.5);
        let broken = [broken, certain].map(|broken| serde_json::to_string(&broken).unwrap());
        for text in broken.into_iter().chain(["{".to_owned()]) {
            std::fs::write(&path, text).unwrap();
            let error = Listeners::load(models.path()).unwrap_err().to_string();
            assert!(error.contains("listeners.json") && error.contains("damaged"), "{error}");
        }
    }
}
