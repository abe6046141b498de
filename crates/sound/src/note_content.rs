//! Notes as content: starting anywhere in them.

use crate::chase::chase;
use crate::error::SoundError;
use crate::events::{Events, SoundEventKind};
use crate::format::{BLOCK, BLOCK_FRAMES};
use crate::instrument::{VOICES, render_block};
use crate::note_source::NoteSource;
use crate::piano::Piano;
use crate::source::{Content, Position, Source};

/// Notes that a pianist plays this much before their place in the score belong to it, so a start
/// there does not cut into them.
const EARLY_SECS: f64 = 0.030;

/// An event in the second half of a block sounds with the next one: those before this time have been
/// played when the block at `start` comes.
fn played_before_secs(start: Position) -> f64 {
    start.secs_after(-0.5 * BLOCK)
}

impl Content for Events {
    fn open(&self, piano: &Piano, start: Position) -> Result<Box<dyn Source>, SoundError> {
        let before_secs = played_before_secs(start);
        let chase = chase(self, before_secs, start.rate);
        let mut instrument = piano.open(start.sample_rate as u32, VOICES)?;
        let mut block = [0.0; 2 * BLOCK_FRAMES];
        let block_secs = BLOCK * start.rate / start.sample_rate;
        let blocks = ((start.secs() - chase.from_secs) / block_secs).ceil().max(0.0);
        let mut done = 0;
        for k in 0..blocks as u64 {
            let at = start.plus(-(blocks - k as f64) * BLOCK);
            let due = chase.events.due(done, at.secs_after(0.5 * BLOCK));
            render_block(&mut *instrument, due.iter().map(|event| event.kind), &mut block)
                .map_err(|reason| piano.unplayable(start.secs(), reason))?;
            done += due.len();
        }
        Ok(Box::new(NoteSource::new(instrument, self.clone(), self.index_at(before_secs))))
    }

    fn end_secs(&self) -> Option<f64> {
        self.end_secs()
    }

    fn attack_secs(&self, place_secs: f64) -> f64 {
        let early = self.as_slice()[self.index_at(place_secs - EARLY_SECS)..]
            .iter()
            .take_while(|event| event.time_secs < place_secs)
            .find(|event| matches!(event.kind, SoundEventKind::NoteOn { .. }));
        early.map_or(place_secs, |event| event.time_secs)
    }

    fn is_sounding(&self, at_secs: f64, rate: f64) -> bool {
        chase(self, at_secs, rate).is_sounding
    }

    fn events(&self) -> Option<&Events> {
        Some(self)
    }
}
