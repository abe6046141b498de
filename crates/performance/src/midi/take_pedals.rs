//! Pedal movements of a take's file, with those of new bars in the place of the old ones.

use notation::smf::file::{Control, DRUM_CHANNEL, MidiFile, Track};

use crate::{Pedal, PedalEvent};

/// What is different about the pedals.
pub(super) struct PedalChange<'a> {
    /// Movements that are new.
    pub new: &'a [PedalEvent],
    /// Those of the file from the first to the last of these times, in seconds, are replaced.
    from_secs: f64,
    to_secs: f64,
    /// Whether the file has pedals at all.
    has_pedals: bool,
}

impl<'a> PedalChange<'a> {
    /// What changed from one list of movements to another: all between what both begin with and what
    /// both end with.
    pub fn of(file: &MidiFile, before: &[PedalEvent], after: &'a [PedalEvent]) -> Self {
        let head = before.iter().zip(after).take_while(|(a, b)| a == b).count();
        let rest = before[head..].iter().rev().zip(after[head..].iter().rev());
        let tail = rest.take_while(|(a, b)| a == b).count();
        let (old, new) = (&before[head..before.len() - tail], &after[head..after.len() - tail]);
        let times = || old.iter().chain(new).map(|p| p.time_secs);
        let from_secs = times().fold(f64::INFINITY, f64::min);
        let to_secs = times().fold(f64::NEG_INFINITY, f64::max);
        let has_pedals = file.tracks.iter().flat_map(|t| &t.controls).any(is_pedal);
        Self { new, from_secs, to_secs, has_pedals }
    }

    /// Whether a movement of the file stays; `secs` is its time.
    pub fn keeps(&self, control: &Control, secs: f64) -> bool {
        !is_pedal(control) || secs < self.from_secs || secs > self.to_secs
    }

    /// Whether new movements are heard on a channel of a track: where the file has some, else, if it
    /// has none anywhere, where notes are.
    pub fn is_heard(&self, track: &Track, channel: u8) -> bool {
        if self.has_pedals {
            return track.controls.iter().any(|c| is_pedal(c) && c.channel == channel);
        }
        channel != DRUM_CHANNEL && track.notes.iter().any(|n| n.channel == channel)
    }
}

fn is_pedal(control: &Control) -> bool {
    control.channel != DRUM_CHANNEL && Pedal::from_controller(control.controller).is_some()
}
