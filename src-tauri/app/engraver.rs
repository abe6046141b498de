//! Pages are engraved in processes of their own, which are this program once more: what a library in C++ did not
//! reckon with in a score ends such a process, not the window.

use std::ffi::OsString;
use std::io::{self, BufWriter};
use std::process::ExitCode;

/// Starts the program to engrave and for nothing else.
const ENGRAVES: &str = "--engrave";

/// Engraves what comes in, if the program was started for that.
pub fn serve() -> Option<ExitCode> {
    if std::env::args_os().nth(1)? != ENGRAVES {
        return None;
    }
    let served = studio::page::serve(io::stdin().lock(), BufWriter::new(io::stdout().lock()));
    // If it fails, the process that requested it is gone.
    Some(if served.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Has pages engraved that way from now on.
pub fn run_apart() {
    if let Ok(program) = std::env::current_exe() {
        studio::page::run_apart(program, vec![OsString::from(ENGRAVES)]);
    }
}
