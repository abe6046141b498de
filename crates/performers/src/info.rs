//! The declaration of a performer. Registry, command line, protocol and window read this and depend on no
//! performer by name.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::error::PerformError;
use crate::finish::Finishing;
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

/// A setting that one performer has and others have not.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Knob {
    /// Used on the command line and in files.
    pub id: &'static str,
    /// Shown to people.
    pub name: &'static str,
    /// One sentence: what turning it does.
    pub description: &'static str,
    /// Least value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
    /// Its value if none is set.
    pub default: f64,
    /// Whether people are shown per cents of 1.
    pub is_share: bool,
}

impl Knob {
    /// Where it stands in these controls.
    pub fn value(&self, controls: &Controls) -> f64 {
        controls.knobs.get(self.id).copied().unwrap_or(self.default)
    }
}

impl PerformerInfo {
    /// Fails if the controls name a knob that the performer has not, or a value that it cannot have.
    pub fn check(&self, controls: &Controls) -> Result<(), PerformError> {
        for (id, value) in &controls.knobs {
            let Some(knob) = self.knobs.iter().find(|knob| knob.id == id) else {
                let known = self.knobs.iter().map(|knob| knob.id).collect::<Vec<_>>().join(", ");
                return Err(PerformError::UnknownKnob { performer: self.id, id: id.clone(), known });
            };
            if !(knob.min..=knob.max).contains(value) {
                let Knob { id, min, max, .. } = *knob;
                return Err(PerformError::KnobRange { id, value: *value, min, max });
            }
        }
        Ok(())
    }

    /// Those of some knobs that it has. Who plays in another's place takes over what both have.
    pub fn own(&self, knobs: &BTreeMap<String, f64>) -> BTreeMap<String, f64> {
        let has = |id: &str| self.knobs.iter().any(|knob| knob.id == id);
        knobs.iter().filter(|(id, _)| has(id)).map(|(id, value)| (id.clone(), *value)).collect()
    }
}
