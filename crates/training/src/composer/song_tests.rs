use super::*;

fn note(onset: i64, duration: i64, pitch: u8) -> Note {
    let [onset, duration] = [onset, duration].map(|steps| Quarters::new(steps, STEPS));
    Note { onset, duration, pitch, ..Note::default() }
}

fn told(notes: Vec<Note>) -> Vec<(i64, i64, u8)> {
    let score = settled(Score { notes, ..Score::default() });
    score.notes.iter().map(|note| (steps(note.onset), steps(note.duration), note.pitch)).collect()
}

#[test]
fn thirds_among_sixteenths_are_sixteenths() {
    // A quarter with its second sixteenth, and one third that was meant as the fourth sixteenth.
    let found = told(vec![note(0, 4, 60), note(3, 1, 62), note(8, 5, 64)]);
    assert_eq!(found, [(0, 3, 60), (3, 3, 62), (9, 6, 64)]);
    // The next quarter is one of thirds.
    let found = told(vec![note(3, 3, 62), note(12, 4, 60), note(16, 4, 62), note(20, 3, 64)]);
    assert_eq!(found, [(3, 3, 62), (12, 3, 60), (16, 4, 62), (20, 4, 64)]);
}

#[test]
fn what_falls_on_one_place_is_one_note() {
    let found = told(vec![note(3, 3, 62), note(4, 3, 60), note(4, 3, 62)]);
    assert_eq!(found, [(3, 3, 60), (3, 3, 62)]);
}
