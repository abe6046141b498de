#![allow(clippy::unwrap_used)]

use super::*;

/// Numbers of a plain transformer's layer: four matrices of attention, two of the feed-forward.
fn plain_layer(hidden: usize, feed_forward: usize) -> usize {
    4 * hidden * hidden + 2 * hidden * feed_forward
}

/// The paper counts 142 M for Composer and performer together and gives 12 + 12 layers of width 512 for the
/// one, 12 layers of width 768 for the other, but no feed-forward. With one of 2,048 in both, as in the
/// transformers that both are after, the matrices of the layers alone come to 141.6 M.
#[test]
fn published_sizes_give_the_published_number_of_parameters() {
    let layers = 24 * plain_layer(512, 2048) + 12 * plain_layer(768, 2048);
    assert_eq!(layers, 141_557_760);
    let composer = NetworkConfig::PUBLISHED.parameters();
    assert_eq!(composer, 76_784_896);
    // Besides its layers the Composer has embeddings, norms, the latent vector's matrices.
    assert!(composer.abs_diff(24 * plain_layer(512, 2048)) < 1_300_000);
}

fn settings() -> Settings {
    let vocabulary = PerTok::new(written()).unwrap().vocabulary().size();
    Settings {
        network: NetworkConfig { vocabulary, ..NetworkConfig::PUBLISHED },
        tokens: written(),
        longest: 384,
    }
}

#[test]
fn there_are_tokens_for_what_scores_have() {
    let pertok = PerTok::new(written()).unwrap();
    // Special ones, bar line, keys; 47 thirty-seconds, 24 triplets between them, 6 to 12 quarters; metres.
    assert_eq!(pertok.vocabulary().size(), 4 + 1 + 88 + (47 + 24 + 7) + (1 + 47 + 24 + 7) + 21);
    assert_eq!(ends(&pertok), [1, 2]);
}

#[test]
fn impossible_settings_are_refused() {
    let check = |change: fn(&mut Settings)| {
        let mut settings = settings();
        change(&mut settings);
        parse(&serde_json::to_vec(&settings).unwrap()).map(|(settings, _)| settings)
    };
    assert_eq!(check(|_| {}).unwrap(), settings());
    let sizes: [fn(&mut Settings); 6] = [
        |s| s.network.hidden = 0,
        |s| s.network.latent = 1_000_000,
        |s| s.network.head = 3,
        |s| s.network.decoder_layers = 0,
        |s| s.network.rotary_base = 0.5,
        |s| s.longest = 0,
    ];
    for change in sizes {
        assert_eq!(check(change).unwrap_err(), "the model's settings give impossible sizes");
    }
    let error = check(|s| s.tokens.pitches = (90, 30)).unwrap_err();
    assert!(error.contains("impossible tokens: pitches 90 to 30"), "{error}");
    let error = check(|s| s.network.vocabulary = 7).unwrap_err();
    assert_eq!(error, "the model's settings name 7 tokens, and there are 271 of such tokens");
    assert!(parse(b"{").unwrap_err().starts_with("the model's settings are damaged"));
}
