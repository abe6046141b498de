//! The labels, and how a performance leans that has one.

use performance::cues::{CUES, Cues};

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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::labels::named;

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
