//! Knobs: settings that one performer has and others have not.

use performance::{KnobValue, Manner};
use serde::Serialize;

use crate::error::PerformError;
use crate::request::Controls;

/// The declaration of a setting that one performer has and others have not.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Knob {
    /// A number in a range.
    Number(NumberKnob),
    /// One of some named options.
    Choice(ChoiceKnob),
    /// The manner of a performance of some piece.
    Reference(ReferenceKnob),
}

/// A knob that is a number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct NumberKnob {
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

/// A knob that is one of some options.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ChoiceKnob {
    /// Used on the command line and in files.
    pub id: &'static str,
    /// Shown to people.
    pub name: &'static str,
    /// One sentence: what is chosen.
    pub description: &'static str,
    /// What there is to choose from, at least one; the first is taken if none is set.
    pub options: &'static [KnobOption],
}

/// A knob that is the manner of a performance, read by [`crate::Performer::manner`]; nobody's if none is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ReferenceKnob {
    /// Used in files.
    pub id: &'static str,
    /// Shown to people.
    pub name: &'static str,
    /// One sentence: what is taken over from the performance.
    pub description: &'static str,
    /// Identifiers of knobs that mean nothing while this one is nobody's.
    pub enables: &'static [&'static str],
}

/// What a knob offers to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct KnobOption {
    /// Used on the command line and in files.
    pub id: &'static str,
    /// Shown to people.
    pub name: &'static str,
    /// One sentence: what it does.
    pub description: &'static str,
}

impl Knob {
    /// Used on the command line and in files.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Number(knob) => knob.id,
            Self::Choice(knob) => knob.id,
            Self::Reference(knob) => knob.id,
        }
    }

    /// The value that a person wrote.
    ///
    /// # Errors
    /// If the knob cannot stand there. What is read of a performance cannot be written.
    pub fn read(&self, text: &str) -> Result<KnobValue, PerformError> {
        let number = || text.parse().ok().map(KnobValue::Number);
        let value = match self {
            Self::Number(_) => number().unwrap_or_else(|| text.into()),
            Self::Choice(_) | Self::Reference(_) => text.into(),
        };
        self.check(&value)?;
        Ok(value)
    }

    /// Whether it can stand there.
    ///
    /// # Errors
    /// If it cannot; the error says where it can.
    pub fn check(&self, value: &KnobValue) -> Result<(), PerformError> {
        match self {
            Self::Number(knob) => knob.check(value),
            Self::Choice(knob) => knob.check(value),
            Self::Reference(knob) => knob.check(value),
        }
    }
}

impl NumberKnob {
    /// Where it stands in these controls.
    pub fn value(&self, controls: &Controls) -> f64 {
        controls.knobs.get(self.id).and_then(KnobValue::number).unwrap_or(self.default)
    }

    fn check(&self, value: &KnobValue) -> Result<(), PerformError> {
        let Self { id, min, max, .. } = *self;
        if value.number().is_some_and(|number| (min..=max).contains(&number)) {
            return Ok(());
        }
        Err(PerformError::KnobRange { id, value: value.to_string(), min, max })
    }
}

impl ChoiceKnob {
    /// Index of the option chosen in these controls.
    pub fn index(&self, controls: &Controls) -> usize {
        let chosen = controls.knobs.get(self.id).and_then(KnobValue::choice);
        chosen.and_then(|chosen| self.options.iter().position(|option| option.id == chosen)).unwrap_or(0)
    }

    fn check(&self, value: &KnobValue) -> Result<(), PerformError> {
        if value.choice().is_some_and(|chosen| self.options.iter().any(|option| option.id == chosen)) {
            return Ok(());
        }
        let known = self.options.iter().map(|option| option.id).collect::<Vec<_>>().join(", ");
        Err(PerformError::KnobOption { id: self.id, value: value.to_string(), known })
    }
}

impl ReferenceKnob {
    /// The manner in these controls, if any is set.
    pub fn manner<'a>(&self, controls: &'a Controls) -> Option<&'a Manner> {
        controls.knobs.get(self.id).and_then(KnobValue::manner)
    }

    fn check(&self, value: &KnobValue) -> Result<(), PerformError> {
        let Some(manner) = value.manner() else {
            return Err(PerformError::KnobReference { id: self.id, value: value.to_string() });
        };
        manner.check().map_err(|why| PerformError::KnobManner { id: self.id, why })
    }
}
