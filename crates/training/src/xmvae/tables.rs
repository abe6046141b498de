//! Tables of sub-tokens, and the layers that tell one sub-token of a step after another.

use burn::module::Module;
use burn::nn::{Embedding, Linear, RmsNorm};
use burn::tensor::{Device, Int, Tensor};
use xmvae::config::{NetworkConfig, SCORE_SIZES};

use super::layers::{Layer, Seen, Sight, affine, linear, norm, table};
use crate::rotary::Turns;

/// What layers that tell values begin at, of the deviation of others: all values are about as likely.
const TELLING: f64 = 0.1;

/// Deviation of the numbers of tables of sub-tokens that are told. They begin small, since every step of training moves
/// all numbers as far: rows of a deviation of one would stay what chance made them for hundreds of steps.
const TOLD: f64 = 0.1;

/// The same of tables whose rows are summed: four of them make one.
const SUMMED: f64 = 0.5 * TOLD;

/// Tables for what is written of a step, whose rows are summed.
#[derive(Module, Debug)]
pub(super) struct Written {
    family: Embedding,
    position: Embedding,
    pitch: Embedding,
    duration: Embedding,
}

/// Tables of rows, by the names of sub-tokens; only those that there are.
#[derive(Module, Debug)]
struct Tables {
    family: Option<Embedding>,
    position: Option<Embedding>,
    pitch: Option<Embedding>,
    duration: Option<Embedding>,
    beat_period: Option<Embedding>,
    velocity: Option<Embedding>,
    timing: Option<Embedding>,
    articulation: Option<Embedding>,
}

/// From rows to logits, by the names of sub-tokens; only those that there are.
#[derive(Module, Debug)]
struct Heads {
    family: Option<Linear>,
    position: Option<Linear>,
    pitch: Option<Linear>,
    duration: Option<Linear>,
    code: Option<Linear>,
    beat_period: Option<Linear>,
    velocity: Option<Linear>,
    timing: Option<Linear>,
    articulation: Option<Linear>,
    pedal: Option<Linear>,
}

/// Tells the sub-tokens of a step from its state, each from those before it; in the ablation each from the state
/// alone.
#[derive(Module, Debug)]
pub(super) struct SubTokens {
    state: Option<Linear>,
    embedding: Tables,
    layers: Vec<Layer>,
    norm: Option<RmsNorm>,
    out: Heads,
}

impl Written {
    /// Random tables.
    pub(super) fn init(width: usize, device: &Device) -> Self {
        let [family, position, pitch, duration] =
            SCORE_SIZES.map(|(_, values)| table(values, width, SUMMED, device));
        Self { family, position, pitch, duration }
    }

    /// The sum of a row of each table, for what is written `[batch, steps]` in each column:
    /// `[batch, steps, width]`.
    pub(super) fn sum(&self, columns: [Tensor<2, Int>; SCORE_SIZES.len()]) -> Tensor<3> {
        let [family, position, pitch, duration] = columns;
        self.family.forward(family)
            + self.position.forward(position)
            + self.pitch.forward(pitch)
            + self.duration.forward(duration)
    }
}

impl Tables {
    fn init(columns: &[(&str, usize)], width: usize, device: &Device) -> Self {
        let of = |name: &str| {
            let values = columns.iter().find(|(column, _)| *column == name)?.1;
            Some(table(values, width, TOLD, device))
        };
        Self {
            family: of("family"),
            position: of("position"),
            pitch: of("pitch"),
            duration: of("duration"),
            beat_period: of("beat_period"),
            velocity: of("velocity"),
            timing: of("timing"),
            articulation: of("articulation"),
        }
    }

    /// Those that there are, in the order of their sub-tokens.
    fn all(&self) -> Vec<&Embedding> {
        let tables = [
            &self.family,
            &self.position,
            &self.pitch,
            &self.duration,
            &self.beat_period,
            &self.velocity,
            &self.timing,
            &self.articulation,
        ];
        tables.into_iter().flatten().collect()
    }
}

impl Heads {
    fn init(columns: &[(&str, usize)], width: usize, device: &Device) -> Self {
        let of = |name: &str| {
            let values = columns.iter().find(|(column, _)| *column == name)?.1;
            Some(affine(width, values, TELLING, 0.0, device))
        };
        Self {
            family: of("family"),
            position: of("position"),
            pitch: of("pitch"),
            duration: of("duration"),
            code: of("code"),
            beat_period: of("beat_period"),
            velocity: of("velocity"),
            timing: of("timing"),
            articulation: of("articulation"),
            pedal: of("pedal"),
        }
    }

    fn all(&self) -> Vec<&Linear> {
        let heads = [
            &self.family,
            &self.position,
            &self.pitch,
            &self.duration,
            &self.code,
            &self.beat_period,
            &self.velocity,
            &self.timing,
            &self.articulation,
            &self.pedal,
        ];
        heads.into_iter().flatten().collect()
    }
}

impl SubTokens {
    /// Random weights for sub-tokens of so many values each.
    pub(super) fn init(columns: &[(&str, usize)], sizes: &NetworkConfig, device: &Device) -> Self {
        let (layer, is_there) = (sizes.sub_layer(), sizes.sub_token_decoder);
        let width = if is_there { sizes.sub_hidden } else { sizes.hidden };
        let put_in = if is_there { &columns[..columns.len().saturating_sub(1)] } else { &[] };
        let layers = if is_there { sizes.sub_layers } else { 0 };
        Self {
            state: is_there.then(|| linear(sizes.hidden, width, device)),
            embedding: Tables::init(put_in, width, device),
            layers: (0..layers).map(|_| Layer::init(&layer, false, device)).collect(),
            norm: is_there.then(|| norm(width, device)),
            out: Heads::init(columns, width, device),
        }
    }

    /// The rows of the sub-tokens of steps, from states `[steps, hidden]` and those sub-tokens of each step that are
    /// told, from the first on: `[steps, 1 + told, width]`. Row k is that from which sub-token k is told.
    pub(super) fn rows(
        &self,
        states: Tensor<2>,
        told: &[Tensor<1, Int>],
        sizes: &NetworkConfig,
    ) -> Tensor<3> {
        let [steps, hidden] = states.dims();
        let (Some(state), Some(norm)) = (&self.state, &self.norm) else {
            return states.reshape([steps, 1, hidden]);
        };
        let (head, width) = (sizes.sub_layer().head, sizes.sub_hidden);
        let mut rows = vec![state.forward(states).reshape([steps, 1, width])];
        let tables = self.embedding.all();
        rows.extend(
            tables.into_iter().zip(told).map(|(table, of)| table.forward(of.clone().reshape([steps, 1]))),
        );
        let mut x = Tensor::cat(rows, 1);
        let turns = Turns::new(x.dims()[1], head, sizes.rotary_base, &x.device());
        let sight = Sight { turns, all: Seen::Before, beat: Seen::Before };
        for layer in &self.layers {
            x = layer.apply(x, head, &sight);
        }
        norm.forward(x)
    }

    /// The rows of sub-token k of some steps `[some, width]`, from those of all. In the ablation there is one row a
    /// step, from which all are told.
    pub(super) fn row(&self, rows: &Tensor<3>, k: usize, some: Tensor<1, Int>) -> Tensor<2> {
        let [_, count, width] = rows.dims();
        let row = rows.clone().narrow(1, k.min(count - 1), 1).select(0, some.clone());
        row.reshape([some.dims()[0], width])
    }

    /// The logits of sub-token k `[some, values]`, from its rows.
    pub(super) fn logits(&self, row: Tensor<2>, k: usize) -> Tensor<2> {
        self.out.all()[k].forward(row)
    }
}
