//! What commands share that have performers play and judge them.

use std::fmt::Display;
use std::process::ExitCode;

use anyhow::Result;
use neural::device::Chosen;
use serde::Serialize;

use crate::options::Device;
use crate::output;

/// How what is judged is computed, and how it is told.
#[derive(clap::Args, Clone, Copy, Debug)]
pub struct Judging {
    /// Pieces performed side by side; 1 on a graphics processor
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub workers: usize,

    #[command(flatten)]
    device: Device,

    /// Print the table as JSON
    #[arg(long)]
    pub json: bool,
}

impl Judging {
    /// Has `judge` compute on the device that was chosen, saying how far it is, and prints what it finds.
    pub fn report<R: Serialize + Display>(
        self,
        judge: impl FnOnce(&Chosen, &(dyn Fn(&str) + Sync)) -> Result<R>,
    ) -> Result<ExitCode> {
        let chosen = self.device.choose()?;
        let report = judge(&chosen, &|said| output::note(said))?;
        output::say_result(&report, self.json, || report.to_string())
    }
}
