//! `espressivo info`: what a score holds.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use application::text::{counted, shown, shown_message};
use notation::{DirectionKind, KeySignature, Quarters, Score};
use serde::Serialize;

use crate::{input, output};

/// Show what a score holds: parts, bars, metres, keys, tempo marks, warnings
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// The score: MusicXML (.musicxml, .xml, .mxl) or MIDI (.mid)
    pub score: PathBuf,

    /// Count every bar once, without repeats and jumps
    #[arg(long)]
    pub as_written: bool,

    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// Prints the facts.
pub fn run(args: &Args) -> Result<ExitCode> {
    let score = input::read_score_quietly(&args.score, args.as_written)?;
    let facts = Facts { looks: input::looks_played(&args.score), ..Facts::of(args.score.clone(), &score) };
    output::say_result(&facts, args.json, || facts.text())
}

#[derive(Serialize)]
struct Facts {
    #[serde(serialize_with = "output::as_text")]
    file: PathBuf,
    /// What a file looks like that was played, not written, and what to do with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    looks: Option<&'static str>,
    title: Option<String>,
    composer: Option<String>,
    parts: Vec<Part>,
    /// Bars on the page, and in playing order.
    written_measures: usize,
    measures: usize,
    first_measure: Option<String>,
    last_measure: Option<String>,
    notes: usize,
    grace_notes: usize,
    lowest_pitch: Option<u8>,
    highest_pitch: Option<u8>,
    metres: Vec<At>,
    keys: Vec<At>,
    tempo_marks: Vec<At>,
    /// How many directions of each kind.
    directions: BTreeMap<&'static str, usize>,
    length_quarters: f64,
    /// Played literally.
    length_secs: f64,
    warnings: Vec<String>,
}

#[derive(Serialize)]
struct Part {
    id: String,
    name: String,
    staves: u8,
    notes: usize,
}

/// Something that holds from a bar on.
#[derive(Serialize)]
struct At {
    measure: String,
    what: String,
}

impl Facts {
    fn of(file: PathBuf, score: &Score) -> Self {
        let at = |onset: Quarters, what: String| At { measure: measure_at(score, onset), what };
        let mut notes = vec![0; score.parts.len()];
        for note in &score.notes {
            if let Some(count) = notes.get_mut(usize::from(note.part)) {
                *count += 1;
            }
        }
        let parts = score.parts.iter().zip(notes).map(|(part, notes)| Part {
            id: part.id.clone(),
            name: part.name.clone(),
            staves: part.staves,
            notes,
        });
        let first_pass = || score.measures.iter().filter(|m| m.pass == 1);
        let tempo_marks = score.directions.iter().filter_map(|d| Some(at(d.onset, tempo_mark(d)?)));
        let mut directions = BTreeMap::new();
        for direction in &score.directions {
            *directions.entry(kind_name(&direction.kind)).or_insert(0) += 1;
        }
        Self {
            file,
            looks: None,
            title: score.title.clone(),
            composer: score.composer.clone(),
            parts: parts.collect(),
            written_measures: first_pass().count(),
            measures: score.measures.len(),
            first_measure: first_pass().next().map(|m| m.number.clone()),
            last_measure: first_pass().next_back().map(|m| m.number.clone()),
            notes: score.notes.len(),
            grace_notes: score.notes.iter().filter(|n| n.grace.is_some()).count(),
            lowest_pitch: score.notes.iter().map(|n| n.pitch).min(),
            highest_pitch: score.notes.iter().map(|n| n.pitch).max(),
            metres: score
                .time_signatures
                .iter()
                .map(|(onset, t)| at(*onset, format!("{}/{}", t.beats, t.beat_type)))
                .collect(),
            keys: score.key_signatures.iter().map(|(onset, key)| at(*onset, key_name(*key))).collect(),
            tempo_marks: tempo_marks.collect(),
            directions,
            length_quarters: score.end().to_f64(),
            length_secs: performance::deadpan(score).end_secs(),
            warnings: score
                .warnings
                .iter()
                .map(|w| match w.place.to_string() {
                    place if place.is_empty() => w.message.clone(),
                    place => format!("{place}: {}", w.message),
                })
                .collect(),
        }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        let mut line = |label: &str, value: String| {
            if !value.is_empty() {
                text.push_str(&format!("{label:<12}{}\n", shown_message(&value)));
            }
        };
        line("file", self.file.display().to_string());
        line("looks like", self.looks.unwrap_or_default().to_owned());
        line("title", shown(self.title.as_deref().unwrap_or_default()));
        line("composer", shown(self.composer.as_deref().unwrap_or_default()));
        for part in &self.parts {
            let name = if part.name.is_empty() { &part.id } else { &part.name };
            let staves = counted(part.staves.into(), "staff", "staves");
            let notes = counted(part.notes, "note", "notes");
            line("part", format!("{}: {staves}, {notes}", shown(name)));
        }
        let numbers = self.first_measure.iter().zip(&self.last_measure).next();
        let numbers = numbers.map_or(String::new(), |(a, b)| format!(", numbered {a} to {b}"));
        line("bars", format!("{} written{numbers}; {} played", self.written_measures, self.measures));
        let grace = if self.grace_notes > 0 {
            format!(", {} of them grace notes", self.grace_notes)
        } else {
            String::new()
        };
        line("notes", format!("{}{grace}", self.notes));
        if let (Some(low), Some(high)) = (self.lowest_pitch, self.highest_pitch) {
            line("range", format!("{} to {}", pitch_name(low), pitch_name(high)));
        }
        line("metre", list(&self.metres));
        line("key", list(&self.keys));
        line("tempo", list(&self.tempo_marks));
        let directions = self.directions.iter().map(|(kind, count)| counted(*count, singular(kind), kind));
        line("marks", directions.collect::<Vec<_>>().join(", "));
        let length = output::clock(self.length_secs);
        line("length", format!("{length} played literally, {:.0} quarter notes", self.length_quarters));
        for warning in &self.warnings {
            line("warning", warning.clone());
        }
        text
    }
}

/// The first few with the bars where they hold.
fn list(changes: &[At]) -> String {
    const SHOWN: usize = 6;
    let mut shown: Vec<String> = changes
        .iter()
        .take(SHOWN)
        .map(|c| format!("{} (bar {})", shown(&c.what), shown(&c.measure)))
        .collect();
    if changes.len() > SHOWN {
        shown.push(format!("and {} more", changes.len() - SHOWN));
    }
    shown.join(", ")
}

fn measure_at(score: &Score, onset: Quarters) -> String {
    let next = score.measures.partition_point(|m| m.start <= onset);
    score.measures.get(next.saturating_sub(1)).map_or_else(String::new, |m| m.number.clone())
}

fn tempo_mark(direction: &notation::Direction) -> Option<String> {
    let tempo = match direction.kind {
        DirectionKind::Metronome(tempo) => format!("{tempo:.0} quarters a minute"),
        DirectionKind::Tempo(_) | DirectionKind::ATempo => return Some(direction.text.clone()),
        _ => return None,
    };
    Some(if direction.text.is_empty() { tempo } else { format!("{} = {tempo}", direction.text) })
}

fn kind_name(kind: &DirectionKind) -> &'static str {
    match kind {
        DirectionKind::Dynamic(_) => "dynamics",
        DirectionKind::Sforzando => "sforzandi",
        DirectionKind::Crescendo => "crescendi",
        DirectionKind::Diminuendo => "diminuendi",
        DirectionKind::Metronome(_) => "metronome marks",
        DirectionKind::Tempo(_) => "tempo words",
        DirectionKind::Ritardando => "ritardandi",
        DirectionKind::Accelerando => "accelerandi",
        DirectionKind::ATempo => "a tempo",
        DirectionKind::SustainPedal => "pedal marks",
        DirectionKind::SoftPedal => "una corda",
        DirectionKind::Words => "other words",
        DirectionKind::Fermata => "fermatas on rests or bar lines",
    }
}

/// One of a kind.
fn singular(kind: &str) -> &str {
    match kind {
        "sforzandi" => "sforzando",
        "crescendi" => "crescendo",
        "diminuendi" => "diminuendo",
        "ritardandi" => "ritardando",
        "accelerandi" => "accelerando",
        "fermatas on rests or bar lines" => "fermata on a rest or bar line",
        _ => kind.strip_suffix('s').unwrap_or(kind),
    }
}

fn key_name(key: KeySignature) -> String {
    const MAJOR: [&str; 15] =
        ["C♭", "G♭", "D♭", "A♭", "E♭", "B♭", "F", "C", "G", "D", "A", "E", "B", "F♯", "C♯"];
    const MINOR: [&str; 15] =
        ["A♭", "E♭", "B♭", "F", "C", "G", "D", "A", "E", "B", "F♯", "C♯", "G♯", "D♯", "A♯"];
    let (names, mode) = if key.minor { (MINOR, "minor") } else { (MAJOR, "major") };
    let index = usize::try_from(i16::from(key.fifths) + 7).ok();
    index
        .and_then(|k| names.get(k))
        .map_or_else(|| format!("{} fifths, {mode}", key.fifths), |tonic| format!("{tonic} {mode}"))
}

/// Scientific pitch notation: middle C is C4.
fn pitch_name(pitch: u8) -> String {
    const NAMES: [&str; 12] = ["C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B"];
    format!("{}{}", NAMES[usize::from(pitch % 12)], i16::from(pitch / 12) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_pitches_have_their_usual_names() {
        assert_eq!(key_name(KeySignature { fifths: 3, minor: false }), "A major");
        assert_eq!(key_name(KeySignature { fifths: -3, minor: true }), "C minor");
        assert_eq!(key_name(KeySignature { fifths: 9, minor: false }), "9 fifths, major");
        assert_eq!(
            (pitch_name(60), pitch_name(21), pitch_name(108)),
            ("C4".into(), "A0".into(), "C8".into())
        );
    }
}
