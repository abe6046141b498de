//! `espressivo evaluate groove`: whether takes of the groove performer are like their own style.
//!
//! Unseen scores, those of a split of (n)ASAP and the held-out songs of POP909, are performed in every style. How
//! far the velocities and micro-timings are from those that a style learned from, as the Kullback-Leibler
//! divergence of their histograms (PerTok, arXiv 2410.02060, table 4: 128 bins of velocity; micro-timing in per
//! cents of a sixteenth), should be less for the own style than for the other. Beside it the same of what people
//! played of unseen pieces, which is as near as anybody comes; and r of velocity with people.

mod histogram;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, ensure};
use burn::tensor::Device;
use cadenza::groove::Groove;
use notation::Score;
use performance::{Performance, codec};
use performers::device::DeviceChoice;
use performers::{BaseTempo, Controls, Job, KnobValue, Performer, Region, Request, Resources, take};
use serde::Serialize;

use super::{Judged, judge, named_performers};
use crate::datasets;
use crate::groove::song::Song;
use crate::groove::{Packed, STYLES, add_song, add_split, is_held_out, read_songs, timings};
use histogram::Histograms;

/// Who else is compared with people.
const BESIDE: &str = "pianoflow";

/// The velocity's place among the figures.
const VELOCITY: usize = 0;

/// What `espressivo evaluate groove` takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder.
    pub data: PathBuf,
    /// The models folder.
    pub models: PathBuf,
    /// Which pieces of (n)ASAP are performed: `valid` to choose by, `test` to report.
    pub split: String,
    /// Seed of the takes, of which every score has its own.
    pub seed: u64,
    /// Only the first so many pieces, and songs.
    pub limit: Option<usize>,
    /// Pieces performed side by side where they are compared with people.
    pub workers: usize,
}

/// What the comparison found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The split.
    pub split: String,
    /// Scores performed.
    pub scores: usize,
    /// Their notes.
    pub notes: usize,
    /// Notes performed in a second, takes finished.
    pub notes_a_second: f64,
    /// A row for each style's takes, and one for what people played of unseen pieces.
    pub rows: Vec<Row>,
    /// Who is compared with people, and mean r of velocity with them.
    pub agreement: Vec<(String, Option<f64>)>,
}

/// How far some playing is from each style, in nats.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Who played.
    pub name: String,
    /// The style that it is in.
    pub style: String,
    /// Velocity: from the own style, from the nearest other.
    pub velocity: [f64; 2],
    /// Micro-timing: from the own style, from the nearest other.
    pub timing: [f64; 2],
}

/// Performs and compares. `said` gets messages of progress.
///
/// # Errors
/// When the data or a model cannot be read, or a performer does not play.
pub fn run(options: &Options, device: &Device, said: &(dyn Fn(&str) + Sync)) -> Result<Report> {
    said("reading what the styles learned from");
    let mut split = datasets::load(&options.data, &options.split)?;
    split.pieces.truncate(options.limit.unwrap_or(usize::MAX));
    ensure!(!split.pieces.is_empty(), "the split {} has no pieces", options.split);
    let (mut learned, mut unseen) = (Packed::new(), Packed::new());
    for learned_from in ["train", "extra_train"] {
        add_split(&mut learned, &datasets::load(&options.data, learned_from)?);
    }
    add_split(&mut unseen, &split);
    let mut held_out = Vec::new();
    for (k, keys) in read_songs(&options.data.join("pretrain"))?.iter().enumerate() {
        let Some(song) = Song::of(keys) else { continue };
        if !is_held_out(k) {
            add_song(&mut learned, &song);
        } else if held_out.len() < options.limit.unwrap_or(usize::MAX) {
            add_song(&mut unseen, &song);
            held_out.push(song.score);
        }
    }
    let styles: Vec<Histograms> =
        (0..STYLES.len()).map(|style| Histograms::of_packed(&learned, style)).collect();
    let mut rows: Vec<Row> = (0..STYLES.len())
        .map(|style| row("people", style, &Histograms::of_packed(&unseen, style), &styles))
        .collect();
    let scores: Vec<&Score> = split.pieces.iter().map(|piece| &piece.score).chain(&held_out).collect();
    let groove = load(&options.models)?;
    let begun = Instant::now();
    for (style, name) in STYLES.iter().enumerate() {
        said(&format!("performing {} scores, {name}", scores.len()));
        let mut takes = Histograms::default();
        for (place, score) in scores.iter().enumerate() {
            takes.add(&timed(&*groove, score, name, seed_of(options.seed, place))?);
        }
        rows.push(row(Groove::INFO.id, style, &takes, &styles));
    }
    let notes: usize = scores.iter().map(|score| score.notes.len()).sum();
    // Every score is played twice a style, once to know where its grid is.
    let played = 2 * STYLES.len() * notes;
    Ok(Report {
        split: options.split.clone(),
        scores: scores.len(),
        notes,
        notes_a_second: played as f64 / begun.elapsed().as_secs_f64(),
        rows,
        agreement: agreement(options, &split, device, said)?,
    })
}

/// Readies the groove performer.
fn load(models: &Path) -> Result<Box<dyn Performer>> {
    let resources = Resources { models, device: DeviceChoice::Cpu };
    Ok(application::systems::registry().load(Groove::INFO.id, &resources)?)
}

/// The seed of a score: a take is louder or softer as a whole by a number of its seed, so scores of one seed would
/// all be so by the same.
fn seed_of(seed: u64, place: usize) -> u64 {
    seed.wrapping_mul(1_000_003).wrapping_add(place as u64)
}

/// Velocity and micro-timing, in quarters, of each note of a take; none where it has no place on the grid.
fn timed(groove: &dyn Performer, score: &Score, style: &str, seed: u64) -> Result<Vec<(u8, Option<f64>)>> {
    let play = |amount: f64| -> Result<Performance> {
        let knobs = [("style", KnobValue::from(style)), ("amount", KnobValue::from(amount))];
        let knobs = knobs.map(|(id, value)| (id.to_owned(), value)).into();
        let controls = Controls { seed, base_tempo: BaseTempo::Free, knobs, ..Controls::default() };
        let request = Request { score, region: &Region::All, context: None, controls: &controls };
        Ok(take::perform(groove, &request, &Job::default())?)
    };
    let (take, literal) = (play(1.0)?, play(0.0)?);
    let curve = codec::encode(score, &literal).curve();
    let late = timings(score, &take, None, &|secs, at| {
        let at = at.to_f64();
        (secs - curve.secs_at(at)) / curve.period_secs_at(at)
    });
    Ok(take.notes.iter().map(|note| (note.velocity, late[note.note as usize])).collect())
}

fn row(name: &str, style: usize, played: &Histograms, styles: &[Histograms]) -> Row {
    let far = |of: fn(&Histograms, &Histograms) -> f64| {
        let others = styles.iter().enumerate().filter(|(k, _)| *k != style);
        let nearest = others.map(|(_, other)| of(played, other)).fold(f64::INFINITY, f64::min);
        [of(played, &styles[style]), nearest]
    };
    Row {
        name: name.to_owned(),
        style: STYLES[style].to_owned(),
        velocity: far(Histograms::velocity_from),
        timing: far(Histograms::timing_from),
    }
}

/// Mean r of velocity with people, of people with each other first.
fn agreement(
    options: &Options,
    split: &datasets::Split,
    device: &Device,
    said: &(dyn Fn(&str) + Sync),
) -> Result<Vec<(String, Option<f64>)>> {
    let played = split.pieces.iter().filter(|piece| !piece.humans.is_empty());
    let pieces: Vec<Judged<'_>> = played.map(Judged::new).collect();
    let mutual = pieces.iter().map(|piece| performance::metrics::mutual_agreement(&piece.humans));
    let people = performance::metrics::mean(mutual)[VELOCITY];
    let mut agreement = vec![("people".to_owned(), people)];
    let ids = [Groove::INFO.id.to_owned(), BESIDE.to_owned()];
    for player in named_performers::load(&ids, &[], &options.models, device)? {
        said(&format!("{} performs {} scores", player.name, pieces.len()));
        let play = |score: &Score, take: usize| player.play(score, options.seed + take as u64);
        let judged = judge(&player.name, &pieces, options.workers, 1, &play)?;
        agreement.push((player.name.clone(), judged.row.agreement[VELOCITY]));
    }
    Ok(agreement)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { split, scores, notes, notes_a_second, .. } = self;
        writeln!(
            f,
            "{scores} scores of {split} and of held-out songs, {notes} notes, {notes_a_second:.0} a second"
        )?;
        writeln!(
            f,
            "divergence in nats from what the own style learned from, and from the other (0 the same)"
        )?;
        writeln!(f, "{:20}{:>10}{:>9}{:>9} |{:>9}{:>9}", "", "", "velocity", "other", "timing", "other")?;
        for Row { name, style, velocity: [own, other], timing: [own_timing, other_timing] } in &self.rows {
            writeln!(f, "{name:20}{style:>10}{own:>9.3}{other:>9.3} |{own_timing:>9.3}{other_timing:>9.3}")?;
        }
        writeln!(f, "r of velocity with people of {split}")?;
        for (name, r) in &self.agreement {
            let r = r.map_or_else(|| "-".to_owned(), |r| format!("{r:.3}"));
            writeln!(f, "{name:20}{r:>10}")?;
        }
        Ok(())
    }
}
