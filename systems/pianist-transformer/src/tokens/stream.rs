//! The tokens of a score and of performances of it, note by note.

use notation::Score;
use performance::{Performance, deadpan};
use serde::{Deserialize, Serialize};

use super::timeline::{ms, pedal_within, sustain};
use super::{Event, LONGEST_DURATION_MS, LONGEST_IOI_MS, Token};

/// In which order the notes of a chord stand. Times since the onset before are never negative, so what
/// is played before what stands earlier is told as simultaneous.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Chords {
    /// As published: the lowest first.
    #[default]
    LowestFirst,
    /// The highest first: a melody that leads its chord can be told.
    HighestFirst,
}

/// A score as events, one for each of its notes and no others.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// Indices into [`Score::notes`] in the order of the stream.
    pub order: Vec<u32>,
    /// The literal performance.
    pub events: Vec<Event>,
}

impl Stream {
    /// The literal performance of a score.
    pub fn of_score(score: &Score, chords: Chords) -> Self {
        let literal = deadpan(score);
        let mut order: Vec<u32> = (0..score.notes.len() as u32).collect();
        order.sort_by_key(|n| {
            let onset_ms = literal.get(*n).map_or(0, |note| ms(note.onset_secs));
            let pitch = i16::from(score.notes[*n as usize].pitch);
            (onset_ms, if chords == Chords::LowestFirst { pitch } else { -pitch }, *n)
        });
        let events = events_in_order(score, &literal, &order);
        Self { order, events }
    }

    /// A performance of the score in the order of the stream, its pedal either down (127) or up (0).
    /// Notes that were not played have no event.
    pub fn events_of(&self, score: &Score, played: &Performance) -> Vec<Option<Event>> {
        let order: Vec<u32> = self.order.iter().copied().filter(|n| played.get(*n).is_some()).collect();
        let mut events = events_in_order(score, played, &order).into_iter().map(|mut event| {
            event.pedal = event.pedal.map(|value| if value >= 64 { 127 } else { 0 });
            event
        });
        self.order.iter().map(|n| played.get(*n).and_then(|_| events.next())).collect()
    }

    /// The tokens of the literal performance.
    pub fn tokens(&self) -> Vec<Token> {
        self.events.iter().flat_map(Event::tokens).collect()
    }
}

/// Events of notes in this order. The clock never goes back: what is played before what stands earlier
/// is simultaneous with it.
fn events_in_order(score: &Score, played: &Performance, order: &[u32]) -> Vec<Event> {
    let sustain = sustain(&played.pedals);
    let notes: Vec<_> = order.iter().filter_map(|n| played.get(*n)).collect();
    let mut clock_ms = 0;
    let clocks: Vec<i64> = notes
        .iter()
        .map(|note| {
            clock_ms = clock_ms.max(ms(note.onset_secs));
            clock_ms
        })
        .collect();
    let event = |(k, note): (usize, &&performance::PlayedNote)| {
        let before_ms = k.checked_sub(1).map_or(0, |before| clocks[before]);
        let gap_ms = clocks.get(k + 1).map_or(i64::from(LONGEST_IOI_MS), |next| next - clocks[k]);
        Event {
            pitch: score.notes[note.note as usize].pitch,
            ioi_ms: (clocks[k] - before_ms).clamp(0, i64::from(LONGEST_IOI_MS)) as u16,
            velocity: note.velocity,
            duration_ms: ms(note.duration_secs).clamp(1, i64::from(LONGEST_DURATION_MS)) as u16,
            pedal: pedal_within(&sustain, clocks[k], gap_ms),
        }
    };
    notes.iter().enumerate().map(event).collect()
}
