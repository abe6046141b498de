//! `espressivo convert`: a score as MusicXML.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use application::files;
use application::text::counted;
use notation::musicxml::write;
use serde::Serialize;

use crate::{input, output};

const EXAMPLES: &str = "\
Examples:
  espressivo convert sketch.mid -o sketch.musicxml
      A MIDI file as a score to open in a notation program.
  espressivo convert nocturne.mxl --as-written -o nocturne.musicxml
      Every bar of the page once.";

/// Write a score as MusicXML, plain or compressed
///
/// Bars are written in the order in which they are played, so repeats and jumps are written out. Names of
/// notes, accidentals and clefs follow from key and register.
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The score: MusicXML (.musicxml, .xml, .mxl) or MIDI (.mid)
    pub score: PathBuf,

    /// File to write: .musicxml or .xml, or .mxl for a compressed one; or a folder [default: the
    /// score's name with .musicxml, in the working folder]
    #[arg(short, long = "output", value_name = "OUT")]
    pub out: Option<PathBuf>,

    /// Every bar once, without repeats and jumps
    #[arg(long)]
    pub as_written: bool,

    /// Replace files that exist
    #[arg(long)]
    pub force: bool,

    /// Print what was done as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Serialize)]
struct Summary {
    #[serde(serialize_with = "output::as_text")]
    score: PathBuf,
    #[serde(serialize_with = "output::as_text")]
    musicxml: PathBuf,
    measures: usize,
    notes: usize,
}

/// Converts and prints a summary.
pub fn run(args: &Args) -> Result<ExitCode> {
    let target = target(args)?;
    output::check_beside(&target, &args.score, args.force)?;
    let score = input::read_score(&args.score, args.as_written)?;
    let bytes = if is_compressed(&target)? {
        write::write_mxl(&score)
    } else {
        write::write(&score).map(String::into_bytes)
    };
    output::write_file(&target, &bytes.with_context(|| format!("{}", args.score.display()))?)?;
    let summary = Summary {
        score: args.score.clone(),
        musicxml: target,
        measures: score.measures.len(),
        notes: score.notes.len(),
    };
    if args.json {
        output::say_json(&summary)?
    } else {
        output::say(&summary.text())?
    }
    Ok(ExitCode::SUCCESS)
}

/// Where the file goes.
fn target(args: &Args) -> Result<PathBuf> {
    let mut name = PathBuf::from(args.score.file_stem().unwrap_or_default());
    name.as_mut_os_string().push(".musicxml");
    let target = match &args.out {
        None => name,
        Some(out) if out.is_dir() => out.join(name),
        Some(out) => out.clone(),
    };
    let is_compressed = is_compressed(&target)?;
    ensure!(
        !(is_compressed && files::is_device(&target)),
        "{}: a compressed file cannot be written into this",
        target.display()
    );
    Ok(target)
}

/// Whether a file is a compressed one, by its name.
fn is_compressed(path: &Path) -> Result<bool> {
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    match extension.as_deref() {
        Some("mxl") => Ok(true),
        Some("musicxml" | "xml") => Ok(false),
        _ if files::is_device(path) => Ok(false),
        _ => bail!("{}: choose a name with .musicxml, .xml or .mxl", path.display()),
    }
}

impl Summary {
    fn text(&self) -> String {
        let bars = counted(self.measures, "bar", "bars");
        let notes = counted(self.notes, "note", "notes");
        format!("{}\n{bars}, {notes}: {}\n", self.score.display(), self.musicxml.display())
    }
}
