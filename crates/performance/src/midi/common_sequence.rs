//! The longest common sequence of a score's pitches and those of a recording: where in the score the
//! playing is.

use notation::Score;

use super::import::MidiNote;

/// Notes that start closer together than this are sorted by pitch, as the score's chords are.
const CHORD_SECS: f64 = 0.035;

/// Cells of the table of the longest common sequence.
const MOST_CELLS: usize = 150_000_000;

/// The notes by onset, those of a chord by pitch.
fn by_chord(notes: &[MidiNote]) -> Vec<MidiNote> {
    let mut sorted = notes.to_vec();
    let mut start = 0;
    for k in 1..=sorted.len() {
        if k == sorted.len() || sorted[k].onset_secs - sorted[k - 1].onset_secs > CHORD_SECS {
            sorted[start..k].sort_by_key(|n| n.pitch);
            start = k;
        }
    }
    sorted
}

/// The longest common sequence of pitches, near the diagonal: pairs of score note and onset.
pub(super) fn common_sequence(score: &Score, played: &[MidiNote]) -> Vec<(usize, f64)> {
    let played = by_chord(played);
    let (n, m) = (score.notes.len(), played.len());
    if n == 0 || m == 0 {
        return Vec::new();
    }
    let half = (n.abs_diff(m) + n / 8).max(400).min(MOST_CELLS / (2 * n)).max(16);
    let first = |row: usize| (row * m / n).saturating_sub(half);
    let width = 2 * half + 2;
    // Steps back from each cell: 0 past a score note, 1 past a played note, 2 past a pair.
    let mut steps = vec![0u8; (n + 1) * width];
    let mut above = vec![0u32; width];
    for row in 1..=n {
        let (start, before) = (first(row), first(row - 1));
        let mut current = vec![0u32; width];
        for k in 0..width.min(m + 1 - start) {
            let column = start + k;
            let up = |c: usize| c.checked_sub(before).and_then(|k| above.get(k)).copied();
            let (mut best, mut step) = (up(column).unwrap_or(0), 0);
            if k > 0 && current[k - 1] > best {
                (best, step) = (current[k - 1], 1);
            }
            if column > 0 && score.notes[row - 1].pitch == played[column - 1].pitch {
                let pair = up(column - 1).unwrap_or(0) + 1;
                if pair > best {
                    (best, step) = (pair, 2);
                }
            }
            current[k] = best;
            steps[row * width + k] = step;
        }
        above = current;
    }
    let mut pairs = Vec::new();
    let (mut row, mut column) = (n, m);
    while row > 0 && column > 0 {
        let k = column.checked_sub(first(row)).filter(|k| *k < width);
        match k.map(|k| steps[row * width + k]) {
            Some(2) => {
                (row, column) = (row - 1, column - 1);
                pairs.push((row, played[column].onset_secs));
            }
            Some(1) => column -= 1,
            Some(_) => row -= 1,
            // Outside the band: back into it.
            None if column < first(row) => row -= 1,
            None => column -= 1,
        }
    }
    pairs.reverse();
    pairs
}
