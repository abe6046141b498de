//! `espressivo vary`: other notes for a few bars.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow, bail};
use application::text::counted;
use application::{Folders, systems};
use notation::{Score, musicxml};
use performance::midi::{ExportOptions, export};
use performers::composer::{
    ComposeError, Composer, Constraints, MOST_VARIATIONS, Similarity, Variation, VariationRequest,
    why_so_similar,
};
use performers::{Job, Region};
use serde::Serialize;

use crate::bars::{self, Bars};
use crate::options::Written;
use crate::pitches::pitches;
use crate::{input, output, running};

const EXAMPLES: &str = "\
At 100 % the bars come back as they are, at 0 % it is an idea of the composer's own; between them every
variation says how similar it turned out: half the share of equal notes, half the product of the
likenesses of pitches, onsets and durations.

Examples:
  espressivo vary nocturne.musicxml --bars 5-8 --count 5 --similarity 70 -o ideas
      Five variations of four bars, each as MusicXML and as MIDI, in the folder ideas.
  espressivo vary nocturne.musicxml --bars 5-6 --keep-melody --in-scale
      Another accompaniment without notes outside the scale.
  espressivo vary nocturne.musicxml --bars 5-8 --keep-rhythm --pitches C3-C6 --seed 2
      Other notes in the same rhythm, none below C3 or above C6.";

/// Write variations of one to four bars: other notes, as similar as asked for
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The score: MusicXML (.musicxml, .xml, .mxl) or MIDI (.mid)
    pub score: PathBuf,

    /// The bars, by their printed numbers, at most four: 5-8, or 5
    #[arg(long, value_name = "BARS", allow_hyphen_values = true)]
    pub bars: String,

    /// Number of variations, 1 to 100
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=MOST_VARIATIONS as i64))]
    pub count: u8,

    /// How similar to the bars, 0 to 100 per cent
    #[arg(long, value_name = "PERCENT", default_value = "70", value_parser = similarity)]
    pub similarity: f64,

    /// Seed; the same seed gives the same variations
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,

    #[command(flatten)]
    pub stays: Stays,

    /// Take every bar once, without repeats and jumps
    #[arg(long)]
    pub as_written: bool,

    /// Folder for the files, made if it is not there [default: the working folder]
    #[arg(short, long = "output", value_name = "DIR")]
    pub out: Option<PathBuf>,

    #[command(flatten)]
    pub written: Written,
}

/// What stays, and what is not written.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "What stays")]
pub struct Stays {
    /// Keep onsets and durations
    #[arg(long)]
    pub keep_rhythm: bool,

    /// Keep the melody; nothing is written above it
    #[arg(long)]
    pub keep_melody: bool,

    /// Write nothing outside the scale of the bars but their own notes
    #[arg(long)]
    pub in_scale: bool,

    /// The lowest and the highest note: C3-C6, or as MIDI numbers 48-84 (C4 is 60)
    #[arg(long, value_name = "LOW-HIGH", value_parser = pitches)]
    pub pitches: Option<(u8, u8)>,

    /// The most notes that begin together
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=20))]
    pub largest_chord: Option<u8>,
}

impl Stays {
    fn constraints(&self) -> Constraints {
        Constraints {
            keep_rhythm: self.keep_rhythm,
            keep_melody: self.keep_melody,
            stay_in_scale: self.in_scale,
            pitches: self.pitches,
            largest_chord: self.largest_chord,
        }
    }
}

/// Per cents as a share.
fn similarity(text: &str) -> Result<f64, String> {
    let number = text.trim().trim_end_matches('%').trim_end();
    let percent = number.parse::<f64>().map_err(|_| "not a number such as 70".to_owned())?;
    match (0.0..=100.0).contains(&percent) {
        true => Ok(percent / 100.0),
        false => Err("the similarity goes from 0 (an idea of its own) to 100 (the bars as they are)".into()),
    }
}

#[derive(Serialize)]
struct Summary {
    #[serde(serialize_with = "output::as_text")]
    score: PathBuf,
    bars: String,
    composer: &'static str,
    seed: u64,
    /// What was asked for, 0 to 1.
    asked: f64,
    variations: Vec<Row>,
    /// Why they are more similar than was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    too_similar: Option<String>,
}

#[derive(Serialize)]
struct Row {
    /// How similar it turned out, 0 to 1.
    overall: f64,
    similarity: Similarity,
    notes: usize,
    #[serde(serialize_with = "output::as_text")]
    musicxml: PathBuf,
    #[serde(serialize_with = "output::as_text")]
    midi: PathBuf,
}

/// Composes, writes the files and prints a table.
pub fn run(args: &Args) -> Result<ExitCode> {
    let score = input::read_score(&args.score, args.as_written)?;
    let in_score = || format!("{}", args.score.display());
    let bars = bars::find(&score, &args.bars).with_context(in_score)?;
    let request = request(args, &score, &bars).with_context(in_score)?;
    let composers = systems::composers();
    let files = files(args)?;
    let composer = composers.load(composers.default_id(), &Folders::find().models).map_err(advised)?;
    if let Some(folder) = &args.out {
        output::create_folder(folder)?;
    }
    let (variations, too_similar) = compose(&*composer, &request).with_context(in_score)?;
    let mut rows = Vec::with_capacity(variations.len());
    for (variation, (musicxml, midi)) in variations.iter().zip(files) {
        write(variation, &musicxml, &midi).with_context(in_score)?;
        let notes = variation.score.notes.len();
        let similarity = variation.similarity;
        rows.push(Row { overall: similarity.overall(), similarity, notes, musicxml, midi });
    }
    let summary = Summary {
        score: args.score.clone(),
        bars: bars.text.clone(),
        composer: composer.info().id,
        seed: args.seed,
        asked: args.similarity,
        variations: rows,
        too_similar,
    };
    output::say_result(&summary, args.written.json, || summary.text())
}

/// A missing model can be trained here, too.
fn advised(error: ComposeError) -> anyhow::Error {
    match error {
        ComposeError::Model { .. } => anyhow!("{error}, or train a model with `espressivo train composer`"),
        other => other.into(),
    }
}

/// What the composer is asked; fails where no composer could answer.
fn request<'a>(args: &Args, score: &'a Score, bars: &Bars) -> Result<VariationRequest<'a>> {
    if !matches!(bars.region, Region::Measures(_)) {
        bail!(
            "the bars {} are not played one after another; choose bars that a repeat does not part",
            bars.text
        );
    }
    let request = VariationRequest {
        score,
        bars: bars.range.clone(),
        similarity: args.similarity,
        count: usize::from(args.count),
        seed: args.seed,
        constraints: args.stays.constraints(),
    };
    request.check()?;
    Ok(request)
}

/// The files of each variation. Fails if something is in their way.
fn files(args: &Args) -> Result<Vec<(PathBuf, PathBuf)>> {
    let folder = args.out.clone().unwrap_or_default();
    // Nothing is in the way in a folder that is not there yet.
    let is_new = args.out.as_ref().is_some_and(|folder| !folder.exists());
    let file = |k: u8, extension: &str| -> Result<PathBuf> {
        let mut name = output::name_from(&args.score, &format!("variation-{k}"));
        name.push(extension);
        let path = folder.join(name);
        if !is_new {
            output::check_beside(&path, &args.score, args.written.force)?;
        }
        Ok(path)
    };
    (1..=args.count).map(|k| Ok((file(k, ".musicxml")?, file(k, ".mid")?))).collect()
}

/// All variations, and why they are more similar than was asked for if they are; nothing is written before the last
/// one is there.
fn compose(
    composer: &dyn Composer,
    request: &VariationRequest<'_>,
) -> Result<(Vec<Variation>, Option<String>)> {
    let bar = running::bar(format!("{} composes", composer.info().name));
    let shown = bar.clone();
    let job = Job::new(move |done| running::advance(&shown, f64::from(done)));
    let cancelled = job.clone();
    running::on_interrupt(move || cancelled.cancel())?;
    let variations = composer.compose(request, &job, &mut |_| {})?;
    let similarities: Vec<Similarity> = variations.iter().map(|variation| variation.similarity).collect();
    let too_similar = why_so_similar(composer, request, &similarities, &job)?;
    bar.finish_and_clear();
    Ok((variations, too_similar))
}

fn write(variation: &Variation, page: &Path, midi: &Path) -> Result<()> {
    let score = &variation.score;
    output::write_file(page, musicxml::write::write(score)?.as_bytes())?;
    let exported = export(score, &performance::deadpan(score), &ExportOptions::default())?;
    output::write_file(midi, &exported.bytes)
}

impl Summary {
    fn text(&self) -> String {
        let count = counted(self.variations.len(), "variation", "variations");
        let percent = |share: f64| format!("{:.0} %", 100.0 * share);
        let asked = percent(self.asked);
        let mut text = format!("{}, bars {}: {count}, asked for {asked}\n", self.score.display(), self.bars);
        text += "    similar   pitch   onset  duration  equal notes\n";
        for (k, row) in self.variations.iter().enumerate() {
            let Similarity { pitch, onset, duration, equal } = row.similarity;
            text += &format!(
                "{:>3} {:>7} {:>7} {:>7} {:>9} {:>12}  {}, {}\n",
                k + 1,
                percent(row.overall),
                percent(pitch),
                percent(onset),
                percent(duration),
                percent(equal),
                row.musicxml.display(),
                row.midi.display()
            );
        }
        if let Some(why) = &self.too_similar {
            text += &format!("{why}.\n");
        }
        text
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_similarity_is_in_per_cent() {
        assert_eq!(similarity("70").unwrap(), 0.7);
        assert_eq!(similarity("70 %").unwrap(), 0.7);
        assert_eq!(similarity("0").unwrap(), 0.0);
        for wrong in ["101", "-1", "NaN", "near", ""] {
            assert!(similarity(wrong).is_err(), "{wrong}");
        }
    }
}
