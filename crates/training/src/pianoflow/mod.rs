//! Training PianoFlow: `espressivo train pianoflow`.

mod batches;
mod calibrate;
mod checkpoint;
mod draws;
mod ema;
mod expected;
mod masks;
mod pace;
mod run;
mod several;
mod spread;

pub use batches::{Corpus, Purpose, Sample};
pub use calibrate::{Calibration, calibrate};
pub use pace::{Pace, fit_beat_period, settle_pace};
pub use run::{Options, train};
pub use several::{average, ensemble};
pub use spread::{SpreadOptions, SpreadReport, settle_spread};
pub(crate) use spread::{excerpt, within};
