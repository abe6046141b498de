//! The package parangonar on the same recordings, and both side by side.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use alignment::judge::{Damage, Table};
use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

/// Where the script lies that runs the package.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/parangonar_f1.py");

/// What a matcher of the package makes of one kind of recordings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Peer {
    /// How they were damaged: a name of [`Damage`] with hyphens.
    pub kind: String,
    /// Which matcher.
    pub matcher: String,
    /// How many recordings.
    pub count: usize,
    /// Mean F1 of the pairs of each recording.
    pub mean: f64,
    /// F1 of the worst recording.
    pub worst: f64,
    /// Keys a second.
    pub keys_a_second: f64,
}

/// Ours and the package's.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Both {
    /// Our alignments.
    pub ours: Table,
    /// Those of the package.
    pub peers: Vec<Peer>,
}

/// Runs the package on recordings that were written into a folder.
pub fn run(python: &Path, samples: &Path, cases: &Path) -> Result<Vec<Peer>> {
    let script = PathBuf::from(SCRIPT);
    ensure!(
        script.is_file(),
        "{}: this script is not there; run the command from a checkout",
        script.display()
    );
    let written = cases.join("parangonar.json");
    let status =
        Command::new(python).arg(&script).args([samples, cases]).arg("--json").arg(&written).status();
    let status = status.with_context(|| format!("cannot run {}", python.display()))?;
    ensure!(
        status.success(),
        "{} failed; it needs an interpreter with parangonar 3.4 (pip install parangonar==3.4)",
        script.display()
    );
    let text = std::fs::read_to_string(&written)
        .with_context(|| format!("{} was not written", written.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not what it should be", written.display()))
}

impl fmt::Display for Both {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<20}{:>6}  {:<12}{:>9}{:>9}{:>10}",
            "recordings", "count", "matcher", "note F1", "worst", "keys/s"
        )?;
        for damage in Damage::ALL {
            let Some(ours) = self.ours.summary(damage) else { continue };
            write!(f, "{:<20}{:>6}  {:<12}", damage.name(), ours.count, "ours")?;
            writeln!(f, "{:>9.4}{:>9.4}{:>10.0}", ours.mean, ours.worst, ours.keys_a_second)?;
            let kind = damage.name().replace(' ', "-");
            for peer in self.peers.iter().filter(|peer| peer.kind == kind) {
                write!(f, "{:<20}{:>6}  {:<12}", "", peer.count, peer.matcher)?;
                writeln!(f, "{:>9.4}{:>9.4}{:>10.0}", peer.mean, peer.worst, peer.keys_a_second)?;
            }
        }
        writeln!(
            f,
            "note F1: pairs of note and key, mean of the recordings; worst: of the worst recording; both on the same \
             machine, ours first"
        )
    }
}
