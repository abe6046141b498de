//! Chords are struck together.
//!
//! People's chord notes lie 6.5 ms from the mean of their chord in the median, nine of ten within
//! 23 ms and 19 of 20 within 34 ms (train split of (n)ASAP, chords without an arpeggio sign). A
//! network that learns deviations on a logarithmic scale and has its spread given back there plays
//! some chords ten times as wide. Deviations beyond what nobody notices are compressed, by a law
//! that keeps which note leads; the mean of the chord stays, and with it the tempo.

use notation::Marks;
use performance::Performance;

use super::Scene;

/// Up to here a deviation stays as it is.
const TIGHT_SECS: f64 = 0.006;

/// Beyond it grows with the logarithm: as much again at this much more.
const SCALE_SECS: f64 = 0.008;

pub(super) fn apply(scene: &Scene<'_>, played: &mut Performance) {
    for group in scene.score.onset_groups() {
        let main = group.filter(|n| scene.score.notes[*n].grace.is_none());
        let onsets: Vec<(usize, f64)> =
            main.filter_map(|n| Some((n, scene.onset_secs(played, n)?))).collect();
        let rolled = |n: usize| scene.score.notes[n].marks.contains(Marks::ARPEGGIO);
        let stays = |n: usize| !scene.may_move(played, n);
        if onsets.len() < 2 || onsets.iter().any(|(n, _)| rolled(*n) || stays(*n)) {
            continue;
        }
        let count = onsets.len() as f64;
        let mean = onsets.iter().map(|(_, t)| t).sum::<f64>() / count;
        if onsets.iter().all(|(_, t)| (t - mean).abs() <= TIGHT_SECS) {
            continue;
        }
        let tight: Vec<f64> = onsets.iter().map(|(_, t)| tightened(t - mean)).collect();
        let shift = mean - tight.iter().sum::<f64>() / count;
        for ((n, _), deviation) in onsets.into_iter().zip(tight) {
            // The key goes down at another time and stays down as long.
            if let Ok(k) = played.notes.binary_search_by_key(&(n as u32), |p| p.note) {
                played.notes[k].onset_secs = (deviation + shift).max(0.0);
            }
        }
    }
}

fn tightened(secs: f64) -> f64 {
    let beyond = (secs.abs() - TIGHT_SECS).max(0.0);
    secs.signum() * (secs.abs().min(TIGHT_SECS) + SCALE_SECS * (beyond / SCALE_SECS).ln_1p())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_law_keeps_small_deviations_and_the_order() {
        assert_eq!(tightened(0.004), 0.004);
        assert_eq!(tightened(-0.006), -0.006);
        assert!((tightened(0.014) - (0.006 + 0.008 * 2f64.ln())).abs() < 1e-12);
        let wide: Vec<f64> = (-60..60).map(|k| tightened(f64::from(k) / 100.0)).collect();
        assert!(wide.is_sorted() && wide[0] > -0.045);
    }
}
