//! Which commands the keys of a frame ask for.

use egui::{Key, KeyboardShortcut};

use crate::commands::UiCommand;

/// What the keys of a frame are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyContext {
    /// A menu, a list or a card is open: it gets the keys, above all Escape.
    pub is_covered: bool,
    /// Pointer or attention is at roll and lanes: single letters are shortcuts.
    pub is_at_notes: bool,
    /// Arrow keys move the selected notes: also after their numbers were typed.
    pub may_nudge: bool,
}

/// The commands whose keys were pressed in this frame; each key is used up.
///
/// Nothing that writes text fires while a widget has the keyboard, so a text field keeps its
/// letters, its Ctrl+Z and its Ctrl+A; Ctrl+S and Ctrl+Enter work everywhere.
pub fn pressed(ctx: &egui::Context, aim: KeyContext) -> Vec<UiCommand> {
    let is_typing = ctx.egui_wants_keyboard_input();
    // Escape has taken the keyboard from its field before this frame began, but was meant for it.
    let remembered = egui::Id::unique("was typing");
    let was_typing = ctx.data_mut(|d| d.get_temp::<bool>(remembered).unwrap_or_default());
    ctx.data_mut(|d| d.insert_temp(remembered, is_typing));
    let mut found = Vec::new();
    ctx.input_mut(|input| {
        if !input.events.iter().any(|e| matches!(e, egui::Event::Key { pressed: true, .. })) {
            return;
        }
        for (shortcut, command) in by_precision() {
            let is_escape = shortcut.logical_key == Key::Escape;
            let is_texts = (is_typing || was_typing && is_escape) && belongs_to_text(&shortcut);
            let is_covered = aim.is_covered && !shortcut.modifiers.command;
            if is_texts || is_covered || is_letter(&shortcut) && !aim.is_at_notes {
                continue;
            }
            if input.consume_shortcut(&shortcut) {
                found.push(command);
            }
        }
    });
    found
}

/// Ctrl+Shift+S before Ctrl+S: egui lets a key with fewer modifiers match too.
fn by_precision() -> Vec<(KeyboardShortcut, UiCommand)> {
    let mut keys: Vec<_> =
        UiCommand::all().flat_map(|c| c.shortcuts().iter().map(move |s| (*s, c))).collect();
    keys.sort_by_key(|(s, _)| !(s.modifiers.shift));
    keys
}

/// Whether a key writes something that a person may have meant for a text.
fn is_letter(shortcut: &KeyboardShortcut) -> bool {
    let acts = matches!(
        shortcut.logical_key,
        Key::Space | Key::Enter | Key::Escape | Key::Home | Key::Questionmark | Key::F1 | Key::F2
    );
    !shortcut.modifiers.command && !acts
}

fn belongs_to_text(shortcut: &KeyboardShortcut) -> bool {
    let edits = matches!(shortcut.logical_key, Key::A | Key::Z | Key::Y | Key::C | Key::V | Key::X);
    !shortcut.modifiers.command || edits
}
