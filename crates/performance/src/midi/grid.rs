//! Bars on the grid of the sequencer, under a tempo map that follows the pianist.

use notation::{DirectionKind, Quarters, Score};

use super::chosen::{chosen, first_bar_name, first_onset};
use super::conductor::Conductor;
use super::layout::Layout;
use super::options::{ExportError, ExportOptions, Exported};
use super::regrid::TakeGrid;
use super::tracks::Sheet;
use crate::tempo_map::TempoMap;
use crate::{BeatCurve, Performance, PlayedNote, deadpan};

/// Ticks in a quarter wherever that is fine enough.
pub(super) const TICKS_PER_QUARTER: u32 = 480;

/// A tempo is kept for as long as bars and beats are this near to the pianist's: no ear and no
/// sequencer shows the difference, and music at one tempo has one tempo event.
const TEMPO_SLACK_SECS: f64 = 0.0005;

/// A first chord that is struck this far ahead of its middle still opens the first bar.
const WIDEST_SPREAD_SECS: f64 = 0.5;

/// What comes less than this before the first bar of a fixed tempo is written at its start.
const LEAST_EARLY_SECS: f64 = 0.03;

/// Where the tempo of bars on the grid comes from.
pub(super) enum Tempo {
    /// The curve, beat by beat.
    OfThePlayer,
    /// So many microseconds a quarter throughout.
    Fixed(u32),
}

/// Writes the bars on the grid of the sequencer.
pub(super) fn on_grid(
    score: &Score,
    played: &Performance,
    curve: &BeatCurve,
    options: &ExportOptions,
    tempo: &Tempo,
) -> Result<Exported, ExportError> {
    let notes = chosen(score, played, options)?;
    let bare = Layout::new(score, options.bars.clone(), TICKS_PER_QUARTER, 0.0);
    let early = early_secs(score, &notes, curve, bare.start(), tempo) / opening_period(&bare, curve);
    let layout = Layout::new(score, options.bars.clone(), TICKS_PER_QUARTER, early);
    let (zero_secs, map) = match tempo {
        Tempo::OfThePlayer => {
            // Where its bars would not reach back to the first note, the lead-in goes slower.
            let zero_secs = zero_secs(&layout, curve).min(first_onset(&notes));
            let secs_at = |beat: Quarters| curve.secs_at(beat.to_f64()) - zero_secs;
            let anchors = places(score, &layout).map(|at| (layout.tick(at), secs_at(at)));
            (zero_secs, tempo_map(anchors.collect(), TEMPO_SLACK_SECS))
        }
        Tempo::Fixed(micros) => (zero_secs(&layout, curve), TempoMap::new(TICKS_PER_QUARTER, [(0, *micros)])),
    };
    let first_bar_tick = layout.tick(layout.start());
    let conductor = Conductor {
        title: score.title.as_deref(),
        map: &map,
        metres: layout.metres(),
        keys: keys(score, &layout),
        markers: vec![(first_bar_tick, first_bar_name(score, options))],
        is_performed: is_performed(played),
        end_tick: layout.tick(layout.end()),
    };
    let bytes = Sheet::of(score, &notes, played, zero_secs, options).write(&conductor)?;
    Ok(Exported { bytes, offset_secs: -zero_secs, first_bar_tick, left_out: 0 })
}

/// Whether somebody has played this: the score played literally has one loudness and no pedal.
pub(super) fn is_performed(played: &Performance) -> bool {
    !played.pedals.is_empty() || played.notes.iter().any(|note| note.velocity != deadpan::VELOCITY)
}

/// Where the tempo may change: at every beat and at written changes of tempo between beats, in order.
fn places(score: &Score, layout: &Layout<'_>) -> impl Iterator<Item = Quarters> {
    let is_mark = |kind| matches!(kind, DirectionKind::Metronome(_) | DirectionKind::Tempo(Some(_)));
    let marks = score.directions.iter().filter(|d| is_mark(d.kind)).map(|d| d.onset);
    let marks = marks.filter(|at| *at > layout.start() && *at < layout.end());
    let mut places: Vec<Quarters> = layout.beats().into_iter().chain(marks).collect();
    places.sort_unstable();
    places.into_iter()
}

/// The tempo map of a take that was on the grid of its file, with the tempo of `curve` where it has
/// changed and that of the file elsewhere.
pub(super) fn changed_map(score: &Score, curve: &BeatCurve, kept: &TakeGrid) -> TempoMap {
    let layout = Layout::new(score, None, TICKS_PER_QUARTER, kept.lead_in_quarters());
    let secs_at = |at: Quarters| {
        let tick = layout.tick(at);
        (tick, kept.kept_secs(tick).unwrap_or_else(|| curve.secs_at(at.to_f64())))
    };
    let mut anchors: Vec<(u64, f64)> = places(score, &layout).map(secs_at).chain(kept.edges()).collect();
    anchors.sort_by_key(|(tick, _)| *tick);
    kept.with_changes(&tempo_map(anchors, 0.0))
}

/// How long before the first bar something is played. The first note of a spread chord makes the
/// bar line: an empty bar before the music is not worth some milliseconds.
fn early_secs(score: &Score, notes: &[PlayedNote], curve: &BeatCurve, bar: Quarters, tempo: &Tempo) -> f64 {
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
/// a person has tapped the beats: some changes in a bar, not one for each note.
fn tempo_map(mut anchors: Vec<(u64, f64)>, slack_secs: f64) -> TempoMap {
    anchors.insert(0, (0, 0.0));
    anchors.dedup_by_key(|(tick, _)| *tick);
    // One beat more, so that what the last one could not reach has room.
    if let [.., before, last] = anchors.as_slice() {
        anchors.push((2 * last.0 - before.0, 2.0 * last.1 - before.1));
    }
    TempoMap::through(TICKS_PER_QUARTER, &anchors, slack_secs)
}

fn keys(score: &Score, layout: &Layout<'_>) -> Vec<(u64, notation::KeySignature)> {
    let mut keys = vec![(0, score.key_signature_at(layout.start()))];
    let within = |at: &Quarters| *at > layout.start() && *at < layout.end();
    keys.extend(
        score.key_signatures.iter().filter(|(at, _)| within(at)).map(|(at, key)| (layout.tick(*at), *key)),
    );
    keys
}
