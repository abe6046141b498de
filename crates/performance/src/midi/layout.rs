//! Bars on the ticks of a file.

use std::ops::Range;

use notation::{Measure, Quarters, Score, TimeSignature};

/// Lead-in bars beyond this are the work of a broken performance.
pub const MOST_LEAD_IN_BARS: u32 = 16;

/// Beats in a bar, long cadenzas included. A damaged file may have bars of a million quarters.
const MOST_BEATS: i64 = 1_000;

/// Bar lines can only be drawn at multiples of a 64th note, this many in a quarter.
const FINEST: i64 = 16;

/// Where the bars of a score, or some of them, lie in a file.
pub struct Layout<'a> {
    measures: &'a [Measure],
    ticks_per_quarter: i64,
    /// Quarters from tick 0 to the first bar.
    lead_in: Quarters,
    /// The tick where each bar starts, and where the last ends.
    bar_ticks: Vec<i64>,
}

impl<'a> Layout<'a> {
    /// Puts the bars on the grid. A pick-up becomes the end of a full bar, so that the bar lines
    /// of the sequencer are those of the score; `lead_in` quarters and more are left free before
    /// the first bar, in full bars. A bar of a length that no metre has is rounded to one: the
    /// tempo map, which follows the ticks, makes up for it.
    pub fn new(score: &'a Score, bars: Option<Range<usize>>, ticks_per_quarter: u32, lead_in: f64) -> Self {
        let bars = bars.unwrap_or(0..score.measures.len());
        let measures = score.measures.get(bars.clone()).unwrap_or_default();
        let (full, length) = measures
            .first()
            .map_or((Quarters::whole(4), Quarters::whole(4)), |m| (m.time.measure_length(), drawn_length(m)));
        let pick_up = bars.start == 0 && length < full;
        let missing = if pick_up { full - length } else { Quarters::ZERO };
        let lead_in_bars = ((lead_in - missing.to_f64()) / full.to_f64().max(0.0625)).ceil();
        let lead_in_bars = (lead_in_bars as i64).clamp(0, i64::from(MOST_LEAD_IN_BARS));
        let ticks_per_quarter = i64::from(ticks_per_quarter);
        let mut layout = Self {
            measures,
            ticks_per_quarter,
            lead_in: missing + full * lead_in_bars,
            bar_ticks: Vec::new(),
        };
        let mut tick = layout.ticks(layout.lead_in);
        layout.bar_ticks.push(tick);
        for measure in measures {
            tick += layout.ticks(drawn_length(measure));
            layout.bar_ticks.push(tick);
        }
        layout
    }

    /// A length in ticks, rounded.
    fn ticks(&self, length: Quarters) -> i64 {
        scaled(length, self.ticks_per_quarter, 1)
    }

    /// Quarters from tick 0 to the first bar.
    pub fn lead_in(&self) -> f64 {
        self.lead_in.to_f64()
    }

    /// Where the first bar starts.
    pub fn start(&self) -> Quarters {
        self.measures.first().map_or(Quarters::ZERO, |m| m.start)
    }

    /// Where the last bar ends.
    pub fn end(&self) -> Quarters {
        self.measures.last().map_or(Quarters::ZERO, |m| m.end)
    }

    /// The tick of a point of the score; 0 for those before the file.
    pub fn tick(&self, at: Quarters) -> u64 {
        let k = self.measures.partition_point(|m| m.start <= at).saturating_sub(1);
        let tick = match self.measures.get(k) {
            Some(m) if at >= m.start && at < m.end => {
                let length = m.end - m.start;
                let ticks = self.bar_ticks[k + 1] - self.bar_ticks[k];
                let (n, d) = (length.numerator(), length.denominator());
                self.bar_ticks[k] + scaled(at - m.start, ticks.saturating_mul(d), n)
            }
            Some(m) if at < m.start => self.bar_ticks[0] + self.ticks(at - m.start),
            _ => self.bar_ticks[self.measures.len()] + self.ticks(at - self.end()),
        };
        u64::try_from(tick).unwrap_or(0)
    }

    /// Every beat and bar line from the first bar to the end of the last; of a bar with more beats
    /// than any music has, the bar line alone.
    pub fn beats(&self) -> Vec<Quarters> {
        let mut beats = Vec::new();
        for measure in self.measures {
            let length = measure.time.beat_length();
            let is_believable = measure.end - measure.start <= length * MOST_BEATS;
            let mut at = measure.start;
            while at < measure.end && length > Quarters::ZERO {
                beats.push(at);
                at = if is_believable { at + length } else { measure.end };
            }
        }
        beats.push(self.end());
        beats
    }

    /// Metre events that put each bar line of the score on one of the sequencer. Two short bars
    /// that make up a full one, as around a repeat, stay one bar; a bar of any other length gets
    /// a metre of its own.
    pub fn metres(&self) -> Vec<(u64, TimeSignature)> {
        let Some(first) = self.measures.first() else { return vec![(0, TimeSignature::default())] };
        let mut metres = vec![(0, first.time)];
        let mut k = 0;
        // A pick-up has been filled up already.
        let full = self.ticks(first.time.measure_length()).max(1);
        if self.bar_ticks[0] % full != 0 {
            k = 1;
        }
        while let Some(measure) = self.measures.get(k) {
            let (length, full) = (drawn_length(measure), measure.time.measure_length());
            let next = self.measures.get(k + 1).map(|n| drawn_length(n) + length);
            let (time, bars) = match next {
                _ if length == full => (measure.time, 1),
                Some(both) if both == full => (measure.time, 2),
                _ => (metre_of(length, measure.time), 1),
            };
            if metres.last().is_none_or(|(_, last)| *last != time) {
                metres.push((self.tick(measure.start), time));
            }
            k += bars;
        }
        metres.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                earlier.1 = later.1;
            }
            same
        });
        metres
    }
}

/// The length of a bar, rounded to one that a metre can have.
fn drawn_length(measure: &Measure) -> Quarters {
    Quarters::new(scaled(measure.end - measure.start, FINEST, 1).max(1), FINEST)
}

/// A length times `n / d`, rounded.
fn scaled(length: Quarters, n: i64, d: i64) -> i64 {
    let numerator = i128::from(length.numerator()) * i128::from(n);
    let denominator = i128::from(length.denominator()) * i128::from(d.max(1));
    i64::try_from((2 * numerator + denominator).div_euclid(2 * denominator)).unwrap_or(i64::MAX)
}

/// A metre whose bar has that length, with the beat of the metre around it if possible; that
/// metre itself if there is none.
fn metre_of(length: Quarters, around: TimeSignature) -> TimeSignature {
    let fit = |beat_type: u8| {
        // Quarters are four of a whole note.
        let beats = length * i64::from(beat_type);
        let whole = beats.numerator() % (4 * beats.denominator()) == 0;
        let beats = u8::try_from(beats.numerator() / (4 * beats.denominator())).ok();
        beats.filter(|b| whole && *b > 0).map(|beats| TimeSignature { beats, beat_type })
    };
    let own = fit(around.beat_type);
    own.or_else(|| [4, 8, 16, 32, 64].into_iter().find_map(fit)).unwrap_or(around)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_bar_of_a_million_quarters_only_the_bar_line_is_a_beat() {
        let time = TimeSignature { beats: 1, beat_type: 64 };
        let bar = |start: i64, end: i64| {
            let (start, end) = (Quarters::whole(start), Quarters::whole(end));
            Measure { start, end, number: String::new(), written: 0, pass: 1, time }
        };
        let score = Score { measures: vec![bar(0, 1), bar(1, 1 << 20)], ..Score::default() };
        let beats = Layout::new(&score, None, 480, 0.0).beats();
        assert_eq!(beats.len(), 16 + 1 + 1);
        assert_eq!(beats[16..], [Quarters::whole(1), Quarters::whole(1 << 20)]);
    }
}
