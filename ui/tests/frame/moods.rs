//! The mood: asked about after a pause, shown under its field, and changed on its lane.

use egui::{Key, Modifiers, Role, pos2};
use egui_kittest::kittest::{NodeT, Queryable};
use protocol::{Amounts, Command, Event, MoodSpan, MoodView, ViewState};

use crate::bench::{Face, asked, face, mood_questions, press, tell, window};
use crate::common;

fn field(face: &Face) -> egui_kittest::Node<'_> {
    face.get_by_role_and_label(Role::TextInput, "Mood")
}

/// Puts a text into the field and waits for the question.
fn write(face: &mut Face, text: &str) {
    field(face).click();
    face.run();
    press(face, Modifiers::COMMAND, Key::A);
    face.event(egui::Event::Text(text.to_owned()));
    face.run_steps(6);
}

fn answered(text: &str, spans: Vec<MoodSpan>) -> Face {
    let mut face = face();
    write(&mut face, text);
    mood_questions(&mut face);
    tell(&mut face, common::mood(text, spans));
    face
}

#[test]
fn a_text_is_asked_about_once_and_after_a_pause() {
    let mut face = face();
    field(&face).click();
    face.run();
    for letters in ["s", "a", "d"] {
        face.event(egui::Event::Text(letters.to_owned()));
        face.step();
        assert_eq!(mood_questions(&mut face), [], "somebody is still typing");
    }
    face.run_steps(3);
    assert_eq!(mood_questions(&mut face), [("sad".to_owned(), None)]);
    face.run_steps(10);
    assert_eq!(mood_questions(&mut face), [], "asked already");
    // A comma alone is no other mood.
    face.event(egui::Event::Text(", ".to_owned()));
    face.run_steps(6);
    assert_eq!(mood_questions(&mut face), []);
    write(&mut face, "");
    press(&mut face, Modifiers::NONE, Key::Backspace);
    face.run_steps(6);
    assert_eq!(mood_questions(&mut face), [(String::new(), None)], "no mood has no lane either");
}

#[test]
fn what_was_typed_last_is_kept_when_the_piece_is_closed_at_once() {
    let mut face = face();
    field(&face).click();
    face.run();
    for letters in ["s", "a", "d"] {
        face.event(egui::Event::Text(letters.to_owned()));
        face.step();
    }
    press(&mut face, Modifiers::COMMAND, Key::W);
    let commands = face.state_mut().take_commands();
    let kept = commands.iter().rposition(|c| matches!(c, Command::RememberPanel(p) if p.mood == "sad"));
    let closed = commands.iter().position(|c| *c == Command::Close);
    assert!(kept.is_some() && kept < closed, "{commands:?}");
}

#[test]
fn other_bars_and_another_piece_are_other_questions() {
    let mut events = common::events();
    for event in &mut events {
        if let Event::Project(Some(project)) = event {
            project.view = ViewState { selection: Some(4..8), ..ViewState::default() };
        }
    }
    let mut face = window(1280.0, 800.0, protocol::Theme::Dark, events);
    write(&mut face, "hesitant, then anger");
    assert_eq!(mood_questions(&mut face), [("hesitant, then anger".to_owned(), Some(4..8))]);
    press(&mut face, Modifiers::NONE, Key::Escape);
    press(&mut face, Modifiers::NONE, Key::Escape);
    face.run_steps(6);
    assert_eq!(mood_questions(&mut face), [("hesitant, then anger".to_owned(), None)]);
    tell(&mut face, Event::Scores(vec![common::score()]));
    face.run_steps(6);
    // A piece comes with the bars that were selected when it was last open.
    assert_eq!(mood_questions(&mut face), [("hesitant, then anger".to_owned(), Some(4..8))]);
}

#[test]
fn the_mood_of_a_take_is_asked_about_when_its_settings_are_used() {
    let mut face = face();
    face.get_by_role_and_label(Role::Button, "More about Hesitant middle").click();
    face.run();
    face.get_by_role_and_label(Role::Button, "Use its settings").click();
    face.run_steps(6);
    assert_eq!(mood_questions(&mut face), [("hesitant".to_owned(), None)]);
}

#[test]
fn the_panel_says_what_will_change_and_how_sure_it_is() {
    let text = "bars 1-8 gentle; bars 9-16 fierce";
    let mut face = answered(text, vec![common::span("gentle", 0..8), common::fierce("fierce", 8..16)]);
    for words in ["gentle", "Bars 1–8", "Sure", "slower", "softer"] {
        face.get_by_label(words);
    }
    for words in ["fierce", "Bars 9–16", "Rather sure", "faster", "more detached", "freer"] {
        face.get_by_label(words);
    }
    face.get_by_label("Rather sure").hover();
    face.run_steps(40);
    face.get_by_label("60 % sure, nearest: anger 80 %");
}

#[test]
fn a_slider_stays_in_the_hand_while_a_mood_is_explained() {
    let mut face = face();
    write(&mut face, "gentle");
    let slider = face.get_by_role_and_label(Role::Slider, "Dynamics").rect();
    face.hover_at(slider.center());
    face.drag_at(slider.center());
    face.run();
    // The answer comes, and makes room for itself above the slider.
    tell(&mut face, common::mood("gentle", vec![common::span("gentle", 0..16)]));
    assert!(face.get_by_role_and_label(Role::Slider, "Dynamics").rect().top() > slider.top() + 5.0);
    let end = pos2(slider.right() - 2.0, slider.center().y);
    face.hover_at(end);
    face.run();
    face.drop_at(end);
    face.run();
    asked(&mut face);
    press(&mut face, Modifiers::COMMAND, Key::Enter);
    let commands = asked(&mut face);
    let [Command::Perform(request)] = &commands[..] else { panic!("{commands:?}") };
    assert_eq!(request.amounts, Amounts { dynamics: 2.0, ..Amounts::default() });
}

#[test]
fn a_repeat_is_told_once() {
    let mut face = face();
    let mut score = common::score();
    for (k, measure) in score.measures.iter_mut().enumerate() {
        measure.number = (k % 8 + 1).to_string();
        measure.pass = (k / 8 + 1) as u8;
    }
    tell(&mut face, Event::Scores(vec![score]));
    write(&mut face, "bars 1-8 gentle");
    let spans = vec![common::span("gentle", 0..8), common::span("gentle", 8..16)];
    tell(&mut face, common::mood("bars 1-8 gentle", spans));
    assert_eq!(face.get_all_by_label("slower").count(), 1);
    // Where the passes have different moods, each says of which it is.
    let spans = vec![common::span("gentle", 0..8), common::fierce("fierce", 8..16)];
    tell(&mut face, common::mood("bars 1-8 gentle", spans));
    for bars in ["Bars 1–8 (pass 1)", "Bars 1–8 (pass 2)"] {
        face.get_by_label(bars);
    }
}

#[test]
fn what_is_not_understood_is_said() {
    let mut face = face();
    write(&mut face, "blorp; bars 90-99 sad");
    let guess = MoodSpan { sureness: 0.1, unknown: vec!["blorp".to_owned()], ..common::span("blorp", 0..16) };
    let view = MoodView {
        text: "blorp; bars 90-99 sad".to_owned(),
        spans: vec![guess],
        problem: Some("The score has no bar 90: it ends with bar 16".to_owned()),
        note: Some("Words are read by the small table".to_owned()),
    };
    tell(&mut face, Event::Mood(Box::new(view)));
    face.get_by_label("A guess");
    face.get_by_label("“blorp” is not known");
    face.get_by_label("The score has no bar 90: it ends with bar 16");
    face.get_by_label("Words are read by the small table");
}

#[test]
fn many_moods_leave_the_rest_of_the_panel_in_reach() {
    let text = "many";
    let spans = (0..16).map(|k| common::span(&format!("mood {k}"), k..k + 1)).collect();
    let face = answered(text, spans);
    assert!(face.get_by_label("Performer").rect().bottom() < 480.0);
}

#[test]
fn a_border_dragged_on_the_lane_changes_the_field_and_what_is_performed() {
    let mut face =
        answered("gentle, then fierce", vec![common::span("gentle", 0..8), common::fierce("fierce", 8..16)]);
    let border = face.get_by_label("Mood border at bar 9").rect().center();
    let bar = face.get_by_label("Mood lane").rect().width() * 0.96 / 16.0;
    face.hover_at(border);
    face.drag_at(border);
    face.step();
    for k in 1..=4 {
        face.hover_at(pos2(border.x + bar * k as f32 / 2.0, border.y));
        face.step();
    }
    face.drop_at(pos2(border.x + bar * 2.0, border.y));
    face.run_steps(3);
    let text = "bars 1-10 gentle; bars 11-16 fierce";
    assert_eq!(field(&face).accesskit_node().value().as_deref(), Some(text));
    assert_eq!(mood_questions(&mut face), [(text.to_owned(), None)]);
    press(&mut face, Modifiers::COMMAND, Key::Enter);
    let commands = asked(&mut face);
    assert!(matches!(&commands[..], [Command::Perform(r)] if r.mood == text), "{commands:?}");
}
