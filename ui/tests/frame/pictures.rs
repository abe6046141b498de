//! What the frame looks like.

use egui_kittest::kittest::Queryable;
use protocol::{Event, Level, Message, Theme};

use crate::bench::{look, press, start_page, tell, window};
use crate::common;

#[test]
fn whole_windows_to_look_at() {
    for (theme, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        let mut face = window(1280.0, 800.0, theme, common::events());
        look(&mut face, &format!("window-{name}"));
        tell(&mut face, Event::Jobs(vec![common::job()]));
        let told = [
            (Level::Info, "Saved evening-song.mid"),
            (Level::Warning, "The sound device vanished: playing goes on in silence"),
            (
                Level::Error,
                "Cannot open broken.musicxml: line 14: a note outside of a measure. Open another file",
            ),
        ];
        for (level, text) in told {
            tell(&mut face, Event::Message(Message { level, text: text.to_owned() }));
        }
        look(&mut face, &format!("toasts-{name}"));
    }
    let mut face = window(1920.0, 1080.0, Theme::Dark, common::events());
    look(&mut face, "window-large");
    for (key, modifiers, name) in [
        (egui::Key::P, egui::Modifiers::COMMAND, "palette"),
        (egui::Key::Questionmark, egui::Modifiers::SHIFT, "shortcuts"),
        (egui::Key::Comma, egui::Modifiers::COMMAND, "settings"),
        (egui::Key::E, egui::Modifiers::COMMAND, "save"),
    ] {
        let mut face = window(1280.0, 800.0, Theme::Light, common::events());
        press(&mut face, modifiers, key);
        look(&mut face, name);
    }
    let mut face = window(1280.0, 800.0, Theme::Light, common::events());
    face.get_by_label("File").click();
    face.run();
    look(&mut face, "menu");
    let mut face = start_page();
    look(&mut face, "start-dark");
}
