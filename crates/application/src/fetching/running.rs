//! Running a program until it ends or is to be stopped, with all that it starts.

use std::io;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// How often it is looked whether a program has ended, or is to be stopped.
const POLL: Duration = Duration::from_millis(50);

/// Waits until a program has ended; none if it was ended because `stop` was set. `look` is called meanwhile.
pub(super) fn run(
    mut command: Command,
    stop: &AtomicBool,
    look: &mut dyn FnMut(),
) -> io::Result<Option<ExitStatus>> {
    #[cfg(unix)]
    // What it starts is ended with it.
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    #[cfg(windows)]
    // No window of its own: CREATE_NO_WINDOW.
    std::os::windows::process::CommandExt::creation_flags(&mut command, 0x0800_0000);
    let mut child = command.spawn()?;
    loop {
        if stop.load(Ordering::Relaxed) {
            end(&mut child);
            child.wait()?;
            return Ok(None);
        }
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        look();
        thread::sleep(POLL);
    }
}

/// Ends a program and what it has started. It may have ended just now, which is no error.
fn end(child: &mut Child) {
    let id = child.id();
    let mut command = if cfg!(windows) {
        let mut command = Command::new("taskkill");
        command.args(["/T", "/F", "/PID", &id.to_string()]);
        command
    } else {
        let mut command = Command::new("kill");
        command.args(["-KILL", "--", &format!("-{id}")]);
        command
    };
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().ok();
    child.kill().ok();
}
