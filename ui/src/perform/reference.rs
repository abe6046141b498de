//! The row of a setting that is somebody's manner: whose it is, and who there is to choose from, versions of the
//! project and recordings of any piece.

use egui::{Button, ComboBox, Spinner, Ui};
use protocol::{Command, JobView, KnobValue, KnobView, Knobs, MannerSource, PerformerView, TakeView};

use crate::controls::{self, field_label};
use crate::theme;
use crate::{Model, Outbox};

/// What stands there while nobody is chosen.
const NOBODY: &str = "Nobody";

/// What was chosen.
enum Choice {
    Nobody,
    Of(MannerSource),
}

/// Draws the row. What is chosen is asked of the studio, which may read for a while; until it has answered
/// everything stays as it is.
pub(super) fn reference_ui(
    ui: &mut Ui,
    model: &Model,
    (performer, knob): (&PerformerView, &KnobView),
    knobs: &mut Knobs,
    out: &mut Outbox,
) {
    ui.horizontal(|ui| {
        let label = field_label(ui, &knob.name).on_hover_text(knob.description.as_str());
        if let Some(job) = reading(model, performer, knob) {
            return reading_ui(ui, job, out);
        }
        let manner = knobs.get(&knob.id).and_then(KnobValue::manner);
        let name = manner.map(|manner| manner.name.as_str());
        let mut choice = None;
        let combo = ComboBox::from_id_salt(("knob", knob.id.as_str()))
            .width(ui.available_width())
            .truncate()
            .selected_text(name.unwrap_or(NOBODY))
            .show_ui(ui, |ui| choice = menu_ui(ui, model, name));
        combo.response.labelled_by(label.id).on_hover_text(knob.description.as_str());
        match choice {
            None => {}
            Some(Choice::Nobody) => drop(knobs.remove(&knob.id)),
            Some(Choice::Of(of)) => {
                let (performer, knob) = (performer.id.clone(), knob.id.clone());
                out.send(Command::ReadManner { performer, knob, of });
            }
        }
    });
}

/// Nobody, the versions that somebody plays, and recordings.
fn menu_ui(ui: &mut Ui, model: &Model, chosen: Option<&str>) -> Option<Choice> {
    let mut choice = None;
    if ui.add(Button::selectable(chosen.is_none(), NOBODY)).clicked() {
        choice = Some(Choice::Nobody);
    }
    for take in versions(model) {
        let button = Button::selectable(chosen == Some(take.name.as_str()), take.name.as_str());
        if ui.add(button).on_hover_text(model.description(take.id)).clicked() {
            choice = Some(Choice::Of(MannerSource::Version(take.id)));
        }
    }
    ui.separator();
    let recording = ui.add(Button::selectable(false, "Recording…"));
    if recording.on_hover_text("A recording of this piece or of any other, MIDI or sound").clicked() {
        choice = Some(Choice::Of(MannerSource::File(None)));
    }
    choice
}

/// The takes and recordings that are complete; the deadpan is nobody's manner.
fn versions(model: &Model) -> impl Iterator<Item = &TakeView> {
    model.project.iter().flat_map(|project| &project.takes).filter(|take| !take.is_streaming)
}

/// The job that reads for a knob, while it does.
fn reading<'a>(model: &'a Model, performer: &PerformerView, knob: &KnobView) -> Option<&'a JobView> {
    let is_for_it = |of: &(String, String)| of.0 == performer.id && of.1 == knob.id;
    model.jobs.iter().find(|job| job.reads_for.as_ref().is_some_and(is_for_it))
}

fn reading_ui(ui: &mut Ui, job: &JobView, out: &mut Outbox) {
    ui.add(Spinner::new().size(14.0).color(theme::of(ui).accent));
    controls::weak(ui, "Reading").on_hover_text(job.label.as_str());
    if ui.button("Cancel").on_hover_text("Leave it as it was").clicked() {
        out.send(Command::Cancel(job.id));
    }
}
