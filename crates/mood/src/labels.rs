//! The thirty-three moods that performances are labelled with, and what each does to a performance.
//!
//! The labels are those of SyMuPe (systems A.8). What they mean in playing is ours, made openly:
//! valence and arousal place each in Russell's plane (1980), and the cues say in which direction,
//! and how far in deviations between pianists of one score, a performance leans. The directions of
//! the five basic emotions are those of Juslin & Laukka (2003, *Psychological Bulletin* 129, table
//! 7) and Juslin's tables of cue utilization (Gabrielsson & Lindström 2010 sum them up):
//!
//! | | tempo | timing freedom | level | level range | articulation |
//! | --- | --- | --- | --- | --- | --- |
//! | happiness | fast | little | medium to high | little | staccato |
//! | sadness | slow | much | low | little | legato |
//! | anger | fast | little | high | much | staccato |
//! | fear | fast | much | low | much | staccato |
//! | tenderness | slow | much | low | little | legato |
//!
//! The other labels lie between these by their valence and arousal, and differ where the word says
//! so: *marching* keeps time, *heavy* is slow and loud, *dreamy* is drowned in pedal; *mysterious*,
//! between fear and tenderness, is neither short nor long.

use std::path::{Path, PathBuf};

use performance::cues::{CUES, Cues};
use serde::{Deserialize, Serialize};

use crate::text::TextError;

/// Number of labels.
pub const LABELS: usize = 33;

/// A mood with a name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Label {
    /// The word.
    pub name: &'static str,
    /// -1 unpleasant to 1 pleasant.
    pub valence: f64,
    /// -1 still to 1 excited.
    pub arousal: f64,
    /// How a performance leans, in deviations between pianists of one score; columns as in
    /// [`performance::cues::Cue`].
    pub cues: Cues,
}

const fn label(name: &'static str, valence: f64, arousal: f64, cues: [f64; CUES]) -> Label {
    Label { name, valence, arousal, cues }
}

/// All labels, in SyMuPe's order. Columns: tempo, rubato, level, range, swell, articulation (more is
/// more legato), pedal, spread.
#[rustfmt::skip]
pub const ALL: [Label; LABELS] = [
    label("melancholic",  -0.5, -0.5, [-0.8,  0.5, -0.8, -0.2, -0.1,  0.7,  0.4,  0.3]),
    label("sad",          -0.7, -0.6, [-1.0,  0.4, -0.9, -0.4, -0.2,  0.8,  0.3,  0.2]),
    label("reflective",    0.1, -0.5, [-0.7,  0.6, -0.6, -0.2,  0.0,  0.5,  0.3,  0.3]),
    label("nostalgia",     0.1, -0.4, [-0.5,  0.9, -0.5,  0.0,  0.0,  0.7,  0.6,  0.6]),
    label("depressed",    -0.8, -0.5, [-1.3,  0.1, -1.2, -0.8, -0.3,  0.5, -0.3,  0.0]),
    label("dreamy",        0.4, -0.5, [-0.5,  0.7, -0.9, -0.3,  0.0,  0.7,  1.0,  0.4]),
    label("gentle",        0.5, -0.5, [-0.6,  0.1, -1.1, -0.6,  0.0,  0.6,  0.2,  0.0]),
    label("mysterious",   -0.2, -0.2, [-0.4,  0.3, -1.1,  0.2,  0.1,  0.1,  0.8, -0.2]),
    label("religious",     0.3, -0.5, [-0.9, -0.6, -0.3, -0.5,  0.0,  1.1,  0.3, -0.3]),
    label("kind",          0.6, -0.3, [-0.3,  0.2, -0.6, -0.4,  0.0,  0.8,  0.0,  0.1]),
    label("sleepy",        0.2, -0.9, [-1.4, -0.1, -1.3, -0.9, -0.2,  0.8,  0.6,  0.0]),
    label("sincere",       0.4, -0.2, [-0.3,  0.4, -0.1,  0.0,  0.0,  0.8, -0.3,  0.2]),
    label("melodious",     0.6, -0.1, [-0.2,  0.3,  0.1,  0.6,  0.1,  1.0,  0.2,  0.4]),
    label("elegant",       0.6,  0.0, [ 0.3, -0.1, -0.4, -0.1,  0.0, -0.3, -0.6, -0.4]),
    label("calm",          0.5, -0.8, [-0.9, -0.5, -0.9, -0.9, -0.1,  0.6,  0.1, -0.3]),
    label("longing",      -0.2,  0.0, [-0.6,  1.2,  0.0,  0.6,  0.3,  0.9,  0.5,  0.5]),
    label("anxious",      -0.5,  0.5, [ 0.7,  0.7, -0.4,  0.4,  0.4, -0.7, -0.5,  0.0]),
    label("passionately",  0.3,  0.8, [ 0.3,  1.3,  0.9,  0.9,  0.4,  0.6,  0.6,  0.5]),
    label("solemn",       -0.1, -0.3, [-1.2, -0.5,  0.4, -0.4,  0.0,  0.5,  0.1, -0.2]),
    label("happy",         0.8,  0.5, [ 0.8, -0.4,  0.4, -0.1,  0.1, -0.8, -0.4, -0.3]),
    label("capricious",    0.3,  0.4, [ 0.4,  1.2, -0.1,  1.0,  0.0, -1.0, -0.7,  0.0]),
    label("comical",       0.6,  0.4, [ 0.6,  0.3,  0.0,  0.7,  0.0, -1.4, -1.0, -0.2]),
    label("heavy",        -0.4,  0.3, [-1.0,  0.0,  1.1, -0.2,  0.0,  0.2,  0.8,  0.4]),
    label("enthusiastic",  0.7,  0.7, [ 0.9,  0.2,  0.8,  0.2,  0.4, -0.3,  0.1,  0.0]),
    label("marching",      0.2,  0.4, [ 0.1, -1.3,  0.6, -0.2,  0.0, -0.9, -0.8, -0.5]),
    label("triumphantly",  0.7,  0.7, [ 0.2, -0.3,  1.3,  0.2,  0.2, -0.1,  0.4,  0.2]),
    label("important",     0.1,  0.3, [-0.7, -0.1,  0.8,  0.0,  0.0,  0.0,  0.2,  0.1]),
    label("rapidly",       0.1,  0.7, [ 1.5, -0.5,  0.1, -0.2,  0.0, -0.4, -0.3, -0.5]),
    label("harsh",        -0.7,  0.7, [ 0.6, -0.3,  1.2,  0.5,  0.0, -0.8, -0.5, -0.4]),
    label("decisive",      0.1,  0.6, [ 0.5, -0.9,  0.9,  0.1,  0.0, -0.6, -0.6, -0.5]),
    label("impetuous",    -0.1,  0.8, [ 1.1,  0.9,  0.7,  0.7,  0.6, -0.5,  0.1,  0.1]),
    label("fierce",       -0.5,  0.9, [ 1.0, -0.2,  1.2,  0.4,  0.1, -0.7,  0.0, -0.2]),
    label("anger",        -0.7,  0.8, [ 0.9, -0.5,  1.4,  0.6,  0.2, -0.9, -0.2, -0.3]),
];

/// Weights of the labels; they sum to 1.
pub type Weights = [f64; LABELS];

/// The mean cues of weighted labels.
pub fn cues_of(weights: &Weights) -> Cues {
    std::array::from_fn(|cue| ALL.iter().zip(weights).map(|(label, w)| w * label.cues[cue]).sum())
}

/// How exactly a bar must lean like a label, in deviations.
const EXACTNESS: f64 = 0.9;

/// How much each cue counts: what listeners judge by first (Juslin & Laukka 2003), the rest less.
const IMPORTANCE: Cues = [1.0, 0.7, 1.0, 0.6, 0.3, 1.0, 0.6, 0.4];

/// How labels are read off cues: `models/mood/labels.json`, fitted by `espressivo train mood`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Labelling {
    /// Deviation of each cue between pianists of one score, over five bars.
    pub deviations: Cues,
    /// log of how much each label is favoured, so that all are used alike `[LABELS]`.
    pub bias: Vec<f64>,
}

impl Labelling {
    /// Reads the file in the models folder; none if it is not there.
    ///
    /// # Errors
    /// A file that cannot be read or does not hold a labelling: without it a network that learned by
    /// it would be led astray.
    pub fn load(models: &Path) -> Result<Option<Self>, TextError> {
        let path = Self::path(models);
        let error = |what: String| TextError::Files { path: path.clone(), what };
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(error(format!("how labels are read off performances is unreadable: {e}"))),
        };
        let labelling: Self = serde_json::from_slice(&text)
            .map_err(|e| error(format!("how labels are read off performances is damaged: {e}")))?;
        let numbers = labelling.deviations.iter().chain(&labelling.bias);
        if labelling.bias.len() != LABELS || numbers.into_iter().any(|n| !n.is_finite()) {
            return Err(error(format!("labels are read by {LABELS} finite numbers")));
        }
        Ok(Some(labelling))
    }

    /// Where the file is.
    pub fn path(models: &Path) -> PathBuf {
        models.join("mood/labels.json")
    }

    /// The labels of a stretch that leans so, in deviations; NaN is not known. None if nothing is.
    pub fn weigh(&self, lean: &Cues) -> Option<Weights> {
        if lean.iter().all(|v| v.is_nan()) {
            return None;
        }
        let closeness = |label: usize| {
            let square = |cue: usize| IMPORTANCE[cue] * (lean[cue] - ALL[label].cues[cue]).powi(2);
            let far: f64 = (0..CUES).filter(|cue| !lean[*cue].is_nan()).map(square).sum();
            self.bias[label] - far / (2.0 * EXACTNESS * EXACTNESS)
        };
        let scores: Weights = std::array::from_fn(closeness);
        let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights = scores.map(|s| (s - most).exp());
        let sum: f64 = weights.iter().sum();
        Some(weights.map(|w| w / sum))
    }
}

/// The label that a word names, in any of its usual forms.
pub fn named(word: &str) -> Option<usize> {
    let word = word.trim().to_lowercase();
    let form = FORMS.iter().find(|(form, _)| *form == word).and_then(|(_, name)| exact(name));
    form.or_else(|| ALL.iter().position(|label| is_form_of(&word, label.name)))
}

/// Whether a word is the name, or its adverb, adjective or noun: *gently*, *happily*, *calmness*.
fn is_form_of(word: &str, name: &str) -> bool {
    let ends = |stem: &str, ends: &[&str]| word.strip_prefix(stem).is_some_and(|rest| ends.contains(&rest));
    let shortened =
        |end: &str, ends_then: &[&str]| name.strip_suffix(end).is_some_and(|s| ends(s, ends_then));
    ends(name, &["", "ly", "ness"])
        || shortened("le", &["ly"])
        || shortened("y", &["ily", "iness"])
        || shortened("ly", &["", "ness"])
}

fn exact(name: &str) -> Option<usize> {
    ALL.iter().position(|l| l.name == name)
}

/// Forms of the labels that no ending tells.
const FORMS: [(&str, &str); 9] = [
    ("angry", "anger"),
    ("nostalgic", "nostalgia"),
    ("march", "marching"),
    ("comic", "comical"),
    ("melancholy", "melancholic"),
    ("sadness", "sad"),
    ("happiness", "happy"),
    ("depressive", "depressed"),
    ("enthusiasm", "enthusiastic"),
];

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_labelling_is_none_and_a_broken_one_an_error() {
        let models = tempfile::tempdir().unwrap();
        assert_eq!(Labelling::load(models.path()).unwrap(), None);
        std::fs::create_dir(models.path().join("mood")).unwrap();
        let path = Labelling::path(models.path());
        let whole = Labelling { deviations: [0.5; CUES], bias: vec![0.25; LABELS] };
        for (text, is_whole) in [
            (serde_json::to_string(&whole).unwrap(), true),
            (serde_json::to_string(&whole).unwrap()[..40].to_owned(), false),
            (serde_json::to_string(&Labelling { bias: vec![0.0; 3], ..whole.clone() }).unwrap(), false),
        ] {
            std::fs::write(&path, &text).unwrap();
            match Labelling::load(models.path()) {
                Ok(read) => assert!(is_whole && read.as_ref() == Some(&whole), "{text}"),
                Err(error) => assert!(!is_whole && error.to_string().contains("labels.json"), "{error}"),
            }
        }
    }

    #[test]
    fn labels_are_found_in_their_forms() {
        for (word, label) in [("angry", "anger"), ("Gently", "gentle"), ("calmly", "calm"), ("sad", "sad")] {
            assert_eq!(ALL[named(word).unwrap()].name, label, "{word}");
        }
        assert_eq!(named("thunderstorm"), None);
        assert_eq!(named("hard"), None);
    }

    #[test]
    fn basic_emotions_lean_as_the_tables_say() {
        let cue = |name: &str, cue: performance::cues::Cue| ALL[named(name).unwrap()].cues[cue as usize];
        use performance::cues::Cue::{Articulation, Level, Tempo};
        for (name, tempo, level, articulation) in [
            ("happy", 1.0, 1.0, -1.0),
            ("sad", -1.0, -1.0, 1.0),
            ("anger", 1.0, 1.0, -1.0),
            ("anxious", 1.0, -1.0, -1.0),
            ("gentle", -1.0, -1.0, 1.0),
        ] {
            assert!(cue(name, Tempo) * tempo > 0.25, "{name}");
            assert!(cue(name, Level) * level > 0.25, "{name}");
            assert!(cue(name, Articulation) * articulation > 0.25, "{name}");
        }
    }

    #[test]
    fn no_two_labels_mean_the_same() {
        for (a, first) in ALL.iter().enumerate() {
            for second in &ALL[..a] {
                let distance: f64 = first.cues.iter().zip(second.cues).map(|(x, y)| (x - y).powi(2)).sum();
                assert!(distance.sqrt() > 0.3, "{} and {}", first.name, second.name);
            }
        }
    }
}
