//! Whether a MIDI file is somebody's playing or a written score.

use std::collections::BTreeSet;

use notation::smf::file::{DRUM_CHANNEL, Division, MidiFile};
use notation::smf::{self, Looks};

use super::error::ReferenceError;

/// Programs that write scores as MIDI make so many velocities of the dynamics at most. A person who strikes
/// thirty keys has more.
const MOST_WRITTEN_VELOCITIES: usize = 8;

/// A file with fewer tempi has nobody's tempo in it; the limit of [`smf::looks`].
const LEAST_TEMPOS: usize = 13;

/// What to tell if it has no timing or no loudness of its own. Files of few notes are not for this.
///
/// # Errors
/// If it has neither.
pub(super) fn check(bytes: &[u8], file: &MidiFile) -> Result<Option<String>, ReferenceError> {
    let has_beats = matches!(file.division, Division::PerQuarter(_));
    let is_on_grid = match smf::looks(bytes)? {
        Looks::Written => has_beats,
        // Marked as performed, as a deadpan is, too.
        Looks::PlayedOnGrid => file.tempos.len() < LEAST_TEMPOS,
        Looks::Played => false,
    };
    let notes = file.tracks.iter().flat_map(|track| &track.notes);
    let played = notes.filter(|note| note.channel != DRUM_CHANNEL);
    let velocities = played.map(|note| note.velocity).collect::<BTreeSet<u8>>().len();
    match (is_on_grid, velocities) {
        (true, ..=MOST_WRITTEN_VELOCITIES) => Err(ReferenceError::Written { velocities }),
        (true, _) => Ok(Some("its notes lie exactly on the beats, so it shows no timing".to_owned())),
        (false, 1) => Ok(Some("all of its notes are equally loud, so it shows no dynamics".to_owned())),
        (false, _) => Ok(None),
    }
}
