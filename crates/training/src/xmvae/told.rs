//! What sub-tokens are told from, how likely those are that come, and which are expected.

use burn::tensor::activation::{log_softmax, softmax};
use burn::tensor::{Device, Int, Tensor, TensorData};
use xmvae::config::NetworkConfig;
use xmvae::ecp::{END, FAMILY, METRIC, NOTE, PERFORMANCE_COLUMNS, SCORE_COLUMNS, centres, token_of};

use super::laid::list;
use super::line::Line;
use super::network::Network;
use super::tables::SubTokens;
use super::windows::{Played, Steps};

/// Sub-tokens of the Composer: what is written, and the code of a beat.
pub const WRITTEN_COLUMNS: usize = SCORE_COLUMNS + 1;

/// How likely the sub-tokens of a column are.
pub struct Told {
    /// Sum of their cross-entropies, in nats `[1]`.
    pub sum: Tensor<1>,
    /// How many they are.
    pub count: usize,
    /// How many of them were the likeliest; 0 unless it was asked for.
    pub right: usize,
}

impl Told {
    fn nothing(device: &Device) -> Self {
        Self { sum: Tensor::zeros([1], device), count: 0, right: 0 }
    }

    /// The mean cross-entropy, in nats `[1]`.
    pub fn mean(&self) -> Tensor<1> {
        self.sum.clone() / self.count.max(1) as f64
    }
}

/// What the Composer writes: the places of steps, and ends of pieces, among `[batch, width + 1]`, and the sub-tokens
/// of each, column by column; 0 is none.
pub(super) struct Written {
    pub(super) places: Vec<i32>,
    pub(super) columns: [Vec<i32>; WRITTEN_COLUMNS],
}

impl Written {
    /// Those of windows whose beats have these codes.
    pub(super) fn of(steps: &Steps, codes: &[usize]) -> Self {
        let mut written = Self { places: Vec::new(), columns: Default::default() };
        let mut codes = codes.iter();
        for (window, length) in steps.lengths.iter().enumerate() {
            for step in 0..*length {
                let from = (window * steps.width + step) * SCORE_COLUMNS;
                let sub_tokens = &steps.written[from..from + SCORE_COLUMNS];
                let is_beat = sub_tokens[FAMILY] == METRIC;
                let code = if is_beat { codes.next().map_or(0, |code| *code as i32 + 1) } else { 0 };
                written.push(window * (steps.width + 1) + step, sub_tokens, code);
            }
            if steps.ends[window] {
                written.push(window * (steps.width + 1) + length, &[END, 0, 0, 0], 0);
            }
        }
        written
    }

    fn push(&mut self, place: usize, sub_tokens: &[u8], code: i32) {
        self.places.push(place as i32);
        let values = sub_tokens.iter().map(|value| i32::from(*value)).chain([code]);
        self.columns.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
    }
}

/// How likely what is written is, column by column, from states `[batch, width + 1, hidden]`.
pub(super) fn written(
    network: &Network,
    states: Tensor<3>,
    written: &Written,
    sizes: &NetworkConfig,
    is_counted: bool,
) -> Vec<Told> {
    let told = put_in(&written.columns, &states.device());
    let rows = network.score_sub.rows(chosen(states, &written.places), &told, sizes);
    let columns = written.columns.iter().enumerate();
    let teller = Teller::of_written(network);
    columns.map(|(k, targets)| teller.likely(&rows, k, targets, is_counted)).collect()
}

/// How likely what is played is, column by column, from states `[batch, width, hidden]`.
pub(super) fn played(
    network: &Network,
    states: Tensor<3>,
    batch: &Played,
    sizes: &NetworkConfig,
) -> Vec<Told> {
    let (sub, device) = (&network.performance_sub, states.device());
    let [beats, notes] = [METRIC, NOTE].map(|family| places(&batch.steps, family));
    let token = |column: usize, place: &i32| {
        let value = batch.values[*place as usize * PERFORMANCE_COLUMNS + column];
        i32::from(token_of(SCORE_COLUMNS + column, value))
    };
    let columns: [Vec<i32>; PERFORMANCE_COLUMNS] = std::array::from_fn(|column| {
        let of_notes = notes.iter().map(|place| if column == 0 { 0 } else { token(column, place) });
        of_notes.collect()
    });
    let periods: Vec<i32> = beats.iter().map(|place| token(0, place)).collect();
    let mut found = vec![match beats.is_empty() {
        true => Told::nothing(&device),
        false => {
            let rows = sub.rows(chosen(states.clone(), &beats), &[], sizes);
            Teller::of_played(network, batch, &beats).likely(&rows, 0, &periods, false)
        }
    }];
    if notes.is_empty() {
        found.extend((1..PERFORMANCE_COLUMNS).map(|_| Told::nothing(&device)));
        return found;
    }
    let rows = sub.rows(chosen(states, &notes), &put_in(&columns, &device), sizes);
    let teller = Teller::of_played(network, batch, &notes);
    found.extend((1..PERFORMANCE_COLUMNS).map(|k| teller.likely(&rows, k, &columns[k], false)));
    found
}

/// What is expected of states `[batch, width, hidden]`: `[batch, width, 5]` in the units of the values, 0 where a column
/// does not apply. Of a note each value is expected after the ones before it.
pub fn expected(network: &Network, states: Tensor<3>, batch: &Played, sizes: &NetworkConfig) -> Vec<f32> {
    let (sub, steps, device) = (&network.performance_sub, &batch.steps, states.device());
    let mut found = vec![0.0; steps.batch * steps.width * PERFORMANCE_COLUMNS];
    let mut put = |places: &[i32], column: usize, values: &[f32]| {
        let at = places.iter().map(|place| *place as usize * PERFORMANCE_COLUMNS + column);
        at.zip(values).for_each(|(at, value)| found[at] = *value);
    };
    let [beats, notes] = [METRIC, NOTE].map(|family| places(steps, family));
    if !beats.is_empty() {
        let rows = sub.rows(chosen(states.clone(), &beats), &[], sizes);
        put(&beats, 0, &Teller::of_played(network, batch, &beats).expectation(&rows, 0));
    }
    if !notes.is_empty() {
        let (states, teller) = (chosen(states, &notes), Teller::of_played(network, batch, &notes));
        let mut told = vec![list(&vec![0; notes.len()], &device)];
        for column in 1..PERFORMANCE_COLUMNS {
            let values = teller.expectation(&sub.rows(states.clone(), &told, sizes), column);
            put(&notes, column, &values);
            let tokens: Vec<i32> =
                values.iter().map(|value| i32::from(token_of(SCORE_COLUMNS + column, *value))).collect();
            told.push(list(&tokens, &device));
        }
    }
    found
}

/// What tells the sub-tokens of some steps.
pub(super) struct Teller<'a> {
    sub: &'a SubTokens,
    /// The line, and what it says of each of the steps; nothing without one.
    line: Option<(&'a Line, Vec<[f32; PERFORMANCE_COLUMNS]>)>,
}

impl<'a> Teller<'a> {
    /// Of what is written.
    pub(super) fn of_written(network: &'a Network) -> Self {
        Self { sub: &network.score_sub, line: None }
    }

    /// Of what is played at places of a batch.
    pub(super) fn of_played(network: &'a Network, batch: &Played, places: &[i32]) -> Self {
        let says = |line: &'a Line| {
            let all = line.says(batch);
            (line, places.iter().map(|place| all[*place as usize]).collect())
        };
        Self { sub: &network.performance_sub, line: network.line.as_ref().map(says) }
    }

    /// The logits of sub-token k of some of the steps `[some, values]`, from the rows of all.
    pub(super) fn logits(&self, rows: &Tensor<3>, k: usize, some: &[i32]) -> Tensor<2> {
        let row = self.sub.row(rows, k, list(some, &rows.device()));
        let logits = self.sub.logits(row.clone(), k);
        match &self.line {
            Some((line, said)) => {
                let said = some.iter().map(|step| said[*step as usize][k]).collect();
                logits + line.added(row, k, said)
            }
            None => logits,
        }
    }

    /// The values of a column that are expected from the rows of the steps, in its units: the mean of what its tokens
    /// stand for.
    fn expectation(&self, rows: &Tensor<3>, column: usize) -> Vec<f32> {
        let ([steps, ..], device) = (rows.dims(), rows.device());
        let logits = self.logits(rows, column, &(0..steps as i32).collect::<Vec<i32>>());
        let [_, tokens] = logits.dims();
        let chances = softmax(logits.narrow(1, 1, tokens - 1), 1);
        let centres = TensorData::new(centres(SCORE_COLUMNS + column), [tokens - 1, 1]);
        chances.matmul(Tensor::<2>::from_data(centres, &device)).into_data().iter::<f32>().collect()
    }

    /// How likely the targets of sub-token k are that are more than 0, from the rows of all steps.
    fn likely(&self, rows: &Tensor<3>, k: usize, targets: &[i32], is_counted: bool) -> Told {
        let device = rows.device();
        let known = targets.iter().enumerate().filter(|(_, target)| **target > 0);
        let (places, targets): (Vec<i32>, Vec<i32>) =
            known.map(|(place, target)| (place as i32, *target)).unzip();
        let count = targets.len();
        if count == 0 {
            return Told::nothing(&device);
        }
        let logits = self.logits(rows, k, &places);
        let right = if is_counted {
            let likeliest = logits.clone().argmax(1).into_data();
            let found = likeliest.iter::<i64>().zip(&targets);
            found.filter(|(found, target)| *found == i64::from(**target)).count()
        } else {
            0
        };
        let targets = Tensor::<2, Int>::from_data(TensorData::new(targets, [count, 1]), &device);
        Told { sum: log_softmax(logits, 1).gather(1, targets).sum().neg(), count, right }
    }
}

/// The places of steps of a family among those of all windows.
fn places(steps: &Steps, family: u8) -> Vec<i32> {
    let families = steps.written.iter().skip(FAMILY).step_by(SCORE_COLUMNS).enumerate();
    families.filter(|(_, of)| **of == family).map(|(place, _)| place as i32).collect()
}

/// Rows `[batch, steps, width]` at some places: `[places, width]`.
fn chosen(rows: Tensor<3>, places: &[i32]) -> Tensor<2> {
    let ([batch, steps, width], device) = (rows.dims(), rows.device());
    rows.reshape([batch * steps, width]).select(0, list(places, &device))
}

/// The columns but the last, of which nothing is told.
fn put_in(columns: &[Vec<i32>], device: &Device) -> Vec<Tensor<1, Int>> {
    columns.iter().take(columns.len().saturating_sub(1)).map(|column| list(column, device)).collect()
}
