//! What was heard when, some seconds back.

use std::collections::VecDeque;
use std::time::Duration;

use super::line::Line;
use super::shared_status::Snapshot;

/// How far back it is known.
const KEPT: Duration = Duration::from_secs(30);

/// What was heard at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heard {
    /// The version, by its number in the transport.
    pub version: u64,
    /// Which second of it, as performed.
    pub secs: f64,
}

/// What was heard when: a line for each stretch of playing without a jump, the oldest first.
#[derive(Default)]
pub(crate) struct HeardLines {
    lines: VecDeque<(Line, u64)>,
}

impl HeardLines {
    /// Takes in where the engine is; called every few milliseconds.
    pub(crate) fn look(&mut self, snapshot: &Snapshot, now: Duration) {
        while self.lines.front().is_some_and(|(line, _)| line.end() + KEPT < now) {
            self.lines.pop_front();
        }
        let Some(line) = Line::of(snapshot, now) else { return };
        let version = snapshot.version.unwrap_or_default();
        match self.lines.back_mut() {
            Some((last, _)) if last.stretch == line.stretch => *last = last.renewed(&line),
            _ => self.lines.push_back((line, version)),
        }
    }

    /// What was heard at a time; nothing if nothing played.
    pub(crate) fn at(&self, time: Duration) -> Option<Heard> {
        let (line, version) = self.lines.iter().rev().find(|(line, _)| line.from <= time)?;
        (time <= line.end()).then(|| Heard { version: *version, secs: line.secs_at(time) })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::transport::status::PlayState;

    const MS: fn(u64) -> Duration = Duration::from_millis;

    /// The state after a buffer of 20 ms, heard from `from_ms` on.
    fn playing(deck: u64, jumps: u64, from_ms: u64, end_secs: f64) -> Snapshot {
        Snapshot {
            state: PlayState::Playing,
            version: Some(10 + deck),
            rate: 1.0,
            heard_at: Some(MS(from_ms + 20)),
            deck,
            deck_secs: end_secs,
            unbroken_secs: 0.02,
            jumps,
            ..Snapshot::default()
        }
    }

    #[test]
    fn the_ear_is_behind_the_engine_and_stays_in_the_stretch_that_it_hears() {
        let mut heard = HeardLines::default();
        // The device is 50 ms ahead. From 1050 ms on second 4 of a version is heard, for 200 ms.
        for k in 0..10 {
            heard.look(&playing(1, 0, 1050 + 20 * k, 4.02 + 0.02 * k as f64), MS(1000 + 20 * k));
        }
        // Then the engine jumps to second 9; its buffer is heard from 1250 ms on.
        heard.look(&playing(1, 1, 1250, 9.02), MS(1200));
        assert_eq!(heard.at(MS(1040)), None, "before the first sound");
        let near = |at: Duration, secs: f64| {
            let found = heard.at(at).unwrap();
            assert!(found.version == 11 && (found.secs - secs).abs() < 1e-9, "{at:?}: {found:?}");
        };
        near(MS(1050), 4.0);
        near(MS(1200), 4.15);
        near(MS(1249), 4.199);
        near(MS(1255), 9.005);
        assert_eq!(heard.at(MS(1500)), None, "nothing was filled for then");
    }

    #[test]
    fn half_the_tempo_is_half_the_seconds_of_the_version() {
        let mut heard = HeardLines::default();
        for k in 0..10 {
            let end_secs = 4.01 + 0.01 * k as f64;
            heard.look(&Snapshot { rate: 0.5, ..playing(1, 0, 1050 + 20 * k, end_secs) }, MS(1000 + 20 * k));
        }
        assert!((heard.at(MS(1150)).unwrap().secs - 4.05).abs() < 1e-9);
    }
}
