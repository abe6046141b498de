//! Leaving a project that would lose something: not without a question.

use application::text::shown;
use protocol::Command;
use studio::Current;
use tauri::{AppHandle, Manager};
use tauri_plugin_dialog::{DialogExt, MessageDialogButtons, MessageDialogKind};

use crate::automation;

/// What leaving a project loses, with the name of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Changes that are in no file.
    Changes(String),
    /// Takes that are still being performed.
    Takes(String),
    /// Sound that is still being written into a file, which goes on while the window is there.
    Sound,
}

impl Loss {
    /// What would be lost if the project were left now; none if nothing would.
    pub fn of(current: Current) -> Option<Self> {
        current.unsaved.map(Self::Changes).or(current.performing.map(Self::Takes))
    }

    /// What would be lost if the window were closed now; none if nothing would.
    pub fn of_closing(current: Current) -> Option<Self> {
        let sound = current.writes_sound.then_some(Self::Sound);
        Self::of(current).or(sound)
    }

    fn question(&self) -> String {
        match self {
            Self::Changes(project) => format!(
                "The changes to “{}” are in memory only: there was no room for them in any file. Leave it and lose \
                 them? To keep them, save the project on another disk.",
                shown(project)
            ),
            Self::Takes(project) => format!(
                "“{}” is still being performed. Takes that are complete are kept; the others are lost if you leave \
                 it now.",
                shown(project)
            ),
            Self::Sound => {
                "A sound file is still being written, and may be lost if you close this window now. To have \
                            it, wait until Espressivo says that it is written."
                    .to_owned()
            }
        }
    }

    /// The button that leaves.
    fn button(&self) -> &'static str {
        match self {
            Self::Changes(_) => "Lose the changes",
            Self::Takes(_) => "Stop performing",
            Self::Sound => "Stop writing",
        }
    }
}

/// Whether a command ends the work at the open project.
pub fn ends_work(command: &Command) -> bool {
    use Command as C;
    // A new piece takes no place of a window at work.
    matches!(command, C::Close | C::CloseWindow | C::Open(_) | C::OpenAsScore(_) | C::OpenDemo(_))
}

/// The first window, by its label, that would lose something, if it has not shown that question yet: what is left to
/// be answered before the app quits.
pub fn first_unasked<'a>(
    windows: impl Iterator<Item = (&'a str, Option<Loss>)>,
    asked: &[String],
) -> Option<(&'a str, Loss)> {
    let mut left = windows.filter(|(label, _)| asked.iter().all(|done| done != label));
    left.find_map(|(label, loss)| Some((label, loss?)))
}

/// Asks in a window whether that may be lost, and goes on if it may.
pub fn ask(app: &AppHandle, label: &str, loss: &Loss, then: impl FnOnce() + Send + 'static) {
    if automation::folder().is_some() {
        // There is no window that could show the question: takes can be performed once more, sound written once more,
        // changes are kept.
        if !matches!(loss, Loss::Changes(_)) {
            then();
        }
        return;
    }
    let buttons = MessageDialogButtons::OkCancelCustom(loss.button().into(), "Cancel".into());
    let mut dialog = app.dialog().message(loss.question()).kind(MessageDialogKind::Warning).buttons(buttons);
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
        let piece = protocol::NewPieceRequest { writer: String::new(), bars: 32, seed: 1, like: None };
        // Quitting shows the question in each window.
        for command in [
            Command::Quit,
            Command::NewPiece(piece),
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
    fn changes_in_no_file_are_named_before_takes_to_come() {
        let named = || Some("Waltz".to_owned());
        let current = |unsaved, performing| Current { unsaved, performing, ..Current::default() };
        assert_eq!(Loss::of(current(None, None)), None);
        assert_eq!(Loss::of(current(None, named())), Some(Loss::Takes("Waltz".to_owned())));
        let changes = Loss::of(current(named(), named()));
        assert_eq!(changes, Some(Loss::Changes("Waltz".to_owned())));
        for loss in [Loss::Takes("Waltz".to_owned()), Loss::Changes("Waltz".to_owned())] {
            assert!(loss.question().contains("“Waltz”") && loss.question().contains("los"), "{loss:?}");
        }
    }

    #[test]
    fn sound_that_is_being_written_is_lost_with_the_window_and_not_with_the_project() {
        let current = Current { writes_sound: true, ..Current::default() };
        assert_eq!(Loss::of(current.clone()), None);
        assert_eq!(Loss::of_closing(current.clone()), Some(Loss::Sound));
        let performing = Some("Waltz".to_owned());
        assert_eq!(
            Loss::of_closing(Current { performing, ..current }),
            Some(Loss::Takes("Waltz".to_owned())),
            "work that was done by hand comes first"
        );
    }

    #[test]
    fn quitting_asks_for_each_window_that_would_lose_something() {
        let changes = |name: &str| Some(Loss::Changes(name.to_owned()));
        let takes = |name: &str| Some(Loss::Takes(name.to_owned()));
        let windows = [("main", changes("A")), ("window-2", None), ("window-3", takes("C"))];
        let mut asked = Vec::new();
        let next = |asked: &[String]| {
            first_unasked(windows.iter().map(|(label, loss)| (*label, loss.clone())), asked)
        };
        let mut losses = Vec::new();
        while let Some((label, loss)) = next(&asked) {
            asked.push(label.to_owned());
            losses.push(Some(loss));
        }
        assert_eq!(losses, [changes("A"), takes("C")]);
    }
}
