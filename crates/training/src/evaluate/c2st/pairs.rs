//! A pianist and another player of the same score, so that nothing but their playing differs.
//!
//! What would give a machine away besides its playing is taken from both sides:
//!
//! - Notes that one side lacks (slips, alignment, a peer that drops unisons) are taken from the other
//!   too, before anything is measured: missing neighbours leave traces in tempo and chords. Whatever
//!   is missing after that on one side is missing on both.
//! - Recordings have the grid of the instrument's clock, renders have none or another: every onset and
//!   every release gets a random shift of at most [`BLUR_SECS`], far below what chords are spread by
//!   and above any of the grids.
//! - Velocities are whole numbers on both sides, since a [`Performance`] has no others.
//! - A trill that was played is aligned with its written note by its first stroke: the duration of
//!   notes with such ornaments counts as unknown.
//! - The pedal is left out: the peer's is on or off, and its published form came through another
//!   program.

use analysis::features;
use notation::{Marks, Score};
use performance::metrics::NoteFlags;
use performance::{Performance, PlayedNote};
use pianoflow::values::{self, ARTICULATION, CHORD, ONSET_TEMPO, QUARTER_TEMPO, VELOCITY};
use rand::{Rng, RngExt};

use crate::classifier::{self, Example};

/// Columns of the codec's values that are looked at.
const COLUMNS: [usize; WIDTH] = [VELOCITY, QUARTER_TEMPO, ONSET_TEMPO, CHORD, ARTICULATION];
const WIDTH: usize = 5;

/// Numbers in a row of the classifier: features, values, what is missing.
pub const INPUTS: usize = features::WIDTH + 2 * WIDTH;

/// Onsets and releases are shifted by at most this.
const BLUR_SECS: f64 = 0.002;

/// Ornaments of which only the first stroke is aligned.
const ORNAMENTS: Marks = Marks::TRILL.union(Marks::MORDENT).union(Marks::TURN).union(Marks::TREMOLO);

/// One who played, and which of the notes are doubtful.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// What was played.
    pub played: &'a Performance,
    /// Doubts, parallel to the notes.
    pub flags: Option<&'a [NoteFlags]>,
}

impl Side<'_> {
    /// The usable notes by score note, and whether their durations are known.
    fn notes(&self, score: &Score) -> Vec<Option<(PlayedNote, bool)>> {
        let usable = performance::metrics::usable_notes(score, self.played, self.flags);
        usable.into_iter().map(|n| n.map(|(note, known)| (*note, known))).collect()
    }
}

/// Two performances of a score as tables of values.
pub struct Pair {
    /// Which of the pieces.
    pub piece: usize,
    /// `[notes, WIDTH]` of the pianist and of the other one; NaN where missing, the same in both.
    sides: [Vec<f32>; 2],
}

impl Pair {
    /// Measures both sides on the notes that both have and that `kept` allows.
    pub fn new(
        piece: usize,
        score: &Score,
        sides: [Side<'_>; 2],
        kept: Option<&Performance>,
        rng: &mut impl Rng,
    ) -> Self {
        let notes = sides.map(|side| side.notes(score));
        let shared = |n: usize| {
            let allowed = kept.is_none_or(|k| k.get(n as u32).is_some());
            let known = !score.notes[n].marks.intersects(ORNAMENTS);
            (allowed && notes.iter().all(|side| side[n].is_some()))
                .then(|| known && notes.iter().all(|side| side[n].is_some_and(|(_, known)| known)))
        };
        let shared: Vec<Option<bool>> = (0..score.notes.len()).map(shared).collect();
        let mut tables = notes.map(|side| {
            let mut common = Performance::default();
            let mut flags = Vec::new();
            for (note, known) in side.iter().zip(&shared) {
                let (Some((note, _)), Some(known)) = (note, known) else { continue };
                common.notes.push(blurred(note, rng));
                flags.push(NoteFlags { timing_outlier: false, duration_unknown: !known });
            }
            let table = values::encode(score, &common, Some(&flags));
            let cell = |n: usize| COLUMNS.map(|column| table.get(n, column) as f32);
            (0..score.notes.len()).flat_map(cell).collect::<Vec<f32>>()
        });
        let [human, other] = &mut tables;
        for (a, b) in human.iter_mut().zip(other) {
            if !(a.is_finite() && b.is_finite()) {
                (*a, *b) = (f32::NAN, f32::NAN);
            }
        }
        Self { piece, sides: tables }
    }

    /// Notes of the score.
    pub fn notes(&self) -> usize {
        self.sides[0].len() / WIDTH
    }

    /// The windows of both sides that start at a note, pianist first.
    pub fn windows(&self, start: usize, window: usize, features: &[f32], scaling: &Scaling) -> [Example; 2] {
        let end = (start + window).min(self.notes());
        let features = &features[start * features::WIDTH..end * features::WIDTH];
        [0, 1].map(|side| {
            let values = scaling.scale(&self.sides[side][start * WIDTH..end * WIDTH]);
            Example {
                rows: classifier::rows(features, &values, end - start),
                segments: vec![0; end - start],
                targets: if side == 0 { vec![1.0, 0.0] } else { vec![0.0, 1.0] },
            }
        })
    }
}

fn blurred(note: &PlayedNote, rng: &mut impl Rng) -> PlayedNote {
    let mut shift = || rng.random_range(-BLUR_SECS..BLUR_SECS);
    let onset_secs = note.onset_secs + shift();
    let release_secs = note.onset_secs + note.duration_secs + shift();
    PlayedNote { onset_secs, duration_secs: release_secs - onset_secs, ..*note }
}

/// Means and deviations of the values of the pianists.
pub struct Scaling([(f64, f64); WIDTH]);

impl Scaling {
    /// Of all pairs.
    pub fn fit<'a>(pairs: impl Iterator<Item = &'a Pair>) -> Self {
        let mut sums = [(0.0f64, 0.0f64, 0.0f64); WIDTH];
        for (k, value) in pairs.flat_map(|pair| pair.sides[0].iter().enumerate()) {
            let (value, sum) = (f64::from(*value), &mut sums[k % WIDTH]);
            if value.is_finite() {
                *sum = (sum.0 + 1.0, sum.1 + value, sum.2 + value * value);
            }
        }
        Self(sums.map(|(n, sum, square)| {
            let mean = sum / n.max(1.0);
            (mean, (square / n.max(1.0) - mean * mean).max(1e-6).sqrt())
        }))
    }

    /// To mean 0 and deviation 1; extremes are clipped at five deviations.
    fn scale(&self, values: &[f32]) -> Vec<f32> {
        let scale = |(k, value): (usize, &f32)| {
            let (mean, deviation) = self.0[k % WIDTH];
            ((f64::from(*value) - mean) / deviation).clamp(-5.0, 5.0) as f32
        };
        values.iter().enumerate().map(scale).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use notation::{Note, NoteId, Quarters};
    use rand::SeedableRng;
    use rand_pcg::Pcg64Mcg;

    /// Sixteen quarters of two notes each; the third chord has a trill.
    fn score() -> Score {
        let note = |k: i64| Note {
            id: NoteId { written: k as u32, pass: 1 },
            onset: Quarters::whole(k / 2),
            duration: Quarters::whole(1),
            pitch: 60 + 4 * (k % 2) as u8,
            marks: if k == 4 { Marks::TRILL } else { Marks::empty() },
            ..Note::default()
        };
        Score { notes: (0..32).map(note).collect(), ..Score::default() }
    }

    fn played(score: &Score, velocity: u8) -> Performance {
        let mut played = performance::deadpan(score);
        played.notes.iter_mut().for_each(|n| n.velocity = velocity);
        played
    }

    #[test]
    fn what_one_side_lacks_is_missing_on_both_and_leaves_no_trace() {
        let score = score();
        let (mut human, machine) = (played(&score, 50), played(&score, 90));
        human.notes.retain(|n| n.note != 9);
        let mut flags = vec![NoteFlags::default(); human.notes.len()];
        flags[20].timing_outlier = true;
        flags[12].duration_unknown = true;
        let sides = [Side { played: &human, flags: Some(&flags) }, Side { played: &machine, flags: None }];
        let pair = Pair::new(0, &score, sides, None, &mut Pcg64Mcg::seed_from_u64(1));
        let missing = |side: usize| pair.sides[side].iter().map(|v| v.is_nan()).collect::<Vec<bool>>();
        assert_eq!(missing(0), missing(1));
        let cell = |side: usize, note: usize, column: usize| pair.sides[side][note * WIDTH + column];
        assert_eq!((cell(0, 3, 0), cell(1, 3, 0)), (50.0, 90.0));
        for gone in [9, 21] {
            assert!((0..WIDTH).all(|column| [0, 3, 4].contains(&column) == cell(1, gone, column).is_nan()));
        }
        // Its chord is a note alone now, for the machine as for the pianist.
        assert!(cell(1, 8, 3).is_nan());
        assert!(cell(1, 4, 4).is_nan() && cell(1, 13, 4).is_nan(), "a trill, an unknown duration");
        // The deadpan's chords are together but for the blur.
        assert!(cell(1, 0, 3) != 0.0 && cell(1, 0, 3).abs() < 0.1, "{}", cell(1, 0, 3));
    }
}
