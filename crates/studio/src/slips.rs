//! What a recording does otherwise than it is written, for people to see: wrong, missed and extra notes, and
//! hesitations.
//!
//! | module | what it is |
//! | --- | --- |
//! | `found` | what of an aligned recording is kept with its version |
//! | `guessed` | the same of recordings of projects that keep nothing of it |
//! | `words` | what is said of each |

mod found;
mod guessed;
#[cfg(test)]
mod tests;
mod words;

use std::borrow::Cow;
use std::collections::HashMap;

use notation::{NoteId, Quarters, Score};
use performance::{BeatCurve, Performance};
use protocol::{SlipKind, SlipView, VersionId};

use crate::document::{ExtraNote, Hesitation, Origin, Slips, Take, WrongKey};
use crate::views::Clocked;

pub use found::found;

/// Of a hesitation at least so large a share has to be left after a change of the tempo by hand.
const LEAST_LEFT: f64 = 0.5;

/// Places in a quarter that are told apart where the key of the piece is looked up.
const PLACES: i64 = 96;

/// The slips of a take or a recording, ordered by place.
pub fn views(score: &Score, take: &Take) -> Vec<SlipView> {
    let is_recording = matches!(take.id, VersionId::Recording(_));
    if take.origin.slips.is_none() && take.origin.extra.is_empty() && !is_recording {
        return Vec::new();
    }
    let shown = Shown::new(score, &take.performance);
    let (slips, extra) = match &take.origin.slips {
        Some(slips) => (Cow::Borrowed(slips), Cow::Borrowed(&take.origin.extra)),
        None => {
            let (slips, extra) = guessed::guessed(score, &take.performance, &shown.clock, &take.origin.extra);
            (Cow::Owned(slips), Cow::Owned(extra))
        }
    };
    let wrong = slips.wrong.iter().filter_map(|key| shown.wrong(key));
    let missed = slips.missed.iter().filter_map(|note| shown.missed(*note));
    let hesitations = slips.hesitations.iter().filter_map(|wait| shown.hesitation(wait));
    let mut views: Vec<SlipView> = wrong
        .chain(missed)
        .chain(extra.iter().filter_map(|note| shown.extra(*note)))
        .chain(hesitations)
        .collect();
    views.sort_by(|a, b| a.heard_quarters.total_cmp(&b.heard_quarters).then(a.kind.cmp(&b.kind)));
    views
}

/// What of the slips of a version is still there when some of its bars are performed anew: that of the other bars.
pub fn outside(score: &Score, origin: &Origin, bars: &protocol::Bars) -> (Option<Slips>, Vec<ExtraNote>) {
    let Some(span) = crate::places::span(score, bars) else { return (None, Vec::new()) };
    let is_outside = |quarters: f64| !span.contains(&quarters);
    let places: HashMap<NoteId, f64> =
        score.notes.iter().map(|note| (note.id, note.onset.to_f64())).collect();
    let note_is_outside = |note: &NoteId| places.get(note).is_some_and(|quarters| is_outside(*quarters));
    let slips = origin.slips.as_ref().map(|slips| Slips {
        wrong: slips.wrong.iter().filter(|key| note_is_outside(&key.note)).copied().collect(),
        missed: slips.missed.iter().filter(|note| note_is_outside(note)).copied().collect(),
        hesitations: slips
            .hesitations
            .iter()
            .filter(|wait| is_outside(wait.before_quarters))
            .copied()
            .collect(),
    });
    // What older projects keep is not told apart without all that was played.
    let extra = origin.extra.iter().filter(|note| slips.is_some() && is_outside(note.quarters)).copied();
    let extra = extra.collect();
    (slips, extra)
}

/// A version whose slips are shown.
struct Shown<'a> {
    score: &'a Score,
    clock: BeatCurve,
    places: HashMap<NoteId, u32>,
}

impl<'a> Shown<'a> {
    fn new(score: &'a Score, played: &Performance) -> Self {
        let places = (0..).zip(&score.notes).map(|(place, note)| (note.id, place)).collect();
        Self { score, clock: Clocked::of(score, played).curve, places }
    }

    fn note(&self, id: NoteId) -> Option<(u32, &notation::Note)> {
        let place = *self.places.get(&id)?;
        Some((place, self.score.notes.get(place as usize)?))
    }

    fn wrong(&self, key: &WrongKey) -> Option<SlipView> {
        let (note, meant) = self.note(key.note)?;
        key.quarters.is_finite().then(|| SlipView {
            kind: SlipKind::Wrong,
            from_quarters: meant.onset.to_f64(),
            to_quarters: meant.offset().to_f64(),
            heard_quarters: key.quarters,
            note: Some(note),
            pitch: Some(key.pitch),
            excess_secs: None,
            words: words::wrong(key.pitch, meant.pitch, self.score.key_signature_at(meant.onset)),
        })
    }

    fn missed(&self, note: NoteId) -> Option<SlipView> {
        let (note, written) = self.note(note)?;
        Some(SlipView {
            kind: SlipKind::Missed,
            from_quarters: written.onset.to_f64(),
            to_quarters: written.offset().to_f64(),
            heard_quarters: written.onset.to_f64(),
            note: Some(note),
            pitch: Some(written.pitch),
            excess_secs: None,
            words: words::missed(written.pitch, self.score.key_signature_at(written.onset)),
        })
    }

    fn extra(&self, note: ExtraNote) -> Option<SlipView> {
        let at = Quarters::nearest(note.quarters, PLACES);
        note.quarters.is_finite().then(|| SlipView {
            kind: SlipKind::Extra,
            from_quarters: note.quarters,
            to_quarters: note.quarters,
            heard_quarters: note.quarters,
            note: None,
            pitch: Some(note.pitch),
            excess_secs: None,
            words: words::extra(note.pitch, self.score.key_signature_at(at)),
        })
    }

    /// A hesitation as long as it is now; none if most of it was taken out by hand.
    fn hesitation(&self, wait: &Hesitation) -> Option<SlipView> {
        let (after, before) = (wait.after_quarters, wait.before_quarters);
        let gap_secs = self.clock.secs_at(before) - self.clock.secs_at(after);
        let excess_secs = wait.excess_secs + gap_secs - wait.gap_secs;
        let is_there =
            excess_secs >= LEAST_LEFT * wait.excess_secs && after.is_finite() && before.is_finite();
        is_there.then(|| SlipView {
            kind: SlipKind::Hesitation,
            from_quarters: after,
            to_quarters: before,
            heard_quarters: before,
            note: None,
            pitch: None,
            excess_secs: Some(excess_secs),
            words: words::hesitation(excess_secs),
        })
    }
}
