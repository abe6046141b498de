//! A performer of one file: plays the score literally, each note as long and as loud as its own knobs say, or as
//! loud as somebody plays.

use notation::Score;
use performance::{Manner, Performance, deadpan};
use performers::finish::Finishing;
use performers::{
    Abilities, ChoiceKnob, Entry, Job, Knob, KnobOption, NumberKnob, PerformError, Performer, PerformerInfo,
    ReferenceKnob, Request, Run,
};

const LENGTH: NumberKnob = NumberKnob {
    id: "length",
    name: "Length",
    description: "How long notes are held",
    min: 0.1,
    max: 1.0,
    default: 1.0,
    is_share: true,
};

const LEVEL: ChoiceKnob = ChoiceKnob {
    id: "level",
    name: "Level",
    description: "How loud every note is",
    options: &[
        KnobOption { id: "written", name: "As written", description: "As the score's dynamics say" },
        KnobOption { id: "soft", name: "Soft", description: "Velocity 40" },
        KnobOption { id: "loud", name: "Loud", description: "Velocity 100" },
    ],
};

const LIKE: ReferenceKnob =
    ReferenceKnob { id: "like", name: "Like", description: "As loud as somebody plays", enables: &[] };

/// MIDI velocities of the options of [`LEVEL`].
const VELOCITIES: [Option<u8>; 3] = [None, Some(40), Some(100)];

const INFO: PerformerInfo = PerformerInfo {
    id: "toy",
    name: "Toy",
    description: "Plays the score literally",
    abilities: Abilities { follows_mood: false, streams: false, needs_model: false, needs_device: false },
    knobs: &[Knob::Number(LENGTH), Knob::Choice(LEVEL), Knob::Reference(LIKE)],
    finishing: Finishing { final_ritard: 0.0, pedal_changes: false, pauses: false },
};

/// For the registry.
pub fn entry() -> Entry {
    Entry::new(INFO, |_| Ok(Box::new(Toy)))
}

struct Toy;

impl Performer for Toy {
    fn info(&self) -> PerformerInfo {
        INFO
    }

    fn perform(&self, request: &Request<'_>, run: &Run<'_>) -> Result<Performance, PerformError> {
        run.step(0.0)?;
        let wanted = request.region.notes(request.score);
        let mut played = deadpan(request.score);
        played.notes.retain(|note| wanted.binary_search(&note.note).is_ok());
        let (length, level) = (LENGTH.value(request.controls), VELOCITIES[LEVEL.index(request.controls)]);
        let like = LIKE.manner(request.controls).and_then(|manner| manner.numbers.first().copied());
        let level = level.or(like.map(|mean| mean as u8));
        for note in &mut played.notes {
            note.duration_secs *= length;
            note.velocity = level.unwrap_or(note.velocity);
        }
        Ok(played)
    }

    fn manner(&self, _: &Score, played: &Performance, name: &str, job: &Job) -> Result<Manner, PerformError> {
        job.step(0.0)?;
        let velocities = played.notes.iter().map(|note| f32::from(note.velocity));
        let numbers = vec![velocities.sum::<f32>() / played.notes.len() as f32];
        Ok(Manner { name: name.to_owned(), model: INFO.id.to_owned(), numbers })
    }
}
