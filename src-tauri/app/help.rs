//! `--help` and `--version`: what is printed instead of a window.

use std::ffi::OsString;

/// How the window's program is called, and what else there is.
const HELP: &str = "\
Espressivo turns a written score into an expressive piano performance. This is its window.

Usage: espressivo-studio [FILES]

Files are scores, projects of Espressivo and recordings; each is opened in a window.

Options:
  -h, --help     Print this
  -V, --version  Print the version

What works without a window, such as performing scores in a folder, is in the program `espressivo`:
`espressivo --help` shows it.";

/// What is to be printed if the arguments, without the program itself, ask for it.
pub fn answer(mut args: impl Iterator<Item = OsString>) -> Option<String> {
    args.find_map(|arg| match arg.to_str()? {
        "-h" | "--help" => Some(HELP.to_owned()),
        "-V" | "--version" => Some(format!("espressivo-studio {}", env!("CARGO_PKG_VERSION"))),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(args: &[&str]) -> Option<String> {
        answer(args.iter().map(OsString::from))
    }

    #[test]
    fn help_and_version_are_printed_and_files_are_not() {
        for help in ["-h", "--help"] {
            let text = answered(&["nocturne.musicxml", help]);
            assert!(text.is_some_and(|text| text.contains("Usage: espressivo-studio")), "{help}");
        }
        for version in ["-V", "--version"] {
            let text = answered(&[version]);
            assert_eq!(text, Some(format!("espressivo-studio {}", env!("CARGO_PKG_VERSION"))));
        }
        assert_eq!(answered(&["help.musicxml", "--engrave"]), None);
        assert_eq!(answered(&[]), None);
    }
}
