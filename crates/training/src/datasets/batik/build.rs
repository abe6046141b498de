//! Containers from a checkout.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use notation::{ImportOptions, NoteId, Score, Unfold, read_score};
use performance::midi::{PlayedMidi, read_performance};

use super::match_file::{self, Match};
use super::{beats, movements, order, unfold};
use crate::datasets::checks::{Checks, Verdict};
use crate::datasets::container::{Container, Recording, ScoreEntry};
use crate::datasets::csv;
use crate::datasets::measure;
use crate::datasets::performed::Performed;
use crate::datasets::score_out;

/// Who plays.
const PIANIST: &str = "Roland Batik";

/// The containers, and what is in none of them.
pub struct Built {
    /// `batik`, and `batik_extra` with movements of which too many pitches differ from the score.
    pub containers: [Container<Recording>; 2],
    /// Movements that were left out, and why.
    pub dropped: Vec<(String, String)>,
}

/// Builds both containers; `say` hears the movement that is read.
///
/// # Errors
/// When the folder is no checkout. A movement that cannot be read is left out with its reason.
pub fn build(checkout: &Path, say: &mut dyn FnMut(&str)) -> Result<Built> {
    let mut built = Built { containers: ["batik", "batik_extra"].map(Container::new), dropped: Vec::new() };
    for stem in stems(checkout)? {
        say(&stem);
        let outcome = match movements::excluded(&stem) {
            Some(reason) => Err(format!("excluded: {reason}")),
            None => built.add(checkout, &stem).map_err(|error| format!("{error:#}")),
        };
        if let Err(reason) = outcome {
            built.dropped.push((format!("batik/midi/{stem}.mid"), reason));
        }
    }
    Ok(built)
}

/// Names of the movements, in order.
fn stems(checkout: &Path) -> Result<Vec<String>> {
    let folder = checkout.join("match");
    let files = fs::read_dir(&folder).with_context(|| {
        format!("{} is no checkout of Batik plays Mozart: it has no folder match", checkout.display())
    })?;
    let paths = files.map(|f| Ok(f?.path())).collect::<Result<Vec<PathBuf>>>()?;
    let is_match = |p: &&PathBuf| p.extension().is_some_and(|e| e == "match");
    let stem = |p: &PathBuf| Some(p.file_stem()?.to_string_lossy().into_owned());
    let mut stems: Vec<String> = paths.iter().filter(is_match).filter_map(stem).collect();
    stems.sort();
    ensure!(!stems.is_empty(), "{} holds no match files", folder.display());
    Ok(stems)
}

impl Built {
    fn add(&mut self, checkout: &Path, stem: &str) -> Result<()> {
        let (title, kv) = movements::names(stem).with_context(|| format!("{stem} is no known sonata"))?;
        let path = checkout.join("match").join(format!("{stem}.match"));
        let alignment = match_file::parse(&csv::read_text(&path)?);
        let alignment = alignment.with_context(|| format!("in {}", path.display()))?;
        let score = read_as_played(&checkout.join("scores").join(format!("{stem}.musicxml")), &alignment)?;
        let path = checkout.join("midi").join(format!("{stem}.mid"));
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let midi = read_performance(&bytes).with_context(|| format!("in {}", path.display()))?;
        let named = ScoreEntry {
            composer: "Mozart".to_owned(),
            title,
            kv: Some(kv),
            folder: format!("batik/{stem}"),
            ..ScoreEntry::default()
        };
        self.place(&score, named, performed(&score, &alignment, &midi), &midi, stem)
    }

    fn place(
        &mut self,
        score: &Score,
        named: ScoreEntry,
        mut performed: Performed,
        midi: &PlayedMidi,
        stem: &str,
    ) -> Result<()> {
        let measured = measure::measure(&mut performed, &measure::score_notes(score));
        performed.beats = beats::derive(score, &performed);
        let without_pitch = Checks { other_pitch: 0.0, ..measured.checks };
        let container = match (measured.checks.verdict(), without_pitch.verdict()) {
            (Verdict::Good, _) => &mut self.containers[0],
            (_, Verdict::Good) => &mut self.containers[1],
            (Verdict::Poor(reason), _) => anyhow::bail!(reason),
            (Verdict::Fair, _) => anyhow::bail!("deletions>10%"),
        };
        let id = container.scores.len();
        container.scores.push(score_out::write(score, ScoreEntry { id, ..named }, &mut container.columns));
        let named = Recording {
            score: id,
            midi: format!("batik/midi/{stem}.mid"),
            robust: true,
            performer: Some(PIANIST.to_owned()),
            ..Recording::default()
        };
        let mut recording = measure::write(&performed, &measured, named, &mut container.columns);
        recording.checks.extend(against_midi(&performed, midi));
        container.performances.push(recording);
        Ok(())
    }
}

/// Reads a score and unfolds it to what the alignment says was played.
fn read_as_played(path: &Path, alignment: &Match) -> Result<Score> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let options = ImportOptions { unfold: Unfold::AsWritten, ..ImportOptions::default() };
    let page = read_score(&path.display().to_string(), &bytes, &options)?;
    let notes: Vec<_> = alignment.notes.iter().map(|(note, _)| *note).collect();
    let runs = order::runs(&page, &notes);
    ensure!(!runs.is_empty(), "{} has no note of the alignment", path.display());
    Ok(unfold::unfold(&page, &runs))
}

/// Notes and keys of the alignment, pedals of the MIDI file.
fn performed(score: &Score, alignment: &Match, midi: &PlayedMidi) -> Performed {
    let rows: HashMap<NoteId, usize> = score.notes.iter().enumerate().map(|(k, n)| (n.id, k)).collect();
    let mut performed = Performed { pedals: midi.pedals.clone(), ..Performed::default() };
    let mut taken = vec![false; score.notes.len()];
    for (note, key) in &alignment.notes {
        match (rows.get(&note.id), key) {
            (_, None) => performed.faults.deletions += 1,
            (None, Some(_)) => performed.faults.id_missing += 1,
            (Some(row), Some(_)) if taken[*row] => performed.faults.duplicate += 1,
            (Some(row), Some(key)) => {
                taken[*row] = true;
                performed.aligned.push((*row, *key));
            }
        }
    }
    performed.extra.clone_from(&alignment.extra);
    performed.extra.sort_by(|a, b| a.onset_secs.total_cmp(&b.onset_secs).then(a.pitch.cmp(&b.pitch)));
    performed
}

/// How far the alignment's keys are those of the MIDI file: their number, and how many have another
/// velocity or duration there.
fn against_midi(performed: &Performed, midi: &PlayedMidi) -> [(String, f64); 3] {
    let keys = performed.aligned.iter().map(|(_, key)| key).chain(&performed.extra);
    let place = |pitch: u8, secs: f64| (pitch, (secs * 1000.0).round() as i64);
    let by_place: HashMap<_, _> = midi.notes.iter().map(|n| (place(n.pitch, n.onset_secs), n)).collect();
    let (mut velocities, mut durations) = (0, 0);
    for key in keys {
        let near = |ms: i64| {
            let (pitch, at) = place(key.pitch, key.onset_secs);
            by_place.get(&(pitch, at + ms))
        };
        let Some(note) = [0, 1, -1].into_iter().find_map(near) else { continue };
        velocities += usize::from(note.velocity != key.velocity);
        durations += usize::from((note.duration_secs - key.duration_secs).abs() > 2e-3);
    }
    let counts =
        [("midi_notes", midi.notes.len()), ("midi_vel_diff", velocities), ("midi_dur_diff", durations)];
    counts.map(|(name, count)| (name.to_owned(), count as f64))
}
