//! Espressivo: turns a written score into an expressive piano performance.

mod cli;
mod folders;

fn main() -> std::process::ExitCode {
    cli::main()
}
