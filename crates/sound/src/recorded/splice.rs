//! Where a recording goes on at another tempo, so that its pitch stays.
//!
//! It is read at its own speed and so comes away from where it should be. Now and then it goes on elsewhere, at the
//! place around the one that it should have that is most like what would have come. A place that is passed twice
//! or left out must have no beginning of a note in it: a key that is struck once would be heard twice, or not at
//! all. What is heard stays within some hundredths of a second of its place in the score.

use super::samples::Samples;

/// So far from its place a recording may come before it goes on elsewhere, on the other side of its place.
const DRIFT_SECS: f64 = 0.018;

/// Shortly before a note begins, less is enough, so that it is struck in time.
const SLIGHT_DRIFT_SECS: f64 = 0.005;

/// From here on it goes on elsewhere whatever note begins there.
const MOST_DRIFT_SECS: f64 = 0.09;

/// Places so far around the one that is aimed at are looked at.
const REACH_SECS: f64 = 0.008;

/// So far after its beginning a note is no more struck twice.
const STRUCK_SECS: f64 = 0.016;

/// A note may begin so much before its moment.
const BEFORE_SECS: f64 = 0.003;

/// How soon a note begins that is to be struck in time: after the crossfade by so much, where it becomes slower, and
/// at all, where it becomes faster.
const SOON_SLOWER_SECS: f64 = 0.008;
const SOON_FASTER_SECS: f64 = 0.030;

/// It goes back, or forth, by so much at least: less would sound like a tone of its own.
const LEAST_BACK_SECS: f64 = 0.012;
const LEAST_FORTH_SECS: f64 = 0.006;

/// Where a recording is and should be. Places are frames of the samples.
pub(super) struct Moment<'a> {
    pub(super) samples: &'a Samples,
    /// Where notes begin, in order.
    pub(super) attacks: &'a [f64],
    /// What would be heard next.
    pub(super) here: f64,
    /// What should be.
    pub(super) due: f64,
    /// Tempo as a factor.
    pub(super) rate: f64,
}

/// The places from the first to the last at which a recording may go on.
type Window = (f64, f64);

impl Moment<'_> {
    fn frames(&self, secs: f64) -> f64 {
        secs * self.samples.rate_hz()
    }

    /// The last note that has begun, and the next one.
    fn notes_around(&self) -> (Option<f64>, Option<f64>) {
        let next = self.attacks.partition_point(|attack| *attack <= self.here);
        let last = next.checked_sub(1).and_then(|last| self.attacks.get(last));
        (last.copied(), self.attacks.get(next).copied())
    }

    /// From where on it comes to the beginning of a note at the time when that is due.
    fn in_time(&self, attack: f64) -> f64 {
        attack - (attack - self.due) / self.rate
    }

    /// Where it may go on now, if it is to; the crossfade is `fade` frames long.
    fn window(&self, fade: f64) -> Option<Window> {
        if self.rate < 1.0 { self.back(fade) } else { self.forth() }
    }

    /// Slower: it is ahead of its place and goes back.
    fn back(&self, fade: f64) -> Option<Window> {
        let drift = self.here - self.due;
        let (last, next) = self.notes_around();
        let until_next = next.map_or(f64::INFINITY, |next| next - self.here);
        let is_soon = until_next < fade + self.frames(SOON_SLOWER_SECS);
        let is_due = drift >= self.frames(DRIFT_SECS) || (is_soon && drift >= self.frames(SLIGHT_DRIFT_SECS));
        if !is_due {
            return None;
        }
        let farthest = self.due - self.frames(DRIFT_SECS);
        let aim = next.filter(|_| is_soon).map_or(farthest, |next| self.in_time(next).max(farthest));
        let reach = self.frames(REACH_SECS);
        let (mut low, high) = (aim - reach, aim + reach);
        if drift <= self.frames(MOST_DRIFT_SECS) {
            if until_next < fade {
                return None;
            }
            low = last.map_or(low, |last| low.max(last + self.frames(STRUCK_SECS)));
        }
        let least = self.frames(LEAST_BACK_SECS);
        let high = high.min(self.here - least).max(low);
        (self.here - low >= least).then_some((low, high))
    }

    /// Faster: it is behind its place and goes forth.
    fn forth(&self) -> Option<Window> {
        let late = self.due - self.here;
        let (last, next) = self.notes_around();
        let is_soon = next.is_some_and(|next| next - self.here < self.frames(SOON_FASTER_SECS));
        let is_due = late >= self.frames(DRIFT_SECS) || (is_soon && late >= self.frames(SLIGHT_DRIFT_SECS));
        if !is_due {
            return None;
        }
        let farthest = self.due + self.frames(DRIFT_SECS);
        let aim = next.filter(|_| is_soon).map_or(farthest, |next| self.in_time(next).min(farthest));
        let reach = self.frames(REACH_SECS);
        let (mut low, mut high) = (aim - reach, aim + reach);
        if late <= self.frames(MOST_DRIFT_SECS) {
            if last.is_some_and(|last| self.here < last + self.frames(STRUCK_SECS)) {
                return None;
            }
            high = next.map_or(high, |next| high.min(next - self.frames(BEFORE_SECS)));
        }
        let least = self.frames(LEAST_FORTH_SECS);
        low = low.min(high).max(self.here + least);
        (high >= low).then_some((low, high))
    }
}

/// Finds places that sound alike. Does not allocate once it is made.
pub(super) struct Splice {
    /// What would have come, as long as a crossfade.
    coming: Vec<f32>,
    /// The sound from the first place that is looked at to the end of a crossfade at the last one.
    around: Vec<f32>,
}

impl Splice {
    /// For samples of a rate and crossfades of so many of their frames.
    pub(super) fn new(rate_hz: f64, fade: f64) -> Self {
        let fade = fade.ceil().max(1.0) as usize;
        let places = (2.0 * REACH_SECS * rate_hz).ceil() as usize + 2;
        Self { coming: vec![0.0; fade], around: vec![0.0; fade + places] }
    }

    /// Where to go on now, if it is to be elsewhere.
    pub(super) fn place(&mut self, moment: &Moment<'_>) -> Option<f64> {
        let fade = self.coming.len();
        let (low, high) = moment.window(fade as f64)?;
        let first = low.floor();
        let most = self.around.len() - fade;
        let places = ((high - first).max(0.0) as usize + 1).min(most);
        let here = moment.here.floor();
        moment.samples.read_sum(here as i64, &mut self.coming);
        let around = &mut self.around[..fade + places - 1];
        moment.samples.read_sum(first as i64, around);
        let alike = most_alike(&self.coming, around);
        Some(first + alike as f64 + (moment.here - here))
    }
}

/// Where in a sound something is most like another one: the largest correlation, by the power there.
fn most_alike(wanted: &[f32], sound: &[f32]) -> usize {
    let length = wanted.len();
    let mut power: f32 = sound.iter().take(length).map(|sample| sample * sample).sum();
    let (mut best, mut most) = (0, f32::NEG_INFINITY);
    for (place, window) in sound.windows(length).enumerate() {
        let product = dot(wanted, window);
        let likeness = product / power.max(1e-9).sqrt();
        if likeness > most {
            (best, most) = (place, likeness);
        }
        let next = sound.get(place + length).copied().unwrap_or(0.0);
        power = (power + next * next - window[0] * window[0]).max(0.0);
    }
    best
}

/// The sum of products of equally many values, in eight sums so that the processor adds eight at once.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (eights_a, rest_a) = a.as_chunks::<8>();
    let (eights_b, rest_b) = b.as_chunks::<8>();
    let mut sums = [0.0_f32; 8];
    for (a, b) in eights_a.iter().zip(eights_b) {
        sums.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (a, b))| *sum += a * b);
    }
    let rest: f32 = rest_a.iter().zip(rest_b).map(|(a, b)| a * b).sum();
    rest + sums.iter().sum::<f32>()
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    const RATE_HZ: f64 = 44_100.0;

    /// Two seconds of a tone of 220 Hz.
    fn tone() -> Samples {
        let value = |k: u32| 12_000.0 * (TAU * 220.0 * f64::from(k) / RATE_HZ).sin();
        Samples::new(44_100, false, 0.0, (0..88_200).map(|k| value(k) as i16).collect())
    }

    fn moment<'a>(samples: &'a Samples, attacks: &'a [f64], secs: (f64, f64), rate: f64) -> Moment<'a> {
        Moment { samples, attacks, here: secs.0 * RATE_HZ, due: secs.1 * RATE_HZ, rate }
    }

    #[test]
    fn it_goes_on_at_a_place_that_sounds_alike() {
        let samples = tone();
        let mut splice = Splice::new(RATE_HZ, 441.0);
        for (here, due, rate) in [(1.02, 1.0, 0.5), (1.5, 1.531, 2.0), (0.7321, 0.71, 0.8)] {
            let moment = moment(&samples, &[], (here, due), rate);
            let place = splice.place(&moment).unwrap_or_else(|| panic!("{here} {due}"));
            // As many whole periods away as there are.
            let periods = (place - moment.here) * 220.0 / RATE_HZ;
            assert!((periods - periods.round()).abs() < 0.01 && periods.round() != 0.0, "{periods}");
            assert!((place - moment.due).abs() < 0.03 * RATE_HZ, "{place}");
            assert_eq!(periods < 0.0, rate < 1.0);
        }
        let near = moment(&samples, &[], (1.01, 1.0), 0.5);
        assert_eq!(splice.place(&near), None, "it is near enough");
    }

    #[test]
    fn a_key_is_struck_once() {
        let samples = tone();
        let mut splice = Splice::new(RATE_HZ, 441.0);
        let attacks = [1.0 * RATE_HZ];
        // Slower: not back over it, and not away from it while it is struck.
        for here in [0.995, 1.01, 1.02, 1.025] {
            assert_eq!(splice.place(&moment(&samples, &attacks, (here, here - 0.02), 0.5)), None, "{here}");
        }
        let after = splice.place(&moment(&samples, &attacks, (1.05, 1.03), 0.5));
        assert!(after.is_some_and(|place| place >= 1.016 * RATE_HZ - 1.0), "{after:?}");
        // Faster: it is not left out.
        let before = splice.place(&moment(&samples, &attacks, (0.975, 1.0), 2.0));
        assert!(before.is_some_and(|place| place <= 0.997 * RATE_HZ + 1.0), "{before:?}");
        assert_eq!(splice.place(&moment(&samples, &attacks, (0.995, 1.02), 2.0)), None);
        // What is farther away than anybody would bear goes on in any case.
        assert!(splice.place(&moment(&samples, &attacks, (1.01, 0.9), 0.5)).is_some());
        assert!(splice.place(&moment(&samples, &attacks, (0.995, 1.1), 2.0)).is_some());
    }

    #[test]
    fn a_note_that_begins_soon_is_struck_in_time() {
        let samples = tone();
        let attacks = [1.0 * RATE_HZ];
        let moment = moment(&samples, &attacks, (0.985, 0.973), 0.5);
        let place = Splice::new(RATE_HZ, 441.0).place(&moment);
        let drift_there = |place: f64| {
            // When it has come to the note, at its own speed, and where it should be then.
            let frames = attacks[0] - place;
            attacks[0] - (moment.due + 0.5 * frames)
        };
        assert!(place.is_some_and(|place| drift_there(place).abs() < 0.012 * RATE_HZ), "{place:?}");
    }

    #[test]
    fn silence_is_like_silence() {
        assert_eq!(most_alike(&[0.0; 8], &[0.0; 20]), 0);
        assert_eq!(most_alike(&[0.0, 1.0, 0.0], &[0.0, 0.0, 0.1, 0.0, 0.9, 0.9, 0.9]), 1);
    }
}
