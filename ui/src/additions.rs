//! What others have published and can be got: a button wherever something is done without it, and the list in the
//! settings.

use egui::{ProgressBar, Ui};
use protocol::{Addition, Command, Presence};

use crate::controls::{self, field_label};
use crate::theme::{self, space};
use crate::{Model, Outbox, words};

/// What the button says that gets something.
pub fn button_text(addition: Addition) -> String {
    format!("Get {}… ({} MB)", addition.name(), addition.megabytes())
}

/// What it is and who made it, for whoever wants to know.
pub fn about(addition: Addition) -> &'static str {
    match addition {
        Addition::GrandPiano => {
            "A concert grand, recorded key by key at sixteen strengths of touch: the Salamander Grand Piano by \
             Alexander Holm (CC BY 3.0). It comes from the internet, which takes some minutes, and stays on this \
             computer. What was stopped goes on where it was"
        }
        Addition::TextEncoder => {
            "Reads whole phrases where you type a mood, such as “like rain on a roof”, not only the words that a \
             table has: all-MiniLM-L6-v2 by the sentence-transformers project (Apache License 2.0). It comes from \
             the internet, which takes some minutes, and stays on this computer. What you type stays here, too"
        }
        Addition::Transcriber => {
            "Hears the notes and the pedal of a recording of sound, so that it becomes a version of your piece: \
             Transkun V2 by Yujia Yan and Zhiyao Duan (MIT licence). It comes from the internet, which takes some \
             minutes, and stays on this computer. Your recordings stay here, too"
        }
    }
}

/// What it is for, in a few words.
fn purpose(addition: Addition) -> &'static str {
    match addition {
        Addition::GrandPiano => "A recorded concert grand",
        Addition::TextEncoder => "Moods in whole phrases",
        Addition::Transcriber => "Recordings of sound",
    }
}

/// Draws the button that gets something.
fn button_ui(ui: &mut Ui, addition: Addition, out: &mut Outbox) {
    if ui.button(button_text(addition)).on_hover_text(about(addition)).clicked() {
        out.send(Command::Get(addition));
    }
}

/// Draws the button while something is missing, and how far it is while it is on its way. Nothing once it is there.
pub fn get_ui(ui: &mut Ui, addition: Addition, model: &Model, out: &mut Outbox) {
    match model.settings.additions.of(addition) {
        Presence::Missing => button_ui(ui, addition, out),
        Presence::Arriving(job) => arriving_ui(ui, addition, job, model, out),
        Presence::There => {}
    }
}

/// Draws the list in the settings.
pub fn settings_ui(ui: &mut Ui, model: &Model, out: &mut Outbox) {
    field_label(ui, "To be got from the internet, if you want it");
    for addition in Addition::ALL {
        if model.settings.additions.of(addition) == Presence::There {
            let name = words::capitalised(addition.name());
            controls::weak(ui, format!("{name} is on this computer")).on_hover_text(about(addition));
        } else {
            ui.horizontal_wrapped(|ui| {
                get_ui(ui, addition, model, out);
                if model.settings.additions.of(addition) == Presence::Missing {
                    controls::weak(ui, purpose(addition));
                }
            });
        }
        ui.add_space(space::SMALL);
    }
}

/// How far something is, and a way to stop it.
fn arriving_ui(ui: &mut Ui, addition: Addition, job: u64, model: &Model, out: &mut Outbox) {
    ui.horizontal(|ui| {
        controls::weak(ui, format!("{} is on its way", words::capitalised(addition.name())));
        let Some(job) = model.jobs.iter().find(|running| running.id == job) else {
            controls::weak(ui, "(in another window)");
            return;
        };
        let share = job.progress.unwrap_or_default();
        let fill = theme::of(ui).accent;
        ui.add(ProgressBar::new(share).desired_width(80.0).desired_height(6.0).fill(fill));
        controls::weak(ui, format!("{:.0} %", share * 100.0));
        if ui.button("Cancel").on_hover_text("What is there already is kept").clicked() {
            out.send(Command::Cancel(job.id));
        }
    });
}
