//! The dynamic programming behind a path: one row for each key, one column for each chord.

/// How a path came to a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// The key belongs to no chord.
    Extra,
    /// Another key of the same chord.
    Stay,
    /// A later chord.
    GoOn,
    /// The chord before, or the one before that.
    Back(u8),
    /// Any chord.
    Jump,
}

/// What the ways to a row are worth; zero or negative but for `jump`.
#[derive(Clone, Copy, Debug)]
pub struct Costs {
    pub pitch: u8,
    pub stay: f32,
    pub go_on: f32,
    pub back: f32,
    /// Added to what a jump costs.
    pub jump: f32,
    /// What belonging to a chord counts.
    pub gain: f32,
    /// What it is worth to belong to no chord.
    pub extra: f32,
}

/// The table.
pub struct Table {
    /// What it is worth to begin with each chord.
    pub start: Vec<f32>,
    /// What it is worth to jump to each chord.
    pub jump: Vec<f32>,
    /// By pitch, then chord.
    pub emissions: Vec<Vec<f32>>,
    pub rows: Vec<Costs>,
}

/// A chord that is left out.
const SKIP: f32 = -0.5;
/// To go back by two chords instead of one.
const BACK_TWO: f32 = -1.0;
/// Cells whose ways are kept at once.
const MOST_CELLS: usize = 1 << 26;
const NEVER: f32 = -1e9;

/// A cell's way in a byte: its operation in the low bits, and whether a path that goes on to the next
/// chord from here skipped this one.
const SKIPPED: u8 = 8;

impl Table {
    /// For each row its chord and how the path came there.
    pub fn solve(&self) -> Vec<(u32, Op)> {
        let (rows, width) = (self.rows.len(), self.start.len());
        self.solve_in((MOST_CELLS / width).max(rows.isqrt()).clamp(1, rows))
    }

    /// The same, of whose ways so many rows are kept at once.
    fn solve_in(&self, block: usize) -> Vec<(u32, Op)> {
        let rows = self.rows.len();
        let mut starts = vec![self.first_row()];
        let mut row = self.row();
        // The values at the start of each block; of the last one nothing else is needed yet.
        let mut k = 0;
        let mut values = self.first_row();
        while starts.len() * block < rows {
            while k < starts.len() * block {
                k += 1;
                self.step::<false>(k, &mut values, &mut row, &mut []);
            }
            starts.push(values.clone());
        }
        self.trace(&starts, block)
    }

    fn row(&self) -> Row {
        Row { next: vec![0.0; self.start.len()], skipped: vec![0.0; self.start.len()] }
    }

    fn first_row(&self) -> Vec<f32> {
        let emissions = &self.emissions[usize::from(self.rows[0].pitch)];
        self.start.iter().zip(emissions).map(|(start, gain)| start + gain.max(self.rows[0].extra)).collect()
    }

    /// Computes each block once more, the last one first, and follows the path through it.
    fn trace(&self, starts: &[Vec<f32>], block: usize) -> Vec<(u32, Op)> {
        let (rows, width) = (self.rows.len(), self.start.len());
        let mut found = vec![(0, Op::Jump); rows];
        let mut row = self.row();
        let mut at: Option<usize> = None;
        for (b, start) in starts.iter().enumerate().rev() {
            // Row `from` is known; the ways into the rows after it, up to the start of the next block, are kept.
            let (from, to) = (b * block, ((b + 1) * block).min(rows - 1));
            let mut values = start.clone();
            let mut ways = vec![0_u8; (to - from) * width];
            let mut bests = vec![best(&values)];
            for k in from + 1..=to {
                let cells = &mut ways[(k - from - 1) * width..(k - from) * width];
                self.step::<true>(k, &mut values, &mut row, cells);
                bests.push(best(&values));
            }
            let mut column = at.unwrap_or(bests[to - from]);
            for k in (from + 1..=to).rev() {
                let cells = &ways[(k - from - 1) * width..(k - from) * width];
                let op = op(cells[column]);
                found[k] = (column as u32, op);
                column = before(cells, column, op, bests[k - from - 1]);
            }
            at = Some(column);
        }
        found[0] = (at.unwrap_or(0) as u32, self.first_op(at.unwrap_or(0)));
        found
    }

    fn first_op(&self, column: usize) -> Op {
        let gain = self.emissions[usize::from(self.rows[0].pitch)][column];
        if gain < self.rows[0].extra { Op::Extra } else { Op::Jump }
    }

    /// Goes on from row `k - 1` to row `k`; the best value of a row is 0.
    fn step<const KEEP: bool>(&self, k: usize, values: &mut Vec<f32>, row: &mut Row, ways: &mut [u8]) {
        let costs = self.rows[k];
        let width = values.len();
        let top = values.iter().copied().fold(NEVER, f32::max);
        let emissions = &self.emissions[usize::from(costs.pitch)][..width];
        let jumps = &self.jump[..width];
        let skipped = &mut row.skipped[..width];
        // The best value of an earlier chord, those between left out.
        let mut ahead = NEVER;
        for (i, skipped) in skipped.iter_mut().enumerate() {
            *skipped = ahead;
            if KEEP {
                // A way that goes on from here and left this chord out. Of two equal ones that which leaves a
                // chord out later: where a pitch is written twice and played once the first one is likelier played.
                ways[i] = if ahead + SKIP >= values[i] { SKIPPED } else { 0 };
            }
            ahead = values[i].max(ahead + SKIP);
        }
        let next = &mut row.next[..width];
        let old = &values[..width];
        for (i, next) in next.iter_mut().enumerate() {
            let (mut value, mut way) = (old[i] + costs.stay, 1);
            let mut consider = |other: f32, op: u8| {
                if other > value {
                    (value, way) = (other, op);
                }
            };
            consider(skipped[i] + costs.go_on, 2);
            let one = if i + 1 < width { old[i + 1] } else { NEVER };
            let two = if i + 2 < width { old[i + 2] } else { NEVER };
            consider(one + costs.back, 3);
            consider(two + costs.back + BACK_TWO, 4);
            consider(top + jumps[i] + costs.jump, 5);
            value += costs.gain * emissions[i];
            if old[i] + costs.extra >= value {
                (value, way) = (old[i] + costs.extra, 0);
            }
            *next = value - top;
            if KEEP {
                ways[i] |= way;
            }
        }
        std::mem::swap(values, &mut row.next);
    }
}

/// Rows that are used again.
struct Row {
    next: Vec<f32>,
    skipped: Vec<f32>,
}

fn op(way: u8) -> Op {
    match way & 7 {
        0 => Op::Extra,
        1 => Op::Stay,
        2 => Op::GoOn,
        3 => Op::Back(1),
        4 => Op::Back(2),
        _ => Op::Jump,
    }
}

/// The column in the row before.
fn before(ways: &[u8], column: usize, op: Op, best: usize) -> usize {
    match op {
        Op::Extra | Op::Stay => column,
        Op::Back(by) => (column + usize::from(by)).min(ways.len() - 1),
        Op::Jump => best,
        Op::GoOn => {
            let mut from = column.saturating_sub(1);
            while from > 0 && ways[from] & SKIPPED != 0 {
                from -= 1;
            }
            from
        }
    }
}

fn best(values: &[f32]) -> usize {
    let (mut at, mut value) = (0, NEVER);
    for (k, other) in values.iter().enumerate() {
        if *other > value {
            (at, value) = (k, *other);
        }
    }
    at
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
