//! Training PianoFlow: `espressivo train pianoflow`.

mod average;
mod batches;
mod calibrate;
mod checkpoint;
mod ema;
mod expected;
mod masks;
mod pace;
mod run;

pub use average::average;
pub use batches::{Corpus, Purpose, Sample};
pub use calibrate::{Calibration, calibrate};
pub use pace::{Pace, settle_pace};
pub use run::{Options, train};
