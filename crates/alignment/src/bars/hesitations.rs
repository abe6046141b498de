//! Waits that are longer than the beat around them explains.

use std::collections::BTreeSet;

use notation::{DirectionKind, Marks, Quarters, Score};

use super::figures::Hesitation;
use super::moments::Moment;

/// So many steps before and after a wait tell the beat around it; with fewer than so many in all
/// nothing is known.
const AROUND: usize = 8;
const LEAST_AROUND: usize = 4;
/// The excess of a hesitation: at least so many seconds, and so many beats.
const LEAST_SECS: f64 = 0.35;
const LEAST_BEATS: f64 = 0.5;
/// The step before or after a wait tells of slowing down up to so many times the period around.
const MOST_SLOWER: f64 = 2.0;
/// So long after a word that asks to slow down a wait is asked for if the word has no end, in measures.
const SLOWING_MEASURES: i64 = 1;

/// Where a wait is written.
pub struct Written<'a> {
    score: &'a Score,
    /// Onsets and ends of what is held or breathed after.
    held: BTreeSet<Quarters>,
    /// Where a section begins.
    sections: BTreeSet<Quarters>,
    /// Where it is asked to slow down.
    slowing: Vec<(Quarters, Quarters)>,
}

impl<'a> Written<'a> {
    pub fn of(score: &'a Score) -> Self {
        let holds = |marks: Marks| marks.intersects(Marks::FERMATA | Marks::BREATH);
        let held = score.notes.iter().filter(|note| holds(note.marks)).map(|note| note.offset());
        let on = score.notes.iter().filter(|note| holds(note.marks)).map(|note| note.onset);
        // Fermatas on rests and bar lines.
        let rests = score.directions.iter().filter(|d| d.kind == DirectionKind::Fermata);
        let rests = rests.flat_map(|d| [d.onset, d.end.unwrap_or(d.onset)]);
        let goes_elsewhere = score.measures.windows(2).filter(|pair| {
            let next = pair[0].written + 1;
            pair[1].written != next && pair[1].written != pair[0].written
        });
        let metres = score.time_signatures.iter().map(|(at, _)| *at);
        let keys = score.key_signatures.iter().map(|(at, _)| *at);
        let is_tempo =
            |kind: DirectionKind| matches!(kind, DirectionKind::Tempo(_) | DirectionKind::Metronome(_));
        let tempi = score.directions.iter().filter(|d| is_tempo(d.kind)).map(|d| d.onset);
        let sections = goes_elsewhere.map(|pair| pair[1].start).chain(metres).chain(keys).chain(tempi);
        Self {
            score,
            held: held.chain(on).chain(rests).collect(),
            sections: sections.collect(),
            slowing: slowing(score),
        }
    }

    /// Whether a wait between two onsets is written: after the first and up to the second.
    fn asks_to_wait(&self, after: Quarters, before: Quarters) -> bool {
        let begins = self.sections.range(after..=before).any(|at| *at > after);
        let slows = self.slowing.iter().any(|(from, to)| *from <= before && after < *to);
        self.held.range(after..=before).next().is_some() || begins || slows
    }

    /// The beat of the metre at a place, in quarters.
    fn beat(&self, at: Quarters) -> f64 {
        self.score.time_signature_at(at).beat_length().to_f64()
    }
}

/// From where to where it is asked to slow down.
fn slowing(score: &Score) -> Vec<(Quarters, Quarters)> {
    let asks = score.directions.iter().filter(|d| d.kind == DirectionKind::Ritardando);
    let usual = |at: Quarters| at + score.time_signature_at(at).measure_length() * SLOWING_MEASURES;
    asks.map(|d| (d.onset, d.end.unwrap_or_else(|| usual(d.onset)).max(usual(d.onset)))).collect()
}

/// The hesitations of a stretch whose chords are given.
pub fn find(written: &Written<'_>, stretch: u32, struck: &[Moment]) -> Vec<Hesitation> {
    let steps: Vec<Option<f64>> = struck.windows(2).map(|pair| period(&pair[0], &pair[1])).collect();
    (0..steps.len()).filter_map(|k| hesitation(written, stretch, &struck[k..k + 2], &steps, k)).collect()
}

/// Seconds a quarter from one chord to the next; none if they were struck in another order.
fn period(a: &Moment, b: &Moment) -> Option<f64> {
    let quarters = (b.onset - a.onset).to_f64();
    (b.secs > a.secs && quarters > 0.0).then(|| (b.secs - a.secs) / quarters)
}

fn hesitation(
    written: &Written<'_>,
    stretch: u32,
    pair: &[Moment],
    steps: &[Option<f64>],
    k: usize,
) -> Option<Hesitation> {
    let [from, to] = pair else { return None };
    let wait = to.secs - from.secs;
    if wait <= LEAST_SECS || written.asks_to_wait(from.onset, to.onset) {
        return None;
    }
    let period = period_around(steps, k)?;
    let excess_secs = wait - period * (to.onset - from.onset).to_f64();
    let least = LEAST_SECS.max(LEAST_BEATS * period * written.beat(from.onset));
    (excess_secs > least).then_some(Hesitation {
        stretch,
        measure: to.measure,
        after: from.onset,
        before: to.onset,
        from_secs: from.secs,
        to_secs: to.secs,
        excess_secs,
    })
}

/// Seconds a quarter around a step.
fn period_around(steps: &[Option<f64>], k: usize) -> Option<f64> {
    let (from, to) = (k.saturating_sub(AROUND), (k + 1 + AROUND).min(steps.len()));
    let mut around: Vec<f64> = (from..to).filter(|j| *j != k).filter_map(|j| steps[j]).collect();
    if around.len() < LEAST_AROUND {
        return None;
    }
    around.sort_by(f64::total_cmp);
    let middle = around[around.len() / 2];
    let beside = [k.checked_sub(1), Some(k + 1)].into_iter().flatten();
    let beside = beside.filter_map(|j| *steps.get(j)?).fold(0.0, f64::max);
    Some(beside.clamp(middle, MOST_SLOWER * middle))
}
