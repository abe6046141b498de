//! Which bars are varied, and what plays the notes around them.

use protocol::limits::MOST_VARIED_BARS;
use protocol::{Bars, ProjectView, ScoreView, VariationsView, VersionId};

use crate::Model;

/// The selected bars, if they can be varied; else what to select.
///
/// # Errors
/// A sentence, if nothing is selected or too much.
pub fn bars_to_vary(selection: Option<&Bars>) -> Result<Bars, String> {
    match selection {
        Some(bars) if bars.len() <= MOST_VARIED_BARS => Ok(bars.clone()),
        Some(bars) => Err(format!(
            "{} bars are selected: select 1 to {MOST_VARIED_BARS} in the ruler to vary them",
            bars.len()
        )),
        None => Err(format!("Drag over 1 to {MOST_VARIED_BARS} bars in the ruler to vary them")),
    }
}

/// The version that is varied: the one that is heard, or what a variation that is heard was made of.
pub fn original(model: &Model, project: &ProjectView) -> VersionId {
    let is_preview = project.previews.iter().any(|preview| preview.id == project.listening);
    match &model.variations {
        Some(made) if is_preview => made.request.of,
        _ => project.listening,
    }
}

/// The score whose bars were varied, as far as it is known; else the one that is heard.
pub fn score<'a>(model: &'a Model, made: &VariationsView) -> &'a ScoreView {
    model.scores.iter().find(|score| score.id == made.score).unwrap_or(&model.score)
}

/// The lowest and the highest pitch written in some bars of the score that is heard; the middle of the keyboard if
/// there are no notes.
pub fn pitches(model: &Model, bars: &Bars) -> (u8, u8) {
    let written = model.score.notes.iter().filter(|note| bars.contains(&(note.measure as usize)));
    let range = written.map(|note| note.pitch).fold(None, |range, pitch| {
        let (low, high) = range.unwrap_or((pitch, pitch));
        Some((pitch.min(low), pitch.max(high)))
    });
    range.unwrap_or((48, 84))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_to_select_is_said_in_one_sentence() {
        assert_eq!(bars_to_vary(Some(&(4..8))), Ok(4..8));
        assert_eq!(bars_to_vary(Some(&(4..5))), Ok(4..5));
        let many = bars_to_vary(Some(&(0..6))).unwrap_err();
        assert_eq!(many, "6 bars are selected: select 1 to 4 in the ruler to vary them");
        assert_eq!(bars_to_vary(None).unwrap_err(), "Drag over 1 to 4 bars in the ruler to vary them");
    }
}
