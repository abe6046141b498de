//! What a pianist imitates, and how the playing leans then: `models/text/imitations.safetensors`.
//!
//! Labels tell feelings. A music box or a drum has none, so what the labels make of a thing is put
//! right by kernel ridge regression over some hundred things that people have expectations of: the
//! correction of a text is the sum of kernels times weights, fitted to what the labels alone get
//! wrong (`espressivo train text`). The kernel is `exp((cosine - 1) / BREADTH)` of sentence
//! embeddings. A text that is near to none of the things keeps what the labels say.

use std::path::Path;

use neural::archive::Archive;
use performance::cues::{CUES, Cues};

use crate::text::{TextError, WIDTH, table};

/// The file in `models/text`.
pub const FILE: &str = "imitations.safetensors";

/// Breadth of the kernel: how much less alike two texts are (1 less cosine) that know less by e.
/// The best of .2 to 1 on things that were held out with all that share a word with them.
pub const BREADTH: f64 = 0.3;

/// Cosine of the nearest thing from which on its correction counts more than half.
const NEAR: f64 = 0.4;

/// How much more cosine makes a correction count e times as much, against not at all.
const STEP: f64 = 0.05;

/// Cosine from which on two texts are the same but for rounding.
pub const SAME: f64 = 0.98;

/// Farthest that a text leans, in deviations: as far as the labels.
const FARTHEST: f64 = 1.5;

/// Things that a pianist imitates.
#[derive(Clone, Debug, PartialEq)]
pub struct Imitations {
    /// Sentence embeddings `[things, WIDTH]`, unit length.
    vectors: Vec<f32>,
    /// Weight of each thing's kernel in each cue, in deviations.
    weights: Vec<Cues>,
}

/// What is near to a text, and what it corrects.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    /// Cosine of the nearest thing; 0 if there is none.
    pub nearness: f64,
    /// How much the correction counts, 0 to 1.
    pub share: f64,
    /// How a performance is expected to lean, in deviations between pianists.
    pub cues: Cues,
}

impl Imitations {
    /// From embeddings of unit length `[things, WIDTH]` and the weights of as many things.
    pub fn new(vectors: Vec<f32>, weights: Vec<Cues>) -> Self {
        debug_assert_eq!(vectors.len(), weights.len() * WIDTH);
        Self { vectors, weights }
    }

    /// Reads the file in the models folder; none if it is not there.
    ///
    /// # Errors
    /// A file that cannot be read or is damaged.
    pub fn load(models: &Path) -> Result<Option<Self>, TextError> {
        let path = models.join(table::FOLDER).join(FILE);
        if !path.exists() {
            return Ok(None);
        }
        let archive = Archive::read(&path)?;
        let things = archive.rows("weights")?;
        let vectors = archive.numbers("vectors", &[things, WIDTH])?;
        let weights = archive.numbers("weights", &[things, CUES])?;
        let row = |row: &[f32]| std::array::from_fn(|k| f64::from(row[k]));
        Ok(Some(Self::new(vectors, weights.chunks_exact(CUES).map(row).collect())))
    }

    /// Number of things.
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    /// What the labels make of a text, put right by the things that it is near to. `thing` is its
    /// embedding; a text that `is_set` is put right only if it is one of the things.
    pub fn correct(&self, cues: &Cues, thing: &[f32], is_set: bool) -> Near {
        let dot = |row: &[f32]| f64::from(row.iter().zip(thing).map(|(a, b)| a * b).sum::<f32>());
        let cosines: Vec<f64> = self.vectors.chunks_exact(WIDTH).map(dot).collect();
        let nearness = cosines.iter().copied().fold(0.0, f64::max);
        let share = match nearness {
            n if is_set && n < SAME => 0.0,
            n => 1.0 / (1.0 + ((NEAR - n) / STEP).exp()),
        };
        let mut corrected = *cues;
        for (cosine, weights) in cosines.iter().zip(&self.weights) {
            let kernel = share * kernel(*cosine);
            corrected.iter_mut().zip(weights).for_each(|(cue, weight)| *cue += kernel * weight);
        }
        Near { nearness, share, cues: corrected.map(|cue| cue.clamp(-FARTHEST, FARTHEST)) }
    }
}

/// How much two texts know of one another, 1 if they are the same.
pub fn kernel(cosine: f64) -> f64 {
    ((cosine - 1.0) / BREADTH).exp()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The unit vector at an angle from the first, in the plane of the first two.
    fn at(cosine: f32) -> Vec<f32> {
        let mut vector = vec![0.0; WIDTH];
        (vector[0], vector[1]) = (cosine, (1.0 - cosine * cosine).sqrt());
        vector
    }

    fn one() -> Imitations {
        Imitations::new(at(1.0), vec![[-1.0; CUES]])
    }

    #[test]
    fn a_thing_corrects_itself_wholly_and_others_by_how_near_they_are() {
        let labels = [0.5; CUES];
        let change = |cosine: f32| one().correct(&labels, &at(cosine), false).cues[0] - 0.5;
        assert!((change(1.0) + 1.0).abs() < 1e-4, "{}", change(1.0));
        let expected = -0.5 * (-0.6f64 / BREADTH).exp();
        assert!((change(0.4) - expected).abs() < 1e-5, "{} for {expected}", change(0.4));
        assert!(change(0.7) < change(0.4) && change(0.1).abs() < 1e-3);
        let near = one().correct(&labels, &at(0.7), false);
        assert!((near.nearness - 0.7).abs() < 1e-6 && near.share > 0.99);
    }

    #[test]
    fn what_means_itself_is_corrected_by_itself_alone() {
        let labels = [0.5; CUES];
        assert_eq!(one().correct(&labels, &at(0.9), true).cues, labels);
        assert!(one().correct(&labels, &at(1.0), true).cues[0] < 0.0);
    }

    #[test]
    fn nothing_leans_farther_than_the_labels_and_no_things_change_nothing() {
        let far = Imitations::new(at(1.0), vec![[9.0; CUES]]);
        assert_eq!(far.correct(&[0.5; CUES], &at(1.0), false).cues, [FARTHEST; CUES]);
        let none = Imitations::new(Vec::new(), Vec::new());
        let near = none.correct(&[0.5; CUES], &at(1.0), false);
        assert_eq!((near.nearness, near.cues), (0.0, [0.5; CUES]));
    }

    #[test]
    fn a_missing_file_is_none_and_a_damaged_one_is_named() {
        let models = tempfile::tempdir().unwrap();
        assert_eq!(Imitations::load(models.path()).unwrap(), None);
        std::fs::create_dir(models.path().join(table::FOLDER)).unwrap();
        std::fs::write(models.path().join(table::FOLDER).join(FILE), b"nothing").unwrap();
        let error = Imitations::load(models.path()).unwrap_err().to_string();
        assert!(error.contains(FILE) && error.contains("damaged"), "{error}");
    }
}
