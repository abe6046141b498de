//! `espressivo devices`: where networks can run.

use std::process::ExitCode;

use anyhow::Result;
use neural::device;
use performers::device::DeviceInfo;

use crate::output;

/// List the devices that networks can run on
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// Prints the devices, the one that is taken by itself first.
pub fn run(args: &Args) -> Result<ExitCode> {
    let devices = device::list();
    let lines = || {
        let line = |(k, found): (usize, &DeviceInfo)| {
            let note = if k == 0 { "  (auto takes this one)" } else { "" };
            format!("{}  {} ({}){note}\n", found.kind, found.name, found.backend)
        };
        devices.iter().enumerate().map(line).collect::<String>()
    };
    output::say_result(&devices, args.json, lines)
}
