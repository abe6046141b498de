//! Sections: where the marks that a person chose hold.

use std::collections::HashSet;

use notation::{DirectionKind, MetronomeMark, Quarters, Score};

use super::meant::meant;

/// So many quarters after the first note a mark still is that of the beginning.
const EARLY_QUARTERS: i64 = 4;

/// A mark that holds for fewer quarters or fewer onsets bends the tempo of its surroundings, as a
/// rallentando written in numbers does, and makes no section.
const LEAST_QUARTERS: f64 = 8.0;
const LEAST_ONSETS: usize = 8;

/// A stretch of a score that one mark governs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Section {
    /// What it is to be played at.
    pub mark: MetronomeMark,
    /// Where it begins and ends, in quarters; the first of a piece begins before everything.
    pub at: [f64; 2],
}

/// The sections of a score that begin with a mark a person chose, in order, without those that are too
/// short to have a tempo of their own. A piece that is short as a whole is one section.
pub fn sections(score: &Score) -> Vec<Section> {
    let all = governed(score);
    let onsets: Vec<f64> = {
        let mut onsets: Vec<Quarters> =
            score.notes.iter().filter(|n| n.grace.is_none()).map(|n| n.onset).collect();
        onsets.dedup();
        onsets.iter().map(|onset| onset.to_f64()).collect()
    };
    let (first, last) = (onsets.first().copied().unwrap_or(0.0), score.end().to_f64());
    let is_long = |section: &Section| {
        let [from, to] = section.at;
        let count = onsets.partition_point(|o| *o < to) - onsets.partition_point(|o| *o < from);
        to.min(last) - from.max(first) >= LEAST_QUARTERS && count >= LEAST_ONSETS
    };
    let is_whole = |section: &Section| section.at[0] == f64::NEG_INFINITY && section.at[1] >= last;
    all.into_iter().filter(|section| is_long(section) || is_whole(section)).collect()
}

/// Where the marks hold: each up to the next, or to a tempo word without a number, after which the
/// tempo is unknown; *Tempo I* brings the first back, if it is that of the beginning. What is marked alike
/// in succession is one.
fn governed(score: &Score) -> Vec<Section> {
    let marks = meant(score);
    let Some(first) = marks.first().copied() else { return Vec::new() };
    // A word that stands with a mark has the tempo of the mark.
    let marked: HashSet<Quarters> = marks.iter().map(|mark| mark.onset).collect();
    let mut sections = Sections::default();
    let is_early = |at: Quarters| at <= first_onset(score) + Quarters::whole(EARLY_QUARTERS);
    let opening = Some(first).filter(|first| is_early(first.onset));
    let mut next = 0;
    for direction in &score.directions {
        let at = direction.onset;
        if marks.get(next).is_some_and(|mark| mark.onset == at) {
            let opens = next == 0 && is_early(at);
            let mark = Some(marks[next]);
            sections.change(if opens { f64::NEG_INFINITY } else { at.to_f64() }, mark);
            next += marks[next..].iter().take_while(|mark| mark.onset == at).count();
        }
        match direction.kind {
            _ if marked.contains(&at) => {}
            DirectionKind::Tempo(_) => sections.change(at.to_f64(), None),
            DirectionKind::ATempo if is_first_tempo(&direction.text) && next > 0 => {
                sections.change(at.to_f64(), opening);
            }
            // The tempo that a program begins with: no person chose it.
            DirectionKind::Metronome(_) if !first.is_printed => sections.change(at.to_f64(), None),
            _ => {}
        }
    }
    sections.change(score.end().to_f64(), None);
    sections.0
}

/// Sections so far; the last is open while its end is infinite.
#[derive(Default)]
struct Sections(Vec<Section>);

impl Sections {
    /// Ends what holds and lets another mark hold, if there is one.
    fn change(&mut self, at: f64, to: Option<MetronomeMark>) {
        if let Some(open) = self.0.last_mut().filter(|s| s.at[1] == f64::INFINITY) {
            let is_same = |mark: MetronomeMark| {
                let ratio = mark.secs_per_quarter() / open.mark.secs_per_quarter();
                ratio.log2().abs() < 1e-3
            };
            if to.is_some_and(is_same) {
                return;
            }
            open.at[1] = at;
        }
        self.0.retain(|section| section.at[0] < section.at[1]);
        self.0.extend(to.map(|mark| Section { mark, at: [at, f64::INFINITY] }));
    }
}

fn first_onset(score: &Score) -> Quarters {
    score.notes.first().map_or(Quarters::ZERO, |n| n.onset)
}

/// Whether a text means the tempo of the beginning.
fn is_first_tempo(text: &str) -> bool {
    let text = text.to_lowercase();
    ["tempo i", "tempo 1", "primo"].iter().any(|words| text.contains(words)) && !text.contains("in tempo")
}

/// So many quarters, a note on each, with directions as (quarter, kind, text).
#[cfg(test)]
pub(super) fn score_of(quarters: i64, directions: &[(i64, DirectionKind, &str)]) -> Score {
    let direction = |(at, kind, text): &(i64, DirectionKind, &str)| notation::Direction {
        onset: Quarters::whole(*at),
        end: None,
        part: 0,
        staff: None,
        kind: *kind,
        text: (*text).to_owned(),
    };
    let note = |k| {
        let (onset, duration) = (Quarters::whole(k), Quarters::whole(1));
        notation::Note { onset, duration, ..notation::Note::default() }
    };
    Score {
        notes: (0..quarters).map(note).collect(),
        directions: directions.iter().map(direction).collect(),
        ..Score::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use DirectionKind::{ATempo, Metronome, Tempo};

    const START: f64 = f64::NEG_INFINITY;

    fn found(quarters: i64, directions: &[(i64, DirectionKind, &str)]) -> Vec<(f64, [f64; 2])> {
        let sections = sections(&score_of(quarters, directions));
        sections.iter().map(|section| (section.mark.per_minute, section.at)).collect()
    }

    #[test]
    fn a_mark_holds_up_to_the_next_word_or_mark() {
        let marked = found(
            64,
            &[
                (1, Metronome(66.0), "quarter = 66"),
                (12, Tempo(None), "Più mosso"),
                (24, Metronome(90.0), "quarter. = 60"),
                (30, Metronome(50.0), ""),
                (40, ATempo, "Tempo I"),
            ],
        );
        assert_eq!(marked, [(66.0, [START, 12.0]), (60.0, [24.0, 40.0]), (66.0, [40.0, 64.0])]);
    }

    #[test]
    fn a_late_mark_says_nothing_of_what_is_before_it() {
        assert_eq!(found(24, &[(8, Metronome(90.0), "quarter = 90")]), [(90.0, [8.0, 24.0])]);
    }

    /// As in a minuet without a mark, whose trio has one.
    #[test]
    fn a_beginning_without_a_mark_comes_back_without_one() {
        let back = [(16, Metronome(60.0), "quarter = 60"), (32, ATempo, "Tempo I")];
        assert_eq!(found(48, &back), [(60.0, [16.0, 32.0])]);
    }

    #[test]
    fn a_few_quarters_are_no_section_unless_they_are_the_piece() {
        let slower = [
            (0, Metronome(100.0), ""),
            (16, Metronome(80.0), ""),
            (20, Metronome(60.0), ""),
            (23, Metronome(100.0), ""),
        ];
        assert_eq!(found(40, &slower), [(100.0, [START, 16.0]), (100.0, [23.0, 40.0])]);
        assert_eq!(found(4, &[(0, Metronome(66.0), "")]), [(66.0, [START, 4.0])]);
        assert_eq!(found(40, &[(36, Metronome(66.0), "quarter = 66")]), []);
    }

    #[test]
    fn marks_that_say_the_same_again_are_one() {
        let again = [(0, Metronome(85.0), "quarter = 85"), (16, Metronome(85.0), "quarter = 85")];
        assert_eq!(found(40, &again), [(85.0, [START, 40.0])]);
    }

    #[test]
    fn the_tempo_of_programs_ends_what_is_marked_for_playback() {
        let back = [(0, Metronome(120.0), ""), (8, Metronome(77.0), ""), (24, Metronome(120.0), "")];
        assert_eq!(found(40, &back), [(77.0, [8.0, 24.0])]);
    }
}
