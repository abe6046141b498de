//! Multi-mask inpainting: which values of a window the network must predict.
//!
//! The kinds are those of SyMuPe (arXiv 2511.03425); their probabilities were not published and are
//! ours: half of all windows are wholly unknown, since that is how a performance begins.

use pianoflow::values::WIDTH;
use rand::{Rng, RngExt};

/// What a mask may follow: the onset and the bar of each note of a window.
pub struct Structure<'a> {
    /// Index of each note's onset, ascending.
    pub onsets: &'a [u32],
    /// Index of each note's measure, ascending.
    pub bars: &'a [u32],
}

/// Draws a mask `[notes, WIDTH]`: true where a value is unknown.
pub fn draw(rng: &mut impl Rng, structure: &Structure<'_>) -> Vec<bool> {
    let notes = structure.onsets.len();
    let kind: f64 = rng.random();
    let ratio: f64 = rng.random_range(0.1..0.9);
    let count = ((notes as f64 * ratio) as usize).clamp(1, notes);
    match kind {
        k if k < 0.50 => vec![true; notes * WIDTH],
        k if k < 0.72 => rows(notes, |n| n >= notes - count),
        k if k < 0.76 => rows(notes, |n| n < count),
        k if k < 0.86 => {
            let start = rng.random_range(0..=notes - count);
            rows(notes, |n| (start..start + count).contains(&n))
        }
        k if k < 0.91 => groups(rng, structure.bars, ratio),
        k if k < 0.94 => groups(rng, structure.onsets, ratio),
        k if k < 0.96 => {
            let unknown: Vec<bool> = (0..notes).map(|_| rng.random_bool(ratio)).collect();
            rows(notes, |n| unknown[n])
        }
        k if k < 0.98 => {
            let columns: Vec<bool> = (0..WIDTH).map(|_| rng.random_bool(0.5)).collect();
            (0..notes * WIDTH).map(|k| columns[k % WIDTH]).collect()
        }
        _ => (0..notes * WIDTH).map(|_| rng.random_bool(ratio)).collect(),
    }
}

fn rows(notes: usize, unknown: impl Fn(usize) -> bool) -> Vec<bool> {
    (0..notes).flat_map(|n| std::iter::repeat_n(unknown(n), WIDTH)).collect()
}

/// Whole groups (bars or onsets), each unknown with probability `ratio`.
fn groups(rng: &mut impl Rng, group_of: &[u32], ratio: f64) -> Vec<bool> {
    let first = group_of.first().copied().unwrap_or(0);
    let last = group_of.last().copied().unwrap_or(0);
    let unknown: Vec<bool> = (first..=last).map(|_| rng.random_bool(ratio)).collect();
    rows(group_of.len(), |n| unknown[(group_of[n] - first) as usize])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn masks_cover_whole_notes_mostly_and_are_never_empty_of_kinds() {
        let mut rng = rand_pcg::Pcg64Mcg::seed_from_u64(1);
        let onsets: Vec<u32> = (0..64).map(|n| n / 2).collect();
        let bars: Vec<u32> = (0..64).map(|n| 5 + n / 16).collect();
        let (mut full, mut partial) = (0, 0);
        for _ in 0..1000 {
            let mask = draw(&mut rng, &Structure { onsets: &onsets, bars: &bars });
            assert_eq!(mask.len(), 64 * WIDTH);
            match mask.iter().filter(|m| **m).count() {
                n if n == 64 * WIDTH => full += 1,
                _ => partial += 1,
            }
        }
        assert!((400..650).contains(&full), "{full} of 1000 windows were wholly unknown");
        assert!(partial > 300);
    }

    #[test]
    fn an_onset_is_masked_as_a_whole() {
        let mut rng = rand_pcg::Pcg64Mcg::seed_from_u64(2);
        let onsets: Vec<u32> = (0..40).map(|n| n / 4).collect();
        let mask = groups(&mut rng, &onsets, 0.5);
        for chord in mask.chunks(4 * WIDTH) {
            assert!(chord.iter().all(|m| *m == chord[0]));
        }
        assert!(mask.iter().any(|m| *m) && mask.iter().any(|m| !*m));
    }
}
