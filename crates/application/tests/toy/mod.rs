//! A performer of one file: plays the score literally, each note as long and as loud as its own knobs say.

use performance::{Performance, deadpan};
use performers::finish::Finishing;
use performers::{
    Abilities, ChoiceKnob, Entry, Knob, KnobOption, NumberKnob, PerformError, Performer, PerformerInfo,
    Request, Run,
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

/// MIDI velocities of the options of [`LEVEL`].
const VELOCITIES: [Option<u8>; 3] = [None, Some(40), Some(100)];

const INFO: PerformerInfo = PerformerInfo {
    id: "toy",
    name: "Toy",
    description: "Plays the score literally",
    abilities: Abilities { follows_mood: false, streams: false, needs_model: false, needs_device: false },
    knobs: &[Knob::Number(LENGTH), Knob::Choice(LEVEL)],
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
        for note in &mut played.notes {
            note.duration_secs *= length;
            note.velocity = level.unwrap_or(note.velocity);
        }
        Ok(played)
    }
}
