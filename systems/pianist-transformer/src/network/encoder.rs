//! The encoder: one position a note.

use neural::archive::Archive;
use neural::layers::{Attention, FeedForward, Sight, norm, normed};
use neural::product::Product;
use neural::rotary::Rotary;
use performers::PerformError;

use crate::config::NetworkConfig;
use crate::tokens::{SLOTS, Token, VOCABULARY};

/// The encoder's weights.
pub struct Encoder {
    hidden: usize,
    /// Half the width of a head.
    half: usize,
    rotary_base: f64,
    /// `[VOCABULARY, hidden]`
    embedding: Vec<f32>,
    /// Each slot's projection to an eighth of the width, with its bias.
    slots: Vec<(Product, Vec<f32>)>,
    layers: Vec<(Attention, FeedForward)>,
    norm: Vec<f32>,
}

/// What the encoder made of some notes `[notes, hidden]`.
pub struct Encoding(pub Vec<f32>);

impl Encoder {
    /// Reads the weights.
    ///
    /// # Errors
    /// When one is missing, damaged, or of other sizes.
    pub fn load(archive: &Archive, sizes: &NetworkConfig) -> Result<Self, PerformError> {
        let (hidden, layers) = (sizes.hidden, sizes.layer());
        let slot = |k: usize| {
            let name = format!("encoder.slots.{k}");
            let bias = archive.numbers(&format!("{name}.bias"), &[hidden / SLOTS])?;
            Ok((Product::load(archive, &name, hidden, hidden / SLOTS)?, bias))
        };
        let layer = |k: usize| {
            let name = format!("encoder.layers.{k}");
            let attention = Attention::load(archive, &format!("{name}.attention"), &layers)?;
            Ok((attention, FeedForward::load(archive, &format!("{name}.forward"), &layers)?))
        };
        Ok(Self {
            hidden,
            half: sizes.head / 2,
            rotary_base: sizes.rotary_base,
            embedding: archive.numbers("encoder.embedding.weight", &[VOCABULARY, hidden])?,
            slots: (0..SLOTS).map(slot).collect::<Result<_, PerformError>>()?,
            layers: (0..sizes.encoder_layers).map(layer).collect::<Result<_, PerformError>>()?,
            norm: norm(archive, "encoder.norm", hidden)?,
        })
    }

    /// Reads notes `[notes, 8]`, the tokens of [`Event::tokens`](crate::tokens::Event::tokens). `step` is
    /// asked between layers and can put an end to it.
    ///
    /// # Errors
    /// What `step` says.
    pub fn encode(
        &self,
        tokens: &[Token],
        step: &dyn Fn() -> Result<(), PerformError>,
    ) -> Result<Encoding, PerformError> {
        let notes = tokens.len() / SLOTS;
        let mut x = self.embed(tokens);
        let rotary = Rotary::new(notes, self.half, self.rotary_base);
        for (attention, feed_forward) in &self.layers {
            step()?;
            attention.attend_to_self(&mut x, &mut attention.memories(), &rotary, 0, Sight::All);
            feed_forward.apply(&mut x);
        }
        Ok(Encoding(normed(&x, &self.norm)))
    }

    /// Rows `[notes, hidden]` of tokens `[notes, 8]`.
    fn embed(&self, tokens: &[Token]) -> Vec<f32> {
        let (hidden, part) = (self.hidden, self.hidden / SLOTS);
        let scale = (hidden as f32).sqrt();
        let mut x = vec![0.0; tokens.len() / SLOTS * hidden];
        for (slot, (projection, bias)) in self.slots.iter().enumerate() {
            let row = |token: &Token| &self.embedding[usize::from(*token) * hidden..][..hidden];
            let rows: Vec<f32> = tokens.iter().skip(slot).step_by(SLOTS).flat_map(row).copied().collect();
            let projected = projection.of(&rows);
            for (x, projected) in x.chunks_exact_mut(hidden).zip(projected.chunks_exact(part)) {
                let places = x[slot * part..].iter_mut().zip(projected.iter().zip(bias));
                places.for_each(|(x, (value, bias))| *x = scale * (value + bias));
            }
        }
        x
    }
}
