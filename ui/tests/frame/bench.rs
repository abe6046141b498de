//! The face in a window that is not there.

use egui::os::OperatingSystem;
use egui_kittest::Harness;
use protocol::{Bars, Command, Event, Settings, SettingsView, Theme, ViewState};
use ui::App;

use crate::common;

/// The whole face.
pub type Face = Harness<'static, App>;

/// The face with the invented piece open.
pub fn face() -> Face {
    window(1280.0, 800.0, Theme::Dark, common::events())
}

/// The piece with bars 5 to 8 selected, as a project keeps it.
pub fn face_with_selection() -> Face {
    let mut events = common::events();
    for event in &mut events {
        if let Event::Project(Some(project)) = event {
            project.view = ViewState { selection: Some(4..8), ..ViewState::default() };
        }
    }
    window(1280.0, 800.0, Theme::Dark, events)
}

/// The face on its start page.
pub fn start_page() -> Face {
    let events = vec![Event::Settings(Box::new(common::settings())), Event::Start(common::start())];
    window(1280.0, 800.0, Theme::Dark, events)
}

/// The face in a window of a size, after some events.
pub fn window(width: f32, height: f32, theme: Theme, events: Vec<Event>) -> Face {
    let mut app = App::new();
    for event in events {
        app.receive(event, 0.0);
    }
    let settings = SettingsView {
        settings: Settings { theme, ..app.model.settings.settings.clone() },
        ..app.model.settings.clone()
    };
    app.receive(Event::Settings(Box::new(settings)), 0.0);
    app.take_commands();
    let mut face = Harness::builder()
        .with_size([width, height])
        .with_os(OperatingSystem::Nix)
        .with_max_steps(16)
        .build_ui_state(
            |ui, app: &mut App| {
                // The page has no margin.
                let rect = ui.ctx().content_rect();
                let mut page = ui.new_child(egui::UiBuilder::new().max_rect(rect));
                page.set_clip_rect(rect);
                app.ui(&mut page);
            },
            app,
        );
    face.run();
    face
}

/// What the face asked of the shell since the last call, but for how the window looks and what a mood
/// means.
pub fn asked(face: &mut Face) -> Vec<Command> {
    let commands = face.state_mut().take_commands();
    let is_asked = |c: &Command| {
        !matches!(
            c,
            Command::Remember(_)
                | Command::RememberPanel(_)
                | Command::RememberVariations(_)
                | Command::ReadMood { .. }
                | Command::ReadMoodOf(_)
        )
    };
    commands.into_iter().filter(is_asked).collect()
}

/// What the face asked about moods since the last call: texts and bars.
pub fn mood_questions(face: &mut Face) -> Vec<(String, Option<Bars>)> {
    let commands = face.state_mut().take_commands().into_iter();
    let questions = commands.filter_map(|c| match c {
        Command::ReadMood { text, bars } => Some((text, bars)),
        _ => None,
    });
    questions.collect()
}

/// Tells the face something and draws it.
pub fn tell(face: &mut Face, event: Event) {
    let now = face.ctx.input(|i| i.time);
    face.state_mut().receive(event, now);
    face.run();
}

/// Presses a key and draws what comes of it.
pub fn press(face: &mut Face, modifiers: egui::Modifiers, key: egui::Key) {
    face.key_press_modifiers(modifiers, key);
    face.run();
}

/// Saves a picture of the whole window in `$ESPRESSIVO_PICTURES`, if that is set, to look at.
pub fn look(face: &mut Face, name: &str) {
    if let Some(folder) = std::env::var_os("ESPRESSIVO_PICTURES") {
        let path = std::path::Path::new(&folder).join(format!("{name}.png"));
        face.render().unwrap().save(path).unwrap();
    }
}
