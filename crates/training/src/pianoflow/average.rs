//! The mean of the weights of several models (Wortsman and others, "Model soups", ICML 2022, section
//! 2): runs that began at the same weights can be averaged, and what each learned by heart alone
//! fades.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use burn::tensor::Device;
use performers::pianoflow::weights;

use super::ema::Ema;

/// Writes the mean of `models`; what is no weight is the first one's.
pub fn average(models: &[PathBuf], out: &Path) -> Result<()> {
    let device = Device::flex().autodiff();
    let (first, others) = models.split_first().context("an average needs a model")?;
    let (network, settings) = weights::load(first, &device)?;
    let mut mean = Ema::new(&network);
    for (k, other) in others.iter().enumerate() {
        let (network, theirs) = weights::load(other, &device)?;
        ensure!(
            theirs.network.clone().with_dropout(settings.network.dropout) == settings.network,
            "the networks of {} and {} differ in size",
            first.display(),
            other.display()
        );
        mean.update(&network, 1.0 - 1.0 / (k + 2) as f64);
    }
    weights::save(&mean.network, &settings, out)?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use burn::module::{Module, ModuleVisitor, Param};
    use burn::tensor::Tensor;
    use performers::pianoflow::network::NetworkConfig;
    use performers::pianoflow::settings::{Sampling, Scaling, Settings};
    use performers::pianoflow::{features, values};

    struct Numbers(Vec<f32>);

    impl ModuleVisitor for Numbers {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.0.extend(param.val().into_data().iter::<f32>());
        }
    }

    fn numbers(folder: &Path) -> Vec<f32> {
        let mut numbers = Numbers(Vec::new());
        weights::load(folder, &Device::flex()).unwrap().0.visit(&mut numbers);
        numbers.0
    }

    fn model(folder: &Path, hidden: usize) -> PathBuf {
        let network = NetworkConfig::new(features::WIDTH, values::WIDTH)
            .with_hidden(hidden)
            .with_layers(2)
            .with_heads(2)
            .with_feed_forward(1)
            .with_condition(3)
            .with_condition_blocks([1, 2]);
        let scaling = Scaling { mean: [0.5; values::WIDTH], deviation: [1.5; values::WIDTH] };
        let network = (network.init(&Device::flex()), network);
        let (level, sampling) = (None, Sampling::default());
        let settings = Settings { network: network.1, scaling, level, mood: None, sampling };
        weights::save(&network.0, &settings, folder).unwrap();
        folder.to_owned()
    }

    #[test]
    fn every_weight_is_the_mean_of_three() {
        let folder = tempfile::tempdir().unwrap();
        let models = ["a", "b", "c"].map(|name| model(&folder.path().join(name), 8));
        let out = folder.path().join("mean");
        average(&models, &out).unwrap();
        let [a, b, c] = models.each_ref().map(|m| numbers(m));
        let mean = numbers(&out);
        assert!(mean.len() > 1000 && a != b && b != c);
        for (k, mean) in mean.iter().enumerate() {
            let expected = (a[k] + b[k] + c[k]) / 3.0;
            assert!((mean - expected).abs() < 1e-3, "{mean} for {expected}");
        }
        let other = model(&folder.path().join("other"), 16);
        let error = average(&[models[0].clone(), other], &out).unwrap_err().to_string();
        assert!(error.contains("differ in size"), "{error}");
    }
}
