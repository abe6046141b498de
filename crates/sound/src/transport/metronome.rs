//! The metronome while music plays.

use super::deck::Deck;

/// Which clicks have been struck.
pub(crate) struct Metronome {
    pub is_on: bool,
    /// Clicks before this place are over.
    done_quarters: f64,
}

impl Metronome {
    pub(crate) fn new() -> Self {
        Self { is_on: false, done_quarters: 0.0 }
    }

    /// Goes on from another place in the score.
    pub(crate) fn jump(&mut self, quarters: f64) {
        self.done_quarters = quarters;
    }

    /// The click that falls into the next frames of a deck: whether it is the first of a bar, and the
    /// frames before it.
    pub(crate) fn advance(
        &mut self,
        deck: &Deck,
        frames: usize,
        frames_per_sec: f64,
    ) -> Option<(bool, usize)> {
        let (from_secs, track) = (deck.secs(), deck.track());
        let end_quarters = track.clock.quarters_at(from_secs + frames as f64 / frames_per_sec);
        let from = track.clicks.partition_point(|c| c.quarters < self.done_quarters - 1e-9);
        let click = track.clicks.get(from).filter(|c| c.quarters < end_quarters)?;
        self.done_quarters = click.quarters + 1e-6;
        let wait = (track.clock.secs_at(click.quarters) - from_secs) * frames_per_sec;
        // One that was missed while the metronome was silent is not made up for.
        (self.is_on && wait > -1.0 - frames as f64).then_some((click.is_downbeat, wait.max(0.0) as usize))
    }
}
