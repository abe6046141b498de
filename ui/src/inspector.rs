//! The selected notes in numbers: how many, how loud, when, how long.
//!
//! The numbers are those of the first selected note; a change moves all of them by the same amount, as
//! dragging does. A number is typed, dragged, or nudged with the arrow keys; with Shift ten times as
//! far. In roll and lanes the arrow keys nudge the notes themselves.

use egui::{DragValue, Id, Key, Modifiers, RichText, Ui, vec2};
use protocol::{Command, Edit, PlayedNote, VersionId, VersionView};

use crate::centre::cached::Cached;
use crate::centre::gestures::{ChangeLength, DragVelocities, MoveOnset, chords};
use crate::controls::PendingValue;
use crate::theme::{self, space};
use crate::{Model, Outbox};

/// Height of a field.
const FIELD_HEIGHT: f32 = 20.0;

/// A number of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Number {
    Velocity,
    Onset,
    Length,
}

impl Number {
    const ALL: [Self; 3] = [Self::Velocity, Self::Onset, Self::Length];

    fn name(self) -> &'static str {
        match self {
            Self::Velocity => "Velocity",
            Self::Onset => "Onset",
            Self::Length => "Length",
        }
    }

    /// How far an arrow key goes: steps of velocity, or seconds.
    fn step(self) -> f64 {
        match self {
            Self::Velocity => 1.0,
            Self::Onset | Self::Length => 0.005,
        }
    }

    fn range(self) -> std::ops::RangeInclusive<f64> {
        match self {
            Self::Velocity => 1.0..=127.0,
            Self::Onset => 0.0..=1e6,
            Self::Length => 0.001..=1e4,
        }
    }

    fn of(self, note: &PlayedNote) -> f64 {
        match self {
            Self::Velocity => f64::from(note.velocity),
            Self::Onset => note.onset_secs,
            Self::Length => note.duration_secs,
        }
    }

    /// What moves this number of all notes by the same amount.
    fn edit(self, model: &Model, notes: &[&PlayedNote], delta: f64) -> Option<Edit> {
        let numbers = || notes.iter().map(|n| (n.note, self.of(n))).collect();
        match self {
            Self::Velocity => {
                let velocities = notes.iter().map(|n| (n.note, n.velocity));
                let mut gesture = DragVelocities::new(0.0, chords(&model.score, velocities));
                gesture.follow(delta);
                gesture.edit()
            }
            Self::Onset => {
                let mut gesture = MoveOnset::new(0.0, numbers());
                gesture.follow(delta);
                gesture.edit()
            }
            Self::Length => {
                let mut gesture = ChangeLength::new(0.0, numbers());
                gesture.follow(delta);
                gesture.edit()
            }
        }
    }
}

/// A field with one of the numbers.
#[derive(Debug, Default)]
struct Field {
    id: Option<Id>,
    /// The number while it is dragged.
    dragged: Option<f64>,
    sent: PendingValue,
}

/// What is kept of the numbers from frame to frame.
#[derive(Debug, Default)]
pub struct Inspector {
    /// The version and the note that the numbers are of.
    of: Option<(VersionId, u32)>,
    fields: [Field; 3],
    played: Played,
}

/// The selected notes that a version plays.
#[derive(Debug, Default)]
struct Played {
    /// Their places in the performance, the first one first; made from the score, the version and the
    /// selection.
    places: Cached<(u64, VersionId, u64, Vec<u32>), Vec<usize>>,
}

impl Played {
    fn of<'a>(
        &mut self,
        version: &'a VersionView,
        score_revision: u64,
        selected: &[u32],
    ) -> Vec<&'a PlayedNote> {
        let notes = &version.performance.notes;
        let key = (score_revision, version.id, version.revision, selected.to_vec());
        let places = self.places.get(key, |_| {
            let is_selected = |place: &usize| selected.binary_search(&notes[*place].note).is_ok();
            let mut places: Vec<usize> = (0..notes.len()).filter(is_selected).collect();
            places.sort_by(|a, b| {
                let (a, b) = (&notes[*a], &notes[*b]);
                a.onset_secs.total_cmp(&b.onset_secs).then(a.note.cmp(&b.note))
            });
            places
        });
        places.iter().filter_map(|place| notes.get(*place)).collect()
    }
}

impl Inspector {
    /// Draws the numbers of the selected notes.
    pub fn ui(&mut self, ui: &mut Ui, model: &Model, selected: &[u32], out: &mut Outbox) {
        let Some(version) = model.listening() else { return };
        let notes = self.played.of(version, model.score_revision, selected);
        let Some(first) = notes.first() else { return };
        let of = Some((version.id, first.note));
        if self.of != of {
            (self.of, self.fields) = (of, Default::default());
        }
        // As high as the line that they stand in.
        ui.spacing_mut().interact_size.y = FIELD_HEIGHT;
        ui.spacing_mut().button_padding.y = 1.0;
        let tokens = theme::of(ui);
        let count = if notes.len() == 1 { "1 note".to_owned() } else { format!("{} notes", notes.len()) };
        ui.label(RichText::new(count).size(12.0).color(tokens.text));
        for (number, field) in Number::ALL.into_iter().zip(&mut self.fields) {
            ui.add_space(space::SMALL);
            let Some(delta) = field.ui(ui, number, number.of(first)) else { continue };
            if let Some(edit) = number.edit(model, &notes, delta) {
                out.send(Command::Edit(version.id, edit));
            }
        }
    }

    /// Arrow keys in roll and lanes: up and down for louder and softer, left and right for earlier and
    /// later.
    pub fn nudge(&mut self, ctx: &egui::Context, model: &Model, selected: &[u32], out: &mut Outbox) {
        let Some(version) = model.listening().filter(|_| !selected.is_empty()) else { return };
        let louder = arrows(ctx, Key::ArrowUp, Key::ArrowDown);
        let later = arrows(ctx, Key::ArrowRight, Key::ArrowLeft);
        for (number, steps) in [(Number::Velocity, louder), (Number::Onset, later)] {
            if steps == 0.0 {
                continue;
            }
            let notes = self.played.of(version, model.score_revision, selected);
            if let Some(edit) = number.edit(model, &notes, steps * number.step()) {
                out.send(Command::Edit(version.id, edit));
            }
        }
    }
}

impl Field {
    /// Draws the number; by how much it was changed, once that is settled.
    fn ui(&mut self, ui: &mut Ui, number: Number, told: f64) -> Option<f64> {
        let now = ui.input(|i| i.time);
        let shown = self.sent.value(told, now);
        let mut value = self.dragged.unwrap_or(shown);
        // Before the field, which takes them for plain arrow keys.
        let has_keys = self.id.is_some_and(|id| ui.memory(|m| m.has_focus(id)));
        let nudged = if has_keys { arrows(ui.ctx(), Key::ArrowUp, Key::ArrowDown) } else { 0.0 };
        value += nudged * number.step();
        let (decimals, suffix) = if number == Number::Velocity { (0, "") } else { (3, " s") };
        crate::controls::weak(ui, number.name());
        let field = DragValue::new(&mut value).range(number.range()).clamp_existing_to_range(false);
        let field = field.speed(number.step()).fixed_decimals(decimals).suffix(suffix);
        let field = ui.add_sized(vec2(72.0, FIELD_HEIGHT), field.update_while_editing(false));
        let field = field.accessible_name(number.name()).on_hover_text(
            "Of the first selected note; the others move along. Arrow keys nudge it, with Shift ten times as far",
        );
        self.id = Some(field.id);
        if field.dragged() {
            self.dragged = Some(value);
            return None;
        }
        self.dragged = None;
        // Less than what is shown of a number is no change.
        if (value - shown).abs() < 0.5 * 0.1_f64.powi(decimals as i32) {
            return None;
        }
        self.sent.send(value, now);
        Some(value - told)
    }
}

/// How far a pair of arrow keys goes, with Shift ten times; the keys are used up.
fn arrows(ctx: &egui::Context, more: Key, less: Key) -> f64 {
    ctx.input_mut(|input| {
        let mut count = |modifiers, key| input.count_and_consume_key(modifiers, key) as f64;
        // Shift first: egui lets a key with fewer modifiers match too.
        let far = count(Modifiers::SHIFT, more) - count(Modifiers::SHIFT, less);
        far * 10.0 + count(Modifiers::NONE, more) - count(Modifiers::NONE, less)
    })
}
