//! The page of a score as it is given to Verovio.
//!
//! Verovio finds the measure that a dynamic, a slur or a clef belongs to by the printed number, and notes
//! by their `id`. Numbers come back in a piece of several movements, or where repeats are written out, and
//! a measure that a repeat sign cuts in two has one name for both halves. So Verovio gets a copy in which
//! both are unique: measures are named by their place on the page, notes by their place in the order of
//! their own names, and numbers that have been there before are followed by characters without width.

use std::collections::HashMap;

use notation::musicxml::write::WriteError;
use notation::musicxml::write_printed;
use notation::{NoteId, PrintedScore, Quarters, Score};

use crate::layout::Pass;

/// The digits 0 and 1 without width: zero width space and zero width non-joiner.
pub(crate) const DIGITS: [char; 2] = ['\u{200b}', '\u{200c}'];

/// The bar line at the end of a piece.
const LAST: &str = "<bar-style>light-heavy</bar-style>";

/// The page of a score as MusicXML, and what is named in it.
#[derive(Clone, Debug)]
pub(crate) struct Copy {
    pub music_xml: String,
    pub named: Named,
}

/// What the numbers in the `id`s of notes and measures mean.
#[derive(Clone, Debug, Default)]
pub(crate) struct Named {
    /// Indices into the notes of the score that is played, of all times that a note is.
    pub notes: Vec<Vec<u32>>,
    /// The measures of the page, by their places on it.
    pub measures: Vec<NamedMeasure>,
}

/// A measure of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamedMeasure {
    pub passes: Vec<Pass>,
    pub length: Quarters,
}

/// The measures of the page of a score that is played.
fn measures(printed: &PrintedScore, played: &Score) -> Vec<NamedMeasure> {
    // Where the next part begins of measures that are cut on the page.
    let mut starts: Vec<Quarters> = played.measures.iter().map(|measure| measure.start).collect();
    let pages = printed.score.measures.iter().zip(&printed.measures);
    let named = pages.map(|(measure, times)| {
        let length = measure.end - measure.start;
        let passes = times.iter().filter_map(|time| {
            let next = starts.get_mut(*time as usize)?;
            let start = std::mem::replace(next, *next + length);
            Some(Pass { measure: *time, start })
        });
        NamedMeasure { passes: passes.collect(), length }
    });
    named.collect()
}

/// Copies a page of a score that is played, or the beginning of it.
pub(crate) fn copy(mut printed: PrintedScore, played: &Score) -> Result<Copy, WriteError> {
    let measures = measures(&printed, played);
    let score = &mut printed.score;
    // Grace notes are written in the order of their names.
    let mut order: Vec<usize> = (0..score.notes.len()).collect();
    order.sort_by_key(|index| score.notes[*index].id);
    for (index, written) in order.iter().zip(0..) {
        score.notes[*index].id = NoteId { written, pass: 1 };
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (measure, k) in score.measures.iter_mut().zip(0..) {
        (measure.written, measure.pass) = (k, 1);
        let before = seen.entry(measure.number.clone()).or_default();
        measure.number.push_str(&without_width(*before));
        *before += 1;
    }
    // Of a single instrument the name need not be said, and neither title nor composer on the page.
    if let [part] = &mut score.parts[..] {
        part.name.clear();
    }
    (score.title, score.composer) = (None, None);
    let music_xml = with_last_barlines(&write_printed(&printed)?);
    let notes = order.iter().map(|index| printed.notes[*index].clone()).collect();
    Ok(Copy { music_xml, named: Named { notes, measures } })
}

/// The text with a bar line at the end of each part that says that the piece is over, unless a repeat sign
/// says so.
fn with_last_barlines(text: &str) -> String {
    const RIGHT: &str = "<barline location=\"right\">";
    let mut whole = String::with_capacity(text.len() + 100);
    for part in text.split_inclusive("</part>") {
        let Some(end) = part.rfind("</measure>").filter(|_| part.ends_with("</part>")) else {
            whole.push_str(part);
            continue;
        };
        let measure = part[..end].rfind("<measure").unwrap_or(0);
        match part[measure..end].rfind(RIGHT).map(|at| measure + at + RIGHT.len()) {
            // The end of an ending has room for it.
            Some(inside) if is_plain(&part[inside..end]) => {
                whole.extend([&part[..inside], LAST, &part[inside..]]);
            }
            Some(_) => whole.push_str(part),
            None => whole.extend([&part[..end], RIGHT, LAST, "</barline>", &part[end..]]),
        }
    }
    whole
}

/// Whether the rest of a bar line does not say how it looks.
fn is_plain(barline: &str) -> bool {
    !barline.contains("<bar-style") && !barline.contains("<repeat")
}

/// A number in binary digits without width; nothing for 0.
fn without_width(mut number: usize) -> String {
    let mut text = String::new();
    while number > 0 {
        text.push(DIGITS[number % 2]);
        number /= 2;
    }
    text
}

/// The first measures of a page with at least so many notes, as a page of their own; nothing if there is
/// not much more to it.
pub(crate) fn beginning(printed: &PrintedScore, notes: usize) -> Option<PrintedScore> {
    let last = printed.score.notes.get(notes)?.measure as usize;
    let end = printed.score.measures.get(last)?.end;
    if printed.score.measures.len() < 2 * (last + 1) {
        return None;
    }
    let mut first = printed.clone();
    let score = &mut first.score;
    score.measures.truncate(last + 1);
    first.measures.truncate(last + 1);
    first.signs.retain(|sign| sign.measure as usize <= last);
    let count = score.notes.partition_point(|note| note.onset < end);
    score.notes.truncate(count);
    first.notes.truncate(count);
    first.ties.truncate(count);
    first.passes.truncate(count);
    for note in &mut score.notes {
        note.duration = note.duration.min(end - note.onset);
    }
    score.directions.retain(|direction| direction.onset < end);
    for direction in &mut score.directions {
        direction.end = direction.end.map(|stop| stop.min(end));
    }
    let is_before = |at: &Quarters| *at < end;
    score.time_signatures.retain(|(at, _)| is_before(at));
    score.key_signatures.retain(|(at, _)| is_before(at));
    score.swing.retain(|(at, _)| is_before(at));
    Some(first)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use notation::printed_score::Tied;
    use notation::{Measure, Note, Part, Sign, SignKind, TimeSignature};

    use super::*;

    #[test]
    fn each_part_ends_with_its_barline() {
        let part = "<part id=\"P1\"><measure/><measure><note/></measure></part>";
        let text = with_last_barlines(&format!("<score>{part}{part}</score>"));
        assert_eq!(text.matches("<note/><barline").count(), 2);
        assert_eq!(with_last_barlines("<score/>"), "<score/>");
    }

    #[test]
    fn the_last_barline_is_there_once() {
        let part = |barline: &str| format!("<part id=\"P1\"><measure>{barline}</measure></part>");
        let right = |inside: &str| part(&format!("<barline location=\"right\">{inside}</barline>"));
        let repeat = "<bar-style>light-heavy</bar-style><repeat direction=\"backward\"/>";
        assert_eq!(with_last_barlines(&right(repeat)), right(repeat));
        let ending = "<ending number=\"2\" type=\"stop\"/>";
        assert_eq!(with_last_barlines(&right(ending)), right(&format!("{LAST}{ending}")));
        // A repeat sign earlier in the part is none at its end.
        let two =
            format!("<part><measure><barline location=\"right\">{repeat}</barline></measure><measure/>");
        let two = format!("{two}<measure></measure></part>");
        assert_eq!(with_last_barlines(&two).matches("<barline").count(), 2);
    }

    /// A page of bars with a note each, and how it is played: every second one twice.
    fn page(bars: u32) -> (PrintedScore, Score) {
        let measures = |bars| (0..bars).map(|bar| Measure::regular(bar, TimeSignature::default()));
        let note = |bar: u32| Note {
            id: NoteId { written: bars - bar, pass: 1 },
            onset: Quarters::whole(4 * i64::from(bar)),
            duration: Quarters::whole(if bar + 1 < bars { 6 } else { 4 }),
            pitch: 60,
            measure: bar,
            ..Note::default()
        };
        let times = |bar: u32| if bar.is_multiple_of(2) { vec![bar] } else { vec![bar, 100 + bar] };
        let printed = PrintedScore {
            score: Score {
                parts: vec![Part { id: "P1".into(), name: "Piano".into(), staves: 1 }],
                measures: measures(bars).collect(),
                notes: (0..bars).map(note).collect(),
                ..Score::default()
            },
            notes: (0..bars).map(times).collect(),
            measures: (0..bars).map(times).collect(),
            signs: (0..bars).map(|measure| Sign { measure, kind: SignKind::RepeatStart }).collect(),
            ties: vec![Tied::default(); bars as usize],
            passes: vec![Vec::new(); bars as usize],
        };
        (printed, Score { measures: measures(200).collect(), ..Score::default() })
    }

    fn pass(measure: u32, start: i64) -> Pass {
        Pass { measure, start: Quarters::whole(start) }
    }

    #[test]
    fn names_mean_all_times_that_something_is_played() {
        let (printed, played) = page(3);
        let named = copy(printed, &played).unwrap().named;
        let passes: Vec<Vec<Pass>> = named.measures.into_iter().map(|measure| measure.passes).collect();
        assert_eq!(passes, [vec![pass(0, 0)], vec![pass(1, 4), pass(101, 404)], vec![pass(2, 8)]]);
        // The names of notes go the other way.
        assert_eq!(named.notes, [vec![2], vec![1, 101], vec![0]]);
    }

    #[test]
    fn a_measure_that_is_cut_on_the_page_goes_on_behind_the_cut() {
        let (mut printed, played) = page(2);
        printed.score.measures[0].end = Quarters::whole(1);
        printed.score.measures[1].start = Quarters::whole(1);
        printed.measures = vec![vec![3, 7], vec![3]];
        let named: Vec<NamedMeasure> = measures(&printed, &played);
        assert_eq!(named[0].passes, [pass(3, 12), pass(7, 28)]);
        assert_eq!((&named[1].passes[..], named[1].length), (&[pass(3, 13)][..], Quarters::whole(7)));
    }

    #[test]
    fn the_beginning_is_a_page_of_its_own() {
        let first = beginning(&page(10).0, 2).unwrap();
        assert_eq!(first.measures, [vec![0], vec![1, 101], vec![2]]);
        assert_eq!((first.score.measures.len(), &first.notes, first.signs.len()), (3, &first.measures, 3));
        assert_eq!((first.ties.len(), first.passes.len()), (3, 3));
        assert_eq!(first.score.notes[2].duration, Quarters::whole(4), "no note goes on after its end");
        assert_eq!(beginning(&page(5).0, 2), None, "half of it is most of it");
    }

    #[test]
    fn numbers_without_width_differ() {
        let texts: std::collections::HashSet<String> = (0..100).map(without_width).collect();
        assert_eq!(texts.len(), 100);
        assert!(texts.iter().all(|text| text.chars().all(|c| DIGITS.contains(&c))));
    }
}
