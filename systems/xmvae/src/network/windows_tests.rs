use super::*;
use crate::ecp::METRIC;

fn sizes(window: usize, steps: usize) -> NetworkConfig {
    NetworkConfig { window, steps, ..NetworkConfig::SMALL }
}

/// Beats of so many notes.
fn piece(beats: &[usize]) -> Vec<ScoreTokens> {
    let of = |notes: &usize| std::iter::once(METRIC).chain(std::iter::repeat_n(NOTE, *notes));
    beats.iter().flat_map(of).map(|family| [family, 1, 0, 1]).collect()
}

fn notes(steps: &[ScoreTokens]) -> usize {
    steps.iter().filter(|step| step[FAMILY] == NOTE).count()
}

/// Pieces of beats of 0 to 6 notes; one of them with a beat that no window holds.
fn pieces() -> Vec<Vec<ScoreTokens>> {
    let beats = |count: usize, seed: usize| (0..count).map(move |k| (k * 7919 + seed * 31) % 7);
    let mut pieces: Vec<_> = (0..40).map(|k| piece(&beats(k * 3, k).collect::<Vec<usize>>())).collect();
    pieces.push(piece(&[2, 3, 100, 0, 1, 40, 4]));
    pieces.push(piece(&[0; 90]));
    pieces
}

#[test]
fn windows_count_every_step_once_and_hold_what_they_may() {
    let sizes = sizes(20, 30);
    for steps in pieces() {
        let mut next = 0;
        let mut before = None;
        for Window { steps: window, counts } in overlapping(&steps, &sizes) {
            assert_eq!(counts.start, next);
            assert!(window.start <= counts.start && counts.start < counts.end && counts.end <= window.end);
            assert!(window.len() <= 30 && notes(&steps[window.clone()]) <= 20, "{window:?}");
            assert!(before.is_none_or(|before| before < window.start));
            (next, before) = (counts.end, Some(window.start));
        }
        assert_eq!(next, steps.len());
    }
}

#[test]
fn what_counts_is_in_the_middle_of_its_window() {
    let steps = piece(&[3; 60]);
    for Window { steps: window, counts } in overlapping(&steps, &sizes(40, 64)) {
        let (before, after) = (counts.start - window.start, window.end - counts.end);
        assert!(before >= 8 || window.start == 0, "{window:?} {counts:?}");
        assert!(after >= 8 || window.end == steps.len(), "{window:?} {counts:?}");
        assert!(is_metric(&steps[window.start]) && is_metric(&steps[counts.start]));
    }
}

#[test]
fn windows_one_after_another_are_the_piece() {
    let sizes = sizes(20, 30);
    for steps in pieces() {
        let windows = consecutive(&steps, &sizes);
        let mut next = 0;
        for window in windows {
            assert_eq!(window.start, next);
            assert!(!window.is_empty() && window.len() <= 30 && notes(&steps[window.clone()]) <= 20);
            next = window.end;
        }
        assert_eq!(next, steps.len());
    }
}
