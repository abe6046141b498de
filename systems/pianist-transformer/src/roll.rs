//! Playing notes from left to right, window after window.

use neural::sampling::{Choice, chances};
use performers::PerformError;

use crate::config::Playing;
use crate::network::{Decoder, Network};
use crate::tokens::{BOS, Event, LONGEST_IOI_MS, SLOTS, Token, range, slot};

/// What is not struck together in the score is this far apart at least, in ms, as in the published
/// program.
const LEAST_IOI_MS: usize = 5;

/// A note that is there already, outside what is to be played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// When it starts, in ms on the clock of what is there already.
    pub onset_ms: i64,
    /// Its values; the IOI does not count.
    pub event: Event,
}

/// The notes of a score, of which some are to be played.
pub struct Roll<'a> {
    /// The literal performance of the whole score, in the order of the stream.
    pub literal: &'a [Event],
    /// What is there already of each note; nothing of those that are to be played. It may end before the
    /// score does: notes after its end are read and not played.
    pub known: &'a [Option<Known>],
    /// When the first note starts if it is played, in ms.
    pub start_ms: i64,
    /// How tokens are chosen.
    pub choice: Choice,
    /// The seed.
    pub seed: u64,
}

/// One played note.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Struck {
    /// When it starts, in ms; of the same clock as what was known before it.
    pub onset_ms: i64,
    /// Its values.
    pub event: Event,
}

/// Hears of the notes that are there so far, and can put an end to it.
pub type Hear<'a> = dyn Fn(&[Struck]) -> Result<(), PerformError> + 'a;

impl Roll<'_> {
    /// Plays all notes that are not known, up to the end of `known`; what comes back has all of these
    /// notes, those known as they are. `hear` is called after every played note and now and then while
    /// the network reads.
    ///
    /// # Errors
    /// What `hear` says.
    pub fn play(
        &self,
        network: &Network,
        playing: &Playing,
        hear: &Hear<'_>,
    ) -> Result<Vec<Struck>, PerformError> {
        let notes = self.known.len().min(self.literal.len());
        let mut struck: Vec<Struck> = Vec::with_capacity(notes);
        self.take_known(&mut struck, notes);
        while struck.len() < notes {
            let (first, last, end) = window(struck.len(), self.literal.len(), playing);
            let read: Vec<Token> = self.literal[first..last].iter().flat_map(Event::tokens).collect();
            let encoding = network.encoder.encode(&read, &|| hear(&struck))?;
            let decoder = Decoder::new(&network.decoder, &encoding, &self.literal[first..last]);
            let mut pen = Pen { decoder, waiting: vec![BOS] };
            struck[first..].iter().for_each(|note| pen.wait(note.event));
            while struck.len() < end.min(notes) {
                let next = struck.len();
                self.take_known(&mut struck, next + 1);
                if let Some(known) = struck.get(next) {
                    pen.wait(known.event);
                    continue;
                }
                // In the pool, where a second thread is at hand.
                let (event, ()) = rayon::join(|| self.strike(&mut pen, next), || ());
                let before = struck.last().map(|before| before.onset_ms + i64::from(event.ioi_ms));
                struck.push(Struck { onset_ms: before.unwrap_or(self.start_ms), event });
                hear(&struck)?;
            }
            self.take_known(&mut struck, notes);
        }
        Ok(struck)
    }

    /// Takes over what is known, up to the first note that is to be played or to `end`.
    fn take_known(&self, struck: &mut Vec<Struck>, end: usize) {
        while struck.len() < end {
            let Some(Some(known)) = self.known.get(struck.len()) else { return };
            // What is known keeps its own times: a note played late does not move it.
            let (onset_ms, ioi_ms) = match struck.last() {
                Some(before) => {
                    let onset_ms = known.onset_ms.max(before.onset_ms);
                    (onset_ms, (onset_ms - before.onset_ms).min(i64::from(LONGEST_IOI_MS)) as u16)
                }
                // Nothing is before the first note, so its IOI is that of the score.
                None => (known.onset_ms, self.literal.first().map_or(0, |event| event.ioi_ms)),
            };
            struck.push(Struck { onset_ms, event: Event { ioi_ms, ..known.event } });
        }
    }

    /// Chooses the tokens of a note after its pitch; of the first note of the score also after its IOI,
    /// since the network has not learned what comes after nothing.
    fn strike(&self, pen: &mut Pen<'_>, note: usize) -> Event {
        let literal = self.literal[note];
        let chances: [f64; SLOTS] = chances(self.seed, note);
        let mut tokens = literal.tokens();
        for slot in slot::IOI..SLOTS {
            pen.wait_for(tokens[slot - 1]);
            if slot == slot::IOI && note == 0 {
                continue;
            }
            let logits = pen.logits(slot);
            let least = match slot {
                slot::IOI if literal.ioi_ms > 0 => LEAST_IOI_MS,
                slot::VELOCITY | slot::DURATION => 1,
                _ => 0,
            };
            let chosen = self.choice.choose(&logits, least..logits.len(), chances[slot]);
            tokens[slot] = range(slot).start + chosen as Token;
        }
        pen.wait_for(tokens[SLOTS - 1]);
        Event::of(&tokens).unwrap_or(literal)
    }
}

/// The decoder and the tokens that it has not heard of yet: they go in together.
struct Pen<'a> {
    decoder: Decoder<'a>,
    waiting: Vec<Token>,
}

impl Pen<'_> {
    fn wait(&mut self, event: Event) {
        self.waiting.extend(event.tokens());
    }

    fn wait_for(&mut self, token: Token) {
        self.waiting.push(token);
    }

    fn logits(&mut self, slot: usize) -> Vec<f32> {
        self.decoder.advance(&self.waiting);
        self.waiting.clear();
        self.decoder.logits(slot)
    }
}

/// The window for the next note: the first note that is read, the one after the last, and the one
/// before which the next window begins to play.
fn window(next: usize, notes: usize, playing: &Playing) -> (usize, usize, usize) {
    let first = next.saturating_sub(playing.prefix);
    let last = notes.min(first + playing.window);
    let end = if last == notes { notes } else { last - playing.lookahead };
    (first, last, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_those_of_the_paper() {
        let playing = Playing::default();
        assert_eq!(window(0, 100, &playing), (0, 100, 100));
        assert_eq!(window(0, 1000, &playing), (0, 512, 461));
        assert_eq!(window(461, 1000, &playing), (256, 768, 717));
        assert_eq!(window(717, 1000, &playing), (512, 1000, 1000));
    }
}
