//! Swing that the score prescribes, in what is played.

use notation::{Quarters, Score};

use crate::codec;
use crate::played::SHORTEST_PRESS_SECS;
use crate::{Performance, PlayedNote};

/// Swings a performance that was played evenly: where the score prescribes long and short pairs, notes
/// begin and end later by what their places ([`Score::swung`]) are later on the tempo curve.
pub fn apply(score: &Score, played: &mut Performance) {
    if score.swing.iter().all(|(_, swing)| swing.is_even()) {
        return;
    }
    let curve = codec::encode(score, played).curve();
    let later_secs = |at: Quarters| curve.secs_at(score.swung(at).to_f64()) - curve.secs_at(at.to_f64());
    for PlayedNote { note, onset_secs, duration_secs, .. } in &mut played.notes {
        let Some(written) = score.notes.get(*note as usize) else { continue };
        let (begins_later, ends_later) = (later_secs(written.onset), later_secs(written.offset()));
        *onset_secs += begins_later;
        let shortest_secs = duration_secs.min(SHORTEST_PRESS_SECS);
        *duration_secs = (*duration_secs + ends_later - begins_later).max(shortest_secs);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::deadpan;
    use notation::{ImportOptions, Swing, read_score};

    /// A bar of eighths after a pick-up of one eighth.
    fn eighths() -> Score {
        let note = "<note><pitch><step>C</step><octave>4</octave></pitch><duration>1</duration></note>";
        let text = format!(
            "<score-partwise><part-list><score-part id='P1'><part-name/></score-part></part-list><part id='P1'>\
             <measure number='0' implicit='yes'><attributes><divisions>2</divisions><time><beats>2</beats>\
             <beat-type>4</beat-type></time></attributes>{note}</measure>\
             <measure number='1'>{}</measure></part></score-partwise>",
            note.repeat(4)
        );
        read_score("eighths", text.as_bytes(), &ImportOptions::default()).unwrap()
    }

    fn quarters(score: &Score, played: &Performance, period_secs: f64) -> Vec<f64> {
        let second = played.notes[1].onset_secs;
        let at = |n: &PlayedNote| (n.onset_secs - second) / period_secs;
        assert_eq!(played.notes.len(), score.notes.len());
        played.notes.iter().map(|n| (at(n) * 1e6).round() / 1e6).collect()
    }

    #[test]
    fn pairs_are_long_and_short_in_the_deadpan_and_in_what_was_played_evenly() {
        let even = eighths();
        let mut swung = even.clone();
        swung.swing.push((Quarters::whole(-9), Swing { first: 2, second: 1, ..Swing::default() }));
        let expected = [-0.333_333, 0.0, 0.666_667, 1.0, 1.666_667];
        assert_eq!(quarters(&swung, &deadpan(&swung), 0.6), expected);

        // Half as fast, with short notes. Where no tempo is named a quarter is 0.6 s.
        let mut played = deadpan(&even);
        for note in &mut played.notes {
            note.onset_secs *= 2.0;
            note.duration_secs = 0.25;
        }
        let before = played.clone();
        apply(&even, &mut played);
        assert_eq!(played, before, "nothing is changed where nothing is swung");
        apply(&swung, &mut played);
        assert_eq!(quarters(&swung, &played, 1.2), expected);
        let longer_secs = played.notes[1].duration_secs - 0.25;
        assert!((longer_secs - 0.2).abs() < 1e-6, "{longer_secs}");
        assert!(played.notes[2].duration_secs < 0.25);
    }
}
