//! What every part of the centre sees in a frame, and what it may change.

use protocol::{Bars, Command, PlayState, VersionId};

use super::axis::{Strip, TimeAxis};
use super::gestures::Gesture;
use super::scene::{Scene, SceneNote};
use super::slip_marks::SlipMarks;
use crate::theme::Tokens;
use crate::{Model, Outbox};

/// What is shown in this frame; only read.
#[derive(Clone, Copy)]
pub struct Stage<'a> {
    /// The last word from the shell.
    pub model: &'a Model,
    /// The time axis.
    pub axis: &'a TimeAxis,
    /// The axis laid over roll, ruler and lanes.
    pub strip: Strip,
    /// What is drawn.
    pub scene: &'a Scene,
    /// Colours.
    pub tokens: &'static Tokens,
    /// Unit of the playhead.
    pub playhead: f64,
    /// Which tool is in the hand.
    pub tool: Tool,
    /// Which slips are marked.
    pub slips: SlipMarks,
    /// The face's clock.
    pub now_secs: f64,
}

impl<'a> Stage<'a> {
    /// The notes that sound now; none while nothing plays.
    pub fn sounding(&self) -> impl Iterator<Item = &'a SceneNote> {
        let (scene, at) = (self.scene, self.playhead);
        let is_playing = self.model.transport.state == PlayState::Playing;
        let here = is_playing.then(|| scene.heard.between(at, at));
        here.into_iter().flatten().filter(move |note| note.end > at)
    }
}

/// What a hand may change in this frame.
pub struct Touch<'a> {
    /// What is selected.
    pub selection: &'a mut Selection,
    /// The gesture under way.
    pub gesture: &'a mut Option<Gesture>,
    /// The gesture that was done last, until the shell has answered.
    pub pending_edit: &'a mut Option<PendingEdit>,
    /// What the shell is asked for.
    pub out: &'a mut Outbox,
}

impl Touch<'_> {
    /// Ends the gesture and asks for what it changes: one edit, one step of undo.
    pub fn finish(&mut self, stage: &Stage<'_>) {
        let Some(gesture) = self.gesture.take() else { return };
        if let (Some(edit), Some(version)) = (gesture.edit(), stage.model.listening()) {
            self.out.send(Command::Edit(version.id, edit));
            let from = (version.id, version.revision);
            *self.pending_edit = Some(PendingEdit { gesture, from, since_secs: stage.now_secs });
        }
    }

    /// The gesture to show: the one under way, or the one whose answer has not come yet.
    pub fn shown(&self) -> Option<&Gesture> {
        self.gesture.as_ref().or(self.pending_edit.as_ref().map(|s| &s.gesture))
    }
}

/// A gesture that is done and asked for: shown until the notes are there, so that nothing jumps back
/// for a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct PendingEdit {
    gesture: Gesture,
    /// The version that it was done on.
    from: (VersionId, u64),
    since_secs: f64,
}

impl PendingEdit {
    /// How long the shell may take.
    const PATIENCE_SECS: f64 = 0.6;

    /// Whether the answer is still to come.
    pub fn is_due(&self, model: &Model, now_secs: f64) -> bool {
        model.listening().is_some_and(|v| (v.id, v.revision) == self.from)
            && now_secs - self.since_secs < Self::PATIENCE_SECS
    }
}

/// What is selected.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// Notes by their number in the score, in order.
    pub notes: Vec<u32>,
    /// Bars.
    pub bars: Option<Bars>,
}

impl Selection {
    /// Whether a note is selected.
    pub fn has(&self, note: u32) -> bool {
        self.notes.binary_search(&note).is_ok()
    }

    /// Selects a note and no other.
    pub fn only(&mut self, note: u32) {
        self.notes = vec![note];
    }

    /// Selects a note besides, or no longer.
    pub fn toggle(&mut self, note: u32) {
        match self.notes.binary_search(&note) {
            Ok(place) => {
                self.notes.remove(place);
            }
            Err(place) => self.notes.insert(place, note),
        }
    }
}

/// What is in the hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tool {
    /// Selects and moves.
    #[default]
    Select,
    /// Draws velocities in the velocity lane.
    Velocity,
    /// Draws the tempo.
    Tempo,
    /// Draws the loudness in the velocity lane.
    Dynamics,
    /// Draws the pedal.
    Pedal,
}
