//! Note heads in colours that say what the version heard does with them.

mod timing;

use protocol::{LegendLine, VersionId};

use crate::centre::cached::Cached;
use crate::{Model, UiCommand};

/// Colours are full from so many steps of velocity on.
const FULL_VELOCITY: f32 = 28.0;
/// Colours are full from so many octaves of length on: twice as long, or half.
const FULL_OCTAVES: f32 = 1.0;
/// Colours are full from so much earlier or later on.
const FULL_SECS: f32 = 0.06;

/// What colours say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tint {
    /// Louder or softer than the version is on the whole: the deadpan has one loudness, which says nothing.
    Loudness,
    /// Held longer or shorter than written.
    Length,
    /// Earlier or later than the tempo around has it.
    Timing,
}

/// What colours can say, with the commands that choose it.
pub const TINTS: [(Tint, UiCommand); 3] = [
    (Tint::Loudness, UiCommand::TintLoudness),
    (Tint::Length, UiCommand::TintLength),
    (Tint::Timing, UiCommand::TintTiming),
];

impl Tint {
    /// What the two ends of the colours are.
    fn ends(self) -> [&'static str; 2] {
        match self {
            Self::Loudness => ["softer", "louder than this version on the whole"],
            Self::Length => ["shorter", "longer than written"],
            Self::Timing => ["earlier", "later than the tempo around"],
        }
    }
}

/// What values were made from.
#[derive(Clone, Debug, PartialEq)]
struct TintKey {
    tint: Tint,
    score_revision: u64,
    versions: [Option<(VersionId, u64)>; 2],
}

/// What each note of the score has of a tint, from -1 to 1.
#[derive(Clone, Debug)]
struct Values {
    of_notes: Vec<f32>,
    has_any: bool,
}

/// The colours chosen, and what they are for each note.
#[derive(Clone, Debug, Default)]
pub struct Tints {
    /// None for none.
    pub chosen: Option<Tint>,
    values: Cached<TintKey, Values>,
}

impl Tints {
    /// Chooses a tint, or none if it is chosen already.
    pub fn toggle(&mut self, tint: Tint) {
        self.chosen = if self.chosen == Some(tint) { None } else { Some(tint) };
    }

    /// Works out the values, if anything that they are made from has changed.
    pub fn refresh(&mut self, model: &Model) {
        let Some(tint) = self.chosen else { return };
        let versions = [model.listening(), model.versions.get(&VersionId::Deadpan)];
        let versions = versions.map(|version| version.map(|v| (v.id, v.revision)));
        let key = TintKey { tint, score_revision: model.score_revision, versions };
        self.values.get(key, |_| {
            let of_notes = values(model, tint);
            Values { has_any: of_notes.iter().any(|value| *value != 0.0), of_notes }
        });
    }

    /// Whether any note has a colour: the deadpan has none.
    pub fn has_colours(&self) -> bool {
        self.chosen.is_some() && self.values.current().is_some_and(|values| values.has_any)
    }

    /// What the colours say; nothing while no note has one.
    pub fn legend(&self) -> Option<LegendLine> {
        let [less, more] = self.chosen.filter(|_| self.has_colours())?.ends().map(str::to_owned);
        Some(LegendLine::Tint { less, more })
    }

    /// How much of a tint a note has, from -1 to 1, and 0 for none.
    pub fn value(&self, note: u32) -> f32 {
        let values = self.values.current().filter(|_| self.chosen.is_some());
        values.and_then(|values| values.of_notes.get(note as usize)).copied().unwrap_or(0.0)
    }
}

/// What of a tint each note of the score has.
fn values(model: &Model, tint: Tint) -> Vec<f32> {
    let mut values = vec![0.0; model.score.notes.len()];
    let Some(heard) = model.listening() else { return values };
    let deadpan = model.versions.get(&VersionId::Deadpan).filter(|deadpan| deadpan.score == heard.score);
    let mut set = |note: u32, value: f32| {
        if let Some(place) = values.get_mut(note as usize).filter(|_| value.is_finite()) {
            *place = value.clamp(-1.0, 1.0);
        }
    };
    match tint {
        Tint::Loudness => {
            let notes = &heard.performance.notes;
            let sum: f64 = notes.iter().map(|played| f64::from(played.velocity)).sum();
            let mean = sum / notes.len().max(1) as f64;
            for played in notes {
                set(played.note, (f64::from(played.velocity) - mean) as f32 / FULL_VELOCITY);
            }
        }
        Tint::Length => {
            for (played, ratio) in heard.performance.notes.iter().zip(&heard.articulation) {
                if let Some(ratio) = ratio {
                    set(played.note, ratio.log2() / FULL_OCTAVES);
                }
            }
        }
        Tint::Timing => {
            for (note, late_secs) in timing::lateness(&model.score, heard, deadpan) {
                set(note, late_secs as f32 / FULL_SECS);
            }
        }
    }
    values
}
