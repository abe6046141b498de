//! The model's `config.json`: sizes of the network and how it plays.

use neural::layers::LayerSizes;
use serde::{Deserialize, Serialize};

use crate::tokens::{Chords, SLOTS, VOCABULARY};

/// Sizes of the network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NetworkConfig {
    /// Width of a position.
    pub hidden: usize,
    /// Width within the feed-forward.
    pub feed_forward: usize,
    /// Heads of queries.
    pub heads: usize,
    /// Heads of keys and values; each serves as many heads of queries.
    pub key_value_heads: usize,
    /// Width of a head; even, for the pairs of the rotary positions.
    pub head: usize,
    /// Layers of the encoder.
    pub encoder_layers: usize,
    /// Layers of the decoder.
    pub decoder_layers: usize,
    /// Base of the rotary positions (Su and others, arXiv 2104.09864, section 3.2).
    pub rotary_base: f64,
}

impl NetworkConfig {
    /// The sizes of the published model.
    pub const PUBLISHED: Self = Self {
        hidden: 768,
        feed_forward: 3072,
        heads: 8,
        key_value_heads: 4,
        head: 128,
        encoder_layers: 10,
        decoder_layers: 2,
        rotary_base: 10_000.0,
    };

    /// Sizes of each layer of both stacks.
    pub fn layer(&self) -> LayerSizes {
        let Self { hidden, feed_forward, heads, key_value_heads, head, .. } = *self;
        LayerSizes { hidden, feed_forward, heads, key_value_heads, head }
    }

    /// Name and sizes of every tensor of the weights.
    pub fn tensors(&self) -> Vec<(String, Vec<usize>)> {
        let hidden = self.hidden;
        let (wide, narrow) = (self.heads * self.head, self.key_value_heads * self.head);
        let mut tensors = Vec::new();
        let mut add = |name: String, sizes: &[usize]| tensors.push((name, sizes.to_vec()));
        for (stack, layers) in [("encoder", self.encoder_layers), ("decoder", self.decoder_layers)] {
            add(format!("{stack}.embedding.weight"), &[VOCABULARY, hidden]);
            add(format!("{stack}.norm.gamma"), &[hidden]);
            for layer in 0..layers {
                let attentions: &[&str] =
                    if stack == "encoder" { &["attention"] } else { &["attention", "cross"] };
                for name in attentions.iter().map(|part| format!("{stack}.layers.{layer}.{part}")) {
                    add(format!("{name}.before.gamma"), &[hidden]);
                    add(format!("{name}.query.weight"), &[hidden, wide]);
                    add(format!("{name}.key.weight"), &[hidden, narrow]);
                    add(format!("{name}.value.weight"), &[hidden, narrow]);
                    add(format!("{name}.out.weight"), &[wide, hidden]);
                    add(format!("{name}.after.gamma"), &[hidden]);
                }
                let name = format!("{stack}.layers.{layer}.forward");
                add(format!("{name}.before.gamma"), &[hidden]);
                add(format!("{name}.gate.weight"), &[hidden, self.feed_forward]);
                add(format!("{name}.up.weight"), &[hidden, self.feed_forward]);
                add(format!("{name}.down.weight"), &[self.feed_forward, hidden]);
                add(format!("{name}.after.gamma"), &[hidden]);
            }
        }
        for slot in 0..SLOTS {
            add(format!("encoder.slots.{slot}.weight"), &[hidden, hidden / SLOTS]);
            add(format!("encoder.slots.{slot}.bias"), &[hidden / SLOTS]);
        }
        tensors
    }

    /// Numbers in the network.
    pub fn parameters(&self) -> usize {
        self.tensors().iter().map(|(_, sizes)| sizes.iter().product::<usize>()).sum()
    }
}

/// How the network plays a score of any length.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Playing {
    /// Notes that the encoder reads at once.
    pub window: usize,
    /// Notes at the start of a window that stay as they were played.
    pub prefix: usize,
    /// Notes at the end of a window that are read but played in the next one.
    pub lookahead: usize,
    /// In which order the notes of a chord are played.
    #[serde(default)]
    pub chords: Chords,
}

impl Playing {
    /// In windows of so many notes. As in the published program, they overlap by half, and the last fifth
    /// of the overlap is played anew.
    pub fn in_windows(window: usize, chords: Chords) -> Self {
        // Two fifths and a tenth, to the nearest.
        Self { window, prefix: (2 * window + 2) / 5, lookahead: (window + 5) / 10, chords }
    }
}

impl Default for Playing {
    /// As published: in windows of 512 notes.
    fn default() -> Self {
        Self::in_windows(512, Chords::default())
    }
}

/// The model's `config.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Sizes.
    pub network: NetworkConfig,
    /// How it plays.
    #[serde(default)]
    pub playing: Playing,
}

/// Reads and checks `config.json`.
///
/// # Errors
/// What is wrong with it, as a sentence for people.
pub fn parse(json: &[u8]) -> Result<Settings, String> {
    let settings: Settings =
        serde_json::from_slice(json).map_err(|e| format!("the model's settings are damaged: {e}"))?;
    let n = &settings.network;
    let sizes = [n.hidden, n.feed_forward, n.heads, n.key_value_heads, n.head, n.decoder_layers];
    let sane = sizes.iter().all(|size| (1..=8192).contains(size))
        && n.encoder_layers <= 64
        && n.decoder_layers <= 64
        && n.hidden.is_multiple_of(SLOTS)
        && n.heads.is_multiple_of(n.key_value_heads)
        && n.head.is_multiple_of(2)
        && n.rotary_base >= 1.0;
    if !sane {
        return Err("the model's settings give impossible sizes".into());
    }
    let p = &settings.playing;
    if !(16..=4096).contains(&p.window) || p.prefix.saturating_add(p.lookahead) >= p.window {
        return Err("the model's settings ask for an impossible way of playing".into());
    }
    Ok(settings)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The published file has 135.74 M numbers. Among them are three tables that its program never
    /// uses: a second embedding of the encoder, and outside the encoder one more with projections.
    #[test]
    fn published_sizes_give_the_published_number_of_parameters() {
        let published = NetworkConfig::PUBLISHED;
        let embedding = VOCABULARY * published.hidden;
        let projections = (published.hidden + 1) * published.hidden;
        let unused = 2 * embedding + projections;
        assert_eq!(published.parameters() + unused, 135_742_464);
        assert_eq!(published.parameters(), 126_874_368);
    }

    #[test]
    fn published_windows_overlap_by_half() {
        let published = Playing { window: 512, prefix: 205, lookahead: 51, chords: Chords::LowestFirst };
        assert_eq!(Playing::default(), published);
        let small = Playing::in_windows(128, Chords::HighestFirst);
        assert_eq!((small.prefix, small.lookahead), (51, 13));
    }

    /// Training once kept its dropout there.
    #[test]
    fn what_is_unknown_is_passed_over() {
        let settings = Settings { network: NetworkConfig::PUBLISHED, playing: Playing::default() };
        let mut json = serde_json::to_value(&settings).unwrap();
        json["network"]["dropout"] = serde_json::json!(0.1);
        assert_eq!(parse(json.to_string().as_bytes()).unwrap(), settings);
    }

    #[test]
    fn impossible_settings_are_refused() {
        let settings = Settings { network: NetworkConfig::PUBLISHED, playing: Playing::default() };
        let check = |change: fn(&mut Settings)| {
            let mut settings = settings.clone();
            change(&mut settings);
            parse(&serde_json::to_vec(&settings).unwrap())
        };
        assert_eq!(check(|_| {}).unwrap(), settings);
        let sizes: [fn(&mut Settings); 6] = [
            |s| s.network.hidden = 0,
            |s| s.network.hidden = 1_000_000,
            |s| s.network.hidden = 12,
            |s| s.network.key_value_heads = 3,
            |s| s.network.head = 3,
            |s| s.network.decoder_layers = 0,
        ];
        for change in sizes {
            assert_eq!(check(change).unwrap_err(), "the model's settings give impossible sizes");
        }
        let error = check(|s| s.playing.prefix = 480).unwrap_err();
        assert!(error.contains("way of playing"), "{error}");
        assert!(parse(b"{").unwrap_err().starts_with("the model's settings are damaged"));
    }
}
