//! The declaration of a performer. Registry, command line, protocol and window read this and depend on no
//! performer by name.

use performance::{KnobValue, Knobs};
use serde::Serialize;

use crate::error::PerformError;
use crate::finish::Finishing;
use crate::knob::{Knob, ReferenceKnob};
use crate::request::Controls;

/// Name and nature of a performer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PerformerInfo {
    /// Used on the command line and in files.
    pub id: &'static str,
    /// Shown to people.
    pub name: &'static str,
    /// One sentence: what it does and where it comes from.
    pub description: &'static str,
    /// What it can do by itself and what it needs.
    pub abilities: Abilities,
    /// Settings of its own.
    pub knobs: &'static [Knob],
    /// What its takes need afterwards.
    pub finishing: Finishing,
}

/// What a performer can do by itself and what it needs. The host does the rest ([`crate::take`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Abilities {
    /// Whether it follows the mood of the controls; else the mood is painted over what it plays
    /// ([`crate::palette`]).
    pub follows_mood: bool,
    /// Whether it hands over the first notes of a region while it plays the others
    /// ([`crate::Run::hand_over`]).
    pub streams: bool,
    /// Whether it reads its folder in the models folder.
    pub needs_model: bool,
    /// Whether it computes on the device that was chosen; else on the processor, whatever was chosen.
    pub needs_device: bool,
}

impl PerformerInfo {
    /// The values that a person set, as texts, each by its knob: numbers and options.
    ///
    /// # Errors
    /// If the performer has no such knob, or the knob cannot stand there.
    pub fn read(&self, set: &[(String, String)]) -> Result<Knobs, PerformError> {
        set.iter().map(|(id, text)| Ok((id.clone(), self.knob(id)?.read(text)?))).collect()
    }

    /// Fails if the controls name a knob that the performer has not, or a value that it cannot have.
    pub fn check(&self, controls: &Controls) -> Result<(), PerformError> {
        controls.knobs.iter().try_for_each(|(id, value)| self.knob(id)?.check(value))
    }

    /// Those of some knobs that it has and that can stand there. Who plays in another's place takes over
    /// what both have.
    pub fn own(&self, knobs: &Knobs) -> Knobs {
        let has = |id: &str, value: &KnobValue| self.knob(id).is_ok_and(|knob| knob.check(value).is_ok());
        knobs
            .iter()
            .filter(|(id, value)| has(id, value))
            .map(|(id, value)| (id.clone(), value.clone()))
            .collect()
    }

    /// Its knobs that are the manner of a performance, in order.
    pub fn references(&self) -> impl Iterator<Item = ReferenceKnob> + use<> {
        self.knobs.iter().filter_map(|knob| match knob {
            Knob::Reference(reference) => Some(*reference),
            Knob::Number(_) | Knob::Choice(_) => None,
        })
    }

    /// A knob of it.
    ///
    /// # Errors
    /// If it has none of that name.
    pub fn knob(&self, id: &str) -> Result<&'static Knob, PerformError> {
        self.knobs.iter().find(|knob| knob.id() == id).ok_or_else(|| {
            let known = self.knobs.iter().map(Knob::id).collect::<Vec<_>>().join(", ");
            PerformError::UnknownKnob { performer: self.id, id: id.to_owned(), known }
        })
    }
}
