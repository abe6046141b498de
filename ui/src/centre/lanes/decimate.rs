//! Fewer points than pixels: what is left looks the same.
//!
//! Of all points in one column of pixels the first, the lowest, the highest and the last are kept,
//! in order. A line through them covers the same pixels as a line through all. One point beyond
//! either edge is kept too, so that lines run out of the picture.

use egui_plot::PlotPoint;
use protocol::Hand;

/// The points of a rising series that are seen between two units over some columns of pixels.
pub fn decimate(points: &[PlotPoint], from: f64, to: f64, columns: usize) -> Vec<PlotPoint> {
    let first = points.partition_point(|p| p.x < from).saturating_sub(1);
    let last = (points.partition_point(|p| p.x <= to) + 1).min(points.len());
    let seen = &points[first..last.max(first)];
    let columns = columns.max(1);
    if seen.len() <= 4 * columns || to <= from {
        return seen.to_vec();
    }
    let column_of = |p: &PlotPoint| ((p.x - from) / (to - from) * columns as f64).floor() as i64;
    let mut kept = Vec::with_capacity(4 * columns + 2);
    for column in seen.chunk_by(|a, b| column_of(a) == column_of(b)) {
        keep_extremes(column, &mut kept);
    }
    kept
}

fn keep_extremes(column: &[PlotPoint], kept: &mut Vec<PlotPoint>) {
    let (mut low, mut high) = (0, 0);
    for (k, point) in column.iter().enumerate() {
        if point.y < column[low].y {
            low = k;
        }
        if point.y > column[high].y {
            high = k;
        }
    }
    let mut places = [0, low.min(high), low.max(high), column.len() - 1];
    places.sort_unstable();
    let mut previous = None;
    for place in places {
        if previous != Some(place) {
            kept.push(column[place]);
            previous = Some(place);
        }
    }
}

/// Knows which places of a column of pixels are taken, for marks that come in order of time: a mark
/// on top of one like it is not seen and need not be drawn.
#[derive(Debug, Default)]
pub struct Taken {
    column: Option<i32>,
    places: Vec<(i32, Hand)>,
}

impl Taken {
    /// Takes a place on the screen for a mark of a hand; says whether it was free.
    pub fn take(&mut self, x: f32, y: f32, hand: Hand) -> bool {
        let column = Some(x as i32);
        if column != self.column {
            self.column = column;
            self.places.clear();
        }
        let place = (y as i32, hand);
        let is_free = !self.places.contains(&place);
        if is_free {
            self.places.push(place);
        }
        is_free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(count: usize) -> Vec<PlotPoint> {
        (0..count).map(|k| PlotPoint::new(k as f64, (k as f64 * 1.7).sin())).collect()
    }

    #[test]
    fn few_points_stay_as_they_are() {
        let points = wave(50);
        let seen = decimate(&points, 10.0, 20.0, 300);
        assert_eq!(seen.first().map(|p| p.x), Some(9.0));
        assert_eq!(seen.last().map(|p| p.x), Some(21.0));
        assert_eq!(seen.len(), 13);
    }

    #[test]
    fn many_points_keep_the_extremes_of_every_column() {
        let points = wave(100_000);
        let columns = 200;
        let seen = decimate(&points, 0.0, 100_000.0, columns);
        assert!(seen.len() <= 4 * columns + 4);
        assert!(seen.windows(2).all(|w| w[0].x < w[1].x));
        for column in 0..columns {
            let inside = |p: &&PlotPoint| (p.x / 500.0).floor() as usize == column;
            let extremes = |points: &[PlotPoint]| {
                points.iter().filter(inside).fold((f64::MAX, f64::MIN), |e, p| (e.0.min(p.y), e.1.max(p.y)))
            };
            assert_eq!(extremes(&points), extremes(&seen));
        }
    }

    #[test]
    fn a_place_is_taken_once_in_its_column() {
        let mut taken = Taken::default();
        assert!(taken.take(3.0, 10.0, Hand::Left));
        assert!(!taken.take(3.0, 10.0, Hand::Left));
        assert!(taken.take(3.0, 10.0, Hand::Right));
        assert!(taken.take(3.0, 11.0, Hand::Left));
        assert!(taken.take(4.0, 10.0, Hand::Left));
    }

    #[test]
    fn nothing_gives_nothing() {
        assert!(decimate(&[], 0.0, 1.0, 100).is_empty());
        assert!(decimate(&wave(9), 5.0, 5.0, 0).len() <= 9);
    }
}
