//! A score as it is given to Verovio.
//!
//! Verovio finds the measure that a dynamic, a slur or a clef belongs to by the printed number, and notes
//! by their `id`. Where repeats are written out numbers come back, and a measure that a repeat sign cuts
//! in two has one name for both halves. So Verovio gets a copy in which both are unique: measures are
//! named by their index, notes by their place in the order of their own names, and numbers that have been
//! there before are followed by characters without width.

use std::collections::HashMap;

use notation::musicxml::write::{WriteError, write};
use notation::{NoteId, Quarters, Score};

/// The digits 0 and 1 without width: zero width space and zero width non-joiner.
pub(crate) const DIGITS: [char; 2] = ['\u{200b}', '\u{200c}'];

/// A score as MusicXML, and what is named in it.
#[derive(Clone, Debug)]
pub(crate) struct Copy {
    pub music_xml: String,
    /// Indices into [`Score::notes`] by the number in a note's `id`. That in a measure's is its index.
    pub notes: Vec<usize>,
}

/// Copies a score.
pub(crate) fn copy(mut score: Score) -> Result<Copy, WriteError> {
    // Grace notes are written in the order of their names.
    let mut notes: Vec<usize> = (0..score.notes.len()).collect();
    notes.sort_by_key(|index| score.notes[*index].id);
    for (index, written) in notes.iter().zip(0..) {
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
    Ok(Copy { music_xml: with_last_barlines(&write(&score)?), notes })
}

/// The text with a bar line at the end of each part that says that the piece is over.
fn with_last_barlines(text: &str) -> String {
    const BARLINE: &str = "<barline location=\"right\"><bar-style>light-heavy</bar-style></barline>";
    let mut whole = String::with_capacity(text.len() + 100);
    for part in text.split_inclusive("</part>") {
        match part.rfind("</measure>").filter(|_| part.ends_with("</part>")) {
            Some(end) => whole.extend([&part[..end], BARLINE, &part[end..]]),
            None => whole.push_str(part),
        }
    }
    whole
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

/// The first measures of a score with at least so many notes, as a score of their own; nothing if there
/// is not much more to it.
pub(crate) fn beginning(score: &Score, notes: usize) -> Option<Score> {
    let last = score.notes.get(notes)?.measure as usize;
    let end = score.measures.get(last)?.end;
    if score.measures.len() < 2 * (last + 1) {
        return None;
    }
    let mut first = score.clone();
    first.measures.truncate(last + 1);
    first.notes.retain(|note| note.onset < end);
    for note in &mut first.notes {
        note.duration = note.duration.min(end - note.onset);
    }
    first.directions.retain(|direction| direction.onset < end);
    for direction in &mut first.directions {
        direction.end = direction.end.map(|stop| stop.min(end));
    }
    let is_before = |at: &Quarters| *at < end;
    first.time_signatures.retain(|(at, _)| is_before(at));
    first.key_signatures.retain(|(at, _)| is_before(at));
    first.swing.retain(|(at, _)| is_before(at));
    Some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_ends_with_its_barline() {
        let part = "<part id=\"P1\"><measure/><measure><note/></measure></part>";
        let text = with_last_barlines(&format!("<score>{part}{part}</score>"));
        assert_eq!(text.matches("<note/><barline").count(), 2);
        assert_eq!(with_last_barlines("<score/>"), "<score/>");
    }

    #[test]
    fn numbers_without_width_differ() {
        let texts: std::collections::HashSet<String> = (0..100).map(without_width).collect();
        assert_eq!(texts.len(), 100);
        assert!(texts.iter().all(|text| text.chars().all(|c| DIGITS.contains(&c))));
    }
}
