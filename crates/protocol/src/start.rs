//! The start page and *About*.

use serde::{Deserialize, Serialize};

/// What the start page offers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StartView {
    /// Files opened before, the last one first.
    pub recent: Vec<RecentView>,
    /// How many were cleared from that list and can be put back.
    pub cleared: usize,
    /// Pieces that come with the app.
    pub demos: Vec<DemoView>,
}

/// A file opened before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecentView {
    /// Title of the piece or name of the file.
    pub name: String,
    /// Where it is; for work without a name where it is kept.
    pub path: String,
    /// When it was last open, in words.
    pub when: String,
    /// Whether it is work that was never saved under a name.
    pub is_untitled: bool,
}

/// A piece that comes with the app.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoView {
    /// For [`crate::Command::OpenDemo`].
    pub name: String,
    /// Its title.
    pub title: String,
    /// Who wrote it.
    pub composer: String,
}

/// What *About* shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AboutView {
    /// Version of the app.
    pub version: String,
    /// Names and versions of the main parts.
    pub parts: Vec<(String, String)>,
    /// Licences of the app, its models, its piano and its dependencies.
    pub licences: Vec<Licence>,
}

/// A licence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Licence {
    /// What it is for.
    pub of: String,
    /// Its name, such as `MIT OR Apache-2.0`.
    pub name: String,
}
