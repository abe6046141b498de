//! What of a score cannot be told apart by what is heard.

use std::collections::HashMap;

use notation::{Grace, Quarters, Score};

/// A bar as it sounds: offset, pitch, duration, staff, voice and grace of each note.
type Content = Vec<(Quarters, u8, Quarters, u8, u8, Option<Grace>)>;

/// A name for each note of a score. Notes have the same name if they stand in the same place of bars that
/// have the same notes: a bar that is played again because of a repeat sign, or that is written again.
pub fn names(score: &Score) -> Vec<(u32, u32)> {
    let mut bars: HashMap<Content, u32> = HashMap::new();
    let mut names = vec![(0, 0); score.notes.len()];
    for (measure, bar) in (0_u32..).zip(&score.measures) {
        let place = |k: usize| {
            let note = &score.notes[k];
            (note.onset - bar.start, note.pitch, note.duration, note.staff, note.voice, note.grace)
        };
        let within = score.notes_in_measures(measure as usize..measure as usize + 1);
        let mut notes: Vec<usize> = within.collect();
        notes.sort_by_key(|k| {
            let (onset, pitch, duration, staff, voice, grace) = place(*k);
            (onset, pitch, duration, staff, voice, grace.is_some(), score.notes[*k].id.written)
        });
        let content: Content = notes.iter().map(|k| place(*k)).collect();
        let name = *bars.entry(content).or_insert(measure);
        for (place, note) in (0..).zip(notes) {
            names[note] = (name, place);
        }
    }
    names
}

/// The notes of a score as lines: identifier, name, onset and duration in quarters, pitch, voice, staff, and
/// whether it is a grace note.
pub fn write(score: &Score) -> String {
    let mut text = String::from("id\tname\tonset\tduration\tpitch\tvoice\tstaff\tgrace\n");
    for (note, (bar, place)) in score.notes.iter().zip(names(score)) {
        let (onset, duration) = (note.onset.to_f64(), note.duration.to_f64());
        let (id, pitch, grace) = (note.id, note.pitch, u8::from(note.grace.is_some()));
        let (voice, staff) = (note.voice, note.staff);
        text += &format!("{id}\t{bar}.{place}\t{onset}\t{duration}\t{pitch}\t{voice}\t{staff}\t{grace}\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use notation::{Measure, Note, NoteId, TimeSignature};

    use super::*;

    #[test]
    fn equal_bars_have_equal_names_and_others_have_not() {
        let measures = (0..3).map(|k| Measure::regular(k, TimeSignature::default())).collect();
        let note = |k: u32, pitch: u8| Note {
            id: NoteId { written: k, pass: 1 },
            onset: Quarters::whole(4 * i64::from(k)),
            measure: k,
            pitch,
            ..Note::default()
        };
        let score =
            Score { measures, notes: vec![note(0, 60), note(1, 62), note(2, 60)], ..Score::default() };
        let names = names(&score);
        assert_eq!(names[0], names[2]);
        assert_ne!(names[0], names[1]);
    }
}
