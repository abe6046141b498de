//! One model of several.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use burn::tensor::Device;
use pianoflow::network::Network;
use pianoflow::settings::Settings;
use pianoflow::weights;

use super::ema::Ema;

/// Writes the mean of the weights of `models` (Wortsman and others, "Model soups", ICML 2022, section
/// 2): runs that began at the same weights can be averaged, and what each learned by heart alone
/// fades. What is no weight is the first one's.
pub fn average(models: &[PathBuf], out: &Path) -> Result<()> {
    let device = Device::flex().autodiff();
    let (first, others) = models.split_first().context("an average needs a model")?;
    let (network, settings) = only(first, &device)?;
    let mut mean = Ema::new(&network);
    for (k, other) in others.iter().enumerate() {
        let (network, theirs) = only(other, &device)?;
        ensure!(
            same_size(&settings, &theirs),
            "the networks of {} and {} differ in size",
            first.display(),
            other.display()
        );
        mean.update(&network, 1.0 - 1.0 / (k + 2) as f64);
    }
    weights::save(&[mean.network], &settings, out)?;
    Ok(())
}

/// The network of a model that has but one.
fn only(model: &Path, device: &Device) -> Result<(Network, Settings)> {
    let (networks, settings) = weights::load(model, device)?;
    let [network] = <[Network; 1]>::try_from(networks)
        .map_err(|several| anyhow!("{} has {} networks, not one", model.display(), several.len()))?;
    Ok((network, settings))
}

/// Puts the networks of several models side by side into one model, whose velocity field is the mean
/// of theirs (Lakshminarayanan and others, "Deep ensembles", NeurIPS 2017): networks that began at
/// other seeds err differently. What is no weight is the first model's.
pub fn ensemble(models: &[PathBuf], out: &Path) -> Result<()> {
    let device = Device::flex();
    let mut networks = Vec::new();
    let mut settings: Option<Settings> = None;
    for model in models {
        let (theirs, with) = weights::load(model, &device)?;
        if let Some(first) = &settings {
            ensure!(same_size(first, &with), "the networks of {} differ in size", model.display());
            ensure!(
                first.scaling == with.scaling,
                "{} was trained on other performances: its values are scaled differently",
                model.display()
            );
        }
        settings.get_or_insert(with);
        networks.extend(theirs);
    }
    let settings = settings.context("an ensemble needs a model")?;
    weights::save(&networks, &settings, out)?;
    Ok(())
}

/// Dropout does not count: it is for training.
fn same_size(a: &Settings, b: &Settings) -> bool {
    b.network.clone().with_dropout(a.network.dropout) == a.network
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use analysis::features;
    use burn::module::{Module, ModuleVisitor, Param};
    use burn::tensor::Tensor;
    use pianoflow::network::NetworkConfig;
    use pianoflow::settings::{Sampling, Scaling};
    use pianoflow::values;

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
        let (beat_period, sampling) = (None, Sampling::default());
        let settings = Settings {
            network: network.1,
            feature_schema: features::schema(),
            networks: 1,
            scaling,
            beat_period,
            mood: None,
            spread: None,
            variety: None,
            sampling,
        };
        weights::save(&[network.0], &settings, folder).unwrap();
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
    #[test]
    fn an_ensemble_keeps_every_network_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let models = ["a", "b"].map(|name| model(&folder.path().join(name), 8));
        let out = folder.path().join("both");
        ensemble(&models, &out).unwrap();
        let [a, b] = models.each_ref().map(|m| numbers(m));
        assert_eq!(numbers(&out), [a, b].concat());
        let of_both = average(&[out.clone(), models[0].clone()], &folder.path().join("mean"));
        assert!(of_both.unwrap_err().to_string().contains("has 2 networks"));
        let other = model(&folder.path().join("other"), 16);
        let error = ensemble(&[models[0].clone(), other], &out).unwrap_err().to_string();
        assert!(error.contains("differ in size"), "{error}");
    }
}
