//! `espressivo devices`: where networks can run.

use std::process::ExitCode;

use anyhow::Result;
use neural::device;

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
    if args.json {
        output::say_json(&devices)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = String::new();
    for (k, found) in devices.iter().enumerate() {
        let note = if k == 0 { "  (auto takes this one)" } else { "" };
        text.push_str(&format!("{}  {} ({}){note}\n", found.kind, found.name, found.backend));
    }
    output::say(&text)?;
    Ok(ExitCode::SUCCESS)
}
