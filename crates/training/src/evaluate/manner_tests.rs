#![allow(clippy::unwrap_used)]

use notation::{Measure, Note, NoteId, Quarters, Score, TimeSignature};
use performance::{Manner, Performance, deadpan};
use performers::finish::Finishing;
use performers::{
    Abilities, Job as Running, Knob, PerformError, Performer, PerformerInfo, ReferenceKnob, Request, Run,
};

use super::*;
use crate::datasets::Human;

/// Plays as loud and as short as the reference: level and articulation are carried over, all else is not.
struct Mimic;

const LIKE: Knob =
    Knob::Reference(ReferenceKnob { id: "like", name: "Like", description: "Whose level.", enables: &[] });

impl Performer for Mimic {
    fn info(&self) -> PerformerInfo {
        PerformerInfo {
            id: "mimic",
            name: "Mimic",
            description: "Plays as loud as the reference.",
            abilities: Abilities::default(),
            knobs: &[LIKE],
            finishing: Finishing { final_ritard: 0.0, pedal_changes: false, pauses: false },
        }
    }

    fn perform(&self, request: &Request<'_>, _: &Run<'_>) -> Result<Performance, PerformError> {
        let told = request.controls.knobs.get("like").and_then(|value| value.manner());
        let numbers = told.map_or_else(|| vec![64.0, 1.0], |manner| manner.numbers.clone());
        let inside = request.region.notes(request.score);
        let mut played = deadpan(request.score);
        played.notes.retain(|note| inside.contains(&note.note));
        for note in &mut played.notes {
            note.velocity = numbers[0] as u8 + (note.note % 5) as u8;
            note.duration_secs *= f64::from(numbers[1]);
        }
        Ok(played)
    }

    fn manner(
        &self,
        score: &Score,
        played: &Performance,
        name: &str,
        _: &Running,
    ) -> Result<Manner, PerformError> {
        let literal = deadpan(score);
        let count = played.notes.len() as f32;
        let level = played.notes.iter().map(|note| f32::from(note.velocity)).sum::<f32>() / count;
        let length = played.notes[0].duration_secs / literal.notes[0].duration_secs;
        Ok(Manner { name: name.into(), model: "mimic".into(), numbers: vec![level, length as f32] })
    }
}

/// Bars of eighths that four people play, each louder and shorter than the one before.
fn piece(title: &str, bars: u32, level: u8) -> Piece {
    let note = |k: u32| Note {
        id: NoteId { written: k, pass: 1 },
        onset: Quarters::new(i64::from(k), 2),
        duration: Quarters::new(1, 2),
        pitch: 60 + (k % 7) as u8,
        measure: k / 8,
        staff: 1,
        voice: 1,
        ..Note::default()
    };
    let mut score = Score { notes: (0..bars * 8).map(note).collect(), ..Score::default() };
    let time = TimeSignature { beats: 4, beat_type: 4 };
    score.measures = (0..bars).map(|k| Measure::regular(k, time)).collect();
    let human = |k: u8| {
        let mut performance = deadpan(&score);
        for note in &mut performance.notes {
            // Everybody accents other notes, else they would be one recording.
            note.velocity = level + 6 * k + ((note.note * (u32::from(k) + 2)) % 11) as u8;
            note.duration_secs *= 1.0 - 0.15 * f64::from(k);
        }
        let flags = vec![performance::metrics::NoteFlags::default(); performance.notes.len()];
        Human { midi: format!("{k}.mid"), performance, flags }
    };
    let humans = (0..4).map(human).collect();
    Piece { composer: "Nobody".into(), title: title.into(), folder: title.into(), score, humans }
}

fn report(options: &Options) -> MannerReport {
    let pieces = [piece("a", 12, 40), piece("b", 20, 60), piece("c", 16, 50)];
    let player =
        Player { id: "mimic", performer: Box::new(Mimic), knob: Some("like"), knobs: Default::default() };
    compare(options, &pieces, &player, &Device::flex(), &|_| {}).unwrap()
}

fn options() -> Options {
    Options { performer: "mimic".into(), beside: Vec::new(), notes: 80, pieces: 2, ..Options::default() }
}

#[test]
fn what_a_performer_takes_over_is_found_and_nothing_else() {
    let report = report(&options());
    assert_eq!((report.pieces, report.references, report.takes), (3, 12, 36));
    for cue in ["level", "articulation"] {
        let row = report.cue(cue).unwrap();
        assert_eq!((row.other.renders, row.own.renders), (24, 12));
        assert!(row.other.r.unwrap() > 0.95 && row.own.r.unwrap() > 0.95, "{row:?}");
        assert!(row.other.shuffled.unwrap().abs() < 0.2, "{row:?}");
        assert!(row.people.r.unwrap() > 0.95, "{row:?}");
    }
    for cue in ["tempo", "pedal"] {
        assert_eq!(report.cue(cue).unwrap().other.r, None, "everybody is alike there");
    }
    let names: Vec<&str> = report.agreement.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names[0], "humans");
    assert_eq!(
        names[1..],
        ["mimic, reference of another piece", "mimic, reference of the same piece", "mimic, no reference"]
    );
    let text = report.to_string();
    assert!(text.contains("mimic in the manner of 12 performances of 3 pieces, 36 takes"), "{text}");
    assert!(text.contains("articulation") && !text.contains("NaN"), "{text}");
}

#[test]
fn pairs_can_be_bounded_and_are_drawn_alike() {
    let pieces = [piece("a", 12, 40), piece("b", 20, 60), piece("c", 16, 50), piece("a", 10, 45)];
    let options = Options { pieces: 9, references: 3, ..options() };
    let material: Vec<Material<'_>> = pieces.iter().filter_map(|p| Material::of(p, &options)).collect();
    let all = pairs(&material, &options);
    assert_eq!(all.len(), 12 - 2, "every piece to every other, but not to itself with other repeats");
    assert!(all.iter().all(|(from, to)| from != to && !material[*from].is_same(&material[*to])));
    assert_eq!(pairs(&material, &Options { pairs: Some(2), ..options.clone() }), all[..2]);
    assert_eq!(jobs(&material, &all[..2]).len(), 3 * (2 + 4));
}

#[test]
fn a_performer_that_reads_no_manner_is_refused() {
    let options = Options { performer: "rules".into(), ..options() };
    let refused = Player::ready(&options, "rules", &Device::flex()).err().unwrap().to_string();
    assert!(refused.contains("rules plays in nobody's manner"), "{refused}");
}
