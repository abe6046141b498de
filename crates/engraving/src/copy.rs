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
use notation::{NoteId, PrintedScore, Quarters};

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
    /// Indices into its measures; the number of a measure is its place on the page.
    pub measures: Vec<Vec<u32>>,
}

/// Copies a page.
pub(crate) fn copy(mut printed: PrintedScore) -> Result<Copy, WriteError> {
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
    Ok(Copy { music_xml, named: Named { notes, measures: printed.measures } })
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
    use notation::{Measure, Note, Part, Score, Sign, SignKind, TimeSignature};

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

    /// A page of bars with a note each; every second one is played twice.
    fn page(bars: u32) -> PrintedScore {
        let measures = (0..bars).map(|bar| Measure::regular(bar, TimeSignature::default()));
        let note = |bar: u32| Note {
            id: NoteId { written: bars - bar, pass: 1 },
            onset: Quarters::whole(4 * i64::from(bar)),
            duration: Quarters::whole(if bar + 1 < bars { 6 } else { 4 }),
            pitch: 60,
            measure: bar,
            ..Note::default()
        };
        let played = |bar: u32| if bar % 2 == 0 { vec![bar] } else { vec![bar, 100 + bar] };
        PrintedScore {
            score: Score {
                parts: vec![Part { id: "P1".into(), name: "Piano".into(), staves: 1 }],
                measures: measures.collect(),
                notes: (0..bars).map(note).collect(),
                ..Score::default()
            },
            notes: (0..bars).map(played).collect(),
            measures: (0..bars).map(played).collect(),
            signs: (0..bars).map(|measure| Sign { measure, kind: SignKind::RepeatStart }).collect(),
        }
    }

    #[test]
    fn names_mean_all_times_that_something_is_played() {
        let named = copy(page(3)).unwrap().named;
        assert_eq!(named.measures, [vec![0], vec![1, 101], vec![2]]);
        // The names of notes go the other way.
        assert_eq!(named.notes, [vec![2], vec![1, 101], vec![0]]);
    }

    #[test]
    fn the_beginning_is_a_page_of_its_own() {
        let first = beginning(&page(10), 2).unwrap();
        assert_eq!(first.measures, [vec![0], vec![1, 101], vec![2]]);
        assert_eq!((first.score.measures.len(), first.notes, first.signs.len()), (3, first.measures, 3));
        assert_eq!(first.score.notes[2].duration, Quarters::whole(4), "no note goes on after its end");
        assert_eq!(beginning(&page(5), 2), None, "half of it is most of it");
    }

    #[test]
    fn numbers_without_width_differ() {
        let texts: std::collections::HashSet<String> = (0..100).map(without_width).collect();
        assert_eq!(texts.len(), 100);
        assert!(texts.iter().all(|text| text.chars().all(|c| DIGITS.contains(&c))));
    }
}
