//! A network without weights, which writes anything that it may, and scores to vary.
#![allow(dead_code, clippy::unwrap_used)]

use std::ops::Range;
use std::path::Path;

use cadenza::composer::{Choose, Posterior, written};
use cadenza::pertok::PerTok;
use cadenza::variations::{Network, Variations};
use notation::{ImportOptions, Score};
use performers::Job;
use performers::composer::{ComposeError, Composer, Constraints, Variation, VariationRequest};

/// Its logits are spread without any sense; tokens that come next and latent vectors change them.
pub struct Toy(PerTok);

impl Toy {
    pub fn variations() -> Variations<Self> {
        Variations::new(Self(PerTok::new(written()).unwrap())).unwrap()
    }
}

/// A number in -1..1 that belongs to three others.
fn noise(a: usize, b: usize, c: usize) -> f32 {
    let mixed = (a * 73_856_093) ^ (b * 19_349_663) ^ (c * 83_492_791);
    (mixed % 2001) as f32 / 1000.0 - 1.0
}

impl Network for Toy {
    fn tokenizer(&self) -> &PerTok {
        &self.0
    }

    fn longest(&self) -> usize {
        600
    }

    fn end(&self) -> u32 {
        u32::from(self.0.vocabulary().id(cadenza::pertok::Token::End).unwrap())
    }

    fn encode(&self, tokens: &[u32]) -> Posterior {
        let sum = tokens.iter().map(|token| *token as usize).sum();
        Posterior { mean: (0..8).map(|k| noise(sum, k, 1)).collect(), deviation: vec![0.3; 8] }
    }

    fn decode(&self, latent: &[f32], choose: &mut Choose<'_>) -> Vec<u32> {
        let size = self.0.vocabulary().size();
        let mut tokens: Vec<u32> = Vec::new();
        while tokens.len() < self.longest() {
            let last = tokens.last().map_or(0, |token| *token as usize);
            let logit = |id: usize| {
                let turned = latent[id % latent.len()] * noise(id, 3, 5);
                4.0 * noise(id, last, tokens.len() % 7) + turned
            };
            let logits: Vec<f32> = (0..size).map(logit).collect();
            match choose(&logits, &tokens) {
                Some(token) => tokens.push(token),
                None => break,
            }
        }
        tokens
    }
}

/// A score of the repository.
pub fn score(name: &str) -> Score {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scores").join(name);
    notation::read_score(name, &std::fs::read(path).unwrap(), &ImportOptions::default()).unwrap()
}

/// Passages of different texture, metre and length, with a pick-up and triplets among them.
pub fn passages() -> Vec<(Score, Range<usize>)> {
    vec![
        (score("petzold_minuet_g.musicxml"), 4..8),
        (score("petzold_minuet_g.musicxml"), 0..1),
        (score("bach_prelude_c_bwv846.musicxml"), 2..4),
        (score("beethoven_fur_elise_theme.musicxml"), 0..4),
        (score("chopin_prelude_op28_4.musicxml"), 3..7),
        (score("chopin_prelude_op28_7.musicxml"), 0..3),
        (score("schumann_kinderszenen_1.musicxml"), 2..6),
    ]
}

pub fn request(score: &Score, bars: Range<usize>, similarity: f64, count: usize) -> VariationRequest<'_> {
    VariationRequest { score, bars, similarity, count, seed: 1, constraints: Constraints::default() }
}

pub fn compose(request: &VariationRequest<'_>) -> Result<Vec<Variation>, ComposeError> {
    Toy::variations().compose(request, &Job::default(), &mut |_| {})
}
