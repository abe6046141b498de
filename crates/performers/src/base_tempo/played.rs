//! What is played of a score's stretches, and playing them slower or faster.

use std::ops::Range;

use notation::Score;
use performance::Performance;

/// An onset of the score that is played.
pub struct Onset {
    /// Where it is written, in quarters.
    pub at: f64,
    /// The mean of its notes, grace notes left out.
    pub secs: f64,
    /// Index of its first note.
    note: usize,
}

/// The onsets that are played, in order.
pub fn onsets(score: &Score, played: &Performance) -> Vec<Onset> {
    let mut notes = played.notes.iter().filter(|n| is_main(score, n.note)).peekable();
    let mut onsets = Vec::new();
    while let Some(first) = notes.next() {
        let onset = score.notes[first.note as usize].onset;
        let (mut sum, mut count) = (first.onset_secs, 1.0);
        while let Some(note) = notes.next_if(|n| score.notes[n.note as usize].onset == onset) {
            (sum, count) = (sum + note.onset_secs, count + 1.0);
        }
        onsets.push(Onset { at: onset.to_f64(), secs: sum / count, note: first.note as usize });
    }
    onsets
}

fn is_main(score: &Score, note: u32) -> bool {
    score.notes.get(note as usize).is_some_and(|n| n.grace.is_none())
}

/// What is played of a stretch of the score.
pub struct Stretch {
    /// How long it is written.
    pub quarters: f64,
    /// When it begins and how long it is played.
    pub from_secs: f64,
    pub secs: f64,
    /// Its notes.
    pub notes: Range<usize>,
}

impl Stretch {
    /// From the first onset in it to the first after it, or to the last of all.
    pub fn of(onsets: &[Onset], [from, to]: [f64; 2]) -> Option<Self> {
        let first = onsets.get(onsets.partition_point(|o| o.at < from))?;
        let last = onsets.get(onsets.partition_point(|o| o.at < to)).or(onsets.last())?;
        let (quarters, secs) = (last.at - first.at, last.secs - first.secs);
        let notes = first.note..last.note;
        (quarters > 0.0 && secs > 0.0).then_some(Self { quarters, from_secs: first.secs, secs, notes })
    }

    /// Seconds per quarter on the whole.
    pub fn secs_per_quarter(&self) -> f64 {
        self.secs / self.quarters
    }
}

/// From a moment on, everything is slower by a factor, given as log2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Turn {
    pub from_secs: f64,
    pub octaves: f64,
}

/// Played time that is slower by other factors from section to section. The first factor also holds
/// before its section, and 0 s stays where it is.
struct Clock {
    /// Begin in played and in new time, and the factor.
    pieces: Vec<[f64; 3]>,
}

impl Clock {
    fn of(turns: &[Turn]) -> Self {
        let mut pieces: Vec<[f64; 3]> = Vec::with_capacity(turns.len());
        for turn in turns {
            let factor = turn.octaves.exp2();
            let piece = pieces.last().map_or([0.0, 0.0, factor], |[old, new, slower]| {
                let from_secs = turn.from_secs.max(*old);
                [from_secs, new + slower * (from_secs - old), factor]
            });
            pieces.push(piece);
        }
        Self { pieces }
    }

    fn piece(&self, secs: f64) -> [f64; 3] {
        let next = self.pieces.partition_point(|[old, ..]| *old <= secs).max(1);
        self.pieces.get(next - 1).copied().unwrap_or([0.0, 0.0, 1.0])
    }

    fn at(&self, secs: f64) -> f64 {
        let [old, new, slower] = self.piece(secs);
        new + slower * (secs - old)
    }

    fn factor(&self, secs: f64) -> f64 {
        self.piece(secs)[2]
    }
}

/// Makes what is played slower from each turn on, in order of time. Chords stay as tight and grace notes
/// as short as they are where it becomes slower, and keep their share of the time where it becomes faster.
pub fn slow_down(score: &Score, played: &mut Performance, turns: &[Turn]) {
    let onsets = onsets(score, played);
    let clock = Clock::of(turns);
    for note in &mut played.notes {
        let at = score.notes.get(note.note as usize).map(|n| n.onset.to_f64());
        let beat = at.and_then(|at| onsets.binary_search_by(|o| o.at.total_cmp(&at)).ok());
        let beat_secs = beat.map_or(note.onset_secs, |k| onsets[k].secs);
        // Distances within a chord, and from a grace note to its beat.
        let closer = clock.factor(beat_secs).min(1.0);
        note.onset_secs = clock.at(beat_secs) + closer * (note.onset_secs - beat_secs);
        note.duration_secs = if is_main(score, note.note) {
            clock.at(beat_secs + note.duration_secs) - clock.at(beat_secs)
        } else {
            closer * note.duration_secs
        };
    }
    played.pedals.iter_mut().for_each(|pedal| pedal.time_secs = clock.at(pedal.time_secs));
}
