//! A small network that says which class a stretch of a performance is of.
//!
//! It reads one row of numbers a note and answers for every *segment*: the whole window, or each of
//! its bars. What the rows, segments and classes mean is up to who uses it: [`Example`] holds a
//! window, [`fit()`] learns from windows that a function draws, [`Classifier::predict`] gives
//! probabilities, [`Classifier::states`] what they are told from, [`save`] and [`load`] keep a
//! classifier in a folder.
//!
//! ```no_run
//! # use burn::tensor::Device;
//! # use training::classifier::{ClassifierConfig, Example, Fit, fit, save};
//! # fn main() -> anyhow::Result<()> {
//! // Two notes in two bars; three classes, of which the second bar is half one and half another.
//! let window = || Example {
//!     rows: vec![0.1, 0.2, 0.3, 0.4],
//!     segments: vec![0, 1],
//!     targets: vec![1.0, 0.0, 0.0, 0.0, 0.5, 0.5],
//! };
//! let config = ClassifierConfig::new(2, 3);
//! let options = Fit { steps: 10, ..Fit::default() };
//! let classifier = fit(&config, &options, &Device::flex(), &|_, count| (0..count).map(|_| window()).collect());
//! let probabilities = classifier.predict(&[window()]);
//! assert_eq!(probabilities[0].len(), 2 * 3);
//! save(&classifier, "runs/mood".as_ref())?;
//! # Ok(())
//! # }
//! ```

mod examples;
mod files;
mod fit;
mod network;

pub use examples::{Example, rows};
pub use files::{fingerprint, load, save};
pub use fit::{Fit, Measured, fit};
pub use network::{Classifier, ClassifierConfig};
