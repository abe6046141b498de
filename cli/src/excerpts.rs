//! Which performances are made into sound, on which pianos, and where that is kept: what two commands share.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use training::evaluate::rendered::{Instrument, Wanted};

use crate::options::Data;

/// Some seconds of performances of people, as sound.
#[derive(clap::Args, Clone, Debug)]
pub struct Excerpts {
    #[command(flatten)]
    data: Data,

    /// Which pieces
    #[arg(long, value_name = "NAME", default_value = "test")]
    split: String,

    /// Pieces, of each one performance
    #[arg(long, value_name = "N", default_value_t = 20)]
    count: usize,

    /// Seconds of each performance; 0 for all of it
    #[arg(long, value_name = "SECS", default_value_t = 60.0)]
    seconds: f64,

    /// Seed of which pieces, performances, places, noise and room
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// Pianos, separated by commas [default: the first two that are on this machine]
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_enum)]
    pianos: Vec<Piano>,

    /// The folder for sounds and what was heard in them; a whole run needs about 5 MB for each piece, piano and sound
    #[arg(long, value_name = "DIR", default_value = "runs/recordings")]
    pub out: PathBuf,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Piano {
    /// The soundfont of this machine: $ESPRESSIVO_SOUNDFONT, else FluidR3, else another
    Soundfont,
    /// The recorded grand piano
    Recorded,
    /// The piano of our own code
    Generated,
}

impl Excerpts {
    /// Which excerpts are chosen.
    ///
    /// # Errors
    /// If there is no data folder, or a number makes no sense.
    pub fn wanted(&self) -> Result<Wanted> {
        ensure!(self.count > 0, "--count must be at least 1");
        ensure!(self.seconds.is_finite() && self.seconds >= 0.0, "--seconds is a number of seconds");
        Ok(Wanted {
            data: self.data.folder()?,
            split: self.split.clone(),
            count: self.count,
            secs: (self.seconds > 0.0).then_some(self.seconds),
            seed: self.seed,
        })
    }

    /// The pianos that were named.
    pub fn instruments(&self) -> Vec<Instrument> {
        let instrument = |piano: &Piano| match piano {
            Piano::Soundfont => Instrument::Soundfont,
            Piano::Recorded => Instrument::Recorded,
            Piano::Generated => Instrument::Generated,
        };
        self.pianos.iter().map(instrument).collect()
    }
}
