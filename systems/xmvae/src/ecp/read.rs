//! Notes and bars from tokens alone.

use notation::Quarters;

use super::columns::{COLUMNS, DURATION, END, FAMILY, LOWEST_PITCH, METRIC, NOTE, PITCH, PLACES, POSITION};
use super::durations::duration_of;

/// What tokens say is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Written {
    /// The bars, from 0 on, one after another.
    pub bars: Vec<WrittenBar>,
    /// The notes, in the order of the steps.
    pub notes: Vec<WrittenNote>,
}

/// A bar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WrittenBar {
    /// Where it starts.
    pub start: Quarters,
    /// Where it ends.
    pub end: Quarters,
    /// The number of its first beat; a bar that starts with another than 0 is a pick-up.
    pub first: u32,
    /// Number of beats.
    pub beats: u32,
    /// Length of its longest beat.
    pub beat_length: Quarters,
}

/// A note.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WrittenNote {
    /// Where it starts: exact if it is a multiple of a 24th of its beat.
    pub onset: Quarters,
    /// How long it is written: an entry of [`super::DURATIONS`], 0 for grace notes.
    pub duration: Quarters,
    /// MIDI pitch.
    pub pitch: u8,
    /// Whether it is a grace note.
    pub is_grace: bool,
}

/// Reads notes and bars. A bar begins at each Metric step whose number is not above that of the one before; steps
/// before the first Metric step, and after the end of the piece, are passed over.
pub fn written_of(tokens: &[[u8; COLUMNS]]) -> Written {
    let mut written = Written::default();
    // Start, length and number of the beat.
    let mut beat: Option<(Quarters, Quarters, u32)> = None;
    for step in tokens.iter().take_while(|step| step[FAMILY] != END) {
        match step[FAMILY] {
            METRIC => {
                let start = beat.map_or(Quarters::ZERO, |(start, length, _)| start + length);
                let length = duration_of(step[DURATION]);
                let number = u32::from(step[POSITION].saturating_sub(1)).min(PLACES - 1);
                written.push_beat((start, length, number), beat.map(|(.., number)| number));
                beat = Some((start, length, number));
            }
            NOTE => written.notes.extend(beat.map(|(start, length, _)| note(step, start, length))),
            _ => {}
        }
    }
    written
}

fn note(step: &[u8; COLUMNS], start: Quarters, length: Quarters) -> WrittenNote {
    let place = i64::from(step[POSITION].saturating_sub(1)).min(i64::from(PLACES) - 1);
    let is_grace = step[DURATION] == 1;
    WrittenNote {
        onset: start + part(length, place),
        duration: if is_grace { Quarters::ZERO } else { duration_of(step[DURATION]) },
        pitch: step[PITCH].clamp(1, 88) + LOWEST_PITCH - 1,
        is_grace,
    }
}

/// So many 24ths of a length.
fn part(length: Quarters, places: i64) -> Quarters {
    Quarters::new(length.numerator() * places, length.denominator() * i64::from(PLACES))
}

impl Written {
    /// Adds a beat to the last bar, or to a new one.
    fn push_beat(&mut self, (start, length, number): (Quarters, Quarters, u32), before: Option<u32>) {
        // Beats from the 24th on have one number.
        let goes_on =
            before.is_some_and(|before| number > before || (number == before && number == PLACES - 1));
        match self.bars.last_mut().filter(|_| goes_on) {
            Some(bar) => {
                bar.end = start + length;
                bar.beats += 1;
                bar.beat_length = bar.beat_length.max(length);
            }
            None => self.bars.push(WrittenBar {
                start,
                end: start + length,
                first: number,
                beats: 1,
                beat_length: length,
            }),
        }
    }
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
