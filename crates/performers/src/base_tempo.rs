//! The tempo of the piece as a whole: as its metronome marks say, or a number of beats a minute.
//!
//! As marked, each section that a mark governs ([`tempo_marks::sections`]) has one factor, so that its
//! mean tempo is its mark, and rubato, rallentandi and what else happens within it stay. Where the mark
//! changes the tempo changes at once. What no mark governs, or too shortly, goes on with the factor of the
//! section before it, or of the first. For a number of beats there is one factor for the whole piece. The
//! tempo of a section is its mean: quarters over seconds from its first onset to the first after it.
//!
//! A mood moves the tempo from there, as far as [`crate::palette`] would, so that *fierce* is faster than
//! *gentle* under one mark. Bars that are performed anew have the tempo around them and are left alone.

mod played;

use std::ops::Range;

use analysis::tempo_marks::{self, Section};
use notation::metronome::beat_name;
use notation::{MetronomeMark, Quarters, Score};
use performance::{BaseTempo, Performance};
use serde::Serialize;

use crate::palette;
use crate::request::{Controls, Request};
use played::{Stretch, Turn, onsets, slow_down};

/// A mark that is this many octaves from what the performer plays, beside the section before it, is not
/// meant but a slip of the file: four times as fast or slow.
const FARTHEST_MARK_OCTAVES: f64 = 2.0;

/// A tempo within this of the requested one counts as that one, in octaves: 3 %.
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
    if tempo.turns.iter().any(|turn| turn.octaves.abs() > NOTHING_OCTAVES) {
        slow_down(request.score, played, &tempo.turns);
    }
}

/// Which part of a piece is played at its metronome marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AtMarks {
    /// None: there are no marks, none was requested, or none is followed.
    Nothing,
    /// Some sections, but not the beginning: its mark is refused, or too short to be a section, or there is
    /// none.
    LaterSections,
    /// From the beginning on.
    FromTheBeginning,
}

/// What tempo a take came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// What is counted, such as `dotted quarter`.
    pub beat: String,
    /// Beats a minute over the whole piece; where marks are followed from the beginning on, the first
    /// mark's, more or less by as much as the take differs from the marks.
    pub per_minute: f64,
    /// What was requested.
    pub asked: BaseTempo,
    /// The first metronome mark that governs a section, in beats a minute.
    pub marked: Option<f64>,
    /// Whether that mark is on the page; else it is in the file for playback.
    pub is_printed: bool,
    /// What is played at marks.
    pub at_marks: AtMarks,
    /// A mark that was too far from what the performer plays to be followed, such as `quarter = 20`.
    pub refused: Option<String>,
}

impl Outcome {
    /// What tempo a take of a whole piece came to; nothing if it has less than two onsets.
    pub fn of(score: &Score, controls: &Controls, take: &Performance) -> Option<Self> {
        let tempo = Tempo::of(score, controls, take);
        let marked = tempo.mark.map(|mark| mark.per_minute);
        let is_from_the_beginning = tempo.at_marks == AtMarks::FromTheBeginning;
        let by_mark = marked.zip(tempo.wanted_octaves).filter(|_| is_from_the_beginning);
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
            is_printed: tempo.mark.is_some_and(|mark| mark.is_printed),
            at_marks: tempo.at_marks,
            refused: tempo.refused.map(|mark| mark.text()),
        })
    }

    /// For people: `quarter = 66, as marked`.
    pub fn text(&self) -> String {
        let tempo = |per_minute: f64| format!("{} = {:.0}", self.beat, per_minute);
        let is_here = |wanted: f64| (self.per_minute / wanted).log2().abs() < SAME_OCTAVES;
        let as_marked = if self.is_printed { "as marked" } else { "as marked for playback" };
        match (self.asked, self.marked) {
            (BaseTempo::AsMarked, Some(_)) if self.at_marks == AtMarks::LaterSections => {
                format!("{} on the whole, in part {as_marked}", tempo(self.per_minute))
            }
            (BaseTempo::AsMarked, Some(marked))
                if self.at_marks == AtMarks::FromTheBeginning && is_here(marked) =>
            {
                format!("{}, {as_marked}", tempo(marked))
            }
            (BaseTempo::Bpm(wanted), _) if is_here(wanted) => format!("{}, as asked for", tempo(wanted)),
            (BaseTempo::Bpm(wanted), _) => format!("{} ({wanted:.0} asked for)", tempo(self.per_minute)),
            (_, Some(marked)) => {
                format!("{}, as the performer would (marked {marked:.0})", tempo(self.per_minute))
            }
            (_, None) => format!("{}, as the performer would", tempo(self.per_minute)),
        }
    }

    /// The message about a mark that was not followed.
    pub fn warning(&self) -> Option<String> {
        let mark = self.refused.as_ref()?;
        Some(format!(
            "the mark {mark} is more than four times as fast or slow as the performer plays and is not \
             followed; ask for a number of beats a minute if it is meant"
        ))
    }
}

/// The first metronome mark that a person chose and that governs a section: what *as marked* begins with.
pub fn mark(score: &Score) -> Option<MetronomeMark> {
    tempo_marks::sections(score).first().map(|section| section.mark)
}

/// How far what is played of a section is from its mark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Distance {
    /// The mark.
    pub mark: MetronomeMark,
    /// log2 of played over marked tempo: above 0 is faster.
    pub octaves: f64,
    /// How long the section is played.
    pub secs: f64,
}

/// How far what is played is from the marks of sections, those of which nothing is played left out.
pub fn distances(sections: &[Section], score: &Score, played: &Performance) -> Vec<Distance> {
    let onsets = onsets(score, played);
    let distance = |section: &Section| {
        let stretch = Stretch::of(&onsets, section.at)?;
        let octaves = (section.mark.secs_per_quarter() / stretch.secs_per_quarter()).log2();
        Some(Distance { mark: section.mark, octaves, secs: stretch.secs })
    };
    sections.iter().filter_map(distance).collect()
}

/// What a base tempo counts in a score: the note value of the first mark, or the metre's.
pub fn beat(score: &Score) -> Quarters {
    mark(score).map_or_else(|| counted(score), |mark| mark.beat)
}

fn counted(score: &Score) -> Quarters {
    score.time_signature_at(score.notes.first().map_or(Quarters::ZERO, |n| n.onset)).beat_length()
}

/// What is requested of a performance, and how far it is from it.
struct Tempo {
    /// What holds: as marked only where there are marks.
    base: BaseTempo,
    mark: Option<MetronomeMark>,
    beat: Quarters,
    /// How much slower it has to be, from where on.
    turns: Vec<Turn>,
    /// Their mean by duration, log2 of requested over played seconds; none where either is missing.
    wanted_octaves: Option<f64>,
    /// The part of it that is due to the mood.
    mood_octaves: f64,
    /// What is played at marks.
    at_marks: AtMarks,
    /// The first mark that is not followed.
    refused: Option<MetronomeMark>,
}

impl Tempo {
    fn of(score: &Score, controls: &Controls, played: &Performance) -> Self {
        let sections = tempo_marks::sections(score);
        let mark = sections.first().map(|section| section.mark);
        let beat = mark.map_or_else(|| counted(score), |mark| mark.beat);
        let base = match controls.base_tempo.bounded() {
            BaseTempo::AsMarked if mark.is_none() => BaseTempo::Free,
            base => base,
        };
        let everywhere = [f64::NEG_INFINITY, f64::INFINITY];
        let wanted = match base {
            BaseTempo::Free => Vec::new(),
            BaseTempo::Bpm(per_minute) => {
                let mark = MetronomeMark { onset: Quarters::ZERO, beat, per_minute, is_printed: false };
                vec![Section { mark, at: everywhere }]
            }
            BaseTempo::AsMarked => sections,
        };
        let mut tempo = Self {
            base,
            mark,
            beat,
            turns: Vec::new(),
            wanted_octaves: None,
            mood_octaves: 0.0,
            at_marks: AtMarks::Nothing,
            refused: None,
        };
        if !wanted.is_empty() {
            tempo.want(&wanted, score, played, &Leans::of(score, controls));
        }
        tempo
    }

    /// Wants sections at their marks. A mark is refused by its distance from the section before it as it
    /// is then played, so that it is refused again when what is played meets the other marks.
    fn want(&mut self, sections: &[Section], score: &Score, played: &Performance, leans: &Leans) {
        let onsets = onsets(score, played);
        let (mut sum_octaves, mut sum_moods, mut sum_secs) = (0.0, 0.0, 0.0);
        for (k, Section { mark, at }) in sections.iter().enumerate() {
            let Some(stretch) = Stretch::of(&onsets, *at) else { continue };
            let mood = leans.mean(&stretch.notes);
            let octaves = (mark.secs_per_quarter() / stretch.secs_per_quarter()).log2() + mood;
            let before = self.turns.last().map_or(0.0, |turn| turn.octaves);
            let is_far = (octaves - before).abs() > FARTHEST_MARK_OCTAVES;
            let is_refused = is_far && self.base == BaseTempo::AsMarked;
            let octaves_here = if is_refused { before } else { octaves };
            self.turns.push(Turn { from_secs: stretch.from_secs, octaves: octaves_here });
            if is_refused {
                self.refused.get_or_insert(*mark);
                continue;
            }
            if self.base == BaseTempo::AsMarked && self.at_marks == AtMarks::Nothing {
                let is_beginning = k == 0 && at[0] == f64::NEG_INFINITY;
                self.at_marks = if is_beginning { AtMarks::FromTheBeginning } else { AtMarks::LaterSections };
            }
            sum_octaves += stretch.secs * octaves;
            sum_moods += stretch.secs * mood;
            sum_secs += stretch.secs;
        }
        if sum_secs > 0.0 {
            self.wanted_octaves = Some(sum_octaves / sum_secs);
            self.mood_octaves = sum_moods / sum_secs;
        }
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

#[cfg(test)]
#[path = "base_tempo_tests.rs"]
mod tests;
