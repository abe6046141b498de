//! Six figures of a piece and its performance.

use std::collections::BTreeMap;

use notation::Score;
use performance::Performance;
use serde::Serialize;

/// Names of the figures, as the paper has them.
pub const NAMES: [&str; 6] = ["UPC", "PR", "APS", "DSTD", "IOI", "AVI"];

/// A passage with fewer notes says nothing.
const LEAST_NOTES: usize = 16;

/// A note as it is written and played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sounded {
    /// The bar in which it begins, by any number.
    pub bar: u32,
    /// MIDI pitch.
    pub pitch: u8,
    /// When it is struck.
    pub onset_secs: f64,
    /// How long the key is down; NaN where that is not known.
    pub duration_secs: f64,
    /// MIDI velocity.
    pub velocity: f64,
}

impl Sounded {
    /// The notes of a performance, in the order of the score.
    pub fn all(score: &Score, played: &Performance) -> Vec<Self> {
        let note = |played: &performance::PlayedNote| {
            let written = score.notes.get(played.note as usize)?;
            Some(Self {
                bar: written.measure,
                pitch: written.pitch,
                onset_secs: played.onset_secs,
                duration_secs: played.duration_secs,
                velocity: f64::from(played.velocity),
            })
        };
        played.notes.iter().filter_map(note).collect()
    }
}

/// Six figures, which are means over a piece. Notes follow each other in the order of the score: by onset, then pitch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Different pitch classes of the notes that begin in a bar, mean over bars with notes.
    pub upc: f64,
    /// From the lowest to the highest pitch, in semitones.
    pub pr: f64,
    /// Mean interval between a note and the next, whatever the direction, in semitones.
    pub aps: f64,
    /// Standard deviation of how long keys are down, in seconds.
    pub dstd: f64,
    /// Mean time from one note to the next in order of time, in seconds; notes of a chord are next to each other.
    pub ioi: f64,
    /// Mean change of velocity between a note and the next, whatever the direction.
    pub avi: f64,
}

impl Figures {
    /// The figures of notes in the order of the score; nothing of few notes.
    pub fn of(notes: &[Sounded]) -> Option<Self> {
        if notes.len() < LEAST_NOTES {
            return None;
        }
        let pitches = || notes.iter().map(|note| note.pitch);
        let range = pitches().max()?.abs_diff(pitches().min()?);
        let step = |value: fn(&Sounded) -> f64| {
            let steps = notes.windows(2).map(|pair| (value(&pair[1]) - value(&pair[0])).abs());
            steps.sum::<f64>() / (notes.len() - 1) as f64
        };
        let onsets = || notes.iter().map(|note| note.onset_secs);
        let (first, last) = (onsets().fold(f64::INFINITY, f64::min), onsets().fold(f64::MIN, f64::max));
        Some(Self {
            upc: pitch_classes(notes),
            pr: f64::from(range),
            aps: step(|note| f64::from(note.pitch)),
            dstd: deviation(notes.iter().map(|note| note.duration_secs).filter(|secs| secs.is_finite())),
            // Times between neighbours add up to the whole.
            ioi: (last - first) / (notes.len() - 1) as f64,
            avi: step(|note| note.velocity),
        })
    }

    /// In the order of [`NAMES`].
    pub fn all(&self) -> [f64; 6] {
        [self.upc, self.pr, self.aps, self.dstd, self.ioi, self.avi]
    }

    /// In how many figures these are nearer to those of the data than others are.
    pub fn nearer(&self, others: &Self, data: &Self) -> usize {
        let far = |figures: &Self| {
            let pairs = figures.all().into_iter().zip(data.all());
            pairs.map(|(figure, data)| (figure - data).abs()).collect::<Vec<_>>()
        };
        far(self).into_iter().zip(far(others)).filter(|(own, other)| own < other).count()
    }
}

/// Means of figures; zeros of none.
pub fn mean(figures: &[Figures]) -> Figures {
    let mean =
        |k: usize| figures.iter().map(|figures| figures.all()[k]).sum::<f64>() / figures.len().max(1) as f64;
    Figures { upc: mean(0), pr: mean(1), aps: mean(2), dstd: mean(3), ioi: mean(4), avi: mean(5) }
}

fn pitch_classes(notes: &[Sounded]) -> f64 {
    let mut classes: BTreeMap<u32, u16> = BTreeMap::new();
    for note in notes {
        *classes.entry(note.bar).or_default() |= 1 << (note.pitch % 12);
    }
    classes.values().map(|bits| f64::from(bits.count_ones())).sum::<f64>() / classes.len().max(1) as f64
}

fn deviation(values: impl Iterator<Item = f64>) -> f64 {
    let values: Vec<f64> = values.collect();
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt()
}

#[cfg(test)]
#[path = "figures_tests.rs"]
mod tests;
