//! Tempo as a MIDI file stores it: whole microseconds per quarter from a tick on.
//!
//! Times are sums of whole numbers (ticks times microseconds), so they do not drift, however long
//! the piece; a time becomes a tick by one single rounding.

/// The fastest and slowest tempo that is written, in microseconds per quarter: 999 and 10
/// quarters per minute. Sequencers cut off what lies further out.
const WRITTEN_MICROS: std::ops::RangeInclusive<f64> = 60_060.0..=6_000_000.0;

/// Before the first tempo event a file has this, 120 quarters per minute.
pub const DEFAULT_MICROS_PER_QUARTER: u32 = 500_000;

/// No time is later than this; such a file would last for years.
const LAST_TICK: u64 = 1 << 40;

/// From this tick on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Change {
    tick: u64,
    micros_per_quarter: u32,
    /// Sum over the time before of ticks times microseconds per quarter.
    elapsed: u128,
}

/// Anchors in a row that one tempo serves.
struct Stretch {
    tick: u64,
    secs: f64,
    end_tick: u64,
    micros: u32,
    /// The tempi that would do, in whole microseconds per quarter.
    slowest: f64,
    fastest: f64,
}

impl Stretch {
    fn from(tick: u64, secs: f64) -> Self {
        let (fastest, slowest) = WRITTEN_MICROS.into_inner();
        Self { tick, secs, end_tick: tick, micros: DEFAULT_MICROS_PER_QUARTER, slowest, fastest }
    }

    /// Whether one tempo also comes near the next anchor; the first is reached as well as can be.
    fn reach(&mut self, map: &TempoMap, (tick, secs): (u64, f64), slack_secs: f64) -> bool {
        let quarters = (tick - self.tick) as f64 / f64::from(map.ticks_per_quarter);
        let micros = |slack_secs: f64| (secs - self.secs + slack_secs) * 1e6 / quarters;
        let fastest = micros(-slack_secs).ceil().max(self.fastest);
        let slowest = micros(slack_secs).floor().min(self.slowest);
        let exact = Some(micros(0.0)).filter(|m| !m.is_nan()).unwrap_or(self.slowest);
        if fastest <= slowest {
            (self.fastest, self.slowest) = (fastest, slowest);
        } else if self.end_tick == self.tick {
            // Between two whole numbers, or out of reach: this anchor is served alone.
            self.fastest = exact.round().clamp(self.fastest, self.slowest);
            self.slowest = self.fastest;
        } else {
            return false;
        }
        (self.micros, self.end_tick) = (exact.round().clamp(self.fastest, self.slowest) as u32, tick);
        true
    }
}

/// A tempo map: ticks to seconds and back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TempoMap {
    ticks_per_quarter: u32,
    changes: Vec<Change>,
}

impl TempoMap {
    /// A map out of changes as (tick, microseconds per quarter), rising in ticks.
    pub fn new(ticks_per_quarter: u32, changes: impl IntoIterator<Item = (u64, u32)>) -> Self {
        let start = Change { tick: 0, micros_per_quarter: DEFAULT_MICROS_PER_QUARTER, elapsed: 0 };
        let mut map = Self { ticks_per_quarter: ticks_per_quarter.max(1), changes: vec![start] };
        for (tick, micros_per_quarter) in changes {
            map.change(tick, micros_per_quarter.max(1));
        }
        map
    }

    /// A map that passes through anchors of (tick, seconds), rising in both, as near as
    /// `slack_secs`: a tempo lasts for as many anchors as one tempo can serve. What the rounding to
    /// whole microseconds leaves over goes to the next stretch, as does what no written tempo can
    /// reach. Tick 0 is at 0 seconds.
    pub fn through(ticks_per_quarter: u32, anchors: &[(u64, f64)], slack_secs: f64) -> Self {
        let mut map = Self::new(ticks_per_quarter, []);
        let mut stretch = Stretch::from(0, 0.0);
        for anchor in anchors {
            if anchor.0 <= stretch.end_tick || stretch.reach(&map, *anchor, slack_secs) {
                continue;
            }
            map.change(stretch.tick, stretch.micros);
            stretch = Stretch::from(stretch.end_tick, map.secs_at(stretch.end_tick));
            stretch.reach(&map, *anchor, slack_secs);
        }
        if stretch.end_tick > stretch.tick {
            map.change(stretch.tick, stretch.micros);
        }
        map
    }

    fn change(&mut self, tick: u64, micros_per_quarter: u32) {
        let Some(last) = self.changes.last_mut() else { return };
        if micros_per_quarter == last.micros_per_quarter || tick < last.tick {
            return;
        }
        if tick == last.tick {
            last.micros_per_quarter = micros_per_quarter;
            return;
        }
        let elapsed = last.elapsed + u128::from(tick - last.tick) * u128::from(last.micros_per_quarter);
        self.changes.push(Change { tick, micros_per_quarter, elapsed });
    }

    /// Ticks in a quarter.
    pub fn ticks_per_quarter(&self) -> u32 {
        self.ticks_per_quarter
    }

    /// The changes as (tick, microseconds per quarter); the first is at tick 0.
    pub fn changes(&self) -> impl Iterator<Item = (u64, u32)> + '_ {
        self.changes.iter().map(|c| (c.tick, c.micros_per_quarter))
    }

    /// When a tick is played.
    pub fn secs_at(&self, tick: u64) -> f64 {
        let change = &self.changes[self.changes.partition_point(|c| c.tick <= tick).saturating_sub(1)];
        let since = u128::from(tick.saturating_sub(change.tick)) * u128::from(change.micros_per_quarter);
        self.secs(change.elapsed + since)
    }

    /// The tick nearest to a time; 0 for times before it, and at most 2^40.
    pub fn tick_at(&self, secs: f64) -> u64 {
        let k = self.changes.partition_point(|c| self.secs(c.elapsed) <= secs).saturating_sub(1);
        let change = &self.changes[k];
        let since_secs = (secs - self.secs(change.elapsed)).max(0.0);
        let ticks =
            since_secs * 1e6 * f64::from(self.ticks_per_quarter) / f64::from(change.micros_per_quarter);
        change.tick.saturating_add(ticks.round() as u64).min(LAST_TICK)
    }

    /// The tempo at a tick, in microseconds per quarter.
    pub fn micros_at(&self, tick: u64) -> u32 {
        let k = self.changes.partition_point(|c| c.tick <= tick).saturating_sub(1);
        self.changes[k].micros_per_quarter
    }

    fn secs(&self, elapsed: u128) -> f64 {
        elapsed as f64 / (1e6 * f64::from(self.ticks_per_quarter))
    }
}
