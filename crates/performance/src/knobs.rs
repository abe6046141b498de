//! Where the knobs of performers stand: a number, one of some named options, or a manner.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::manner::Manner;

/// Where knobs stand, by their identifiers.
pub type Knobs = BTreeMap<String, KnobValue>;

/// Where one knob stands. In files it is a number, a text or the fields of a manner, without more around it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a setting is neither a number nor a name nor a sound manner")]
pub enum KnobValue {
    /// A number within the range of the knob.
    Number(f64),
    /// The identifier of one of its options.
    Choice(String),
    /// What was read of a performance.
    Manner(Manner),
}

impl KnobValue {
    /// The number; none for anything else.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Choice(_) | Self::Manner(_) => None,
        }
    }

    /// The identifier of the chosen option; none for anything else.
    pub fn choice(&self) -> Option<&str> {
        match self {
            Self::Choice(id) => Some(id),
            Self::Number(_) | Self::Manner(_) => None,
        }
    }

    /// The manner; none for anything else.
    pub fn manner(&self) -> Option<&Manner> {
        match self {
            Self::Manner(manner) => Some(manner),
            Self::Number(_) | Self::Choice(_) => None,
        }
    }

    /// Whether it can be kept in a file: infinite numbers and NaN cannot, nor manners that have some
    /// or are too large ([`Manner::check`]).
    pub fn is_finite(&self) -> bool {
        match self {
            Self::Number(number) => number.is_finite(),
            Self::Choice(_) => true,
            Self::Manner(manner) => manner.check().is_ok(),
        }
    }
}

impl From<f64> for KnobValue {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for KnobValue {
    fn from(option: &str) -> Self {
        Self::Choice(option.to_owned())
    }
}

impl fmt::Display for KnobValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Choice(id) => f.write_str(id),
            Self::Manner(manner) => f.write_str(&manner.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knobs_of_older_files_are_numbers() {
        let older: BTreeMap<String, f64> = [("swing".to_owned(), 0.6), ("variety".to_owned(), 1.0)].into();
        let text = serde_json::to_string(&older).expect("older knobs are JSON");
        let knobs: Knobs = serde_json::from_str(&text).expect("they are read");
        let numbers: BTreeMap<String, f64> =
            knobs.iter().filter_map(|(id, value)| Some((id.clone(), value.number()?))).collect();
        assert_eq!(numbers, older);
        assert_eq!(serde_json::to_string(&knobs).expect("knobs are JSON"), text);
    }

    #[test]
    fn a_choice_is_its_identifier() {
        let knobs: Knobs = serde_json::from_str(r#"{"style":"pop","tempo":1}"#).expect("knobs");
        assert_eq!(knobs["style"], KnobValue::from("pop"));
        assert_eq!((knobs["style"].choice(), knobs["style"].number()), (Some("pop"), None));
        assert_eq!((knobs["tempo"].choice(), knobs["tempo"].number()), (None, Some(1.0)));
        assert_eq!(knobs["style"].to_string(), "pop");
        assert_eq!(knobs["tempo"].to_string(), "1");
        assert!(serde_json::from_str::<Knobs>(r#"{"style":["pop"]}"#).is_err());
    }

    #[test]
    fn only_finite_numbers_are_kept() {
        assert!(KnobValue::from(0.5).is_finite() && KnobValue::from("pop").is_finite());
        assert!(!KnobValue::Number(f64::NAN).is_finite() && !KnobValue::Number(f64::INFINITY).is_finite());
    }
}
