//! `espressivo perform`: a score in, performances out.

pub mod like;
mod summary;
mod understood;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, bail};
use application::roster::{self, Ready, Roster};
use application::{Folders, Recording, limits};
use mood::Feeler;
use mood::feeling::Laid;
use neural::device;
use notation::Score;
use performance::Performance;
use performance::midi::{ExportOptions, Exported, ExportedTake, export, export_changed, export_in_place};
use performers::base_tempo::Outcome;
use performers::device::{DeviceChoice, DeviceInfo};
use performers::{Amounts, BaseTempo, Controls, Job, Knobs, Mood, PerformerInfo, Region, Request, take};
use serde::Serialize;

use crate::bars::{self, Bars};
use crate::hearing::Ear;
use crate::options::{Device, Output, amount, balance, base_tempo};
use crate::output::{self, Target};
use crate::running::{self, Stop};
use crate::{failure, input};
use like::Likes;
use understood::Understood;

const EXAMPLES: &str = "\
Examples:
  espressivo perform nocturne.musicxml --wav
  espressivo perform nocturne.musicxml --takes 3 --rubato 150% --seed 7 -o nocturne.mid
  espressivo perform nocturne.musicxml --bars 9-16 --of nocturne-2.mid -o better.mid
  espressivo perform nocturne.musicxml --performer rules --exact --json
  espressivo perform song.musicxml --performer groove --style pop --bpm 96 --fixed 96
  espressivo perform nocturne.musicxml --performer xmvae --like lesson.mp3 --set manner=1.2";

/// Perform a score: MIDI, and sound if asked for
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The score: MusicXML (.musicxml, .xml, .mxl) or MIDI (.mid)
    pub score: PathBuf,

    /// Who plays; `espressivo performers` lists them [default: the first of them whose model is there]
    #[arg(long, value_name = "NAME")]
    pub performer: Option<String>,

    /// Only these bars, by their printed numbers, the first time they are played: 9-16, or 9
    #[arg(long, value_name = "BARS", allow_hyphen_values = true)]
    pub bars: Option<String>,

    /// A take or a recording (MIDI or sound) to perform the bars of anew; its other notes stay as they are
    #[arg(long, value_name = "TAKE", requires = "bars")]
    pub of: Option<PathBuf>,

    /// Seed: the same number gives the same performance; the second take has the next number
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(..=limits::LARGEST_SEED))]
    pub seed: u64,

    /// Number of different takes, 1 to 5
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=i64::from(limits::MOST_TAKES)))]
    pub takes: u8,

    /// Play every bar once, without repeats and jumps
    #[arg(long)]
    pub as_written: bool,

    #[command(flatten)]
    pub device: Device,

    /// Print what was done as JSON
    #[arg(long)]
    pub json: bool,

    /// A setting of the performer's own; `espressivo performers` lists them
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = knob)]
    pub knobs: Vec<(String, String)>,

    /// Style of a performer that has several: short for --set style=NAME
    #[arg(long, value_name = "NAME")]
    pub style: Option<String>,

    #[command(flatten)]
    pub likes: Likes,

    #[command(flatten)]
    pub expression: Expression,

    #[command(flatten)]
    pub output: Output,
}

/// `NAME=VALUE`.
pub fn knob(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE, for example swing=0.5")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

/// How it is to be played.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Expression (amounts: 0 none, 1 or 100% as played, 2 or 200% twice as much)")]
pub struct Expression {
    /// Mood in words: "dreamy", "hesitant, then anger", "bars 1-8 gentle; 9-16 fierce"
    #[arg(long, value_name = "TEXT")]
    pub mood: Option<String>,

    /// How strongly the mood is followed; 0 is the take without it
    #[arg(long, value_name = "X", value_parser = amount, requires = "mood")]
    pub strength: Option<f64>,

    /// Tempo of the piece: `marked` as its metronome marks say, `free` as the performer would, or beats
    /// a minute, 10 to 400; bars of a take have the tempo around them
    #[arg(long, alias = "tempo-bpm", value_name = "BPM", default_value = "marked", value_parser = base_tempo)]
    pub bpm: BaseTempo,

    /// Amount of loud and soft
    #[arg(long, value_name = "X", default_value = "1", value_parser = amount)]
    pub dynamics: f64,

    /// Amount of slow changes of tempo
    #[arg(long, value_name = "X", default_value = "1", value_parser = amount)]
    pub tempo: f64,

    /// Amount of fast changes of tempo
    #[arg(long, value_name = "X", default_value = "1", value_parser = amount)]
    pub rubato: f64,

    /// Amount of short and long
    #[arg(long, value_name = "X", default_value = "1", value_parser = amount)]
    pub articulation: f64,

    /// Depth of the pedal
    #[arg(long, value_name = "X", default_value = "1", value_parser = amount)]
    pub pedal: f64,

    /// Melody against accompaniment in decibels, -12 to 12: above 0 the melody stands out further
    #[arg(long, value_name = "DB", default_value = "0", allow_negative_numbers = true, value_parser = balance)]
    pub balance: f64,
}

impl Expression {
    fn amounts(&self) -> Amounts {
        let Self { dynamics, tempo, rubato, articulation, pedal, balance, .. } = *self;
        Amounts { dynamics, tempo, rubato, articulation, pedal, balance_db: balance }
    }

    /// What the mood says of the region, if there is one.
    fn felt(&self, score: &Score, region: &Region) -> Result<Option<(Mood, Vec<Laid>)>> {
        let Some(text) = &self.mood else { return Ok(None) };
        let cpu = device::choose(DeviceChoice::Cpu)?.device;
        let folders = Folders::find();
        let feeler = Feeler::load(&folders.models, Some(&folders.text_encoder), cpu)?;
        let felt = feeler.lay(score, region, text, self.strength.unwrap_or(1.0))?;
        if felt.is_none() {
            bail!("--mood is empty; say how it should sound, for example --mood dreamy");
        }
        if let Some(note) = feeler.note() {
            let how = if feeler.lacks_encoder() { "; `espressivo fetch text-encoder` gets it" } else { "" };
            output::note(format_args!("{note}{how}"));
        }
        Ok(felt)
    }
}

/// What was done.
#[derive(Debug, Serialize)]
pub struct Summary {
    #[serde(serialize_with = "output::as_text")]
    score: PathBuf,
    title: Option<String>,
    composer: Option<String>,
    /// The bars performed, as asked for; none for all.
    bars: Option<String>,
    #[serde(serialize_with = "output::as_text_if_any")]
    of: Option<PathBuf>,
    /// Notes of the take within the bars that are not in the score and were left out.
    left_out: usize,
    /// Notes performed in each take.
    notes: usize,
    performer: PerformerInfo,
    /// The performer's own settings that were set; of a manner the name.
    settings: Knobs,
    /// What was understood of the mood, in order of time.
    moods: Vec<Understood>,
    /// What tempo the first take came to; none for bars of another take.
    tempo: Option<Outcome>,
    /// The device that the network ran on; none if it needs none.
    device: Option<DeviceInfo>,
    /// `grid`, `exact`, `fixed`, or `take`: as in the file of the take.
    timing: &'static str,
    /// Name of the piano of the WAV files.
    piano: Option<String>,
    takes: Vec<TakeSummary>,
}

#[derive(Debug, Serialize)]
struct TakeSummary {
    seed: u64,
    length_secs: f64,
    #[serde(serialize_with = "output::as_text_if_any")]
    midi: Option<PathBuf>,
    #[serde(serialize_with = "output::as_text_if_any")]
    wav: Option<PathBuf>,
}

impl Args {
    /// What is done with a score if nothing else is said.
    pub fn of(score: &OsStr) -> Result<Self> {
        #[derive(clap::Parser)]
        struct Alone {
            #[command(flatten)]
            args: Args,
        }
        let words = [OsStr::new("espressivo"), OsStr::new("--"), score];
        Ok(<Alone as clap::Parser>::try_parse_from(words)?.args)
    }
}

/// Performs several scores one after the other, each into a file of its own. One that cannot be
/// performed is told of, and the next one is.
pub fn run_each(scores: &[OsString]) -> Result<ExitCode> {
    let mut failed = None;
    for score in scores {
        match Args::of(score).and_then(|args| run(&args)) {
            Ok(_) => {}
            Err(error) if failure::is_stop(&error) => return Err(error),
            Err(error) => {
                if let Some(error) = failed.replace(error) {
                    failure::tell(&error);
                }
            }
        }
    }
    failed.map_or(Ok(ExitCode::SUCCESS), Err)
}

/// Performs and prints a summary.
pub fn run(args: &Args) -> Result<ExitCode> {
    let summary = perform(args)?;
    output::say_result(&summary, args.json, || summary.text())
}

/// Performs and writes the files.
pub fn perform(args: &Args) -> Result<Summary> {
    let score = input::read_score(&args.score, args.as_written)?;
    let in_score = || format!("{}", args.score.display());
    let bars = args.bars.as_ref().map(|text| bars::find(&score, text)).transpose().with_context(in_score)?;
    let mut ear = Ear::default();
    let take = args.of.as_ref().map(|path| input::read_take(path, &score, &mut ear)).transpose()?;
    let region = bars.as_ref().map_or(&Region::All, |b| &b.region);
    let (mood, laid) = args.expression.felt(&score, region)?.unzip();
    let (player, mut knobs) = ready(args)?;
    let seeds: Vec<u64> = (0..u64::from(args.takes)).map(|k| args.seed.wrapping_add(k)).collect();
    let name = |seed: &u64| output::name_from(&args.score, &format!("{}-{seed}", player.performer.info().id));
    let targets = output::targets(&args.output, &seeds.iter().map(name).collect::<Vec<_>>())?;
    output::check(&targets, &args.score, args.output.force)?;
    knobs.extend(args.likes.read(&player, &mut ear)?);

    let (bars_chosen, take_of) = (bars.as_ref(), take.as_ref());
    let work = Work { args, score: &score, bars: bars_chosen, take: take_of, player: &player, mood, knobs };
    let (performances, stop) = work.perform(&seeds)?;
    let left_out = work.write_midi(&performances, &targets)?;
    let piano = work.write_sound(&performances, &targets, &stop)?;
    let tempo = work.tempo(&performances);
    if let Some(warning) = tempo.as_ref().and_then(Outcome::warning) {
        output::warn(warning);
    }
    let takes = seeds.iter().zip(&performances).zip(targets);
    let takes = takes
        .map(|((seed, played), target)| TakeSummary {
            seed: *seed,
            length_secs: played.length_secs(),
            midi: target.midi,
            wav: target.wav,
        })
        .collect();
    Ok(Summary {
        score: args.score.clone(),
        notes: work.region().notes(&score).len(),
        settings: like::told(work.knobs),
        bars: bars.map(|b| b.text),
        of: args.of.clone(),
        left_out,
        moods: Understood::all(&score, laid.iter().flatten()),
        tempo,
        performer: player.performer.info(),
        device: player.device,
        timing: if args.of.is_some() && !args.output.names_mode() { "take" } else { args.output.mode_name() },
        piano,
        takes,
        title: score.title,
        composer: score.composer,
    })
}

/// The performer that is named, with its knobs as they were set; if none is named the default one, or the
/// fallback when the default's model is missing.
fn ready(args: &Args) -> Result<(Ready, Knobs)> {
    let roster = Roster::new(Folders::find().models);
    let wanted = args.performer.as_deref().unwrap_or(roster.default_id());
    let style = args.style.iter().map(|style| ("style".to_owned(), style.clone()));
    let set: Vec<(String, String)> = args.knobs.iter().cloned().chain(style).collect();
    let info = roster.info(wanted)?;
    args.likes.check(info, &set, &roster)?;
    let knobs = info.read(&set)?;
    let ready = |id: &str| roster.ready(id, args.device.choice());
    if args.performer.is_some() {
        return Ok((ready(wanted)?, knobs));
    }
    let (player, message) = roster::or_fallback(wanted, roster.fallback_id(), ready)?;
    if let Some(message) = message {
        output::warn(message);
    }
    // Who plays in another's place has not all of its knobs.
    let knobs = player.performer.info().own(&knobs);
    Ok((player, knobs))
}

/// What one call of the command works on.
struct Work<'a> {
    args: &'a Args,
    score: &'a Score,
    bars: Option<&'a Bars>,
    take: Option<&'a Recording>,
    player: &'a Ready,
    mood: Option<Mood>,
    knobs: Knobs,
}

impl Work<'_> {
    fn region(&self) -> &Region {
        self.bars.map_or(&Region::All, |b| &b.region)
    }

    /// All takes; nothing is written before the last one is ready.
    fn perform(&self, seeds: &[u64]) -> Result<(Vec<Performance>, Stop)> {
        let bar = running::bar(format!("{} performs", self.player.performer.info().name));
        let finished = Arc::new(AtomicUsize::new(0));
        let (shown, before, count) = (bar.clone(), finished.clone(), seeds.len());
        let job = Job::new(move |done| {
            let done = before.load(Ordering::Relaxed) as f64 + f64::from(done);
            running::advance(&shown, done / count as f64);
        });
        let cancelled = job.clone();
        let stop = running::on_interrupt(move || cancelled.cancel())?;
        let mut performances = Vec::with_capacity(seeds.len());
        for seed in seeds {
            job.step(0.0)?;
            performances.push(self.perform_once(*seed, &job)?);
            finished.fetch_add(1, Ordering::Relaxed);
        }
        bar.finish_and_clear();
        Ok((performances, stop))
    }

    fn controls(&self, seed: u64) -> Controls {
        let expression = &self.args.expression;
        Controls {
            seed,
            knobs: self.knobs.clone(),
            mood: self.mood.clone(),
            base_tempo: expression.bpm,
            amounts: expression.amounts(),
            ..Controls::default()
        }
    }

    /// What tempo the first take came to, unless its bars have the tempo of the take around them.
    fn tempo(&self, performances: &[Performance]) -> Option<Outcome> {
        let played = performances.first().filter(|_| self.take.is_none())?;
        Outcome::of(self.score, &self.controls(self.args.seed), played)
    }

    fn perform_once(&self, seed: u64, job: &Job) -> Result<Performance> {
        let controls = self.controls(seed);
        let context = self.take.map(|take| &take.played);
        let request = Request { score: self.score, region: self.region(), context, controls: &controls };
        Ok(take::perform(&*self.player.performer, &request, job)?)
    }

    /// Returns how many notes of the take were left out.
    fn write_midi(&self, performances: &[Performance], targets: &[Target]) -> Result<usize> {
        let mut left_out = 0;
        // Of some bars alone the file starts at the first of them.
        let bars = self.bars.filter(|_| self.take.is_none()).map(|b| b.range.clone());
        let options = ExportOptions { mode: self.args.output.mode(), bars, program: 0 };
        for (played, target) in performances.iter().zip(targets) {
            if let Some(path) = &target.midi {
                let exported = match self.take {
                    Some(take) => self.change(take, played, &options)?,
                    None => export(self.score, played, &options)?,
                };
                output::write_file(path, &exported.bytes)?;
                left_out = left_out.max(exported.left_out);
            }
        }
        if let Some(take) = &self.args.of {
            input::tell_left_out(take, left_out);
        }
        Ok(left_out)
    }

    /// The file of a take with the region performed anew: with the timing that was asked for, else
    /// with that of the file.
    fn change(&self, take: &Recording, played: &Performance, options: &ExportOptions) -> Result<Exported> {
        let take = ExportedTake { bytes: &take.bytes, played: &take.played, owners: &take.owners };
        let export = if self.args.output.names_mode() { export_changed } else { export_in_place };
        Ok(export(self.score, played, &take, &self.region().notes(self.score), options)?)
    }

    /// Returns the name of the piano, if there was sound to write.
    fn write_sound(
        &self,
        performances: &[Performance],
        targets: &[Target],
        stop: &Stop,
    ) -> Result<Option<String>> {
        if targets.iter().all(|t| t.wav.is_none()) {
            return Ok(None);
        }
        let piano = output::piano(&self.args.output, stop)?;
        for (played, target) in performances.iter().zip(targets) {
            if let Some(path) = &target.wav {
                let rate = self.args.output.sample_rate;
                output::write_wav(path, self.score, played, &piano, rate, &|| stop.asked())?;
            }
        }
        Ok(Some(piano.name().to_owned()))
    }
}
