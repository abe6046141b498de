//! Training PianoFlow: `espressivo train pianoflow`.

mod batches;
mod checkpoint;
mod ema;
mod masks;
mod run;

pub use batches::{Corpus, Sample};
pub use run::{Options, train};
