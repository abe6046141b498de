//! The metronome: where it clicks, and how.

use std::f64::consts::TAU;
use std::sync::Arc;

use notation::{Quarters, Score};

/// A click of the metronome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Click {
    /// Where in the score.
    pub quarters: f64,
    /// Whether it is the first of a bar.
    pub is_downbeat: bool,
}

/// No score has more bars' worth of beats than this; a broken metre must not fill the memory.
const MOST_BEATS_A_BAR: i64 = 64;

/// The clicks of a score: every beat that a musician counts. The bar before a pick-up is counted
/// from its end, so that the pick-up's beats fall where they belong.
pub fn clicks(score: &Score) -> Vec<Click> {
    let mut clicks = Vec::new();
    for (k, measure) in score.measures.iter().enumerate() {
        let beat = measure.time.beat_length();
        if beat <= Quarters::ZERO {
            continue;
        }
        let missing = measure.position(measure.start, k == 0);
        let beats = (0..MOST_BEATS_A_BAR).map(|n| (n, measure.start - missing + beat * n));
        for (n, at) in beats.skip_while(|(_, at)| *at < measure.start).take_while(|(_, at)| *at < measure.end)
        {
            clicks.push(Click { quarters: at.to_f64(), is_downbeat: n == 0 });
        }
    }
    clicks
}

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
    pub(crate) fn before(programme: &super::Programme, quarters: f64, bars: u8) -> Option<Self> {
        let list = &programme.clicks;
        // The nearest beat on, unless the place is behind the last one.
        let next = list.partition_point(|c| c.quarters < quarters - 1e-6).min(list.len().checked_sub(2)?);
        let bar_start = list[..=next].iter().rposition(|c| c.is_downbeat).unwrap_or(0);
        let bar_end = list[bar_start + 1..].iter().position(|c| c.is_downbeat);
        let beats = bar_end.map_or(list.len() - bar_start, |n| n + 1).clamp(1, 16) as u32;
        let secs = |k: usize| programme.clock.secs_at(list[k].quarters);
        let period_secs = (secs(next + 1) - secs(next)).clamp(0.05, 10.0);
        let to_next_secs = (secs(next) - programme.clock.secs_at(quarters)).clamp(0.0, period_secs);
        let clicks = beats * u32::from(bars);
        let length_secs = f64::from(clicks) * period_secs - to_next_secs;
        (clicks > 0).then_some(Self { clicks, beats, period_secs, length_secs })
    }
}

/// How long a click sounds.
const CLICK_SECS: f64 = 0.035;

/// The two clicks as sound, made once for a sample rate.
#[derive(Clone)]
pub(crate) struct ClickSounds {
    downbeat: Arc<[f32]>,
    beat: Arc<[f32]>,
}

impl ClickSounds {
    pub(crate) fn new(sample_rate: u32) -> Self {
        Self { downbeat: click(sample_rate, 1760.0, 0.32), beat: click(sample_rate, 1175.0, 0.22) }
    }

    fn sound(&self, is_downbeat: bool) -> &[f32] {
        if is_downbeat { &self.downbeat } else { &self.beat }
    }
}

/// A short decaying tone that starts and ends at rest.
fn click(sample_rate: u32, hertz: f64, level: f64) -> Arc<[f32]> {
    let frames = (CLICK_SECS * f64::from(sample_rate)) as usize;
    let shape = |k: usize| {
        let secs = k as f64 / f64::from(sample_rate);
        let rise = (secs / 0.001).min(1.0);
        let left = 1.0 - k as f64 / frames as f64;
        (level * rise * left * (-secs / 0.009).exp() * (TAU * hertz * secs).sin()) as f32
    };
    (0..frames).map(shape).collect()
}

/// The metronome as it sounds: at most two clicks at once.
pub(crate) struct Clicker {
    sounds: ClickSounds,
    voices: [Option<Voice>; 2],
}

#[derive(Clone, Copy)]
struct Voice {
    is_downbeat: bool,
    /// Frames until it starts.
    wait: usize,
    /// Frames it has sounded.
    done: usize,
}

impl Clicker {
    pub(crate) fn new(sample_rate: u32) -> Self {
        Self { sounds: ClickSounds::new(sample_rate), voices: [None; 2] }
    }

    /// Clicks `wait` frames from now.
    pub(crate) fn strike(&mut self, is_downbeat: bool, wait: usize) {
        // Of two that sound, the older one makes room: it has almost died away.
        let free = self.voices.iter().position(Option::is_none);
        let oldest = || usize::from(self.voices[1].map(|v| v.done) > self.voices[0].map(|v| v.done));
        let slot = free.unwrap_or_else(oldest);
        self.voices[slot] = Some(Voice { is_downbeat, wait, done: 0 });
    }

    /// Adds the next frames to `out`, left and right by turns.
    pub(crate) fn add_to(&mut self, out: &mut [f32]) {
        for slot in &mut self.voices {
            let Some(voice) = slot else { continue };
            let sound = &self.sounds.sound(voice.is_downbeat)[voice.done..];
            let start = voice.wait.min(out.len() / 2);
            voice.wait -= start;
            let frames = out[2 * start..].chunks_exact_mut(2);
            voice.done += frames.len().min(sound.len());
            let is_over = sound.len() <= frames.len();
            frames.zip(sound).for_each(|(frame, s)| frame.iter_mut().for_each(|channel| *channel += s));
            if is_over {
                *slot = None;
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use notation::{Measure, TimeSignature};

    use super::*;

    fn score(bars: &[(i64, i64, u8, u8)]) -> Score {
        let measure = |&(start, end, beats, beat_type): &(i64, i64, u8, u8)| Measure {
            start: Quarters::new(start, 2),
            end: Quarters::new(end, 2),
            number: String::new(),
            written: 0,
            pass: 1,
            time: TimeSignature { beats, beat_type },
        };
        Score { measures: bars.iter().map(measure).collect(), ..Score::default() }
    }

    fn places(score: &Score) -> Vec<(f64, bool)> {
        clicks(score).iter().map(|c| (c.quarters, c.is_downbeat)).collect()
    }

    #[test]
    fn every_beat_of_a_bar_clicks_and_the_first_is_marked() {
        let expected = [(0.0, true), (1.0, false), (2.0, false), (3.0, true), (4.0, false), (5.0, false)];
        assert_eq!(places(&score(&[(0, 6, 3, 4), (6, 12, 3, 4)])), expected);
    }

    #[test]
    fn six_eight_is_counted_in_two() {
        assert_eq!(places(&score(&[(0, 6, 6, 8)])), [(0.0, true), (1.5, false)]);
    }

    #[test]
    fn a_pick_up_is_counted_from_the_end_of_its_bar() {
        // An eighth before the bar: no beat of four-four falls on it.
        assert_eq!(places(&score(&[(0, 1, 4, 4), (1, 9, 4, 4)]))[0], (0.5, true));
        // Two quarters: the third and the fourth beat.
        assert_eq!(places(&score(&[(0, 4, 4, 4)])), [(0.0, false), (1.0, false)]);
    }

    #[test]
    fn a_broken_metre_does_not_hang() {
        assert!(places(&score(&[(0, 100_000, 255, 255), (0, 0, 0, 0)])).len() <= 64);
    }
}
