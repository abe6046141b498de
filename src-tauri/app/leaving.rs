//! Leaving a project that could not be kept anywhere: not without a question.

use application::text::shown;
use protocol::Command;
use tauri::AppHandle;
use tauri_plugin_dialog::{DialogExt, MessageDialogButtons, MessageDialogKind};

use crate::automation;

/// Whether a command ends the work at the open project.
pub fn ends_work(command: &Command) -> bool {
    use Command as C;
    matches!(command, C::Close | C::Quit | C::Open(_) | C::OpenAsScore(_) | C::OpenDemo(_))
}

/// Asks whether the changes of a project may be lost, and goes on if they may.
pub fn ask(app: &AppHandle, project: &str, then: impl FnOnce() + Send + 'static) {
    if automation::folder().is_some() {
        // Nobody is there who could say yes.
        return;
    }
    let question = format!(
        "The changes to “{}” are in memory only: there was no room for them in any file. Leave it and lose \
         them? To keep them, save the project on another disk.",
        shown(project)
    );
    let buttons = MessageDialogButtons::OkCancelCustom("Lose the changes".into(), "Cancel".into());
    app.dialog().message(question).kind(MessageDialogKind::Warning).buttons(buttons).show(move |yes| {
        if yes {
            then();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaving_is_whatever_closes_the_project() {
        let opening =
            [Command::Open("a".into()), Command::OpenAsScore("a".into()), Command::OpenDemo("a".into())];
        for command in opening.into_iter().chain([Command::Close, Command::Quit]) {
            assert!(ends_work(&command), "{command:?}");
        }
        for command in [Command::Save, Command::SaveAs(None), Command::OpenDialog, Command::Undo] {
            assert!(!ends_work(&command), "{command:?}");
        }
    }
}
