//! Taking a version away: MIDI in the ways of [`MidiMode`], and sound.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use application::sounds::{self, SAMPLE_RATE_HZ};
use notation::Score;
use performance::midi::{ExportMode, ExportOptions, export};
use performance::{Pedal, PedalEvent, Performance, PlayedNote};
use protocol::{Bars, MidiMode};
use sound::{Piano, SoundError};

use crate::views::Clocked;

/// A version, or some bars of it, as a Standard MIDI File.
pub fn midi(
    score: &Score,
    played: &Performance,
    bars: Option<Bars>,
    mode: MidiMode,
) -> Result<Vec<u8>, String> {
    let mode = match mode {
        MidiMode::ScoreGrid => ExportMode::ScoreGrid,
        MidiMode::ExactTiming(tempo) => ExportMode::ExactTiming(tempo),
        MidiMode::FixedTempo(tempo) => ExportMode::FixedTempo(tempo),
    };
    let options = ExportOptions { mode, bars, program: 0 };
    export(score, played, &options).map(|exported| exported.bytes).map_err(|error| error.to_string())
}

/// Some bars of a performance, starting with the first of them; the pedals are as they are there.
pub fn excerpt(score: &Score, played: &Performance, bars: &Bars) -> Performance {
    let curve = Clocked::of(score, played).curve;
    let (Some(first), Some(last)) = (score.measures.get(bars.start), score.measures.get(bars.end - 1)) else {
        return Performance::default();
    };
    let wanted = score.notes_in_measures(bars.clone());
    let notes = played.notes.iter().filter(|n| wanted.contains(&(n.note as usize)));
    let notes: Vec<PlayedNote> = notes.copied().collect();
    let earliest = notes.iter().map(|n| n.onset_secs).fold(f64::INFINITY, f64::min);
    let from = curve.secs_at(first.start.to_f64()).min(earliest).max(0.0);
    let latest = notes.iter().map(|n| n.onset_secs + n.duration_secs).fold(from, f64::max);
    let to = curve.secs_at(last.end.to_f64()).max(latest);
    let mut pedals = Vec::new();
    for pedal in [Pedal::Sustain, Pedal::Sostenuto, Pedal::Soft] {
        let mut moves = played.pedals.iter().filter(|p| p.pedal == pedal);
        let before = moves.clone().take_while(|p| p.time_secs < from).last().map_or(0, |p| p.value);
        if before > 0 {
            pedals.push(PedalEvent { time_secs: from, pedal, value: before });
        }
        pedals.extend(moves.by_ref().filter(|p| p.time_secs >= from && p.time_secs <= to));
        if pedals.iter().rev().find(|p| p.pedal == pedal).is_some_and(|p| p.value > 0) {
            pedals.push(PedalEvent { time_secs: to, pedal, value: 0 });
        }
    }
    pedals.sort_by(|a, b| a.time_secs.total_cmp(&b.time_secs));
    Performance {
        notes: notes.into_iter().map(|n| PlayedNote { onset_secs: n.onset_secs - from, ..n }).collect(),
        pedals: pedals.into_iter().map(|p| PedalEvent { time_secs: p.time_secs - from, ..p }).collect(),
    }
}

/// Renders a version, or some bars of it, into a WAV file. Tells how far it is, 0 to 1.
pub fn wav(
    path: &Path,
    score: &Score,
    played: &Performance,
    bars: Option<&Bars>,
    piano: &Piano,
    stop: &AtomicBool,
    mut progress: impl FnMut(f32),
) -> Result<(), SoundError> {
    let part = bars.map(|bars| excerpt(score, played, bars));
    let mut on_progress = |done: f64| {
        progress(done as f32);
        if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let played = part.as_ref().unwrap_or(played);
    sounds::write_wav(path, score, played, piano, SAMPLE_RATE_HZ, &mut on_progress)
}

#[cfg(test)]
#[path = "export_tests.rs"]
mod tests;
