//! What the performer says of itself, and its knobs.

use performers::finish::Finishing;
use performers::{Abilities, Knob, NumberKnob, PerformerInfo, ReferenceKnob};

pub(super) const LIKE: ReferenceKnob = ReferenceKnob {
    id: "like",
    name: "Play it like",
    description: "A version or a recording of any piece, whose manner is taken over: rubato, \
                  loudness, touch, pedal, and the tempo where the base tempo is free",
    enables: &["like-second", "manner"],
};

pub(super) const LIKE_SECOND: ReferenceKnob = ReferenceKnob {
    id: "like-second",
    name: "And like",
    description: "A second version or recording, whose manner is mixed with that of the first",
    enables: &["blend"],
};

pub(super) const BLEND: NumberKnob = NumberKnob {
    id: "blend",
    name: "Between the two",
    description: "How much of the second manner there is in the mixture; at 0 none, at 1 nothing else",
    min: 0.0,
    max: 1.0,
    default: 0.5,
    is_share: true,
};

pub(super) const MANNER: NumberKnob = NumberKnob {
    id: "manner",
    name: "How strongly",
    description: "How much of the manner is taken over; above 1 more than there was",
    min: 0.0,
    max: 1.5,
    default: 1.0,
    is_share: true,
};

pub(super) const VARIETY: NumberKnob = NumberKnob {
    id: "variety",
    name: "Variety",
    description: "How much a take leaves to chance; at 0 all takes are the same",
    min: 0.0,
    max: 1.5,
    default: 0.5,
    is_share: true,
};

/// What it is called.
pub(super) const INFO: PerformerInfo = PerformerInfo {
    id: "xmvae",
    name: "XMVAE",
    description: "A network that plays in the manner of a recording, or in one of its own",
    abilities: Abilities { follows_mood: false, streams: false, needs_model: true, needs_device: false },
    knobs: &[
        Knob::Reference(LIKE),
        Knob::Reference(LIKE_SECOND),
        Knob::Number(BLEND),
        Knob::Number(MANNER),
        Knob::Number(VARIETY),
    ],
    // It learned its pedal from people.
    finishing: Finishing { final_ritard: 0.0, pedal_changes: false, pauses: true },
};
