//! Training PianoFlow: `espressivo train pianoflow`.

mod batches;
mod calibrate;
mod checkpoint;
mod ema;
mod masks;
mod run;

pub use batches::{Corpus, Sample};
pub use calibrate::{Calibration, calibrate};
pub use run::{Options, train};
