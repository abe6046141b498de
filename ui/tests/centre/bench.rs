//! The centre of the window alone, with keys, a model and what it asks for.

use egui::{Event, Modifiers, PointerButton, Pos2, Rect, Vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use protocol::Command;
use ui::centre::Centre;
use ui::{Model, Outbox, UiCommand, keys, pointing, theme};

/// What a test sees.
#[derive(Default)]
pub struct Bench {
    pub centre: Centre,
    pub model: Model,
    pub out: Outbox,
    pub sent: Vec<Command>,
    pub has_theme: bool,
}

impl Bench {
    /// A frame.
    pub fn ui(&mut self, ui: &mut egui::Ui) {
        if !self.has_theme {
            theme::install(ui.ctx());
            pointing::install(ui.ctx());
            self.has_theme = true;
        }
        let aim = self.centre.key_context(ui.ctx());
        for command in keys::pressed(ui.ctx(), aim) {
            self.run(command);
        }
        // The page has no margin.
        let rect = ui.ctx().content_rect();
        let mut page = ui.new_child(egui::UiBuilder::new().max_rect(rect));
        page.set_clip_rect(rect);
        self.centre.ui(&mut page, &self.model, &mut self.out);
        self.sent.extend(self.out.take());
    }

    /// Carries out a command of the window.
    pub fn run(&mut self, command: UiCommand) -> bool {
        self.centre.run(command, &self.model, &mut self.out)
    }

    /// What was asked for since the last call; how the view looks is left out.
    pub fn take(&mut self) -> Vec<Command> {
        let mut sent = std::mem::take(&mut self.sent);
        sent.retain(|c| !matches!(c, Command::Remember(_)));
        sent
    }

    /// The text for the mood field that was asked for since the last call.
    pub fn take_mood(&mut self) -> Option<String> {
        self.out.take_mood()
    }

    /// The edits asked for since the last call.
    pub fn take_edits(&mut self) -> Vec<protocol::Edit> {
        let edits = self.take().into_iter().filter_map(|c| match c {
            Command::Edit(_, edit) => Some(edit),
            _ => None,
        });
        edits.collect()
    }
}

/// The centre with the invented piece, as large as between the panels of a window of 1280 x 800.
pub fn bench(model: Model) -> Harness<'static, Bench> {
    bench_of(model, egui::Theme::Dark, Vec2::new(800.0, 660.0))
}

/// The same in a theme and a size.
pub fn bench_of(model: Model, theme: egui::Theme, size: Vec2) -> Harness<'static, Bench> {
    let bench = Bench { model, ..Bench::default() };
    let mut harness = Harness::builder()
        .with_size(size)
        .with_theme(theme)
        .with_step_dt(1.0 / 30.0)
        .build_ui_state(|ui, bench: &mut Bench| bench.ui(ui), bench);
    harness.run_ok();
    harness.state_mut().take();
    harness
}

/// Where a part is.
pub fn rect(harness: &Harness<'_, Bench>, label: &str) -> Rect {
    harness.get_by_label(label).rect()
}

/// The place of a unit of the axis in a part that shares it.
pub fn x_of(harness: &Harness<'_, Bench>, unit: f64) -> f32 {
    let roll = rect(harness, "Piano roll");
    ui::centre::axis::Strip::new(harness.state().centre.axis(), roll).x(unit)
}

fn button(pos: Pos2, button: PointerButton, pressed: bool, modifiers: Modifiers) -> Event {
    Event::PointerButton { pos, button, pressed, modifiers }
}

/// Presses a button, moves in small steps, and holds.
pub fn press_and_move(
    harness: &mut Harness<'_, Bench>,
    which: PointerButton,
    modifiers: Modifiers,
    way: &[Pos2],
) {
    harness.event(Event::ModifiersChanged(modifiers));
    harness.event(Event::PointerMoved(way[0]));
    harness.event(button(way[0], which, true, modifiers));
    harness.step();
    for pair in way.windows(2) {
        for k in 1..=4 {
            harness.event(Event::PointerMoved(pair[0] + (pair[1] - pair[0]) * k as f32 / 4.0));
            harness.step();
        }
    }
}

/// Lets the button go.
pub fn release(harness: &mut Harness<'_, Bench>, which: PointerButton, modifiers: Modifiers, at: Pos2) {
    harness.event(button(at, which, false, modifiers));
    harness.step();
    harness.event(Event::ModifiersChanged(Modifiers::NONE));
    harness.step();
    harness.run_ok();
}

/// Drags with the left button along a way.
pub fn drag(harness: &mut Harness<'_, Bench>, way: &[Pos2]) {
    drag_with(harness, Modifiers::NONE, way);
}

/// Drags with the left button and a key held.
pub fn drag_with(harness: &mut Harness<'_, Bench>, modifiers: Modifiers, way: &[Pos2]) {
    press_and_move(harness, PointerButton::Primary, modifiers, way);
    release(harness, PointerButton::Primary, modifiers, *way.last().unwrap());
}

/// Clicks at a place.
pub fn click(harness: &mut Harness<'_, Bench>, at: Pos2) {
    click_with(harness, PointerButton::Primary, Modifiers::NONE, at);
}

/// Clicks with a button and a key held.
pub fn click_with(harness: &mut Harness<'_, Bench>, which: PointerButton, modifiers: Modifiers, at: Pos2) {
    harness.event(Event::ModifiersChanged(modifiers));
    harness.event(Event::PointerMoved(at));
    harness.event(button(at, which, true, modifiers));
    harness.event(button(at, which, false, modifiers));
    harness.event(Event::ModifiersChanged(Modifiers::NONE));
    harness.step();
    harness.run_ok();
}

/// Turns the wheel by lines at a place.
pub fn wheel(harness: &mut Harness<'_, Bench>, at: Pos2, lines: f32, modifiers: Modifiers) {
    harness.event(Event::PointerMoved(at));
    harness.event(Event::ModifiersChanged(modifiers));
    harness.event(Event::MouseWheel {
        unit: egui::MouseWheelUnit::Line,
        delta: Vec2::new(0.0, lines),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers,
    });
    harness.event(Event::ModifiersChanged(Modifiers::NONE));
    harness.step();
    harness.run_ok();
}
