//! How far the network's chances are from what was played.

use std::ops::Range;

use burn::tensor::activation::log_softmax;
use burn::tensor::{Bool, Device, Int, Tensor, TensorData};
use pianist_transformer::config::{Guidance, NetworkConfig};
use pianist_transformer::tokens::ladder::{Kind, STEPS, ms_of};
use pianist_transformer::tokens::{BOS, SLOTS, Token, range, slot};

use super::network::Network;
use super::told::Ladders;
use super::windows::Batch;

/// Slots whose tokens are the same: their logits are computed together.
const GROUPS: [Range<usize>; 5] = [0..1, 1..2, 2..3, 3..4, slot::PEDAL..SLOTS];

/// Stands for the logarithm of nothing.
const NEVER: f32 = -1e9;

/// Sum of the cross entropies in nats `[1]` of those tokens that count, and how many they are. Each is
/// compared with the tokens alone that can stand in its slot, as when the network plays.
pub fn loss(network: &Network, batch: &Batch, sizes: &NetworkConfig, device: &Device) -> (Tensor<1>, usize) {
    let ladders = ladders(batch, sizes);
    let rows = rows_before(network, batch, ladders.as_ref(), sizes, device);
    let mut sum = Tensor::<1>::zeros([1], device);
    let mut count = 0;
    for slots in GROUPS {
        let counts = |k: &usize| slots.contains(&(k % SLOTS)) && batch.counts[*k];
        let places: Vec<usize> = (0..batch.written.len()).filter(counts).collect();
        if places.is_empty() {
            continue;
        }
        count += places.len();
        sum = sum
            + match &ladders {
                Some(ladders) if ladders.get(slots.start).is_some() => {
                    of_times(network, &rows, batch, ladders, &places)
                }
                _ => of_tokens(network, &rows, batch, slots.start, &places),
            };
    }
    (sum, count)
}

/// Rows before each written token `[batch * window * SLOTS, hidden]`.
pub fn rows(network: &Network, batch: &Batch, sizes: &NetworkConfig, device: &Device) -> Tensor<2> {
    rows_before(network, batch, ladders(batch, sizes).as_ref(), sizes, device)
}

fn ladders(batch: &Batch, sizes: &NetworkConfig) -> Option<Ladders> {
    (sizes.guidance == Guidance::Score).then(|| Ladders::of(batch))
}

fn rows_before(
    network: &Network,
    batch: &Batch,
    ladders: Option<&Ladders>,
    sizes: &NetworkConfig,
    device: &Device,
) -> Tensor<2> {
    let ints = |tokens: &[Token]| -> Vec<i32> { tokens.iter().map(|t| i32::from(*t)).collect() };
    let shape = [batch.batch, batch.window, SLOTS];
    let read = Tensor::<3, Int>::from_data(TensorData::new(ints(&batch.read), shape), device);
    let wide = batch.window * SLOTS;
    let mut before = Vec::with_capacity(batch.written.len());
    for window in batch.written.chunks_exact(wide) {
        before.push(i32::from(BOS));
        before.extend(ints(&window[..wide - 1]));
    }
    let before = Tensor::<2, Int>::from_data(TensorData::new(before, [batch.batch, wide]), device);
    let told = ladders.map(|ladders| ladders.told(batch, device));
    let rows = network.decode(before, told.as_ref(), network.encode(read, sizes), sizes);
    rows.reshape([batch.batch * wide, sizes.hidden])
}

/// The rows at some places.
fn at(rows: &Tensor<2>, places: &[usize]) -> Tensor<2> {
    let numbers: Vec<i32> = places.iter().map(|k| *k as i32).collect();
    rows.clone().select(0, Tensor::from_data(TensorData::new(numbers, [places.len()]), &rows.device()))
}

/// Sum of the cross entropies of targets, one a row.
fn sum_of(logits: Tensor<2>, targets: Vec<i32>) -> Tensor<1> {
    let number = targets.len();
    let targets = Tensor::<2, Int>::from_data(TensorData::new(targets, [number, 1]), &logits.device());
    log_softmax(logits, 1).gather(1, targets).sum().neg()
}

fn of_tokens(network: &Network, rows: &Tensor<2>, batch: &Batch, slot: usize, places: &[usize]) -> Tensor<1> {
    let first = i32::from(range(slot).start);
    let targets = places.iter().map(|k| i32::from(batch.written[*k]) - first).collect();
    sum_of(network.logits(at(rows, places), slot), targets)
}

/// Times are told by the steps of their ladders, whose ms share the chance of the step evenly.
fn of_times(
    network: &Network,
    rows: &Tensor<2>,
    batch: &Batch,
    ladders: &Ladders,
    places: &[usize],
) -> Tensor<1> {
    let device = rows.device();
    let mut sum = Tensor::<1>::zeros([1], &device);
    for kind in Kind::ALL {
        let (mut chosen, mut targets, mut is_empty) = (Vec::new(), Vec::new(), Vec::new());
        let mut shared = 0.0;
        for place in places {
            let Some(ladder) = ladders.get(*place).filter(|ladder| ladder.kind() == kind) else { continue };
            let step = ladder.step(ms_of(batch.written[*place]).unwrap_or(0));
            chosen.push(*place);
            targets.push(step as i32);
            is_empty.extend(ladder.widths().map(|width| width == 0));
            shared += ladder.widths().nth(step).map_or(0.0, |width| (width.max(1) as f64).ln());
        }
        if chosen.is_empty() {
            continue;
        }
        let Some(logits) = network.steps(at(rows, &chosen), kind) else { continue };
        let is_empty = TensorData::new(is_empty, [chosen.len(), STEPS]);
        let logits = logits.mask_fill(Tensor::<2, Bool>::from_data(is_empty, &device), NEVER);
        sum = sum + sum_of(logits, targets) + shared;
    }
    sum
}
