//! What the pointer tells about a note.

use egui::Ui;
use protocol::MeasureView;

use crate::centre::pitches;
use crate::centre::stage::Stage;

/// What there is to say of slips and of a note at one place.
pub fn show(ui: &mut Ui, stage: &Stage<'_>, note: Option<u32>, slips: &[&str]) {
    for words in slips {
        ui.strong(*words);
    }
    if let Some(note) = note {
        about_note(ui, stage, note);
    }
}

/// Name, place, velocity, onset and length of a note.
fn about_note(ui: &mut Ui, stage: &Stage<'_>, number: u32) {
    let Some(note) = stage.scene.heard.get(number) else { return };
    let Some(written) = stage.model.score.notes.get(number as usize) else { return };
    let place = stage.model.score.measures.get(written.measure as usize);
    ui.strong(match place {
        Some(measure) => {
            format!("{} · {}", pitches::name(note.pitch), place_text(measure, written.onset_quarters))
        }
        None => pitches::name(note.pitch),
    });
    ui.label(format!("Velocity {}", note.velocity));
    ui.label(format!("Onset {:.3} s", note.onset_secs));
    ui.label(format!("Length {:.3} s", note.duration_secs));
}

/// A bar as it is printed, and the beat in it, counted from 1.
pub fn place_text(measure: &MeasureView, quarters: f64) -> String {
    let beat = (quarters - measure.start_quarters) / measure.beat_quarters.max(1e-3) + 1.0;
    let beat = format!("{beat:.2}");
    let beat = beat.trim_end_matches('0').trim_end_matches('.');
    format!("bar {}, beat {beat}", bar_text(&measure.number, measure.pass))
}

/// A bar as it is printed, and which time it is played if not the first.
pub fn bar_text(number: &str, pass: u8) -> String {
    if pass > 1 { format!("{number} ({pass})") } else { number.to_owned() }
}
