//! Leaving a project that could not be kept anywhere: not without a question.

use application::text::shown;
use protocol::Command;
use tauri::{AppHandle, Manager};
use tauri_plugin_dialog::{DialogExt, MessageDialogButtons, MessageDialogKind};

use crate::automation;

/// Whether a command ends the work at the open project.
pub fn ends_work(command: &Command) -> bool {
    use Command as C;
    matches!(command, C::Close | C::CloseWindow | C::Open(_) | C::OpenAsScore(_) | C::OpenDemo(_))
}

/// The first window, by its label, with a project that would lose work, if it has not shown that question
/// yet: what is left to be answered before the app quits.
pub fn first_unasked<'a>(
    windows: impl Iterator<Item = (&'a str, Option<String>)>,
    asked: &[String],
) -> Option<(&'a str, String)> {
    let mut left = windows.filter(|(label, _)| asked.iter().all(|done| done != label));
    left.find_map(|(label, project)| Some((label, project?)))
}

/// Asks in a window whether the changes of its project may be lost, and goes on if they may.
pub fn ask(app: &AppHandle, label: &str, project: &str, then: impl FnOnce() + Send + 'static) {
    if automation::folder().is_some() {
        // There is no window that could show the question.
        return;
    }
    let question = format!(
        "The changes to “{}” are in memory only: there was no room for them in any file. Leave it and lose \
         them? To keep them, save the project on another disk.",
        shown(project)
    );
    let buttons = MessageDialogButtons::OkCancelCustom("Lose the changes".into(), "Cancel".into());
    let mut dialog = app.dialog().message(question).kind(MessageDialogKind::Warning).buttons(buttons);
    if let Some(window) = app.get_webview_window(label) {
        dialog = dialog.parent(&window);
    }
    dialog.show(move |yes| {
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
        for command in opening.into_iter().chain([Command::Close, Command::CloseWindow]) {
            assert!(ends_work(&command), "{command:?}");
        }
        // Quitting shows the question in each window.
        for command in [
            Command::Quit,
            Command::NewWindow,
            Command::Save,
            Command::SaveAs(None),
            Command::OpenDialog,
            Command::Undo,
        ] {
            assert!(!ends_work(&command), "{command:?}");
        }
    }

    #[test]
    fn quitting_asks_for_each_window_with_work_that_is_in_no_file() {
        let windows = [("main", Some("A")), ("window-2", None), ("window-3", Some("C"))];
        let mut asked = Vec::new();
        let next = |asked: &[String]| {
            let windows = windows.iter().map(|(label, project)| (*label, project.map(str::to_owned)));
            first_unasked(windows, asked)
        };
        let mut projects = Vec::new();
        while let Some((label, project)) = next(&asked) {
            asked.push(label.to_owned());
            projects.push(project);
        }
        assert_eq!(projects, ["A", "C"]);
    }
}
