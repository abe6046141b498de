//! Why there is no performance.

use performance::MannerError;
use thiserror::Error;

/// Why a performer did not play.
#[derive(Debug, Error)]
pub enum PerformError {
    /// It was cancelled.
    #[error("the performance was cancelled")]
    Cancelled,
    /// There is nothing in the region.
    #[error("the region holds no notes; choose bars that have some")]
    EmptyRegion,
    /// Nobody is called that.
    #[error("there is no performer `{id}`; there are {known}")]
    Unknown {
        /// The requested name.
        id: String,
        /// The names that there are.
        known: String,
    },
    /// The mood vector does not fit the model.
    #[error("the mood vector has {found} values, {performer} takes {expected}")]
    MoodSize {
        /// Who refused it.
        performer: &'static str,
        /// Values that it takes.
        expected: usize,
        /// Values that it got.
        found: usize,
    },
    /// The piece is longer than any performance.
    #[error(
        "the score lasts {hours:.0} hours, and no performance is longer than {most_hours:.0}; check its tempo and its lengths"
    )]
    TooLong {
        /// Played literally.
        hours: f64,
        /// The limit.
        most_hours: f64,
    },
    /// What was played is no performance.
    #[error(
        "{performer} played {what}, which is no performance; reinstall the models folder or choose another \
         performer"
    )]
    Played {
        /// Who played.
        performer: &'static str,
        /// What, in words.
        what: String,
    },
    /// The performer has no such knob.
    #[error("{performer} has no setting `{id}`; {}", if known.is_empty() { "it has none of its own".to_owned() } else { format!("it has {known}") })]
    UnknownKnob {
        /// The performer.
        performer: &'static str,
        /// The requested knob.
        id: String,
        /// The knobs that there are.
        known: String,
    },
    /// A knob cannot stand there.
    #[error("the setting `{id}` goes from {min} to {max}, not to {value}")]
    KnobRange {
        /// The knob.
        id: &'static str,
        /// The requested value, as it is shown.
        value: String,
        /// Its least value.
        min: f64,
        /// Its largest value.
        max: f64,
    },
    /// A knob has no such option.
    #[error("the setting `{id}` has no option `{value}`; it has {known}")]
    KnobOption {
        /// The knob.
        id: &'static str,
        /// The requested value, as it is shown.
        value: String,
        /// The options that there are.
        known: String,
    },
    /// A knob takes the manner of a performance and nothing else.
    #[error("the setting `{id}` takes what is read of a recording or a version, not {value}")]
    KnobReference {
        /// The knob.
        id: &'static str,
        /// The requested value, as it is shown.
        value: String,
    },
    /// The manner that a knob was set to cannot be one.
    #[error("the setting `{id}` cannot be used ({why}); choose the recording or the version again")]
    KnobManner {
        /// The knob.
        id: &'static str,
        /// What is wrong with it.
        why: MannerError,
    },
    /// The performer does not play like anybody else.
    #[error("{performer} does not play like a recording or a version; choose a performer that does")]
    NoManner {
        /// The performer.
        performer: &'static str,
    },
    /// The manner was read by another model.
    #[error(
        "the manner of {name} was read by another model than the one that {performer} plays with now; choose \
         the recording or the version again"
    )]
    OtherManner {
        /// The performer.
        performer: &'static str,
        /// Whose manner it is.
        name: String,
    },
    /// There are too few notes to read a manner of.
    #[error(
        "{name} has {found} notes, and a manner is read of at least {least}; choose a longer recording or \
         version"
    )]
    FewNotes {
        /// What was to be read.
        name: String,
        /// Its notes.
        found: usize,
        /// How many it takes.
        least: usize,
    },
    /// More notes at once than the performer can play.
    #[error(
        "bar {bar} has {found} notes at one moment, and {performer} plays at most {most}; choose another performer, such as rules"
    )]
    Chord {
        /// Who refused it.
        performer: &'static str,
        /// The bar, by its printed number.
        bar: String,
        /// Notes that start together.
        found: usize,
        /// The limit.
        most: usize,
    },
    /// There is no device to compute on.
    #[error("{0}")]
    Device(String),
    /// The model's files are missing or broken.
    #[error("{what} ({path}); reinstall the models folder or choose a performer that needs no model", path = path.display())]
    Model {
        /// What is wrong.
        what: String,
        /// The file.
        path: std::path::PathBuf,
    },
}
