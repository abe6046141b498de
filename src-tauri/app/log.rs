//! A log file in the data folder, for the day when something goes wrong.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

/// A log longer than this is put aside on the next start, and the one put aside before is dropped.
const LONGEST_BYTES: u64 = 1 << 20;

static LOG: Mutex<Option<File>> = Mutex::new(None);

/// Opens `espressivo.log` in this folder, and from now on writes every panic to it.
pub fn start(folder: &Path) {
    let path = folder.join("espressivo.log");
    if path.metadata().is_ok_and(|m| m.len() > LONGEST_BYTES) {
        // If that fails the log grows on.
        let _ = std::fs::rename(&path, folder.join("espressivo.old.log"));
    }
    // Without a log the app works all the same.
    let file = OpenOptions::new().create(true).append(true).open(&path).ok();
    if let Ok(mut log) = LOG.lock() {
        *log = file;
    }
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let backtrace = std::backtrace::Backtrace::force_capture();
        write(&format!("{info}\n{backtrace}"));
        before(info);
    }));
    write(&format!("Espressivo {} starts on {}", env!("CARGO_PKG_VERSION"), std::env::consts::OS));
}

/// Writes a line, with seconds since 1970 before it.
pub fn write(line: &str) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    // A panic while the log is locked must not wait for itself.
    if let Ok(mut log) = LOG.try_lock()
        && let Some(file) = log.as_mut()
    {
        let _ = writeln!(file, "{now:.3} {line}");
    }
}
