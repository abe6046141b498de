//! The tokens of a score.

use notation::Score;
use performance::{PlayedNote, deadpan};
use serde::{Deserialize, Serialize};

use super::timeline::ms;
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
    /// Indices into [`Score::notes`] in the order of the stream: by onset, then pitch.
    pub order: Vec<u32>,
    /// The literal performance, parallel to `order`. The first IOI is the time from the start of the
    /// score.
    pub events: Vec<Event>,
}

impl Stream {
    /// The literal performance of a score, played evenly: swing is put into what was performed, not
    /// into what the network reads.
    pub fn of_score(score: &Score, chords: Chords) -> Self {
        let literal = if score.swing.is_empty() {
            deadpan(score)
        } else {
            deadpan(&Score { swing: Vec::new(), ..score.clone() })
        };
        let mut notes: Vec<(&PlayedNote, u8)> = literal
            .notes
            .iter()
            .filter_map(|note| Some((note, score.notes.get(note.note as usize)?.pitch)))
            .collect();
        notes.sort_by_key(|(note, pitch)| {
            let pitch = i16::from(*pitch);
            (ms(note.onset_secs), if chords == Chords::LowestFirst { pitch } else { -pitch }, note.note)
        });
        let mut clock_ms = 0;
        let event = |(note, pitch): &(&PlayedNote, u8)| {
            let onset_ms = ms(note.onset_secs);
            let ioi_ms = onset_ms - std::mem::replace(&mut clock_ms, onset_ms);
            Event {
                pitch: *pitch,
                ioi_ms: ioi_ms.clamp(0, i64::from(LONGEST_IOI_MS)) as u16,
                velocity: note.velocity,
                duration_ms: duration_ms(note),
                pedal: [0; 4],
            }
        };
        let events = notes.iter().map(event).collect();
        Self { order: notes.iter().map(|(note, _)| note.note).collect(), events }
    }

    /// The tokens of the literal performance `[notes, 8]`.
    pub fn tokens(&self) -> Vec<Token> {
        self.events.iter().flat_map(Event::tokens).collect()
    }
}

/// How long a key is down, in ms that have a token.
pub(super) fn duration_ms(note: &PlayedNote) -> u16 {
    ms(note.duration_secs).clamp(1, i64::from(LONGEST_DURATION_MS)) as u16
}
