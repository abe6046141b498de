//! What a guided decoder is told of times.

use burn::tensor::{Device, Int, Tensor, TensorData};
use pianist_transformer::tokens::ladder::{Ladder, Pace, ms_of};
use pianist_transformer::tokens::{SLOTS, Token, slot};

use super::windows::Batch;

/// The ladders of the IOI and the duration of each note of a batch.
pub(super) struct Ladders(Vec<[Ladder; 2]>);

/// Tensors for the decoder's rows: of each token the one that is before it.
pub struct Told {
    /// The row of the step that it is on `[batch, tokens]`; 0 if it is no time.
    pub(super) rows: Tensor<2, Int>,
    /// 1 if it is a time, else 0 `[batch, tokens, 1]`.
    pub(super) is_time: Tensor<3>,
}

impl Ladders {
    /// Each window by itself, as when it is played.
    pub(super) fn of(batch: &Batch) -> Self {
        let mut ladders = Vec::with_capacity(batch.batch * batch.window);
        let wide = batch.window * SLOTS;
        for (read, written) in batch.read.chunks_exact(wide).zip(batch.written.chunks_exact(wide)) {
            let mut pace = Pace::default();
            for (read, written) in read.chunks_exact(SLOTS).zip(written.chunks_exact(SLOTS)) {
                let [ioi_ms, duration_ms] = [read[slot::IOI], read[slot::DURATION]].map(ms_of);
                ladders.push([Ladder::of_ioi(ioi_ms, &pace), Ladder::of_duration(duration_ms, &pace)]);
                pace.push(ioi_ms, ms_of(written[slot::IOI]).unwrap_or(0));
            }
        }
        Self(ladders)
    }

    /// That of a written token, counted over all windows; nothing if it is no time.
    pub(super) fn get(&self, place: usize) -> Option<&Ladder> {
        let of_note = self.0.get(place / SLOTS)?;
        match place % SLOTS {
            slot::IOI => Some(&of_note[0]),
            slot::DURATION => Some(&of_note[1]),
            _ => None,
        }
    }

    /// The row of the step that a written token is on.
    fn row(&self, place: usize, token: Token) -> Option<usize> {
        let ladder = self.get(place)?;
        Some(ladder.first_row() + ladder.step(ms_of(token)?))
    }

    /// Of each written token the one before it.
    pub(super) fn told(&self, batch: &Batch, device: &Device) -> Told {
        let wide = batch.window * SLOTS;
        let row = |place: usize| match place % wide {
            0 => None,
            _ => self.row(place - 1, batch.written[place - 1]),
        };
        let rows: Vec<Option<usize>> = (0..batch.written.len()).map(row).collect();
        let numbers: Vec<i32> = rows.iter().map(|row| row.unwrap_or(0) as i32).collect();
        let is_time: Vec<f32> = rows.iter().map(|row| f32::from(u8::from(row.is_some()))).collect();
        Told {
            rows: Tensor::from_data(TensorData::new(numbers, [batch.batch, wide]), device),
            is_time: Tensor::from_data(TensorData::new(is_time, [batch.batch, wide, 1]), device),
        }
    }
}
