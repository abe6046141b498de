//! What the frame looks like.

use egui::os::OperatingSystem;
use egui::{Frame, Ui};
use egui_kittest::kittest::Queryable;
use egui_kittest::{Harness, SnapshotResults};
use protocol::{AboutView, Event, Level, Licence, Message, Theme};
use ui::dialogs::Dialog;
use ui::perform::PerformPanel;
use ui::takes::TakesPanel;
use ui::transport_bar::TransportBar;
use ui::variations::VariationsPanel;
use ui::{Model, Outbox, UiCommand, jobs, menu, start_page, theme};

use crate::bench::{look, tell, window};
use crate::common;

/// Compares a part of the window with its pictures in both themes.
fn picture(name: &str, size: [f32; 2], draw: impl Fn() -> Box<dyn FnMut(&mut Ui)>) {
    let mut results = SnapshotResults::new();
    for (theme, theme_name) in [(egui::Theme::Dark, "dark"), (egui::Theme::Light, "light")] {
        let mut part = draw();
        let mut harness = Harness::builder()
            .with_size([size[0] + 16.0, size[1] + 16.0])
            .with_os(OperatingSystem::Nix)
            .with_theme(theme)
            .with_context_setup(theme::install)
            .build_ui(move |ui| {
                let ground = Frame::new().fill(theme::of(ui).panel);
                ground.show(ui, |ui| {
                    ui.set_min_size(ui.available_size());
                    part(ui);
                });
            });
        harness.run();
        results.add(harness.try_snapshot(format!("frame_{name}_{theme_name}")));
    }
    results.unwrap();
}

fn told(level: Level, text: &str) -> Event {
    Event::Message(Message { level, text: text.to_owned() })
}

fn messages() -> [Event; 3] {
    [
        told(Level::Info, "Saved evening-song.mid"),
        told(Level::Warning, "The sound device vanished: playing goes on in silence"),
        told(
            Level::Error,
            "Cannot open broken.musicxml: line 14: a note outside of a measure. Open another file",
        ),
    ]
}

/// The model with a selection, a job and messages.
fn busy() -> Model {
    let mut model = common::model();
    model.jobs = vec![common::job()];
    messages().into_iter().for_each(|event| model.apply(event, 0.0));
    model
}

#[test]
fn menu_line() {
    picture("menu", [1000.0, 28.0], || {
        let (model, mut out) = (common::model(), Outbox::default());
        Box::new(move |ui| menu::ui(ui, &model, &|_| None, &mut out))
    });
}

#[test]
fn transport() {
    picture("transport", [1280.0, 46.0], || {
        let (model, mut out, mut bar) = (common::model(), Outbox::default(), TransportBar::default());
        Box::new(move |ui| bar.ui(ui, &model, &|_| Some(true), &mut out))
    });
}

#[test]
fn takes() {
    picture("takes", [224.0, 460.0], || {
        let (model, mut out, mut panel) = (common::model(), Outbox::default(), TakesPanel::default());
        Box::new(move |ui| {
            panel.ui(ui, &model, Some(4..8), &mut out);
        })
    });
}

#[test]
fn best_passages() {
    picture("best", [224.0, 460.0], || {
        let (mut model, mut out, mut panel) = (common::model(), Outbox::default(), TakesPanel::default());
        let of = |bars, id| protocol::Passage { bars, of: id };
        if let Some(project) = &mut model.project {
            project.view.best =
                vec![of(0..4, protocol::VersionId::Take(1)), of(4..8, protocol::VersionId::Take(2))];
        }
        (model.transport.looped, model.transport.state) = (Some(4..8), protocol::PlayState::Playing);
        Box::new(move |ui| {
            panel.ui(ui, &model, None, &mut out);
        })
    });
}

#[test]
fn perform() {
    picture("perform", [224.0, 640.0], || {
        let (model, mut out, mut panel) = (common::model(), Outbox::default(), PerformPanel::default());
        let mut like = common::project().takes[1].clone();
        like.amounts.rubato = 1.4;
        like.amounts.balance_db = 3.5;
        panel.use_settings_of(&like);
        Box::new(move |ui| panel.ui(ui, &model, Some(4..8), &mut out))
    });
}

#[test]
fn variations() {
    picture("variations", [240.0, 700.0], || {
        let (mut model, mut out, mut panel) =
            (Model::default(), Outbox::default(), VariationsPanel::default());
        let events = common::varying_events(Some(common::VARIED)).into_iter();
        for event in events.chain(common::hears(2, Some(common::VARIED))) {
            model.apply(event, 0.0);
        }
        let mut made = common::variations(5, None);
        made.list[0].state = protocol::VariationState::Kept;
        model.variations = Some(made);
        Box::new(move |ui| panel.ui(ui, &model, Some(&common::VARIED), &mut out))
    });
}

/// A text and its answer: two moods, a guess with a word that nobody knows, a problem.
fn puzzling() -> (String, Event) {
    let text = "bars 1-6 gentle and a little hesitant; bars 7-12 fierce; bars 13-16 blorp";
    let guess = protocol::MoodSpan {
        sureness: 0.1,
        unknown: vec!["blorp".to_owned()],
        arrows: Vec::new(),
        ..common::span("blorp", 12..16)
    };
    let view = protocol::MoodView {
        text: text.to_owned(),
        spans: vec![
            common::span("gentle and a little hesitant", 0..6),
            common::fierce("fierce", 6..12),
            guess,
        ],
        problem: Some("The score has no bar 90: it ends with bar 16".to_owned()),
        note: Some("Words are read by the small table: run the set-up for all of them".to_owned()),
    };
    (text.to_owned(), Event::Mood(Box::new(view)))
}

#[test]
fn perform_with_moods() {
    picture("perform_moods", [224.0, 640.0], || {
        let (mut model, mut out, mut panel) = (common::model(), Outbox::default(), PerformPanel::default());
        let (text, answer) = puzzling();
        model.apply(answer, 0.0);
        panel.set_mood(text);
        Box::new(move |ui| panel.ui(ui, &model, None, &mut out))
    });
}

#[test]
fn perform_with_many_moods() {
    picture("perform_many_moods", [224.0, 560.0], || {
        let (mut model, mut out, mut panel) = (common::model(), Outbox::default(), PerformPanel::default());
        let spans = (0..8).map(|k| common::span(["gentle", "proud"][k % 2], 2 * k..2 * k + 2)).collect();
        model.apply(common::mood("many", spans), 0.0);
        panel.set_mood("many".to_owned());
        Box::new(move |ui| panel.ui(ui, &model, None, &mut out))
    });
}

#[test]
fn moods_in_windows_of_two_sizes() {
    for (theme, height, name) in [(Theme::Dark, 720.0, "moods-dark"), (Theme::Light, 800.0, "moods-light")] {
        let mut face = window(1280.0, height, theme, common::events());
        let (text, answer) = puzzling();
        face.get_by_role_and_label(egui::Role::TextInput, "Mood").click();
        face.run();
        face.event(egui::Event::Text(text));
        face.run_steps(6);
        tell(&mut face, answer);
        look(&mut face, name);
        let perform = face.get_by_role_and_label(egui::Role::Button, "Perform").rect();
        assert!(perform.bottom() < height - 30.0, "{perform:?}");
        let five = face.get_by_role_and_label(egui::Role::Button, "5").rect();
        assert!(five.bottom() < perform.top() && five.right() <= 1280.0, "how many takes: {five:?}");
        let field = face.get_by_role_and_label(egui::Role::TextInput, "Mood").rect();
        assert!(field.right() < perform.right() - 4.0, "a scroll bar has room beside {field:?}");
        let roll = face.get_by_label("Piano roll").rect();
        assert!(roll.height() >= 110.0, "the roll keeps its room: {roll:?}");
    }
}

#[test]
fn perform_like_others() {
    picture("perform_like", [224.0, 660.0], || {
        let (mut model, mut out, mut panel) = (common::model(), Outbox::default(), PerformPanel::default());
        model.apply(Event::Settings(Box::new(common::with_references())), 0.0);
        model.apply(Event::Project(Some(Box::new(common::played_like_two()))), 0.0);
        Box::new(move |ui| panel.ui(ui, &model, None, &mut out))
    });
}

#[test]
fn perform_like_nobody() {
    picture("perform_nobody", [224.0, 660.0], || {
        let (mut model, mut out, mut panel) = (common::model(), Outbox::default(), PerformPanel::default());
        model.apply(Event::Settings(Box::new(common::with_references())), 0.0);
        Box::new(move |ui| panel.ui(ui, &model, None, &mut out))
    });
}

#[test]
fn perform_that_cannot() {
    picture("perform_cannot", [224.0, 300.0], || {
        let (mut model, mut out, mut panel) = (common::model(), Outbox::default(), PerformPanel::default());
        model.settings.performers.clear();
        Box::new(move |ui| panel.ui(ui, &model, None, &mut out))
    });
}

#[test]
fn status() {
    picture("status", [900.0, 30.0], || {
        let (model, mut out) = (busy(), Outbox::default());
        Box::new(move |ui| jobs::ui(ui, &model, |_, _| (), &mut out))
    });
}

#[test]
fn start() {
    picture("start", [900.0, 560.0], || {
        let (model, mut out) = (common::model(), Outbox::default());
        Box::new(move |ui| start_page::ui(ui, &model, &mut out))
    });
}

/// A dialog by the command that opens it.
fn dialog(name: &str, size: [f32; 2], command: UiCommand) {
    picture(name, size, || {
        let (mut model, mut out) = (busy(), Outbox::default());
        let licence = |of: &str, name: &str| Licence { of: of.to_owned(), name: name.to_owned() };
        model.about = Some(AboutView {
            version: "0.1.0".to_owned(),
            parts: vec![("egui".to_owned(), "0.37".to_owned()), ("Burn".to_owned(), "0.22".to_owned())],
            licences: vec![licence("Espressivo", "MIT OR Apache-2.0"), licence("PianoFlow", "CC BY 4.0")],
        });
        let mut dialog = Dialog::of(command, &model, Some(4..8)).unwrap();
        Box::new(move |ui| {
            dialog.ui(ui.ctx(), &model, &mut out);
        })
    });
}

#[test]
fn palette() {
    dialog("palette", [600.0, 460.0], UiCommand::Palette);
}

#[test]
fn shortcuts() {
    dialog("shortcuts", [1040.0, 720.0], UiCommand::Shortcuts);
}

#[test]
fn settings() {
    dialog("settings", [560.0, 560.0], UiCommand::Settings);
}

#[test]
fn about() {
    dialog("about", [560.0, 300.0], UiCommand::About);
}

#[test]
fn history() {
    dialog("messages", [640.0, 300.0], UiCommand::Messages);
}

#[test]
fn save_midi() {
    dialog("save_midi", [520.0, 360.0], UiCommand::SaveMidi);
}

#[test]
fn new_piece() {
    writing("new_piece", UiCommand::NewPiece);
}

#[test]
fn more_bars() {
    writing("more_bars", UiCommand::Continue);
}

/// A dialog that has something written.
fn writing(name: &str, command: UiCommand) {
    picture(name, [520.0, 360.0], || {
        let (mut model, mut out) = (common::model(), Outbox::default());
        model.apply(common::with_writer(None), 0.0);
        let mut dialog = Dialog::of(command, &model, Some(4..8)).unwrap();
        Box::new(move |ui| {
            dialog.ui(ui.ctx(), &model, &mut out);
        })
    });
}

/// Thirty takes with long names.
fn crowd() -> Event {
    let mut project = common::project();
    let first = project.takes[0].clone();
    project.takes = (1..=30)
        .map(|n| protocol::TakeView {
            id: protocol::VersionId::Take(n),
            name: format!("Take {n} with a rather long name"),
            ..first.clone()
        })
        .collect();
    Event::Project(Some(Box::new(project)))
}

/// What must be within reach however small the window and however much is going on.
const ALWAYS_THERE: &[&str] =
    &["Play or pause", "Stop", "Switch versions", "Save MIDI…", "Save WAV…", "Perform", "Messages", "File"];

#[test]
fn nothing_important_leaves_the_window() {
    for (width, height, name) in
        [(1280.0, 800.0, "usual"), (1920.0, 1080.0, "large"), (720.0, 480.0, "small")]
    {
        let mut face = window(width, height, Theme::Dark, common::events());
        look(&mut face, name);
        tell(&mut face, crowd());
        tell(&mut face, Event::Jobs(vec![common::job(); 5]));
        let whole = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(width, height));
        for label in ALWAYS_THERE {
            let rect = face.get_by_role_and_label(egui::Role::Button, label).rect();
            assert!(whole.contains_rect(rect), "{label} at {rect:?} in {name}");
        }
        look(&mut face, &format!("{name}-crowd"));
    }
}

#[test]
fn toasts_stand_above_the_status_line() {
    let mut face = window(1280.0, 800.0, Theme::Light, common::events());
    for message in messages() {
        tell(&mut face, message);
    }
    for cross in face.get_all_by_label("Dismiss") {
        assert!(cross.rect().bottom() < 765.0, "{:?}", cross.rect());
    }
    // The oldest is counted, so that the score stays in view.
    assert_eq!(face.get_all_by_label("Dismiss").count(), 2);
    face.get_by_label("1 more");
    for k in 0..20 {
        tell(&mut face, told(Level::Error, &format!("Cannot open {k}: {}", "it is no archive, ".repeat(40))));
    }
    let roll = face.get_by_label("Piano roll").rect();
    let covered = face.get_all_by_label("Dismiss").map(|n| n.rect().top()).fold(f32::INFINITY, f32::min);
    assert!(covered > roll.bottom(), "{covered} {roll:?}");
    look(&mut face, "toasts");
}
