//! The Composer's decoder: writes steps and the codes of beats, one at a time, with keys and values kept.

use super::Model;
use super::stack::LayerMemories;
use super::steps::{ScoreTokens, is_metric};
use crate::ecp::{BEGIN, END, FAMILY, METRIC, NOTE};

/// A sub-token of a step that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubToken {
    /// What the step is: [`NOTE`], [`METRIC`], or [`END`].
    Family,
    /// Where it stands.
    Position,
    /// A note's pitch.
    Pitch,
    /// How long it lasts.
    Duration,
    /// The code of a beat: 0 none, `k + 1` code `k`.
    Code,
}

/// Chooses a value of a sub-token, given its logits.
pub type Choose<'a> = dyn FnMut(SubToken, &[f32]) -> usize + 'a;

/// What has been written so far.
pub struct ComposerDecoder<'a> {
    model: &'a Model,
    memories: Vec<LayerMemories>,
    /// Rows since the last beginning.
    rows: usize,
    /// Notes among them.
    notes: usize,
    /// Every step so far, with the code of its beat.
    written: Vec<(ScoreTokens, Option<u16>)>,
    /// The code of the beat that is being written.
    code: Option<u16>,
    /// Says the next step.
    state: Vec<f32>,
}

impl<'a> ComposerDecoder<'a> {
    /// Nothing written yet.
    pub fn new(model: &'a Model) -> Self {
        let (written, code) = (Vec::new(), None);
        let mut decoder =
            Self { model, memories: Vec::new(), rows: 0, notes: 0, written, code, state: Vec::new() };
        decoder.begin();
        decoder
    }

    /// Writes a step that is given, with the code of its beat if it is a Metric step. When a window is full, goes on
    /// as if the piece began at a beat about half a window back.
    pub fn push(&mut self, step: ScoreTokens, code: Option<u16>) {
        if is_metric(&step) {
            self.code = code;
        }
        self.written.push((step, self.code));
        let sizes = &self.model.settings.network;
        let is_note = usize::from(step[FAMILY] == NOTE);
        if self.rows > sizes.steps || self.notes + is_note > sizes.window {
            self.begin_anew();
        } else {
            self.put(&step, self.code);
        }
    }

    /// Chooses a step and writes it; with a Metric step comes the code of its beat. What does not apply to a step is
    /// not asked for. Nothing is written when the family is [`END`], or none that there is: the piece ends.
    pub fn next(&mut self, choose: &mut Choose<'_>) -> (ScoreTokens, Option<u16>) {
        let model = self.model;
        let mut chain = model.composer.sub_tokens.begin(&self.state);
        let mut ask = |sub_token: SubToken, applies: bool| {
            let value = if applies {
                let logits = chain.logits();
                choose(sub_token, &logits).min(logits.len() - 1)
            } else {
                0
            };
            if sub_token != SubToken::Code {
                chain.put(value);
            }
            value
        };
        let family = ask(SubToken::Family, true) as u8;
        if family != NOTE && family != METRIC {
            return ([END, 0, 0, 0], None);
        }
        let position = ask(SubToken::Position, true) as u8;
        let pitch = ask(SubToken::Pitch, family == NOTE) as u8;
        let duration = ask(SubToken::Duration, true) as u8;
        let code = ask(SubToken::Code, family == METRIC).checked_sub(1).map(|code| code as u16);
        let step = [family, position, pitch, duration];
        self.push(step, code);
        (step, code)
    }

    /// An empty window: the beginning alone.
    fn begin(&mut self) {
        self.memories = self.model.composer.decoder.memories();
        (self.rows, self.notes) = (0, 0);
        self.put(&[BEGIN, 0, 0, 0], None);
    }

    /// A window that begins about half of this one back, at a beat if there is one since.
    fn begin_anew(&mut self) {
        self.begin();
        let sizes = &self.model.settings.network;
        // A window of nothing but notes is full after `window` of them.
        let half = sizes.window.min(sizes.steps) / 2;
        let from = self.written.len().saturating_sub(half);
        let beat = self.written[from..].iter().position(|(step, _)| is_metric(step));
        let again = self.written[from + beat.unwrap_or(0)..].to_vec();
        for (step, code) in again {
            self.put(&step, code);
        }
    }

    fn put(&mut self, step: &ScoreTokens, code: Option<u16>) {
        let composer = &self.model.composer;
        let mut row = composer.tables.of(std::slice::from_ref(step));
        if let Some(code) = code {
            composer.decoder_codes.add(usize::from(code), &mut row);
        }
        // The row after the beginning begins a beat, whatever it is.
        let begins_beat = is_metric(step) || self.rows == 1;
        let (memories, rotary) = (&mut self.memories, &self.model.rotary);
        self.state = composer.decoder.advance(row, memories, rotary, self.rows, begins_beat);
        self.rows += 1;
        self.notes += usize::from(step[FAMILY] == NOTE);
    }
}
