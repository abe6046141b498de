#![allow(clippy::unwrap_used)]

use super::*;

fn settings() -> Settings {
    Settings {
        network: NetworkConfig::SMALL,
        feature_schema: features::schema(),
        scales: Scales::default(),
        coherence: Coherences::default(),
    }
}

fn check(change: impl Fn(&mut Settings)) -> Result<Settings, String> {
    let mut settings = settings();
    change(&mut settings);
    parse(&serde_json::to_vec(&settings).unwrap())
}

/// Weights of a layer over steps: four matrices of attention twice, three of the feed-forward, six norms.
fn layer(n: &NetworkConfig) -> usize {
    let wide = n.heads * n.head;
    2 * 4 * n.hidden * wide + 3 * n.hidden * n.feed_forward + 6 * n.hidden
}

#[test]
fn what_ablations_take_away_is_what_they_are_without() {
    let (small, proposed) = (NetworkConfig::SMALL, NetworkConfig::PROPOSED);
    for sizes in [&small, &proposed] {
        let l = sizes.layers;
        let layers = l.composer_encoder + l.composer_decoder + l.score + l.manner + l.performance;
        let without_beats = NetworkConfig { beat_attention: false, ..sizes.clone() };
        let beat = 4 * sizes.hidden * sizes.heads * sizes.head + 2 * sizes.hidden;
        assert_eq!(sizes.parameters() - without_beats.parameters(), layers * beat);
        let without_line = NetworkConfig { line: false, ..sizes.clone() };
        let line = (sizes.features + 2) * 5 + 5 * (2 * sizes.sub_hidden + 2);
        assert_eq!(sizes.parameters() - without_line.parameters(), line);
        let without_layers = NetworkConfig { layers: no_layers(), ..sizes.clone() };
        let latent = l.performance * sizes.latent * sizes.hidden;
        assert_eq!(sizes.parameters() - without_layers.parameters(), layers * layer(sizes) + latent);
        let without_sub_tokens = NetworkConfig { sub_token_decoder: false, ..sizes.clone() };
        let left = without_sub_tokens.tensors();
        assert!(
            !left.iter().any(|(name, _)| name.contains("_sub.layers") || name.contains("_sub.embedding"))
        );
        assert!(left.contains(&("score_sub.out.code.weight".into(), vec![sizes.hidden, sizes.codes + 1])));
    }
    // In half precision, far below the 40 MB that weights may have.
    assert!((2_000_000..3_500_000).contains(&small.parameters()), "{}", small.parameters());
    assert!(small.parameters() < proposed.parameters());
}

fn no_layers() -> Layers {
    Layers { composer_encoder: 0, composer_decoder: 0, score: 0, manner: 0, performance: 0 }
}

#[test]
fn names_of_tensors_are_different() {
    let mut names: Vec<String> = NetworkConfig::SMALL.tensors().into_iter().map(|(name, _)| name).collect();
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn impossible_settings_are_refused() {
    assert_eq!(check(|_| {}).unwrap(), settings());
    let sizes: [fn(&mut NetworkConfig); 7] = [
        |n| n.hidden = 0,
        |n| n.head = 3,
        |n| n.sub_heads = 3,
        |n| n.codes = 70_000,
        |n| n.layers.score = 100,
        |n| n.rotary_base = 0.5,
        |n| n.window = 8,
    ];
    for change in sizes {
        let error = check(|s| change(&mut s.network)).unwrap_err();
        assert_eq!(error, "the model's settings give impossible sizes");
    }
    let error = check(|s| s.network.features = 7).unwrap_err();
    assert!(error.starts_with("the model reads 7 features, this version of the app has "), "{error}");
    let error = check(|s| s.feature_schema = "0".into()).unwrap_err();
    assert!(error.starts_with("the model was trained on other features of scores (schema `0`)"), "{error}");
    let error = check(|s| s.scales.timing = 0.0).unwrap_err();
    assert_eq!(error, "the model's settings divide by impossible scales");
    let error = check(|s| s.coherence.velocity.chord = 2.0).unwrap_err();
    assert_eq!(error, "the model's settings ask for an impossible coherence");
    assert!(parse(b"{").unwrap_err().starts_with("the model's settings are damaged"));
}

#[test]
fn missing_settings_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let error = super::settings(folder.path()).unwrap_err();
    assert!(error.what.starts_with("the model's settings cannot be read: "), "{error}");
    assert_eq!(error.path, folder.path().join(SETTINGS_NAME));
}

/// A model that says nothing of how coherent chance is has what people have.
#[test]
fn coherence_may_be_left_out() {
    let mut json = serde_json::to_value(settings()).unwrap();
    json.as_object_mut().unwrap().remove("coherence");
    assert_eq!(parse(json.to_string().as_bytes()).unwrap(), settings());
    assert!(settings().coherence.all().iter().all(Coherence::is_possible));
}
