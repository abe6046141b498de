//! The container from a checkout.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use notation::{Direction, DirectionKind, ImportOptions, Quarters, Score, Unfold, read_score};

use super::checks;
use super::discography::{self, Origin};
use super::markings::{self, Marking};
use super::tables::{self, Table};
use crate::datasets::container::{BeatRecording, Container, ScoreEntry};
use crate::datasets::{classes, score_out};

/// Scores whose bars and the table's disagree.
const EXCLUDED: [&str; 1] = ["M17-3"];

/// The container, and what is not in it.
pub struct Built {
    /// `mazurkabl`.
    pub container: Container<BeatRecording>,
    /// Mazurkas (without an identifier) and recordings that were left out, and why.
    pub dropped: Vec<(String, Option<String>, String)>,
}

/// Builds the container; `say` hears the mazurka that is read.
///
/// # Errors
/// When the folder is no checkout. A mazurka that cannot be read is left out with its reason.
pub fn build(checkout: &Path, say: &mut dyn FnMut(&str)) -> Result<Built> {
    let names = names(checkout)?;
    let origins = discography::read(&checkout.join("mazurka-discography.txt"))?;
    let mut built = Built { container: Container::new("mazurkabl"), dropped: Vec::new() };
    for name in names {
        say(&name);
        if let Err(error) = built.add(checkout, &name, &origins) {
            built.dropped.push((name, None, format!("{error:#}")));
        }
    }
    Ok(built)
}

/// Names of the mazurkas that have a table of times, in order.
fn names(checkout: &Path) -> Result<Vec<String>> {
    let folder = checkout.join("beat_time");
    let files = fs::read_dir(&folder).with_context(|| {
        format!("{} is no checkout of MazurkaBL: it has no folder beat_time", checkout.display())
    })?;
    let files = files.map(|f| Ok(f?.file_name())).collect::<Result<Vec<_>>>()?;
    let name = |f: &std::ffi::OsString| Some(f.to_str()?.strip_suffix("beat_time.csv")?.to_owned());
    let mut names: Vec<String> = files.iter().filter_map(name).collect();
    names.sort();
    ensure!(!names.is_empty(), "{} holds no tables", folder.display());
    Ok(names)
}

impl Built {
    fn add(&mut self, checkout: &Path, name: &str, origins: &HashMap<String, Origin>) -> Result<()> {
        ensure!(!EXCLUDED.contains(&name), "its bars and those of the table disagree");
        let times = tables::read(&checkout.join(format!("beat_time/{name}beat_time.csv")))?;
        let loudness = tables::read(&checkout.join(format!("beat_dyn/{name}beat_dynNORM.csv")))?;
        let (opus, number) = name.trim_start_matches('M').split_once('-').context("no opus and number")?;
        let (mut score, reading) = read(checkout, &format!("{opus}-{number}"), &times)?;
        let beats = places(&score, &times);
        let in_score = beats.iter().flatten().count();
        ensure!(
            in_score * 20 >= beats.len() * 19,
            "only {in_score} of {} beats are in the score",
            beats.len()
        );
        let marked = is_marked(&score);
        if !marked {
            let path = checkout.join(format!("markings/{name}markings.csv"));
            mark(&mut score, &markings::read(&path)?, &beats);
        }
        let container = &mut self.container;
        let named = ScoreEntry {
            id: container.scores.len(),
            composer: "Chopin".to_owned(),
            title: format!("Mazurkas_op_{}_{number}", opus.trim_start_matches('0')),
            folder: format!("mazurkabl/{name}"),
            reading: Some(reading.to_owned()),
            marks_from: Some(if marked { "MusicXML" } else { "MazurkaBL markings" }.to_owned()),
            ..ScoreEntry::default()
        };
        let mut entry = score_out::write(&score, named, &mut container.columns);
        entry.directions.extend(plain_words(&score));
        entry.directions.sort_by(|a, b| a.0.total_cmp(&b.0));
        container.scores.push(entry);
        self.add_recordings(name, (&times, &loudness), &beats, origins);
        Ok(())
    }

    fn add_recordings(
        &mut self,
        name: &str,
        (times, loudness): (&Table, &Table),
        beats: &[Option<f64>],
        origins: &HashMap<String, Origin>,
    ) {
        let mut kept: Vec<Vec<f64>> = Vec::new();
        for (k, pid) in times.recordings.iter().enumerate() {
            let other = loudness.recordings.iter().position(|p| p == pid);
            let loud = |row: usize| {
                let values = loudness.beats.get(row).map(|b| &b.values);
                values.zip(other).map_or(f64::NAN, |(values, k)| values[k])
            };
            let rows: Vec<(f64, f64, f64)> = beats
                .iter()
                .enumerate()
                .filter_map(|(row, q)| Some(((*q)?, times.beats[row].values[k], loud(row))))
                .filter(|(_, secs, _)| !secs.is_nan())
                .collect();
            let secs: Vec<f64> = rows.iter().map(|r| r.1).collect();
            let reason = if checks::is_doubtful(&secs) {
                Some(format!("{} beats outside 20..600 BPM", checks::out_of_range(&secs)))
            } else {
                kept.iter().any(|other| checks::is_same(other, &secs)).then(|| "duplicate".to_owned())
            };
            if let Some(reason) = reason {
                self.dropped.push((name.to_owned(), Some(pid.clone()), reason));
                continue;
            }
            let origin = origins.get(pid).cloned().unwrap_or_default();
            let container = &mut self.container;
            let first = container.columns.rows("beats");
            rows.iter().for_each(|(q, t, l)| container.columns.push("beats", &[*q, *t, *l]));
            let loudness: Vec<f64> = rows.iter().map(|r| r.2).collect();
            container.performances.push(BeatRecording {
                score: container.scores.len() - 1,
                pid: pid.clone(),
                performer: Some(origin.performer),
                year: Some(origin.year),
                label: Some(origin.label),
                beats: (first, rows.len()),
                checks: checks::named(&secs, &loudness),
            });
            kept.push(secs);
        }
    }
}

/// The score, written or unfolded, whichever has about as many bars as the table.
fn read(checkout: &Path, number: &str, times: &Table) -> Result<(Score, &'static str)> {
    let folder = checkout.join("xml_scores");
    let path = [format!("mazurka{number}.xml"), format!("Mazurka{number}.xml")];
    let path: Option<PathBuf> = path.iter().map(|f| folder.join(f)).find(|p| p.is_file());
    let Some(path) = path else { bail!("no MusicXML in the repository") };
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let bars = times.beats.iter().map(|b| b.bar).max().unwrap_or(0);
    let read = |unfold: Unfold| {
        let options = ImportOptions { unfold, ..ImportOptions::default() };
        read_score(&path.display().to_string(), &bytes, &options)
    };
    let (written, unfolded) = (read(Unfold::AsWritten)?, read(Unfold::Maximal)?);
    let far = |score: &Score| score.measures.len().abs_diff(bars);
    Ok(if far(&unfolded) < far(&written) { (unfolded, "unfolded") } else { (written, "written") })
}

/// Place of each beat in quarters, counted from the start of a full first bar; nothing for a beat
/// that the score does not have.
fn places(score: &Score, times: &Table) -> Vec<Option<f64>> {
    let pickup = score_out::pickup(score);
    let place = |row: &tables::Row| {
        let measure = score.measures.get(row.bar - 1)?;
        let start = if row.bar == 1 { Quarters::ZERO } else { measure.start + pickup };
        let at = start + measure.time.beat_length() * i64::from(row.beat);
        (at < measure.end + pickup).then(|| at.to_f64())
    };
    times.beats.iter().map(place).collect()
}

/// Whether the file has dynamics or words of its own.
fn is_marked(score: &Score) -> bool {
    score.directions.iter().any(|d| matches!(d.kind, DirectionKind::Dynamic(_)))
}

/// Replaces the directions of a score by the set's own markings.
fn mark(score: &mut Score, markings: &[Marking], beats: &[Option<f64>]) {
    let pickup = score_out::pickup(score);
    let direction = |marking: &Marking| {
        let at = beats.get(marking.beat).copied().flatten()?;
        let onset = Quarters::nearest(at, 48) - pickup;
        let (kind, text) = (marking.kind, marking.text.clone());
        Some(Direction { onset, end: None, part: 0, staff: None, kind, text })
    };
    score.directions = markings.iter().filter_map(direction).collect();
    score.directions.sort_by_key(|d| d.onset);
}

/// Words that ask for nothing known, which this set lists as well.
fn plain_words(score: &Score) -> Vec<crate::datasets::container::DirectionRow> {
    let pickup = score_out::pickup(score);
    let words = score.directions.iter().filter(|d| classes::class(d.kind).is_none() && !d.text.is_empty());
    let row = |d: &Direction| {
        let at = (d.onset + pickup).to_f64();
        (at, None, "Direction".to_owned(), Some(d.text.clone()), d.staff)
    };
    words.filter(|d| !matches!(d.kind, DirectionKind::Metronome(_))).map(row).collect()
}
