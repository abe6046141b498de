//! Bars that a person has played anew, in the place of those that were there.

use std::sync::Arc;

use performance::Performance;
use performers::passage;
use protocol::{ExtraNote, PunchIn, VersionId};

use super::error::EditError;
use super::takes::{added, new_take};
use crate::document::{Document, Origin, bars_text, clean, existing};
use crate::history::{Change, Step};
use crate::places;

/// The step that puts bars that were played anew into a version, joined as bars that are performed anew are:
/// they fill the gap, and everything outside keeps its values. Pins in the bars go, since they held other
/// values. The deadpan stays as it is: a take of it has the bars.
pub fn punched(
    document: &Document,
    punch: &PunchIn,
    from: &Performance,
    extra: &[ExtraNote],
) -> Result<Step, EditError> {
    let into = document.performance(punch.of).ok_or(EditError::NoSuchVersion)?;
    let score = document.score_of(punch.of);
    let bars = existing(score, &punch.bars).ok_or(EditError::NoSuchBars)?;
    let text = bars_text(score, &bars);
    let played = clean(score, passage::put(score, bars.clone(), from, into));
    let changes = match document.take(punch.of) {
        None => {
            let origin = Origin {
                text: format!("Deadpan, {text} recorded"),
                parent: Some(VersionId::Deadpan),
                ..Origin::default()
            };
            let mut take = new_take(document, punch.of, "Deadpan, recorded", origin, played);
            take.is_edited = true;
            added(document, vec![take], true)
        }
        Some(before) => {
            let mut after = before.clone();
            let notes = score.notes_in_measures(bars.clone());
            after.pins.retain(|(note, _)| !notes.contains(&(*note as usize)));
            if let (VersionId::Recording(_), Some(span)) = (punch.of, places::span(score, &bars)) {
                after.origin.extra.retain(|note| !span.contains(&note.quarters));
                after.origin.extra.extend(extra.iter().filter(|note| span.contains(&note.quarters)));
                after.origin.extra.sort_by(|a, b| a.quarters.total_cmp(&b.quarters));
            }
            after.performance = Arc::new(played);
            after.is_edited = true;
            vec![Change::Replaced { before: Box::new(before.clone()), after: Box::new(after) }]
        }
    };
    Ok(Step::new(format!("Record {text}"), changes))
}
