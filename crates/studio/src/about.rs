//! What *About* shows.

use application::piano;
use protocol::{AboutView, Licence};

/// The entries of the studio itself, followed by those that the shell adds.
pub fn view(shell: AboutView) -> AboutView {
    let part = |name: &str, version: &str| (name.to_owned(), version.to_owned());
    let licence = |of: &str, name: &str| Licence { of: of.to_owned(), name: name.to_owned() };
    let own = env!("CARGO_PKG_VERSION");
    let mut parts = vec![part("SQLite", rusqlite::version())];
    parts.extend(shell.parts);
    let mut licences = vec![
        licence("Espressivo", "MIT OR Apache-2.0"),
        licence("The generated piano", "MIT OR Apache-2.0"),
        licence(piano::LICENCE[0], piano::LICENCE[1]),
        licence("SQLite", "public domain"),
        licence("Verovio, which engraves the page", "LGPL-3.0-or-later"),
        licence("Leipzig and Liberation Serif, fonts of the page", "OFL-1.1"),
    ];
    licences.extend(shell.licences);
    let version = if shell.version.is_empty() { own.to_owned() } else { shell.version };
    AboutView { version, parts, licences }
}
