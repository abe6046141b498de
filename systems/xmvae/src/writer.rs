//! New pieces: the [`PieceWriter`] over the Composer's decoder.
//!
//! The decoder says one step after another, a beat with its code or a note; each sub-token is drawn from what it
//! thinks likely, within rules (`walk`) that make every piece well-formed whatever it says: the beats of one metre
//! follow each other, exactly the bars asked for; notes begin where a page can say it and end within the piece; a key is
//! struck once at a time; what is struck together two hands can strike, and a hand that leaps lets go of what it
//! holds (`hands`); silence lasts a bar at most, and the last note or chord begins on a beat of the last bar. Pitches
//! outside the scale of what was written last are less likely than the decoder thinks (`scale`). What
//! goes before is read first (`beginning`): some bars of a piece that the new one is to be like, or the last bars
//! of one that goes on.

mod beginning;
mod hands;
mod metre;
mod network;
mod scale;
mod score;
mod slurs;
mod walk;

use neural::sampling::{Choice, chances};
use notation::Score;
use performers::Job;
use performers::piece::{PieceError, PieceRequest, PieceWriter, WriterEntry, WriterInfo};

pub use hands::{MOST_A_HAND, WIDEST};
pub use network::{Choose, Decoder, Network};

use crate::network::{Model, SubToken};
use beginning::Beginning;
use scale::Scale;
use walk::{Walk, Written};

/// Only the likeliest values count that are as likely together.
const TOP_P: f64 = 0.95;

/// Sub-tokens of a step, with the code.
const SUB_TOKENS: usize = 5;

/// What the seed is turned into for choices that are no step's, by exclusive or.
const FOR_BEGINNING: u64 = 0x5851_F42D_4C95_7F2D;

/// A network that writes pieces.
pub struct NewPieces<N> {
    network: N,
}

/// The writer, for the list of those. It computes on the processor.
pub fn entry() -> WriterEntry {
    WriterEntry::new(NewPieces::<Model>::INFO, |models| {
        let model = Model::load(&models.join(NewPieces::<Model>::INFO.id));
        let model = model.map_err(|error| PieceError::Model { what: error.what, path: error.path })?;
        Ok(Box::new(NewPieces::new(model)))
    })
}

impl<N> NewPieces<N> {
    /// What it is called.
    pub const INFO: WriterInfo = WriterInfo {
        id: "xmvae",
        name: "XMVAE",
        description: "A network that writes new piano pieces beat by beat, or goes on with one, as it learned from \
                      classical piano music",
        needs_model: true,
    };

    /// Pieces by a network.
    pub fn new(network: N) -> Self {
        Self { network }
    }

    /// The network.
    pub fn network(&self) -> &N {
        &self.network
    }
}

impl<N: Network> NewPieces<N> {
    /// Writes the new bars.
    fn notes(
        &self,
        beginning: &Beginning,
        request: &PieceRequest<'_>,
        job: &Job,
    ) -> Result<Vec<Written>, PieceError> {
        let mut decoder = self.network.begin();
        let [chance, _]: [f64; 2] = chances(request.seed ^ FOR_BEGINNING, 1);
        let mut scale = Scale::drawn(chance);
        for (step, code) in &beginning.read {
            decoder.push(*step, *code);
            scale.hear(*step);
            job.step(0.0)?;
        }
        let mut walk = Walk::new(beginning.metre, request.bars, self.network.code_count());
        let choice = Choice { temperature: request.temperature, top_p: TOP_P };
        for place in 0.. {
            job.step(walk.done())?;
            let chances: [f64; SUB_TOKENS] = chances(request.seed, place);
            let mut step = [0; 4];
            decoder.next(&mut |sub_token: SubToken, logits: &[f32]| {
                let at = sub_token as usize;
                let chance = chances.get(at).copied().unwrap_or(0.0);
                let allowed = walk.allowed(sub_token, &step);
                let value = match sub_token {
                    SubToken::Pitch => drawn(choice, &allowed, &scale.lean(logits), chance),
                    _ => drawn(choice, &allowed, logits, chance),
                };
                if let Some(slot) = step.get_mut(at) {
                    *slot = u8::try_from(value).unwrap_or(0);
                }
                value
            });
            scale.hear(step);
            if !walk.take(step) {
                break;
            }
        }
        Ok(walk.written)
    }
}

/// One of the values that are allowed, as likely as the logits say, by a number in 0..1.
fn drawn(choice: Choice, allowed: &[usize], logits: &[f32], chance: f64) -> usize {
    let [first, _, ..] = allowed else { return allowed.first().copied().unwrap_or(0) };
    let own: Vec<f32> = allowed.iter().map(|value| logits.get(*value).copied().unwrap_or(f32::MIN)).collect();
    allowed.get(choice.choose(&own, 0..own.len(), chance)).copied().unwrap_or(*first)
}

impl<N: Network> PieceWriter for NewPieces<N> {
    fn info(&self) -> WriterInfo {
        Self::INFO
    }

    fn write(&self, request: &PieceRequest<'_>, job: &Job) -> Result<Score, PieceError> {
        request.check()?;
        job.step(0.0)?;
        let beginning = Beginning::of(request, &self.network, chances(request.seed ^ FOR_BEGINNING, 0))?;
        let written = self.notes(&beginning, request, job)?;
        let (metre, bars) = (beginning.metre, request.bars);
        Ok(match request.continues {
            Some((before, from)) => score::continued(before, from, (metre, bars), &written),
            None => score::new_piece(format!("New piece {}", request.seed), metre, bars, &written),
        })
    }
}
