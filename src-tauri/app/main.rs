//! Espressivo's window: a webview with the face in it, and the studio behind.
//!
//! The shell is thin. It carries commands from the face to the studio and events back, asks for
//! files where a command names none, and knows what a desktop is: windows, dialogs, drags. No music
//! in here.
//!
//! It is a program beside `espressivo`, which starts it: loading a web engine takes longer than the
//! whole command line takes to start.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod about;
mod automation;
mod commands;
mod desktop;
mod dialogs;
mod drag;
mod face;
mod given;
mod leaving;
mod log;
mod memory;
mod names;
mod shell;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use application::display;
use protocol::Command;
use tauri::{AppHandle, DragDropEvent, Manager, RunEvent, WindowEvent};

use shell::Shell;

fn main() -> ExitCode {
    // The window toolkit would end the program in the middle of its own code.
    if let Some(obstacle) = display::obstacle() {
        return cannot_open(&obstacle);
    }
    desktop::prepare_webview();
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
            desktop::bring_to_front(app);
            open_files(app, args.into_iter().map(OsString::from), Path::new(&folder));
        }))
        .plugin(desktop::window_state())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::Builder::new().open_js_links_on_click(false).build())
        .invoke_handler(tauri::generate_handler![commands::subscribe, commands::send])
        .setup(move |app| {
            let handle = app.handle();
            log::start(&data);
            app.manage(Shell::start(handle, data)?);
            open_files(handle, std::env::args_os(), &std::env::current_dir().unwrap_or_default());
            Ok(())
        })
        .build(tauri::generate_context!())?;
    let code = app.run_return(|app, event| match event {
        RunEvent::WindowEvent { event: WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }), .. } => {
            open_dropped(app, paths);
        }
        RunEvent::WindowEvent { event: WindowEvent::CloseRequested { api, .. }, .. } => {
            let shell = app.state::<Shell>();
            if shell.would_lose_work() {
                api.prevent_close();
                shell.handle(app, Command::Quit);
            }
        }
        RunEvent::Exit => app.state::<Shell>().finish(),
        _ => {}
    });
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

/// Opens the files that a command line names; all but the program itself and options are files.
fn open_files(app: &AppHandle, args: impl Iterator<Item = OsString>, folder: &Path) {
    let files = args.skip(1).filter(|a| !a.to_string_lossy().starts_with('-'));
    open_one_of(app, files.map(|file| folder.join(file)).collect());
}

/// Opens what was dropped on the window, unless it was dragged out of it just now.
fn open_dropped(app: &AppHandle, mut paths: Vec<PathBuf>) {
    paths.retain(|path| !app.state::<Shell>().is_own_drag(path));
    open_one_of(app, paths);
}

/// Opens the first of some files: there is one window, and one piece in it. The others are named.
fn open_one_of(app: &AppHandle, files: Vec<PathBuf>) {
    let shell = app.state::<Shell>();
    let mut files = files.into_iter();
    let Some(first) = files.next() else { return };
    if let Some(notice) = names::not_opened(&first, files.as_slice()) {
        shell.face().warn(notice);
    }
    shell.handle(app, Command::Open(first));
}
