//! The page in the centre: its commands, and what a project keeps of it.

use egui::{Rect, Ui};
use protocol::{DrawnSystem, PageState, PageTint, PageView, Panes, PrintRequest};

use super::Centre;
use super::page::Page;
use super::page::tints::{TINTS, Tint};
use super::panes::{Parts, Split, VIEWS};
use super::slip_marks::{self, SlipMarks};
use crate::{Model, UiCommand};

/// A step of the zoom commands.
const ZOOM_STEP: f32 = 1.2;

impl Centre {
    /// Carries out a command that concerns the page; says whether it did.
    pub(super) fn run_for_page(&mut self, command: UiCommand) -> bool {
        match command {
            UiCommand::ViewRoll | UiCommand::ViewPage | UiCommand::ViewBoth | UiCommand::NextView => {
                self.show_view(command);
            }
            UiCommand::EndlessSystem => self.toggle_endless(),
            UiCommand::TintLoudness | UiCommand::TintLength | UiCommand::TintTiming => self.tint(command),
            UiCommand::PageCurves | UiCommand::PageMarks => {
                self.page.layers.toggle(command);
                self.need_page(self.page.layers.is_on(command) == Some(true));
            }
            command if slip_marks::kind(command).is_some() => {
                self.page.layers.toggle(command);
            }
            UiCommand::ZoomIn if self.is_page_meant() => self.page.zoom(ZOOM_STEP, None),
            UiCommand::ZoomOut if self.is_page_meant() => self.page.zoom(1.0 / ZOOM_STEP, None),
            UiCommand::ZoomFit if self.is_page_meant() => self.page.zoom_usual(),
            _ => return false,
        }
        true
    }

    fn show_view(&mut self, command: UiCommand) {
        if self.gesture.is_some() {
            self.let_go();
        }
        self.is_comparing = false;
        match VIEWS.iter().find(|view| view.1 == command) {
            Some(&(panes, _)) => self.split.panes = panes,
            None => self.split.show_next(),
        }
    }

    /// Goes from pages to one endless system and back.
    fn toggle_endless(&mut self) {
        if self.gesture.is_some() {
            self.let_go();
        }
        self.page.set_endless(!self.page.is_endless());
        if self.split.panes == Panes::Roll && self.page.is_endless() {
            self.split.panes = Panes::Both;
        }
    }

    /// Chooses colours or lets them go; they are seen on the page.
    fn tint(&mut self, command: UiCommand) {
        let Some(&(tint, _)) = TINTS.iter().find(|tint| tint.1 == command) else { return };
        self.page.tints.toggle(tint);
        self.need_page(self.page.tints.chosen.is_some());
    }

    /// Has the page there for what is seen on it.
    fn need_page(&mut self, is_needed: bool) {
        if is_needed && self.split.panes == Panes::Roll {
            self.split.panes = Panes::Both;
        }
    }

    /// What is asked for to print what was engraved for paper; none if it is of another score.
    pub fn print_request(&mut self, model: &Model, paper: PageView) -> Option<PrintRequest> {
        self.page.print_request(model, paper)
    }

    /// Whether what zooms is meant for the page: beside the roll it is if the pointer was there last.
    fn is_page_meant(&self) -> bool {
        match self.split.panes {
            Panes::Roll => false,
            Panes::Page => true,
            Panes::Both => self.page.is_pointed_at,
        }
    }

    /// Takes note of which of the two the pointer is over.
    pub(super) fn notice_pointer(&mut self, ui: &Ui, parts: &Parts) {
        let Some(pos) = ui.input(|i| i.pointer.hover_pos()) else { return };
        let is_at = |part: Option<Rect>| part.is_some_and(|rect| rect.contains(pos));
        if is_at(parts.page) || is_at(parts.roll) {
            self.page.is_pointed_at = is_at(parts.page);
        }
    }

    /// Whether a view or a layer of the page is shown or colours are chosen; none for other commands.
    pub(super) fn is_view_on(&self, command: UiCommand) -> Option<bool> {
        if command == UiCommand::EndlessSystem {
            return Some(self.page.is_endless());
        }
        if let Some((tint, _)) = TINTS.iter().find(|tint| tint.1 == command) {
            return Some(self.page.tints.chosen == Some(*tint));
        }
        if let Some(is_on) = self.page.layers.is_on(command) {
            return Some(is_on);
        }
        let (panes, _) = VIEWS.iter().find(|view| view.1 == command)?;
        Some(!self.is_comparing && self.split.panes == *panes)
    }

    /// The page.
    pub fn page(&self) -> &Page {
        &self.page
    }

    /// A system of the page was drawn.
    pub fn take_drawing(&mut self, drawn: DrawnSystem) {
        self.page.take_drawing(drawn);
    }

    /// What the project keeps; nothing while everything is as it is at first.
    pub(super) fn page_state(&self) -> Option<PageState> {
        let state = PageState {
            panes: self.split.panes,
            points_per_space: self.page.points_per_space(),
            share: self.split.share,
            is_endless: self.page.is_endless(),
            tint: self.page.tints.chosen.map(kept_tint),
            has_curves: self.page.layers.has_curves,
            has_marks: self.page.layers.has_marks,
            shows_slips: self.page.layers.slips.kept(),
        };
        let usual = Split::default();
        let is_usual = (state.panes, state.share) == (usual.panes, usual.share)
            && (state.is_endless, state.tint) == (false, None)
            && !(state.has_curves || state.has_marks)
            && state.shows_slips == SlipMarks::default().kept()
            && self.page.has_usual_zoom();
        (!is_usual).then_some(state)
    }

    /// Shows the page as the project kept it.
    pub(super) fn restore_page(&mut self, kept: Option<PageState>) {
        self.split = kept.map_or_else(Split::default, |kept| Split { panes: kept.panes, share: kept.share });
        self.page.set_zoom(kept.map(|kept| kept.points_per_space));
        self.page.set_endless(kept.is_some_and(|kept| kept.is_endless));
        self.page.layers.has_curves = kept.is_some_and(|kept| kept.has_curves);
        self.page.layers.has_marks = kept.is_some_and(|kept| kept.has_marks);
        self.page.layers.slips =
            kept.map_or_else(SlipMarks::default, |kept| SlipMarks::from_kept(kept.shows_slips));
        let tint = kept.and_then(|kept| kept.tint);
        self.page.tints.chosen =
            TINTS.iter().map(|tint| tint.0).find(|shown| tint == Some(kept_tint(*shown)));
    }
}

/// Colours as a project keeps them.
fn kept_tint(tint: Tint) -> PageTint {
    match tint {
        Tint::Loudness => PageTint::Loudness,
        Tint::Length => PageTint::Length,
        Tint::Timing => PageTint::Timing,
    }
}
