//! The tempo of the piece as a whole: as its metronome marks say, or a number of beats a minute.
//!
//! One factor for all of what is played, so that rubato, rallentandi and the relations between sections
//! stay. It is the mean, by duration, of the log ratio of wanted and played tempo over the stretches that
//! a mark on the page governs; for a number of beats the one stretch is the piece. The tempo of a stretch
//! is its mean: quarters over seconds from its first onset to its last.
//!
//! A mood moves the tempo of the piece from there, as far as [`crate::palette`] would, so that *fierce*
//! is faster than *gentle* under one mark. Bars that are performed anew have the tempo around them and
//! are left alone.

use std::ops::Range;

use analysis::tempo_marks;
use notation::metronome::beat_name;
use notation::{MetronomeMark, Quarters, Score};
use performance::{BaseTempo, Performance};
use serde::Serialize;

use crate::palette;
use crate::request::{Controls, Request};

/// A mark that is this many octaves from what the performer plays is no wish but a slip of the file:
/// four times as fast or slow.
const FARTHEST_MARK_OCTAVES: f64 = 2.0;

/// A tempo within this of the one asked for is that one, in octaves: 3 %.
const SAME_OCTAVES: f64 = 0.043;

/// Less is nothing but the rounding of numbers, in octaves.
const NOTHING_OCTAVES: f64 = 1e-12;

/// Gives what is played its base tempo, unless it goes into a performance around it. Chords stay as
/// tight and grace notes as short as they are where it becomes slower, and keep their share of the time
/// where it becomes faster, so that no two onsets change places.
pub fn settle(request: &Request<'_>, played: &mut Performance) {
    if request.context.is_some() {
        return;
    }
    let tempo = Tempo::of(request.score, request.controls, played);
    let octaves = tempo.wanted_octaves.filter(|_| !tempo.is_refused()).unwrap_or_default();
    if octaves.abs() > NOTHING_OCTAVES {
        stretch(request.score, played, octaves.exp2());
    }
}

/// What tempo a take came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// What is counted, such as `dotted quarter`.
    pub beat: String,
    /// Beats a minute over the whole piece; where marks govern, the first mark's, more or less by as much
    /// as the take differs from the marks.
    pub per_minute: f64,
    /// What was asked for.
    pub asked: BaseTempo,
    /// The first metronome mark on the page, in beats a minute.
    pub marked: Option<f64>,
    /// Whether the marks were too far from what the performer plays to be followed.
    pub is_refused: bool,
}

impl Outcome {
    /// What tempo a take of a whole piece came to; nothing if it has less than two onsets.
    pub fn of(score: &Score, controls: &Controls, take: &Performance) -> Option<Self> {
        let tempo = Tempo::of(score, controls, take);
        let marked = tempo.mark.map(|mark| mark.per_minute);
        let by_mark = marked.zip(tempo.wanted_octaves).filter(|_| tempo.base == BaseTempo::AsMarked);
        let by_mark = by_mark.map(|(per_minute, octaves)| per_minute * (octaves - tempo.mood_octaves).exp2());
        let per_minute = by_mark.or_else(|| {
            let whole = Stretch::of(&onsets(score, take), [f64::NEG_INFINITY, f64::INFINITY])?;
            Some(60.0 / (whole.secs_per_quarter() * tempo.beat.to_f64()))
        })?;
        Some(Self {
            beat: beat_name(tempo.beat),
            per_minute,
            asked: tempo.base,
            marked,
            is_refused: tempo.is_refused(),
        })
    }

    /// For people: `quarter = 66, as marked`.
    pub fn text(&self) -> String {
        let tempo = |per_minute: f64| format!("{} = {:.0}", self.beat, per_minute);
        let is_here = |wanted: f64| (self.per_minute / wanted).log2().abs() < SAME_OCTAVES;
        match (self.asked, self.marked) {
            (BaseTempo::AsMarked, Some(marked)) if is_here(marked) => format!("{}, as marked", tempo(marked)),
            (BaseTempo::Bpm(wanted), _) if is_here(wanted) => format!("{}, as asked for", tempo(wanted)),
            (BaseTempo::Bpm(wanted), _) => format!("{} ({wanted:.0} asked for)", tempo(self.per_minute)),
            (_, Some(marked)) => {
                format!("{}, as the performer would (marked {marked:.0})", tempo(self.per_minute))
            }
            (_, None) => format!("{}, as the performer would", tempo(self.per_minute)),
        }
    }

    /// What is to be said of a mark that was not followed.
    pub fn warning(&self) -> Option<String> {
        let marked = self.marked.filter(|_| self.is_refused)?;
        Some(format!(
            "the mark {} = {marked:.0} is more than four times as fast or slow as the performer plays and \
             is not followed; ask for a number of beats a minute if it is meant",
            self.beat
        ))
    }
}

/// The first metronome mark on the page that somebody wrote: what *as marked* begins with.
pub fn mark(score: &Score) -> Option<MetronomeMark> {
    tempo_marks::visible(score).first().copied()
}

/// What a base tempo counts in a score: the note value of the first mark on the page, or the metre's.
pub fn beat(score: &Score) -> Quarters {
    mark(score).map_or_else(|| counted(score), |mark| mark.beat)
}

fn counted(score: &Score) -> Quarters {
    score.time_signature_at(score.notes.first().map_or(Quarters::ZERO, |n| n.onset)).beat_length()
}

/// What is wanted of a performance, and how far it is from it.
struct Tempo {
    /// What holds: as marked only where there are marks.
    base: BaseTempo,
    mark: Option<MetronomeMark>,
    beat: Quarters,
    /// log2 of wanted over played seconds; none where nothing is wanted or nothing is played.
    wanted_octaves: Option<f64>,
    /// The part of it that the mood asks for.
    mood_octaves: f64,
}

impl Tempo {
    fn of(score: &Score, controls: &Controls, played: &Performance) -> Self {
        let governed = tempo_marks::governed(score);
        let mark = governed.first().map(|(mark, _)| *mark);
        let beat = mark.map_or_else(|| counted(score), |mark| mark.beat);
        let base = match controls.base_tempo.bounded() {
            BaseTempo::AsMarked if mark.is_none() => BaseTempo::Free,
            base => base,
        };
        // Seconds per quarter, and where.
        let secs = |beat: Quarters, per_minute: f64| 60.0 / (per_minute * beat.to_f64());
        let everywhere = [f64::NEG_INFINITY, f64::INFINITY];
        let wanted: Vec<(f64, [f64; 2])> = match base {
            BaseTempo::Free => Vec::new(),
            BaseTempo::Bpm(per_minute) => vec![(secs(beat, per_minute), everywhere)],
            BaseTempo::AsMarked => {
                governed.iter().map(|(mark, at)| (secs(mark.beat, mark.per_minute), *at)).collect()
            }
        };
        let mut tempo = Self { base, mark, beat, wanted_octaves: None, mood_octaves: 0.0 };
        if wanted.is_empty() {
            return tempo;
        }
        let onsets = onsets(score, played);
        let leans = Leans::of(score, controls);
        let (mut octaves, mut moods, mut sum_secs) = (0.0, 0.0, 0.0);
        for (secs_per_quarter, at) in wanted {
            let Some(stretch) = Stretch::of(&onsets, at) else { continue };
            let mood = leans.mean(&stretch.notes);
            let octave = (secs_per_quarter / stretch.secs_per_quarter()).log2() + mood;
            octaves += stretch.secs * octave;
            moods += stretch.secs * mood;
            sum_secs += stretch.secs;
        }
        if sum_secs > 0.0 {
            tempo.wanted_octaves = Some(octaves / sum_secs);
            tempo.mood_octaves = moods / sum_secs;
        }
        tempo
    }

    fn is_refused(&self) -> bool {
        self.base == BaseTempo::AsMarked
            && self.wanted_octaves.is_some_and(|octaves| octaves.abs() > FARTHEST_MARK_OCTAVES)
    }
}

/// How much slower a mood makes each note.
struct Leans(Vec<f64>);

impl Leans {
    fn of(score: &Score, controls: &Controls) -> Self {
        let mood = controls.mood.as_ref().filter(|mood| mood.is_felt());
        Self(mood.map_or_else(Vec::new, |mood| palette::slowness_log2(score, mood)))
    }

    fn mean(&self, notes: &Range<usize>) -> f64 {
        let of_notes = self.0.get(notes.clone()).unwrap_or_default();
        of_notes.iter().sum::<f64>() / of_notes.len().max(1) as f64
    }
}

/// An onset of the score that is played.
struct Onset {
    /// Where it is written, in quarters.
    at: f64,
    /// The mean of its notes, grace notes left out.
    secs: f64,
    /// Index of its first note.
    note: usize,
}

fn onsets(score: &Score, played: &Performance) -> Vec<Onset> {
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
struct Stretch {
    quarters: f64,
    secs: f64,
    notes: Range<usize>,
}

impl Stretch {
    /// From the first onset in it to the first after it, or to the last of all.
    fn of(onsets: &[Onset], [from, to]: [f64; 2]) -> Option<Self> {
        let first = onsets.get(onsets.partition_point(|o| o.at < from))?;
        let last = onsets.get(onsets.partition_point(|o| o.at < to)).or(onsets.last())?;
        let (quarters, secs) = (last.at - first.at, last.secs - first.secs);
        (quarters > 0.0 && secs > 0.0).then_some(Self { quarters, secs, notes: first.note..last.note })
    }

    fn secs_per_quarter(&self) -> f64 {
        self.secs / self.quarters
    }
}

/// Makes everything slower by a factor, from the start of the performance on.
fn stretch(score: &Score, played: &mut Performance, slower: f64) {
    let onsets = onsets(score, played);
    // Distances within a chord, and from a grace note to its beat.
    let closer = slower.min(1.0);
    for note in &mut played.notes {
        let at = score.notes.get(note.note as usize).map(|n| n.onset.to_f64());
        let beat = at.and_then(|at| onsets.binary_search_by(|o| o.at.total_cmp(&at)).ok());
        let beat_secs = beat.map_or(note.onset_secs, |k| onsets[k].secs);
        note.onset_secs = slower * beat_secs + closer * (note.onset_secs - beat_secs);
        note.duration_secs *= if is_main(score, note.note) { slower } else { closer };
    }
    played.pedals.iter_mut().for_each(|pedal| pedal.time_secs *= slower);
}

#[cfg(test)]
#[path = "base_tempo_tests.rs"]
mod tests;
