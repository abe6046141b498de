//! Counting before the music.

use super::track::Track;

/// A bar counted before the music.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct CountIn {
    /// How many clicks.
    pub clicks: u32,
    /// How many of them make a bar.
    pub beats: u32,
    /// Seconds of the version from one click to the next.
    pub period_secs: f64,
    /// Seconds of the version from the first click to the music.
    pub length_secs: f64,
}

impl CountIn {
    /// The count before a place: whole bars at the tempo that follows, in step with its beats.
    pub(crate) fn before(track: &Track, quarters: f64, bars: u8) -> Option<Self> {
        let list = &track.clicks;
        // The nearest beat on, unless the place is behind the last one.
        let next = list.partition_point(|c| c.quarters < quarters - 1e-6).min(list.len().checked_sub(2)?);
        let bar_start = list[..=next].iter().rposition(|c| c.is_downbeat).unwrap_or(0);
        let bar_end = list[bar_start + 1..].iter().position(|c| c.is_downbeat);
        let beats = bar_end.map_or(list.len() - bar_start, |n| n + 1).clamp(1, 16) as u32;
        let secs = |k: usize| track.clock.secs_at(list[k].quarters);
        let period_secs = (secs(next + 1) - secs(next)).clamp(0.05, 10.0);
        let to_next_secs = (secs(next) - track.clock.secs_at(quarters)).clamp(0.0, period_secs);
        let clicks = beats * u32::from(bars);
        let length_secs = f64::from(clicks) * period_secs - to_next_secs;
        (clicks > 0).then_some(Self { clicks, beats, period_secs, length_secs })
    }
}

/// A count that is going on.
#[derive(Clone, Copy)]
pub(crate) struct Counting {
    count: CountIn,
    done_secs: f64,
    next_click: u32,
}

impl Counting {
    pub(crate) fn new(count: CountIn) -> Self {
        Self { count, done_secs: 0.0, next_click: 0 }
    }

    /// Seconds of the version until a deck begins that starts `lead_secs` before its place.
    pub(crate) fn left_secs(&self, lead_secs: f64) -> f64 {
        self.count.length_secs - lead_secs - self.done_secs
    }

    /// Counts on by so many frames; returns the click that falls into them: whether it is the first
    /// of a bar, and the frames before it.
    pub(crate) fn advance(&mut self, frames: usize, frames_per_sec: f64) -> Option<(bool, usize)> {
        let wait = (f64::from(self.next_click) * self.count.period_secs - self.done_secs) * frames_per_sec;
        self.done_secs += frames as f64 / frames_per_sec;
        if self.next_click >= self.count.clicks || wait >= frames as f64 {
            return None;
        }
        let is_downbeat = self.next_click.is_multiple_of(self.count.beats);
        self.next_click += 1;
        Some((is_downbeat, wait.max(0.0) as usize))
    }
}
