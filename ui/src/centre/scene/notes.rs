//! The notes of a version on the axis, quick to find.

use protocol::{Hand, ScoreView, VersionView};

/// A note on the axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SceneNote {
    /// Which note of the score.
    pub note: u32,
    /// Unit where it starts.
    pub start: f64,
    /// Unit where it ends.
    pub end: f64,
    /// MIDI pitch.
    pub pitch: u8,
    /// Velocity, 1 to 127.
    pub velocity: u8,
    /// Which hand plays it.
    pub hand: Hand,
    /// When it starts.
    pub onset_secs: f64,
    /// How long it is held.
    pub duration_secs: f64,
}

/// The notes of a version, quick to find by place and by number.
#[derive(Clone, Debug, Default)]
pub struct NoteSet {
    /// Ordered by start.
    notes: Vec<SceneNote>,
    /// For each note the latest end of it and all before.
    reach: Vec<f64>,
    /// For each note of the score its place in `notes`.
    places: Vec<Option<u32>>,
}

impl NoteSet {
    /// What a version of a score plays.
    pub(super) fn new(score: &ScoreView, version: &VersionView, unit_of_secs: impl Fn(f64) -> f64) -> Self {
        let mut set = Self::default();
        set.add(score, version, unit_of_secs);
        set.settle(score.notes.len());
        set
    }

    /// Adds what a version plays; [`NoteSet::settle`] puts it in order.
    pub(super) fn add(
        &mut self,
        score: &ScoreView,
        version: &VersionView,
        unit_of_secs: impl Fn(f64) -> f64,
    ) {
        self.notes.reserve(version.performance.notes.len());
        for played in &version.performance.notes {
            let Some(written) = score.notes.get(played.note as usize) else { continue };
            self.notes.push(SceneNote {
                note: played.note,
                start: unit_of_secs(played.onset_secs),
                end: unit_of_secs(played.onset_secs + played.duration_secs),
                pitch: written.pitch,
                velocity: played.velocity,
                hand: written.hand,
                onset_secs: played.onset_secs,
                duration_secs: played.duration_secs,
            });
        }
    }

    /// Puts the notes in order, so that they can be found; `count` is how many the score has.
    pub(super) fn settle(&mut self, count: usize) {
        self.notes.retain(|n| n.start.is_finite() && n.end.is_finite());
        self.notes.sort_by(|a, b| a.start.total_cmp(&b.start));
        let reach = self.notes.iter().scan(f64::NEG_INFINITY, |reach, n| {
            *reach = reach.max(n.end);
            Some(*reach)
        });
        self.reach = reach.collect();
        self.places = vec![None; count];
        for (place, note) in self.notes.iter().enumerate() {
            self.places[note.note as usize] = Some(place as u32);
        }
    }

    /// All notes, ordered by start.
    pub fn all(&self) -> &[SceneNote] {
        &self.notes
    }

    /// The notes that sound anywhere between two units, ordered by start.
    pub fn between(&self, from: f64, to: f64) -> impl DoubleEndedIterator<Item = &SceneNote> {
        let first = self.reach.partition_point(|&reach| reach < from);
        let last = self.notes.partition_point(|n| n.start <= to);
        self.notes[first.min(last)..last].iter().filter(move |n| n.end >= from)
    }

    /// The notes that start between two units.
    pub fn starting(&self, from: f64, to: f64) -> &[SceneNote] {
        let first = self.notes.partition_point(|n| n.start < from);
        let last = self.notes.partition_point(|n| n.start <= to);
        &self.notes[first.min(last)..last]
    }

    /// A note by its number in the score.
    pub fn get(&self, note: u32) -> Option<&SceneNote> {
        let place = (*self.places.get(note as usize)?)?;
        self.notes.get(place as usize)
    }
}
