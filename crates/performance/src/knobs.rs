//! Where the knobs of performers stand: a number or one of some named options.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Where knobs stand, by their identifiers.
pub type Knobs = BTreeMap<String, KnobValue>;

/// Where one knob stands. In files it is a number or a text, without more around it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum KnobValue {
    /// A number within the range of the knob.
    Number(f64),
    /// The identifier of one of its options.
    Choice(String),
}

impl KnobValue {
    /// The number; none for a choice.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Choice(_) => None,
        }
    }

    /// The identifier of the chosen option; none for a number.
    pub fn choice(&self) -> Option<&str> {
        match self {
            Self::Number(_) => None,
            Self::Choice(id) => Some(id),
        }
    }

    /// Whether it can be kept in a file: infinite numbers and NaN cannot.
    pub fn is_finite(&self) -> bool {
        self.number().is_none_or(f64::is_finite)
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
