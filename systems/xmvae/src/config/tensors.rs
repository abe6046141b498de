//! Names and sizes of the weights.

use neural::layers::LayerSizes;

use super::{NetworkConfig, PERFORMANCE_SIZES, SCORE_SIZES};

impl NetworkConfig {
    /// Name and sizes of every tensor of the weights.
    pub fn tensors(&self) -> Vec<(String, Vec<usize>)> {
        tensors(self)
    }

    /// Numbers in the network.
    pub fn parameters(&self) -> usize {
        self.tensors().iter().map(|(_, sizes)| sizes.iter().product::<usize>()).sum()
    }
}

/// Name and sizes of every tensor, those of linear layers `[inputs, outputs]`.
fn tensors(n: &NetworkConfig) -> Vec<(String, Vec<usize>)> {
    let mut list = List(Vec::new());
    let hidden = n.hidden;
    for table in ["composer", "score"] {
        for (column, values) in SCORE_SIZES {
            list.add(format!("{table}.embedding.{column}.weight"), &[values, hidden]);
        }
    }
    let layers = n.layers;
    let stacks = [
        ("composer_encoder", layers.composer_encoder),
        ("composer_decoder", layers.composer_decoder),
        ("score", layers.score),
        ("manner", layers.manner),
        ("performance", layers.performance),
    ];
    for (stack, count) in stacks {
        for layer in 0..count {
            list.layer(&format!("{stack}.layers.{layer}"), &n.layer(), n.beat_attention);
        }
        list.add(format!("{stack}.norm.gamma"), &[hidden]);
    }
    for layer in 0..layers.performance {
        list.add(format!("performance.layers.{layer}.latent.weight"), &[n.latent, hidden]);
    }
    list.add("composer_encoder.code.weight", &[hidden, n.code_width]);
    list.add("codebook.weight", &[n.codes, n.code_width]);
    list.add("composer_decoder.code.weight", &[n.code_width, hidden]);
    list.add("score.features.weight", &[n.features, hidden]);
    list.add("score.code.weight", &[n.code_width, hidden]);
    list.add("manner.values.weight", &[2 * PERFORMANCE_SIZES.len(), hidden]);
    for name in ["manner.mean", "manner.log_variance"] {
        list.affine(name, hidden, n.latent);
    }
    let code = [("code", n.codes + 1)];
    list.sub_tokens("score_sub", n, &SCORE_SIZES.iter().chain(&code).copied().collect::<Vec<_>>());
    list.sub_tokens("performance_sub", n, &PERFORMANCE_SIZES);
    if n.line {
        list.line(n);
    }
    list.0
}

struct List(Vec<(String, Vec<usize>)>);

impl List {
    fn add(&mut self, name: impl Into<String>, sizes: &[usize]) {
        self.0.push((name.into(), sizes.to_vec()));
    }

    fn affine(&mut self, name: &str, inputs: usize, outputs: usize) {
        self.add(format!("{name}.weight"), &[inputs, outputs]);
        self.add(format!("{name}.bias"), &[outputs]);
    }

    fn layer(&mut self, name: &str, sizes: &LayerSizes, has_beat: bool) {
        let (hidden, wide) = (sizes.hidden, sizes.heads * sizes.head);
        for part in ["attention", "beat"].into_iter().take(1 + usize::from(has_beat)) {
            let name = format!("{name}.{part}");
            self.add(format!("{name}.before.gamma"), &[hidden]);
            for projection in ["query", "key", "value"] {
                self.add(format!("{name}.{projection}.weight"), &[hidden, wide]);
            }
            self.add(format!("{name}.out.weight"), &[wide, hidden]);
            self.add(format!("{name}.after.gamma"), &[hidden]);
        }
        let name = format!("{name}.forward");
        self.add(format!("{name}.before.gamma"), &[hidden]);
        self.add(format!("{name}.gate.weight"), &[hidden, sizes.feed_forward]);
        self.add(format!("{name}.up.weight"), &[hidden, sizes.feed_forward]);
        self.add(format!("{name}.down.weight"), &[sizes.feed_forward, hidden]);
        self.add(format!("{name}.after.gamma"), &[hidden]);
    }

    /// The line, and what rows do to it.
    fn line(&mut self, n: &NetworkConfig) {
        let columns = PERFORMANCE_SIZES.len();
        self.affine("line.mean", n.features, columns);
        self.add("line.deviation", &[columns]);
        let width = if n.sub_token_decoder { n.sub_hidden } else { n.hidden };
        for (column, _) in PERFORMANCE_SIZES {
            self.affine(&format!("line.moves.{column}"), width, 2);
        }
    }

    /// A decoder across the sub-tokens of a step. Nothing comes after the last, so it has no embedding.
    fn sub_tokens(&mut self, name: &str, n: &NetworkConfig, columns: &[(&str, usize)]) {
        let width = if n.sub_token_decoder { n.sub_hidden } else { n.hidden };
        for (column, values) in columns {
            self.affine(&format!("{name}.out.{column}"), width, *values);
        }
        if !n.sub_token_decoder {
            return;
        }
        self.add(format!("{name}.state.weight"), &[n.hidden, width]);
        for (column, values) in &columns[..columns.len() - 1] {
            self.add(format!("{name}.embedding.{column}.weight"), &[*values, width]);
        }
        for layer in 0..n.sub_layers {
            self.layer(&format!("{name}.layers.{layer}"), &n.sub_layer(), false);
        }
        self.add(format!("{name}.norm.gamma"), &[width]);
    }
}
