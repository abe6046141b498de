//! Bars that a person has played anew, in the place of those that were there.

use std::sync::Arc;

use performers::passage;
use protocol::{PunchIn, VersionId};

use super::error::EditError;
use super::takes::{added, new_take};
use crate::document::{Document, Origin, bars_text, clean, existing};
use crate::history::{Change, Step};
use crate::punched::Punched;
use crate::slips;

/// The step that puts bars that were played anew into a version, joined as bars that are performed anew are:
/// they fill the gap, and everything outside keeps its values. Pins in the bars go, since they held other
/// values. The deadpan stays as it is: a take of it has the bars.
pub fn punched(document: &Document, bars: &Punched) -> Result<Step, EditError> {
    let PunchIn { bars: range, of } = bars.punch();
    let into = document.performance(*of).ok_or(EditError::NoSuchVersion)?;
    let score = document.score_of(*of);
    let range = existing(score, range).ok_or(EditError::NoSuchBars)?;
    let text = bars_text(score, &range);
    let played = clean(score, passage::put(score, range.clone(), bars.played(), into));
    let changes = match document.take(*of) {
        None => {
            let origin = Origin {
                text: format!("Deadpan, {text} recorded"),
                parent: Some(VersionId::Deadpan),
                extra: bars.extra().to_vec(),
                slips: Some(bars.slips().clone()),
                ..Origin::default()
            };
            let mut take = new_take(document, *of, "Deadpan, recorded", origin, played);
            take.is_edited = true;
            added(document, vec![take], true)
        }
        Some(before) => {
            let mut after = before.clone();
            let notes = score.notes_in_measures(range.clone());
            after.pins.retain(|(note, _)| !notes.contains(&(*note as usize)));
            let (outside, mut extra) = slips::outside(score, &before.origin, &range);
            let is_old = before.origin.slips.is_none() && matches!(of, VersionId::Recording(_));
            if !is_old {
                // What an older project keeps of a recording is worked out from what is played.
                let (mut slips, inside) = (outside.unwrap_or_default(), bars.slips());
                slips.wrong.extend(&inside.wrong);
                slips.missed.extend(&inside.missed);
                slips.hesitations.extend(&inside.hesitations);
                extra.extend(bars.extra());
                extra.sort_by(|a, b| a.quarters.total_cmp(&b.quarters));
                (after.origin.slips, after.origin.extra) = (Some(slips), extra);
            }
            after.performance = Arc::new(played);
            after.is_edited = true;
            vec![Change::Replaced { before: Box::new(before.clone()), after: Box::new(after) }]
        }
    };
    Ok(Step::new(format!("Record {text}"), changes))
}
