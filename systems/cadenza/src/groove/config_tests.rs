#![allow(clippy::unwrap_used)]

use super::*;

fn settings() -> Settings {
    let coherence = Coherence { chord: 0.5, take: 0.2, quarters: 2.0 };
    let coherence = Coherences { velocity: coherence, timing: Coherence::default() };
    Settings {
        network: NetworkConfig::SMALL,
        styles: vec!["classical".into(), "pop".into()],
        coherence: [("classical".to_owned(), coherence)].into(),
        signs: [("pop".to_owned(), 0.25)].into(),
    }
}

fn parsed(change: fn(&mut Settings)) -> Result<Settings, String> {
    let mut settings = settings();
    change(&mut settings);
    parse(&serde_json::to_vec(&settings).unwrap())
}

#[test]
fn impossible_settings_are_refused() {
    assert_eq!(parsed(|_| {}).unwrap(), settings());
    let sizes: [fn(&mut Settings); 5] = [
        |s| s.network.hidden = 0,
        |s| s.network.feed_forward = 1_000_000,
        |s| s.network.head = 3,
        |s| s.network.layers = 65,
        |s| s.network.window = 8,
    ];
    for change in sizes {
        assert_eq!(parsed(change).unwrap_err(), "the model's settings give impossible sizes");
    }
    assert!(parsed(|s| s.styles.clear()).unwrap_err().contains("styles"));
    let coherences: [fn(&mut Coherence); 3] = [|c| c.chord = 1.5, |c| c.take = 0.6, |c| c.quarters = 0.0];
    for change in coherences {
        let mut settings = settings();
        settings.coherence.values_mut().for_each(|c| change(&mut c.velocity));
        let error = parse(&serde_json::to_vec(&settings).unwrap()).unwrap_err();
        assert!(error.contains("coherence"), "{error}");
    }
    for share in [-0.1, 1.1] {
        let mut settings = settings();
        settings.signs.insert("pop".into(), share);
        let error = parse(&serde_json::to_vec(&settings).unwrap()).unwrap_err();
        assert!(error.contains("signs"), "{error}");
    }
    assert!(parse(b"{").unwrap_err().starts_with("the model's settings are damaged"));
}

#[test]
fn signs_count_as_learned_where_nothing_is_said() {
    assert_eq!(settings().signs_of_styles(), [1.0, 0.25]);
}

/// BERT's base has 85,054,464 numbers in its 12 layers of width 768 (Devlin and others, NAACL 2019, whose encoder
/// the paper takes over). Ours have one more matrix, for the gate; no biases (theirs: five of the width and one of
/// the feed-forward's a layer); and norms with a factor alone.
#[test]
fn the_published_layers_are_those_of_bert_with_a_gate() {
    let published = NetworkConfig::PUBLISHED;
    let none = NetworkConfig { layers: 0, ..published };
    let layers = published.parameters(2) - none.parameters(2);
    let (gate, biases, shifts) = (768 * 3072, 5 * 768 + 3072, 2 * 768);
    assert_eq!(layers, 85_054_464 + 12 * gate - 12 * (biases + shifts));
}

#[test]
fn the_model_that_comes_with_us_has_about_a_million_numbers() {
    let parameters = NetworkConfig::SMALL.parameters(2);
    assert!((900_000..1_300_000).contains(&parameters), "{parameters}");
}
