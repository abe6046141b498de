//! One time axis for ruler, roll and lanes: even bars or even seconds.
//!
//! The axis counts in its own *units*: quarters of the score, or seconds of the version heard. The
//! clock of that version translates between the two, so a place keeps its meaning whichever way
//! it is drawn. What is in view is a span of units; a [`Strip`] lays it over pixels.

use egui::Rect;

/// The shortest span in view, in units.
const SHORTEST: f64 = 0.5;
/// How far one may look past either end, as a share of what is in view.
const MARGIN: f64 = 0.02;
/// A quarter at 120 beats a minute, for a version that knows no tempo.
const USUAL_SECS: f64 = 0.5;

/// Where the score is at which second: straight lines between points, both ways.
#[derive(Clone, Debug, PartialEq)]
pub struct Clock {
    /// Quarters and seconds, both rising; at least two.
    points: Vec<(f64, f64)>,
}

impl Default for Clock {
    fn default() -> Self {
        Self::new(&[])
    }
}

impl Clock {
    /// A clock through these points; those that do not rise are left out.
    pub fn new(points: &[(f64, f64)]) -> Self {
        let mut rising: Vec<(f64, f64)> = Vec::with_capacity(points.len().max(2));
        for &(quarters, secs) in points {
            let is_sound = quarters.is_finite() && secs.is_finite();
            if is_sound && rising.last().is_none_or(|last| quarters > last.0 && secs > last.1) {
                rising.push((quarters, secs));
            }
        }
        if rising.is_empty() {
            rising.push((0.0, 0.0));
        }
        if let [(quarters, secs)] = rising[..] {
            rising.push((quarters + 1.0, secs + USUAL_SECS));
        }
        Self { points: rising }
    }

    /// When a place in the score is played.
    pub fn secs_at(&self, quarters: f64) -> f64 {
        along(&self.points, quarters, |p| p.0, |p| p.1)
    }

    /// Where in the score a moment is.
    pub fn quarters_at(&self, secs: f64) -> f64 {
        along(&self.points, secs, |p| p.1, |p| p.0)
    }
}

/// The line through the points around `at`; before the first and after the last the nearest one.
fn along(
    points: &[(f64, f64)],
    at: f64,
    from: impl Fn(&(f64, f64)) -> f64,
    to: impl Fn(&(f64, f64)) -> f64,
) -> f64 {
    let next = points.partition_point(|p| from(p) <= at).clamp(1, points.len() - 1);
    let (a, b) = (&points[next - 1], &points[next]);
    to(a) + (at - from(a)) / (from(b) - from(a)) * (to(b) - to(a))
}

/// The time axis and what of it is in view.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeAxis {
    in_seconds: bool,
    clock: Clock,
    /// First and last place of the piece.
    piece_quarters: (f64, f64),
    /// First and last unit in view.
    start: f64,
    end: f64,
}

impl Default for TimeAxis {
    fn default() -> Self {
        let mut axis = Self {
            in_seconds: false,
            clock: Clock::default(),
            piece_quarters: (0.0, 1.0),
            start: 0.0,
            end: 1.0,
        };
        axis.fit();
        axis
    }
}

impl TimeAxis {
    /// Whether seconds are even instead of bars.
    pub fn in_seconds(&self) -> bool {
        self.in_seconds
    }

    /// Makes seconds even, or bars; the same stretch of the piece stays in view.
    pub fn set_in_seconds(&mut self, in_seconds: bool) {
        let (from, to) = self.span_quarters();
        self.in_seconds = in_seconds;
        self.show_quarters(from, to);
    }

    /// Takes the clock of another version; the same stretch of the piece stays in view.
    pub fn set_clock(&mut self, clock: Clock, piece_quarters: (f64, f64)) {
        let (from, to) = self.span_quarters();
        self.clock = clock;
        let (first, last) = piece_quarters;
        if first.is_finite() && last.is_finite() {
            self.piece_quarters = (first, last.max(first + SHORTEST));
        }
        self.show_quarters(from, to);
    }

    /// The clock of the version heard.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// First unit in view.
    pub fn start(&self) -> f64 {
        self.start
    }

    /// Last unit in view.
    pub fn end(&self) -> f64 {
        self.end
    }

    /// First and last place of the score in view.
    pub fn span_quarters(&self) -> (f64, f64) {
        (self.quarters_at(self.start), self.quarters_at(self.end))
    }

    /// Puts a stretch of the score in view.
    pub fn show_quarters(&mut self, from: f64, to: f64) {
        self.show(self.unit_of_quarters(from), self.unit_of_quarters(to));
    }

    /// The unit of a place in the score.
    pub fn unit_of_quarters(&self, quarters: f64) -> f64 {
        if self.in_seconds { self.clock.secs_at(quarters) } else { quarters }
    }

    /// The unit of a moment.
    pub fn unit_of_secs(&self, secs: f64) -> f64 {
        if self.in_seconds { secs } else { self.clock.quarters_at(secs) }
    }

    /// The place in the score at a unit.
    pub fn quarters_at(&self, unit: f64) -> f64 {
        if self.in_seconds { self.clock.quarters_at(unit) } else { unit }
    }

    /// The moment at a unit.
    pub fn secs_at(&self, unit: f64) -> f64 {
        if self.in_seconds { unit } else { self.clock.secs_at(unit) }
    }

    /// Shows `factor` times less time; what is at `fixed` stays where it is.
    pub fn zoom(&mut self, factor: f64, fixed: f64) {
        if !(factor.is_finite() && factor > 0.0 && fixed.is_finite()) {
            return;
        }
        let span = ((self.end - self.start) / factor).min(self.longest()).max(SHORTEST);
        let share = (fixed - self.start) / (self.end - self.start);
        let start = fixed - share * span;
        self.show(start, start + span);
    }

    /// Shows what comes `units` later.
    pub fn scroll(&mut self, units: f64) {
        if units.is_finite() {
            self.show(self.start + units, self.end + units);
        }
    }

    /// Puts the whole piece in view.
    pub fn fit(&mut self) {
        let (from, _) = self.piece();
        let span = self.longest();
        self.show(from - span * MARGIN, from + span * (1.0 - MARGIN));
    }

    /// First and last unit of the piece.
    fn piece(&self) -> (f64, f64) {
        let from = self.unit_of_quarters(self.piece_quarters.0);
        let to = self.unit_of_quarters(self.piece_quarters.1);
        (from, to.max(from + SHORTEST))
    }

    /// The longest span in view: the piece and its margins.
    fn longest(&self) -> f64 {
        let (from, to) = self.piece();
        (to - from) / (1.0 - 2.0 * MARGIN)
    }

    fn show(&mut self, start: f64, end: f64) {
        if !(start.is_finite() && end.is_finite()) {
            return;
        }
        let (from, to) = self.piece();
        let span = (end - start).min(self.longest()).max(SHORTEST);
        let margin = span * MARGIN;
        self.start = start.min(to + margin - span).max(from - margin);
        self.end = self.start + span;
    }
}

/// The span in view, laid over pixels from left to right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Strip {
    /// First unit in view.
    pub start: f64,
    /// Last unit in view.
    pub end: f64,
    /// Where the first unit is on the screen.
    pub left: f32,
    /// Where the last unit is on the screen.
    pub right: f32,
}

impl Strip {
    /// What the axis has in view, over the width of a rectangle.
    pub fn new(axis: &TimeAxis, over: Rect) -> Self {
        Self {
            start: axis.start,
            end: axis.end,
            left: over.left(),
            right: over.right().max(over.left() + 1.0),
        }
    }

    /// Points on the screen for one unit.
    pub fn points_per_unit(&self) -> f64 {
        f64::from(self.right - self.left) / (self.end - self.start)
    }

    /// Where a unit is on the screen.
    pub fn x(&self, unit: f64) -> f32 {
        (f64::from(self.left) + (unit - self.start) * self.points_per_unit()) as f32
    }

    /// The unit at a place on the screen.
    pub fn unit(&self, x: f32) -> f64 {
        self.start + f64::from(x - self.left) / self.points_per_unit()
    }
}
