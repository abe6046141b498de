//! Which metronome marks were chosen by a person.
//!
//! A number that is printed was chosen. So was one that is in the file for playback alone (`<sound tempo>`
//! beside *Allegro*, a tempo event of a MIDI file): whoever typed the score chose it, in the corpus with
//! care for each movement (232 for one *Allegro*, 98 for another), and heard the piece that way. Where
//! numbers are printed, those for playback are details of a rendering, written to imitate rubato, and do not
//! count. What no person chose is left out: quarter = 120, with which programs begin by themselves.
//!
//! An importer keeps the text of what is printed; a [`DirectionKind::Metronome`] without text is for
//! playback. A tempo word carries the number that it stands with, or else the one that such words usually
//! mean ([`notation::words`]); only a number that is not the usual one was chosen.

use std::collections::{HashMap, HashSet};

use notation::{Direction, DirectionKind, MetronomeMark, Quarters, Score, words};

/// Quarters a minute that programs write where no person chose a tempo.
const OF_PROGRAMS: f64 = 120.0;

/// Whether a number is the one of programs, in quarters a minute.
fn is_of_programs(quarters_per_minute: f64) -> bool {
    (quarters_per_minute - OF_PROGRAMS).abs() < 0.5
}

/// The marks that a person chose, in order: those on the page, or where there are none those for playback.
pub(super) fn meant(score: &Score) -> Vec<MetronomeMark> {
    let marks = printed(score);
    if marks.is_empty() { for_playback(score) } else { marks }
}

/// The metronome marks on the page that a person wrote. Where all say quarter = 120 and none stands
/// with a tempo word, a program wrote them and there are none.
fn printed(score: &Score) -> Vec<MetronomeMark> {
    let marks: Vec<_> = score.directions.iter().filter_map(Direction::metronome_mark).collect();
    let words = score.directions.iter().filter(|d| matches!(d.kind, DirectionKind::Tempo(_)));
    let words: HashSet<Quarters> = words.map(|d| d.onset).collect();
    let is_of_program = |mark: &MetronomeMark| {
        mark.beat == Quarters::whole(1) && is_of_programs(mark.per_minute) && !words.contains(&mark.onset)
    };
    if marks.iter().all(is_of_program) { Vec::new() } else { marks }
}

/// The tempi for playback that a person chose, counted in what the metre counts. A file that begins with
/// 120 quarters a minute comes back to it though no person chose that, so none of its 120 counts, whatever
/// word stands with it.
fn for_playback(score: &Score) -> Vec<MetronomeMark> {
    let mut usual = HashMap::new();
    let tempi = score.directions.iter().filter_map(|d| Some((d.onset, playback(d, &mut usual)?)));
    let mut marks: Vec<MetronomeMark> = Vec::new();
    for (onset, quarters_per_minute) in tempi {
        let beat = score.time_signature_at(onset).beat_length();
        let per_minute = quarters_per_minute / beat.to_f64();
        marks.push(MetronomeMark { onset, beat, per_minute, is_printed: false });
    }
    let is_default = |mark: &MetronomeMark| is_of_programs(60.0 / mark.secs_per_quarter());
    if marks.first().is_some_and(is_default) {
        marks.retain(|mark| !is_default(mark));
    }
    marks
}

/// The tempo for playback of a direction, in quarters a minute. What texts usually mean is looked up once,
/// since scores have the same few again and again.
fn playback<'a>(direction: &'a Direction, usual: &mut HashMap<&'a str, Option<f64>>) -> Option<f64> {
    let tempo = match direction.kind {
        DirectionKind::Metronome(tempo) if direction.text.is_empty() => tempo,
        DirectionKind::Tempo(Some(tempo)) => {
            let text = direction.text.as_str();
            let usual = *usual.entry(text).or_insert_with(|| usual_tempo(text));
            let is_usual = usual.is_some_and(|usual| (usual / tempo).log2().abs() < 1e-6);
            (!is_usual).then_some(tempo)?
        }
        _ => return None,
    };
    (tempo.is_finite() && tempo > 0.0).then_some(tempo)
}

/// What a tempo word means where no number stands with it, in quarters a minute.
fn usual_tempo(text: &str) -> Option<f64> {
    words::meanings(text)
        .into_iter()
        .find_map(|kind| if let DirectionKind::Tempo(tempo) = kind { tempo } else { None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tempo_marks::sections::score_of;
    use DirectionKind::{Metronome, Ritardando, Tempo};

    #[test]
    fn what_programs_print_by_themselves_is_no_mark() {
        let count = |directions: &[(i64, DirectionKind, &str)]| printed(&score_of(16, directions)).len();
        assert_eq!(count(&[(0, Metronome(120.0), "quarter = 120")]), 0);
        assert_eq!(count(&[(0, Metronome(66.0), "")]), 0);
        let chosen = [(0, Tempo(Some(132.0)), "Allegro"), (0, Metronome(120.0), "quarter = 120")];
        assert_eq!(count(&chosen), 1);
        assert_eq!(count(&[(0, Metronome(120.0), "half = 60")]), 1);
        assert_eq!(count(&[(0, Metronome(120.0), "quarter = 120"), (8, Metronome(60.0), "quarter = 60")]), 2);
    }

    #[test]
    fn tempi_for_playback_count_unless_a_program_put_them_there() {
        let found = |directions: &[(i64, DirectionKind, &str)]| -> Vec<(f64, bool)> {
            meant(&score_of(16, directions)).iter().map(|m| (m.per_minute, m.is_printed)).collect()
        };
        assert_eq!(found(&[(0, Metronome(66.0), "")]), [(66.0, false)]);
        assert_eq!(found(&[(0, Tempo(Some(232.0)), "Allegro")]), [(232.0, false)]);
        // What the word means anyway, and what programs begin with, even beside a word.
        assert_eq!(found(&[(0, Tempo(Some(132.0)), "Allegro")]), []);
        assert_eq!(found(&[(0, Metronome(120.0), "")]), []);
        assert_eq!(found(&[(0, Tempo(Some(120.0)), "Maestoso")]), []);
        // Back to the 120 of the beginning, and up to a 120 that was chosen.
        let back = [(0, Metronome(120.0), ""), (4, Metronome(77.0), ""), (8, Metronome(120.0), "")];
        assert_eq!(found(&back), [(77.0, false)]);
        let chosen = [(0, Metronome(60.0), ""), (8, Tempo(Some(120.0)), "Presto")];
        assert_eq!(found(&chosen), [(60.0, false), (120.0, false)]);
        // A mark on the page outranks the details of a rendering.
        let both = [(0, Metronome(66.0), "quarter = 66"), (8, Ritardando, "rit."), (8, Metronome(50.0), "")];
        assert_eq!(found(&both), [(66.0, true)]);
        assert_eq!(found(&[(0, Metronome(0.0), ""), (0, Metronome(f64::NAN), "")]), []);
    }

    #[test]
    fn a_tempo_for_playback_is_counted_as_the_metre_counts() {
        let mut score = score_of(16, &[(0, Metronome(90.0), "")]);
        score.time_signatures = vec![(Quarters::ZERO, notation::TimeSignature { beats: 6, beat_type: 8 })];
        assert_eq!(for_playback(&score)[0].text(), "dotted quarter = 60");
    }
}
