//! A performance as a MIDI file that a sequencer opens.

use notation::Score;

use super::chosen::{chosen, first_bar_name, first_onset};
use super::conductor::Conductor;
use super::grid::{TICKS_PER_QUARTER, Tempo, is_performed, on_grid};
use super::layout::Layout;
use super::options::{ExportError, ExportMode, ExportOptions, Exported};
use super::tracks::Sheet;
use crate::codec::{self, Coded};
use crate::steady;
use crate::tempo_map::{DEFAULT_MICROS_PER_QUARTER, TempoMap};
use crate::{BeatCurve, Performance};

/// Tempi that sequencers take for a whole session.
const SESSION_TEMPI: std::ops::RangeInclusive<f64> = 20.0..=999.0;

/// Writes a performance as a Standard MIDI File of format 1: a conductor track with tempo, metre,
/// key and a marker at the first bar, then a track for each hand.
pub fn export(score: &Score, played: &Performance, options: &ExportOptions) -> Result<Exported, ExportError> {
    let coded = codec::encode(score, played);
    // Somebody who keeps the tempo.
    let beat = steady::beat(score, played).filter(|beat| beat.is_swung || is_performed(played));
    let steady = beat.map(|beat| beat.curve);
    match options.mode {
        ExportMode::ScoreGrid => {
            let curve = steady.unwrap_or_else(|| coded.curve());
            on_grid(score, played, &curve, options, &Tempo::OfThePlayer)
        }
        ExportMode::FixedTempo(tempo) => {
            let micros = micros_per_quarter(tempo);
            let coded = steady.map_or(coded, |curve| on_beat(score, played, &curve, micros));
            let fixed = at_one_tempo(score, coded, micros);
            let played = codec::decode(score, &fixed);
            on_grid(score, &played, &fixed.curve(), options, &Tempo::Fixed(micros))
        }
        ExportMode::ExactTiming(tempo) => exact(score, played, &coded.curve(), options, tempo),
    }
}

/// A performance that keeps its tempo, each note as far from a steady beat as it is played. That is a share of the
/// beat: at another tempo it is more or less time.
fn on_beat(score: &Score, played: &Performance, curve: &BeatCurve, micros: u32) -> Coded {
    let mut coded = codec::encode_on(score, played, curve);
    for note in &mut coded.notes {
        let written = &score.notes[note.note as usize];
        if written.grace.is_none() {
            let period_secs = curve.period_secs_at(written.onset.to_f64());
            note.timing_secs *= f64::from(micros) * 1e-6 / period_secs;
        }
    }
    coded
}

/// The performance without its tempo curve: every onset on its tick of the grid, at so many
/// microseconds a quarter.
fn at_one_tempo(score: &Score, mut coded: Coded, micros: u32) -> Coded {
    let layout = Layout::new(score, None, TICKS_PER_QUARTER, 0.0);
    let quarter_secs = f64::from(micros) * 1e-6;
    for k in 0..coded.onsets.len() {
        let drawn = coded.onsets.get(k + 1).map_or(1.0, |next| {
            let at = coded.onsets[k].at;
            let ticks = layout.tick(next.at).saturating_sub(layout.tick(at));
            // Longer or shorter than written only in a bar of a length that no metre has.
            ticks as f64 / f64::from(TICKS_PER_QUARTER) / (next.at - at).to_f64()
        });
        coded.onsets[k].beat_period_secs = quarter_secs * drawn;
    }
    coded
}

fn exact(
    score: &Score,
    played: &Performance,
    curve: &BeatCurve,
    options: &ExportOptions,
    tempo: f64,
) -> Result<Exported, ExportError> {
    let notes = chosen(score, played, options)?;
    let micros = micros_per_quarter(tempo);
    // Slow tempi need finer ticks: half a tick must stay well below a millisecond.
    let ticks_per_quarter = TICKS_PER_QUARTER * micros.div_ceil(DEFAULT_MICROS_PER_QUARTER);
    let map = TempoMap::new(ticks_per_quarter, [(0, micros)]);
    let layout = Layout::new(score, options.bars.clone(), ticks_per_quarter, 0.0);
    // A whole piece keeps its clock; a selection starts with its first bar.
    let start_secs = if options.bars.is_some() { curve.secs_at(layout.start().to_f64()) } else { 0.0 };
    let zero_secs = start_secs.min(first_onset(&notes));
    let first_bar_tick = map.tick_at(curve.secs_at(layout.start().to_f64()) - zero_secs);
    let opening = layout.metres().first().map(|(_, time)| (0, *time));
    let conductor = Conductor {
        title: score.title.as_deref(),
        map: &map,
        metres: opening.into_iter().collect(),
        keys: vec![(0, score.key_signature_at(layout.start()))],
        markers: vec![(first_bar_tick, first_bar_name(score, options))],
        is_performed: is_performed(played),
        end_tick: 0,
    };
    let bytes = Sheet::of(score, &notes, played, zero_secs, options).write(&conductor)?;
    Ok(Exported { bytes, offset_secs: -zero_secs, first_bar_tick, left_out: 0 })
}

/// A session's tempo as a file stores it, in whole microseconds a quarter.
pub(super) fn micros_per_quarter(quarters_per_minute: f64) -> u32 {
    if quarters_per_minute.is_nan() {
        return DEFAULT_MICROS_PER_QUARTER;
    }
    (60e6 / quarters_per_minute.clamp(*SESSION_TEMPI.start(), *SESSION_TEMPI.end())).round() as u32
}
