//! Metronome marks and tempo words as one number each, and which marks are on the page.

use std::collections::HashSet;

use notation::{Direction, DirectionKind, MetronomeMark, Quarters, Score};

/// The tempo mark in force. A piece that states its tempo a little after its first note still has
/// it there.
pub fn mark_at(tempi: &[(f64, f64)], at: f64) -> Option<(f64, f64)> {
    let next = tempi.partition_point(|(q, _)| *q <= at);
    next.checked_sub(1).and_then(|k| tempi.get(k)).or(tempi.first()).copied()
}

/// Metronome marks and known tempo words as (quarters, log2 of quarters per minute over 120).
pub fn marked_tempi(score: &Score) -> Vec<(f64, f64)> {
    let marks = score.directions.iter().filter_map(|d| match d.kind {
        DirectionKind::Metronome(bpm) | DirectionKind::Tempo(Some(bpm)) if bpm > 0.0 => {
            Some((d.onset.to_f64(), (bpm / 120.0).log2()))
        }
        _ => None,
    });
    marks.collect()
}

/// Quarters a minute that notation programs print where nobody chose a tempo.
const OF_PROGRAMS: f64 = 120.0;

/// So many quarters after the first note a mark still is that of the beginning.
const EARLY_QUARTERS: i64 = 4;

/// The metronome marks on the page that somebody wrote. Where all say quarter = 120 and none stands
/// with a tempo word, a program wrote them and there are none.
pub fn visible(score: &Score) -> Vec<MetronomeMark> {
    let marks: Vec<_> = score.directions.iter().filter_map(Direction::metronome_mark).collect();
    let words = score.directions.iter().filter(|d| matches!(d.kind, DirectionKind::Tempo(_)));
    let words: HashSet<Quarters> = words.map(|d| d.onset).collect();
    let has_word = |mark: &MetronomeMark| words.contains(&mark.onset);
    let is_of_program = |mark: &MetronomeMark| {
        mark.beat == Quarters::whole(1) && (mark.per_minute - OF_PROGRAMS).abs() < 0.5 && !has_word(mark)
    };
    if marks.iter().all(is_of_program) { Vec::new() } else { marks }
}

/// Where the marks on the page hold, in quarters from and to: each up to the next, or to a tempo word
/// without a number, after which nobody knows; *Tempo I* brings the first back.
pub fn governed(score: &Score) -> Vec<(MetronomeMark, [f64; 2])> {
    let marks = visible(score);
    let Some(first) = marks.first().copied() else { return Vec::new() };
    let end = score.end().to_f64();
    let mut stretches: Vec<(MetronomeMark, [f64; 2])> = Vec::new();
    let mut holds: Option<(MetronomeMark, f64)> = None;
    let mut change = |at: f64, to: Option<MetronomeMark>| {
        if let Some((mark, from)) = holds.take().filter(|(_, from)| *from < at) {
            stretches.push((mark, [from, at]));
        }
        holds = to.map(|mark| (mark, at));
    };
    let mut next = 0;
    for direction in &score.directions {
        let at = direction.onset;
        if marks.get(next).is_some_and(|mark| mark.onset == at) {
            let is_early = next == 0 && at <= first_onset(score) + Quarters::whole(EARLY_QUARTERS);
            change(if is_early { f64::NEG_INFINITY } else { at.to_f64() }, Some(marks[next]));
            next += 1 + marks[next + 1..].iter().take_while(|mark| mark.onset == at).count();
            continue;
        }
        // What stands with a mark is told by the mark.
        if marks.binary_search_by_key(&at, |mark| mark.onset).is_ok() {
            continue;
        }
        match direction.kind {
            DirectionKind::Tempo(_) => change(at.to_f64(), None),
            DirectionKind::ATempo if is_first_tempo(&direction.text) && next > 0 => {
                change(at.to_f64(), Some(first));
            }
            _ => {}
        }
    }
    change(end, None);
    stretches
}

fn first_onset(score: &Score) -> Quarters {
    score.notes.first().map_or(Quarters::ZERO, |n| n.onset)
}

/// Whether a text asks for the tempo of the beginning.
fn is_first_tempo(text: &str) -> bool {
    let text = text.to_lowercase();
    ["tempo i", "tempo 1", "primo"].iter().any(|words| text.contains(words)) && !text.contains("in tempo")
}

#[cfg(test)]
mod tests {
    use notation::Note;

    use super::*;

    /// Sixteen quarters with directions as (quarter, kind, text).
    fn score(directions: &[(i64, DirectionKind, &str)]) -> Score {
        let direction = |(at, kind, text): &(i64, DirectionKind, &str)| Direction {
            onset: Quarters::whole(*at),
            end: None,
            part: 0,
            staff: None,
            kind: *kind,
            text: (*text).to_owned(),
        };
        let note = |k| Note { onset: Quarters::whole(k), ..Note::default() };
        Score {
            notes: (0..16).map(note).collect(),
            directions: directions.iter().map(direction).collect(),
            ..Score::default()
        }
    }

    use DirectionKind::{ATempo, Metronome, Tempo};

    #[test]
    fn what_programs_print_by_themselves_is_no_mark() {
        assert_eq!(visible(&score(&[(0, Metronome(120.0), "quarter = 120")])), []);
        assert_eq!(visible(&score(&[(0, Metronome(66.0), "")])), []);
        let chosen = [(0, Tempo(Some(132.0)), "Allegro"), (0, Metronome(120.0), "quarter = 120")];
        assert_eq!(visible(&score(&chosen)).len(), 1);
        assert_eq!(visible(&score(&[(0, Metronome(120.0), "half = 60")])).len(), 1);
        let two = [(0, Metronome(120.0), "quarter = 120"), (8, Metronome(60.0), "quarter = 60")];
        assert_eq!(visible(&score(&two)).len(), 2);
    }

    #[test]
    fn a_mark_holds_up_to_the_next_word_or_mark() {
        let pieces = score(&[
            (1, Metronome(66.0), "quarter = 66"),
            (6, Tempo(None), "Più mosso"),
            (8, Metronome(90.0), "quarter. = 60"),
            (10, Metronome(50.0), ""),
            (12, ATempo, "Tempo I"),
        ]);
        let holds: Vec<_> = governed(&pieces).iter().map(|(m, at)| (m.per_minute, *at)).collect();
        let start = f64::NEG_INFINITY;
        assert_eq!(holds, [(66.0, [start, 6.0]), (60.0, [8.0, 12.0]), (66.0, [12.0, 16.0])]);
    }

    #[test]
    fn a_late_mark_says_nothing_of_what_is_before_it() {
        let holds = governed(&score(&[(8, Metronome(90.0), "quarter = 90")]));
        assert_eq!(holds.iter().map(|(_, at)| *at).collect::<Vec<_>>(), [[8.0, 16.0]]);
    }
}
