//! `espressivo` and `espressivo SCORE`: the window, where there is a display.
//!
//! The window is a program of its own beside this one. A web engine takes 100 ms to load, and a
//! command line that answers in 10 must not wait for it.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

/// Becomes the window where the system can do that; else waits until it is closed.
pub fn open(files: &[OsString]) -> Result<ExitCode> {
    let program = std::env::current_exe()
        .context("cannot find out where Espressivo is installed")?
        .with_file_name(format!("espressivo-studio{}", std::env::consts::EXE_SUFFIX));
    let mut window = Command::new(&program);
    window.args(files);
    if std::env::var_os("WEBKIT_DISABLE_DMABUF_RENDERER").is_none() {
        // Without it WebKitGTK shows a blank window with some graphics drivers. The window's own
        // program sees to it too, at the cost of loading twice.
        window.env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    }
    let failed = || format!("cannot start the window ({}); is it installed?", program.display());
    #[cfg(unix)]
    {
        let error = std::os::unix::process::CommandExt::exec(&mut window);
        Err(error).with_context(failed)
    }
    #[cfg(not(unix))]
    {
        let status = window.status().with_context(failed)?;
        Ok(ExitCode::from(u8::try_from(status.code().unwrap_or(1)).unwrap_or(1)))
    }
}
