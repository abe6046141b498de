//! What is heard of a recording of sound: the sound itself, or its notes on the piano.

use egui::{Button, RichText, Ui};
use protocol::{Command, OwnSoundState, OwnSoundView, TakeView, VersionId};

use crate::{Model, Outbox, controls, theme, words};

const OWN: &str = "Own sound";
const PIANO: &str = "Piano";
const READING: &str = "Its own sound is being read; until it is there the piano plays";

/// The version that is heard, if it has a sound of its own.
pub fn heard(model: &Model) -> Option<(VersionId, &OwnSoundView)> {
    let project = model.project.as_ref()?;
    let take = project.takes.iter().find(|take| take.id == project.listening)?;
    Some((take.id, take.own_sound.as_ref()?))
}

/// Whether the own sound is chosen and nothing is against it, though it may still be read.
pub fn is_on(own: &OwnSoundView) -> bool {
    own.is_chosen && matches!(own.state, OwnSoundState::Ready | OwnSoundState::Reading)
}

/// What is heard, and why it is the piano if the own sound is chosen.
fn about(own: &OwnSoundView) -> String {
    match (&own.state, own.is_chosen) {
        (OwnSoundState::Unavailable(why) | OwnSoundState::Missing(why), true) => {
            format!("The piano plays: {why}")
        }
        (OwnSoundState::Reading, true) => READING.to_owned(),
        (OwnSoundState::Ready, true) => "The recording is heard as it is".to_owned(),
        (_, false) => "The notes of the recording are heard on the piano".to_owned(),
    }
}

/// The two choices, for a menu.
pub fn choices_ui(ui: &mut Ui, id: VersionId, own: &OwnSoundView, out: &mut Outbox) {
    let is_on = is_on(own);
    let (why_not, is_able) = match &own.state {
        OwnSoundState::Unavailable(why) => (Some(words::sentence(why)), false),
        // Its file may be back.
        OwnSoundState::Missing(why) => (Some(words::sentence(why)), true),
        OwnSoundState::Ready | OwnSoundState::Reading => (None, true),
    };
    let choices = [
        (true, "Hear its own sound", "Hear the recording as it is, at the same bar as every other version"),
        (false, "Hear it on the piano", "Hear the notes that were found in the recording"),
    ];
    for (is_own, text, hint) in choices {
        let entry = ui.add_enabled(is_able || !is_own, Button::selectable(is_own == is_on, text));
        let hint = why_not.as_deref().filter(|_| is_own).unwrap_or(hint);
        if entry.on_hover_text(hint).on_disabled_hover_text(hint).clicked() {
            out.send(Command::HearOwnSound(id, is_own));
        }
    }
}

/// What is heard of the version that is heard, and the choice: nothing if it has no sound of its own.
pub fn bar_ui(ui: &mut Ui, model: &Model, out: &mut Outbox) {
    let Some((id, own)) = heard(model) else { return };
    let tokens = theme::of(ui);
    let is_amiss = own.is_chosen && !own.is_heard();
    let ink = if is_amiss { tokens.warning } else { tokens.text };
    let text = if own.is_heard() { OWN } else { PIANO };
    let button = ui.add(Button::new(RichText::new(text).color(ink)));
    let button = controls::hint(button, || format!("{}\nClick to choose what is heard", about(own)));
    egui::Popup::menu(&button).show(|ui| choices_ui(ui, id, own, out));
}

/// A word about it in the list of versions.
pub fn badge_ui(ui: &mut Ui, take: &TakeView) {
    let Some(own) = take.own_sound.as_ref().filter(|own| own.is_chosen) else { return };
    let tokens = theme::of(ui);
    let (text, ink) = if own.is_heard() { (OWN, tokens.weak) } else { (PIANO, tokens.warning) };
    controls::hint(controls::badge(ui, text, ink), || about(own));
}
