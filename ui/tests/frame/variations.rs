//! The panel of variations.

use egui::{Key, Modifiers, Role, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use protocol::{
    Command, Event, ExportRequest, MidiMode, PlayState, ProjectView, Theme, TransportView, VariationState,
    VaryConstraints, VaryRequest, VaryState, ViewState,
};
use ui::UiCommand;

use crate::bench::{Face, asked, look, press, start_page, tell, window};
use crate::common::{self, ORIGINAL, VARIED, variation_version};

/// The face with bars selected and the panel open.
fn panel() -> Face {
    let mut face = window(1280.0, 800.0, Theme::Dark, common::varying_events(Some(VARIED)));
    face.state_mut().ask(UiCommand::Vary);
    face.run();
    asked(&mut face);
    face
}

/// The same with five variations, the second of which is heard.
fn heard() -> Face {
    let mut face = panel();
    tell(&mut face, common::made(5, None));
    for event in common::hears(2, Some(VARIED)) {
        tell(&mut face, event);
    }
    asked(&mut face);
    face
}

fn click(face: &mut Face, label: &str) -> Vec<Command> {
    face.get_by_role_and_label(Role::Button, label).click();
    face.run_steps(4);
    asked(face)
}

fn is_disabled(face: &Face, label: &str) -> bool {
    face.get_by_role_and_label(Role::Button, label).accesskit_node().is_disabled()
}

fn request() -> VaryRequest {
    common::variations(0, None).request
}

fn transport(state: PlayState, position_quarters: f64, looped: Option<protocol::Bars>) -> Event {
    let version = variation_version(2);
    Event::Transport(TransportView { state, position_quarters, looped, version, ..common::transport() })
}

#[test]
fn the_command_says_what_to_select() {
    for (selection, words) in [(None, "Drag over 1 to 4 bars"), (Some(2..8), "6 bars are selected")] {
        let mut face = window(1280.0, 800.0, Theme::Dark, common::varying_events(selection));
        press(&mut face, Modifiers::SHIFT, Key::V);
        face.get_by_label_contains(words);
        assert!(face.query_by_label("Similarity").is_none(), "the panel stays closed");
    }
    let mut face = window(1280.0, 800.0, Theme::Dark, common::varying_events(Some(VARIED)));
    press(&mut face, Modifiers::SHIFT, Key::V);
    face.get_by_label("Bars 5–8 of Hesitant middle");
    assert!(face.query_by_role_and_label(Role::Button, "Perform bars 5–8").is_none(), "in its place");
    assert_eq!(asked(&mut face), []);
}

#[test]
fn nothing_is_made_without_a_model() {
    let mut face = panel();
    tell(&mut face, common::with_composer(Some("its model is missing: /models/toy")));
    face.get_by_label("Toy cannot write variations. Its model is missing: /models/toy");
    assert!(is_disabled(&face, "Make 5 variations"));
    tell(&mut face, Event::Settings(Box::new(common::settings())));
    face.get_by_label("No composer is installed, and one is needed for variations");
    assert!(is_disabled(&face, "Make 5 variations"));
}

#[test]
fn what_is_set_is_asked_for_and_the_next_seed_is_another_one() {
    let mut face = panel();
    assert_eq!(click(&mut face, "Make 5 variations"), [Command::MakeVariations(request())]);
    for label in ["Rhythm", "Key", "Range", "Largest chord"] {
        face.get_by_role_and_label(Role::CheckBox, label).click();
        face.run();
    }
    // The lowest and the highest note of bars 5 to 8 of the piece.
    let score = common::score();
    let inside = || score.notes.iter().filter(|n| VARIED.contains(&(n.measure as usize))).map(|n| n.pitch);
    let constraints = VaryConstraints {
        keep_rhythm: true,
        keep_melody: false,
        stay_in_scale: true,
        pitches: inside().min().zip(inside().max()),
        largest_chord: Some(4),
    };
    let next = VaryRequest { constraints, seed: 2, ..request() };
    assert_eq!(click(&mut face, "Make 5 variations"), [Command::MakeVariations(next)]);
    look(&mut face, "variations-settings");
}

#[test]
fn a_variation_of_what_is_heard_is_one_of_the_original() {
    let mut face = heard();
    face.get_by_label("Bars 5–8 of Hesitant middle");
    assert_eq!(click(&mut face, "Make 5 variations"), [Command::MakeVariations(request())]);
}

#[test]
fn progress_is_shown_and_can_be_stopped() {
    let mut face = panel();
    tell(&mut face, Event::Jobs(vec![common::composing()]));
    tell(&mut face, common::made(2, Some(9)));
    face.get_by_label("2 of 5");
    assert_eq!(click(&mut face, "Make no more"), [Command::Cancel(9)]);
    tell(&mut face, common::made(2, None));
    assert!(face.query_by_label("2 of 5").is_none());
}

#[test]
fn a_click_hears_a_variation_where_it_belongs() {
    let mut face = panel();
    tell(&mut face, common::made(5, None));
    let beside = [Command::PreviewVariation(Some(2)), Command::Compare(Some(ORIGINAL))];
    let looped = [Command::Loop(Some(VARIED))];
    let label = "Listen to Variation 2";
    assert_eq!(click(&mut face, label), [&beside[..], &looped].concat(), "it begins with its first bar");
    // Playing elsewhere, it goes there; playing in the bars, it goes on at the same place.
    tell_playing(&mut face, transport(PlayState::Playing, 9.0, None));
    let there = [Command::SeekQuarters(16.0)];
    assert_eq!(click(&mut face, label), [&beside[..], &looped, &there].concat());
    tell_playing(&mut face, transport(PlayState::Playing, 20.5, Some(VARIED)));
    assert_eq!(click(&mut face, label), beside);
}

/// Draws some frames: what plays never comes to rest.
fn tell_playing(face: &mut Face, event: Event) {
    let now = face.ctx.input(|i| i.time);
    face.state_mut().receive(event, now);
    face.run_steps(3);
}

#[test]
fn the_original_is_one_key_away() {
    let mut face = heard();
    face.get_by_label("X goes from one to the other at the same place");
    press(&mut face, Modifiers::NONE, Key::X);
    assert_eq!(asked(&mut face), [Command::SwapCompared]);
    assert_eq!(click(&mut face, "As it was"), [Command::SwapCompared]);
    // Without a pair, it is the take that the variation was made of.
    let alone = ProjectView { compared: None, ..common::hearing(2, Some(VARIED)) };
    tell(&mut face, Event::Project(Some(Box::new(alone))));
    press(&mut face, Modifiers::NONE, Key::X);
    assert_eq!(asked(&mut face), [Command::Compare(Some(ORIGINAL)), Command::SwapCompared]);
    // While the original is heard, the pair is still there.
    let original = ProjectView {
        listening: ORIGINAL,
        compared: Some(variation_version(2)),
        ..common::hearing(2, Some(VARIED))
    };
    tell(&mut face, Event::Project(Some(Box::new(original))));
    assert_eq!(click(&mut face, "Put into the piece"), [Command::PutVariation(2)]);
}

#[test]
fn numbers_hear_variations_while_they_repeat() {
    let mut face = heard();
    tell_playing(&mut face, transport(PlayState::Playing, 20.5, Some(VARIED)));
    face.key_press_modifiers(Modifiers::NONE, Key::Num4);
    face.run_steps(3);
    assert_eq!(asked(&mut face), [Command::PreviewVariation(Some(4))], "the original is behind it already");
    face.key_press_modifiers(Modifiers::NONE, Key::Num7);
    face.run_steps(3);
    assert_eq!(asked(&mut face), []);
    face.get_by_label_contains("There is no variation 7");
}

#[test]
fn one_is_kept_put_saved_and_deleted() {
    let mut face = heard();
    look(&mut face, "variations");
    assert_eq!(click(&mut face, "Keep"), [Command::KeepVariation(2)]);
    assert_eq!(click(&mut face, "Put into the piece"), [Command::PutVariation(2)]);
    let of = |bars| ExportRequest { version: variation_version(3), bars, mode: MidiMode::ScoreGrid };
    for (entry, command) in [
        ("Keep as a take", Command::KeepVariation(3)),
        ("Save its bars as MIDI…", Command::ExportMidi(of(Some(VARIED)), None)),
        ("Save its bars as WAV…", Command::ExportWav(of(Some(VARIED)), None)),
        ("Save the piece with it as MIDI…", Command::ExportMidi(of(None), None)),
        ("Delete", Command::Delete(variation_version(3))),
    ] {
        face.get_by_role_and_label(Role::Button, "Listen to Variation 3").click_secondary();
        face.run();
        assert_eq!(click(&mut face, entry), [command], "{entry}");
    }
    assert_eq!(click(&mut face, "Forget the variations"), [Command::DropVariations]);
}

#[test]
fn what_became_of_a_variation_is_said_and_not_done_again() {
    let mut face = heard();
    for (state, word, button) in
        [(VariationState::Kept, "Kept", "Keep"), (VariationState::Put, "In the piece", "Put into the piece")]
    {
        let mut made = common::variations(5, None);
        made.list[1].state = state;
        tell(&mut face, Event::Variations(Some(Box::new(made))));
        face.get_by_label(word);
        assert!(is_disabled(&face, button), "{button}");
    }
    tell(&mut face, common::made(5, None));
    let read_only = Some("it is open elsewhere".to_owned());
    let locked = ProjectView { read_only, ..common::hearing(2, Some(VARIED)) };
    tell(&mut face, Event::Project(Some(Box::new(locked))));
    assert!(is_disabled(&face, "Keep") && is_disabled(&face, "Put into the piece"));
}

#[test]
fn the_variation_alone_is_dragged_out() {
    let mut face = heard();
    let handle = face.get_by_role_and_label(Role::Button, "Drag the variation from here").rect().center();
    face.hover_at(handle);
    face.drag_at(handle);
    face.run();
    face.hover_at(handle + vec2(-30.0, -20.0));
    face.run();
    let request =
        ExportRequest { version: variation_version(2), bars: Some(VARIED), mode: MidiMode::ScoreGrid };
    assert_eq!(asked(&mut face), [Command::DragOut(request)]);
}

#[test]
fn a_closed_panel_leaves_the_original() {
    let mut face = heard();
    assert_eq!(click(&mut face, "Close the variations"), [Command::PreviewVariation(None)]);
    face.get_by_role_and_label(Role::Button, "Perform bars 5–8");
    // Those that were made are found again, whatever is selected.
    press(&mut face, Modifiers::NONE, Key::Escape);
    face.state_mut().ask(UiCommand::Vary);
    face.run();
    face.get_by_role_and_label(Role::Button, "Listen to Variation 5");
    face.get_by_label("Drag over 1 to 4 bars in the ruler to vary them");
    assert!(is_disabled(&face, "Make 5 variations"));
}

#[test]
fn how_similar_one_is_stands_beside_it() {
    let mut face = heard();
    face.get_by_label("62 % alike");
    face.get_by_role_and_label(Role::Button, "Listen to Variation 2").hover();
    face.run_steps(40);
    face.get_by_label_contains("The same notes 32 %");
}

#[test]
fn the_panel_fits_small_windows() {
    let mut face = window(480.0, 320.0, Theme::Dark, common::varying_events(Some(VARIED)));
    face.state_mut().ask(UiCommand::Vary);
    face.run();
    face.get_by_role_and_label(Role::Button, "Close the variations");
    face.get_by_label("Piano roll");
}

#[test]
fn the_start_page_has_nothing_to_vary() {
    let mut face = start_page();
    press(&mut face, Modifiers::SHIFT, Key::V);
    assert!(face.query_by_label("Similarity").is_none(), "the panel stays closed");
    assert_eq!(asked(&mut face), []);
}

#[test]
fn a_document_keeps_what_the_panel_is_set_to() {
    let mut face = panel();
    face.get_by_role_and_label(Role::CheckBox, "Rhythm").click();
    face.run_steps(4);
    let commands = face.state_mut().take_commands();
    let told = commands.iter().rev().find_map(|c| match c {
        Command::RememberVariations(set) => Some(set),
        _ => None,
    });
    assert!(told.is_some_and(|set| set.constraints.keep_rhythm), "{commands:?}");

    // Another document has settings of its own.
    let set = VaryState { similarity: 0.4, count: 3, seed: 40, keeps_seed: true, ..VaryState::default() };
    let events = common::varying_events(Some(VARIED));
    let project = events.into_iter().find_map(|event| match event {
        Event::Project(Some(project)) => Some(project),
        _ => None,
    });
    let project = *project.unwrap();
    let view = ViewState { variations: Some(Box::new(set)), ..project.view.clone() };
    tell(&mut face, Event::Project(Some(Box::new(ProjectView { opening: 2, view, ..project.clone() }))));
    let commands = click(&mut face, "Make 3 variations");
    let [Command::MakeVariations(asked)] = &commands[..] else { panic!("{commands:?}") };
    assert_eq!((asked.similarity, asked.count, asked.seed), (0.4, 3, 40));
    assert!(!asked.constraints.keep_rhythm);

    // One in which nothing was set begins anew.
    tell(&mut face, Event::Project(Some(Box::new(ProjectView { opening: 3, ..project }))));
    assert!(!is_disabled(&face, "Make 5 variations"));
}

#[test]
fn what_keeps_variations_near_is_shown() {
    let mut face = panel();
    let why = "With the rhythm kept, variations of these bars are about 38 % alike at the least";
    let made = protocol::VariationsView { too_similar: Some(why.to_owned()), ..common::variations(5, None) };
    tell(&mut face, Event::Variations(Some(Box::new(made))));
    face.get_by_label(why);
    tell(&mut face, common::made(5, None));
    assert!(face.query_by_label(why).is_none());
}
