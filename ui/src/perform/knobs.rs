//! The settings that the chosen performer has of its own.

use egui::{Button, ComboBox, Ui};
use protocol::{KnobKind, KnobOption, KnobValue, KnobView, Knobs, PerformerView};

use crate::controls::{field_label, knob_slider};

/// The knobs of a performer that stand elsewhere than at their default.
pub(super) fn turned(performer: &PerformerView, knobs: &Knobs) -> Knobs {
    let turned = performer.knobs.iter().filter_map(|knob| {
        let value = current(knob, knobs).filter(|value| Some(value) != default(knob).as_ref())?;
        Some((knob.id.clone(), value))
    });
    turned.collect()
}

/// Where a knob of the performer stands. Another performer may have one of the same name: what this one
/// cannot be set to is as if nobody had turned it. None for a knob without options.
fn current(knob: &KnobView, knobs: &Knobs) -> Option<KnobValue> {
    let set = match (&knob.kind, knobs.get(&knob.id)) {
        (KnobKind::Number(range), Some(KnobValue::Number(number))) if number.is_finite() => {
            Some(KnobValue::Number((*number).clamp(range.min, range.max)))
        }
        (KnobKind::Choice(options), Some(KnobValue::Choice(id))) => {
            options.iter().find(|option| option.id == *id).map(|option| KnobValue::Choice(option.id.clone()))
        }
        (KnobKind::Reference(_), Some(KnobValue::Manner(manner))) => Some(KnobValue::Manner(manner.clone())),
        _ => None,
    };
    set.or_else(|| default(knob))
}

fn default(knob: &KnobView) -> Option<KnobValue> {
    match &knob.kind {
        KnobKind::Number(range) => Some(KnobValue::Number(range.default)),
        KnobKind::Choice(options) => options.first().map(|option| KnobValue::Choice(option.id.clone())),
        KnobKind::Reference(_) => None,
    }
}

/// A slider or a combo box for a knob, which sets it among the others.
pub(super) fn knob_ui(ui: &mut Ui, knob: &KnobView, knobs: &mut Knobs) {
    let Some(value) = current(knob, knobs) else { return };
    let set = match (&knob.kind, &value) {
        (KnobKind::Number(range), KnobValue::Number(number)) => {
            let mut moved = *number;
            knob_slider(ui, knob, *range, &mut moved);
            KnobValue::Number(moved)
        }
        (KnobKind::Choice(options), KnobValue::Choice(id)) => {
            KnobValue::Choice(choose(ui, knob, options, id).to_owned())
        }
        _ => return,
    };
    if set != value {
        knobs.insert(knob.id.clone(), set);
    }
}

/// A combo box with its name above it. Gives the identifier of the option that is chosen now.
fn choose<'a>(ui: &mut Ui, knob: &KnobView, options: &'a [KnobOption], id: &'a str) -> &'a str {
    let label = field_label(ui, &knob.name).on_hover_text(knob.description.as_str());
    let chosen = options.iter().find(|option| option.id == id);
    let mut picked = id;
    let combo = ComboBox::from_id_salt(("knob", knob.id.as_str()))
        .width(ui.available_width())
        .selected_text(chosen.map_or(id, |option| option.name.as_str()))
        .show_ui(ui, |ui| {
            for option in options {
                let button = ui.add(Button::selectable(option.id == id, option.name.as_str()));
                if button.on_hover_text(option.description.as_str()).clicked() {
                    picked = option.id.as_str();
                }
            }
        });
    combo.response.labelled_by(label.id).on_hover_text(knob.description.as_str());
    picked
}

#[cfg(test)]
mod tests {
    use protocol::KnobRange;

    use super::*;

    fn performer() -> PerformerView {
        let knob = |id: &str, kind| KnobView {
            id: id.to_owned(),
            name: id.to_owned(),
            description: String::new(),
            kind,
        };
        let option =
            |id: &str| KnobOption { id: id.to_owned(), name: id.to_owned(), description: String::new() };
        let range = KnobRange { min: 0.0, max: 1.0, default: 0.5, is_share: true };
        let options = vec![option("classical"), option("pop")];
        PerformerView {
            knobs: vec![
                knob("swing", KnobKind::Number(range)),
                knob("style", KnobKind::Choice(options)),
                knob("empty", KnobKind::Choice(Vec::new())),
            ],
            ..PerformerView::default()
        }
    }

    fn turned_of(set: &[(&str, KnobValue)]) -> Vec<(String, KnobValue)> {
        let knobs = set.iter().map(|(id, value)| ((*id).to_owned(), value.clone())).collect();
        turned(&performer(), &knobs).into_iter().collect()
    }

    #[test]
    fn only_what_stands_elsewhere_than_at_its_default_is_sent() {
        assert!(turned_of(&[]).is_empty());
        assert!(turned_of(&[("swing", KnobValue::Number(0.5)), ("style", "classical".into())]).is_empty());
        let both = turned_of(&[("swing", KnobValue::Number(7.0)), ("style", "pop".into())]);
        let wanted = [("style", KnobValue::from("pop")), ("swing", KnobValue::Number(1.0))];
        assert_eq!(both, wanted.map(|(id, value)| (id.to_owned(), value)));
    }

    #[test]
    fn what_another_performer_was_set_to_is_not_sent() {
        let strange = [("swing", "pop".into()), ("style", "jazz".into()), ("empty", "pop".into())];
        assert!(turned_of(&strange).is_empty());
        let strange = [("swing", KnobValue::Number(f64::NAN)), ("style", KnobValue::Number(1.0))];
        assert!(turned_of(&strange).is_empty());
    }
}
