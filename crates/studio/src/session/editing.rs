//! Steps: everything that can be undone goes through here.

use std::sync::Arc;

use protocol::limits::LONGEST_MOOD_CHARS;
use protocol::{Bars, Edit, Level, PanelState, VaryState, VersionId, ViewState};

use super::Session;
use super::variations::KEEP_FIRST;
use crate::document::existing;
use crate::edit::{self, EditError};
use crate::history::{Change, Step};
use crate::reading;
use crate::settings;

/// Most settings of performers' own that are kept.
const MOST_KNOBS: usize = 200;
/// Longest identifier of such a setting, or of what is chosen by it.
const LONGEST_ID_BYTES: usize = 100;

impl Session {
    pub(super) fn edit(&mut self, id: VersionId, edit: &Edit) {
        let takes = |session: &Self| session.open.as_ref().map_or(0, |open| open.document.takes.len());
        let before = takes(self);
        let was_own = self.own_sound_heard(id).is_some();
        self.change(id, |document| edit::edit(document, id, edit));
        if was_own && self.own_sound_heard(id).is_none() {
            self.say(
                Level::Info,
                "the recording's own sound does not have the change, so it is heard on the piano; Undo brings the \
                 sound back, and to have both, duplicate the recording first",
            );
        }
        if id == VersionId::Deadpan && takes(self) > before {
            self.say(
                Level::Info,
                "the deadpan stays as it is: the change is in a take of its own; Undo removes it",
            );
        }
    }

    pub(super) fn rename(&mut self, id: VersionId, name: &str) {
        self.change(id, |document| edit::rename(document, id, name));
    }

    pub(super) fn delete(&mut self, id: VersionId) {
        if self.open.as_ref().is_some_and(|open| open.preview(id).is_some()) {
            return self.drop_variation(id);
        }
        self.change(id, |document| edit::delete(document, id).map(Some));
    }

    pub(super) fn duplicate(&mut self, id: VersionId) {
        self.change(id, |document| edit::duplicate(document, id).map(Some));
    }

    /// Chooses the best version of some bars, for [`Self::make_best`].
    pub(super) fn star(&mut self, bars: &Bars, of: Option<VersionId>) {
        let Some(open) = &mut self.open else { return };
        let Some(bars) = existing(open.heard_score(), bars) else { return };
        if of.is_some_and(|id| open.preview(id).is_some()) {
            return self.say(Level::Info, KEEP_FIRST);
        }
        if of.is_some_and(|id| !open.document.has(id)) {
            return self.say(Level::Info, "this take can be starred once it is complete");
        }
        let was_kept = open.is_worth_keeping();
        edit::choose(&mut open.document.view.best, &bars, of);
        open.is_view_new = true;
        if !was_kept && open.is_worth_keeping() {
            self.remember_untitled();
        }
        self.tell_project();
    }

    pub(super) fn make_best(&mut self, id: VersionId) {
        self.change(id, |document| edit::best_of(document, id, &document.view.best).map(Some));
    }

    fn change(
        &mut self,
        id: VersionId,
        work_out: impl FnOnce(&crate::document::Document) -> Result<Option<Step>, EditError>,
    ) {
        let Some(open) = &self.open else { return };
        if open.streaming(id).is_some() {
            return self.say(Level::Warning, "this take is still being performed; wait or cancel it first");
        }
        if open.preview(id).is_some() {
            return self.say(Level::Warning, KEEP_FIRST);
        }
        if !self.may_change() {
            return;
        }
        let Some(open) = &self.open else { return };
        match work_out(&open.document) {
            Ok(Some(step)) => self.step(step),
            Ok(None) => {}
            Err(error) => self.say(Level::Warning, error.to_string()),
        }
    }

    /// Whether the project can be changed; if not, sends a message why.
    pub(super) fn may_change(&self) -> bool {
        let Some(open) = &self.open else { return false };
        if let Some(why) = open.file.read_only() {
            self.say(
                Level::Warning,
                format!("this project cannot be changed: {why}; save it under another name first"),
            );
            return false;
        }
        true
    }

    /// Does a step and keeps it.
    pub(super) fn step(&mut self, step: Step) {
        let Some(open) = &mut self.open else { return };
        let was_new = open.history.is_empty();
        let listens = listens(&step);
        let step = open.history.push(&mut open.document, step);
        if listens {
            open.heard = None;
        }
        open.was_worked_on = true;
        let message = open.file.pushed(&open.document, &open.history, &step);
        self.say_if(message);
        if was_new {
            self.remember_untitled();
        }
        self.tell_step(&step);
    }

    pub(super) fn undo(&mut self) {
        self.move_in_history(false);
    }

    pub(super) fn redo(&mut self) {
        self.move_in_history(true);
    }

    /// Takes over what is read from the source today.
    pub(super) fn adopt_reading(&mut self) {
        if !self.may_change() {
            return;
        }
        let Some(open) = &mut self.open else { return };
        let offer = open.reading.as_ref().and_then(|r| Some((r.offer(&open.document)?, r)));
        let Some((view, found)) = offer else {
            return self.say(Level::Info, "the score is read as it is in the project");
        };
        let id = found.add_to(&mut open.document.scores);
        let step = reading::adopt(&open.document, id);
        self.step(step);
        self.say(Level::Info, reading::adopted(&view));
    }

    fn move_in_history(&mut self, forth: bool) {
        if !self.may_change() {
            return;
        }
        let Some(open) = &mut self.open else { return };
        let (document, history) = (&mut open.document, &mut open.history);
        let Some(step) = (if forth { history.redo(document) } else { history.undo(document) }) else {
            return;
        };
        if listens(&step) {
            open.heard = None;
        }
        open.was_worked_on = true;
        let message = open.file.moved(&open.document, &open.history, &step);
        self.say_if(message);
        self.tell_step(&step);
    }

    /// Shows what a step changed, done or undone.
    fn tell_step(&mut self, step: &Arc<Step>) {
        let mut sounding: Vec<VersionId> = step.changes.iter().filter_map(sounds).collect();
        sounding.sort_unstable();
        sounding.dedup();
        let Some(open) = &self.open else { return };
        // A variation that is no take any more can still be heard.
        let (changed, gone): (Vec<_>, Vec<_>) =
            sounding.into_iter().partition(|id| open.played(*id).is_some());
        // With another score the face begins anew.
        let is_new_score =
            !open.knows_scores() || step.changes.iter().any(|c| matches!(c, Change::Main { .. }));
        for id in changed {
            self.sounds_anew(id);
            if !is_new_score {
                self.show_version(id);
            }
        }
        // Playing goes on in the next version before the one that is gone is taken away.
        self.follow_listening();
        gone.into_iter().for_each(|id| self.tell_gone(id));
        if is_new_score {
            self.tell_opened();
        } else {
            self.tell_project();
            self.tell_comparison();
        }
        if self.open.as_ref().is_some_and(|open| open.variations.is_some()) {
            self.tell_variations();
        }
    }

    pub(super) fn remember(&mut self, view: ViewState) {
        let Some(open) = &mut self.open else { return };
        let is_finite = view.span_quarters.is_none_or(|(a, b)| a.is_finite() && b.is_finite())
            && view.page.is_none_or(|page| settings::is_page_sensible(&page));
        // The panels are told apart, passages are starred, and what is heard on the piano is chosen.
        let ViewState { panel, variations, best, through_piano, .. } = open.document.view.clone();
        let view = ViewState { panel, variations, best, through_piano, ..view };
        if is_finite && view != open.document.view {
            let (page, told) = (view.page, std::mem::replace(&mut open.document.view, view));
            open.is_view_new = true;
            // A piece of which nothing was told was shown as the one before it.
            let was_shown = told.span_quarters.is_some();
            let before = if was_shown { told.page } else { told.page.or(self.settings.page) };
            // The next new piece is shown the same way.
            if page != before && page != self.settings.page {
                self.change_settings_now(|now| now.page = page);
            }
        }
    }

    pub(super) fn remember_panel(&mut self, panel: Box<PanelState>) {
        let Some(open) = &mut self.open else { return };
        // An order is checked when it is given; this only has to be small.
        let is_short = |text: &str| text.len() <= LONGEST_ID_BYTES;
        let mut knobs = panel.knobs.iter();
        let is_small = panel.mood.chars().count() <= LONGEST_MOOD_CHARS
            && panel.knobs.len() <= MOST_KNOBS
            && knobs.all(|(id, value)| {
                let is_sound = value.manner().is_none_or(|manner| manner.check().is_ok());
                is_short(id) && is_sound && value.choice().is_none_or(is_short)
            });
        if is_small && open.document.view.panel.as_ref() != Some(&panel) {
            let was_kept = open.is_worth_keeping();
            open.document.view.panel = Some(panel);
            open.is_view_new = true;
            if !was_kept && open.is_worth_keeping() {
                self.remember_untitled();
            }
        }
    }

    pub(super) fn remember_variations(&mut self, set: Box<VaryState>) {
        let Some(open) = &mut self.open else { return };
        // An order is checked when it is given; this only has to be small and can be written.
        let is_sane = set.composer.len() <= LONGEST_ID_BYTES && set.similarity.is_finite();
        if is_sane && open.document.view.variations.as_ref() != Some(&set) {
            open.document.view.variations = Some(set);
            open.is_view_new = true;
        }
    }
}

fn listens(step: &Step) -> bool {
    step.changes.iter().any(|c| matches!(c, Change::Listening { .. }))
}

/// The version whose notes, pedals or pins a change concerns.
fn sounds(change: &Change) -> Option<VersionId> {
    match change {
        Change::Main { .. } => Some(VersionId::Deadpan),
        Change::Renamed { .. } | Change::Edited { .. } | Change::Listening { .. } => None,
        other => other.version(),
    }
}
