//! Time stamps of a port as times of our clock.

use std::time::Duration;

/// For so long the best difference between the two clocks is remembered, at least; twice at most. Clocks that
/// run apart by 50 millionths differ by half a millisecond then.
const STRETCH: Duration = Duration::from_secs(10);

/// Stamps that are off by more than this are those of another beginning: the port's clock was set anew.
const LARGEST_STEP_MICROS: u64 = 1_000_000;

/// Turns stamps into times.
///
/// A stamp counts microseconds from a moment that nobody knows; all messages of one connection count from the
/// same. A message arrives a little after its stamp: never before, and sometimes much later, where the machine
/// is busy. So the least difference between arrival and stamp that was seen is taken for the difference of the
/// clocks, and what the others took longer is the *jitter* that stamps remove. The delay that even the quickest
/// message had cannot be known; it stays in the times.
#[derive(Debug, Default)]
pub(super) struct Stamps {
    /// Least and largest difference of arrival and stamp, in microseconds: of this stretch and of the one before.
    now: Option<(i64, i64)>,
    before: Option<(i64, i64)>,
    began: Duration,
}

impl Stamps {
    /// When a message was sent, by the clock of `arrived`; never after it arrived.
    pub fn time(&mut self, stamp_micros: u64, arrived: Duration) -> Duration {
        let micros = |time: u128| i64::try_from(time).unwrap_or(i64::MAX);
        let stamp = micros(u128::from(stamp_micros));
        let arrival = micros(arrived.as_micros());
        let difference = arrival.saturating_sub(stamp);
        if self.span().is_some_and(|(least, _)| difference.abs_diff(least) > LARGEST_STEP_MICROS) {
            *self = Self::default();
        }
        if self.now.is_some() && arrived.saturating_sub(self.began) > STRETCH {
            self.before = self.now.take();
        }
        if self.now.is_none() {
            self.began = arrived;
        }
        self.now = Some(joined(self.now, (difference, difference)));
        let least = self.span().map_or(difference, |(least, _)| least);
        Duration::from_micros(stamp.saturating_add(least).max(0) as u64).min(arrived)
    }

    /// How much later than the quickest message the slowest came, of the last seconds; nothing before the first
    /// message.
    pub fn jitter(&self) -> Option<Duration> {
        self.span().map(|(least, most)| Duration::from_micros(most.abs_diff(least)))
    }

    fn span(&self) -> Option<(i64, i64)> {
        match (self.now, self.before) {
            (Some(now), before) => Some(joined(before, now)),
            (None, before) => before,
        }
    }
}

fn joined(one: Option<(i64, i64)>, other: (i64, i64)) -> (i64, i64) {
    one.map_or(other, |(least, most)| (least.min(other.0), most.max(other.1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The port's clock began this much after ours.
    const BEGAN: u64 = 7_300_000;

    fn arrive(stamps: &mut Stamps, sent_micros: u64, delay_micros: u64) -> u64 {
        let arrived = Duration::from_micros(sent_micros + delay_micros);
        stamps.time(sent_micros - BEGAN, arrived).as_micros() as u64
    }

    #[test]
    fn a_message_that_is_late_keeps_the_time_of_its_stamp() {
        let mut stamps = Stamps::default();
        assert_eq!(stamps.jitter(), None);
        let (begin, quickest) = (8_000_000, 300);
        // Delays in microseconds: up to twelve milliseconds.
        let delays = [300, 900, 12_000, 450, 3_000, 300, 7_777];
        for (k, delay) in delays.into_iter().enumerate() {
            let sent = begin + 100_000 * k as u64;
            assert_eq!(arrive(&mut stamps, sent, delay), sent + quickest, "message {k}");
        }
        assert_eq!(stamps.jitter(), Some(Duration::from_micros(11_700)));
    }

    #[test]
    fn a_first_message_that_is_late_is_found_out_by_the_next_one() {
        let mut stamps = Stamps::default();
        assert_eq!(arrive(&mut stamps, 9_000_000, 5_000), 9_005_000);
        assert_eq!(arrive(&mut stamps, 9_100_000, 200), 9_100_200);
        assert_eq!(arrive(&mut stamps, 9_200_000, 5_000), 9_200_200);
    }

    #[test]
    fn clocks_that_run_apart_stay_together() {
        let mut stamps = Stamps::default();
        // Ours runs fast by 100 millionths: after five minutes that is 30 ms.
        for k in 0..3000_u64 {
            let sent = BEGAN + 100_000 * k;
            let ours = sent + (sent - BEGAN) / 10_000;
            let time = stamps.time(sent - BEGAN, Duration::from_micros(ours + 300));
            let off = (ours + 300) - time.as_micros() as u64;
            assert!(off <= 2_100, "message {k} is off by {off} microseconds");
        }
    }

    #[test]
    fn a_clock_that_is_set_anew_begins_anew() {
        let mut stamps = Stamps::default();
        assert_eq!(arrive(&mut stamps, 8_000_000, 300), 8_000_300);
        let arrived = Duration::from_micros(60_000_000);
        assert_eq!(stamps.time(5, arrived), arrived);
        assert_eq!(stamps.jitter(), Some(Duration::ZERO));
    }
}
