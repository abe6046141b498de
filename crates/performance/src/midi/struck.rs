//! Keys that go down and come up, in ticks.

use midly::MidiMessage;
use midly::num::{u4, u7};

use super::events::{Events, midi};

/// A note in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Struck {
    pub on: u64,
    pub off: u64,
    pub pitch: u8,
    pub velocity: u8,
}

/// One stroke of a key at a time: two voices that share it at one tick are one, as loud as the louder
/// of them, and a key that is still down comes up before it is struck again and then stays down until
/// the later of the two ends.
pub fn strike_once(notes: &mut Vec<Struck>) {
    notes.sort_by_key(|n| (n.pitch, n.on, n.off));
    notes.dedup_by(|later, kept| {
        let same = (later.pitch, later.on) == (kept.pitch, kept.on);
        if same {
            kept.off = kept.off.max(later.off);
            kept.velocity = kept.velocity.max(later.velocity);
        }
        same
    });
    for k in 1..notes.len() {
        let (before, note) = (notes[k - 1], &mut notes[k]);
        if before.pitch == note.pitch && before.off > note.on {
            note.off = note.off.max(before.off);
            notes[k - 1].off = notes[k].on;
        }
    }
}

/// The same for tracks of which every so many share a channel: a note stays in its track.
pub fn strike_once_each(tracks: &mut [Vec<Struck>], channels: usize) {
    let count = tracks.len();
    for first in 0..channels.min(count) {
        if count <= first + channels {
            strike_once(&mut tracks[first]);
            continue;
        }
        let mut all: Vec<(Struck, usize)> = Vec::new();
        for track in (first..count).step_by(channels) {
            all.extend(tracks[track].drain(..).map(|note| (note, track)));
        }
        // Of notes at one tick the first track keeps its own.
        all.sort_by_key(|(note, track)| (note.pitch, note.on, *track, note.off));
        let mut notes: Vec<Struck> = all.iter().map(|(note, _)| *note).collect();
        strike_once(&mut notes);
        all.dedup_by_key(|(note, _)| (note.pitch, note.on));
        for (note, (_, track)) in notes.into_iter().zip(all) {
            tracks[track].push(note);
        }
    }
}

/// Strokes of one key that can be down at once; files that never end their notes have more.
const MOST_DOWN: usize = 16;

/// Adds new notes of a channel to those that stay. A key that is still down comes up before it is
/// struck anew, and a new note ends where its key is struck again; where one that stays is struck at the
/// same tick there is no second stroke.
pub fn make_room(notes: &mut Vec<Struck>, new: &[Struck]) {
    let mut all: Vec<(Struck, bool)> = notes.iter().map(|n| (*n, false)).collect();
    all.extend(new.iter().map(|n| (*n, true)));
    all.sort_by_key(|(n, is_new)| (n.pitch, n.on, *is_new, n.off));
    // The strokes of the pitch that are still down, as indices.
    let mut down: Vec<usize> = Vec::new();
    let mut stays = vec![true; all.len()];
    for k in 0..all.len() {
        let (note, is_new) = all[k];
        down.retain(|j| all[*j].0.pitch == note.pitch && all[*j].0.off > note.on);
        if is_new && down.iter().any(|j| all[*j].0.on == note.on) {
            stays[k] = false;
            continue;
        }
        for j in &down {
            // What stays is not changed by what stays.
            if is_new || all[*j].1 {
                all[*j].0.off = note.on;
            }
        }
        if down.len() >= MOST_DOWN {
            down.remove(0);
        }
        down.push(k);
    }
    *notes = all.into_iter().zip(stays).filter(|(_, stays)| *stays).map(|((note, _), _)| note).collect();
}

/// Adds the notes of a channel.
pub fn add_notes(events: &mut Events<'_>, channel: u4, notes: &[Struck]) {
    for note in notes {
        let (key, vel) = (u7::from(note.pitch.min(127)), u7::from(note.velocity.clamp(1, 127)));
        events.push((note.on, 4, midi(channel, MidiMessage::NoteOn { key, vel })));
        events.push((note.off, 2, midi(channel, MidiMessage::NoteOff { key, vel: u7::from(64) })));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tracks_that_share_a_channel_strike_a_key_once() {
        let note = |on, off, pitch| Struck { on, off, pitch, velocity: 64 };
        let mut tracks = vec![
            vec![note(0, 40, 60), note(0, 10, 64)],
            vec![note(0, 10, 60)],
            vec![note(0, 10, 60), note(20, 30, 60)],
        ];
        strike_once_each(&mut tracks, 2);
        assert_eq!(
            tracks[0],
            [note(0, 20, 60), note(0, 10, 64)],
            "as long as the longer, up to the next stroke"
        );
        assert_eq!(tracks[1], [note(0, 10, 60)], "another channel");
        assert_eq!(tracks[2], [note(20, 40, 60)]);
    }
}
