//! The arithmetic of what is used.

use xmvae::network::Posterior;

/// A number of a manner is active if the variance of its means from passage to passage is above this (Burda and
/// others, arXiv 1509.00519, section 5.1).
const ACTIVE_VARIANCE: f64 = 0.01;

/// A share of a count; none of nothing.
pub(super) fn share(of: usize, all: usize) -> Option<f64> {
    (all > 0).then(|| of as f64 / all as f64)
}

/// The mean; none of nothing.
pub(super) fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// e to the entropy of how often each is used.
pub(super) fn perplexity(uses: &[usize]) -> Option<f64> {
    let all: usize = uses.iter().sum();
    let entropy = |count: &usize| {
        let share = *count as f64 / all as f64;
        -share * share.ln()
    };
    (all > 0).then(|| uses.iter().filter(|count| **count > 0).map(entropy).sum::<f64>().exp())
}

/// Divergence from the normal distribution around 0 with a deviation of 1, in nats.
pub(super) fn kl_nats(posterior: &Posterior) -> f64 {
    let one = |(mean, deviation): (&f32, &f32)| {
        let (mean, variance) = (f64::from(*mean), f64::from(*deviation).powi(2));
        0.5 * (mean * mean + variance - 1.0 - variance.ln())
    };
    posterior.mean.iter().zip(&posterior.deviation).map(one).sum()
}

/// How many numbers are active, given the means of all passages.
pub(super) fn active(means: &[&[f32]]) -> usize {
    let width = means.iter().map(|mean| mean.len()).min().unwrap_or(0);
    let variance = |k: &usize| {
        let values: Vec<f64> = means.iter().map(|mean| f64::from(mean[*k])).collect();
        let middle = values.iter().sum::<f64>() / values.len() as f64;
        values.iter().map(|value| (value - middle).powi(2)).sum::<f64>() / values.len() as f64
    };
    (0..width).filter(|k| variance(k) > ACTIVE_VARIANCE).count()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn codes_used_alike_are_as_many_as_they_are() {
        assert!((perplexity(&[5, 5, 0, 5, 5]).unwrap() - 4.0).abs() < 1e-9);
        assert!((perplexity(&[7, 0, 0]).unwrap() - 1.0).abs() < 1e-9);
        let uneven = perplexity(&[90, 5, 5]).unwrap();
        assert!((1.0..2.0).contains(&uneven), "{uneven}");
        assert_eq!(perplexity(&[0, 0]), None);
    }

    #[test]
    fn the_prior_itself_diverges_by_nothing() {
        let prior = Posterior { mean: vec![0.0; 3], deviation: vec![1.0; 3] };
        assert!(kl_nats(&prior).abs() < 1e-9);
        let moved = Posterior { mean: vec![2.0, 0.0, 0.0], deviation: vec![1.0; 3] };
        assert!((kl_nats(&moved) - 2.0).abs() < 1e-6);
        let sure = Posterior { mean: vec![0.0], deviation: vec![0.1] };
        assert!((kl_nats(&sure) - 0.5 * (0.01 - 1.0 - 0.01f64.ln())).abs() < 1e-5);
    }

    #[test]
    fn a_number_that_stays_the_same_is_not_active() {
        let means: Vec<Vec<f32>> = (0..10).map(|k| vec![k as f32, 0.7, 0.01 * k as f32]).collect();
        let means: Vec<&[f32]> = means.iter().map(Vec::as_slice).collect();
        assert_eq!(active(&means), 1);
        assert_eq!(active(&[]), 0);
    }

    #[test]
    fn shares_and_means_of_nothing_are_none() {
        assert_eq!((share(1, 4), share(0, 0)), (Some(0.25), None));
        assert_eq!((mean(&[1.0, 2.0]), mean(&[])), (Some(1.5), None));
    }
}
