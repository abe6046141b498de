//! The vertical axis of the roll: pitches, one row each.

use egui::Rect;

/// Lowest and highest rows, in points.
const ROW_HEIGHTS: (f64, f64) = (1.0, 32.0);
/// Rows as they are first shown.
const FIRST_ROW_HEIGHTS: (f64, f64) = (3.0, 15.0);
/// The keys of a piano; the upper bound is the edge above the last key.
const PIANO: (f64, f64) = (21.0, 109.0);

/// Which pitches are in view. A pitch `p` fills the row from `p` to `p + 1`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PitchAxis {
    /// Pitch at the upper edge.
    top: f64,
    /// Points for a row.
    row: f64,
    /// How the pitches of the score still have to be put in view, if they have.
    due: Option<Showing>,
    /// The height that it was drawn with last, in points; none before the first time.
    height: Option<f64>,
    /// Whether the pitch in the middle is to stay there at the next height.
    keeps_middle: bool,
}

/// How the pitches of a score are put in view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Showing {
    /// In rows that can be read, the middle ones if there is no room for all.
    Legible,
    /// All of them.
    All,
}

impl Default for PitchAxis {
    fn default() -> Self {
        Self { top: 90.0, row: 9.0, due: Some(Showing::Legible), height: None, keeps_middle: false }
    }
}

impl PitchAxis {
    /// Puts these pitches in view when first drawn at a height; stays inside its limits afterwards.
    pub fn settle(&mut self, height: f32, pitches: Option<(u8, u8)>) {
        let height = f64::from(height).max(1.0);
        if let Some(showing) = self.due.take() {
            let (low, high) = pitches.unwrap_or((48, 84));
            let rows = f64::from(high) - f64::from(low) + 5.0;
            let lowest = if showing == Showing::All { ROW_HEIGHTS.0 } else { FIRST_ROW_HEIGHTS.0 };
            self.row = (height / rows).clamp(lowest, FIRST_ROW_HEIGHTS.1);
            self.top = (f64::from(low) + f64::from(high) + 1.0) / 2.0 + height / self.row / 2.0;
            self.keeps_middle = false;
        }
        let before = self.height.replace(height).unwrap_or(height);
        if std::mem::take(&mut self.keeps_middle) {
            self.top += (height - before) / self.row / 2.0;
        }
        let rows = height / self.row;
        let (low, high) = limits(pitches);
        self.top =
            if rows >= high - low { (low + high + rows) / 2.0 } else { self.top.min(high).max(low + rows) };
    }

    /// Puts the pitches of another score in view.
    pub fn begin(&mut self) {
        self.due = Some(Showing::Legible);
    }

    /// Puts all pitches of the score in view.
    pub fn fit(&mut self) {
        self.due = Some(Showing::All);
    }

    /// Where the height is another one the next time, the pitch in the middle stays there.
    pub fn keep_middle(&mut self) {
        self.keeps_middle = true;
    }

    /// Points for a row.
    pub fn row_height(&self) -> f32 {
        self.row as f32
    }

    /// Where the upper edge of a pitch's row is; a pitch between two keys counts.
    pub fn y(&self, rect: Rect, pitch: f64) -> f32 {
        rect.top() + ((self.top - pitch - 1.0) * self.row) as f32
    }

    /// The pitch at a height on the screen: 60.5 is the middle of middle C's row.
    pub fn pitch_at(&self, rect: Rect, y: f32) -> f64 {
        self.top - f64::from(y - rect.top()) / self.row
    }

    /// The pitches with a row in view, from low to high.
    pub fn in_view(&self, rect: Rect) -> std::ops::RangeInclusive<u8> {
        let low = self.pitch_at(rect, rect.bottom()).floor().clamp(0.0, 127.0) as u8;
        let high = self.top.floor().clamp(0.0, 127.0) as u8;
        low..=high
    }

    /// Shows what is `points` lower.
    pub fn scroll(&mut self, points: f32) {
        self.top -= f64::from(points) / self.row;
    }

    /// Makes rows `factor` times as high; the pitch at `y` stays where it is.
    pub fn zoom(&mut self, factor: f64, rect: Rect, y: f32) {
        let fixed = self.pitch_at(rect, y);
        self.row = (self.row * factor).clamp(ROW_HEIGHTS.0, ROW_HEIGHTS.1);
        self.top = fixed + f64::from(y - rect.top()) / self.row;
    }
}

/// All keys of a piano, and more for a score that goes beyond.
fn limits(pitches: Option<(u8, u8)>) -> (f64, f64) {
    let (low, high) = pitches.unwrap_or((60, 60));
    (PIANO.0.min(f64::from(low)), PIANO.1.max(f64::from(high) + 1.0))
}

/// Whether a pitch is a black key.
pub fn is_black(pitch: u8) -> bool {
    matches!(pitch % 12, 1 | 3 | 6 | 8 | 10)
}

/// A pitch's name: C4 is middle C.
pub fn name(pitch: u8) -> String {
    const NAMES: [&str; 12] = ["C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B"];
    format!("{}{}", NAMES[usize::from(pitch % 12)], i32::from(pitch / 12) - 1)
}

/// The pitch that a name means, as a person types it (`C4`, `eb3`, `f#5`), or a MIDI number; none for anything else.
pub fn from_name(text: &str) -> Option<u8> {
    let text = text.trim();
    if let Ok(number) = text.parse::<u8>() {
        return Some(number).filter(|number| *number < 128);
    }
    let mut letters = text.chars();
    let step = match letters.next()?.to_ascii_uppercase() {
        'C' => 0,
        'D' => 2,
        'E' => 4,
        'F' => 5,
        'G' => 7,
        'A' => 9,
        'B' => 11,
        _ => return None,
    };
    let rest = letters.as_str();
    let (signs, octave) = rest.split_at(rest.find(|c: char| c.is_ascii_digit() || c == '-')?);
    let mut altered: i32 = step;
    for sign in signs.chars() {
        altered += match sign {
            '♯' | '#' => 1,
            '♭' | 'b' => -1,
            _ => return None,
        };
    }
    let octave: i32 = octave.parse::<i8>().ok()?.into();
    u8::try_from((octave + 1) * 12 + altered).ok().filter(|pitch| *pitch < 128)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pitches_are_found_by_their_names() {
        for pitch in 0..128 {
            assert_eq!(from_name(&name(pitch)), Some(pitch));
        }
        for (text, pitch) in [("c4", 60), (" Bb3 ", 58), ("f#-1", 6), ("60", 60), ("cb4", 59)] {
            assert_eq!(from_name(text), Some(pitch), "{text}");
        }
        for text in ["", "C", "4", "H4", "Cx4", "C99", "G#9", "128"] {
            let expected = text.parse().ok().filter(|number: &u8| *number < 128);
            assert_eq!(from_name(text), expected, "{text}");
        }
    }
}
