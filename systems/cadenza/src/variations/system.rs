//! A network as a composer.

use std::ops::Range;

use neural::sampling::Choice;
use notation::Score;
use performers::Job;
use performers::composer::{
    ComposeError, Composer, ComposerInfo, Constraints, Lowest, Similarity, Sound, Variation,
    VariationRequest, excerpt,
};

use super::dial::{self, Dial};
use super::network::Network;
use super::passage::Passage;
use super::rules::Rules;
use super::sampler::{Chance, Sampler};
use super::search::Search;
use super::words::Words;
use crate::composer::Posterior;
use crate::pertok::Places;

/// Pairs of ideas from which it is told how similar variations are at the least.
const PAIRS: usize = 2;

/// What is kept holds variations up if they are so much less similar without it.
const LEAST_DROP: f64 = 0.05;

/// A network that writes variations.
pub struct Variations<N> {
    network: N,
    words: Words,
}

/// How the network writes a passage anew by itself, as in the paper: without a similarity that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain {
    /// The likeliest tokens of the mean of the posterior.
    Greedy,
    /// Tokens and latent vector drawn with a seed.
    Sampled(u64),
}

impl<N> Variations<N> {
    /// What it is called.
    pub const INFO: ComposerInfo = ComposerInfo {
        id: "composer",
        name: "Cadenza",
        description: "A network that writes one to four bars anew, as near to them as is asked for, as it learned from \
                      songs and piano music",
        needs_model: true,
    };
}

impl<N: Network> Variations<N> {
    /// Variations by a network.
    ///
    /// # Errors
    /// When its tokens tell onsets otherwise than by their place in the bar, or no durations, in words.
    pub fn new(network: N) -> Result<Self, String> {
        let config = network.tokenizer().config();
        let is_written = config.micro_timing.is_none() && config.velocities.is_none();
        if config.places != Places::Position || !config.durations || !is_written {
            return Err(
                "the model's tokens are not those of a composer: it needs places in the bar and durations, \
                        without micro-timing and velocities"
                    .to_owned(),
            );
        }
        let words = Words::of(network.tokenizer(), network.end());
        Ok(Self { network, words })
    }

    /// The network.
    pub fn network(&self) -> &N {
        &self.network
    }

    /// The passage as the network reads it.
    fn read(&self, score: &Score, bars: Range<usize>) -> Result<(Passage, Posterior), ComposeError> {
        let passage = Passage::of(score, bars, &self.words)?;
        let words = passage.words(&self.words);
        let tokens: Vec<u32> = words.iter().filter_map(|word| self.words.id(*word)).collect();
        if tokens.len() >= self.network.longest() {
            let (found, most) = (passage.sounds.len(), self.network.longest());
            return Err(ComposeError::Unreadable {
                bar: passage.score.measures.first().map(|bar| bar.number.clone()).unwrap_or_default(),
                what: format!(
                    "{found} notes from here on are more than the composer reads at once ({most} tokens)"
                ),
            });
        }
        let posterior = self.network.encode(&tokens);
        Ok((passage, posterior))
    }

    /// The least similarity of some ideas within constraints; nothing where none can be written.
    fn least(
        &self,
        (passage, posterior): (&Passage, &Posterior),
        constraints: &Constraints,
        (seed, job): (u64, &Job),
    ) -> Result<Option<f64>, ComposeError> {
        let rules = Rules::new(passage, &self.words, constraints, self.network.longest());
        if !rules.can_be_kept() {
            return Ok(None);
        }
        let search = Search { network: &self.network, rules: &rules, posterior, seed, job };
        let ideas = search.ideas(PAIRS)?;
        Ok(ideas.iter().map(Similarity::overall).min_by(f64::total_cmp))
    }

    /// Writes bars of a score anew as the network does by itself, within the rules that every variation keeps.
    /// Nothing if it breaks off.
    ///
    /// # Errors
    /// When the network cannot read the bars.
    pub fn plain(
        &self,
        score: &Score,
        bars: Range<usize>,
        plain: Plain,
    ) -> Result<Option<Variation>, ComposeError> {
        let (passage, posterior) = self.read(score, bars)?;
        let constraints = Constraints::default();
        let rules = Rules::new(&passage, &self.words, &constraints, self.network.longest());
        let job = Job::default();
        let (network, posterior) = (&self.network, &posterior);
        let search = Search { network, rules: &rules, posterior, seed: 0, job: &job };
        let (temperature, seed) = match plain {
            Plain::Greedy => (0.0, 0),
            Plain::Sampled(seed) => (1.0, seed),
        };
        let mut chance = Chance::of(seed, 0, 0);
        let latent = match plain {
            Plain::Greedy => posterior.mean.clone(),
            Plain::Sampled(_) => dial::drawn(posterior, &mut chance),
        };
        let choice = Choice { temperature, top_p: 1.0 };
        let sampler = Sampler { words: &self.words, choice, keep: 0.0, scale: None, chance };
        Ok(search.written(&latent, sampler).map(|score| {
            let similarity = Similarity::between(&passage.sounds, &Sound::of(&score), score.end());
            Variation { score, similarity }
        }))
    }
}

impl<N: Network> Composer for Variations<N> {
    fn info(&self) -> ComposerInfo {
        Self::INFO
    }

    fn compose(
        &self,
        request: &VariationRequest<'_>,
        job: &Job,
        ready: &mut dyn FnMut(&Variation),
    ) -> Result<Vec<Variation>, ComposeError> {
        request.check()?;
        job.step(0.0)?;
        let mut variations = Vec::with_capacity(request.count);
        if request.similarity >= 1.0 {
            let score = excerpt(request.score, request.bars.clone());
            let sounds = Sound::of(&score);
            let similarity = Similarity::between(&sounds, &sounds, score.end());
            variations.resize(request.count, Variation { score, similarity });
            variations.iter().for_each(ready);
            return Ok(variations);
        }
        let (passage, posterior) = self.read(request.score, request.bars.clone())?;
        let rules = Rules::new(&passage, &self.words, &request.constraints, self.network.longest());
        let wanted = request.count;
        if !rules.can_be_kept() {
            return Err(ComposeError::TooNarrow { found: 0, wanted });
        }
        let (network, posterior) = (&self.network, &posterior);
        let search = Search { network, rules: &rules, posterior, seed: request.seed, job };
        let mut dial = Dial::new(request.similarity);
        let mut found = search.known();
        while variations.len() < wanted {
            let done = variations.len() as f32 / wanted as f32;
            let Some(variation) = search.next(&mut dial, &mut found, done)? else {
                return Err(ComposeError::TooNarrow { found: variations.len(), wanted });
            };
            ready(&variation);
            variations.push(variation);
        }
        job.step(1.0)?;
        Ok(variations)
    }

    /// Told from ideas of the network's own, with all that is kept, and without each of it.
    fn lowest(&self, request: &VariationRequest<'_>, job: &Job) -> Result<Option<Lowest>, ComposeError> {
        request.check()?;
        let (passage, posterior) = self.read(request.score, request.bars.clone())?;
        let least =
            |constraints: &Constraints| self.least((&passage, &posterior), constraints, (request.seed, job));
        let kept = &request.constraints;
        let Some(similarity) = least(kept)? else { return Ok(None) };
        let mut held_by = None;
        let mut lowest = similarity - LEAST_DROP;
        for thing in kept.kept() {
            if let Some(without) = least(&kept.without(thing))?.filter(|without| *without < lowest) {
                (lowest, held_by) = (without, Some((thing, without)));
            }
        }
        Ok(Some(Lowest { similarity, held_by }))
    }
}
