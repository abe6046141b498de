//! `espressivo performers`: who plays, and which settings of their own they have.

use std::process::ExitCode;

use anyhow::Result;
use application::systems;
use performers::{ChoiceKnob, Knob, NumberKnob, PerformerInfo, ReferenceKnob};

use crate::output;
use crate::perform::like;

/// List who plays, with the settings that each has of its own
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// Prints the performers, the one that plays when nobody is named first.
pub fn run(args: &Args) -> Result<ExitCode> {
    let registry = systems::registry();
    let infos: Vec<_> = registry.infos().collect();
    output::say_result(&infos, args.json, || infos.iter().map(|info| text(info)).collect::<String>())
}

/// A performer, and below it each of its knobs.
fn text(info: &PerformerInfo) -> String {
    let mut text = format!("{}  {}: {}\n", info.id, info.name, info.description);
    info.knobs.iter().for_each(|knob| text.push_str(&knob_text(info, knob)));
    text
}

/// What a knob does and where it can stand: a line, and one for each option.
fn knob_text(info: &PerformerInfo, knob: &Knob) -> String {
    match *knob {
        Knob::Number(NumberKnob { id, min, max, default, description, .. }) => {
            format!("  --set {id}=X  {min} to {max}, else {default}: {description}\n")
        }
        Knob::Choice(ChoiceKnob { id, options, description, .. }) => {
            let default = options.first().map_or("", |option| option.id);
            let mut text = format!("  --set {id}=NAME  one of these, else {default}: {description}\n");
            for option in options {
                text.push_str(&format!("      {}  {}: {}\n", option.id, option.name, option.description));
            }
            text
        }
        Knob::Reference(ReferenceKnob { id, description, .. }) => {
            let option = info.references().zip(like::OPTIONS).find(|(reference, _)| reference.id == id);
            let option = option.map_or("", |(_, option)| option);
            format!("  {option} FILE  a recording, MIDI or sound: {description}\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use performers::finish::Finishing;
    use performers::{Abilities, KnobOption};

    use super::*;

    fn info(knobs: &'static [Knob]) -> PerformerInfo {
        let (id, name, description) = ("toy", "Toy", "Plays");
        let (abilities, finishing) = (Abilities::default(), Finishing::PLAIN);
        PerformerInfo { id, name, description, abilities, knobs, finishing }
    }

    #[test]
    fn references_are_listed_by_their_options() {
        const fn reference(id: &'static str, description: &'static str) -> Knob {
            Knob::Reference(ReferenceKnob { id, name: "Like", description, enables: &[] })
        }
        const KNOBS: &[Knob] = &[reference("manner-of", "Whom"), reference("and-of", "Whom else")];
        assert_eq!(
            text(&info(KNOBS)),
            "toy  Toy: Plays\n  --like FILE  a recording, MIDI or sound: Whom\n  --like-second FILE  a recording, \
             MIDI or sound: Whom else\n"
        );
    }

    #[test]
    fn options_are_listed_below_their_knob() {
        const OPTIONS: &[KnobOption] = &[
            KnobOption { id: "classical", name: "Classical", description: "As in a recital" },
            KnobOption { id: "pop", name: "Pop", description: "As over a band" },
        ];
        let (id, name, description) = ("style", "Style", "What music it is played as");
        let knob = Knob::Choice(ChoiceKnob { id, name, description, options: OPTIONS });
        let text = knob_text(&info(&[]), &knob);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines,
            [
                "  --set style=NAME  one of these, else classical: What music it is played as",
                "      classical  Classical: As in a recital",
                "      pop  Pop: As over a band",
            ]
        );
    }
}
