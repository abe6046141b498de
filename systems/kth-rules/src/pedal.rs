//! The pedals: as marked, or by the harmony where the texture asks for it.

use analysis::harmony::Harmony;
use analysis::sketch::Sketch;
use notation::{DirectionKind, Hand, Marks};
use performance::{Pedal, PedalEvent};

/// The damper rises this long after the new bass and falls again this long after it.
const UP_SECS: f64 = 0.02;
const DOWN_SECS: f64 = 0.12;

/// Legato pedalling holds until just after the next chord; a last one this long after its end.
const LAST_SECS: f64 = 0.3;

/// A left hand that spreads at least so many semitones within a chord is pedalled.
const WIDE_SEMITONES: u8 = 12;

/// Chords that hold longer than this are pedalled afresh.
const LONGEST_QUARTERS: f64 = 8.0;

/// Stretches of score time with the pedal down, in order.
type Holds = Vec<(f64, f64)>;

/// Every pedal movement, at the times of the sketch.
pub(super) fn events(sketch: &Sketch<'_>, harmony: &Harmony) -> Vec<PedalEvent> {
    let marked = marked(sketch, DirectionKind::SustainPedal);
    let sustain = if marked.is_empty() { by_harmony(sketch, harmony) } else { marked };
    let mut events = movements(sketch, &sustain, Pedal::Sustain);
    events.extend(movements(sketch, &self::marked(sketch, DirectionKind::SoftPedal), Pedal::Soft));
    events.sort_by(|a, b| a.time_secs.total_cmp(&b.time_secs));
    events
}

/// The stretches that pedal marks ask for.
fn marked(sketch: &Sketch<'_>, kind: DirectionKind) -> Holds {
    let end_of_score = sketch.onsets.last().map_or(0.0, |o| o.at + o.span_quarters);
    let mut holds: Holds = Vec::new();
    for direction in sketch.score.directions.iter().filter(|d| d.kind == kind) {
        let at = direction.onset.to_f64();
        if let Some(before) = holds.last_mut() {
            before.1 = before.1.min(at);
        }
        holds.push((at, direction.end.map_or(end_of_score, |e| e.to_f64()).min(end_of_score)));
    }
    holds.retain(|(from, to)| to > from);
    holds
}

/// One hold for each chord whose notes would otherwise break off: the left hand (or the whole
/// texture) is spread wider than a hand holds, and not staccato.
fn by_harmony(sketch: &Sketch<'_>, harmony: &Harmony) -> Holds {
    let score = sketch.score;
    let mut holds = Holds::new();
    for (k, chord) in harmony.chords.iter().enumerate() {
        let end = harmony.chords.get(k + 1).map_or(sketch.onsets.len(), |c| c.onset);
        let mut first = chord.onset;
        while first < end {
            let from = sketch.onsets[first].at;
            let too_far = |o: usize| sketch.onsets[o].at >= from + LONGEST_QUARTERS;
            let until = (first + 1..end).find(|o| too_far(*o)).unwrap_or(end);
            let notes = sketch.onsets[first].notes.start..sketch.onsets[until - 1].notes.end;
            let span = |hand: Option<Hand>| {
                let of_hand =
                    score.notes[notes.clone()].iter().filter(|n| hand.is_none_or(|h| n.hand() == h));
                let pitches: Vec<u8> = of_hand.map(|n| n.pitch).collect();
                pitches.iter().max().zip(pitches.iter().min()).map_or(0, |(high, low)| high - low)
            };
            let short = Marks::STACCATO | Marks::STACCATISSIMO;
            let staccato = score.notes[notes.clone()].iter().filter(|n| n.marks.intersects(short)).count();
            let several = until > first + 1;
            let wide = span(Some(Hand::Left)) >= WIDE_SEMITONES || span(None) >= 2 * WIDE_SEMITONES;
            if several && wide && 2 * staccato < notes.len() {
                let last = &sketch.onsets[until - 1];
                holds.push((from, last.at + last.span_quarters));
            }
            first = until;
        }
    }
    holds
}

/// Down and up for each hold; where one follows another at once, up and down again.
fn movements(sketch: &Sketch<'_>, holds: &Holds, pedal: Pedal) -> Vec<PedalEvent> {
    let times = sketch.times_secs();
    let mut events = Vec::with_capacity(holds.len() * 2);
    let mut up_before = f64::NEG_INFINITY;
    for (k, (from, to)) in holds.iter().enumerate() {
        let start = sketch.time_at_secs(&times, *from);
        let end = sketch.time_at_secs(&times, *to);
        let linked = holds.get(k + 1).is_some_and(|(next, _)| next - to < 1e-6);
        let up = if linked { end + UP_SECS } else { (end - UP_SECS).max(start + UP_SECS) };
        let up = if k + 1 == holds.len() { up.max(end + LAST_SECS) } else { up };
        let down = (start + DOWN_SECS.min(0.4 * (end - start))).max(up_before + 0.01);
        if up > down {
            events.push(PedalEvent { time_secs: down, pedal, value: 127 });
            events.push(PedalEvent { time_secs: up, pedal, value: 0 });
            up_before = up;
        }
    }
    events
}
