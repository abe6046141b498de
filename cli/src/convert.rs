//! `espressivo convert`: a score as MusicXML.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use application::files;
use application::limits::SCORE_BYTES;
use application::text::{counted, shown};
use notation::musicxml::write::{self, WriteError};
use notation::{PrintedScore, Score, smf};
use serde::Serialize;

use crate::options::Written;
use crate::{input, output};

const EXAMPLES: &str = "\
Examples:
  espressivo convert sketch.mid -o sketch.musicxml
      A MIDI file as a score to open in a notation program.
  espressivo convert nocturne.mxl --as-written -o nocturne.musicxml
      Every bar of the page once.
  espressivo convert minuet.musicxml --repeats signs -o page.musicxml
      The page: every bar once, with repeat signs, endings, D.C. al Fine.";

/// So many bars are named in a message.
const MOST_NAMED: usize = 12;

/// Write a score as MusicXML, plain or compressed
///
/// Bars are written in the order in which they are played, so repeats and jumps are written out, unless
/// `--repeats signs` asks for the page. Names of notes, accidentals and clefs follow from key and register.
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

    /// How repeats and jumps are written
    #[arg(long, value_enum, default_value_t = Repeats::WrittenOut, conflicts_with = "as_written")]
    pub repeats: Repeats,

    #[command(flatten)]
    pub written: Written,
}

/// How repeats and jumps are written.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeats {
    /// Every bar once, with repeat signs, endings, D.C. and D.S.
    Signs,
    /// Every bar as often as it is played
    WrittenOut,
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
    output::check_beside(&target, &args.score, args.written.force)?;
    let mut score = input::read_score(&args.score, args.as_written)?;
    if files::read(&args.score, SCORE_BYTES).is_ok_and(|bytes| notation::is_midi(&bytes)) {
        let name = args.score.file_stem().unwrap_or_default().to_string_lossy();
        smf::print_heading(&mut score, &shown(&name));
    }
    let page = (args.repeats == Repeats::Signs).then(|| PrintedScore::of(&score));
    let bytes = bytes(&score, page.as_ref(), is_compressed(&target)?);
    output::write_file(&target, &bytes.with_context(|| format!("{}", args.score.display()))?)?;
    let written = page.as_ref().map_or(&score, |page| &page.score);
    warn_of_crowded_bars(&args.score, written);
    if page.as_ref().is_some_and(|page| page.signs.is_empty()) && has_repeats(&score) {
        output::warn(format_args!(
            "{}: no signs say in which order its bars are played, so its repeats are written out",
            args.score.display()
        ));
    }
    let summary = Summary {
        score: args.score.clone(),
        musicxml: target,
        measures: written.measures.len(),
        notes: written.notes.len(),
    };
    output::say_result(&summary, args.written.json, || summary.text())
}

/// The file: of the page, if there is one, else of the score.
fn bytes(score: &Score, page: Option<&PrintedScore>, is_compressed: bool) -> Result<Vec<u8>, WriteError> {
    match (page, is_compressed) {
        (Some(page), true) => write::write_printed_mxl(page),
        (Some(page), false) => write::write_printed(page).map(String::into_bytes),
        (None, true) => write::write_mxl(score),
        (None, false) => write::write(score).map(String::into_bytes),
    }
}

fn has_repeats(score: &Score) -> bool {
    score.measures.iter().any(|measure| measure.pass > 1)
}

/// Names the bars that have more voices than notation programs read.
fn warn_of_crowded_bars(path: &Path, score: &Score) {
    let crowded = write::beyond_four_voices(score);
    let mut numbers: Vec<&str> = crowded
        .iter()
        .filter_map(|crowded| score.measures.get(crowded.measure))
        .map(|measure| measure.number.as_str())
        .collect();
    numbers.dedup();
    if numbers.is_empty() {
        return;
    }
    let named = numbers.iter().take(MOST_NAMED).copied().collect::<Vec<_>>().join(", ");
    let more = match numbers.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let (bars, have) = if numbers.len() == 1 { ("bar", "has") } else { ("bars", "have") };
    output::warn(format_args!(
        "{}: {bars} {named}{more} {have} more than four voices on a staff; most notation programs read four, \
         so look at these bars there",
        path.display()
    ));
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
pub fn is_compressed(path: &Path) -> Result<bool> {
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
