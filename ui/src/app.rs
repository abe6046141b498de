//! The window: its panels, where they are, and what happens in a frame.

mod run;

use egui::{CentralPanel, Frame, Margin, Panel, Stroke, Ui};
use protocol::{Command, Event, PlayState, Theme, VersionId};

use crate::centre::Centre;
use crate::dialogs::Dialog;
use crate::inspector::Inspector;
use crate::kept::KeptRecordings;
use crate::keys::KeyContext;
use crate::messages::Toasts;
use crate::perform::PerformPanel;
use crate::played_file::PlayedFile;
use crate::side::{self, Only, Side};
use crate::takes::{TakesAction, TakesPanel};
use crate::transport_bar::TransportBar;
use crate::variations::VariationsPanel;
use crate::{Model, Outbox, UiCommand, actions, jobs, keys, menu, pointing, start_page, theme};

/// The face.
#[derive(Default)]
pub struct App {
    /// The last word from the shell.
    pub model: Model,
    pub(crate) out: Outbox,
    pub(crate) centre: Centre,
    pub(crate) perform: PerformPanel,
    pub(crate) takes: TakesPanel,
    pub(crate) variations: VariationsPanel,
    pub(crate) toasts: Toasts,
    pub(crate) dialog: Option<Dialog>,
    pub(crate) transport_bar: TransportBar,
    inspector: Inspector,
    /// The panels at the left and at the right.
    sides: [Side; 2],
    /// Which of them is there in a small window.
    pub(crate) only: Only,
    has_theme: bool,
    /// Whether a page is being engraved for paper, to be printed.
    pub(crate) is_printing: bool,
    /// The opening, version and score whose mood was asked about last.
    mood_asked_of: Option<(u64, VersionId, u64)>,
}

impl App {
    /// A face that knows nothing yet; it asks the shell for everything.
    pub fn new() -> Self {
        let mut app = Self::default();
        app.out.send(Command::Hello);
        app
    }

    /// Takes in what the shell tells, at `now_secs` of the face's clock (`ui.input(|i| i.time)`).
    pub fn receive(&mut self, event: Event, now_secs: f64) {
        match event {
            // What could not become a version, or what a crash left, is offered.
            Event::Keyboard(ref view)
                if view.kept.len() > self.model.keyboard.kept.len() && self.dialog.is_none() =>
            {
                self.dialog = Some(Dialog::Kept(KeptRecordings));
            }
            Event::Project(None) if self.model.project.is_some() => {
                self.dialog = None;
                self.is_printing = false;
            }
            Event::PlayedFile(view) => {
                self.dialog = Some(Dialog::PlayedFile(PlayedFile::new(view)));
                return;
            }
            Event::Manner { knob, manner, .. } => {
                self.perform.set_manner(knob, manner);
                return;
            }
            Event::Paper(paper) => {
                self.print_on(*paper);
                return;
            }
            Event::SystemDrawn(drawn) => {
                self.centre.take_drawing(*drawn);
                return;
            }
            _ => {}
        }
        self.model.apply(event, now_secs);
    }

    /// What was asked of the shell since the last call, in order.
    pub fn take_commands(&mut self) -> Vec<Command> {
        self.out.take()
    }

    /// Asks for a command as a key would.
    pub fn ask(&mut self, command: UiCommand) {
        self.out.run(command);
    }

    /// The notes selected, by their number in the score, in order.
    pub fn selected_notes(&self) -> &[u32] {
        self.centre.selected_notes()
    }

    /// Draws one frame.
    pub fn ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        self.apply_theme(&ctx);
        let aim = self.centre.key_context(&ctx);
        if self.dialog.is_none() {
            if aim.is_at_notes && !aim.is_covered && !ctx.egui_wants_keyboard_input() {
                self.hear_by_number(&ctx);
            }
            for command in keys::pressed(&ctx, aim) {
                self.out.run(command);
            }
            self.nudge(&ctx, aim);
        }
        self.panels_ui(ui);
        self.dialog_ui(&ctx);
        self.toasts.ui(&ctx, &self.model, &mut self.out);
        self.dropped(&ctx);
        for command in self.out.take_ui() {
            self.run(command, &ctx);
        }
        if let Some(text) = self.out.take_mood() {
            self.perform.set_mood(text);
            ctx.request_repaint();
        }
        self.ask_for_mood_heard();
        if matches!(self.model.transport.state, PlayState::Playing | PlayState::CountIn) {
            ctx.request_repaint();
        }
    }

    /// The arrow keys move the selected notes while those are what is looked at.
    fn nudge(&mut self, ctx: &egui::Context, aim: KeyContext) {
        let is_in_view = self.centre.is_on(UiCommand::CompareView) != Some(true);
        if aim.may_nudge && !aim.is_covered && is_in_view && !ctx.egui_wants_keyboard_input() {
            self.inspector.nudge(ctx, &self.model, self.centre.selected_notes(), &mut self.out);
        }
    }

    /// Theme and size, as the settings say; and once how the pointer is read.
    fn apply_theme(&mut self, ctx: &egui::Context) {
        if !self.has_theme {
            theme::install(ctx);
            pointing::install(ctx);
            self.has_theme = true;
        }
        let settings = &self.model.settings.settings;
        ctx.set_theme(match settings.theme {
            Theme::System => egui::ThemePreference::System,
            Theme::Light => egui::ThemePreference::Light,
            Theme::Dark => egui::ThemePreference::Dark,
        });
        ctx.set_zoom_factor(settings.scale.clamp(*actions::SCALES.start(), *actions::SCALES.end()));
    }

    fn panels_ui(&mut self, ui: &mut Ui) {
        let tokens = theme::of(ui);
        let frame = |x: i8, y: i8| {
            Frame::new().fill(tokens.panel).inner_margin(Margin::symmetric(x, y)).stroke(Stroke::NONE)
        };
        let Self { model, out, centre, transport_bar, inspector, .. } = self;
        let selection = centre.selected_bars();
        let is_open = model.project.is_some();
        Panel::top("menu").frame(frame(8, 2)).show_separator_line(false).show(ui, |ui| {
            menu::ui(ui, model, &|command| centre.is_on(command), out);
        });
        if is_open {
            let bar = Panel::top("transport").frame(frame(8, 0)).exact_size(46.0);
            bar.show(ui, |ui| transport_bar.ui(ui, model, &|command| centre.is_on(command), out));
        }
        let notes = centre.selected_notes();
        Panel::bottom("status").frame(frame(10, 0)).exact_size(30.0).show(ui, |ui| {
            let first = |ui: &mut Ui, out: &mut Outbox| match notes {
                [] if model.jobs.is_empty() => jobs::bars_ui(ui, model, selection.clone()),
                _ => inspector.ui(ui, model, notes, out),
            };
            jobs::ui(ui, model, first, out);
        });
        if !is_open {
            let ground = Frame::new().fill(tokens.canvas);
            CentralPanel::default().frame(ground).show(ui, |ui| start_page::ui(ui, model, out));
            return;
        }
        self.sides_ui(ui);
        CentralPanel::default().frame(Frame::new().fill(tokens.canvas)).show(ui, |ui| {
            self.centre.ui(ui, &self.model, &mut self.out);
        });
    }

    /// The panels at the sides, or the one that is open where there is no room for both.
    fn sides_ui(&mut self, ui: &mut Ui) {
        let frame = |x: i8, y: i8| {
            Frame::new().fill(theme::of(ui).panel).inner_margin(Margin::symmetric(x, y)).stroke(Stroke::NONE)
        };
        let [of_row, of_panel] = [frame(8, 0), frame(10, 8)];
        let Self { model, out, centre, perform, takes, variations, sides: [left, right], only, .. } = self;
        let selection = centre.selected_bars();
        let width = ui.available_width();
        let has_both = width >= side::ROOM_FOR_BOTH;
        if !has_both {
            Panel::top("sides").frame(of_row).exact_size(32.0).show(ui, |ui| side::choose(ui, only));
        }
        // What is performed is set even where it is not seen.
        perform.take_in(model);
        variations.tell(ui, model, out);
        takes.let_numbers_be(variations.numbered(model).is_some());
        let widest = side::widest(width);
        let mut action = None;
        if has_both || *only == Only::Takes {
            let panel = left.sized(Panel::left("takes").frame(of_panel), widest).show(ui, |ui| {
                action = takes.ui(ui, model, selection.clone(), out);
            });
            left.drawn(&panel.response);
        }
        if has_both || *only == Only::Perform {
            let panel = right.sized(Panel::right("perform").frame(of_panel), widest).show(ui, |ui| {
                if variations.is_open() {
                    variations.ui(ui, model, selection.as_ref(), out);
                } else {
                    perform.ui(ui, model, selection.clone(), out);
                }
            });
            right.drawn(&panel.response);
        }
        if let Some(TakesAction::UseSettings(id)) = action
            && let Some(take) = model.project.iter().flat_map(|p| &p.takes).find(|t| t.id == id)
        {
            perform.use_settings_of(take);
            variations.close();
        }
    }

    fn dialog_ui(&mut self, ctx: &egui::Context) {
        let Some(dialog) = &mut self.dialog else { return };
        if dialog.ui(ctx, &self.model, &mut self.out) {
            return;
        }
        if let Some(Dialog::Unpinned(unpinned)) = self.dialog.take()
            && unpinned.has_performed()
        {
            let takes = self.model.project.as_ref().map_or(&[][..], |project| &project.takes);
            self.perform.performed(takes);
        }
    }

    /// Asks which mood the version heard was performed with, once for each version and score.
    fn ask_for_mood_heard(&mut self) {
        let Some(project) = &self.model.project else { return };
        let heard = (project.opening, project.listening, self.model.score_revision);
        let is_take = matches!(project.listening, VersionId::Take(_));
        if !self.model.score.measures.is_empty()
            && self.mood_asked_of.replace(heard) != Some(heard)
            && is_take
        {
            self.out.send(Command::ReadMoodOf(project.listening));
        }
    }

    /// Files dropped on the window are opened. In the app the shell does that, since a page does not
    /// get to know where a file lies; what arrives here then has no whole path. While a file is dragged out
    /// of this window its button is down here.
    fn dropped(&mut self, ctx: &egui::Context) {
        let (is_over, paths) = ctx.input(|i| {
            let paths = i.raw.dropped_files.iter().map(|f| f.path().to_path_buf());
            let is_over = !i.raw.hovered_files.is_empty() && !i.pointer.any_down();
            (is_over, paths.filter(|p| p.is_absolute()).collect::<Vec<_>>())
        });
        for path in paths {
            self.out.send(Command::Open(path));
        }
        if is_over {
            start_page::drop_hint(ctx);
        }
    }
}
