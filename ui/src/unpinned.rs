//! What to do with values that were drawn in bars that are about to be performed anew.

use egui::{Ui, vec2};
use protocol::{Bars, Command, Edit, PerformRequest, PinKind, PinView, VersionView};

use crate::controls;
use crate::theme::space;
use crate::{Model, Outbox, words};

/// The values that would be lost, and what was asked for.
#[derive(Debug)]
pub struct Unpinned {
    request: PerformRequest,
    values: Vec<PinView>,
    has_performed: bool,
}

impl Unpinned {
    /// Asks about a request; none if it replaces nothing that was drawn.
    pub fn of(request: &PerformRequest, model: &Model) -> Option<Self> {
        let bars = request.bars.as_ref()?;
        let version = model.versions.get(&request.of)?;
        let values = drawn_in(bars, version, model);
        (!values.is_empty()).then(|| Self { request: request.clone(), values, has_performed: false })
    }

    /// Whether the bars were performed in the end.
    pub fn has_performed(&self) -> bool {
        self.has_performed
    }

    /// Draws it; `true` once it is answered.
    pub fn ui(&mut self, ui: &mut Ui, model: &Model, out: &mut Outbox) -> bool {
        let Some(bars) = &self.request.bars else { return true };
        let bars = words::bars(&model.score, bars);
        let is_closed = controls::dialog_title(ui, "Keep what you changed?");
        let name = words::version(model.project.as_ref(), self.request.of);
        let what = kinds(&self.values);
        ui.label(format!(
            "In {bars} of {name} you changed {what} by hand, and not all of it is pinned. A new performance of these \
             bars plays it differently, unless it is pinned."
        ));
        controls::weak(ui, format!("{name} itself stays as it is."));
        ui.add_space(space::MEDIUM);
        let size = vec2(ui.available_width(), 34.0);
        let pins = controls::primary_button(ui, "Pin and perform", size).clicked();
        ui.add_space(space::SMALL);
        let performs = ui.add_sized(size, egui::Button::new("Perform without pins")).clicked();
        if pins {
            let values = self.values.clone();
            out.send(Command::Edit(self.request.of, Edit::PinValues(values)));
        }
        if pins || performs {
            self.has_performed = true;
            out.send(Command::Perform(self.request.clone()));
        }
        pins || performs || is_closed
    }
}

fn drawn_in(bars: &Bars, version: &VersionView, model: &Model) -> Vec<PinView> {
    let notes = &model.score_of(version).notes;
    let is_inside = |value: &&PinView| {
        notes.get(value.note as usize).is_some_and(|note| bars.contains(&(note.measure as usize)))
    };
    version.drawn.iter().filter(is_inside).copied().collect()
}

/// `the pedal`, `the tempo and the pedal`.
fn kinds(values: &[PinView]) -> String {
    let names = [
        (PinKind::Velocity, "the velocities"),
        (PinKind::Onset, "the tempo"),
        (PinKind::Duration, "the lengths"),
        (PinKind::Pedal, "the pedal"),
    ];
    let there = names.iter().filter(|(kind, _)| values.iter().any(|value| value.kind == *kind));
    let there: Vec<&str> = there.map(|(_, name)| *name).collect();
    match there.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}
