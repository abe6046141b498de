//! The keys of commands.

use egui::{Key, KeyboardShortcut, Modifiers};

use super::UiCommand;

use UiCommand as C;

const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);
const PLAIN: Modifiers = Modifiers::NONE;
const SHIFT: Modifiers = Modifiers::SHIFT;

impl UiCommand {
    /// Its key; a second one does the same where people are used to it.
    pub fn shortcuts(self) -> &'static [KeyboardShortcut] {
        macro_rules! keys {
            ($($modifiers:expr, $key:ident);*) => {
                const { &[$(KeyboardShortcut::new($modifiers, Key::$key)),*] }
            };
        }
        match self {
            C::NewWindow => keys!(CTRL_SHIFT, N),
            C::NewPiece => keys!(CTRL, N),
            C::Open => keys!(CTRL, O),
            C::ImportRecording => keys!(CTRL, I),
            C::Save => keys!(CTRL, S),
            C::SaveAs => keys!(CTRL_SHIFT, S),
            C::SaveMidi => keys!(CTRL, E),
            C::SaveWav => keys!(CTRL_SHIFT, E),
            C::PrintPage => keys!(CTRL_SHIFT, P),
            C::Close => keys!(CTRL, W),
            C::CloseWindow => keys!(CTRL_SHIFT, W),
            C::Quit => keys!(CTRL, Q),
            C::Undo => keys!(CTRL, Z),
            C::Redo => keys!(CTRL_SHIFT, Z; CTRL, Y),
            C::SelectAll => keys!(CTRL, A),
            C::Deselect => keys!(PLAIN, Escape),
            C::PinSelected => keys!(PLAIN, P),
            C::UnpinSelected => keys!(SHIFT, P),
            C::DuplicateTake => keys!(CTRL, D),
            C::RenameTake => keys!(PLAIN, F2),
            C::ToolSelect => keys!(PLAIN, Num1),
            C::ToolVelocity => keys!(PLAIN, Num2),
            C::ToolTempo => keys!(PLAIN, Num3),
            C::ToolDynamics => keys!(PLAIN, Num4),
            C::ToolPedal => keys!(PLAIN, Num5),
            C::PlayPause => keys!(PLAIN, Space),
            C::Stop => keys!(PLAIN, Enter),
            C::GoToStart => keys!(PLAIN, Home),
            C::PreviousBar => keys!(PLAIN, A),
            C::NextBar => keys!(PLAIN, D),
            C::GoToBar => keys!(CTRL, G),
            C::Loop => keys!(SHIFT, L),
            C::LoopSelection => keys!(PLAIN, L),
            C::Metronome => keys!(PLAIN, M),
            C::CountIn => keys!(SHIFT, M),
            C::Record => keys!(PLAIN, R),
            C::RecordBars => keys!(SHIFT, R),
            C::Slower => keys!(PLAIN, Comma),
            C::Faster => keys!(PLAIN, Period),
            C::Perform => keys!(CTRL, Enter),
            C::Vary => keys!(SHIFT, V),
            C::SwapCompared => keys!(PLAIN, X),
            C::StarPassage => keys!(PLAIN, S),
            C::CompareView => keys!(PLAIN, C),
            C::NextView => keys!(PLAIN, V),
            C::ZoomIn => keys!(PLAIN, Plus; PLAIN, Equals),
            C::ZoomOut => keys!(PLAIN, Minus),
            C::ZoomFit => keys!(PLAIN, Num0),
            C::ToggleAxis => keys!(PLAIN, T),
            C::ToggleFollow => keys!(PLAIN, F),
            C::ScaleUp => keys!(CTRL, Plus; CTRL, Equals),
            C::ScaleDown => keys!(CTRL, Minus),
            C::ScaleReset => keys!(CTRL, Num0),
            C::Palette => keys!(CTRL, P),
            C::Shortcuts => keys!(PLAIN, Questionmark; PLAIN, F1),
            C::Settings => keys!(CTRL, Comma),
            C::ViewRoll
            | C::ViewPage
            | C::ViewBoth
            | C::EndlessSystem
            | C::TintLoudness
            | C::TintLength
            | C::TintTiming
            | C::PageCurves
            | C::PageMarks
            | C::MarkWrong
            | C::MarkMissed
            | C::MarkExtra
            | C::MarkHesitations
            | C::ExportReport
            | C::ShowExported
            | C::DeleteTake
            | C::UseNewReading
            | C::MakeBest
            | C::Continue
            | C::ArmRecording
            | C::KeptRecordings
            | C::OwnSound
            | C::NormalTempo
            | C::Messages
            | C::About => &[],
        }
    }

    /// Its first key as it is written on menus; empty for none.
    pub fn shortcut_text(self, ctx: &egui::Context) -> String {
        self.shortcuts().first().map(|s| key_text(s, ctx)).unwrap_or_default()
    }

    /// Its sentence with its key behind it.
    pub fn tooltip_with_shortcut(self, ctx: &egui::Context) -> String {
        match self.shortcuts().first() {
            Some(key) => format!("{} ({})", self.tooltip(), key_text(key, ctx)),
            None => self.tooltip().to_owned(),
        }
    }
}

/// A key as it is printed on a keyboard: `Ctrl+,`, not `Ctrl+Comma`.
pub fn key_text(shortcut: &KeyboardShortcut, ctx: &egui::Context) -> String {
    let modifiers = ctx.format_modifiers(shortcut.modifiers);
    let key = match shortcut.logical_key {
        Key::Escape => "Esc",
        Key::Minus => "-",
        key => key.symbol_or_name(),
    };
    if modifiers.is_empty() { key.to_owned() } else { format!("{modifiers}+{key}") }
}
