//! The Pianist Transformer's published outputs (arXiv 2512.02652), as performances of our scores.
//!
//! Its score MIDIs are matched with the notes of the scores here by place and pitch, its outputs
//! with its score MIDIs by the order of the notes of each pitch, since it plays every note of a
//! score once. It drops one of two notes of a pitch that start together; so does this.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result};
use notation::Score;
use notation::smf::{self, SmfOptions};
use performance::midi::{MidiNote, read_performance};
use performance::{Performance, PlayedNote};

use super::Judged;

/// Its name in tables.
pub const NAME: &str = "pianist tr., published";

/// Folder of each of its test pieces, by index; pieces without a usable human are not there.
const PIECES: [(usize, &str); 19] = [
    (0, "Bach/Fugue/bwv_854"),
    (1, "Bach/Fugue/bwv_864"),
    (2, "Bach/Italian_concerto"),
    (3, "Bach/Prelude/bwv_885"),
    (4, "Beethoven/Piano_Sonatas/1-1"),
    (5, "Beethoven/Piano_Sonatas/2-1"),
    (6, "Beethoven/Piano_Sonatas/32-1"),
    (7, "Beethoven/Piano_Sonatas/4-1"),
    (8, "Beethoven/Piano_Sonatas/5-1"),
    (9, "Beethoven/Piano_Sonatas/7-1"),
    (10, "Chopin/Etudes_op_25/4"),
    (11, "Chopin/Etudes_op_25/8"),
    (12, "Chopin/Sonata_2/2nd"),
    (13, "Chopin/Sonata_3/4th"),
    (14, "Haydn/Keyboard_Sonatas/48-2"),
    (17, "Liszt/Transcendental_Etudes/10"),
    (19, "Mozart/Piano_Sonatas/12-2"),
    (20, "Mozart/Piano_Sonatas/8-1"),
    (22, "Schumann/Kreisleriana/1"),
];

/// Share of a score's notes that must be found in the peer's score.
const LEAST_MATCHED: f64 = 0.9;

/// How far apart two places may be, in quarters: its score MIDIs take the time of grace notes from
/// the notes around them.
const NEAR_QUARTERS: f64 = 0.13;

/// One of its outputs.
pub struct Matched {
    /// Index into the pieces judged.
    pub piece: usize,
    /// Its notes, as notes of that piece, and its pedal.
    pub performance: Performance,
}

/// Reads the outputs that match a piece.
pub fn load(folder: &Path, pieces: &[Judged<'_>]) -> Result<Vec<Matched>> {
    let mut matched = Vec::new();
    for (index, name) in PIECES {
        let Some(piece) = pieces.iter().position(|p| p.piece.folder == name) else { continue };
        let read = |kind: &str| {
            let path = folder.join(kind).join(format!("{index}.mid"));
            std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
        };
        let written = smf::read(&read("score")?, &SmfOptions { snap: false })?;
        let played = read_performance(&read("performance")?)?;
        let score = &pieces[piece].piece.score;
        let mut performance = transfer(score, &written, &played.notes);
        performance.pedals = played.pedals;
        if performance.notes.len() as f64 >= LEAST_MATCHED * score.notes.len() as f64 {
            matched.push(Matched { piece, performance });
        }
    }
    Ok(matched)
}

/// A note of its score, from the start of the piece, and what it made of it.
struct Rendered<'a> {
    quarters: f64,
    played: &'a MidiNote,
}

/// Its notes by pitch, in order: k-th of a pitch in its score, k-th of it in its output.
fn rendered<'a>(written: &Score, played: &'a [MidiNote]) -> HashMap<u8, Vec<Rendered<'a>>> {
    let mut by_pitch: HashMap<u8, Vec<&MidiNote>> = HashMap::new();
    for note in played {
        by_pitch.entry(note.pitch).or_default().push(note);
    }
    let start = start_of(written);
    let mut out: HashMap<u8, Vec<Rendered>> = HashMap::new();
    let mut last = None;
    for note in &written.notes {
        let here = (note.onset, note.pitch);
        if last.replace(here) == Some(here) {
            continue;
        }
        let line = out.entry(note.pitch).or_default();
        if let Some(played) = by_pitch.get(&note.pitch).and_then(|notes| notes.get(line.len())) {
            line.push(Rendered { quarters: note.onset.to_f64() - start, played });
        }
    }
    out
}

fn start_of(score: &Score) -> f64 {
    score.notes.first().map_or(0.0, |n| n.onset.to_f64())
}

/// Carries the output over to our score: notes of a pitch that are near each other, in order.
fn transfer(score: &Score, written: &Score, played: &[MidiNote]) -> Performance {
    let rendered = rendered(written, played);
    let start = start_of(score);
    let mut next = [0usize; 256];
    let mut performance = Performance::default();
    for (index, note) in score.notes.iter().enumerate() {
        let Some(line) = rendered.get(&note.pitch) else { continue };
        let next = &mut next[usize::from(note.pitch)];
        let here = note.onset.to_f64() - start;
        while line.get(*next).is_some_and(|r| r.quarters < here - NEAR_QUARTERS) {
            *next += 1;
        }
        let Some(found) = line.get(*next).filter(|r| r.quarters <= here + NEAR_QUARTERS) else { continue };
        *next += 1;
        performance.notes.push(PlayedNote {
            note: index as u32,
            onset_secs: found.played.onset_secs,
            duration_secs: found.played.duration_secs,
            velocity: found.played.velocity,
        });
    }
    performance
}
