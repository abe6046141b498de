//! Starting other programs and saying so.

use std::io;
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, bail};

/// Says what happens next.
pub fn step(what: &str) {
    eprintln!("\n» {what}");
}

/// Runs a program to its end, its output on the terminal; an error if it fails.
pub fn run(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    let status = command.status().with_context(|| format!("cannot start {shown}"))?;
    if !status.success() {
        bail!("{shown} failed ({status})");
    }
    Ok(())
}

/// Runs a program quietly; its output if it could be started.
pub fn output(command: &mut Command) -> io::Result<Output> {
    command.stdin(Stdio::null()).output()
}

/// Whether a program runs and succeeds, quietly.
pub fn succeeds(command: &mut Command) -> bool {
    output(command).is_ok_and(|o| o.status.success())
}

/// Whether a program is on the search path.
pub fn has_program(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

/// Becomes the program where the system can do that; else waits for it and takes its exit code.
pub fn become_program(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    #[cfg(unix)]
    {
        let error = std::os::unix::process::CommandExt::exec(command);
        Err(error).with_context(|| format!("cannot start {shown}"))
    }
    #[cfg(not(unix))]
    {
        let status = command.status().with_context(|| format!("cannot start {shown}"))?;
        std::process::exit(status.code().unwrap_or(1))
    }
}

/// The command as one would type it, with the program's name instead of its path.
fn shown(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program()).file_stem().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|w| w.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_one_would_type_it() {
        assert_eq!(
            shown(Command::new("/opt/rust/bin/cargo").args(["clippy", "--release"])),
            "cargo clippy --release"
        );
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = run(&mut Command::new("no-such-program-at-all")).err().map(|e| e.to_string());
        assert_eq!(error.as_deref(), Some("cannot start no-such-program-at-all"));
    }
}
