use xmvae::config::{Coherences, NetworkConfig, Scales};

use super::*;

#[test]
fn beta_rises_for_a_fifth_of_the_run() {
    let weighing = Weighing { beta: 0.2, free: 0.05 };
    for (along, beta) in [(0.0, 0.0), (0.1, 0.1), (0.2, 0.2), (0.7, 0.2)] {
        assert!((weighing.at(along).beta - beta).abs() < 1e-12);
    }
    assert_eq!(weighing.at(0.1).free, 0.05);
}

#[test]
fn residuals_are_what_was_not_expected_and_unknown_ones_nothing() {
    let settings = Settings {
        network: NetworkConfig::SMALL,
        feature_schema: String::new(),
        scales: Scales::default(),
        coherence: Coherences::default(),
    };
    let values = [f32::NAN, 80.0, 0.3, -0.5, f32::NAN];
    let found = differences(&values, &[0.1, 64.0, 0.0, 0.0, 0.5], &settings);
    assert_eq!(found, [0.0, 1.0, 4.0, -0.5, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0]);
}

#[test]
fn a_manner_that_says_nothing_is_no_divergence() {
    let device = Device::flex();
    let zeros = || Tensor::<2>::zeros([3, 2], &device);
    let divergence =
        |posterior: Posterior| posterior.divergence().into_data().iter::<f32>().collect::<Vec<f32>>();
    assert_eq!(divergence(Posterior { mean: zeros(), log_variance: zeros() }), [0.0, 0.0]);
    let narrow = divergence(Posterior { mean: zeros() + 1.0, log_variance: zeros() - 4.0 });
    // ½ (1 + e^-4 - 1 + 4)
    assert!(narrow.iter().all(|nats| (nats - 2.009_158).abs() < 1e-4), "{narrow:?}");
}
