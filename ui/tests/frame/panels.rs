//! Every panel: what it shows, and what a click on it asks for.

use egui::{Key, Modifiers, Role, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use protocol::{
    BaseTempo, BeatView, Command, Event, JobView, KnobKind, KnobOption, KnobView, Knobs, Level, Message,
    OutputView, PanelState, ProjectView, ScoreView, SettingsView, TakeView, TransportView, VersionId,
    ViewState,
};

use ui::UiCommand;

use crate::bench::{Face, asked, face, face_with_selection, press, start_page, tell};
use crate::common;

fn click(face: &mut Face, label: &str) {
    face.get_by_role_and_label(Role::Button, label).click();
    face.run();
}

#[test]
fn the_transport_bar_asks_for_what_it_says() {
    let mut face = face();
    let cases = [
        ("Play or pause", Command::TogglePlay),
        ("Stop", Command::Stop),
        ("Go to the start", Command::SeekQuarters(0.0)),
        ("Loop", Command::Loop(Some(0..16))),
        ("Metronome", Command::Metronome(true)),
        ("Count-in", Command::CountIn(false)),
        ("Switch versions", Command::SwapCompared),
        ("Undo", Command::Undo),
        ("Take 1", Command::Listen(VersionId::Take(1))),
        ("Lesson of May", Command::Listen(VersionId::Recording(1))),
    ];
    for (label, expected) in cases {
        click(&mut face, label);
        assert_eq!(asked(&mut face), [expected], "{label}");
    }
    face.get_by_label("Bar 3:2, 0:05.4");
}

#[test]
fn loop_repeats_the_selected_bars_and_stops_again() {
    let mut face = face_with_selection();
    click(&mut face, "Loop");
    assert_eq!(asked(&mut face), [Command::Loop(Some(4..8))]);
    tell(&mut face, Event::Transport(TransportView { looped: Some(4..8), ..common::transport() }));
    click(&mut face, "Loop");
    assert_eq!(asked(&mut face), [Command::Loop(None)]);
}

#[test]
fn speed_is_typed_and_put_back() {
    let mut face = face();
    face.get_by_role_and_label(Role::SpinButton, "Speed in percent").click();
    face.run();
    face.event(egui::Event::Text("60".to_owned()));
    face.run();
    press(&mut face, Modifiers::NONE, Key::Enter);
    let commands = asked(&mut face);
    assert_eq!(commands.last(), Some(&Command::Rate(60.0)), "{commands:?}");
    tell(&mut face, Event::Transport(TransportView { rate_percent: 60.0, ..common::transport() }));
    click(&mut face, "Normal speed");
    assert_eq!(asked(&mut face), [Command::Rate(100.0)]);
}

#[test]
fn a_click_that_closes_the_field_for_a_bar_is_not_lost() {
    let mut face = face();
    face.state_mut().ask(UiCommand::GoToBar);
    face.run();
    face.get_by_role_and_label(Role::TextInput, "Go to bar");
    let take = face.get_by_role_and_label(Role::Button, "Take 1").rect().center();
    face.hover_at(take);
    face.drag_at(take);
    face.run();
    face.drop_at(take);
    face.run();
    assert_eq!(asked(&mut face), [Command::Listen(VersionId::Take(1))]);
    assert!(face.query_by_role_and_label(Role::TextInput, "Go to bar").is_none());
}

#[test]
fn an_open_menu_stays_that_of_its_take() {
    let mut face = face();
    click(&mut face, "More about Hesitant middle");
    // The take above it goes, as when a job is cancelled.
    let mut project = common::project();
    project.takes.remove(0);
    tell(&mut face, Event::Project(Some(Box::new(project))));
    click(&mut face, "Duplicate");
    assert_eq!(asked(&mut face), [Command::Duplicate(VersionId::Take(2))]);
}

#[test]
fn the_volume_shown_waits_for_the_shell() {
    let mut face = face();
    let slider = face.get_by_role_and_label(Role::Slider, "Volume").rect();
    let low = slider.left_center() + vec2(slider.width() * 0.25, 0.0);
    face.hover_at(low);
    face.drag_at(low);
    face.step();
    face.drop_at(low);
    face.step();
    let commands = asked(&mut face);
    // Sent once, although the shell has not answered in the frames since.
    assert!(matches!(commands[..], [Command::Volume(v)] if (0.1..0.4).contains(&v)), "{commands:?}");
}

#[test]
fn silence_and_device_are_explained() {
    let mut face = face();
    face.get_by_role_and_label(Role::Button, "Headphones");
    face.get_by_role_and_label(Role::Button, "Test processor");
    let reason = "There is no sound device";
    let output = OutputView::Silent(reason.to_owned());
    tell(&mut face, Event::Transport(TransportView { output, ..common::transport() }));
    face.get_by_role_and_label(Role::Button, "No sound").hover();
    face.run_steps(40);
    face.get_by_label_contains(reason);
}

#[test]
fn takes_are_heard_compared_and_copied() {
    let mut face = face();
    let cases = [
        ("Listen to Deadpan", Command::Listen(VersionId::Deadpan)),
        ("Listen to Take 1", Command::Listen(VersionId::Take(1))),
        ("Compare with Take 1", Command::Compare(Some(VersionId::Take(1)))),
        // It is compared with already.
        ("Compare with Deadpan", Command::Compare(None)),
    ];
    for (label, expected) in cases {
        click(&mut face, label);
        assert_eq!(asked(&mut face), [expected], "{label}");
    }
    for (entry, expected) in [
        ("Duplicate", Command::Duplicate(VersionId::Take(1))),
        ("Delete", Command::Delete(VersionId::Take(1))),
    ] {
        click(&mut face, "More about Take 1");
        click(&mut face, entry);
        assert_eq!(asked(&mut face), [expected]);
    }
    face.get_by_label("Edited");
}

#[test]
fn a_take_is_renamed_in_its_place() {
    let mut face = face();
    press(&mut face, Modifiers::NONE, Key::F2);
    let field = face.get_by_role_and_label(Role::TextInput, "Name of the take");
    assert!(field.is_focused());
    // The old name is selected: what is typed takes its place.
    face.get_by_role_and_label(Role::TextInput, "Name of the take").type_text("Brave");
    face.run();
    press(&mut face, Modifiers::NONE, Key::Enter);
    assert_eq!(asked(&mut face), [Command::Rename(VersionId::Take(2), "Brave".to_owned())]);

    press(&mut face, Modifiers::NONE, Key::F2);
    face.get_by_role_and_label(Role::TextInput, "Name of the take").type_text("Never mind");
    face.run();
    press(&mut face, Modifiers::NONE, Key::Escape);
    assert_eq!(asked(&mut face), []);
}

#[test]
fn takes_of_one_job_are_told_apart_by_their_seed() {
    let mut face = face();
    let mut project = common::project();
    let first = project.takes[0].clone();
    let take = |n: u32| TakeView {
        id: VersionId::Take(n),
        name: format!("Take {n}"),
        parent: Some(VersionId::Deadpan),
        bars: Some(4..8),
        mood: "hesitant".to_owned(),
        amounts: protocol::Amounts { rubato: 1.4, ..protocol::Amounts::default() },
        seed: u64::from(n),
        ..first.clone()
    };
    project.takes = vec![take(21), take(22), TakeView { origin: "copy of Take 21".to_owned(), ..take(3) }];
    project.listening = VersionId::Take(21);
    tell(&mut face, Event::Project(Some(Box::new(project))));
    for n in [21, 22] {
        face.get_by_label(&format!("Seed {n}, PianoFlow, bars 5–8 of Deadpan, “hesitant”, rubato 140 %"));
    }
    face.get_by_label_contains("Copy of Take 21, seed 3, PianoFlow");
    // With another mood beside them the mood comes first, too.
    let mut project = common::project();
    project.takes = vec![take(21), TakeView { mood: "calm".to_owned(), ..take(22) }];
    tell(&mut face, Event::Project(Some(Box::new(project))));
    face.get_by_label("“hesitant”, seed 21, PianoFlow, bars 5–8 of Deadpan, rubato 140 %");
}

#[test]
fn settings_of_a_take_can_be_used_again() {
    let mut face = face();
    click(&mut face, "More about Hesitant middle");
    click(&mut face, "Use its settings");
    click(&mut face, "Perform");
    let commands = asked(&mut face);
    assert!(
        matches!(&commands[..], [Command::Perform(r)] if r.mood == "hesitant" && r.seed == 12),
        "{commands:?}"
    );
}

#[test]
fn nothing_is_asked_for_before_anybody_touched_anything() {
    // The shell has not spoken of the transport yet.
    let events = common::events().into_iter().filter(|e| !matches!(e, Event::Transport(_)));
    let mut face = crate::bench::window(1280.0, 800.0, protocol::Theme::Light, events.collect());
    face.run_steps(5);
    assert_eq!(asked(&mut face), []);
}

#[test]
fn perform_says_what_it_performs() {
    let mut face = face();
    click(&mut face, "Perform");
    let first = asked(&mut face);
    click(&mut face, "Perform");
    let second = asked(&mut face);
    let [Command::Perform(first)] = &first[..] else { panic!("{first:?}") };
    let [Command::Perform(second)] = &second[..] else { panic!("{second:?}") };
    assert_eq!((first.performer.as_str(), &first.bars, first.of), ("pianoflow", &None, VersionId::Take(2)));
    assert_ne!(first.seed, second.seed, "pressed again, it plays differently");

    let mut face = face_with_selection();
    click(&mut face, "Perform bars 5–8");
    let commands = asked(&mut face);
    assert!(matches!(&commands[..], [Command::Perform(r)] if r.bars == Some(4..8)), "{commands:?}");
}

#[test]
fn a_document_keeps_what_the_panel_is_set_to() {
    let mut face = face();
    click(&mut face, "hesitant");
    face.run_steps(4);
    let commands = face.state_mut().take_commands();
    let told = commands.iter().rev().find_map(|c| match c {
        Command::RememberPanel(panel) => Some(panel),
        _ => None,
    });
    assert_eq!(told.map(|panel| panel.mood.as_str()), Some("hesitant, "), "{commands:?}");

    // Another document has settings of its own, and the seed after those that its takes have.
    let panel = PanelState { mood: "angry".to_owned(), seed: 11, takes: 2, ..PanelState::default() };
    let view = ViewState { panel: Some(Box::new(panel.clone())), ..ViewState::default() };
    let other = ProjectView { opening: 2, view, ..common::project() };
    tell(&mut face, Event::Project(Some(Box::new(other.clone()))));
    let request = performed(&mut face);
    assert_eq!((request.mood.as_str(), request.seed, request.takes), ("angry", 13, 2));

    // One that kept its seed keeps it, and one that was never performed begins anew.
    let kept =
        ViewState { panel: Some(Box::new(PanelState { keeps_seed: true, ..panel })), ..ViewState::default() };
    tell(&mut face, Event::Project(Some(Box::new(ProjectView { opening: 3, view: kept, ..other.clone() }))));
    assert_eq!(performed(&mut face).seed, 11);
    let new = ProjectView { opening: 4, view: ViewState::default(), takes: vec![], ..other };
    tell(&mut face, Event::Project(Some(Box::new(new))));
    let request = performed(&mut face);
    assert_eq!((request.mood.as_str(), request.seed, request.takes), ("", 1, 1));
}

/// What is asked for when the button is pressed.
fn performed(face: &mut Face) -> protocol::PerformRequest {
    click(face, "Perform");
    let commands = asked(face);
    let [Command::Perform(request)] = &commands[..] else { panic!("{commands:?}") };
    request.clone()
}

#[test]
fn moods_amounts_seed_and_takes_go_along() {
    let mut face = face();
    click(&mut face, "hesitant");
    click(&mut face, "angry");
    let slider = face.get_by_role_and_label(Role::Slider, "Dynamics").rect();
    let double = slider.right_center() - vec2(2.0, 0.0);
    face.hover_at(double);
    face.drag_at(double);
    face.run();
    face.drop_at(double);
    face.run();
    face.get_by_role_and_label(Role::CheckBox, "Keep").click();
    face.run();
    click(&mut face, "Another seed");
    click(&mut face, "3");
    click(&mut face, "Perform");
    click(&mut face, "Reset dynamics");
    click(&mut face, "Perform");
    let commands = asked(&mut face);
    let [Command::Perform(first), Command::Perform(second)] = &commands[..] else { panic!("{commands:?}") };
    assert_eq!(first.mood, "hesitant, angry");
    assert_eq!((first.takes, first.amounts.dynamics, second.amounts.dynamics), (3, 2.0, 1.0));
    assert_ne!(first.seed, 1);
    assert_eq!(first.seed, second.seed, "the seed was to be kept");
}

#[test]
fn panels_grow_again_with_the_window() {
    let mut face = face();
    let width = |face: &Face| face.get_by_role_and_label(Role::Button, "Perform").rect().width();
    let usual = width(&face);
    face.set_size(vec2(700.0, 800.0));
    face.run_steps(4);
    assert!(width(&face) < usual - 20.0);
    face.set_size(vec2(1280.0, 800.0));
    face.run_steps(4);
    assert!((width(&face) - usual).abs() < 1.0, "{} is not {usual}", width(&face));
}

#[test]
fn the_base_tempo_goes_along_and_starts_at_the_mark() {
    let mut face = face();
    let choose = |face: &mut Face, choice: &str| {
        face.get_by_role_and_label(Role::ComboBox, "Base tempo").click();
        face.run();
        click(face, choice);
        click(face, "Perform");
        let commands = asked(face);
        let [Command::Perform(request)] = &commands[..] else { panic!("{commands:?}") };
        request.base_tempo
    };
    assert_eq!(choose(&mut face, "As the performer would"), BaseTempo::Free);
    assert_eq!(choose(&mut face, "Beats a minute"), BaseTempo::Bpm(66.0));
    assert_eq!(choose(&mut face, "As marked (66)"), BaseTempo::AsMarked);

    // Without a mark there is nothing to be marked.
    let score =
        ScoreView { beat: BeatView { name: "half".into(), marked: None, quarters: 2.0 }, ..common::score() };
    tell(&mut face, Event::Scores(vec![score]));
    assert_eq!(choose(&mut face, "Beats a minute"), BaseTempo::Bpm(80.0));
    face.get_by_role_and_label(Role::SpinButton, "Base tempo");
}

#[test]
fn knobs_of_the_performer_go_along() {
    let mut face = face();
    let option = |id: &str, name: &str| KnobOption {
        id: id.to_owned(),
        name: name.to_owned(),
        description: String::new(),
    };
    let style = KnobView {
        id: "style".to_owned(),
        name: "Style".to_owned(),
        description: "What music it is played as".to_owned(),
        kind: KnobKind::Choice(vec![option("classical", "Classical"), option("pop", "Pop")]),
    };
    let mut settings = common::settings();
    settings.performers[0].knobs = vec![style];
    tell(&mut face, Event::Settings(Box::new(settings)));
    assert!(performed(&mut face).knobs.is_empty());
    let choose = |face: &mut Face, choice: &str| {
        face.get_by_role_and_label(Role::ComboBox, "Style").click();
        face.run();
        click(face, choice);
        performed(face).knobs
    };
    assert_eq!(choose(&mut face, "Pop"), Knobs::from([("style".to_owned(), "pop".into())]));
    assert!(choose(&mut face, "Classical").is_empty(), "that is the default");
}

#[test]
fn perform_says_why_it_cannot() {
    let mut face = face();
    let settings = SettingsView { performers: Vec::new(), ..common::settings() };
    tell(&mut face, Event::Settings(Box::new(settings)));
    face.get_by_label("No performer is installed");
    press(&mut face, Modifiers::COMMAND, Key::Enter);
    assert_eq!(asked(&mut face), []);

    let mut face = crate::bench::face();
    let read_only = Some("the file is open elsewhere".to_owned());
    let project = ProjectView { read_only, ..common::project() };
    tell(&mut face, Event::Project(Some(Box::new(project))));
    face.get_by_label("This project can only be read: the file is open elsewhere");
    assert!(face.get_by_role_and_label(Role::Button, "Perform").accesskit_node().is_disabled());
}

#[test]
fn a_job_shows_and_is_cancelled() {
    let mut face = face();
    tell(&mut face, Event::Jobs(vec![common::job()]));
    face.get_by_label(&common::job().label);
    click(&mut face, &format!("Cancel: {}", common::job().label));
    assert_eq!(asked(&mut face), [Command::Cancel(7)]);
}

#[test]
fn a_job_says_how_long_it_takes_still_once_that_can_be_told() {
    let mut face = face();
    let job = JobView { label: "Hearing the notes of lesson.mp3".to_owned(), ..common::job() };
    tell(&mut face, Event::Jobs(vec![job.clone()]));
    assert!(face.query_by_label_contains("minutes left").is_none());
    tell(&mut face, Event::Jobs(vec![JobView { left_secs: Some(170.0), ..job }]));
    face.get_by_label("about 3 minutes left");
}

#[test]
fn a_message_fades_and_can_be_read_again() {
    let text = "Cannot open broken.mxl: it is no archive";
    let mut face = face();
    tell(&mut face, Event::Message(Message { level: Level::Info, text: text.to_owned() }));
    // Once as a toast, once at the bottom.
    assert_eq!(face.get_all_by_label(text).count(), 2);
    face.run_steps(60);
    let shown = face.get_all_by_label(text).count();
    assert_eq!(shown, 1, "the toast is still there");
    tell(&mut face, Event::Message(Message { level: Level::Error, text: text.to_owned() }));
    assert_eq!(face.get_all_by_label(text).count(), 2);
    click(&mut face, "Dismiss");
    assert_eq!(face.get_all_by_label(text).count(), 1);
    click(&mut face, "Messages");
    // The list holds both.
    assert_eq!(face.get_all_by_label(text).count(), 3);
}

#[test]
fn the_start_page_opens_pieces() {
    let mut face = start_page();
    let cases = [
        ("Open…", Command::OpenDialog),
        ("Evening song", Command::Open("/home/ada/music/evening-song.espressivo".into())),
        ("Träumerei", Command::OpenDemo("traeumerei".to_owned())),
        ("Clear", Command::ClearRecent),
    ];
    for (label, expected) in cases {
        click(&mut face, label);
        assert_eq!(asked(&mut face), [expected], "{label}");
    }
}

#[test]
fn menus_hold_commands_and_recent_files() {
    let mut face = face();
    click(&mut face, "Edit");
    face.get_by_role_and_label(Role::Button, "Undo: Perform bars 5–8 Ctrl+Z").click();
    face.run();
    assert_eq!(asked(&mut face), [Command::Undo]);
    click(&mut face, "File");
    click(&mut face, "Open recent");
    face.get_by_role_and_label(Role::Button, "Untitled waltz");
}

#[derive(Debug)]
struct Dropped(std::path::PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &std::path::Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("nobody may read it here".to_owned())
    }
}

#[test]
fn a_dropped_file_is_opened() {
    let mut face = start_page();
    face.input_mut().dropped_files.push(std::sync::Arc::new(Dropped("/music/waltz.mxl".into())));
    face.step();
    assert_eq!(asked(&mut face), [Command::Open("/music/waltz.mxl".into())]);
}
