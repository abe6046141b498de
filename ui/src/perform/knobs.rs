//! The settings that the chosen performer has of its own.

use egui::{Button, ComboBox, Ui};
use protocol::{KnobKind, KnobOption, KnobValue, KnobView, Knobs, PerformerView};

use super::reference::reference_ui;
use crate::controls::{field_label, knob_slider, steady};
use crate::{Model, Outbox};

/// The knobs of a performer that stand elsewhere than at their default, but for those that mean nothing now.
pub(super) fn turned(performer: &PerformerView, knobs: &Knobs) -> Knobs {
    let turned = performer.knobs.iter().filter_map(|knob| {
        let value = current(knob, knobs).filter(|value| Some(value) != default(knob).as_ref())?;
        missing(performer, knob, knobs).is_none().then(|| (knob.id.clone(), value))
    });
    turned.collect()
}

/// The knob that has to be somebody's manner before this one means anything; none if it does.
fn missing<'a>(performer: &'a PerformerView, knob: &KnobView, knobs: &Knobs) -> Option<&'a KnobView> {
    performer.knobs.iter().find(|other| match &other.kind {
        KnobKind::Reference(enables) => enables.contains(&knob.id) && current(other, knobs).is_none(),
        KnobKind::Number(_) | KnobKind::Choice(_) => false,
    })
}

/// A row for each knob. Those that mean nothing yet are greyed and say why.
pub(super) fn knobs_ui(
    ui: &mut Ui,
    model: &Model,
    performer: &PerformerView,
    knobs: &mut Knobs,
    out: &mut Outbox,
) {
    for knob in &performer.knobs {
        steady(ui, ("knob", knob.id.as_str()), |ui| {
            if let Some(reference) = missing(performer, knob, knobs) {
                off_ui(ui, knob, reference);
            } else if let KnobKind::Reference(_) = knob.kind {
                reference_ui(ui, model, (performer, knob), knobs, out);
            } else {
                knob_ui(ui, knob, knobs);
            }
        });
    }
}

/// The name of a knob that means nothing yet, in one low line.
fn off_ui(ui: &mut Ui, knob: &KnobView, reference: &KnobView) {
    let reason = format!("{}\nFirst choose somebody at “{}”", knob.description, reference.name);
    ui.add_enabled_ui(false, |ui| field_label(ui, &knob.name).on_disabled_hover_text(reason));
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
fn knob_ui(ui: &mut Ui, knob: &KnobView, knobs: &mut Knobs) {
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
    fn what_means_nothing_without_a_reference_is_not_sent() {
        let mut performer = performer();
        let like = KnobView {
            id: "like".to_owned(),
            name: "Play it like".to_owned(),
            description: String::new(),
            kind: KnobKind::Reference(vec!["swing".to_owned()]),
        };
        performer.knobs.push(like);
        let manner = protocol::Manner { name: "lesson".to_owned(), ..protocol::Manner::default() };
        let mut knobs = Knobs::from([("swing".to_owned(), KnobValue::Number(1.0))]);
        assert!(turned(&performer, &knobs).is_empty());
        knobs.insert("like".to_owned(), KnobValue::Manner(manner));
        assert_eq!(turned(&performer, &knobs), knobs);
        knobs.insert("like".to_owned(), KnobValue::Number(1.0));
        assert!(turned(&performer, &knobs).is_empty(), "a number is nobody's manner");
    }

    #[test]
    fn what_another_performer_was_set_to_is_not_sent() {
        let strange = [("swing", "pop".into()), ("style", "jazz".into()), ("empty", "pop".into())];
        assert!(turned_of(&strange).is_empty());
        let strange = [("swing", KnobValue::Number(f64::NAN)), ("style", KnobValue::Number(1.0))];
        assert!(turned_of(&strange).is_empty());
    }
}
