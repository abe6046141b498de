#![allow(clippy::unwrap_used)]

use xmvae::network::line_says;

use super::*;

/// A number that follows no rule, -.5 to .5.
fn number(k: usize) -> f32 {
    (k * 7919 % 1009) as f32 / 1009.0 - 0.5
}

/// Scores of forty beats of two notes each; the first feature makes notes loud and beats slow, the second does nothing,
/// and eight people play each at levels of their own.
fn packed() -> Packed {
    let mut packed = Packed::new();
    for score in 0..6 {
        let (mut tokens, mut features, mut first) = (Vec::new(), Vec::new(), Vec::new());
        for step in 0..120_usize {
            let is_beat = step.is_multiple_of(3);
            tokens.push(if is_beat { [METRIC, 1, 0, 26] } else { [NOTE, 1, 40, 26] });
            let mut row = vec![0.0; WIDTH];
            if !is_beat {
                // What half precision holds exactly.
                row[0] = (64.0 * number(step + 131 * score)).round() / 64.0;
                row[1] = (64.0 * number(7 * step + score)).round() / 64.0;
            }
            first.push(row[0]);
            features.extend(row);
        }
        packed.push_score(&tokens, &features);
        for person in 0..8 {
            let level = number(score * 8 + person);
            let of_step = |step: usize| {
                let unknown = f32::NAN;
                match step % 3 {
                    0 => [
                        (first[step + 1] + first[step + 2]) / 2.0 + 0.2 * level,
                        unknown,
                        unknown,
                        unknown,
                        unknown,
                    ],
                    1 if step == 61 => [unknown; 5],
                    _ => [unknown, 64.0 + 32.0 * first[step] + 8.0 * level, 0.0, -0.5, 0.5],
                }
            };
            let values: Vec<[f32; 5]> = (0..120).map(of_step).collect();
            packed.push_performance(score, &vec![[0; 5]; values.len()], &values);
        }
    }
    packed
}

#[test]
fn the_line_tells_what_features_say() {
    let packed = packed();
    let fitted = fit(&packed);
    let features = packed.features(0..120);
    let families: Vec<u8> = (0..120).map(|step| packed.score_tokens[step * SCORE_COLUMNS]).collect();
    let said = line_says(&fitted.weights, fitted.bias, &features, &families);
    let first = |step: usize| features[step * WIDTH];
    // An eighth of the bins of velocity is 16, of beat periods .503125.
    let notes = || (0..120_usize).filter(|step| !step.is_multiple_of(3));
    let loud: Vec<f32> = notes().map(|step| said[step][1]).collect();
    let wanted: Vec<f32> = notes().map(|step| 2.0 * first(step)).collect();
    let of = |values: &[f32], wanted: &[f32]| {
        let mean = |numbers: &[f32]| numbers.iter().sum::<f32>() / numbers.len() as f32;
        let (a, b) = (mean(values), mean(wanted));
        let both = values.iter().zip(wanted).map(|(v, w)| (v - a) * (w - b)).sum::<f32>();
        let square = wanted.iter().map(|w| (w - b).powi(2)).sum::<f32>();
        both / square
    };
    // The pull of 48 performances takes 4 % away.
    assert!((of(&loud, &wanted) - 0.96).abs() < 0.03, "{}", of(&loud, &wanted));
    let slow: Vec<f32> = (0..40).map(|beat| said[3 * beat][0]).collect();
    let means: Vec<f32> =
        (0..40).map(|beat| (first(3 * beat + 1) + first(3 * beat + 2)) / 2.0 / 0.503_125).collect();
    assert!((of(&slow, &means) - 0.96).abs() < 0.03, "{}", of(&slow, &means));
    assert!(fitted.weights[1].iter().all(|weight| weight.abs() < 0.02), "{:?}", fitted.weights[1]);
    // What is left of velocities is how people differ: 8 times a deviation of .29, of 16.
    let deviation = fitted.deviation[1].exp();
    assert!((0.1..0.25).contains(&deviation), "{deviation}");
    // Timing is always the same: half of one of 41 bins.
    assert!((fitted.deviation[2].exp() - 4.0 / 41.0).abs() < 1e-4, "{}", fitted.deviation[2].exp());
}

#[test]
fn nothing_is_fitted_to_nothing() {
    let mut packed = Packed::new();
    packed.push_score(&[[METRIC, 1, 0, 26], [NOTE, 1, 40, 26]], &[0.0; 2 * WIDTH]);
    let fitted = fit(&packed);
    assert_eq!(fitted.bias, [0.0; PERFORMANCE_COLUMNS]);
    assert!(fitted.weights.iter().flatten().chain(&fitted.deviation).all(|number| *number == 0.0));
}
