//! Times told by the step of a ladder that they are on: how they compare with what is expected of them.
//!
//! A network that is told of the score (`Guidance::Score`) does not choose among all times in ms, but among steps
//! along the ratio of a time to what is read of it, at the pace of the notes before. So a held tempo is the same
//! step whatever is written, and has not to be learned for every time by itself. All of it is counted in whole numbers, so that training and player agree exactly.

use std::sync::LazyLock;

use super::{Token, range, slot};

/// Steps of a ladder.
pub const STEPS: usize = 128;

/// Ladders, each with rows of its own in the network.
pub const LADDERS: usize = 5;

/// Notes whose times give the pace: so many that what chance adds to each time hardly moves it, or the tempo
/// would wander; half of a window of 128, so that most notes have as many in training, too.
const PACE_NOTES: usize = 64;

/// So many ms are added to both sums, so that the pace of few notes is near to what is read.
const PACE_MS: i64 = 250;

/// Longest time that is expected, in ms.
const LONGEST_EXPECTED_MS: i64 = 20_000;

/// Where the steps begin but for the first, as ratios in 65536ths: sixteen an octave, from five octaves
/// below what is expected to three above.
static RATIOS: LazyLock<[i64; STEPS - 1]> = LazyLock::new(|| {
    std::array::from_fn(|k| (((k + 1) as f64 / 16.0 - 5.0).exp2() * 65536.0).round() as i64)
});

/// Where the steps begin, in ms, where nothing is expected: each 1 ms up to 32 ms, then twelve an octave.
static PLAIN: LazyLock<[i64; STEPS - 1]> = LazyLock::new(|| {
    std::array::from_fn(|k| match k + 1 {
        few @ ..=32 => few as i64,
        more => (32.0 * ((more - 32) as f64 / 12.0).exp2()).ceil() as i64,
    })
});

/// Which ladder a time is told on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A time between onsets that are apart in what is read.
    Apart,
    /// A time between onsets that are together in what is read.
    Together,
    /// A time between onsets that is hidden.
    HiddenIoi,
    /// A duration.
    Duration,
    /// A duration that is hidden.
    HiddenDuration,
}

impl Kind {
    /// All of them, in the order of their rows.
    pub const ALL: [Self; LADDERS] =
        [Self::Apart, Self::Together, Self::HiddenIoi, Self::Duration, Self::HiddenDuration];
}

/// How fast the notes before a note were played: the sum of their times between onsets over that of those
/// that were read. Notes of which these are hidden do not count.
#[derive(Clone, Debug, Default)]
pub struct Pace {
    /// Read and played sums up to each note.
    sums: Vec<(i64, i64)>,
}

impl Pace {
    /// One more note was played: the time since the onset before as it was read, unless it is hidden, and
    /// as it was played.
    pub fn push(&mut self, read_ms: Option<u16>, played_ms: u16) {
        let (read, played) = self.sums.last().copied().unwrap_or_default();
        let more = read_ms.map_or((0, 0), |ms| (i64::from(ms), i64::from(played_ms)));
        self.sums.push((read + more.0, played + more.1));
    }

    /// How long what is read of the next note is expected to be, in ms.
    fn expected_ms(&self, read_ms: u16) -> i64 {
        let at = |notes: usize| notes.checked_sub(1).map_or((0, 0), |last| self.sums[last]);
        let (now, since) = (at(self.sums.len()), at(self.sums.len().saturating_sub(PACE_NOTES)));
        let (read, played) = (now.0 - since.0 + PACE_MS, now.1 - since.1 + PACE_MS);
        (i64::from(read_ms) * played / read).clamp(1, LONGEST_EXPECTED_MS)
    }
}

/// The ladder of one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ladder {
    kind: Kind,
    /// Where the steps begin, in ms, and where the last one ends.
    begins: [u16; STEPS + 1],
}

impl Ladder {
    /// That of the time since the onset before, of which `read_ms` is read unless it is hidden.
    pub fn of_ioi(read_ms: Option<u16>, pace: &Pace) -> Self {
        let end = range(slot::IOI).len() as i64;
        match read_ms {
            None => Self::plain(Kind::HiddenIoi, end),
            Some(0) => Self::plain(Kind::Together, end),
            Some(ms) => Self::of_ratios(Kind::Apart, pace.expected_ms(ms), end),
        }
    }

    /// That of the duration, of which `read_ms` is read unless it is hidden.
    pub fn of_duration(read_ms: Option<u16>, pace: &Pace) -> Self {
        let end = range(slot::DURATION).len() as i64;
        match read_ms {
            None => Self::plain(Kind::HiddenDuration, end),
            Some(ms) => Self::of_ratios(Kind::Duration, pace.expected_ms(ms), end),
        }
    }

    fn plain(kind: Kind, end_ms: i64) -> Self {
        Self::new(kind, end_ms, |k| PLAIN[k])
    }

    fn of_ratios(kind: Kind, expected_ms: i64, end_ms: i64) -> Self {
        Self::new(kind, end_ms, |k| (expected_ms * RATIOS[k] + 65535) >> 16)
    }

    fn new(kind: Kind, end_ms: i64, begin: impl Fn(usize) -> i64) -> Self {
        let begins = std::array::from_fn(|step| match step {
            0 => 0,
            STEPS => end_ms as u16,
            _ => begin(step - 1).min(end_ms) as u16,
        });
        Self { kind, begins }
    }

    /// The first row of its steps among those of all ladders.
    pub fn first_row(&self) -> usize {
        self.kind as usize * STEPS
    }

    /// Which ladder it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The step that a time is on.
    pub fn step(&self, ms: u16) -> usize {
        self.begins[1..STEPS].partition_point(|begin| *begin <= ms)
    }

    /// How many ms each step has. Steps without any cannot be chosen.
    pub fn widths(&self) -> impl Iterator<Item = usize> + '_ {
        self.begins.windows(2).map(|pair| usize::from(pair[1] - pair[0]))
    }

    /// Logits of all times of a slot from those of the steps: the ms of a step share its chance evenly.
    pub fn spread(&self, steps: &[f32]) -> Vec<f32> {
        let of_step = |(logit, width): (&f32, usize)| std::iter::repeat_n(logit - (width as f32).ln(), width);
        steps.iter().zip(self.widths()).flat_map(of_step).collect()
    }
}

/// The time that a token stands for, in ms; nothing if it is hidden.
pub fn ms_of(token: Token) -> Option<u16> {
    token.checked_sub(range(slot::IOI).start)
}

#[cfg(test)]
#[path = "ladder_tests.rs"]
mod tests;
