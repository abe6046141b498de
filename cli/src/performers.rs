//! `espressivo performers`: who plays, and which settings of their own they have.

use std::process::ExitCode;

use anyhow::Result;
use application::systems;

use crate::output;

/// List who plays, with the settings that each has of its own
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// Prints the performers, the one that plays when nobody is named first.
pub fn run(args: &Args) -> Result<ExitCode> {
    let registry = systems::registry();
    let infos: Vec<_> = registry.infos().collect();
    if args.json {
        output::say_json(&infos)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = String::new();
    for info in infos {
        text.push_str(&format!("{}  {}: {}\n", info.id, info.name, info.description));
        for knob in info.knobs {
            let (id, min, max, default) = (knob.id, knob.min, knob.max, knob.default);
            text.push_str(&format!("  --set {id}=X  {min} to {max}, else {default}: {}\n", knob.description));
        }
    }
    output::say(&text)?;
    Ok(ExitCode::SUCCESS)
}
