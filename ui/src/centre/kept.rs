//! How a piece is shown goes into its project and comes back with it.

use egui::Ui;
use protocol::{Bars, Command, ViewState};

use super::Centre;
use crate::remember::Due;
use crate::{Model, Outbox};

impl Centre {
    /// Shows a piece as it was shown when it was last open. Its loop is the transport's matter.
    pub(super) fn restore(&mut self, model: &Model) {
        let Some(project) = &model.project else { return };
        let view = &project.view;
        // The face tells a span whenever it tells anything.
        let is_new = view.span_quarters.is_none();
        let bars_exist = |bars: &Bars| bars.start < bars.end && bars.end <= model.score.measures.len();
        // Another score of the same document leaves the views as they are.
        if self.page_restored.replace(project.opening) != Some(project.opening) {
            // A piece that was never shown is shown as the one before it was.
            self.restore_page(if is_new { view.page.or(model.settings.settings.page) } else { view.page });
        }
        if is_new && *view == ViewState::default() {
            self.follow.set(true);
        } else {
            self.axis.set_in_seconds(view.in_seconds);
            self.follow.set(view.follow);
            self.selection.bars = view.selection.clone().filter(bars_exist);
            if let Some((from, to)) = view.span_quarters.filter(|(from, to)| from < to) {
                self.axis.show_quarters(from, to);
            }
        }
        self.remember.restored(self.view(model));
    }

    /// How the piece is shown now.
    fn view(&self, model: &Model) -> ViewState {
        ViewState {
            span_quarters: Some(self.axis.span_quarters()),
            in_seconds: self.axis.in_seconds(),
            selection: self.selection.bars.clone(),
            looped: model.transport.looped.clone(),
            follow: self.follow.is_wanted(),
            page: self.page_state(),
            // Kept by the shell.
            panel: None,
            variations: None,
            best: Vec::new(),
            through_piano: Vec::new(),
        }
    }

    /// Tells the shell how the piece is shown, if that has changed.
    pub(super) fn tell_view(&mut self, ui: &Ui, model: &Model, out: &mut Outbox) {
        if model.score.measures.is_empty() {
            // The project is there, its score still on its way.
            return;
        }
        let view = self.view(model);
        match self.remember.due(&view, looks_the_same, ui.input(|i| i.time)) {
            Due::Nothing => {}
            Due::Now(view) => out.send(Command::Remember(view)),
            Due::In(secs) => {
                ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(secs));
            }
        }
    }
}

/// Whether two views look the same: a span may differ by less than anyone can see.
fn looks_the_same(a: &ViewState, b: &ViewState) -> bool {
    let spans_agree = match (a.span_quarters, b.span_quarters) {
        (Some(a), Some(b)) => (a.0 - b.0).abs() < 1e-6 && (a.1 - b.1).abs() < 1e-6,
        (None, None) => true,
        _ => false,
    };
    spans_agree
        && a.in_seconds == b.in_seconds
        && a.selection == b.selection
        && a.looped == b.looped
        && a.follow == b.follow
        && a.page == b.page
}
