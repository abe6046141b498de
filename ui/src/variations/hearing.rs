//! Variations heard in their place, beside what they were made of.

use protocol::{Command, PlayState, ProjectView, VariationView, VariationsView, VersionId};

use super::passage;
use crate::{Model, Outbox};

/// Hears a variation and repeats its bars: from the first of them, unless one of them is playing already. What it was
/// made of is shown behind it, and *Switch versions* goes there.
pub fn hear(model: &Model, made: &VariationsView, number: u32, out: &mut Outbox) {
    let (bars, transport) = (&made.request.bars, &model.transport);
    out.send(Command::PreviewVariation(Some(number)));
    let (of, compared) = (made.request.of, model.project.as_ref().and_then(|project| project.compared));
    if compared != Some(of) {
        out.send(Command::Compare(Some(of)));
    }
    if transport.looped.as_ref() != Some(bars) {
        out.send(Command::Loop(Some(bars.clone())));
    }
    // Where nothing plays, it is played from its first bar anyway.
    let is_playing = matches!(transport.state, PlayState::Playing | PlayState::CountIn);
    let measures = passage::score(model, made).measures.get(bars.clone()).unwrap_or_default();
    if let (true, Some(first), Some(last)) = (is_playing, measures.first(), measures.last()) {
        let place = first.start_quarters..last.end_quarters;
        if !place.contains(&transport.position_quarters) {
            out.send(Command::SeekQuarters(first.start_quarters));
        }
    }
}

/// The variation of the pair that is heard and compared, and whether it is the one that is heard.
pub fn of_pair<'a>(project: &ProjectView, made: &'a VariationsView) -> Option<(&'a VariationView, bool)> {
    let with = |id: VersionId| made.list.iter().find(|variation| variation.version == id);
    let heard = with(project.listening).map(|variation| (variation, true));
    let is_original = project.listening == made.request.of;
    let compared = project.compared.filter(|_| is_original).and_then(with);
    heard.or(compared.map(|variation| (variation, false)))
}
