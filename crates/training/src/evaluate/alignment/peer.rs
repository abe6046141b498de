//! The package parangonar on the same recordings.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

/// Where the script lies that runs the package.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/parangonar_f1.py");

/// What a matcher of the package makes of one kind of recordings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Peer {
    /// How they were damaged: a name of [`alignment::judge::Damage`] with hyphens.
    pub kind: String,
    /// Which matcher.
    pub matcher: String,
    /// A row for each recording.
    pub rows: Vec<PeerRow>,
}

/// What a matcher makes of one recording.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PeerRow {
    /// Which recording.
    pub name: String,
    /// How many keys it has.
    pub keys: usize,
    /// F1 of the pairs; none if the matcher was not finished in time.
    pub f1: Option<f64>,
    /// How long it took, in seconds.
    pub secs: f64,
}

/// How the package is run.
#[derive(Clone, Debug)]
pub struct Running {
    /// An interpreter that has it.
    pub python: PathBuf,
    /// Seconds for each recording and matcher; none for as long as it takes.
    pub time_limit_secs: Option<f64>,
}

/// Runs the package on recordings that were written into a folder. What it prints goes to the standard error.
pub fn run(running: &Running, samples: &Path, cases: &Path) -> Result<Vec<Peer>> {
    let (script, python) = (PathBuf::from(SCRIPT), running.python.display());
    ensure!(
        script.is_file(),
        "{}: this script is not there; run the command from a checkout",
        script.display()
    );
    let written = cases.join("parangonar.json");
    let mut command = Command::new(&running.python);
    command.arg(&script).args([samples, cases]).arg("--json").arg(&written);
    if let Some(secs) = running.time_limit_secs {
        command.args(["--time-limit", &secs.to_string()]);
    }
    let status = command.stdout(Stdio::from(std::io::stderr())).status();
    let status = status.with_context(|| format!("cannot run {python}"))?;
    ensure!(
        status.success(),
        "{} failed; it needs an interpreter with parangonar 3.4 (pip install parangonar==3.4)",
        script.display()
    );
    let text = std::fs::read_to_string(&written)
        .with_context(|| format!("{} was not written", written.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not what it should be", written.display()))
}
