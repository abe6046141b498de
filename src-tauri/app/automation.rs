//! For end-to-end tests: with `ESPRESSIVO_AUTOMATION=FOLDER` no dialog is shown, files in that folder
//! are the answers, and every word between page and studio is written down there.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use protocol::{Command, Event};
use serde::Serialize;

const FOLDER: &str = "ESPRESSIVO_AUTOMATION";

/// The folder in which a test answers dialogs; none in real life.
pub fn folder() -> Option<PathBuf> {
    std::env::var_os(FOLDER).filter(|v| !v.is_empty()).map(PathBuf::from)
}

/// Writes the commands and events of a window, one JSON object a line: in `words.jsonl` for the first, in
/// `words-LABEL.jsonl` for the others.
pub struct ProtocolLog {
    file: Option<Mutex<File>>,
}

#[derive(Serialize)]
enum Word<'a> {
    Command(&'a Command),
    Event(&'a Event),
}

impl ProtocolLog {
    /// Begins to write if a test runs the app.
    pub fn start(label: &str) -> Self {
        let name = if label == "main" { "words.jsonl".to_owned() } else { format!("words-{label}.jsonl") };
        let path = folder().map(|folder| folder.join(name));
        let file = path.and_then(|path| OpenOptions::new().create(true).append(true).open(path).ok());
        Self { file: file.map(Mutex::new) }
    }

    /// Writes a command of the page.
    pub fn command(&self, command: &Command) {
        self.write(&Word::Command(command));
    }

    /// Writes an event of the studio.
    pub fn event(&self, event: &Event) {
        self.write(&Word::Event(event));
    }

    fn write(&self, word: &Word) {
        let Some(file) = &self.file else { return };
        if let Ok(mut line) = serde_json::to_string(word) {
            line.push('\n');
            // A test that misses a word fails by itself.
            let _ = file.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes());
        }
    }
}
