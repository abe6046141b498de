//! A performance as a MIDI file that a sequencer opens.

use std::ops::Range;

use notation::{DirectionKind, Quarters, Score};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::layout::Layout;
use super::regrid::TakeGrid;
use super::tracks::{Conductor, Sheet};
use crate::codec::{self, Coded};
use crate::tempo_map::{DEFAULT_MICROS_PER_QUARTER, TempoMap};
use crate::{BeatCurve, Performance, PlayedNote};

/// Ticks in a quarter wherever that is fine enough.
const TICKS_PER_QUARTER: u32 = 480;

/// Tempi that sequencers take for a whole session.
const SESSION_TEMPI: std::ops::RangeInclusive<f64> = 20.0..=999.0;

/// A tempo is kept for as long as bars and beats are this near to the pianist's: no ear and no
/// sequencer knows the difference, and music at one tempo has one tempo event.
const TEMPO_SLACK_SECS: f64 = 0.0005;

/// A first chord that is struck this far ahead of its middle still opens the first bar.
const WIDEST_SPREAD_SECS: f64 = 0.5;

/// What comes less than this before the first bar of a fixed tempo is written at its start.
const LEAST_EARLY_SECS: f64 = 0.03;

/// How time is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum ExportMode {
    /// The bars of the score are those of the sequencer: a tempo map with a change at each beat
    /// follows the pianist, and each note stands where its moment falls in that map.
    #[default]
    ScoreGrid,
    /// One constant tempo in quarters per minute, every note at its moment; for dropping into a
    /// session whose tempo must not change.
    ExactTiming(f64),
    /// One constant tempo, bars on the grid: of the timing only what sets notes apart from the
    /// tempo curve is kept. For music that must stay at its tempo.
    FixedTempo(f64),
}

/// What to write and how.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ExportOptions {
    /// How time is written.
    pub mode: ExportMode,
    /// Measures to write, as a range of indices into [`Score::measures`]; all if none.
    pub bars: Option<Range<usize>>,
    /// General MIDI program, 0 for the grand piano.
    pub program: u8,
}

/// A MIDI file.
#[derive(Clone, Debug, PartialEq)]
pub struct Exported {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What to add to a time of the performance to get the time in the file.
    pub offset_secs: f64,
    /// The tick where the first bar starts.
    pub first_bar_tick: u64,
}

/// Why a performance could not be written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ExportError {
    /// There is nothing to write.
    #[error("there are no played notes to export; choose bars that have some")]
    Empty,
    /// A gap that no MIDI file can hold.
    #[error("the performance has a pause of more than {0} ticks, the longest that a MIDI file can hold")]
    Pause(u32),
}

/// Writes a performance as a Standard MIDI File of format 1: a conductor track with tempo, metre,
/// key and a marker at the first bar, then a track for each hand.
pub fn export(score: &Score, played: &Performance, options: &ExportOptions) -> Result<Exported, ExportError> {
    let coded = codec::encode(score, played);
    match options.mode {
        ExportMode::ScoreGrid => on_grid(score, played, &coded.curve(), options, &Tempo::OfThePlayer(None)),
        ExportMode::FixedTempo(tempo) => {
            let micros = micros_per_quarter(tempo);
            let fixed = at_one_tempo(score, coded, micros);
            let played = codec::decode(score, &fixed);
            on_grid(score, &played, &fixed.curve(), options, &Tempo::Fixed(micros))
        }
        ExportMode::ExactTiming(tempo) => exact(score, played, &coded.curve(), options, tempo),
    }
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

/// A take on the grid of the score, read from a file.
#[derive(Clone, Copy, Debug)]
pub struct ExportedTake<'a> {
    /// The file.
    pub bytes: &'a [u8],
    /// What it plays, with the times of the file.
    pub played: &'a Performance,
}

/// Writes a take of which some notes (ascending) were performed anew, so that all others keep the
/// ticks that they have in its file: on the grid the tempo map changes only within the bars of
/// those notes. If the take's file is not on the grid, or the mode is another, this is [`export`].
pub fn export_changed(
    score: &Score,
    played: &Performance,
    take: &ExportedTake<'_>,
    changed: &[u32],
    options: &ExportOptions,
) -> Result<Exported, ExportError> {
    let kept = (options.mode == ExportMode::ScoreGrid && options.bars.is_none())
        .then(|| TakeGrid::read(score, take.bytes, take.played, changed, TICKS_PER_QUARTER))
        .flatten();
    match kept {
        Some(kept) => {
            let curve = codec::encode(score, played).curve();
            on_grid(score, played, &curve, options, &Tempo::OfThePlayer(Some(&kept)))
        }
        None => export(score, played, options),
    }
}

/// A session's tempo as a file says it, in whole microseconds a quarter.
fn micros_per_quarter(quarters_per_minute: f64) -> u32 {
    if quarters_per_minute.is_nan() {
        return DEFAULT_MICROS_PER_QUARTER;
    }
    (60e6 / quarters_per_minute.clamp(*SESSION_TEMPI.start(), *SESSION_TEMPI.end())).round() as u32
}

/// Where the tempo of bars on the grid comes from.
enum Tempo<'a> {
    /// The curve, beat by beat; or, where nothing has changed, the map of the take's file.
    OfThePlayer(Option<&'a TakeGrid>),
    /// So many microseconds a quarter throughout.
    Fixed(u32),
}

fn on_grid(
    score: &Score,
    played: &Performance,
    curve: &BeatCurve,
    options: &ExportOptions,
    tempo: &Tempo<'_>,
) -> Result<Exported, ExportError> {
    let notes = chosen(score, played, options)?;
    let bare = Layout::new(score, options.bars.clone(), TICKS_PER_QUARTER, 0.0);
    let early = early_secs(score, &notes, curve, bare.start(), tempo) / opening_period(&bare, curve);
    let early = if let Tempo::OfThePlayer(Some(kept)) = tempo { kept.lead_in_quarters() } else { early };
    let layout = Layout::new(score, options.bars.clone(), TICKS_PER_QUARTER, early);
    let zero_secs = match tempo {
        // A take that was read has the clock of its file.
        Tempo::OfThePlayer(Some(_)) => 0.0,
        // Where its bars would not reach back to the first note, the lead-in goes slower.
        Tempo::OfThePlayer(None) => zero_secs(&layout, curve).min(first_onset(&notes)),
        Tempo::Fixed(_) => zero_secs(&layout, curve),
    };
    let map = match tempo {
        Tempo::OfThePlayer(kept) => {
            let slack_secs = if kept.is_some() { 0.0 } else { TEMPO_SLACK_SECS };
            tempo_map(anchors(score, &layout, curve, zero_secs, *kept), slack_secs)
        }
        Tempo::Fixed(micros) => TempoMap::new(TICKS_PER_QUARTER, [(0, *micros)]),
    };
    let conductor = Conductor {
        score,
        map: &map,
        metres: layout.metres(),
        keys: keys(score, &layout),
        first_bar: (layout.tick(layout.start()), first_bar_name(score, options)),
        end_tick: layout.tick(layout.end()),
    };
    let sheet = sheet(score, &notes, played, zero_secs, options);
    let bytes = sheet.write(&conductor)?;
    Ok(Exported { bytes, offset_secs: -zero_secs, first_bar_tick: conductor.first_bar.0 })
}

/// Ticks and seconds of every beat, of written changes of tempo between beats, and of the ends of
/// what was kept of a take's own map.
fn anchors(
    score: &Score,
    layout: &Layout<'_>,
    curve: &BeatCurve,
    zero_secs: f64,
    kept: Option<&TakeGrid>,
) -> Vec<(u64, f64)> {
    let secs_at = |beat: Quarters| {
        let kept_secs = kept.and_then(|k| k.kept_secs(layout.tick(beat)));
        (layout.tick(beat), kept_secs.unwrap_or_else(|| curve.secs_at(beat.to_f64()) - zero_secs))
    };
    let is_mark = |kind| matches!(kind, DirectionKind::Metronome(_) | DirectionKind::Tempo(Some(_)));
    let marks = score.directions.iter().filter(|d| is_mark(d.kind)).map(|d| d.onset);
    let marks = marks.filter(|at| *at > layout.start() && *at < layout.end());
    let mut anchors: Vec<(u64, f64)> = layout.beats().into_iter().chain(marks).map(secs_at).collect();
    anchors.extend(kept.into_iter().flat_map(TakeGrid::edges));
    anchors.sort_by_key(|(tick, _)| *tick);
    anchors.dedup_by_key(|(tick, _)| *tick);
    anchors
}

/// How long before the first bar something is played. The first note of a spread chord makes the
/// bar line: nobody wants an empty bar before the music for the sake of some milliseconds.
fn early_secs(
    score: &Score,
    notes: &[PlayedNote],
    curve: &BeatCurve,
    bar: Quarters,
    tempo: &Tempo<'_>,
) -> f64 {
    let (bar_secs, first_secs) = (curve.secs_at(bar.to_f64()), first_onset(notes));
    let opens = |n: &&PlayedNote| {
        let written = &score.notes[n.note as usize];
        written.onset == bar && written.grace.is_none() && n.onset_secs <= first_secs
    };
    // At a fixed tempo the bar line cannot move to the note: the note moves to the bar line.
    let most_secs = if let Tempo::Fixed(_) = tempo { LEAST_EARLY_SECS } else { WIDEST_SPREAD_SECS };
    let early_secs = bar_secs - first_secs;
    if early_secs < most_secs && notes.iter().any(|n| opens(&n)) { 0.0 } else { early_secs }
}

/// Seconds of the performance at tick 0: the lead-in goes at the tempo of the first beat.
fn zero_secs(layout: &Layout<'_>, curve: &BeatCurve) -> f64 {
    curve.secs_at(layout.start().to_f64()) - layout.lead_in() * opening_period(layout, curve)
}

fn opening_period(layout: &Layout<'_>, curve: &BeatCurve) -> f64 {
    let beats = layout.beats();
    let (Some(a), Some(b)) = (beats.first(), beats.get(1)) else {
        return curve.period_secs_at(layout.start().to_f64());
    };
    let (a, b) = (a.to_f64(), b.to_f64());
    (curve.secs_at(b) - curve.secs_at(a)) / (b - a)
}

/// The tempo of each beat. Rubato within a beat stays with the notes, as in a recording to which
/// somebody has tapped the beats: some changes in a bar, not one for each note.
fn tempo_map(mut anchors: Vec<(u64, f64)>, slack_secs: f64) -> TempoMap {
    anchors.insert(0, (0, 0.0));
    // One beat more, so that what the last one could not reach has room.
    if let [.., before, last] = anchors.as_slice() {
        anchors.push((2 * last.0 - before.0, 2.0 * last.1 - before.1));
    }
    TempoMap::through(TICKS_PER_QUARTER, &anchors, slack_secs)
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
        score,
        map: &map,
        metres: opening.into_iter().collect(),
        keys: vec![(0, score.key_signature_at(layout.start()))],
        first_bar: (first_bar_tick, first_bar_name(score, options)),
        end_tick: 0,
    };
    let sheet = sheet(score, &notes, played, zero_secs, options);
    Ok(Exported { bytes: sheet.write(&conductor)?, offset_secs: -zero_secs, first_bar_tick })
}

fn sheet<'a>(
    score: &'a Score,
    notes: &'a [PlayedNote],
    played: &'a Performance,
    zero_secs: f64,
    options: &ExportOptions,
) -> Sheet<'a> {
    let (pedals, program) = (&played.pedals, options.program);
    Sheet { score, notes, pedals, zero_secs, program, whole: options.bars.is_none() }
}

fn first_onset(notes: &[PlayedNote]) -> f64 {
    notes.iter().map(|n| n.onset_secs).fold(f64::INFINITY, f64::min)
}

/// The notes to write: of the chosen bars, and with times that exist.
fn chosen(
    score: &Score,
    played: &Performance,
    options: &ExportOptions,
) -> Result<Vec<PlayedNote>, ExportError> {
    let range = options.bars.clone().map_or(0..score.notes.len(), |bars| score.notes_in_measures(bars));
    let usable = |n: &&PlayedNote| {
        range.contains(&(n.note as usize)) && n.onset_secs.is_finite() && n.duration_secs.is_finite()
    };
    let notes: Vec<PlayedNote> = played.notes.iter().filter(usable).copied().collect();
    if notes.is_empty() { Err(ExportError::Empty) } else { Ok(notes) }
}

fn keys(score: &Score, layout: &Layout<'_>) -> Vec<(u64, notation::KeySignature)> {
    let mut keys = vec![(0, score.key_signature_at(layout.start()))];
    let within = |at: &Quarters| *at > layout.start() && *at < layout.end();
    keys.extend(
        score.key_signatures.iter().filter(|(at, _)| within(at)).map(|(at, key)| (layout.tick(*at), *key)),
    );
    keys
}

fn first_bar_name(score: &Score, options: &ExportOptions) -> String {
    let first = options.bars.as_ref().map_or(0, |b| b.start);
    let number = score.measures.get(first).map_or("1", |m| m.number.as_str());
    format!("Bar {number}")
}
