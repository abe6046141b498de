#![allow(clippy::unwrap_used)]

use notation::{Measure, TimeSignature};

use super::*;

fn of_four_bars() -> Score {
    let measures = (0..4).map(|k| Measure::regular(k, TimeSignature::default())).collect();
    Score { measures, ..Score::default() }
}

#[test]
fn bars_and_temperatures_have_a_range() {
    assert!(PieceRequest::new(1, 1).check().is_ok());
    assert!(PieceRequest::new(MOST_NEW_BARS, 1).check().is_ok());
    for bars in [0, MOST_NEW_BARS + 1] {
        assert!(matches!(PieceRequest::new(bars, 1).check(), Err(PieceError::Bars { .. })));
    }
    for temperature in [0.0, 2.1, f64::NAN] {
        let request = PieceRequest { temperature, ..PieceRequest::new(8, 1) };
        assert!(matches!(request.check(), Err(PieceError::Temperature { .. })));
    }
}

#[test]
fn a_piece_goes_on_after_one_of_its_bars() {
    let score = of_four_bars();
    let from = |bar| PieceRequest { continues: Some((&score, bar)), ..PieceRequest::new(8, 1) };
    assert!(from(1).check().is_ok());
    assert!(from(4).check().is_ok());
    let message = from(5).check().unwrap_err().to_string();
    assert!(message.contains("has 4 bars") && message.contains("2 to 5"), "{message}");
    assert!(from(0).check().is_err());
}
