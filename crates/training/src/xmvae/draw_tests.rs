#![allow(clippy::unwrap_used)]

use analysis::features::WIDTH;

use super::*;

const SIZES_OF_WINDOW: NetworkConfig = NetworkConfig { window: 16, steps: 20, ..NetworkConfig::SMALL };

/// A score of beats with two notes each, whose pitches and positions say where they are; and people who play it, the
/// velocities of each being all the same.
fn push(packed: &mut Packed, beats: usize, pitch: u8, velocities: &[f32]) {
    let steps = || (0..beats).flat_map(|beat| [(beat, true), (beat, false), (beat, false)]);
    let place = |beat: usize| (beat % 24) as u8 + 1;
    let tokens: Vec<[u8; 4]> = steps()
        .map(
            |(beat, is_beat)| {
                if is_beat { [METRIC, place(beat), 0, 26] } else { [NOTE, place(beat), pitch, 19] }
            },
        )
        .collect();
    let features: Vec<f32> =
        steps().flat_map(|(_, is_beat)| [f32::from(u8::from(!is_beat)); WIDTH]).collect();
    packed.push_score(&tokens, &features);
    let score = packed.scores() - 1;
    for velocity in velocities {
        let values: Vec<[f32; 5]> = steps()
            .map(|(_, is_beat)| {
                if is_beat {
                    [0.25, f32::NAN, f32::NAN, f32::NAN, f32::NAN]
                } else {
                    [f32::NAN, *velocity, 0.0, 0.0, 0.5]
                }
            })
            .collect();
        packed.push_performance(score, &vec![[0; 5]; values.len()], &values);
    }
}

fn windows() -> Windows {
    let mut performed = Packed::new();
    push(&mut performed, 3, 10, &[20.0]);
    push(&mut performed, 40, 20, &[40.0, 60.0]);
    let mut alone = Packed::new();
    push(&mut alone, 30, 50, &[]);
    Windows::new(performed, Some(alone), &SIZES_OF_WINDOW).unwrap()
}

fn written(steps: &Steps, window: usize) -> Vec<&[u8]> {
    let from = window * steps.width * SCORE_COLUMNS;
    steps.written[from..].chunks(SCORE_COLUMNS).take(steps.lengths[window]).collect()
}

#[test]
fn a_batch_is_that_of_its_seed() {
    let windows = windows();
    assert_eq!((windows.performances(), windows.scores()), (3, 3));
    let (one, again, other) = (windows.played(5, 8), windows.played(5, 8), windows.played(6, 8));
    assert_eq!((&one.steps, &one.manners), (&again.steps, &again.manners));
    assert_eq!(format!("{:?}", one.values), format!("{:?}", again.values));
    assert_ne!(one.steps, other.steps);
    assert_eq!(windows.written(5, 8, true), windows.written(5, 8, true));
    assert_ne!(windows.written(5, 8, true), windows.written(6, 8, true));
}

#[test]
fn windows_are_whole_beats_of_one_performance_a_pair() {
    let windows = windows();
    for seed in 0..20 {
        let batch = windows.played(seed, 6);
        let velocity = |window: usize| batch.values[(window * batch.steps.width + 1) * 5 + 1];
        for window in 0..6 {
            let steps = written(&batch.steps, window);
            assert_eq!(steps[0][FAMILY], METRIC);
            // At most 20 steps: six beats of three.
            assert!(steps.len().is_multiple_of(3) && steps.len() <= 18, "{}", steps.len());
            assert!(steps.len() == 18 || batch.steps.ends[window], "a window is short that need not be");
            assert_eq!(velocity(window), velocity(window ^ 1), "a pair is of one performance");
            assert!([window, window ^ 1].contains(&batch.manners[window]));
            let features = &batch.features[window * batch.steps.width * WIDTH..][..2 * WIDTH];
            assert!(
                features[..WIDTH].iter().all(|f| *f == 0.0) && features[WIDTH..].iter().all(|f| *f == 1.0)
            );
        }
    }
    let swapped = (0..100).filter(|seed| windows.played(*seed, 2).manners == [1, 0]).count();
    assert!((30..=70).contains(&swapped), "{swapped} of 100 pairs are swapped");
}

#[test]
fn long_pieces_are_drawn_more_often_but_not_by_their_length() {
    let windows = windows();
    let drawn = (0..1000).flat_map(|seed| windows.played(seed, 2).values.get(6).copied());
    let short = drawn.filter(|velocity| *velocity == 20.0).count();
    // √6 of √6 + 2 √80: 120 of 1,000, give or take three times 10.
    assert!((85..=155).contains(&short), "{short}");
}

#[test]
fn scores_take_turns_and_are_transposed_if_they_are_to_be() {
    let windows = windows();
    let pitch = |steps: &Steps, window: usize| i32::from(written(steps, window)[1][PITCH]);
    let still = windows.written(3, 6, false);
    for window in 0..6 {
        let pitch = pitch(&still, window);
        assert!(if window % 2 == 0 { pitch == 50 } else { pitch == 10 || pitch == 20 }, "{pitch}");
    }
    let moved: Vec<i32> = (0..200).map(|seed| pitch(&windows.written(seed, 1, true), 0) - 50).collect();
    assert!(moved.contains(&-6) && moved.contains(&5) && moved.iter().all(|by| (-6..=5).contains(by)));
    let mut low = vec![NOTE, 1, 2, 19, METRIC, 1, 0, 26];
    for seed in 0..60 {
        transpose(&mut low, &mut Pcg64Mcg::seed_from_u64(seed));
        assert!((1..=88).contains(&low[PITCH]) && low[4..] == [METRIC, 1, 0, 26], "{low:?}");
    }
}

/// More notes in a beat than a window has: the beat all the same, cut at the steps.
#[test]
fn a_beat_that_is_too_long_is_cut() {
    let mut packed = Packed::new();
    let tokens: Vec<[u8; 4]> =
        (0..50).map(|k| if k == 0 { [METRIC, 1, 0, 26] } else { [NOTE, 1, 30, 19] }).collect();
    packed.push_score(&tokens, &[0.0; 50 * WIDTH]);
    let found = super::windows(&packed, 0, &SIZES_OF_WINDOW);
    assert_eq!((found.len(), found[0].clone()), (1, 0..20));
}

#[test]
fn performances_of_nothing_are_refused() {
    let error = Windows::new(Packed::new(), None, &SIZES_OF_WINDOW).err().unwrap().to_string();
    assert_eq!(error, "no performance has notes");
}
