//! A performer of one file: plays the score literally, each note as long as its own knob says.

use performance::{Performance, deadpan};
use performers::finish::Finishing;
use performers::{Abilities, Entry, Knob, PerformError, Performer, PerformerInfo, Request, Run};

const LENGTH: Knob = Knob {
    id: "length",
    name: "Length",
    description: "How long notes are held",
    min: 0.1,
    max: 1.0,
    default: 1.0,
    is_share: true,
};

const INFO: PerformerInfo = PerformerInfo {
    id: "toy",
    name: "Toy",
    description: "Plays the score literally",
    abilities: Abilities { follows_mood: false, streams: false, needs_model: false, needs_device: false },
    knobs: &[LENGTH],
    finishing: Finishing { final_ritard: 0.0, pedal_changes: false },
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
        played.notes.iter_mut().for_each(|note| note.duration_secs *= LENGTH.value(request.controls));
        Ok(played)
    }
}
