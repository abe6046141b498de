//! When notes are due at a fixed tempo: as written, at the base tempo, swung if that is asked for.

use std::borrow::Cow;
use std::ops::Range;

use analysis::rules::timing::swing_ratio;
use analysis::tempo_marks::sections;
use notation::{Quarters, Score};
use performance::deadpan::deadpan;
use performance::{BeatCurve, codec};
use performers::{Controls, Region, Request, base_tempo};

/// How far a note may go towards the onset before or after it, as a share of the time between.
const MOST_OF_GAP: f64 = 0.45;

/// Where the notes of a score are due.
pub struct Times {
    /// When each note begins and ends, in seconds.
    pub due_secs: Vec<(f64, f64)>,
    /// How long a quarter lasts at each note, in seconds.
    pub period_secs: Vec<f64>,
    /// How far each note may be from where it is due, early and late, in seconds.
    pub room_secs: Vec<(f64, f64)>,
    /// Onsets that stay where they are, as a mean of their notes: where the tempo of the piece, and of each
    /// section that a mark governs, is measured. Indices of their first notes and of those after their last.
    pub fixed: Vec<Range<usize>>,
}

impl Times {
    /// At the base tempo of the controls; the second of two eighths is later by the share `swing` of what jazz
    /// drummers play at that tempo.
    pub fn of(score: &Score, controls: &Controls, swing: f64) -> Self {
        let even = evenly(score);
        let mut literal = deadpan(&even);
        let request = Request { score: &even, region: &Region::All, context: None, controls };
        base_tempo::settle(&request, &mut literal);
        let curve = codec::encode(&even, &literal).curve();
        let secs_at = |at: Quarters| curve.secs_at(swung(score, at, swing, &curve));
        let due = |(note, literal): (&notation::Note, &performance::PlayedNote)| {
            // A grace note is as long before its beat as when it is played literally.
            let early = literal.onset_secs - curve.secs_at(note.onset.to_f64());
            let begins = secs_at(note.onset) + early;
            let ends =
                if note.grace.is_some() { begins + literal.duration_secs } else { secs_at(note.offset()) };
            (begins, ends)
        };
        let period = |note: &notation::Note| curve.period_secs_at(note.onset.to_f64());
        Self {
            due_secs: score.notes.iter().zip(&literal.notes).map(due).collect(),
            period_secs: score.notes.iter().map(period).collect(),
            room_secs: room(score, &secs_at),
            fixed: fixed(score),
        }
    }
}

/// The score without the swing that it prescribes: takes are swung by it afterwards.
fn evenly(score: &Score) -> Cow<'_, Score> {
    match score.swing.iter().all(|(_, swing)| swing.is_even()) {
        true => Cow::Borrowed(score),
        false => Cow::Owned(Score { swing: Vec::new(), ..score.clone() }),
    }
}

/// Where a place of a score is played when eighths are swung, in quarters: halves of a quarter are long and short
/// by a share of the ratio at the tempo (Friberg and Sundström, *Music Perception* 19, 2002), where the beat is a
/// quarter and the score does not prescribe another swing. Triplets stay.
fn swung(score: &Score, at: Quarters, share: f64, curve: &BeatCurve) -> f64 {
    let plain = at.to_f64();
    let next = score.measures.partition_point(|measure| measure.start <= at);
    let Some((k, measure)) = next.checked_sub(1).and_then(|k| Some((k, score.measures.get(k)?))) else {
        return plain;
    };
    let is_swung = share > 0.0
        && at < measure.end
        && measure.time.beat_length() == Quarters::whole(1)
        && score.swing_at(at).is_even();
    let position = at - if score.is_upbeat(k) { measure.end } else { measure.start };
    let part = position - Quarters::whole(position.numerator().div_euclid(position.denominator()));
    let is_binary = u64::try_from(part.denominator()).is_ok_and(u64::is_power_of_two);
    if !is_swung || !is_binary {
        return plain;
    }
    let ratio = swing_ratio(60.0 / curve.period_secs_at(plain));
    let first = 0.5 * (1.0 + share * (2.0 * ratio / (1.0 + ratio) - 1.0));
    let part = part.to_f64();
    let played = if part < 0.5 { 2.0 * part * first } else { first + (2.0 * part - 1.0) * (1.0 - first) };
    plain + played - part
}

/// How far each note may be from where it is due.
fn room(score: &Score, secs_at: &dyn Fn(Quarters) -> f64) -> Vec<(f64, f64)> {
    let groups = score.onset_groups();
    let secs: Vec<f64> = groups.iter().map(|group| secs_at(score.notes[group.start].onset)).collect();
    let gap =
        |k: usize| secs.get(k + 1).map_or(f64::INFINITY, |next| MOST_OF_GAP * (next - secs[k]).max(0.0));
    let of_group = |(k, group): (usize, &Range<usize>)| {
        // What is due before the first bar line cannot be earlier than the take.
        let before = k.checked_sub(1).map_or(secs[k].max(0.0), gap);
        std::iter::repeat_n((before, gap(k)), group.len())
    };
    groups.iter().enumerate().flat_map(of_group).collect()
}

/// The first and the last onset, and those where sections begin.
fn fixed(score: &Score) -> Vec<Range<usize>> {
    let has_beat = |group: &Range<usize>| score.notes[group.clone()].iter().any(|n| n.grace.is_none());
    let groups: Vec<_> = score.onset_groups().into_iter().filter(has_beat).collect();
    let at = |group: &Range<usize>| score.notes[group.start].onset.to_f64();
    let ends = sections(score).into_iter().flat_map(|section| section.at);
    let begun = ends.map(|end| groups.partition_point(|group| at(group) < end));
    let mut indices: Vec<usize> = begun.chain([0, groups.len().saturating_sub(1)]).collect();
    indices.sort_unstable();
    indices.dedup();
    indices.into_iter().filter_map(|k| groups.get(k).cloned()).collect()
}

#[cfg(test)]
#[path = "times_tests.rs"]
mod tests;
