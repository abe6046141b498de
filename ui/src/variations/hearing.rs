//! Variations heard in their place, beside what they were made of.

use protocol::{Command, PlayState, ProjectView, VariationView, VariationsView, VersionId};

use super::passage;
use crate::{Model, Outbox};

/// Hears a variation, or with none what they were made of, and repeats its bars: from the first of them, unless one of
/// them is playing already. What a variation was made of is shown behind it, and *Switch versions* goes there.
pub fn hear(model: &Model, made: &VariationsView, number: Option<u32>, out: &mut Outbox) {
    let (bars, transport) = (&made.request.bars, &model.transport);
    out.send(Command::PreviewVariation(number));
    if number.is_some() {
        out.send(Command::Compare(Some(made.request.of)));
    }
    if transport.looped.as_ref() != Some(bars) {
        out.send(Command::Loop(Some(bars.clone())));
    }
    let measures = passage::score(model, made).measures.get(bars.clone()).unwrap_or_default();
    let (Some(first), Some(last)) = (measures.first(), measures.last()) else { return };
    let is_playing = matches!(transport.state, PlayState::Playing | PlayState::CountIn);
    let is_inside = (first.start_quarters..last.end_quarters).contains(&transport.position_quarters);
    match (is_playing, number) {
        (true, _) if is_inside => {}
        (true, _) => out.send(Command::SeekQuarters(first.start_quarters)),
        // A variation plays by itself.
        (false, Some(_)) => {}
        (false, None) => {
            out.send(Command::SeekQuarters(first.start_quarters));
            out.send(Command::TogglePlay);
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
