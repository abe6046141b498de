//! The package transkun on the same sounds.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::evaluate::rendered::{Key, Keys, Press};

/// Where the script lies that runs the package.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/transkun_hear.py");

/// What the script writes beside `NAME.wav`.
const EXTENSION: &str = "transkun.json";

/// The package's number for the sustain pedal, where keys have their pitches.
const SUSTAIN: i32 = -64;

/// How the package is run.
#[derive(Clone, Debug)]
pub struct Peer {
    /// An interpreter that has it.
    pub python: PathBuf,
    /// Threads that it gets.
    pub threads: usize,
}

/// What the package heard, as the script writes it.
#[derive(Deserialize)]
struct File {
    secs: f64,
    /// Pitch, velocity, onset and end.
    events: Vec<(i32, i32, f64, f64)>,
}

impl Peer {
    /// Lets the package hear some files; what it heard before it does not hear again.
    pub fn run<'a>(&self, files: impl Iterator<Item = &'a Path>) -> Result<()> {
        let script = PathBuf::from(SCRIPT);
        let shown = script.display();
        ensure!(script.is_file(), "{shown}: this script is not there; run the command from a checkout");
        let mut command = Command::new(&self.python);
        command.arg(&script).args(["--threads", &self.threads.to_string()]).args(files);
        let status = command.stdin(Stdio::null()).stdout(Stdio::from(std::io::stderr())).status();
        let status = status.with_context(|| format!("cannot run {}", self.python.display()))?;
        ensure!(
            status.success(),
            "{shown} failed; it needs an interpreter with torch and transkun 2.0.1 (pip install transkun==2.0.1)"
        );
        Ok(())
    }
}

/// What the package has heard in a file, and how long that took in seconds; none if it has not heard it.
pub fn heard(wav: &Path) -> Result<Option<(Keys, f64)>> {
    let path = wav.with_extension(EXTENSION);
    if !path.is_file() {
        return Ok(None);
    }
    let cannot = || format!("{} is not what it should be; remove it", path.display());
    let file: File =
        serde_json::from_slice(&std::fs::read(&path).with_context(cannot)?).with_context(cannot)?;
    Ok(Some((keys(&file), file.secs)))
}

fn keys(file: &File) -> Keys {
    let mut keys = Keys::default();
    for (pitch, velocity, onset_secs, end_secs) in file.events.iter().copied() {
        if pitch == SUSTAIN {
            keys.pedal.push(Press { from_secs: onset_secs, to_secs: end_secs });
        } else if let (Ok(pitch), Ok(velocity)) = (u8::try_from(pitch), u8::try_from(velocity)) {
            keys.keys.push(Key { pitch, velocity, onset_secs, end_secs });
        }
    }
    keys.keys.sort_by(|a, b| a.onset_secs.total_cmp(&b.onset_secs));
    keys
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_script_s_file_is_read_without_the_soft_pedal() {
        let folder = tempfile::tempdir().unwrap();
        let wav = folder.path().join("soundfont-dry.wav");
        assert_eq!(heard(&wav).unwrap(), None);
        let events = "[[60, 70, 1.0, 2], [-64, 127, 0.5, 1.5], [-67, 90, 0.1, 0.2], [48, 64, 0.5, 0.75]]";
        let text = format!("{{\"secs\": 12.5, \"events\": {events}}}");
        std::fs::write(folder.path().join("soundfont-dry.transkun.json"), text).unwrap();
        let (keys, secs) = heard(&wav).unwrap().unwrap();
        assert_eq!(secs, 12.5);
        assert_eq!(keys.pedal, [Press { from_secs: 0.5, to_secs: 1.5 }]);
        assert_eq!(keys.keys.iter().map(|key| key.pitch).collect::<Vec<_>>(), [48, 60]);
        std::fs::write(folder.path().join("soundfont-dry.transkun.json"), "[]").unwrap();
        assert!(heard(&wav).unwrap_err().to_string().contains("soundfont-dry.transkun.json"));
    }
}
