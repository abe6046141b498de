//! The manner of a performance: how somebody played, apart from what was played.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What a performer read of a performance of some piece, so that it can play another piece in that manner.
/// What the numbers mean is known to the performer that read them alone.
///
/// Files are read with the limits below, so no file brings more numbers than that, or one that is none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Manner {
    /// Whose manner it is, for people: the name of a file or of a version.
    pub name: String,
    /// Fingerprint of the weights of the model that read it; only this model can play it.
    pub model: String,
    /// What was read.
    pub numbers: Vec<f32>,
}

/// A manner as it stands in a file.
#[derive(Deserialize)]
struct Unchecked {
    name: String,
    model: String,
    numbers: Vec<f32>,
}

/// Why something is no manner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MannerError {
    /// There are too many numbers.
    #[error("a manner has at most {most} numbers, this one has {found}", most = Manner::MOST_NUMBERS)]
    Numbers {
        /// How many there are.
        found: usize,
    },
    /// A number is infinite or NaN.
    #[error("a number of the manner is infinite or none at all")]
    NotFinite,
    /// Its name or the model's is too long.
    #[error("the names in a manner have at most {most} bytes, one has {found}", most = Manner::LONGEST_NAME_BYTES)]
    Name {
        /// Bytes of the longer one.
        found: usize,
    },
}

impl Manner {
    /// Most numbers of a manner.
    pub const MOST_NUMBERS: usize = 4096;

    /// Longest name of a manner or of a model: the names that are shown have 300 characters at most.
    pub const LONGEST_NAME_BYTES: usize = 2000;

    /// Whether it is one that can be kept.
    ///
    /// # Errors
    /// If there are too many numbers, one of them is not finite, or a name is too long.
    pub fn check(&self) -> Result<(), MannerError> {
        let found = self.numbers.len();
        if found > Self::MOST_NUMBERS {
            return Err(MannerError::Numbers { found });
        }
        if !self.numbers.iter().all(|number| number.is_finite()) {
            return Err(MannerError::NotFinite);
        }
        let found = self.name.len().max(self.model.len());
        if found > Self::LONGEST_NAME_BYTES {
            return Err(MannerError::Name { found });
        }
        Ok(())
    }
}

impl TryFrom<Unchecked> for Manner {
    type Error = MannerError;

    fn try_from(read: Unchecked) -> Result<Self, MannerError> {
        let Unchecked { name, model, numbers } = read;
        let manner = Self { name, model, numbers };
        manner.check().map(|()| manner)
    }
}

#[cfg(test)]
#[path = "manner_tests.rs"]
mod tests;
