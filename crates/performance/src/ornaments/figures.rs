//! What an ornament is made of: steps above and below, and how long each lasts.

use notation::Marks;

/// A step of an ornament.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The upper neighbour.
    Above,
    /// The note itself.
    Main,
    /// The lower neighbour.
    Below,
}

use Step::{Above, Below, Main};

/// One stroke.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    pub step: Step,
    /// Time to the next stroke, or to the end.
    pub secs: f64,
    /// Share of that for which the key is down.
    pub held: f64,
    /// Velocity steps above that of the note.
    pub louder: i32,
}

/// All strokes of an ornament.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    pub parts: Vec<Part>,
}

/// What is to be played.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    pub signs: Marks,
    /// Time for all of it.
    pub length_secs: f64,
    /// Seconds a quarter at the note.
    pub quarter_secs: f64,
    /// Whether trills start on the upper note.
    pub starts_above: bool,
}

/// Strokes a second of a trill (see the module above), and how far takes and notes differ in it.
const TRILL_RATE: f64 = 11.7;
const RATE_VARIETY: f64 = 0.12;

/// No finger is faster than this, in strokes a second.
const FASTEST_RATE: f64 = 15.0;

/// Repeating one key is slower than alternating two.
const TREMOLO_RATE: f64 = 12.0;

/// Length of the quick strokes of a mordent: 67 ms in the median of the train split of (n)ASAP
/// (47 to 86 from the tenth to the ninetieth percentile). A turn goes a little slower.
const MORDENT_SECS: f64 = 0.067;
const TURN_SECS: f64 = 0.085;

/// The quick strokes of a mordent or turn take at most so much of the note.
const QUICK_SHARE: f64 = 0.66;

/// A delayed turn leaves at least this share of the note to its main note.
const BEFORE_TURN: f64 = 0.5;

/// Composers whose trills start on the upper note: 119 of 126 by Bach and Mozart in the train split
/// do, none of Schubert's.
const FROM_ABOVE: [&str; 18] = [
    "bach",
    "handel",
    "händel",
    "haendel",
    "scarlatti",
    "couperin",
    "rameau",
    "telemann",
    "purcell",
    "pachelbel",
    "buxtehude",
    "froberger",
    "daquin",
    "petzold",
    "soler",
    "galuppi",
    "mozart",
    "haydn",
];

/// Whether trills of a composer start on the upper note.
pub fn trills_from_above(composer: &str) -> bool {
    let lower = composer.to_lowercase();
    lower.split(|c: char| !c.is_alphabetic()).any(|word| FROM_ABOVE.contains(&word))
}

impl Figure {
    /// The strokes; none if there is no time for the ornament. `note` seeds the random variation: each note
    /// has its own, the same in every take.
    pub fn shape(&self, note: u32) -> Option<Shape> {
        let seed = NoteSeed(note);
        let steps = match self.signs {
            s if s.contains(Marks::TRILL) => return self.trill(seed),
            s if s.contains(Marks::MORDENT) => {
                let other = if s.contains(Marks::INVERTED) { Above } else { Below };
                return self.quick(&[Main, other, Main], MORDENT_SECS, seed);
            }
            s if s.contains(Marks::TURN) => s,
            _ => return self.tremolo(seed),
        };
        let turn = if steps.contains(Marks::INVERTED) {
            [Below, Main, Above, Main]
        } else {
            [Above, Main, Below, Main]
        };
        if steps.contains(Marks::DELAYED) {
            self.delayed(&turn, seed)
        } else {
            self.quick(&turn, TURN_SECS, seed)
        }
    }

    /// Alternates with the upper note to the end and ends on the main note.
    fn trill(&self, seed: NoteSeed) -> Option<Shape> {
        let rate = TRILL_RATE * (1.0 + RATE_VARIETY * seed.uniform(0));
        let first = if self.starts_above { 1 } else { 0 };
        // Odd from the main note, even from above, so that the last stroke is the main note.
        let pairs = ((self.length_secs * rate - 1.0 + first as f64) / 2.0).round().max(1.0);
        let least = 3 - first;
        let mut count = (2.0 * pairs) as usize + 1 - first;
        if (count.max(least) as f64) > self.length_secs * FASTEST_RATE {
            // Too short to shake: three strokes, or the upper note and its resolution, or none.
            count = least;
        }
        if count as f64 > self.length_secs * FASTEST_RATE {
            return None;
        }
        let step = |k: usize| if (k + first).is_multiple_of(2) { Main } else { Above };
        let parts = (0..count).map(|k| Part {
            step: step(k),
            secs: trill_shape(k, count) * (1.0 + 0.06 * seed.uniform(k as u32 + 1)),
            held: 0.98,
            louder: if k == 0 { 0 } else { (3.0 * seed.uniform(k as u32 + 1001)).round() as i32 - 3 },
        });
        Some(self.filling(parts.collect()))
    }

    /// Quick strokes at the start; the last one is held.
    fn quick(&self, steps: &[Step], each_secs: f64, seed: NoteSeed) -> Option<Shape> {
        let quick = steps.len() - 1;
        let each = each_secs.min(QUICK_SHARE * self.length_secs / quick as f64);
        if each * FASTEST_RATE < 0.6 {
            return None;
        }
        let parts = steps.iter().enumerate().map(|(k, step)| {
            let varied = each * (1.0 + 0.08 * seed.uniform(k as u32 + 1));
            let rest = self.length_secs - each * quick as f64;
            let secs = if k < quick { varied } else { rest };
            Part { step: *step, secs, held: 0.98, louder: softer(k, seed) }
        });
        Some(self.filling(parts.collect()))
    }

    /// The note, then quick strokes at its end: how people play 36 of 45 turns of the train split
    /// that they do play.
    fn delayed(&self, turn: &[Step; 4], seed: NoteSeed) -> Option<Shape> {
        let each = TURN_SECS.min((1.0 - BEFORE_TURN) * self.length_secs / 4.0);
        if each * FASTEST_RATE < 0.6 {
            return None;
        }
        let mut parts = vec![Part { step: Main, secs: self.length_secs - 4.0 * each, held: 0.98, louder: 0 }];
        parts.extend(turn.iter().enumerate().map(|(k, step)| Part {
            step: *step,
            secs: each,
            held: 0.98,
            louder: softer(k + 1, seed),
        }));
        Some(self.filling(parts))
    }

    /// One key again and again, as measured by the strokes through the stem as fingers allow.
    fn tremolo(&self, seed: NoteSeed) -> Option<Shape> {
        let value_quarters = 1.0 / f64::from(1u32 << self.signs.tremolo_strokes());
        let each = (value_quarters * self.quarter_secs).max(1.0 / TREMOLO_RATE);
        let count = (self.length_secs / each).round() as usize;
        if count < 2 {
            return None;
        }
        let part = |k: usize| Part { step: Main, secs: each, held: 0.7, louder: softer(k, seed) };
        Some(self.filling((0..count).map(part).collect()))
    }

    /// The parts, stretched to fill the time.
    fn filling(&self, mut parts: Vec<Part>) -> Shape {
        let sum: f64 = parts.iter().map(|p| p.secs).sum();
        parts.iter_mut().for_each(|p| p.secs *= self.length_secs / sum);
        if let Some(last) = parts.last_mut() {
            last.held = 1.0;
        }
        Shape { parts }
    }
}

fn softer(k: usize, seed: NoteSeed) -> i32 {
    if k == 0 { 0 } else { (2.0 * seed.uniform(k as u32 + 1001)).round() as i32 - 4 }
}

/// A trill begins and ends a little slower than it goes between, and gains speed.
fn trill_shape(k: usize, count: usize) -> f64 {
    if k == 0 {
        1.1
    } else if k + 1 == count {
        1.15
    } else {
        1.04 - 0.1 * k as f64 / count as f64
    }
}

/// Seed of the pseudorandom variation of one ornament: the index of its note, so a note is always ornamented
/// the same way.
#[derive(Clone, Copy)]
struct NoteSeed(u32);

impl NoteSeed {
    /// A number from −1 to 1, by the finalizer of SplitMix64 (Steele, Lea & Flood, "Fast splittable
    /// pseudorandom number generators", 2014).
    fn uniform(self, k: u32) -> f64 {
        let mut z = (u64::from(self.0) << 32 | u64::from(k)).wrapping_add(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let unit = ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64;
        2.0 * unit - 1.0
    }
}
