//! What the network reads of a score: one row a note.
//!
//! The paper's performer reads a stream of PerTok tokens, two to five a note, of which those for velocity and
//! micro-timing are hidden (arXiv 2410.02060, section 3.3). All of them are hidden, always, so what is left of a
//! note is known before anything is predicted, and one position a note holds it: the values of its tokens, and
//! what else is written, each looked up in a table of its own. A sequence is four to five times as short.
//!
//! | column | values |
//! | --- | --- |
//! | pitch | MIDI |
//! | place | 24ths of a quarter from the bar line, up to 8 quarters |
//! | before, after | 24ths of a quarter from the onset before, and to the next, up to 4 quarters |
//! | duration | 24ths of a quarter, up to 8 quarters; 0 for grace notes |
//! | chord | notes of the onset less 1, up to 7 |
//! | from top, from bottom | notes of the onset above, and below, up to 7 |
//! | metre | beats less 1, up to 15, and 16 times log2 of the beat type |
//! | voice | 1 for the melody, 2 for the left hand |
//! | dynamic | the last sign's level, 1 pppp to 10 ffff; 0 none yet |
//! | hairpin | 1 in a crescendo, 2 in a diminuendo |
//! | marks | 1 staccato, 2 accent, 4 tenuto, 8 fermata, 16 ornament, 32 arpeggio, 64 slur, 128 grace note |
//! | tempo | 4 times log2 of quarters a minute over 30, up to 15 |

use std::ops::Range;

use analysis::melody::melody;
use notation::{Direction, DirectionKind, Hand, Marks, Note, Quarters, Score};

/// Columns of a row.
pub const COLUMNS: usize = 14;

/// Values of each column.
pub const SIZES: [usize; COLUMNS] = [128, 192, 97, 97, 193, 8, 8, 8, 96, 4, 11, 3, 256, 16];

/// Values of all columns: rows of the network's table.
pub const VALUES: usize = 1117;

/// Column of the time since the onset before.
pub const BEFORE: usize = 2;

/// Columns of signs: dynamic, hairpin, marks. Their value 0 says that there is none.
pub const SIGNS: Range<usize> = 10..13;

/// Steps of a quarter.
const STEPS: i64 = 24;

/// Rows `[notes, COLUMNS]` of a score. `period_secs` is how long a quarter lasts at a note.
pub fn rows(score: &Score, period_secs: &dyn Fn(usize) -> f64) -> Vec<u8> {
    let melody = melody(score);
    let groups = score.onset_groups();
    let signs = Signs::of(score);
    let mut rows = Vec::with_capacity(score.notes.len() * COLUMNS);
    for (k, group) in groups.iter().enumerate() {
        let at = |group: &Range<usize>| score.notes[group.start].onset;
        let here = at(group);
        let before = k.checked_sub(1).map_or(Quarters::ZERO, |k| here - at(&groups[k]));
        let after = groups.get(k + 1).map_or(Quarters::whole(4), |next| at(next) - here);
        let [dynamic, hairpin] = signs.at(here);
        for n in group.clone() {
            let note = &score.notes[n];
            // Equal pitches are ordered by their place.
            let below = group.clone().filter(|m| (score.notes[*m].pitch, *m) < (note.pitch, n)).count();
            let voice = usize::from(melody[n]) + 2 * usize::from(note.hand() == Hand::Left);
            let first = n == group.start;
            rows.extend(limited([
                usize::from(note.pitch),
                steps(place(score, note)),
                if first { steps(before) } else { 0 },
                steps(after),
                if note.grace.is_some() { 0 } else { steps(note.duration) },
                group.len() - 1,
                group.len() - 1 - below,
                below,
                metre(score, here),
                voice,
                dynamic,
                hairpin,
                marks(note),
                tempo(period_secs(n)),
            ]));
        }
    }
    rows
}

/// The row of the network's table for a value of a column.
pub fn table_row(column: usize, value: u8) -> usize {
    SIZES[..column].iter().sum::<usize>() + usize::from(value)
}

/// Each value as the largest of its column at most.
fn limited(values: [usize; COLUMNS]) -> [u8; COLUMNS] {
    std::array::from_fn(|k| values[k].min(SIZES[k] - 1) as u8)
}

/// To the nearest 24th; what is negative is 0.
fn steps(quarters: Quarters) -> usize {
    let (n, d) = (quarters.numerator() * STEPS, quarters.denominator());
    usize::try_from((2 * n + d).div_euclid(2 * d)).unwrap_or(0)
}

/// From the bar line; a pick-up ends at one.
fn place(score: &Score, note: &Note) -> Quarters {
    let bar = score.measures.get(note.measure as usize);
    bar.map_or(note.onset, |bar| bar.position(note.onset, note.measure == 0))
}

fn metre(score: &Score, at: Quarters) -> usize {
    let time = score.time_signature_at(at);
    let beats = usize::from(time.beats).clamp(1, 16) - 1;
    beats + 16 * (time.beat_type.max(1).ilog2().min(5) as usize)
}

fn marks(note: &Note) -> usize {
    let groups = [
        Marks::STACCATO | Marks::STACCATISSIMO,
        Marks::ACCENT | Marks::MARCATO,
        Marks::TENUTO,
        Marks::FERMATA,
        Marks::TRILL | Marks::MORDENT | Marks::TURN | Marks::TREMOLO,
        Marks::ARPEGGIO,
        Marks::SLUR_START | Marks::SLURRED,
    ];
    let written = groups.iter().enumerate().filter(|(_, group)| note.marks.intersects(**group));
    written.map(|(k, _)| 1 << k).sum::<usize>() + (usize::from(note.grace.is_some()) << groups.len())
}

fn tempo(period_secs: f64) -> usize {
    // What is no number becomes 0.
    ((60.0 / period_secs / 30.0).log2() * 4.0).round().clamp(0.0, 15.0) as usize
}

/// Dynamics and hairpins, by their onsets.
struct Signs {
    /// Where a level begins.
    levels: Vec<(Quarters, u8)>,
    /// From, to, and whether it is a crescendo.
    hairpins: Vec<(Quarters, Quarters, bool)>,
}

impl Signs {
    fn of(score: &Score) -> Self {
        let level = |sign: &Direction| match sign.kind {
            DirectionKind::Dynamic(dynamic) => Some((sign.onset, dynamic.level())),
            _ => None,
        };
        let hairpin = |sign: &Direction| match sign.kind {
            DirectionKind::Crescendo => Some((sign.onset, sign.end?, true)),
            DirectionKind::Diminuendo => Some((sign.onset, sign.end?, false)),
            _ => None,
        };
        Self {
            levels: score.directions.iter().filter_map(level).collect(),
            hairpins: score.directions.iter().filter_map(hairpin).collect(),
        }
    }

    /// Level and hairpin at a place; of hairpins the one that began last.
    fn at(&self, at: Quarters) -> [usize; 2] {
        let next = self.levels.partition_point(|(onset, _)| *onset <= at);
        let level = next.checked_sub(1).map_or(0, |k| self.levels[k].1);
        let begun = self.hairpins.partition_point(|(onset, ..)| *onset <= at);
        // Files may have very many; the last ones count.
        let holds = self.hairpins[begun.saturating_sub(8)..begun].iter().rev().find(|(_, end, _)| *end > at);
        [usize::from(level), holds.map_or(0, |(.., grows)| if *grows { 1 } else { 2 })]
    }
}

#[cfg(test)]
#[path = "columns_tests.rs"]
mod tests;
