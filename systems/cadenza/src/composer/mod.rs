//! The Composer: a variational autoencoder of one to four bars (arXiv 2410.02060, section on the Composer).
//!
//! A segment, which is [`Music`] of one to four bars, becomes tokens of [`pertok`](crate::pertok) without
//! velocities and micro-timing ([`written`], [`Model::tokens`]). The encoder reads all of them at once and
//! gives a normal distribution of one latent vector for the whole segment, its [`Posterior`]. The decoder
//! writes tokens from left to right; the latent vector is added to its rows before every layer
//! (*in-attention*, Wu and Yang, arXiv 2105.04090, section 3.2). Over all segments latent vectors are spread
//! like normal numbers, so random ones give new ideas, and ones near that of a segment give its variations.
//!
//! Layers are [`neural::layers`]: the result does not depend on the number of threads.
//!
//! ```no_run
//! use cadenza::composer::Model;
//! # fn likeliest(_logits: &[f32]) -> u32 { 0 }
//! # fn vary(music: &cadenza::pertok::Music) -> Result<(), Box<dyn std::error::Error>> {
//! let model = Model::load("models/composer".as_ref())?;
//! let posterior = model.encode(&model.tokens(music, 4)?);
//! let tokens = model.decode(&posterior.mean, &mut |logits, _so_far| Some(likeliest(logits)));
//! let near_by = model.music(&tokens)?;
//! # Ok(())
//! # }
//! ```

pub mod config;
mod decoder;
mod encoder;
mod segment;

use std::path::Path;

use neural::archive::Archive;
use neural::files::{LARGEST_SETTINGS_BYTES, read};
use neural::weights::WeightsError;

use crate::pertok::{DecodeError, Music, PerTok};
use config::Settings;
use decoder::{Decoder, DecoderWeights};
use encoder::Encoder;

pub use config::written;
pub use encoder::Posterior;
pub use segment::{Bar, SegmentError, assemble, bars, tokens};

/// Says which token is next, from the logits of all tokens and the tokens so far; nothing ends a segment.
pub type Choose<'a> = dyn FnMut(&[f32], &[u32]) -> Option<u32> + 'a;

/// What turns segments into tokens.
pub type Tokenizer = PerTok;

/// Name of the weights in a model folder.
pub const FILE_NAME: &str = "weights.safetensors";

/// A composer that has learned.
pub struct Model {
    settings: Settings,
    pertok: PerTok,
    encoder: Encoder,
    decoder: DecoderWeights,
    begin: u32,
    end: u32,
}

impl Model {
    /// Reads a model folder: `config.json` and `weights.safetensors`.
    ///
    /// # Errors
    /// When a file is missing, damaged or too large, or the weights do not fit the settings.
    pub fn load(folder: &Path) -> Result<Self, WeightsError> {
        let path = folder.join("config.json");
        let json = read(&path, "the model's settings", LARGEST_SETTINGS_BYTES)?;
        let (settings, pertok) = config::parse(&json).map_err(|what| WeightsError { what, path })?;
        let archive = Archive::read(&folder.join(FILE_NAME))?;
        let [begin, end] = config::ends(&pertok);
        Ok(Self {
            encoder: Encoder::load(&archive, &settings.network)?,
            decoder: DecoderWeights::load(&archive, &settings.network)?,
            settings,
            pertok,
            begin,
            end,
        })
    }

    /// Sizes and tokens.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What turns segments into tokens and back.
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.pertok
    }

    /// How many tokens the longest segment has that the model has learned.
    pub fn longest(&self) -> usize {
        self.settings.longest
    }

    /// How many numbers a latent vector has.
    pub fn latent(&self) -> usize {
        self.settings.network.latent
    }

    /// The number of the token that ends a segment: the decoder's way to say that nothing more comes. It is
    /// never among the tokens of a segment.
    pub fn end(&self) -> u32 {
        self.end
    }

    /// The tokens of a segment of so many bars: one bar line less, also where the last bars are empty.
    ///
    /// # Errors
    /// When something in it has no token, or there is a note beyond the last bar.
    pub fn tokens(&self, segment: &Music, bars: usize) -> Result<Vec<u32>, SegmentError> {
        segment::tokens(&self.pertok, segment, bars)
    }

    /// The notes of tokens.
    ///
    /// # Errors
    /// When a token stands where it cannot, or is none.
    pub fn music(&self, tokens: &[u32]) -> Result<Music, DecodeError> {
        segment::music(&self.pertok, tokens)
    }

    /// Reads a segment, given as tokens without beginning and end. Numbers that are no tokens are passed
    /// over.
    pub fn encode(&self, tokens: &[u32]) -> Posterior {
        self.encoder.encode(self.begin, tokens)
    }

    /// Writes a segment. `choose` gets the logits of all tokens of the vocabulary, special ones too, and the
    /// tokens so far, and says which token is next; nothing, or [`end`](Self::end), or what is no token, ends
    /// the segment, as does its length when it reaches [`longest`](Self::longest). The result has neither
    /// beginning nor end. `latent` has [`latent`](Self::latent) numbers.
    pub fn decode(&self, latent: &[f32], choose: &mut Choose<'_>) -> Vec<u32> {
        let mut decoder = Decoder::new(&self.decoder, latent, self.longest());
        let (mut tokens, mut last) = (Vec::new(), self.begin);
        while tokens.len() < self.longest() {
            let logits = decoder.advance(&[last]);
            match choose(&logits, &tokens) {
                Some(token) if token != self.end && (token as usize) < logits.len() => {
                    tokens.push(token);
                    last = token;
                }
                _ => break,
            }
        }
        tokens
    }

    /// The logits before each token of a segment and before its end, if the tokens before are given:
    /// `[tokens + 1, vocabulary]`, row after row. Numbers that are no tokens are passed over.
    pub fn logits(&self, latent: &[f32], tokens: &[u32]) -> Vec<f32> {
        let vocabulary = self.settings.network.vocabulary as u32;
        let known = tokens.iter().copied().filter(|token| *token < vocabulary);
        let before: Vec<u32> = std::iter::once(self.begin).chain(known).collect();
        Decoder::new(&self.decoder, latent, before.len()).advance(&before)
    }
}
