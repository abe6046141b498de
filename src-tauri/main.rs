//! Espressivo: turns a written score into an expressive piano performance.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
