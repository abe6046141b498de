use super::*;
use crate::tiny::numbers;

/// Score of an interval.
fn score(queries: &[f32], keys: &[f32], width: usize, [first, last]: [usize; 2]) -> f64 {
    let row = |rows: &[f32], k: usize| rows[k * width..][..width].to_vec();
    let dot = row(queries, last).iter().zip(row(keys, first)).map(|(q, k)| f64::from(q * k)).sum::<f64>();
    dot * (last - first) as f64
}

/// All ways from a frame on: each list of intervals that do not overlap but may touch.
fn all_paths(from: usize, frames: usize) -> Vec<Vec<[usize; 2]>> {
    let with_single = |rest: Vec<[usize; 2]>| [vec![[from, from]], rest.clone()].concat();
    let mut rests = vec![Vec::new()];
    if from + 1 < frames {
        rests = all_paths(from + 1, frames);
        for end in from + 1..frames {
            let longer = all_paths(end, frames).into_iter();
            rests.extend(longer.map(|rest| [vec![[from, end]], rest].concat()));
        }
    }
    let both = rests.into_iter().flat_map(|rest| [with_single(rest.clone()), rest]);
    both.collect()
}

#[test]
fn the_best_path_is_the_best_of_all() {
    let (frames, width) = (6, 3);
    for seed in 0..200 {
        let [queries, keys] = [1, 2].map(|k| numbers(frames * width, seed * 10 + k));
        let singles = numbers(frames, seed * 10 + 3);
        let paths = Paths::best(&queries, &keys, width, &singles);
        for start in [0, 2, frames - 1] {
            let total = |path: &[[usize; 2]]| -> f64 {
                let of = |interval: &[usize; 2]| match interval {
                    [first, last] if first == last => f64::from(singles[*first]),
                    _ => score(&queries, &keys, width, *interval),
                };
                path.iter().map(of).sum()
            };
            let best = all_paths(start, frames).iter().map(|path| total(path)).fold(f64::MIN, f64::max);
            let found = total(&paths.from(start));
            assert!((found - best).abs() < 1e-5, "seed {seed}, from {start}: {found} for {best}");
        }
    }
}

/// More frames than are computed at once, of starts and of ends.
#[test]
fn many_frames_follow_a_plain_recursion() {
    let (frames, width) = (2 * ENDS + STARTS + 7, 4);
    let [queries, keys] = [1, 2].map(|k| numbers(frames * width, k));
    let singles = numbers(frames, 3);
    let mut best = vec![0.0_f64; frames];
    for start in (0..frames).rev() {
        let after = |end: usize| score(&queries, &keys, width, [start, end]) + best[end];
        let skip = best.get(start + 1).copied().unwrap_or(0.0);
        best[start] =
            (start + 1..frames).map(after).fold(skip, f64::max) + f64::from(singles[start]).max(0.0);
    }
    let paths = Paths::best(&queries, &keys, width, &singles);
    for start in [0, 1, STARTS, ENDS - 1, ENDS, frames - 1] {
        let found: f64 = paths
            .from(start)
            .iter()
            .map(|&[first, last]| {
                if first == last {
                    f64::from(singles[first])
                } else {
                    score(&queries, &keys, width, [first, last])
                }
            })
            .sum();
        assert!((found - best[start]).abs() < 1e-3 * best[start], "{start}: {found} for {}", best[start]);
    }
}

#[test]
fn nothing_is_found_where_nothing_scores() {
    let paths = Paths::best(&[0.0; 20], &[1.0; 20], 2, &[0.0; 10]);
    assert_eq!(paths.from(0), Vec::<[usize; 2]>::new());
}
