//! Windows that are smaller than two panels and the music need.

use egui::{Key, Modifiers, Rect, Role, pos2};
use egui_kittest::kittest::Queryable;
use protocol::{Command, Event, PanelState, Theme, VersionId, ViewState};

use crate::bench::{Face, asked, press, window};
use crate::common;

const SIZE: (f32, f32) = (480.0, 320.0);

fn small() -> Face {
    window(SIZE.0, SIZE.1, Theme::Dark, common::events())
}

fn click(face: &mut Face, label: &str) {
    face.get_by_label(label).click();
    face.run();
}

fn assert_is_inside(face: &Face, label: &str) {
    let rect = face.get_by_label(label).rect();
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(SIZE.0, SIZE.1));
    assert!(whole.contains_rect(rect), "{label} at {rect:?}");
}

#[test]
fn the_music_has_the_width_until_a_panel_is_opened() {
    let mut face = small();
    let width = |face: &Face| face.get_by_label("Piano roll").rect().width();
    let alone = width(&face);
    assert!(alone > 380.0, "{alone}");
    for label in ["Play or pause", "Stop", "File", "View: Roll", "Versions panel", "Perform panel"] {
        assert_is_inside(&face, label);
    }
    assert!(face.query_by_label("Listen to Take 1").is_none());

    click(&mut face, "Versions panel");
    assert!(width(&face) < alone - 100.0);
    face.get_by_label("Listen to Deadpan").click();
    face.run();
    assert_eq!(asked(&mut face), [Command::Listen(VersionId::Deadpan)]);

    click(&mut face, "Perform panel");
    assert!(face.query_by_label("Listen to Take 1").is_none(), "one at a time");
    let button = face.get_by_role_and_label(Role::Button, "Perform").rect();
    assert!(button.right() <= SIZE.0 && button.bottom() <= SIZE.1, "{button:?}");
    face.get_by_role_and_label(Role::Button, "Perform").click();
    face.run();
    assert!(matches!(asked(&mut face)[..], [Command::Perform(_)]));
    click(&mut face, "Perform panel");
    assert_eq!(width(&face), alone);
}

#[test]
fn what_is_performed_does_not_wait_for_its_panel() {
    let mut events = common::events();
    for event in &mut events {
        if let Event::Project(Some(project)) = event {
            let panel = PanelState { mood: "solemn".to_owned(), ..PanelState::default() };
            project.view = ViewState { panel: Some(Box::new(panel)), ..ViewState::default() };
        }
    }
    let mut face = window(SIZE.0, SIZE.1, Theme::Dark, events);
    press(&mut face, Modifiers::COMMAND, Key::Enter);
    let commands = asked(&mut face);
    let [Command::Perform(request)] = &commands[..] else { panic!("{commands:?}") };
    assert_eq!(request.mood, "solemn", "as it was set for this document");
}

#[test]
fn views_are_chosen_in_a_small_window() {
    let mut face = small();
    click(&mut face, "View: Roll");
    click(&mut face, "Page alone");
    assert_is_inside(&face, "View: Page");
    assert!(face.query_by_label("Engraved page").is_some() && face.query_by_label("Piano roll").is_none());
}

/// Whether the last field of the panel that performs is in view, above the number of takes.
fn is_last_field_in_view(face: &Face) -> bool {
    let [last, takes] =
        ["Another seed", "5"].map(|label| face.get_by_role_and_label(Role::Button, label).rect());
    last.bottom() <= takes.top()
}

#[test]
fn the_whole_perform_panel_is_in_view_at_720_points() {
    let face = window(1280.0, 720.0, Theme::Dark, common::events());
    assert!(is_last_field_in_view(&face));
}

#[test]
fn what_does_not_fit_into_the_perform_panel_is_scrolled_to() {
    let mut face = window(1280.0, 480.0, Theme::Dark, common::events());
    assert!(!is_last_field_in_view(&face));
    let field = face.get_by_role_and_label(Role::TextInput, "Mood").rect().center();
    face.hover_at(field);
    for _ in 0..4 {
        face.event(egui::Event::MouseWheel {
            unit: egui::MouseWheelUnit::Line,
            delta: egui::vec2(0.0, -10.0),
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Wheel,
            modifiers: Modifiers::NONE,
        });
        face.run();
    }
    assert!(is_last_field_in_view(&face));
}

#[test]
fn the_button_that_performs_is_one_line_high_whatever_it_says() {
    let height = |face: &Face, label: &str| face.get_by_role_and_label(Role::Button, label).rect().height();
    let mut events = common::events();
    let usual = height(&window(1280.0, 800.0, Theme::Dark, events.clone()), "Perform");
    for event in &mut events {
        match event {
            Event::Scores(scores) => *scores = vec![common::repeated_score()],
            Event::Project(Some(project)) => {
                project.view = ViewState { selection: Some(1..6), ..ViewState::default() };
            }
            _ => {}
        }
    }
    // As narrow as the panel is beside another.
    let narrow = window(640.0, 800.0, Theme::Dark, events);
    let found = height(&narrow, "Perform bars 2 (pass 1)–2 (pass 2)");
    assert!((found - usual).abs() < 0.5, "{found} is not {usual}");
}
