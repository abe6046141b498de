//! One take of the best passages of several.

use protocol::{Bars, Passage, PinKind, VersionId};

use performers::passage;

use super::error::EditError;
use super::takes::{added, new_take};
use crate::document::{Document, Origin, Pins, bars_text, clean, existing};
use crate::history::Step;

/// Chooses a version, or none, in some bars. What was chosen there before gives way, and what belongs
/// together becomes one passage.
pub fn choose(best: &mut Vec<Passage>, bars: &Bars, of: Option<VersionId>) {
    let mut kept: Vec<Passage> = Vec::new();
    for old in best.drain(..) {
        let parts =
            [old.bars.start..old.bars.end.min(bars.start), old.bars.start.max(bars.end)..old.bars.end];
        kept.extend(parts.into_iter().filter(|p| !p.is_empty()).map(|bars| Passage { bars, of: old.of }));
    }
    kept.extend(of.map(|of| Passage { bars: bars.clone(), of }));
    kept.sort_by_key(|passage| passage.bars.start);
    kept.dedup_by(|next, passage| {
        let is_one = next.of == passage.of && next.bars.start == passage.bars.end;
        if is_one {
            passage.bars.end = next.bars.end;
        }
        is_one
    });
    *best = kept;
}

/// The step that makes a take of `of` with passages of other versions. Pins in the passages come with
/// them.
pub fn best_of(document: &Document, of: VersionId, best: &[Passage]) -> Result<Step, EditError> {
    let mut played = (**document.performance(of).ok_or(EditError::NoSuchVersion)?).clone();
    let mut pins = pins_of(document, of);
    let score = document.score_of(of);
    let mut parts = Vec::new();
    for Passage { bars, of: from } in best.iter().filter(|passage| document.has(passage.of)) {
        let Some(bars) = existing(score, bars) else { continue };
        let name = document.name_of(*from);
        if document.score_id(*from) != document.score_id(of) {
            return Err(EditError::OtherScore(name));
        }
        let source = document.performance(*from).ok_or(EditError::NoSuchVersion)?;
        parts.push(format!("{} of {name}", bars_text(score, &bars)));
        if *from == of {
            continue;
        }
        played = passage::put(score, bars.clone(), source, &played);
        let notes = score.notes_in_measures(bars);
        let is_inside = |pin: &(u32, PinKind)| notes.contains(&(pin.0 as usize));
        pins.retain(|pin| !is_inside(pin));
        pins.extend(pins_of(document, *from).into_iter().filter(is_inside));
    }
    if parts.is_empty() {
        return Err(EditError::NoPassage);
    }
    let text = format!("{}, the rest of {}", parts.join(", "), document.name_of(of));
    let origin = Origin { text, parent: Some(of), ..Origin::default() };
    let mut take = new_take(document, of, "Best", origin, clean(score, played));
    take.pins = pins;
    Ok(Step::new("Make one of the best", added(document, vec![take], true)))
}

fn pins_of(document: &Document, id: VersionId) -> Pins {
    document.take(id).map_or_else(Pins::new, |take| take.pins.clone())
}
