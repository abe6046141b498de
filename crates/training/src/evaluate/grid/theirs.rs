//! The tempo map that the authors of the Pianist Transformer describe (arXiv 2512.02652, "Expressive Tempo
//! Mapping"), written from the description.
//!
//! A score onset more than 20 ticks after the last anchor is an anchor (500 ticks a quarter); it is at the
//! time of its first note. From anchor to anchor the tempo is the number of beats a minute that fits,
//! rounded to a whole one and kept within 10 and 300. A note goes to the tick that its time has in
//! proportion between the anchors around it.

use notation::Quarters;

use super::exactness::Exactness;

/// Ticks in a quarter.
const TICKS_PER_QUARTER: f64 = 500.0;

/// An anchor is farther from the one before, in ticks.
const APART_TICKS: f64 = 20.0;

/// Beats a minute.
const TEMPI: std::ops::RangeInclusive<f64> = 10.0..=300.0;

/// Where the tempo changes.
#[derive(Clone, Copy)]
struct Anchor {
    tick: f64,
    /// When it was played.
    played_secs: f64,
    /// When it comes under the map.
    map_secs: f64,
    /// Beats a minute from here on.
    tempo: f64,
}

impl Anchor {
    fn tick_secs(&self) -> f64 {
        60.0 / self.tempo / TICKS_PER_QUARTER
    }
}

/// How far notes (place and time, in the order of the score) are from when they were played, counted from the
/// first anchor.
pub fn exactness(notes: &[(Quarters, f64)]) -> Exactness {
    let mut found = Exactness::default();
    let anchors = anchors(notes, &mut found);
    let (Some(first), [_, _, ..]) = (anchors.first(), anchors.as_slice()) else { return found };
    found.tempo_events = anchors.len() - 1;
    let mut sum_secs = 0.0;
    for (_, secs) in notes {
        let next = anchors.partition_point(|a| a.played_secs <= *secs);
        let k = next.saturating_sub(1).min(anchors.len() - 2);
        let (from, to) = (anchors[k], anchors[k + 1]);
        let share = (secs - from.played_secs) / (to.played_secs - from.played_secs);
        let tick = (from.tick + share * (to.tick - from.tick)).round().max(0.0);
        // The tempo that holds at the tick, which may lie before the first or after the last anchor.
        let at = anchors[anchors.partition_point(|a| a.tick <= tick).saturating_sub(1)];
        let map_secs = at.map_secs + (tick - at.tick) * at.tick_secs();
        let off_secs = ((map_secs - first.map_secs) - (secs - first.played_secs)).abs();
        sum_secs += off_secs;
        found.worst_secs = found.worst_secs.max(off_secs);
        found.worst_ticks = found.worst_ticks.max(off_secs / at.tick_secs());
    }
    found.mean_secs = sum_secs / notes.len().max(1) as f64;
    found
}

/// The anchors. One that is not played after the last is left out, since no tempo would fit.
fn anchors(notes: &[(Quarters, f64)], found: &mut Exactness) -> Vec<Anchor> {
    let mut anchors: Vec<Anchor> = Vec::new();
    for (at, played_secs) in notes {
        let (tick, played_secs) = ((at.to_f64() * TICKS_PER_QUARTER).round(), *played_secs);
        let Some(last) = anchors.last_mut() else {
            anchors.push(Anchor { tick, played_secs, map_secs: 0.0, tempo: 120.0 });
            continue;
        };
        if tick - last.tick <= APART_TICKS || played_secs <= last.played_secs {
            continue;
        }
        let fits = 120.0 * (tick - last.tick) / (1e3 * (played_secs - last.played_secs));
        last.tempo = fits.round().clamp(*TEMPI.start(), *TEMPI.end());
        found.clamped += usize::from(last.tempo != fits.round());
        let (tempo, map_secs) = (last.tempo, last.map_secs + (tick - last.tick) * last.tick_secs());
        anchors.push(Anchor { tick, played_secs, map_secs, tempo });
    }
    anchors
}

#[cfg(test)]
mod tests {
    use super::*;

    fn played(beat_secs: f64) -> Vec<(Quarters, f64)> {
        (0..101).map(|k| (Quarters::whole(k), 2.0 + k as f64 * beat_secs)).collect()
    }

    #[test]
    fn whole_beats_a_minute_are_exact_and_others_drift() {
        let exact = exactness(&played(0.5));
        assert!(exact.worst_secs < 1e-9 && exact.tempo_events == 100 && exact.clamped == 0, "{exact:?}");
        // 60.4 beats a minute are written as 60: two thirds of a second in a hundred beats.
        let drift = exactness(&played(60.0 / 60.4));
        assert!((0.5..1.5).contains(&drift.worst_secs), "{drift:?}");
    }

    #[test]
    fn what_is_faster_than_its_bounds_is_slowed_down() {
        let fast = exactness(&played(0.1));
        assert_eq!(fast.clamped, 100);
        assert!((fast.worst_secs - 10.0).abs() < 1e-6, "{fast:?}");
        assert_eq!(exactness(&[]), Exactness::default());
    }
}
