//! What the face asks for in a frame: of the shell, and of itself.

use protocol::Command;

use crate::UiCommand;

/// Commands to carry out after the frame, in order.
#[derive(Debug, Default)]
pub struct Outbox {
    commands: Vec<Command>,
    ui_commands: Vec<UiCommand>,
    mood: Option<String>,
}

impl Outbox {
    /// Asks the shell for something.
    pub fn send(&mut self, command: Command) {
        self.commands.push(command);
    }

    /// Asks the face for something, as the menu would.
    pub fn run(&mut self, command: UiCommand) {
        self.ui_commands.push(command);
    }

    /// Puts another text into the mood field.
    pub fn set_mood(&mut self, text: String) {
        self.mood = Some(text);
    }

    /// What was asked of the shell since the last call.
    pub fn take(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.commands)
    }

    /// What was asked of the face since the last call.
    pub fn take_ui(&mut self) -> Vec<UiCommand> {
        std::mem::take(&mut self.ui_commands)
    }

    /// The text for the mood field, if there is another since the last call.
    pub fn take_mood(&mut self) -> Option<String> {
        self.mood.take()
    }
}
