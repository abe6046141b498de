//! What was found, as it is printed as JSON.

use std::path::PathBuf;

use alignment::bars::{self, Figures};
use alignment::{Alignment, Role};
use application::Recording;
use notation::{KeySignature, Pass, Quarters, Repeats, Score};
use performance::midi::MidiNote;
use serde::Serialize;

use super::places::{self, Place};
use crate::output;

/// Places in a quarter that are told apart where a key is looked up.
const PLACES: i64 = 96;

/// The files that were named.
#[derive(Debug, Serialize)]
pub struct Files {
    #[serde(serialize_with = "output::as_text")]
    pub score: PathBuf,
    #[serde(serialize_with = "output::as_text")]
    pub recording: PathBuf,
    #[serde(serialize_with = "output::as_text_if_any")]
    pub take: Option<PathBuf>,
}

/// What was found. The fields are explained in cli/README.md.
#[derive(Debug, Serialize)]
pub struct Found {
    #[serde(flatten)]
    pub files: Files,
    pub title: Option<String>,
    pub transposition: i8,
    pub keys: usize,
    pub right: usize,
    pub ornaments: usize,
    pub path: Vec<Run>,
    pub repeats_left_out: Vec<String>,
    pub unplayed: Option<String>,
    pub wrong: Vec<Wrong>,
    pub missed: Vec<Missed>,
    pub extra: Vec<Extra>,
    pub hesitations: Vec<Wait>,
    pub bars: Vec<Bar>,
    pub pairs: Vec<Pair>,
}

/// Bars that were played one after the other.
#[derive(Debug, Serialize)]
pub struct Run {
    pub stretch: u32,
    pub bars: String,
    pub from_secs: f64,
    pub to_secs: f64,
}

/// A key in place of another one.
#[derive(Debug, Serialize)]
pub struct Wrong {
    pub key: u32,
    pub secs: f64,
    pub pitch: u8,
    pub note: String,
    pub written_pitch: u8,
    /// The key that the piece is in there, for the names of pitches.
    #[serde(skip)]
    pub signature: KeySignature,
    #[serde(flatten)]
    pub place: Place,
}

/// A note that was not played.
#[derive(Debug, Serialize)]
pub struct Missed {
    pub note: String,
    pub written_pitch: u8,
    #[serde(skip)]
    pub signature: KeySignature,
    #[serde(flatten)]
    pub place: Place,
    pub expected_secs: f64,
}

/// A key that belongs to no note.
#[derive(Debug, Serialize)]
pub struct Extra {
    pub key: u32,
    pub secs: f64,
    pub pitch: u8,
    #[serde(skip)]
    pub signature: KeySignature,
    pub bar: Option<String>,
}

/// A hesitation.
#[derive(Debug, Serialize)]
pub struct Wait {
    #[serde(flatten)]
    pub place: Place,
    pub from_secs: f64,
    pub to_secs: f64,
    pub excess_secs: f64,
}

/// One time of playing a bar.
#[derive(Debug, Serialize)]
pub struct Bar {
    pub bar: String,
    pub pass: u8,
    pub stretch: u32,
    pub from_secs: f64,
    pub to_secs: f64,
    pub right: u32,
    pub wrong: u32,
    pub missed: u32,
    pub extra: u32,
    pub ornaments: u32,
    pub hesitations: u32,
    pub beats_a_minute: Option<f64>,
}

/// A key and the note that it was struck for.
#[derive(Debug, Serialize)]
pub struct Pair {
    pub key: usize,
    pub secs: f64,
    pub pitch: u8,
    pub kind: &'static str,
    pub note: String,
    #[serde(flatten)]
    pub place: Place,
    pub stretch: Option<usize>,
}

impl Found {
    /// What a recording, whose keys are given as they were heard, is of a score.
    pub fn of(files: Files, asked: &Score, recording: &Recording, heard: &[MidiNote]) -> Self {
        let score = recording.plays(asked);
        let Recording { alignment, figures, .. } = recording;
        let is_ornament = |role: &&Role| matches!(role, Role::Ornament(_));
        Self {
            files,
            title: asked.title.clone(),
            transposition: alignment.transposition,
            keys: heard.len(),
            right: alignment.matched(),
            ornaments: alignment.roles.iter().filter(is_ornament).count(),
            path: runs(score, figures),
            repeats_left_out: left_out(asked, recording),
            unplayed: recording.unplayed_bars(score),
            wrong: wrong(score, figures),
            missed: missed(score, figures),
            extra: extra(score, figures),
            hesitations: hesitations(score, figures),
            bars: all_bars(score, figures),
            pairs: pairs(score, alignment, heard),
        }
    }
}

fn runs(score: &Score, figures: &Figures) -> Vec<Run> {
    let mut played = figures.bars.iter();
    let run = |run: bars::Run| {
        let mut own = played.by_ref().take(run.measures.len());
        let first = own.next();
        let last = own.last().or(first);
        Run {
            stretch: run.stretch,
            bars: places::bars(score, &run.measures),
            from_secs: first.map_or(0.0, |bar| bar.secs.start),
            to_secs: last.map_or(0.0, |bar| bar.secs.end),
        }
    };
    bars::path(score, figures).into_iter().map(run).collect()
}

/// The repeats of the score that were not taken, by the bars that would have come again.
fn left_out(asked: &Score, recording: &Recording) -> Vec<String> {
    let Some(plays) = &recording.score else { return Vec::new() };
    let times = |score: &Score, written: u32| score.measures.iter().filter(|m| m.written == written).count();
    let passes = Repeats::of(asked).passes;
    let place = |pass: &Pass| asked.measures[pass.measures.start].written;
    let mut left_out = Vec::new();
    for (k, pass) in passes.iter().enumerate() {
        // Of several times of playing a passage it does not matter which of them are left out.
        let before = passes[..k].iter().filter(|other| place(other) == place(pass)).count();
        if before + times(plays, place(pass)) < times(asked, place(pass)) {
            left_out.push(places::bars(asked, &pass.measures));
        }
    }
    left_out
}

fn wrong(score: &Score, figures: &Figures) -> Vec<Wrong> {
    let wrong = |wrong: &bars::WrongKey| {
        let note = &score.notes[wrong.note as usize];
        Wrong {
            key: wrong.key,
            secs: wrong.secs,
            pitch: wrong.pitch,
            note: note.id.to_string(),
            written_pitch: note.pitch,
            signature: score.key_signature_at(note.onset),
            place: Place::of_note(score, note),
        }
    };
    figures.wrong.iter().map(wrong).collect()
}

fn missed(score: &Score, figures: &Figures) -> Vec<Missed> {
    let missed = |missed: &bars::MissedNote| {
        let note = &score.notes[missed.note as usize];
        Missed {
            note: note.id.to_string(),
            written_pitch: note.pitch,
            signature: score.key_signature_at(note.onset),
            place: Place::of_note(score, note),
            expected_secs: missed.expected_secs,
        }
    };
    figures.missed.iter().map(missed).collect()
}

fn extra(score: &Score, figures: &Figures) -> Vec<Extra> {
    let number = |measure: u32| score.measures.get(measure as usize).map(|measure| measure.number.clone());
    let place = |quarters: f64| Quarters::nearest(quarters, PLACES);
    let extra = |extra: &bars::ExtraKey| Extra {
        key: extra.key,
        secs: extra.secs,
        pitch: extra.pitch,
        signature: score.key_signature_at(extra.quarters.map_or(Quarters::ZERO, place)),
        bar: extra.measure.and_then(number),
    };
    figures.extra.iter().map(extra).collect()
}

fn hesitations(score: &Score, figures: &Figures) -> Vec<Wait> {
    let wait = |wait: &bars::Hesitation| Wait {
        place: Place::of(score, wait.measure, wait.before),
        from_secs: wait.from_secs,
        to_secs: wait.to_secs,
        excess_secs: wait.excess_secs,
    };
    figures.hesitations.iter().map(wait).collect()
}

fn all_bars(score: &Score, figures: &Figures) -> Vec<Bar> {
    let bar = |bar: &bars::PlayedBar| {
        let measure = score.measures.get(bar.measure as usize);
        Bar {
            bar: measure.map(|measure| measure.number.clone()).unwrap_or_default(),
            pass: measure.map_or(1, |measure| measure.pass),
            stretch: bar.stretch,
            from_secs: bar.secs.start,
            to_secs: bar.secs.end,
            right: bar.right,
            wrong: bar.wrong,
            missed: bar.missed,
            extra: bar.extra,
            ornaments: bar.ornaments,
            hesitations: bar.hesitations,
            beats_a_minute: bar.beats_a_minute,
        }
    };
    figures.bars.iter().map(bar).collect()
}

fn pairs(score: &Score, alignment: &Alignment, heard: &[MidiNote]) -> Vec<Pair> {
    let pair = |(key, (role, struck)): (usize, (&Role, &MidiNote))| {
        let kind = match role {
            Role::Note(_) => "note",
            Role::Wrong(_) => "wrong",
            Role::Ornament(_) => "ornament",
            Role::Extra => return None,
        };
        let note = &score.notes[role.note()? as usize];
        Some(Pair {
            key,
            secs: struck.onset_secs,
            pitch: struck.pitch,
            kind,
            note: note.id.to_string(),
            place: Place::of_note(score, note),
            stretch: alignment.stretches.iter().position(|stretch| stretch.keys.contains(&key)),
        })
    };
    alignment.roles.iter().zip(heard).enumerate().filter_map(pair).collect()
}
