//! The two calls that the page can make; `src-tauri/permissions` allows them by name.

use protocol::{Command, Event};
use tauri::ipc::Channel;
use tauri::{AppHandle, State};

use crate::shell::Shell;

/// The page listens from now on. After a reload the new page takes the place of the old one.
#[tauri::command]
pub fn subscribe(shell: State<'_, Shell>, channel: Channel<Event>) {
    shell.face().attach(channel);
}

/// The page asks for something. Runs on the main thread, so commands stay in order.
#[tauri::command]
pub fn send(app: AppHandle, shell: State<'_, Shell>, command: Command) {
    shell.handle_from_page(&app, command);
}
