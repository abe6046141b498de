//! Looking for the variation whose similarity is the one that is asked for.

use neural::sampling::Choice;
use notation::Score;
use performers::Job;
use performers::composer::{ComposeError, Similarity, Sound, Variation};

use super::dial::{self, Dial};
use super::network::Network;
use super::rewrite;
use super::rules::Rules;
use super::sampler::{Chance, SCALE_SLACK, Sampler};
use super::walk::{Walk, Written};
use super::words::Word;
use crate::composer::Posterior;

/// How the network's tokens are chosen: a little more likely ones than it learned, without the unlikeliest.
const CHOICE: Choice = Choice { temperature: 0.95, top_p: 0.92 };

/// Rounds of two attempts each, at least so many unless an attempt is near enough to the similarity that is
/// asked for.
const LEAST_ROUNDS: usize = 3;

/// The most rounds; after them it is given up to find a variation that is new and within the rules.
const MOST_ROUNDS: usize = 12;

/// Tokens that a thread writes in the rounds of one variation, between these bounds: few notes are quick to
/// write, and each of them counts for more.
const TOKENS: usize = 900;

/// An attempt so near to the similarity that is asked for is taken.
const TOLERANCE: f64 = 0.015;

/// Tokens between two times that a cancel is looked for.
const TOKENS_A_LOOK: usize = 8;

/// A variation that may be taken.
struct Attempt {
    score: Score,
    sounds: Vec<Sound>,
    similarity: Similarity,
}

/// What a search is about.
pub struct Search<'a, N> {
    /// The network.
    pub network: &'a N,
    /// The rules.
    pub rules: &'a Rules<'a>,
    /// Where the passage lies.
    pub posterior: &'a Posterior,
    /// The seed of the request.
    pub seed: u64,
    /// Whom a cancel is heard from.
    pub job: &'a Job,
}

impl<N: Network> Search<'_, N> {
    /// The notes that are no variation: the passage's, as they are and as tokens tell them, which have no two
    /// notes of one pitch and onset.
    pub fn known(&self) -> Vec<Vec<Sound>> {
        let passage = self.rules.passage;
        let bars = passage.bars.iter().enumerate();
        let notes = bars.flat_map(|(bar, of_bar)| of_bar.notes.iter().map(move |own| (bar, own)));
        let told: Vec<Written> = notes
            .map(|(bar, own)| Written { bar, place: own.place, pitch: own.pitch, duration: own.duration })
            .collect();
        let mut told = Sound::of(&rewrite::score(passage, &told, self.rules.constraints.keep_rhythm));
        told.sort_unstable();
        vec![passage.sounds.clone(), told]
    }

    /// The next variation, with other notes than all of `found`, to which its own are added. Nothing if there is
    /// no other within the rules.
    ///
    /// # Errors
    /// When the job was cancelled.
    pub fn next(
        &self,
        dial: &mut Dial,
        found: &mut Vec<Vec<Sound>>,
        done: f32,
    ) -> Result<Option<Variation>, ComposeError> {
        let target = dial.target();
        let miss = |attempt: &Attempt| (attempt.similarity.overall() - target).abs();
        let mut best: Option<Attempt> = None;
        let tokens = self.rules.passage.words(self.rules.words).len();
        let rounds = (TOKENS / tokens.max(1)).clamp(LEAST_ROUNDS, MOST_ROUNDS);
        // Where nothing new was found, what is tried goes further away from the passage.
        let mut further = 1.0;
        for round in 0..MOST_ROUNDS {
            self.job.step(done)?;
            if best.as_ref().is_some_and(|best| round >= rounds || miss(best) < TOLERANCE) {
                break;
            }
            let nearness = further * dial.nearness();
            let attempt =
                |k: usize| self.attempt(nearness, Chance::of(self.seed, found.len(), 2 * round + k));
            let (one, other) = rayon::join(|| attempt(0), || attempt(1));
            for attempt in [one, other].into_iter().flatten() {
                dial.learn(nearness, attempt.similarity.overall());
                let is_new = !found.contains(&attempt.sounds);
                if is_new && best.as_ref().is_none_or(|best| miss(&attempt) < miss(best)) {
                    best = Some(attempt);
                }
            }
            if best.is_none() {
                further *= 0.9;
            }
        }
        Ok(best.map(|Attempt { score, sounds, similarity }| {
            found.push(sounds);
            Variation { score, similarity }
        }))
    }

    /// How similar some ideas of the network's own are, of which nothing is asked but to be within the rules. Fewer
    /// where some break off.
    ///
    /// # Errors
    /// When the job was cancelled.
    pub fn ideas(&self, pairs: usize) -> Result<Vec<Similarity>, ComposeError> {
        let mut found = Vec::with_capacity(2 * pairs);
        for pair in 0..pairs {
            if self.job.is_cancelled() {
                return Err(ComposeError::Cancelled);
            }
            let idea = |k: usize| self.attempt(0.0, Chance::of(self.seed, 0, 2 * pair + k));
            let (one, other) = rayon::join(|| idea(0), || idea(1));
            found.extend([one, other].into_iter().flatten().map(|attempt| attempt.similarity));
        }
        Ok(found)
    }

    /// Writes a variation so near to the passage. Nothing if it breaks off or leaves the scale.
    fn attempt(&self, nearness: f64, mut chance: Chance) -> Option<Attempt> {
        let passage = self.rules.passage;
        let latent = dial::latent(self.posterior, nearness, &mut chance);
        let sampler = Sampler {
            words: self.rules.words,
            choice: CHOICE,
            keep: dial::keep(nearness),
            // Half of the slack is for notes of the passage that are kept.
            scale: Some((passage.scale, passage.in_scale - 0.5 * SCALE_SLACK)),
            chance,
        };
        let score = self.written(&latent, sampler)?;
        let mut sounds = Sound::of(&score);
        sounds.sort_unstable();
        let share = passage.scale.share(sounds.iter().map(|sound| sound.pitch));
        if share + 1e-9 < passage.in_scale - SCALE_SLACK {
            return None;
        }
        let similarity = Similarity::between(&passage.sounds, &sounds, passage.score.end());
        Some(Attempt { score, sounds, similarity })
    }

    /// The music of a latent vector within the rules. Nothing if it breaks off.
    pub fn written(&self, latent: &[f32], mut sampler: Sampler<'_>) -> Option<Score> {
        let mut walk = Walk::new(self.rules);
        let mut is_stopped = false;
        self.network.decode(latent, &mut |logits, before| {
            is_stopped |= before.len().is_multiple_of(TOKENS_A_LOOK) && self.job.is_cancelled();
            if is_stopped {
                return None;
            }
            let id = sampler.choose(logits, &walk)?;
            let word = self.rules.words.all[id];
            walk.take(word);
            if word == Word::End { None } else { u32::try_from(id).ok() }
        });
        let is_whole = !is_stopped && walk.is_whole();
        let keeps_rhythm = self.rules.constraints.keep_rhythm;
        is_whole.then(|| rewrite::score(self.rules.passage, &walk.written, keeps_rhythm))
    }
}
