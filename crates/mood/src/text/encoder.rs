//! all-MiniLM-L6-v2 in its folder.

use std::path::Path;

use burn::tensor::Device;

use super::bert::{self, Bert};
use super::error::TextError;
use super::forms;
use super::vector::WIDTH;
use super::words::{self, WordPieces};

/// Word pieces of the longest text: the model was trained on 128 and is published with 256.
const MOST_PIECES: usize = 256;

/// Texts computed at once.
const BATCH: usize = 32;

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
