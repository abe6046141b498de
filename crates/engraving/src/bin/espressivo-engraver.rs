//! The program that Verovio runs in: see `engraving::run_apart`.

use std::io::{self, BufWriter};
use std::process::ExitCode;

fn main() -> ExitCode {
    match engraving::serve(io::stdin().lock(), BufWriter::new(io::stdout().lock())) {
        Ok(()) => ExitCode::SUCCESS,
        // Who asked is no longer there.
        Err(_) => ExitCode::FAILURE,
    }
}
