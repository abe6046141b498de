//! Training PianoFlow: `espressivo train pianoflow`.

mod batches;
mod calibrate;
mod checkpoint;
mod ema;
mod expected;
mod masks;
mod run;

pub use batches::{Corpus, Purpose, Sample};
pub use calibrate::{Calibration, calibrate};
pub use run::{Options, train};
