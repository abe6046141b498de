//! Espressivo's windows: each a webview with the face in it, and a studio behind.
//!
//! The shell is thin. It carries commands from the face to the studio and events back, shows
//! file dialogs where a command names no file, and has what belongs to a desktop: windows, dialogs, drags. No
//! music in here.
//!
//! It is a program beside `espressivo`, which starts it: loading a web engine takes longer than the
//! whole command line takes to start.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod about;
mod asked;
mod automation;
mod cascade;
mod commands;
mod desktop;
mod dialogs;
mod drag;
mod engraver;
mod face;
mod given;
mod help;
mod leaving;
mod log;
mod memory;
mod names;
mod shell;
mod window;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use application::display;
use protocol::Command;
use tauri::{AppHandle, CloseRequestApi, DragDropEvent, Manager, RunEvent, WindowEvent};

use shell::Shell;

fn main() -> ExitCode {
    if let Some(code) = engraver::serve() {
        return code;
    }
    if let Some(text) = help::answer(std::env::args_os().skip(1)) {
        // Nobody reads it where that fails.
        writeln!(io::stdout(), "{text}").ok();
        return ExitCode::SUCCESS;
    }
    // The window toolkit would end the program in the middle of its own code.
    if let Some(obstacle) = display::obstacle() {
        return cannot_open(&obstacle);
    }
    desktop::prepare_webview();
    engraver::run_apart();
    let data = match desktop::data_folder() {
        Ok(data) => data,
        Err(why) => return cannot_open(&why),
    };
    match run(data) {
        Ok(code) => code,
        // The one that runs was about to end; then this is the only one.
        Err(error) if error.to_string().contains("single-instance") && desktop::start_again() => {
            ExitCode::SUCCESS
        }
        Err(error) => cannot_open(&error.to_string()),
    }
}

fn cannot_open(why: &str) -> ExitCode {
    log::write(&format!("the window cannot open: {why}"));
    eprintln!("espressivo: the window cannot open: {why}; `espressivo --help` shows what works without");
    ExitCode::FAILURE
}

fn run(data: PathBuf) -> tauri::Result<ExitCode> {
    let app = tauri::Builder::default()
        // Before everything else: a second start hands its files to the first and goes.
        .plugin(tauri_plugin_single_instance::init(|app, args, folder| {
            let Some(shell) = app.try_state::<Shell>() else {
                // This one is only beginning itself.
                return log::write("files of a second start came too early to be opened");
            };
            shell.bring_last_to_front(app);
            open_files(app, args.into_iter().map(OsString::from), Path::new(&folder));
        }))
        .plugin(desktop::window_state())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::Builder::new().open_js_links_on_click(false).build())
        .invoke_handler(tauri::generate_handler![commands::subscribe, commands::send])
        .setup(move |app| {
            let handle = app.handle();
            log::start(&data);
            app.manage(Shell::start(handle, data));
            app.state::<Shell>().come_back(handle);
            open_files(handle, std::env::args_os(), &std::env::current_dir().unwrap_or_default());
            Ok(())
        })
        .build(tauri::generate_context!())?;
    let code = app.run_return(|app, event| match event {
        RunEvent::WindowEvent { label, event, .. } => window_event(app, &label, event),
        RunEvent::Exit => app.state::<Shell>().finish(),
        _ => {}
    });
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

fn window_event(app: &AppHandle, label: &str, event: WindowEvent) {
    let Some(shell) = app.try_state::<Shell>() else { return };
    match event {
        WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) => asked::to_open_dropped(app, paths, label),
        WindowEvent::CloseRequested { api, .. } => close_requested(app, &shell, label, &api),
        WindowEvent::Focused(true) => shell.focused(label),
        WindowEvent::Destroyed => shell.closed(label),
        _ => {}
    }
}

/// Somebody closes a window: not without a question if that would lose something.
fn close_requested(app: &AppHandle, shell: &Shell, label: &str, api: &CloseRequestApi) {
    let window = shell.window(label).filter(|window| window.loss_of_closing().is_some());
    if let Some(window) = window {
        api.prevent_close();
        asked::handle(app, &window, Command::CloseWindow);
    }
}

/// Opens the files that a command line names; all but the program itself and options are files.
fn open_files(app: &AppHandle, args: impl Iterator<Item = OsString>, folder: &Path) {
    let files = args.skip(1).filter(|a| !a.to_string_lossy().starts_with('-'));
    asked::to_open(app, files.map(|file| folder.join(file)).collect(), None);
}
