//! `espressivo compose`: a new piece, or more bars of one.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, anyhow, ensure};
use application::roster::{Ready, Roster};
use application::text::counted;
use application::{Folders, files, limits, systems};
use notation::Score;
use notation::musicxml::write::{write, write_mxl};
use performance::Performance;
use performance::midi::{ExportOptions, export};
use performers::piece::{MOST_NEW_BARS, PieceError, PieceRequest, PieceWriter, TEMPERATURES};
use performers::{Controls, Job, Region, Request, take};
use serde::Serialize;

use crate::options::{Device, Written};
use crate::{convert, input, output, running};

const EXAMPLES: &str = "\
A piece is written as MusicXML, and as MIDI as somebody plays it.

Examples:
  espressivo compose --bars 32 --seed 7 -o piece.musicxml
      A new piece of 32 bars, and its performance in piece.mid.
  espressivo compose --bars 16 --like nocturne.musicxml
      A piece that begins as if some bars of the nocturne came before it.
  espressivo compose --continue sketch.musicxml --from 9 --bars 8 -o longer.musicxml
      The first eight bars of the sketch as they are, and eight new ones.
  espressivo compose --count 20 -o pieces
      Twenty pieces in the folder pieces.";

/// Write a new piece and its performance, or go on with a piece from a bar
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// New bars, 1 to 256
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..=MOST_NEW_BARS as i64))]
    pub bars: u16,

    /// A score in whose manner to write: some of its bars are read first
    #[arg(long, value_name = "SCORE")]
    pub like: Option<PathBuf>,

    /// A score to go on with; its bars before the new ones are kept as they are
    #[arg(long = "continue", value_name = "SCORE")]
    pub continues: Option<PathBuf>,

    /// The first bar to write, by its printed number; it and those after it are left out [default: the one
    /// after the last]
    #[arg(long, value_name = "BAR", requires = "continues")]
    pub from: Option<String>,

    /// Seed: the same number gives the same piece; the second piece has the next number
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(..=limits::LARGEST_SEED))]
    pub seed: u64,

    /// How much is left to chance, 0.1 to 2: below 1 what is likelier, above 1 what is less likely
    #[arg(long, value_name = "X", default_value = "1", value_parser = temperature)]
    pub temperature: f64,

    /// Number of pieces, 1 to 1000
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub count: u16,

    /// Who plays; `espressivo performers` lists them [default: the system that writes]
    #[arg(long, value_name = "NAME")]
    pub performer: Option<String>,

    /// Play every bar of the score to go on with once, without repeats and jumps
    #[arg(long, requires = "continues")]
    pub as_written: bool,

    #[command(flatten)]
    pub device: Device,

    /// File to write: .musicxml or .xml, or .mxl for a compressed one; or a folder, which is made for several
    /// pieces [default: new-piece-SEED.musicxml in the working folder]
    #[arg(short, long = "output", value_name = "OUT")]
    pub out: Option<PathBuf>,

    /// The MIDI file [default: the score's name with .mid]
    #[arg(long, value_name = "FILE")]
    pub midi: Option<PathBuf>,

    #[command(flatten)]
    pub written: Written,
}

fn temperature(text: &str) -> Result<f64, String> {
    let value = text.parse::<f64>().map_err(|_| "not a number such as 0.9".to_owned())?;
    match TEMPERATURES.contains(&value) {
        true => Ok(value),
        false => {
            Err("the temperature goes from 0.1 (what is likeliest) to 2 (hardly more than chance)".into())
        }
    }
}

#[derive(Serialize)]
struct Summary {
    writer: &'static str,
    performer: &'static str,
    pieces: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    seed: u64,
    bars: usize,
    notes: usize,
    length_secs: f64,
    #[serde(serialize_with = "output::as_text")]
    musicxml: PathBuf,
    #[serde(serialize_with = "output::as_text_if_any")]
    midi: Option<PathBuf>,
}

/// Where a piece goes: the score, and the MIDI file if there is a place for it.
type Files = (PathBuf, Option<PathBuf>);

/// Composes, performs, writes the files and prints a summary.
pub fn run(args: &Args) -> Result<ExitCode> {
    let like = args.like.as_ref().map(|path| input::read_score(path, false)).transpose()?;
    let before = args.continues.as_ref().map(|path| input::read_score(path, args.as_written)).transpose()?;
    let request = request(args, like.as_ref(), before.as_ref())?;
    let files = (0..args.count).map(|k| targets(args, k)).collect::<Result<Vec<Files>>>()?;
    let models = Folders::find().models;
    let writers = systems::writers();
    let writer = writers.load(writers.default_id(), &models).map_err(advised)?;
    let player = player(args, &models, writer.info().id)?;
    if let Some(folder) = args.out.as_ref().filter(|_| args.count > 1) {
        output::create_folder(folder)?;
    }
    let pieces = compose(&*writer, &player, &request, usize::from(args.count))?;
    let mut rows = Vec::with_capacity(pieces.len());
    for ((piece, played), (musicxml, midi)) in pieces.iter().zip(files) {
        write_files(piece, played, &musicxml, midi.as_deref())?;
        rows.push(Row {
            seed: args.seed.wrapping_add(rows.len() as u64),
            bars: piece.measures.len(),
            notes: piece.notes.len(),
            length_secs: played.length_secs(),
            musicxml,
            midi,
        });
    }
    let performer = player.performer.info().id;
    let summary = Summary { writer: writer.info().id, performer, pieces: rows };
    output::say_result(&summary, args.written.json, || summary.text())
}

/// A missing model can be trained here, too.
fn advised(error: PieceError) -> anyhow::Error {
    match error {
        PieceError::Model { .. } => anyhow!("{error}, or train a model with `espressivo train xmvae`"),
        other => other.into(),
    }
}

/// What the writer is asked; fails where no writer could answer.
fn request<'a>(args: &Args, like: Option<&'a Score>, before: Option<&'a Score>) -> Result<PieceRequest<'a>> {
    let in_score = || args.continues.as_ref().map_or_else(String::new, |path| format!("{}", path.display()));
    let from = before.map(|score| first_new(args, score)).transpose().with_context(in_score)?;
    let request = PieceRequest {
        like,
        continues: before.zip(from),
        temperature: args.temperature,
        ..PieceRequest::new(usize::from(args.bars), args.seed)
    };
    match before {
        Some(_) => request.check().with_context(in_score)?,
        None => request.check()?,
    }
    Ok(request)
}

/// The first bar to write: an index into the measures, or their number for the bar after the last.
fn first_new(args: &Args, score: &Score) -> Result<usize> {
    let count = score.measures.len();
    let Some(number) = args.from.as_deref().map(str::trim) else { return Ok(count) };
    let is_it = |measure: &notation::Measure| measure.number == number;
    if let Some(found) = score.measures.iter().position(is_it) {
        return Ok(found);
    }
    let last = score.measures.last().map_or("", |measure| measure.number.as_str());
    let is_next = last.parse::<u32>().is_ok_and(|last| number.parse::<u32>() == Ok(last.saturating_add(1)));
    ensure!(is_next, "there is no bar {number:?} to write; the last bar of this score is {last}");
    Ok(count)
}

/// The files of a piece. Fails if something is in their way.
fn targets(args: &Args, k: u16) -> Result<Files> {
    let seed = args.seed.wrapping_add(u64::from(k));
    let name = match &args.continues {
        Some(score) => output::name_from(score, &format!("continued-{seed}")),
        None => OsString::from(format!("new-piece-{seed}")),
    };
    let is_several = args.count > 1;
    ensure!(!(is_several && args.midi.is_some()), "--midi names one file; several pieces go into a folder");
    let named = |folder: &Path| {
        let mut name = name.clone();
        name.push(".musicxml");
        folder.join(name)
    };
    let score = match &args.out {
        None => named(Path::new("")),
        Some(out) if is_several || out.is_dir() => named(out),
        Some(out) => out.clone(),
    };
    let is_compressed = convert::is_compressed(&score)?;
    let is_device = files::is_device(&score);
    ensure!(!(is_compressed && is_device), "{}: a compressed file cannot go there", score.display());
    let midi = args.midi.clone().or_else(|| (!is_device).then(|| score.with_extension("mid")));
    ensure!(midi.as_ref() != Some(&score), "{}: score and performance need two files", score.display());
    // Nothing is in the way in a folder that is not there yet.
    let is_new = is_several && args.out.as_ref().is_some_and(|folder| !folder.exists());
    for path in std::iter::once(&score).chain(&midi).filter(|_| !is_new) {
        output::check_file(path, args.written.force)?;
        for source in args.like.iter().chain(&args.continues) {
            output::check_beside(path, source, args.written.force)?;
        }
    }
    Ok((score, midi))
}

/// Who plays: as named, else the system that writes, if it plays, else the first.
fn player(args: &Args, models: &Path, writer: &'static str) -> Result<Ready> {
    let roster = Roster::new(models.to_owned());
    let own = if roster.info(writer).is_ok() { writer } else { roster.default_id() };
    let wanted = args.performer.as_deref().unwrap_or(own);
    Ok(roster.ready(wanted, args.device.choice())?)
}

/// All pieces and how they are played; nothing is written before the last one is there.
fn compose(
    writer: &dyn PieceWriter,
    player: &Ready,
    request: &PieceRequest<'_>,
    count: usize,
) -> Result<Vec<(Score, Performance)>> {
    let bar = running::bar(format!("{} composes", writer.info().name));
    let finished = Arc::new(AtomicUsize::new(0));
    let (shown, before) = (bar.clone(), finished.clone());
    let job = Job::new(move |done| {
        let done = before.load(Ordering::Relaxed) as f64 + f64::from(done);
        // Each piece is written and performed.
        running::advance(&shown, done / (2 * count) as f64);
    });
    let cancelled = job.clone();
    running::on_interrupt(move || cancelled.cancel())?;
    let mut pieces = Vec::with_capacity(count);
    for k in 0..count as u64 {
        let seed = request.seed.wrapping_add(k);
        let piece = writer.write(&PieceRequest { seed, ..*request }, &job)?;
        finished.fetch_add(1, Ordering::Relaxed);
        let controls = Controls { seed, ..Controls::default() };
        let wanted = Request { score: &piece, region: &Region::All, context: None, controls: &controls };
        let played = take::perform(&*player.performer, &wanted, &job)?;
        finished.fetch_add(1, Ordering::Relaxed);
        pieces.push((piece, played));
    }
    bar.finish_and_clear();
    Ok(pieces)
}

fn write_files(piece: &Score, played: &Performance, score: &Path, midi: Option<&Path>) -> Result<()> {
    let bytes = if convert::is_compressed(score)? { write_mxl(piece)? } else { write(piece)?.into_bytes() };
    output::write_file(score, &bytes)?;
    if let Some(midi) = midi {
        output::write_file(midi, &export(piece, played, &ExportOptions::default())?.bytes)?;
    }
    Ok(())
}

impl Summary {
    fn text(&self) -> String {
        let line = |row: &Row| {
            let (bars, notes) = (counted(row.bars, "bar", "bars"), counted(row.notes, "note", "notes"));
            let midi = row.midi.as_ref().map(|path| format!(", {}", path.display())).unwrap_or_default();
            let clock = output::clock(row.length_secs);
            format!("seed {}: {bars}, {notes}, {clock}: {}{midi}\n", row.seed, row.musicxml.display())
        };
        self.pieces.iter().map(line).collect()
    }
}

#[cfg(test)]
#[path = "compose_tests.rs"]
mod tests;
