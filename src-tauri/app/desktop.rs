//! What a desktop is: where data lies, how windows behave, what the web engine needs.

use std::path::{Path, PathBuf};

use application::files::plain;
use application::folders::{self, DATA_HOME};
use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Manager, Wry};
use tauri_plugin_window_state::StateFlags;

/// Starts the program again with what WebKit needs in its environment, if it is not there yet.
///
/// WebKitGTK shows a blank window with some graphics drivers unless its use of DMA buffers is
/// disabled. A process cannot change its own environment safely, so it becomes itself once more.
#[cfg(target_os = "linux")]
pub fn prepare_webview() {
    use std::os::unix::process::CommandExt;
    const SETTING: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if std::env::var_os(SETTING).is_some() {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        // Only returns if it failed, and then the window may still be fine.
        let error =
            std::process::Command::new(program).args(std::env::args_os().skip(1)).env(SETTING, "1").exec();
        eprintln!("espressivo: starting with {SETTING}=1 failed ({error}); going on without");
    }
}

/// Other web engines need nothing.
#[cfg(not(target_os = "linux"))]
pub fn prepare_webview() {}

/// Starts the program once more after a moment, but not a third time; whether that worked.
pub fn start_again() -> bool {
    const MARK: &str = "ESPRESSIVO_STARTED_AGAIN";
    let Ok(program) = std::env::current_exe() else { return false };
    if std::env::var_os(MARK).is_some() {
        return false;
    }
    std::thread::sleep(std::time::Duration::from_secs(1));
    std::process::Command::new(program).args(std::env::args_os().skip(1)).env(MARK, "1").spawn().is_ok()
}

/// The folder that holds all that the app keeps: projects without a name, settings, the log.
///
/// # Errors
/// In words, if it cannot be made.
pub fn data_folder() -> Result<PathBuf, String> {
    let folder = folders::app_data();
    let made = std::path::absolute(&folder).and_then(|folder| {
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    });
    made.map_err(|error| {
        format!(
            "the folder for what it keeps cannot be made ({}): {}; name another one with {DATA_HOME}",
            plain(&error),
            folder.display()
        )
    })
}

/// The first window opens where it was and as large as it was; further ones open beside it.
pub fn window_state() -> TauriPlugin<Wry> {
    let flags = StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED;
    let builder = tauri_plugin_window_state::Builder::new().with_state_flags(flags);
    let builder = builder.with_filter(|label| label == "main");
    match std::env::var_os(DATA_HOME).filter(|v| !v.is_empty()) {
        Some(folder) => {
            let folder = std::path::absolute(&folder).unwrap_or_else(|_| folder.into());
            builder.with_filename(folder.join("window.json").to_string_lossy()).build()
        }
        None => builder.build(),
    }
}

/// Brings a window to the front.
pub fn bring_to_front(app: &AppHandle, label: &str) {
    if let Some(window) = app.get_webview_window(label) {
        // What the desktop does not allow, it does not do.
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
}

/// Shows a file in the file manager.
pub fn reveal(app: &AppHandle, path: &Path) -> Result<(), String> {
    use tauri_plugin_opener::OpenerExt;
    let shown = app.opener().reveal_item_in_dir(path);
    shown.map_err(|error| format!("The file manager does not show {}: {error}", path.display()))
}
