//! all-MiniLM-L6-v2 in its folder.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use burn::tensor::Device;

use super::bert::{self, Bert};
use super::error::TextError;
use super::forms;
use super::vector::WIDTH;
use super::words::{self, WordPieces};

/// Names the folder with the encoder.
const VARIABLE: &str = "ESPRESSIVO_TEXT_ENCODER";
/// Names the folder of all that the app keeps, if it is not the platform's.
const DATA_HOME: &str = "ESPRESSIVO_DATA_HOME";
/// The app's folder below the platform's for data, after the app's identifier.
const APP: &str = "org.espressivo.studio";
/// The encoder's folder below the app's.
const FOLDER: &str = "text-encoder";

/// Word pieces of the longest text: the model was trained on 128 and is published with 256.
const MOST_PIECES: usize = 256;

/// Texts computed at once.
const BATCH: usize = 32;

/// Where the set-up puts the text encoder: `$ESPRESSIVO_TEXT_ENCODER`, else below the app's data
/// folder. The set-up (`xtask/src/encoder.rs`) looks in the same places.
pub fn encoder_folder() -> PathBuf {
    folder(&|name| std::env::var_os(name).filter(|v| !v.is_empty()))
}

fn folder(variable: &dyn Fn(&str) -> Option<OsString>) -> PathBuf {
    let path = |name| variable(name).map(PathBuf::from);
    let home = || path("HOME").unwrap_or_default();
    let data = || {
        if cfg!(target_os = "windows") {
            path("APPDATA").unwrap_or_default()
        } else if cfg!(target_os = "macos") {
            home().join("Library/Application Support")
        } else {
            path("XDG_DATA_HOME").unwrap_or_else(|| home().join(".local/share"))
        }
    };
    let app = || path(DATA_HOME).unwrap_or_else(|| data().join(APP));
    path(VARIABLE).unwrap_or_else(|| app().join(FOLDER))
}

/// The network and its vocabulary.
pub struct Encoder {
    bert: Bert,
    pieces: WordPieces,
}

impl Encoder {
    /// Whether a folder holds an encoder, whole or broken.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(bert::WEIGHTS).is_file()
    }

    /// Reads the folder.
    pub fn load(folder: &Path, device: &Device) -> Result<Self, TextError> {
        let bert = Bert::load(folder, device)?;
        let path = folder.join(words::FILE);
        let pieces = WordPieces::load(&path)?;
        let settings = bert.settings();
        if settings.hidden_size != WIDTH {
            let what = format!("the encoder gives {} values, the app takes {WIDTH}", settings.hidden_size);
            return Err(TextError::files(folder, what));
        }
        if pieces.largest() as usize >= settings.vocab_size {
            return Err(TextError::files(&path, "the vocabulary is larger than the encoder's"));
        }
        Ok(Self { bert, pieces })
    }

    /// The vocabulary.
    pub fn pieces(&self) -> &WordPieces {
        &self.pieces
    }

    /// Whether a word, or what it is a form or made of, is one of the vocabulary's common words.
    pub fn knows(&self, word: &str) -> bool {
        // Every letter is a piece of its own.
        let whole = |word: &str| word.chars().count() > 1 && self.pieces.is_whole(word);
        whole(word)
            || forms::of(word).iter().any(|form| whole(form))
            || forms::parts(word).any(|(a, b)| whole(a) && whole(b))
    }

    /// One vector of unit length for each text.
    pub fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, TextError> {
        let ids: Vec<Vec<u32>> = texts.iter().map(|text| self.pieces.ids(text)).collect();
        if let Some(found) = ids.iter().map(Vec::len).find(|n| *n > MOST_PIECES) {
            return Err(TextError::TooLong { found, most: MOST_PIECES });
        }
        let batches = ids.chunks(BATCH).map(|batch| self.bert.embed(batch));
        Ok(batches.collect::<Result<Vec<_>, _>>()?.concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_wins_then_the_apps_folder_then_the_platforms() {
        let set = |pairs: &'static [(&str, &str)]| {
            folder(&|name| pairs.iter().find(|(n, _)| *n == name).map(|(_, value)| value.into()))
        };
        assert_eq!(set(&[("HOME", "/h"), (VARIABLE, "/enc")]), Path::new("/enc"));
        assert_eq!(set(&[("HOME", "/h"), (DATA_HOME, "/d")]), Path::new("/d/text-encoder"));
        if cfg!(target_os = "linux") {
            let home = set(&[("HOME", "/h")]);
            assert_eq!(home, Path::new("/h/.local/share/org.espressivo.studio/text-encoder"));
            let named = set(&[("HOME", "/h"), ("XDG_DATA_HOME", "/x")]);
            assert_eq!(named, Path::new("/x/org.espressivo.studio/text-encoder"));
        }
    }
}
