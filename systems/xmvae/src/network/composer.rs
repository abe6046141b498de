//! The Composer: codes of beats, and the decoder that writes.

use std::ops::Range;

use neural::archive::Archive;
use neural::product::Product;
use neural::rotary::Rotary;
use neural::weights::WeightsError;

use super::affine::{Table, Tables};
use super::stack::Stack;
use super::steps::{ScoreTokens, beats, is_metric};
use super::sub_tokens::SubTokens;
use crate::config::{NetworkConfig, SCORE_SIZES};

/// The Composer's weights.
pub(super) struct Composer {
    hidden: usize,
    /// Of what is written, for both stacks.
    pub(super) tables: Tables,
    encoder: Stack,
    /// Makes of a beat's row what is compared with the codes `[hidden, code_width]`.
    code: Product,
    /// `[codes, code_width]`
    pub(super) codebook: Table,
    pub(super) decoder: Stack,
    /// What the decoder adds to a row for each code `[codes, hidden]`.
    pub(super) decoder_codes: Table,
    /// Sub-tokens of what is written, and the code.
    pub(super) sub_tokens: SubTokens,
}

impl Composer {
    /// Reads the weights.
    ///
    /// # Errors
    /// When one is missing, damaged, or of other sizes.
    pub(super) fn load(archive: &Archive, sizes: &NetworkConfig) -> Result<Self, WeightsError> {
        let (hidden, width) = (sizes.hidden, sizes.code_width);
        let stack = |name: &str, count| Stack::load(archive, name, count, sizes, false);
        let codebook = Table::load(archive, "codebook", sizes.codes, width)?;
        let turned = Product::load(archive, "composer_decoder.code", width, hidden)?;
        let [a, b, c, d] = SCORE_SIZES;
        let columns = [a, b, c, d, ("code", sizes.codes + 1)];
        Ok(Self {
            hidden,
            tables: Tables::load(archive, "composer", hidden)?,
            encoder: stack("composer_encoder", sizes.layers.composer_encoder)?,
            code: Product::load(archive, "composer_encoder.code", hidden, width)?,
            decoder_codes: codebook.times(&turned),
            codebook,
            decoder: stack("composer_decoder", sizes.layers.composer_decoder)?,
            sub_tokens: SubTokens::load(archive, "score_sub", &columns, sizes)?,
        })
    }

    /// The code of each Metric step of a window.
    pub(super) fn codes(&self, steps: &[ScoreTokens], rotary: &Rotary) -> Vec<u16> {
        let beats: Vec<Range<usize>> = beats(steps);
        let rows = self.encoder.of(self.tables.of(steps), rotary, &beats, None);
        let metric = rows.chunks_exact(self.hidden).zip(steps).filter(|(_, step)| is_metric(step));
        metric.map(|(row, _)| self.nearest(&self.code.of(row))).collect()
    }

    /// The nearest code, the first of equals.
    fn nearest(&self, row: &[f32]) -> u16 {
        let distance = |code: &[f32]| code.iter().zip(row).map(|(a, b)| (a - b) * (a - b)).sum::<f32>();
        let (mut best, mut least) = (0, f32::INFINITY);
        for (k, code) in self.codebook.rows().enumerate() {
            let far = distance(code);
            if far < least {
                (best, least) = (k, far);
            }
        }
        best as u16
    }
}
