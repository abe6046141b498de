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
mod log;
mod memory;
mod names;
mod shell;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use protocol::Command;
use tauri::{AppHandle, DragDropEvent, Manager, RunEvent, WindowEvent};

use shell::Shell;

fn main() -> ExitCode {
    desktop::prepare_webview();
    match run() {
        Ok(code) => code,
        // The one that runs was about to end; then this is the only one.
        Err(error) if error.to_string().contains("single-instance") && desktop::start_again() => {
            ExitCode::SUCCESS
        }
        Err(error) => {
            log::write(&format!("the window cannot open: {error}"));
            eprintln!(
                "espressivo: the window cannot open: {error}; `espressivo --help` shows what works without"
            );
            ExitCode::FAILURE
        }
    }
}

fn run() -> tauri::Result<ExitCode> {
    let app = tauri::Builder::default()
        // Before everything else: a second start hands its files to the first and goes.
        .plugin(tauri_plugin_single_instance::init(|app, args, folder| {
            desktop::bring_to_front(app);
            open_files(app, &args, Path::new(&folder));
        }))
        .plugin(desktop::window_state())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::Builder::new().open_js_links_on_click(false).build())
        .invoke_handler(tauri::generate_handler![commands::subscribe, commands::send])
        .setup(|app| {
            let handle = app.handle();
            let data = desktop::data_folder()?;
            log::start(&data);
            app.manage(Shell::start(handle, data)?);
            let args: Vec<String> = std::env::args_os().map(|a| a.to_string_lossy().into_owned()).collect();
            open_files(handle, &args, &std::env::current_dir().unwrap_or_default());
            Ok(())
        })
        .build(tauri::generate_context!())?;
    let code = app.run_return(|app, event| match event {
        RunEvent::WindowEvent { event: WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }), .. } => {
            open_dropped(app, &paths);
        }
        RunEvent::Exit => app.state::<Shell>().finish(),
        _ => {}
    });
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

/// Opens the files that a command line names; all but the program itself and options are files.
fn open_files(app: &AppHandle, args: &[String], folder: &Path) {
    let mut files = args.iter().skip(1).filter(|a| !a.starts_with('-'));
    if let Some(file) = files.next_back() {
        app.state::<Shell>().handle(app, Command::Open(folder.join(file)));
    }
}

/// Opens what was dropped on the window, unless it was dragged out of it just now.
fn open_dropped(app: &AppHandle, paths: &[PathBuf]) {
    let shell = app.state::<Shell>();
    if let Some(path) = paths.last().filter(|path| !shell.is_own_drag(path)) {
        shell.handle(app, Command::Open(path.clone()));
    }
}
