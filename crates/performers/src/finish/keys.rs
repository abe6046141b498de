//! A key comes up before it goes down again.

use performance::Performance;

use super::scene::Scene;
use super::unisons;
use crate::request::Request;

/// Time between the end of a note and the next stroke of its key, where there is room.
const GAP_SECS: f64 = 0.025;

/// At most this share of the time between two strokes is that gap.
const GAP_SHARE: f64 = 0.4;

/// No note becomes shorter than this, in seconds.
const SHORTEST_REPEATED_SECS: f64 = 0.01;

/// Two strokes nearer than this are one: a key that both hands have.
const UNISON_SECS: f64 = 0.012;

/// Makes one stroke of a key that two voices share, and ends each note of the region in time for the
/// next stroke of its key, in the region or around it. Pinned lengths stay.
pub fn keys(request: &Request<'_>, played: &mut Performance) {
    unisons::apply(request, played);
    let scene = Scene::of(request);
    let region = played.notes.iter().enumerate().map(|(k, n)| (n, Some(k)));
    let outside = request.context.into_iter().flat_map(|context| &context.notes);
    let outside = outside.filter(|n| played.get(n.note).is_none()).map(|n| (n, None));
    let pitch = |note: u32| scene.score.notes.get(note as usize).map_or(0, |n| n.pitch);
    let mut strokes: Vec<(u8, f64, Option<usize>)> =
        region.chain(outside).map(|(n, k)| (pitch(n.note), n.onset_secs, k)).collect();
    strokes.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut later = 0;
    for (i, (key, onset, index)) in strokes.iter().enumerate() {
        // The next stroke of the key that is no unison with this one: it never comes before that of
        // the stroke before.
        later = later.max(i + 1);
        while strokes.get(later).is_some_and(|s| s.0 == *key && s.1 - onset <= UNISON_SECS) {
            later += 1;
        }
        let Some(next) = strokes.get(later).filter(|s| s.0 == *key) else { continue };
        let Some(note) = index.map(|k| &mut played.notes[k]).filter(|n| scene.may_end(n.note)) else {
            continue;
        };
        let room = next.1 - onset;
        let longest = (room - GAP_SECS.min(GAP_SHARE * room)).max(SHORTEST_REPEATED_SECS);
        if note.duration_secs > longest {
            note.duration_secs = longest;
        }
    }
}
