//! Which time bars are played, on a page whose repeats are written out.

use protocol::{ScoreView, SystemView};

use crate::centre::roll::bar_text;

/// Says which time a bar is played, where that is not the first.
#[derive(Clone, Debug, PartialEq)]
pub struct PassLabel {
    /// In which system.
    pub system: usize,
    /// From where in it.
    pub left: f32,
    /// The time, after the number of the bar where the page does not print it.
    pub text: String,
}

/// A label where a bar begins that is not played for the first time: at the start of a system, and where such
/// bars begin. Where a measure has several times on the page they are told another way.
pub(super) fn labels(systems: &[SystemView], score: &ScoreView) -> Vec<PassLabel> {
    let mut labels = Vec::new();
    let mut before = 1;
    for (system, place) in systems.iter().enumerate() {
        for (k, engraved) in place.measures.iter().enumerate() {
            let [only] = &engraved.passes[..] else {
                before = 1;
                continue;
            };
            let Some(measure) = score.measures.get(only.measure as usize) else { continue };
            let is_new = std::mem::replace(&mut before, measure.pass) != measure.pass;
            if measure.pass > 1 && (k == 0 || is_new) {
                // The number at the start of a system is printed there already.
                let text = if k == 0 {
                    format!("({})", measure.pass)
                } else {
                    bar_text(&measure.number, measure.pass)
                };
                labels.push(PassLabel { system, left: engraved.left, text });
            }
        }
    }
    labels
}

#[cfg(test)]
mod tests {
    use protocol::{EngravedMeasure, EngravedPass, MeasureView};

    use super::*;

    #[test]
    fn bars_that_are_written_out_again_say_so_where_they_begin() {
        let measure = |pass: u8| MeasureView {
            start_quarters: 0.0,
            end_quarters: 4.0,
            number: "7".to_owned(),
            pass,
            metre: (4, 4),
            beat_quarters: 1.0,
        };
        let measures = [1, 1, 2, 2, 2, 1].map(measure).to_vec();
        let score = ScoreView { measures, ..ScoreView::default() };
        let pass = |bar: &u32| EngravedPass { measure: *bar, start_quarters: f64::from(*bar) * 4.0 };
        let place = |bars: &[u32], left| EngravedMeasure {
            passes: bars.iter().map(pass).collect(),
            length_quarters: 4.0,
            left,
            right: left + 5.0,
        };
        let system = |measures| SystemView { measures, ..SystemView::default() };
        let once = [
            system(vec![place(&[0], 0.0), place(&[1], 5.0), place(&[2], 10.0)]),
            system(vec![place(&[3], 0.0), place(&[4], 5.0), place(&[5], 10.0)]),
        ];
        let found = labels(&once, &score);
        let found: Vec<_> = found.iter().map(|label| (label.system, label.left, &label.text[..])).collect();
        assert_eq!(found, [(0, 10.0, "7 (2)"), (1, 0.0, "(2)")]);
        let repeated = [system(vec![place(&[0, 2], 0.0), place(&[1, 3], 5.0)])];
        assert_eq!(labels(&repeated, &score), []);
    }
}
