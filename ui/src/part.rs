//! Which part of the version heard is saved and dragged out: the whole piece, unless the selected bars were chosen.
//!
//! The choice holds for those bars alone: who selects others, to hear or to perform them, saves the whole piece again.

use egui::{Context, Id};
use protocol::{Bars, ProjectView};

/// The selected bars, if they were chosen; none for the whole piece.
pub fn chosen(ctx: &Context, project: &ProjectView, selection: Option<&Bars>) -> Option<Bars> {
    let (opening, bars) = ctx.data(|data| data.get_temp::<(u64, Bars)>(id()))?;
    (opening == project.opening && Some(&bars) == selection).then_some(bars)
}

/// Chooses the selected bars, or the whole piece.
pub fn choose(ctx: &Context, project: &ProjectView, bars: Option<Bars>) {
    ctx.data_mut(|data| match bars {
        Some(bars) => data.insert_temp(id(), (project.opening, bars)),
        None => {
            data.remove_temp::<(u64, Bars)>(id());
        }
    });
}

/// Where the choice is remembered, as long as the window is open.
fn id() -> Id {
    Id::unique("part that is saved")
}
