//! Getting what others have published: in the settings, and where something is done without it.

use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable;
use protocol::{
    Addition, Additions, Command, Event, JobView, Lacking, MoodView, Presence, SettingsView, Theme,
};

use crate::bench::{Face, asked, face, mood_questions, press, tell, window};
use crate::common;

const TRANSCRIBER: &str = "Get the transcriber… (51 MB)";
const ENCODER: &str = "Get the text encoder… (84 MB)";

fn click(face: &mut Face, label: &str) -> Vec<Command> {
    face.get_by_role_and_label(Role::Button, label).click();
    face.run();
    asked(face)
}

fn tell_there(face: &mut Face, additions: Additions) {
    tell(face, Event::Settings(Box::new(SettingsView { additions, ..common::settings() })));
}

#[test]
fn the_settings_list_all_and_each_is_got_and_can_be_stopped() {
    // High enough for all settings.
    let mut face = window(1280.0, 1400.0, Theme::Dark, common::events());
    press(&mut face, Modifiers::COMMAND, Key::Comma);
    asked(&mut face);
    for addition in Addition::ALL {
        let text = ui::additions::button_text(addition);
        assert_eq!(click(&mut face, &text), [Command::Get(addition)]);
        let job = JobView { id: 9, label: "Getting".into(), progress: Some(0.4), ..JobView::default() };
        tell(&mut face, Event::Jobs(vec![job]));
        let with = |presence: Presence| match addition {
            Addition::GrandPiano => Additions { grand_piano: presence, ..Additions::default() },
            Addition::TextEncoder => Additions { text_encoder: presence, ..Additions::default() },
            Addition::Transcriber => Additions { transcriber: presence, ..Additions::default() },
        };
        tell_there(&mut face, with(Presence::Arriving(9)));
        face.get_by_role_and_label(Role::ProgressIndicator, "40 %");
        assert!(face.query_by_label(&text).is_none());
        assert_eq!(click(&mut face, "Cancel"), [Command::Cancel(9)]);
        tell(&mut face, Event::Jobs(Vec::new()));
        face.get_by_label("(in another window)");
        tell_there(&mut face, with(Presence::There));
        face.get_by_label_contains("is on this computer");
        assert!(face.query_by_label(&text).is_none());
        tell_there(&mut face, Additions::default());
    }
}

#[test]
fn a_recording_that_is_not_heard_offers_what_would_hear_it() {
    let mut face = face();
    let text = "what hears the notes is not on this computer: /music/lesson.mp3".to_owned();
    tell(&mut face, Event::Lacking(Lacking { addition: Addition::Transcriber, text }));
    // In the toast, and in the line at the bottom.
    let told = face.get_all_by_label_contains("What hears the notes is not on this computer").count();
    assert!(told > 0);
    assert_eq!(click(&mut face, TRANSCRIBER), [Command::Get(Addition::Transcriber)]);
    tell_there(&mut face, Additions { transcriber: Presence::There, ..Additions::default() });
    assert!(face.query_by_label(TRANSCRIBER).is_none());
}

#[test]
fn a_mood_that_is_read_word_by_word_offers_what_reads_phrases_and_is_read_again() {
    let mut face = face();
    face.get_by_role_and_label(Role::TextInput, "Mood").click();
    face.run();
    face.event(egui::Event::Text("rain on a roof".to_owned()));
    face.run_steps(6);
    assert_eq!(mood_questions(&mut face).len(), 1);
    let note = Some("Words are looked up one by one".to_owned());
    let view = MoodView { text: "rain on a roof".to_owned(), note, ..MoodView::default() };
    tell(&mut face, Event::Mood(Box::new(view.clone())));
    assert_eq!(click(&mut face, ENCODER), [Command::Get(Addition::TextEncoder)]);
    tell_there(&mut face, Additions { text_encoder: Presence::There, ..Additions::default() });
    face.run_steps(6);
    assert_eq!(mood_questions(&mut face).len(), 1, "it is asked about once more");
    assert!(face.query_by_label(ENCODER).is_none());
}
