//! What the network reads of a score: one row of numbers a note.
//!
//! The paper's four (pitch, position, shift, duration; SyMuPe A.2) and what else a pianist reads:
//! voicing, melody neighbours, metre, dynamics, hairpins, tempo marks, articulations, slurs, the
//! place in the piece, keys and voices ([`voices`]), phrases, harmony, what is coming and how the
//! KTH rules would play ([`form`]). All are scaled to about -2..2.

mod form;
mod voices;

use std::ops::Range;

use form::Form;
use notation::{DirectionKind, Grace, Marks, Note, Quarters, Score};
use voices::Voices;

/// Columns of the table; the network's input is as wide.
///
/// New columns come before the last, so that a model that knows fewer can be trained on
/// ([`load_to_train`](super::weights::load_to_train)).
pub const WIDTH: usize = 144;

/// The column that holds pitch, for transposition in training.
pub const PITCH: usize = 0;

/// Semitones for each unit of that column.
pub const PITCH_SCALE: f32 = 20.0;

/// The column that holds how fast the performance is as a whole, which the score does not say:
/// [`set_levels`] fills it in.
pub const LEVEL: usize = WIDTH - 1;

/// The level column for a performance of this mean log2 of seconds per quarter.
pub fn level_feature(level: f64) -> f32 {
    (level + 1.0) as f32
}

/// Fills the level column of a table, each note's own.
pub fn set_levels(table: &mut [f32], level: impl Fn(usize) -> f64) {
    let cells = table.iter_mut().skip(LEVEL).step_by(WIDTH).enumerate();
    cells.for_each(|(note, cell)| *cell = level_feature(level(note)));
}

/// Features of all notes of a score, `[notes, WIDTH]` row by row.
pub fn of(score: &Score) -> Vec<f32> {
    let context = Context::of(score);
    let mut table = Vec::with_capacity(score.notes.len() * WIDTH);
    for (index, note) in score.notes.iter().enumerate() {
        let start = table.len();
        let mut row = Row { values: &mut table, start };
        GROUPS.iter().for_each(|(_, fill)| fill(&mut row, note, index, &context));
        row.finish();
    }
    table
}

/// Fills a group of columns.
type Fill = fn(&mut Row<'_>, &Note, usize, &Context<'_>);

/// What the network reads, group by group, in the order of the columns.
const GROUPS: [(&str, Fill); 16] = [
    ("pitch", |row, note, index, context| pitch_features(row, note, index, context)),
    ("durations", |row, note, _, context| time_features(row, note, context)),
    ("melody", |row, note, index, context| line_features(row, note, index, context)),
    ("metre", |row, note, _, context| metre_features(row, note, context)),
    ("dynamics", |row, note, _, context| dynamic_features(row, note, context)),
    ("tempo", |row, note, _, context| tempo_features(row, note, context)),
    ("marks", |row, note, _, _| mark_features(row, note)),
    ("place", |row, note, _, context| place_features(row, note, context)),
    ("slurs", |row, note, index, context| slur_features(row, note, index, context)),
    ("keys", |row, note, index, context| voices::key_features(row, note, index, context)),
    ("voices", |row, note, index, context| voices::voice_features(row, note, index, context)),
    ("reach", |row, note, index, context| voices::reach_features(row, note, index, context)),
    ("phrases", |row, _, index, context| form::phrase_place_features(row, index, context)),
    ("harmony", |row, _, index, context| form::harmony_features(row, index, context)),
    ("horizon", |row, note, _, context| form::horizon_features(row, note, context)),
    ("rules", |row, _, index, context| form::rule_features(row, index, context)),
];

/// Names of the groups of columns, to leave one out with [`columns`] and [`flatten`].
pub fn groups() -> [&'static str; 16] {
    GROUPS.map(|(name, _)| name)
}

/// The columns of each group, in the order of [`groups`], of a score's table.
pub fn columns(score: &Score) -> Vec<Range<usize>> {
    let Some(note) = score.notes.first() else { return Vec::new() };
    let context = Context::of(score);
    let mut values = Vec::new();
    let filled = GROUPS.iter().map(|(_, fill)| {
        let start = values.len();
        fill(&mut Row { values: &mut values, start: 0 }, note, 0, &context);
        start..values.len()
    });
    filled.collect()
}

/// Makes columns say nothing: each is its mean over the table.
pub fn flatten(table: &mut [f32], columns: Range<usize>) {
    let count = (table.len() / WIDTH).max(1) as f32;
    for column in columns {
        let mean = table.iter().skip(column).step_by(WIDTH).sum::<f32>() / count;
        table.iter_mut().skip(column).step_by(WIDTH).for_each(|cell| *cell = mean);
    }
}

/// A row under construction.
struct Row<'a> {
    values: &'a mut Vec<f32>,
    start: usize,
}

impl Row<'_> {
    fn push(&mut self, value: f64) {
        self.values.push((value as f32).clamp(-4.0, 4.0));
    }

    fn flag(&mut self, value: bool) {
        self.values.push(f32::from(u8::from(value)));
    }

    fn one_hot(&mut self, value: usize, of: usize) {
        (0..of).for_each(|k| self.flag(k == value));
    }

    /// Fills up to the fixed width, so that a new feature does not change the network.
    fn finish(self) {
        debug_assert!(self.values.len() - self.start <= LEVEL, "{} features", self.values.len() - self.start);
        self.values.resize(self.start + WIDTH, 0.0);
    }
}

/// log2 of a length in quarters, with a floor of a 1/64 note.
fn log_length(quarters: f64) -> f64 {
    quarters.max(1.0 / 16.0).log2() / 2.0
}

/// What is computed once a score.
struct Context<'a> {
    score: &'a Score,
    /// Index of each note's onset.
    onset_of: Vec<usize>,
    onsets: Vec<Onset>,
    /// Mean pitch within two quarters of each onset.
    mean_pitch: Vec<f64>,
    /// Notes a quarter within two quarters of each onset.
    density: Vec<f64>,
    /// Distinct onsets of each staff class (0 upper, 1 lower), with the top pitch there.
    lines: [Vec<LinePoint>; 2],
    levels: Vec<(f64, f64)>,
    tempi: Vec<(f64, f64)>,
    /// Mean of the marked tempo over all notes.
    mean_tempo: f64,
    /// First and last onset of the slur over each note.
    slurs: Vec<Option<(f64, f64)>>,
    end: f64,
    voices: Voices,
    form: Form,
}

struct Onset {
    at: f64,
    notes: std::ops::Range<usize>,
    fermata: bool,
    /// Highest and lowest pitch still sounding from before.
    held: Option<(u8, u8)>,
}

#[derive(Clone, Copy)]
struct LinePoint {
    at: f64,
    top: u8,
}

impl<'a> Context<'a> {
    fn of(score: &'a Score) -> Self {
        let groups = score.onset_groups();
        let mut onset_of = vec![0; score.notes.len()];
        let mut onsets = Vec::with_capacity(groups.len());
        let mut sounding: Vec<(Quarters, u8)> = Vec::new();
        for (k, group) in groups.into_iter().enumerate() {
            let at = score.notes[group.start].onset;
            sounding.retain(|(end, _)| *end > at);
            let held = sounding.iter().map(|(_, p)| *p);
            let held = held.clone().max().zip(held.min());
            let mut fermata = false;
            for n in group.clone() {
                onset_of[n] = k;
                fermata |= score.notes[n].marks.contains(Marks::FERMATA);
                sounding.push((score.notes[n].offset(), score.notes[n].pitch));
            }
            onsets.push(Onset { at: at.to_f64(), notes: group, fermata, held });
        }
        let (mean_pitch, density) = surroundings(score, &onsets);
        let lines = [0, 1].map(|staff| line(score, &onsets, staff));
        let levels = dynamic_levels(score);
        let tempi = marked_tempi(score);
        let marked = score.notes.iter().filter_map(|n| mark_at(&tempi, n.onset.to_f64()));
        let (sum, count) = marked.fold((0.0, 0.0), |(s, c), (_, tempo)| (s + tempo, c + 1.0));
        let mean_tempo = sum / f64::max(count, 1.0);
        let slurs = slurs(score);
        let end = score.end().to_f64();
        Self {
            score,
            onset_of,
            onsets,
            mean_pitch,
            density,
            lines,
            levels,
            tempi,
            mean_tempo,
            slurs,
            end,
            voices: Voices::of(score),
            form: Form::of(score),
        }
    }
}

fn staff_class(note: &Note) -> usize {
    usize::from(note.staff > 1)
}

fn line(score: &Score, onsets: &[Onset], staff: usize) -> Vec<LinePoint> {
    let mut line = Vec::new();
    for onset in onsets {
        let pitches = score.notes[onset.notes.clone()].iter().filter(|n| staff_class(n) == staff);
        if let Some(top) = pitches.map(|n| n.pitch).max() {
            line.push(LinePoint { at: onset.at, top });
        }
    }
    line
}

/// Mean pitch and density within two quarters of each onset.
fn surroundings(score: &Score, onsets: &[Onset]) -> (Vec<f64>, Vec<f64>) {
    const REACH: f64 = 2.0;
    let (mut first, mut last) = (0, 0);
    let (mut sum, mut count) = (0.0, 0.0);
    let add = |k: usize| {
        let notes = &score.notes[onsets[k].notes.clone()];
        (notes.iter().map(|n| f64::from(n.pitch)).sum::<f64>(), notes.len() as f64)
    };
    let mut means = Vec::with_capacity(onsets.len());
    let mut densities = Vec::with_capacity(onsets.len());
    for onset in onsets {
        while last < onsets.len() && onsets[last].at <= onset.at + REACH {
            let (s, c) = add(last);
            (sum, count, last) = (sum + s, count + c, last + 1);
        }
        while onsets[first].at < onset.at - REACH {
            let (s, c) = add(first);
            (sum, count, first) = (sum - s, count - c, first + 1);
        }
        means.push(sum / f64::max(count, 1.0));
        densities.push(count / (2.0 * REACH));
    }
    (means, densities)
}

/// Dynamic signs as (quarters, level -1..1).
fn dynamic_levels(score: &Score) -> Vec<(f64, f64)> {
    let signs = score.directions.iter().filter_map(|d| match d.kind {
        DirectionKind::Dynamic(level) => Some((d.onset.to_f64(), (f64::from(level.level()) - 5.5) / 4.5)),
        _ => None,
    });
    signs.collect()
}

/// First and last onset of the slur over each note, voice by voice.
fn slurs(score: &Score) -> Vec<Option<(f64, f64)>> {
    let mut voices = std::collections::BTreeMap::<_, Vec<usize>>::new();
    for (index, note) in score.notes.iter().enumerate() {
        voices.entry((note.part, note.staff, note.voice)).or_default().push(index);
    }
    let mut spans = vec![None; score.notes.len()];
    for voice in voices.values() {
        let at = |index: usize| score.notes[index].onset.to_f64();
        let has = |index: usize, mark: Marks| score.notes[index].marks.intersects(mark);
        let mut start = None;
        for &index in voice {
            if has(index, Marks::SLUR_START) {
                start = Some(at(index));
            }
            spans[index] = start.filter(|_| has(index, Marks::SLURRED)).map(|start| (start, start));
        }
        let mut end = None;
        for &index in voice.iter().rev() {
            if has(index, Marks::SLUR_STOP) {
                end = Some(at(index));
            }
            spans[index] = spans[index].zip(end).map(|((start, _), end)| (start, end));
        }
    }
    spans
}

/// The tempo mark in force. A piece that states its tempo a little after its first note still has
/// it there.
pub(super) fn mark_at(tempi: &[(f64, f64)], at: f64) -> Option<(f64, f64)> {
    let next = tempi.partition_point(|(q, _)| *q <= at);
    next.checked_sub(1).and_then(|k| tempi.get(k)).or(tempi.first()).copied()
}

/// Metronome marks and known tempo words as (quarters, log2 of quarters per minute over 120).
pub(super) fn marked_tempi(score: &Score) -> Vec<(f64, f64)> {
    let marks = score.directions.iter().filter_map(|d| match d.kind {
        DirectionKind::Metronome(bpm) | DirectionKind::Tempo(Some(bpm)) if bpm > 0.0 => {
            Some((d.onset.to_f64(), (bpm / 120.0).log2()))
        }
        _ => None,
    });
    marks.collect()
}

fn pitch_features(row: &mut Row<'_>, note: &Note, index: usize, context: &Context<'_>) {
    let onset = &context.onsets[context.onset_of[index]];
    let chord = &context.score.notes[onset.notes.clone()];
    let pitch = f64::from(note.pitch);
    let top = chord.iter().map(|n| n.pitch).max().unwrap_or(note.pitch);
    let bottom = chord.iter().map(|n| n.pitch).min().unwrap_or(note.pitch);
    let same_staff = || chord.iter().filter(|n| staff_class(n) == staff_class(note));
    let staff_top = same_staff().map(|n| n.pitch).max().unwrap_or(note.pitch);
    let staff_bottom = same_staff().map(|n| n.pitch).min().unwrap_or(note.pitch);
    // Degree above the major tonic of the signature: the same for every transposition.
    let fifths = context.score.key_signature_at(note.onset).fifths;
    let degree = (i32::from(note.pitch) - 7 * i32::from(fifths)).rem_euclid(12);

    row.push((pitch - 64.0) / f64::from(PITCH_SCALE));
    row.one_hot(degree as usize, 12);
    row.flag(note.pitch == top);
    row.flag(note.pitch == bottom);
    row.flag(note.pitch == staff_top);
    row.flag(note.pitch == staff_bottom);
    row.flag(note.pitch == top && onset.held.is_none_or(|(high, _)| note.pitch >= high));
    row.flag(note.pitch == bottom && onset.held.is_none_or(|(_, low)| note.pitch <= low));
    row.push((chord.len() as f64).log2() / 2.0);
    row.push((same_staff().count() as f64).log2() / 2.0);
    row.push(f64::from(top - note.pitch) / 12.0);
    row.push(f64::from(note.pitch - bottom) / 12.0);
    row.push((pitch - context.mean_pitch[context.onset_of[index]]) / 12.0);
    row.flag(staff_class(note) == 0);
}

fn time_features(row: &mut Row<'_>, note: &Note, context: &Context<'_>) {
    let k = context.onsets.partition_point(|o| o.at < note.onset.to_f64());
    let at = context.onsets[k].at;
    let gap = |other: Option<&Onset>| other.map_or(2.0, |o| log_length((o.at - at).abs()));
    row.push(log_length(note.duration.to_f64()));
    row.push(gap(context.onsets.get(k + 1)));
    row.push(gap(context.onsets.get(k + 2)));
    row.push(gap(k.checked_sub(1).map(|p| &context.onsets[p])));
    row.flag(note.grace.is_some());
    row.flag(note.grace == Some(Grace::Acciaccatura));
    row.flag(context.score.notes[context.onsets[k].notes.clone()].iter().any(|n| n.grace.is_some()));
    row.push(context.density[k].max(0.25).log2() / 2.0 - 1.0);
}

/// Where the note stands in the line of its staff.
fn line_features(row: &mut Row<'_>, note: &Note, index: usize, context: &Context<'_>) {
    let line = &context.lines[staff_class(note)];
    let at = context.onsets[context.onset_of[index]].at;
    let here = line.partition_point(|p| p.at < at);
    let before = here.checked_sub(1).map(|k| line[k]);
    let after = line.get(here + 1).copied();
    let interval =
        |point: Option<LinePoint>| point.map_or(0.0, |p| (f64::from(p.top) - f64::from(note.pitch)) / 12.0);
    row.push(interval(before));
    row.push(interval(after));
    row.push(before.map_or(2.0, |p| log_length(at - p.at)));
    row.push(after.map_or(2.0, |p| log_length(p.at - at)));
    // Positive: a rest before the next note of the hand; negative: held over it.
    let rest = after.map_or(1.0, |p| p.at - at - note.duration.to_f64());
    row.push(rest.clamp(-2.0, 2.0));
    let repeated = |point: Option<LinePoint>| point.is_some_and(|p| p.top == note.pitch);
    row.flag(repeated(before));
    row.flag(repeated(after));
}

fn metre_features(row: &mut Row<'_>, note: &Note, context: &Context<'_>) {
    let score = context.score;
    let time = score.time_signature_at(note.onset);
    let bar = score.measures.get(note.measure as usize);
    let position = bar.map_or(0.0, |m| m.position(note.onset, note.measure == 0).to_f64());
    let length = time.measure_length().to_f64().max(0.25);
    let beat = time.beat_length().to_f64();
    let in_bar = (position / length).rem_euclid(1.0);
    let in_beat = (position / beat).rem_euclid(1.0);
    let near = |x: f64| x.min(1.0 - x) < 1e-3;
    for turns in [1.0, 2.0] {
        let angle = std::f64::consts::TAU * in_bar * turns;
        row.push(angle.sin());
        row.push(angle.cos());
    }
    let angle = std::f64::consts::TAU * in_beat;
    row.push(angle.sin());
    row.push(angle.cos());
    row.flag(near(in_bar));
    row.flag(near(in_beat));
    row.flag(near((in_bar * 2.0).rem_euclid(1.0)));
    row.push(length / 4.0 - 1.0);
    row.push(beat - 1.0);
    row.flag(time.beats.is_multiple_of(3));
    for bars in [4.0, 8.0] {
        let angle = std::f64::consts::TAU * f64::from(note.measure) / bars;
        row.push(angle.sin());
        row.push(angle.cos());
    }
}

fn dynamic_features(row: &mut Row<'_>, note: &Note, context: &Context<'_>) {
    let at = note.onset.to_f64();
    let next = context.levels.partition_point(|(q, _)| *q <= at);
    let last = next.checked_sub(1).map(|k| context.levels[k]);
    row.flag(last.is_some());
    row.push(last.map_or(0.0, |(_, level)| level * 2.0));
    row.push(last.map_or(2.0, |(q, _)| log_length(at - q)));
    let coming = context.levels.get(next);
    let now = last.map_or(0.0, |(_, level)| level);
    row.push(coming.map_or(0.0, |(_, level)| (level - now) * 2.0));
    row.push(coming.map_or(2.0, |(q, _)| log_length(q - at)));
    for kind in [DirectionKind::Crescendo, DirectionKind::Diminuendo] {
        let progress = hairpin_progress(context.score, kind, note.onset);
        row.flag(progress.is_some());
        row.push(progress.unwrap_or(0.0));
    }
    let accented = |d: &&notation::Direction| d.kind == DirectionKind::Sforzando && d.onset == note.onset;
    row.flag(directions_before(context.score, note.onset).take(8).any(|d| accented(&d)));
}

/// Directions that start at or before a point, latest first.
fn directions_before(score: &Score, at: Quarters) -> impl Iterator<Item = &notation::Direction> {
    let end = score.directions.partition_point(|d| d.onset <= at);
    score.directions[..end].iter().rev()
}

/// How far through a hairpin of that kind a point is, 0 to 1, if it is in one.
fn hairpin_progress(score: &Score, kind: DirectionKind, at: Quarters) -> Option<f64> {
    let hairpin = directions_before(score, at).take(64).find(|d| d.kind == kind)?;
    let end = hairpin.end?;
    (at <= end && end > hairpin.onset).then(|| (at - hairpin.onset).to_f64() / (end - hairpin.onset).to_f64())
}

fn tempo_features(row: &mut Row<'_>, note: &Note, context: &Context<'_>) {
    let at = note.onset.to_f64();
    let mark = mark_at(&context.tempi, at);
    row.flag(mark.is_some());
    row.push(mark.map_or(0.0, |(_, tempo)| tempo));
    row.push(mark.map_or(2.0, |(q, _)| log_length(at - q)));
    let change = directions_before(context.score, note.onset).find(|d| {
        use DirectionKind::{ATempo, Accelerando, Metronome, Ritardando, Tempo};
        matches!(d.kind, ATempo | Accelerando | Metronome(_) | Ritardando | Tempo(_))
    });
    let since = change.map_or(2.0, |d| log_length(at - d.onset.to_f64()));
    let is = |kind: DirectionKind| change.is_some_and(|d| d.kind == kind);
    row.flag(is(DirectionKind::Ritardando));
    row.flag(is(DirectionKind::Accelerando));
    row.flag(is(DirectionKind::ATempo));
    row.push(since);
    let down = directions_before(context.score, note.onset)
        .take(16)
        .find(|d| d.kind == DirectionKind::SustainPedal)
        .is_some_and(|d| d.end.is_none_or(|end| end > note.onset));
    row.flag(down);
}

fn mark_features(row: &mut Row<'_>, note: &Note) {
    let marks = [
        Marks::STACCATO | Marks::STACCATISSIMO,
        Marks::ACCENT,
        Marks::MARCATO,
        Marks::TENUTO,
        Marks::FERMATA,
        Marks::TRILL,
        Marks::MORDENT | Marks::TURN,
        Marks::ARPEGGIO,
        Marks::TREMOLO,
        Marks::SLUR_START,
        Marks::SLUR_STOP,
        Marks::SLURRED,
    ];
    marks.into_iter().for_each(|mark| row.flag(note.marks.intersects(mark)));
}

fn place_features(row: &mut Row<'_>, note: &Note, context: &Context<'_>) {
    let at = note.onset.to_f64();
    let k = context.onsets.partition_point(|o| o.at < at);
    row.push(if context.end > 0.0 { at / context.end * 2.0 - 1.0 } else { 0.0 });
    row.push(log_length(at) / 2.0);
    row.push(log_length(context.end - at) / 2.0);
    row.flag(k + 1 == context.onsets.len());
    let near = context.onsets[k..].iter().take(4).position(|o| o.fermata);
    row.flag(near == Some(0));
    row.push(near.map_or(0.0, |n| 1.0 - n as f64 / 4.0));
}

/// Where the note stands under its slur, and in the order of sections.
fn slur_features(row: &mut Row<'_>, note: &Note, index: usize, context: &Context<'_>) {
    let at = note.onset.to_f64();
    let slur = context.slurs[index].filter(|(start, end)| end > start);
    row.push(slur.map_or(0.0, |(start, end)| (at - start) / (end - start)));
    row.push(slur.map_or(2.0, |(_, end)| log_length(end - at)));
    row.push(slur.map_or(0.0, |(start, end)| log_length(end - start)));
    let mark = mark_at(&context.tempi, at);
    row.push(mark.map_or(0.0, |(_, tempo)| (tempo - context.mean_tempo) * 2.0));
    row.flag(note.id.pass > 1);
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
