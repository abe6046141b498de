//! The tempo from beat to beat and from bar to bar: what a listener takes for the tempo, where single
//! onsets come a little early or late.

use egui_plot::PlotPoint;
use protocol::ScoreView;

use super::axis::Clock;

/// What one point of the tempo curve stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grain {
    /// An onset.
    Onset,
    /// A beat.
    #[default]
    Beat,
    /// A bar.
    Bar,
}

/// The tempo of a version from beat to beat and from bar to bar.
#[derive(Clone, Debug, Default)]
pub struct Smoothed {
    beats: Vec<PlotPoint>,
    bars: Vec<PlotPoint>,
}

impl Smoothed {
    /// Adds what a version plays from one place of its score to another, in quarters; tempi are in beats of
    /// `beat_quarters` a minute. `unit` is where a place of its score is drawn.
    pub fn add(
        &mut self,
        score: &ScoreView,
        beat_quarters: f64,
        clock: &Clock,
        span: (f64, f64),
        unit: impl Fn(f64) -> f64,
    ) {
        let is_inside = |q: &f64| (span.0..=span.1).contains(q);
        let bars = score.measures.iter().map(|m| m.start_quarters).chain([score.end_quarters]);
        let bars: Vec<f64> = bars.filter(is_inside).collect();
        let mut beats: Vec<f64> = beats(score).filter(is_inside).chain(bars.clone()).collect();
        beats.sort_by(f64::total_cmp);
        self.beats.extend(points(&beats, beat_quarters, clock, &unit));
        self.bars.extend(points(&bars, beat_quarters, clock, &unit));
    }

    /// The curve by beats or by bars.
    pub fn by(&self, grain: Grain) -> &[PlotPoint] {
        match grain {
            Grain::Onset => &[],
            Grain::Beat => &self.beats,
            Grain::Bar => &self.bars,
        }
    }
}

/// Beats inside bars; the first of a bar is its bar line.
pub fn beats(score: &ScoreView) -> impl Iterator<Item = f64> {
    score.measures.iter().flat_map(|m| {
        let length = m.end_quarters - m.start_quarters;
        let beats = if m.beat_quarters > 1e-3 { (length / m.beat_quarters).ceil() } else { 1.0 };
        (1..beats.clamp(1.0, 256.0) as u32).map(|k| m.start_quarters + f64::from(k) * m.beat_quarters)
    })
}

/// A point in the middle of each part between two boundaries, and one at either end.
fn points(
    boundaries: &[f64],
    beat_quarters: f64,
    clock: &Clock,
    unit: &impl Fn(f64) -> f64,
) -> Vec<PlotPoint> {
    let tempo = |part: &[f64]| {
        let secs = clock.secs_at(part[1]) - clock.secs_at(part[0]);
        let quarters = part[1] - part[0];
        (secs > 1e-6 && quarters > 1e-6).then(|| (part[0], part[1], 60.0 * quarters / beat_quarters / secs))
    };
    let parts: Vec<(f64, f64, f64)> = boundaries.windows(2).filter_map(tempo).collect();
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return Vec::new() };
    let middle = |(from, to, tempo): &(f64, f64, f64)| PlotPoint::new(unit((from + to) / 2.0), *tempo);
    let start = PlotPoint::new(unit(first.0), first.2);
    let end = PlotPoint::new(unit(last.1), last.2);
    [start].into_iter().chain(parts.iter().map(middle)).chain([end]).collect()
}

#[cfg(test)]
mod tests {
    use protocol::MeasureView;

    use super::*;

    #[test]
    fn a_bar_has_the_tempo_of_its_length() {
        let measure = |k: u32| MeasureView {
            start_quarters: f64::from(k) * 4.0,
            end_quarters: f64::from(k + 1) * 4.0,
            number: (k + 1).to_string(),
            pass: 1,
            metre: (4, 4),
            beat_quarters: 1.0,
        };
        let score =
            ScoreView { measures: vec![measure(0), measure(1)], end_quarters: 8.0, ..ScoreView::default() };
        // The first bar in 4 s with an early second beat, the second in 2 s.
        let clock = Clock::new(&[(0.0, 0.0), (1.0, 0.5), (2.0, 2.0), (4.0, 4.0), (8.0, 6.0)]);
        let mut smoothed = Smoothed::default();
        smoothed.add(&score, 1.0, &clock, (0.0, 8.0), |q| q);
        let values = |grain| smoothed.by(grain).iter().map(|p| (p.x, p.y)).collect::<Vec<_>>();
        assert_eq!(values(Grain::Bar), [(0.0, 60.0), (2.0, 60.0), (6.0, 120.0), (8.0, 120.0)]);
        let beats = values(Grain::Beat);
        assert_eq!((beats.len(), beats[1], beats[2]), (10, (0.5, 120.0), (1.5, 40.0)));
        assert!(values(Grain::Onset).is_empty());
        let mut halves = Smoothed::default();
        halves.add(&score, 2.0, &clock, (0.0, 8.0), |q| q);
        let values: Vec<f64> = halves.by(Grain::Bar).iter().map(|p| p.y).collect();
        assert_eq!(values, [30.0, 30.0, 60.0, 60.0], "in halves a minute");
    }
}
