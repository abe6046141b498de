//! Which slips of a recording are marked: one set of switches for roll and page.

use protocol::{LayerInk, SlipKind};

use crate::UiCommand;

/// Kinds of slips with the commands that mark them, in the order of [`SlipKind::ALL`].
const SWITCHES: [(SlipKind, UiCommand); 4] = [
    (SlipKind::Wrong, UiCommand::MarkWrong),
    (SlipKind::Missed, UiCommand::MarkMissed),
    (SlipKind::Extra, UiCommand::MarkExtra),
    (SlipKind::Hesitation, UiCommand::MarkHesitations),
];

/// The kind that a command marks, if it is for one.
pub fn kind(command: UiCommand) -> Option<SlipKind> {
    SWITCHES.iter().find(|switch| switch.1 == command).map(|switch| switch.0)
}

/// What a kind is drawn with.
pub fn ink(kind: SlipKind) -> LayerInk {
    match kind {
        SlipKind::Wrong => LayerInk::Wrong,
        SlipKind::Missed => LayerInk::Missed,
        SlipKind::Extra => LayerInk::Extra,
        SlipKind::Hesitation => LayerInk::Hesitation,
    }
}

/// The kinds that are marked; all of them at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlipMarks([bool; 4]);

impl Default for SlipMarks {
    fn default() -> Self {
        Self([true; 4])
    }
}

impl SlipMarks {
    /// As a project keeps them.
    pub fn from_kept(kept: [bool; 4]) -> Self {
        Self(kept)
    }

    /// What a project keeps: for each kind in the order of [`SlipKind::ALL`] whether it is marked.
    pub fn kept(self) -> [bool; 4] {
        self.0
    }

    /// Whether a kind is marked.
    pub fn has(self, kind: SlipKind) -> bool {
        SlipKind::ALL.iter().zip(self.0).any(|(other, is_on)| *other == kind && is_on)
    }

    /// Marks a kind, or no longer.
    pub fn toggle(&mut self, kind: SlipKind) {
        let kinds = SlipKind::ALL.iter().zip(&mut self.0);
        kinds.filter(|(other, _)| **other == kind).for_each(|(_, is_on)| *is_on = !*is_on);
    }
}
