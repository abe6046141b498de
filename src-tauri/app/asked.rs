//! Commands to a window, from its page or from outside: passed on to its studio, or done here if it is
//! the desktop's.

use std::path::PathBuf;

use protocol::{Command, ExportRequest};
use studio::recording;
use tauri::{AppHandle, Manager};

use crate::shell::Shell;
use crate::window::Window;
use crate::{desktop, dialogs, leaving, log, names};

/// Carries out a command of the page of a window, unless it names a file that was not chosen.
pub fn by_page(app: &AppHandle, window: &Window, command: Command) {
    match window.stranger(&command) {
        None => handle(app, window, command),
        Some(path) => {
            window.face().warn(format!("Choose the file in a dialog first: {}", path.display()));
        }
    }
}

/// Carries out a command here, or passes it to the studio.
pub fn handle(app: &AppHandle, window: &Window, command: Command) {
    window.will_do(&command);
    carry_out_if_wanted(app, window, command);
}

/// Asks first if that would lose work.
fn carry_out_if_wanted(app: &AppHandle, window: &Window, command: Command) {
    let loss = match &command {
        Command::CloseWindow => window.loss_of_closing(),
        command => window.loss().filter(|_| leaving::ends_work(command)),
    };
    let Some(loss) = loss else { return carry_out(app, window, command) };
    let (handle, label) = (app.clone(), window.label().to_owned());
    leaving::ask(app, window.label(), &loss, move || {
        if let Some(window) = handle.state::<Shell>().window(&label) {
            carry_out(&handle, &window, command);
        }
    });
}

fn carry_out(app: &AppHandle, window: &Window, command: Command) {
    match command {
        Command::Quit => quit(app, Vec::new()),
        Command::NewWindow => {
            if let Err(why) = app.state::<Shell>().new_window(app) {
                window.face().warn(why);
            }
        }
        Command::CloseWindow => close(app, window),
        Command::ShowExported => show_exported(app, window),
        Command::DragOut(request) => drag_out(app, window, request),
        command => ask_or_send(app, window, command),
    }
}

/// Asks for a file, if the command needs one.
fn ask_or_send(app: &AppHandle, window: &Window, command: Command) {
    let label = window.label().to_owned();
    match window.question(command) {
        Ok(question) => dialogs::ask(app, window.label(), question, move |app, command| {
            // The window may have been closed meanwhile.
            if let Some(window) = app.state::<Shell>().window(&label) {
                window.was_given(&command);
                carry_out_if_wanted(app, &window, command);
            }
        }),
        Err(command) => window.send(*command),
    }
}

/// Closes a window; the question about what would be lost was answered before.
fn close(app: &AppHandle, window: &Window) {
    let Some(view) = app.get_webview_window(window.label()) else { return };
    let closed = if window.loss_of_closing().is_none() { view.close() } else { view.destroy() };
    if let Err(error) = closed {
        log::write(&format!("a window did not close: {error}"));
    }
}

fn show_exported(app: &AppHandle, window: &Window) {
    let exported = window.current().and_then(|current| current.exported);
    let Some(file) = exported.filter(|file| file.exists()) else {
        return window.face().warn("No MIDI, WAV, report or page was saved yet, or it is gone".into());
    };
    if let Err(error) = desktop::reveal(app, &file) {
        window.face().warn(error);
    }
}

fn drag_out(app: &AppHandle, window: &Window, request: ExportRequest) {
    match window.export_for_drag(request) {
        None => {}
        Some(Ok(path)) => {
            let (handle, label) = (app.clone(), window.label().to_owned());
            let failed = move |why: &str| {
                log::write(&format!("a drag did not begin: {why}"));
                if let Some(window) = handle.state::<Shell>().window(&label) {
                    window.face().warn(format!("The file cannot be dragged: {why}"));
                }
            };
            app.state::<Shell>().drags().start(app, window.label(), path, failed);
        }
        Some(Err(error)) => window.face().warn(format!("The file cannot be dragged: {error}")),
    }
}

/// Ends the app, unless a person keeps what would be lost: each window shows the question, but for those where it
/// was answered.
fn quit(app: &AppHandle, mut asked: Vec<String>) {
    let windows = app.state::<Shell>().all();
    let losses = windows.iter().map(|window| (window.label(), window.loss_of_closing()));
    let Some((label, loss)) = leaving::first_unasked(losses, &asked) else { return app.exit(0) };
    desktop::bring_to_front(app, label);
    asked.push(label.to_owned());
    let handle = app.clone();
    leaving::ask(app, label, &loss, move || quit(&handle, asked));
}

/// Opens files that came from outside: one that is open already where it is; the first of the others in
/// the window that it was dropped on, or in the one that was used last if that has no work; all others
/// in windows of their own. Recordings of sound are read where the last of them was opened, else in the window
/// that they were dropped on or that was used last.
pub fn to_open(app: &AppHandle, files: Vec<PathBuf>, dropped_on: Option<&str>) {
    let shell = app.state::<Shell>();
    let mut piece = match dropped_on {
        Some(label) => shell.window(label),
        None => shell.front(),
    };
    let mut place = piece.clone().filter(|window| dropped_on.is_some() || !window.has_work());
    let (mut left, mut reason) = (Vec::new(), String::new());
    let (sounds, files) = files.into_iter().partition::<Vec<_>, _>(|file| recording::is_sound(file));
    for file in files {
        if shell.shows(app, &file) {
            continue;
        }
        match place.take().map_or_else(|| shell.new_window(app), Ok) {
            Ok(window) => {
                handle(app, &window, Command::Open(file));
                piece = Some(window);
            }
            Err(why) => {
                left.push(file);
                reason = why;
            }
        }
    }
    for file in sounds {
        match piece.clone().map_or_else(|| shell.new_window(app), Ok) {
            Ok(window) => handle(app, &window, Command::ImportRecording(Some(file))),
            Err(why) => {
                left.push(file);
                reason = why;
            }
        }
    }
    if let (Some(notice), Some(front)) = (names::not_opened(&reason, &left), shell.front()) {
        front.face().warn(notice);
    }
}

/// Opens what was dropped on a window, unless it was dragged out of one just now.
pub fn to_open_dropped(app: &AppHandle, mut files: Vec<PathBuf>, label: &str) {
    files.retain(|path| !app.state::<Shell>().drags().is_ours(path));
    to_open(app, files, Some(label));
}
