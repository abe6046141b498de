//! What the network learns of a performance: one row of numbers a note, and back.
//!
//! The values are those of the performance codec (partitura's, systems F.3) rather than the
//! sequential time shifts of the paper: tempo has a channel of its own at two time scales, so that
//! the written rhythm does not drown it and errors do not add up over a piece.

use std::ops::Range;

use notation::Score;
use performance::metrics::{self, Figure, Figures, NoteFlags};
use performance::pedal::PedalCurve;
use performance::{Pedal, PedalEvent, Performance, PlayedNote, SHORTEST_PRESS_SECS};

/// Columns of the table.
pub const WIDTH: usize = 9;

/// MIDI velocity.
pub const VELOCITY: usize = 0;
/// log2 of seconds per quarter, the least-squares slope over two quarters either way. What the
/// network learns is how it departs from the [`Values::log_beat_period`] of the performance.
pub const QUARTER_TEMPO: usize = 1;
/// log2 of seconds per quarter up to the next onset, less [`QUARTER_TEMPO`].
pub const ONSET_TEMPO: usize = 2;
/// Seconds from the mean onset of the chord, compressed by [`compress`].
pub const CHORD: usize = 3;
/// log2 of played over nominal duration at the quarter tempo; of a grace note, over 0.1 s.
pub const ARTICULATION: usize = 4;
/// Sustain pedal, 0 up to 1 down, at 0, 1/4, 1/2 and 3/4 of the way to the next onset.
pub const PEDAL: Range<usize> = 5..9;

/// Columns that belong to an onset: the same for all its notes.
pub fn shared_columns() -> impl Iterator<Item = usize> {
    [QUARTER_TEMPO, ONSET_TEMPO].into_iter().chain(PEDAL)
}

/// Nominal duration of a grace note, in seconds.
const NOMINAL_GRACE_SECS: f64 = 0.1;

/// Onset deviations are linear up to about this many seconds and logarithmic beyond.
const CHORD_SCALE_SECS: f64 = 0.02;

/// Values of a performance: `[notes, WIDTH]` row by row, NaN where missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Values(pub Vec<f32>);

impl Values {
    /// One value.
    pub fn get(&self, note: usize, column: usize) -> f64 {
        f64::from(self.0[note * WIDTH + column])
    }

    /// Mean of the quarter tempo over all notes that have one: how fast the performance is as a
    /// whole.
    ///
    /// Pieces differ far more in this than a piece does within itself. Left in, it would be most of
    /// what the network is praised for, and rubato a detail.
    pub fn log_beat_period(&self) -> Option<f64> {
        let known = self.0.iter().skip(QUARTER_TEMPO).step_by(WIDTH).filter(|v| v.is_finite());
        let (sum, count) = known.fold((0.0, 0.0), |(s, c), v| (s + f64::from(*v), c + 1.0));
        (count > 0.0).then(|| sum / count)
    }

    /// Makes the whole performance slower by `log2_period`.
    pub fn shift_log_beat_period(&mut self, log2_period: f64) {
        for value in self.0.iter_mut().skip(QUARTER_TEMPO).step_by(WIDTH) {
            *value += log2_period as f32;
        }
    }
}

/// Logarithmic beyond about 20 ms, so that a few wide arpeggios do not rule the scale.
fn compress(secs: f64) -> f64 {
    secs.signum() * (secs.abs() / CHORD_SCALE_SECS).ln_1p()
}

fn expand(value: f64) -> f64 {
    value.signum() * value.abs().min(3.5).exp_m1() * CHORD_SCALE_SECS
}

/// Reads the values off a performance. `flags` go by played note, parallel to `played.notes`.
pub fn encode(score: &Score, played: &Performance, flags: Option<&[NoteFlags]>) -> Values {
    let figures = Figures::of(score, played, flags);
    let groups = score.onset_groups();
    let played_at = metrics::usable_notes(score, played, flags);
    let onsets = mean_onsets(score, &groups, &played_at);
    let pedal = PedalCurve::of(played);
    let mut table = vec![f32::NAN; score.notes.len() * WIDTH];
    for (k, group) in groups.iter().enumerate() {
        let quarter = figures.get(Figure::QuarterTempo)[k];
        let onset = figures.get(Figure::Tempo)[k];
        let next = onsets[k + 1..].iter().copied().find(|t| t.is_finite());
        let gap = next.map_or(1.0, |t| (t - onsets[k]).max(0.0));
        for n in group.clone() {
            let row = &mut table[n * WIDTH..(n + 1) * WIDTH];
            row[QUARTER_TEMPO] = quarter as f32;
            row[ONSET_TEMPO] = (onset - quarter) as f32;
            for (j, column) in PEDAL.enumerate() {
                row[column] = pedal.at(onsets[k] + gap * j as f64 / 4.0) as f32;
            }
            let Some((note, duration_known)) = played_at[n] else { continue };
            row[VELOCITY] = f32::from(note.velocity);
            if score.notes[n].grace.is_some() {
                row[CHORD] = compress((note.onset_secs - onsets[k]).clamp(-0.5, 0.5)) as f32;
                if duration_known {
                    row[ARTICULATION] =
                        (note.duration_secs.max(SHORTEST_PRESS_SECS) / NOMINAL_GRACE_SECS).log2() as f32;
                }
            } else {
                row[CHORD] = compress(figures.get(Figure::Chord)[n].clamp(-0.5, 0.5)) as f32;
                row[ARTICULATION] = figures.get(Figure::Articulation)[n] as f32;
            }
        }
    }
    Values(table)
}

/// Mean onset in seconds of the notes at each distinct onset, grace notes excepted.
fn mean_onsets(score: &Score, groups: &[Range<usize>], played: &[Option<(&PlayedNote, bool)>]) -> Vec<f64> {
    let mean = |group: &Range<usize>| {
        let main = group.clone().filter(|n| score.notes[*n].grace.is_none()).filter_map(|n| played[n]);
        let (sum, count) = main.fold((0.0, 0.0), |(s, c), (note, _)| (s + note.onset_secs, c + 1.0));
        sum / count
    };
    groups.iter().map(mean).collect()
}

/// Plays values: a performance of the notes `notes` (ascending) that starts at `start_secs`.
///
/// Values that belong to an onset (tempo, pedal) are the mean over its notes.
pub fn decode(score: &Score, values: &Values, notes: &[u32], start_secs: f64) -> Performance {
    let groups = grouped(score, notes);
    let mean = |group: &[u32], column: usize| {
        group.iter().map(|n| values.get(*n as usize, column)).sum::<f64>() / group.len() as f64
    };
    let mut played = Performance::default();
    let mut now = start_secs;
    for (k, group) in groups.iter().enumerate() {
        let at = score.notes[group[0] as usize].onset;
        let quarter = mean(group, QUARTER_TEMPO).clamp(-4.0, 4.0);
        let onset = (quarter + mean(group, ONSET_TEMPO)).clamp(-6.0, 6.0);
        let next = groups.get(k + 1).map(|g| score.notes[g[0] as usize].onset);
        let longest = group.iter().map(|n| score.notes[*n as usize].duration).max();
        let length = next.map_or(longest.unwrap_or_default(), |next| next - at).to_f64();
        let gap = (length * onset.exp2()).max(SHORTEST_PRESS_SECS);
        let period = quarter.exp2();
        play_chord(score, values, group, now, period, &mut played.notes);
        for (j, column) in PEDAL.enumerate() {
            let value = (mean(group, column) * 127.0).round().clamp(0.0, 127.0) as u8;
            let time_secs = now + gap * j as f64 / 4.0;
            push_pedal(&mut played.pedals, time_secs, value);
        }
        now += gap;
    }
    played.notes.sort_by_key(|n| n.note);
    if played.pedals.last().is_some_and(|p| p.value > 0) {
        push_pedal(&mut played.pedals, now, 0);
    }
    release_before_repeats(score, &mut played);
    played
}

fn grouped<'a>(score: &Score, notes: &'a [u32]) -> Vec<&'a [u32]> {
    notes.chunk_by(|a, b| score.notes[*a as usize].onset == score.notes[*b as usize].onset).collect()
}

fn play_chord(
    score: &Score,
    values: &Values,
    group: &[u32],
    now: f64,
    period: f64,
    out: &mut Vec<PlayedNote>,
) {
    let main = || group.iter().filter(|n| score.notes[**n as usize].grace.is_none());
    let offset = |n: u32| expand(values.get(n as usize, CHORD));
    // The curve runs through the mean of the chord, so its deviations must have none.
    let (sum, count) = main().fold((0.0, 0.0), |(s, c), n| (s + offset(*n), c + 1.0));
    let mean = if count > 0.0 { sum / count } else { 0.0 };
    for &n in group {
        let note = &score.notes[n as usize];
        let single = note.grace.is_none() && count < 2.0;
        let shift = match () {
            () if single => 0.0,
            () if note.grace.is_some() => offset(n),
            () => offset(n) - mean,
        };
        let nominal = if note.grace.is_some() { NOMINAL_GRACE_SECS } else { note.duration.to_f64() * period };
        let articulation = values.get(n as usize, ARTICULATION).clamp(-6.0, 4.0);
        out.push(PlayedNote {
            note: n,
            onset_secs: (now + shift).max(0.0),
            duration_secs: (nominal * articulation.exp2()).max(SHORTEST_PRESS_SECS),
            velocity: values.get(n as usize, VELOCITY).round().clamp(1.0, 127.0) as u8,
        });
    }
}

/// Adds a pedal movement if it moves the pedal.
fn push_pedal(pedals: &mut Vec<PedalEvent>, time_secs: f64, value: u8) {
    if pedals.last().map_or(0, |p| p.value) != value {
        pedals.push(PedalEvent { time_secs, pedal: Pedal::Sustain, value });
    }
}

/// A key must be up before it can go down again: shortens notes that run into the next of their
/// pitch.
fn release_before_repeats(score: &Score, played: &mut Performance) {
    const LIFT_SECS: f64 = 0.02;
    let mut order: Vec<usize> = (0..played.notes.len()).collect();
    order.sort_by(|a, b| played.notes[*b].onset_secs.total_cmp(&played.notes[*a].onset_secs));
    let mut next_of = [f64::INFINITY; 128];
    for k in order {
        let note = &mut played.notes[k];
        let pitch = usize::from(score.notes[note.note as usize].pitch & 127);
        let room = next_of[pitch] - note.onset_secs - LIFT_SECS;
        note.duration_secs = note.duration_secs.min(room).max(SHORTEST_PRESS_SECS.min(note.duration_secs));
        next_of[pitch] = note.onset_secs;
    }
}
