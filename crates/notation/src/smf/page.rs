//! What the page of a MIDI file shows above its notes. The file itself prints nothing.

use crate::marks::{Direction, DirectionKind};
use crate::metronome;
use crate::score::Score;
use crate::time::Quarters;

/// The tempo that programs write where nobody chose one, in quarters a minute.
const UNCHOSEN: f64 = 120.0;

/// Tempos that are nearer, in quarters a minute, are the same: files count whole microseconds.
const SAME: f64 = 0.05;

/// Gives the page of a score that was read from a MIDI file its heading: the name of the file as its title, unless
/// the file has one, and [its tempo](print_tempo).
pub fn print_heading(score: &mut Score, name: &str) {
    if score.title.as_deref().is_none_or(|title| title.trim().is_empty()) {
        score.title = Some(name.to_owned());
    }
    print_tempo(score);
}

/// Prints the first tempo as a metronome mark if somebody chose it: not the 120 that programs write by themselves,
/// and none that changes within the first bar, as those of played files do.
pub fn print_tempo(score: &mut Score) {
    let tempo = |(at, direction): (usize, &Direction)| match direction.kind {
        DirectionKind::Metronome(per_minute) => Some((at, direction.onset, per_minute)),
        _ => None,
    };
    let mut tempos = score.directions.iter().enumerate().filter_map(tempo);
    let Some((at, onset, per_minute)) = tempos.next() else { return };
    let end = score.measures.first().map_or(Quarters::ZERO, |measure| measure.end);
    let holds = tempos.next().is_none_or(|(_, next, _)| next >= end);
    let is_chosen = (per_minute - UNCHOSEN).abs() > SAME;
    let beat = score.time_signature_at(onset).beat_length();
    let is_printed = !score.directions[at].text.is_empty();
    if onset > Quarters::ZERO || !holds || !is_chosen || is_printed {
        return;
    }
    if let Some(text) = metronome::printed(beat, per_minute) {
        score.directions[at].text = text;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::score::{Measure, TimeSignature};

    /// Two bars with a tempo at each of these places.
    fn score(time: TimeSignature, tempos: &[(i64, f64)]) -> Score {
        let direction = |(onset, per_minute): &(i64, f64)| Direction {
            onset: Quarters::whole(*onset),
            end: None,
            part: 0,
            staff: None,
            kind: DirectionKind::Metronome(*per_minute),
            text: String::new(),
        };
        Score {
            measures: (0..2).map(|bar| Measure::regular(bar, time)).collect(),
            time_signatures: vec![(Quarters::ZERO, time)],
            directions: tempos.iter().map(direction).collect(),
            ..Score::default()
        }
    }

    fn mark(time: TimeSignature, tempos: &[(i64, f64)]) -> Option<String> {
        let mut score = score(time, tempos);
        print_tempo(&mut score);
        score.directions[0].metronome_mark().map(|mark| mark.text())
    }

    const COMMON: TimeSignature = TimeSignature { beats: 4, beat_type: 4 };

    #[test]
    fn a_chosen_tempo_is_printed_in_what_a_musician_counts() {
        // 909 091 microseconds a quarter.
        assert_eq!(mark(COMMON, &[(0, 60e6 / 909_091.0)]).as_deref(), Some("quarter = 66"));
        let compound = TimeSignature { beats: 6, beat_type: 8 };
        assert_eq!(mark(compound, &[(0, 90.0)]).as_deref(), Some("dotted quarter = 60"));
        assert_eq!(mark(COMMON, &[(0, 72.0), (4, 60.0)]).as_deref(), Some("quarter = 72"));
    }

    #[test]
    fn a_tempo_that_nobody_chose_is_not_printed() {
        assert_eq!(mark(COMMON, &[(0, 120.0)]), None);
        assert_eq!(mark(COMMON, &[(0, 72.0), (1, 75.0), (2, 71.0)]), None, "as it was played");
        assert_eq!(mark(COMMON, &[(4, 72.0)]), None, "the beginning has none");
    }

    #[test]
    fn the_name_of_the_file_is_the_title_where_there_is_none() {
        let titled = |title: Option<&str>| {
            let mut score = Score { title: title.map(str::to_owned), ..score(COMMON, &[(0, 120.0)]) };
            print_heading(&mut score, "sketch");
            score.title
        };
        assert_eq!(titled(None).as_deref(), Some("sketch"));
        assert_eq!(titled(Some(" ")).as_deref(), Some("sketch"));
        assert_eq!(titled(Some("Waltz")).as_deref(), Some("Waltz"));
    }
}
