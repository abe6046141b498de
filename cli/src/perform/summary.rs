//! What was performed, told to people.

use std::path::{Path, PathBuf};

use application::text::{counted, shown, shown_message};

use super::Summary;
use crate::output;

impl Summary {
    /// The files that were written.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.takes.iter().flat_map(|t| t.midi.iter().chain(&t.wav)).map(PathBuf::as_path)
    }

    /// For people.
    pub fn text(&self) -> String {
        let stem = || self.score.file_stem().unwrap_or_default().to_string_lossy();
        let title = shown(&self.title.as_ref().map_or_else(stem, |title| title.into()));
        let piece =
            self.composer.as_ref().map_or_else(|| title.clone(), |who| format!("{}: {title}", shown(who)));
        let what = match (&self.bars, &self.of) {
            (Some(bars), Some(take)) => format!("bars {bars} of {}", take.display()),
            (Some(bars), None) => format!("bars {bars}"),
            _ => "the whole piece".into(),
        };
        let place = self.device.as_ref().map_or(String::new(), |d| format!(" on {} ({})", d.name, d.backend));
        let notes = counted(self.notes, "note", "notes");
        let mut text = format!("{piece}\n{what}, {notes}, performed by {}{place}\n", self.performer.name);
        self.settings.iter().for_each(|(id, value)| text.push_str(&format!("{id}: {value}\n")));
        self.moods.iter().for_each(|mood| text.push_str(&format!("{}\n", shown_message(&mood.line()))));
        self.tempo.iter().for_each(|tempo| text.push_str(&format!("tempo: {}\n", tempo.text())));
        for take in &self.takes {
            let files: Vec<String> =
                take.midi.iter().chain(&take.wav).map(|p| p.display().to_string()).collect();
            let length = output::clock(take.length_secs);
            text.push_str(&format!("  seed {}, {length}: {}\n", take.seed, files.join(", ")));
        }
        if let Some(piano) = &self.piano {
            text.push_str(&format!("sound: {piano}\n"));
        }
        text
    }
}
