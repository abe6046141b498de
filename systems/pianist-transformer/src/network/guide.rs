//! What a guided decoder is told of the note that it plays.

use neural::archive::Archive;
use neural::product::Product;
use performers::PerformError;

use super::encoder::Encoding;
use crate::config::{Guidance, NetworkConfig};
use crate::tokens::ladder::{LADDERS, Ladder, Pace, STEPS, ms_of};
use crate::tokens::{Event, SLOTS, Token, slot};

/// The weights that only a guided decoder has.
pub struct GuideWeights {
    hidden: usize,
    /// From what the encoder made of a note to what is added to the rows of its tokens.
    notes: Product,
    /// `[SLOTS, hidden]`
    places: Vec<f32>,
    /// The steps of all ladders `[LADDERS * STEPS, hidden]`.
    ratios: Vec<f32>,
    /// The same as columns, a ladder at a time `[hidden, STEPS]`.
    outputs: Vec<Product>,
}

impl GuideWeights {
    /// Reads the weights; nothing if the decoder is not guided.
    ///
    /// # Errors
    /// When one is missing, damaged, or of other sizes.
    pub fn load(archive: &Archive, sizes: &NetworkConfig) -> Result<Option<Self>, PerformError> {
        let hidden = sizes.hidden;
        if sizes.guidance == Guidance::Unguided {
            return Ok(None);
        }
        let ratios = archive.numbers("decoder.ratio_embedding.weight", &[LADDERS * STEPS, hidden])?;
        let output = |rows: &[f32]| {
            let turned: Vec<f32> =
                (0..hidden).flat_map(|k| rows.iter().skip(k).step_by(hidden).copied()).collect();
            Product::from_rows(&turned, STEPS)
        };
        Ok(Some(Self {
            hidden,
            notes: Product::load(archive, "decoder.guide", hidden, hidden)?,
            places: archive.numbers("decoder.place_embedding.weight", &[SLOTS, hidden])?,
            outputs: ratios.chunks_exact(STEPS * hidden).map(output).collect(),
            ratios,
        }))
    }
}

/// Goes along with the notes of a window.
pub struct Guide<'a> {
    weights: &'a GuideWeights,
    /// What is read of the notes.
    literal: &'a [Event],
    /// What is added to the rows of the tokens of each note `[notes, hidden]`.
    notes: Vec<f32>,
    pace: Pace,
    /// Tokens heard so far, with the one before the first note.
    heard: usize,
    /// Time since the onset before of the last note that was heard of, in ms.
    ioi_ms: u16,
}

impl<'a> Guide<'a> {
    /// Nothing heard yet of notes of which `encoding` is what the encoder made.
    pub fn new(weights: &'a GuideWeights, encoding: &Encoding, literal: &'a [Event]) -> Self {
        let notes = weights.notes.of(&encoding.0);
        Self { weights, literal, notes, pace: Pace::default(), heard: 0, ioi_ms: 0 }
    }

    /// Hears of the next token and adds to its row `[hidden]` where a time is on its ladder, and of the token
    /// after it the note and the slot.
    pub fn hear(&mut self, token: Token, row: &mut [f32]) {
        let weights = self.weights;
        let hidden = weights.hidden;
        let scale = (hidden as f32).sqrt();
        let mut add = |rows: &[f32], k: usize, scale: f32| {
            let rows = &rows[k * hidden..][..hidden];
            row.iter_mut().zip(rows).for_each(|(x, value)| *x += scale * value);
        };
        if let Some(step) = self.heard.checked_sub(1).and_then(|k| self.step(k, token)) {
            add(&weights.ratios, step, scale);
        }
        let (note, slot) = (self.heard / SLOTS, self.heard % SLOTS);
        add(&weights.places, slot, scale);
        // After the last note nothing is to be played.
        if note < self.literal.len() {
            add(&self.notes, note, 1.0);
        }
        self.heard += 1;
    }

    /// The row of the step that a token is on if it is a time, it being the `k`-th of those of notes.
    fn step(&mut self, k: usize, token: Token) -> Option<usize> {
        let (note, slot) = (self.literal.get(k / SLOTS)?, k % SLOTS);
        let ladder = self.ladder(note, slot)?;
        let ms = ms_of(token)?;
        if slot == slot::IOI {
            self.ioi_ms = ms;
        } else {
            self.pace.push(Some(note.ioi_ms), self.ioi_ms);
        }
        Some(ladder.first_row() + ladder.step(ms))
    }

    fn ladder(&self, note: &Event, slot: usize) -> Option<Ladder> {
        match slot {
            slot::IOI => Some(Ladder::of_ioi(Some(note.ioi_ms), &self.pace)),
            slot::DURATION => Some(Ladder::of_duration(Some(note.duration_ms), &self.pace)),
            _ => None,
        }
    }

    /// Logits of all times, from the row after the last token; nothing for slots that are no times.
    pub fn times(&self, slot: usize, row: &[f32]) -> Option<Vec<f32>> {
        let note = self.literal.get(self.heard.checked_sub(1)? / SLOTS)?;
        let ladder = self.ladder(note, slot)?;
        let steps = self.weights.outputs.get(ladder.kind() as usize)?.of(row);
        Some(ladder.spread(&steps))
    }
}
