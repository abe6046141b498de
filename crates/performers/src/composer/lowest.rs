//! How little like a passage its variations can be, and what keeps them near to it.

use std::fmt;

use super::request::Constraints;

/// One of the things that a request keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Onsets and durations.
    Rhythm,
    /// The melody.
    Melody,
    /// The scale.
    Scale,
    /// The range of pitches.
    Pitches,
    /// The largest chord.
    LargestChord,
}

/// How similar the variations of a request are at the least.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lowest {
    /// About as similar as they can be at the least, 0 to 1.
    pub similarity: f64,
    /// What keeps them so near, and what it would be without; nothing where it is not one thing that is kept.
    pub held_by: Option<(Kept, f64)>,
}

impl Constraints {
    /// What is kept.
    pub fn kept(&self) -> Vec<Kept> {
        let all = [
            (self.keep_rhythm, Kept::Rhythm),
            (self.keep_melody, Kept::Melody),
            (self.stay_in_scale, Kept::Scale),
            (self.pitches.is_some(), Kept::Pitches),
            (self.largest_chord.is_some(), Kept::LargestChord),
        ];
        all.into_iter().filter(|(is_kept, _)| *is_kept).map(|(_, kept)| kept).collect()
    }

    /// The same without one thing.
    #[must_use]
    pub fn without(&self, kept: Kept) -> Self {
        let mut others = self.clone();
        match kept {
            Kept::Rhythm => others.keep_rhythm = false,
            Kept::Melody => others.keep_melody = false,
            Kept::Scale => others.stay_in_scale = false,
            Kept::Pitches => others.pitches = None,
            Kept::LargestChord => others.largest_chord = None,
        }
        others
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rhythm => "the rhythm",
            Self::Melody => "the melody",
            Self::Scale => "the key",
            Self::Pitches => "the range",
            Self::LargestChord => "the limit of chords",
        })
    }
}

impl fmt::Display for Lowest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = 100.0 * self.similarity;
        match self.held_by {
            Some((kept, without)) => write!(
                f,
                "With {kept} kept, variations of these bars are about {percent:.0} % alike at the least. Without it \
                 they could be as far away as {:.0} %",
                100.0 * without
            ),
            None => write!(f, "Variations of these bars are about {percent:.0} % alike at the least"),
        }
    }
}
