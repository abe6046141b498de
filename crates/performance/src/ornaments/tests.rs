#![allow(clippy::unwrap_used)]

use notation::{Grace, KeySignature, Marks, Measure, Note, Quarters, Score, TimeSignature};

use super::*;
use crate::deadpan;
use crate::midi::{ExportMode, ExportOptions, export, match_to_score, read_performance};

/// A melody in the right hand with one sign at its third note, over a bass; 4/4.
fn score(pitches: &[u8], quarters: i64, signs: Marks, composer: &str) -> Score {
    let time = TimeSignature::default();
    let mut score = Score {
        composer: Some(composer.to_owned()),
        time_signatures: vec![(Quarters::ZERO, time)],
        key_signatures: vec![(Quarters::ZERO, KeySignature::default())],
        ..Score::default()
    };
    let bars = (pitches.len() as i64 * quarters + 3) / 4;
    score.measures = (0..bars as u32).map(|k| Measure::regular(k, time)).collect();
    for (k, pitch) in pitches.iter().enumerate() {
        let onset = Quarters::whole(k as i64 * quarters);
        let measure = (k as i64 * quarters / 4) as u32;
        let marks = if k == 2 { signs } else { Marks::empty() };
        let duration = Quarters::whole(quarters);
        let base = Note { onset, measure, duration, ..Note::default() };
        score.notes.push(Note { pitch: 48, staff: 2, voice: 2, ..base.clone() });
        score.notes.push(Note { pitch: *pitch, marks, ..base });
    }
    score
}

const LINE: [u8; 8] = [72, 74, 76, 77, 79, 77, 76, 72];

/// The strokes of the note with the sign.
fn ornament(score: &Score, played: &Performance) -> Vec<Stroke> {
    let strokes = strokes(score, &played.notes);
    strokes.into_iter().filter(|s| s.note == 5).collect()
}

fn pitches(strokes: &[Stroke]) -> Vec<u8> {
    strokes.iter().map(|s| s.pitch).collect()
}

#[test]
fn a_trill_alternates_at_human_speed_and_ends_on_its_note() {
    for (composer, first) in [("J. S. Bach", 77), ("Franz Schubert", 76), ("Offenbach", 76)] {
        let score = score(&LINE, 2, Marks::TRILL, composer);
        let played = deadpan(&score);
        let strokes = ornament(&score, &played);
        let main = played.get(5).unwrap();
        assert_eq!(strokes[0].pitch, first, "{composer}");
        assert_eq!(strokes.last().unwrap().pitch, 76);
        assert!(strokes.windows(2).all(|w| w[0].pitch != w[1].pitch));
        assert_eq!((strokes[0].onset_secs, strokes[0].velocity), (main.onset_secs, main.velocity));
        let rate = strokes.len() as f64 / main.duration_secs;
        assert!((9.0..15.0).contains(&rate), "{rate} strokes a second");
        let end = strokes.last().map(|s| s.onset_secs + s.duration_secs).unwrap();
        assert!(end <= main.onset_secs + main.duration_secs + 1e-9);
        let overlap = |w: &[Stroke]| w[0].onset_secs + w[0].duration_secs > w[1].onset_secs + 1e-9;
        assert!(!strokes.windows(2).any(overlap));
    }
}

#[test]
fn a_trill_leaves_room_for_its_closing_notes() {
    let mut score = score(&LINE, 2, Marks::TRILL, "Schubert");
    let closing =
        Note { onset: Quarters::whole(6), pitch: 74, duration: Quarters::ZERO, ..score.notes[5].clone() };
    let closing = Note { grace: Some(Grace::Acciaccatura), marks: Marks::empty(), measure: 1, ..closing };
    score.notes.insert(7, closing);
    score.notes.sort_by_key(|n| (n.onset, n.pitch));
    let played = deadpan(&score);
    let grace = played.notes.iter().find(|n| score.notes[n.note as usize].grace.is_some()).unwrap();
    let strokes = ornament(&score, &played);
    let end = strokes.last().map(|s| s.onset_secs + s.duration_secs).unwrap();
    assert!(end < grace.onset_secs && strokes.last().unwrap().pitch == 76);
}

#[test]
fn mordents_and_turns_as_their_signs_say() {
    let cases = [
        (Marks::MORDENT, vec![76, 74, 76]),
        (Marks::MORDENT | Marks::INVERTED, vec![76, 77, 76]),
        (Marks::TURN, vec![77, 76, 74, 76]),
        (Marks::TURN | Marks::INVERTED, vec![74, 76, 77, 76]),
        (Marks::TURN | Marks::DELAYED, vec![76, 77, 76, 74, 76]),
        (Marks::MORDENT | Marks::BELOW_SHARP, vec![76, 75, 76]),
        (Marks::TURN | Marks::ABOVE_SHARP | Marks::BELOW_SHARP, vec![78, 76, 75, 76]),
    ];
    for (signs, expected) in cases {
        let score = score(&LINE, 1, signs, "");
        let played = deadpan(&score);
        let strokes = ornament(&score, &played);
        assert_eq!(pitches(&strokes), expected, "{signs:?}");
        assert_eq!(strokes[0].onset_secs, played.get(5).unwrap().onset_secs);
    }
}

#[test]
fn neighbours_follow_the_key_and_the_bar() {
    let mut score = score(&LINE, 1, Marks::TURN, "");
    // Five flats: F above E flat, D flat below it; no D in the bar.
    score.key_signatures[0].1.fifths = -5;
    score.notes[3].pitch = 73;
    score.notes[5].pitch = 75;
    assert_eq!(pitches(&ornament(&score, &deadpan(&score))), [77, 75, 73, 75]);
    // A leading note in the bar is the lower neighbour.
    score.key_signatures[0].1.fifths = 0;
    score.notes[5].pitch = 81;
    score.notes[3].pitch = 80;
    assert_eq!(pitches(&ornament(&score, &deadpan(&score))), [83, 81, 80, 81]);
}

#[test]
fn a_tremolo_repeats_its_key() {
    let score = score(&LINE, 2, Marks::tremolo(2), "");
    let strokes = ornament(&score, &deadpan(&score));
    // Sixteenths of two quarters at 100 a minute.
    assert!((7..=8).contains(&strokes.len()), "{}", strokes.len());
    assert!(strokes.iter().all(|s| s.pitch == 76));
}

#[test]
fn the_ornament_goes_with_its_note() {
    let score = score(&LINE, 2, Marks::TRILL, "Bach");
    let mut played = deadpan(&score);
    let before = ornament(&score, &played);
    played.notes[5].velocity = 100;
    let louder = ornament(&score, &played);
    assert_eq!(louder[0].velocity, 100);
    assert!(louder.iter().zip(&before).all(|(a, b)| a.velocity == b.velocity + 36));
    played.notes[5].onset_secs += 0.05;
    assert_eq!(ornament(&score, &played)[0].onset_secs, before[0].onset_secs + 0.05);
}

#[test]
fn a_short_note_is_played_alone() {
    let score = score(&LINE, 1, Marks::TRILL, "");
    let mut played = deadpan(&score);
    for note in &mut played.notes {
        note.onset_secs *= 0.1;
        note.duration_secs *= 0.1;
    }
    assert_eq!(ornament(&score, &played).len(), 1);
}

#[test]
fn ornaments_come_back_from_a_file_as_their_notes() {
    let signs = [Marks::TRILL, Marks::MORDENT, Marks::TURN, Marks::TURN | Marks::DELAYED, Marks::tremolo(3)];
    for (signs, composer) in signs.into_iter().flat_map(|s| [(s, "Bach"), (s, "Liszt")]) {
        let score = score(&LINE, 2, signs, composer);
        let mut played = deadpan(&score);
        played.notes.iter_mut().for_each(|n| n.velocity = 50 + (n.note * 7 % 40) as u8);
        for mode in [ExportMode::ScoreGrid, ExportMode::ExactTiming(97.0)] {
            let options = ExportOptions { mode, ..ExportOptions::default() };
            let exported = export(&score, &played, &options).unwrap();
            let midi = read_performance(&exported.bytes).unwrap();
            assert!(midi.notes.len() > score.notes.len(), "the file has the ornament");
            let again = match_to_score(&score, &midi);
            assert_eq!(again.notes.len(), played.notes.len(), "{signs:?} {composer}");
            for (a, b) in played.notes.iter().zip(&again.notes) {
                assert_eq!((a.note, a.velocity), (b.note, b.velocity), "{signs:?} {composer}");
                let shift = b.onset_secs - exported.offset_secs - a.onset_secs;
                assert!(shift.abs() < 0.002, "{signs:?} {composer}: note {} by {shift} s", a.note);
            }
            // Written once more it is the same file.
            let twice = strokes(&score, &again.notes);
            assert_eq!(twice.len(), strokes(&score, &played.notes).len());
        }
    }
}
