//! A score for tests of the page.

use protocol::{Hand, MeasureView, NoteView, ScoreView};

/// So many bars of so many quarters, with a note on each of them.
pub fn score(bars: u32, beats: u8) -> ScoreView {
    let quarters = f64::from(beats);
    let measure = |k: u32| MeasureView {
        start_quarters: f64::from(k) * quarters,
        end_quarters: f64::from(k + 1) * quarters,
        number: (k + 1).to_string(),
        pass: 1,
        metre: (beats, 4),
        beat_quarters: 1.0,
    };
    let note = |k: u32| NoteView {
        onset_quarters: f64::from(k),
        duration_quarters: 1.0,
        pitch: 60,
        hand: Hand::Right,
        measure: k / u32::from(beats),
        is_grace: false,
    };
    ScoreView {
        notes: (0..bars * u32::from(beats)).map(note).collect(),
        measures: (0..bars).map(measure).collect(),
        end_quarters: f64::from(bars) * quarters,
        ..ScoreView::default()
    }
}
