//! What a version does, on the page: colours, curves, marks, their legend, and what is printed of them.

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use protocol::limits::PAPER_SPACES;
use protocol::{
    Event, LayerInk, LayerRoom, LayerShape, LegendLine, PageView, PrintRequest, ScoreId, VersionId,
};
use ui::UiCommand;

use crate::bench::{Bench, bench, bench_of, rect};
use crate::common;
use crate::page::{answer, paged, paged_with, play_at};

/// A note of the melody in bar 3.
const NOTE: u32 = 40;

/// Carries out a command and answers what is asked about the page.
fn run(harness: &mut Harness<'_, Bench>, command: UiCommand) {
    harness.state_mut().run(command);
    harness.run_ok();
    answer(harness);
}

fn shapes(harness: &Harness<'_, Bench>, system: usize) -> Vec<LayerShape> {
    harness.state().centre.page().layers().of_system(system).to_vec()
}

fn room(harness: &Harness<'_, Bench>) -> LayerRoom {
    harness.state().centre.page().sheet().unwrap().room()
}

fn has_line(shapes: &[LayerShape], wanted: LayerInk) -> bool {
    shapes.iter().any(|shape| matches!(shape, LayerShape::Line { ink, .. } if *ink == wanted))
}

fn has_text(shapes: &[LayerShape], wanted: &str) -> bool {
    shapes.iter().any(|shape| matches!(shape, LayerShape::Text { text, .. } if text == wanted))
}

#[test]
fn colours_say_what_is_early_or_late() {
    let mut model = common::model();
    let version = model.versions.get_mut(&VersionId::Take(2)).unwrap();
    version.performance.notes[NOTE as usize].onset_secs += 0.05;
    let mut harness = bench(model);
    run(&mut harness, UiCommand::TintTiming);
    assert_eq!(harness.state().centre.is_on(UiCommand::TintTiming), Some(true));
    harness.get_by_label("Colours of notes: earlier, later than the tempo around");
    let page = harness.state().centre.page();
    let value = page.tints().value(NOTE);
    assert!((0.7..0.95).contains(&value), "{value}");
    for note in (0..harness.state().model.score.notes.len() as u32).filter(|note| *note != NOTE) {
        let value = page.tints().value(note);
        assert!(value.abs() < 0.5, "{note}: {value}");
    }
    run(&mut harness, UiCommand::TintTiming);
    assert!(harness.query_by_label_contains("Colours of notes").is_none());
}

#[test]
fn curves_make_room_for_themselves_and_a_legend_above_the_page() {
    let mut harness = bench(common::model());
    assert_eq!(harness.state().centre.is_on(UiCommand::PageCurves), Some(false));
    run(&mut harness, UiCommand::PageCurves);
    assert_eq!(harness.state().centre.is_on(UiCommand::PageCurves), Some(true));
    assert_eq!(harness.state().centre.is_on(UiCommand::ViewBoth), Some(true), "they are seen on the page");
    for system in 0..common::BARS / common::BARS_IN_SYSTEM {
        let shapes = shapes(&harness, system);
        assert!(has_line(&shapes, LayerInk::Tempo) && has_line(&shapes, LayerInk::Dynamics));
    }
    let with = room(&harness);
    assert!(with.above > 0.0 && with.below > 0.0);
    let page = rect(&harness, "Engraved page");
    for words in ["Tempo by beats, in quarters a minute", "Loudness by beats, as velocity"] {
        let line = rect(&harness, words);
        assert!(line.bottom() <= page.top(), "{words} covers the page: {line:?} {page:?}");
    }
    run(&mut harness, UiCommand::PageCurves);
    assert_eq!(room(&harness), LayerRoom::default());
    assert!(shapes(&harness, 0).is_empty());
    assert!(harness.query_by_label_contains("Tempo by beats").is_none());
    assert!(rect(&harness, "Engraved page").top() < page.top());
}

#[test]
fn in_a_narrow_window_the_legend_has_fewer_words() {
    let width = |points: f32| {
        let mut harness = bench_of(common::model(), egui::Theme::Dark, egui::vec2(points, 660.0));
        run(&mut harness, UiCommand::PageCurves);
        rect(&harness, "Tempo by beats, in quarters a minute").width()
    };
    let [narrow, wide] = [300.0, 800.0].map(width);
    assert!(narrow < wide - 50.0, "{narrow} {wide}");
}

#[test]
fn the_system_at_the_top_stays_there_when_curves_come() {
    let mut harness = paged(UiCommand::ViewPage);
    let scroll_to = rect(&harness, "Engraved page").center();
    for _ in 0..4 {
        crate::bench::wheel(&mut harness, scroll_to, -60.0, egui::Modifiers::NONE);
    }
    harness.run_steps(20);
    answer(&mut harness);
    let top_system = |harness: &Harness<'_, Bench>| {
        let page = harness.state().centre.page();
        let (sheet, placement) = (page.sheet().unwrap(), page.place(1.0).unwrap());
        sheet.system_at(placement.in_view().0)
    };
    let before = top_system(&harness);
    assert!(before > 0);
    run(&mut harness, UiCommand::PageCurves);
    assert_eq!(top_system(&harness), before);
    run(&mut harness, UiCommand::PageCurves);
    assert_eq!(top_system(&harness), before);
}

#[test]
fn moods_and_pins_are_marked() {
    let mut harness = paged(UiCommand::ViewPage);
    assert!(shapes(&harness, 0).is_empty());
    let field = common::mood("bars 1-3 fierce", vec![common::span("fierce", 0..3)]);
    let Event::Mood(heard) = common::mood("bars 1-3 tender", vec![common::span("tender", 0..3)]) else {
        panic!("a mood")
    };
    harness.state_mut().model.apply(field, 0.0);
    run(&mut harness, UiCommand::PageMarks);
    // What is being typed is not what the take was performed with.
    assert!(!has_line(&shapes(&harness, 0), LayerInk::Mood));
    harness.state_mut().model.apply(Event::MoodOf(VersionId::Take(2), heard), 0.0);
    harness.run_ok();
    answer(&mut harness);
    assert!(has_text(&shapes(&harness, 0), "tender") && has_text(&shapes(&harness, 1), "(tender)"));
    assert!(!has_line(&shapes(&harness, 2), LayerInk::Mood));
    harness.get_by_label("Mood: this version was performed with it");
    harness.get_by_label("Pinned: kept when these bars are performed anew");
    assert!(room(&harness).above > 0.0 && room(&harness).below == 0.0);
    let pins = |shapes: Vec<LayerShape>| {
        shapes.iter().filter(|s| matches!(s, LayerShape::Area { ink: LayerInk::Pin, .. })).count()
    };
    assert_eq!(pins(shapes(&harness, 0)), 3);
}

#[test]
fn of_a_recording_missed_notes_are_crossed_out() {
    let mut model = common::model();
    model.project.as_mut().unwrap().listening = VersionId::Recording(1);
    model.versions.get_mut(&VersionId::Recording(1)).unwrap().slips =
        vec![common::missed(&model.score, NOTE)];
    let mut harness = bench(model);
    run(&mut harness, UiCommand::ViewPage);
    harness.get_by_label("Not played");
    harness.get_by_label("Missed, on the page");
    let crossed = |system: usize| has_line(&shapes(&harness, system), LayerInk::Missed);
    let systems = 0..common::BARS / common::BARS_IN_SYSTEM;
    // Bar 3 is in the second system.
    assert_eq!(systems.filter(|system| crossed(*system)).collect::<Vec<_>>(), [1]);
    run(&mut harness, UiCommand::MarkMissed);
    assert!(!has_line(&shapes(&harness, 1), LayerInk::Missed));
    assert!(harness.query_by_label("Not played").is_none());
}

#[test]
fn what_is_shown_is_what_is_printed() {
    let mut harness = paged(UiCommand::ViewPage);
    let print = |harness: &mut Harness<'_, Bench>| {
        let bench = harness.state_mut();
        let paper = common::page(&bench.model.score, PAPER_SPACES);
        bench.centre.print_request(&bench.model, paper)
    };
    let plain = print(&mut harness).unwrap();
    assert_eq!((plain.version, plain.score), (VersionId::Take(2), ScoreId(0)));
    assert!(plain.legend.is_empty() && plain.room == LayerRoom::default());
    assert!(plain.systems.iter().all(|system| system.shapes.is_empty() && system.tints.is_empty()));

    run(&mut harness, UiCommand::PageCurves);
    run(&mut harness, UiCommand::TintLoudness);
    let request = print(&mut harness).unwrap();
    assert_eq!(request.systems.len(), common::BARS / common::BARS_IN_SYSTEM);
    assert!(request.systems.iter().all(|system| has_line(&system.shapes, LayerInk::Tempo)));
    let sides = request.systems.iter().flat_map(|system| &system.tints).fold([0, 0], |mut sides, head| {
        sides[usize::from(head.value > 0.0)] += 1;
        sides
    });
    assert!(sides.iter().all(|count| *count > 10), "{sides:?}");
    assert!(matches!(&request.legend[..], [LegendLine::Tint { .. }, _, _]), "{:?}", request.legend);
    assert_eq!(request.room, room(&harness));

    // The window's page has its own again.
    harness.run_ok();
    assert!(has_line(&shapes(&harness, 0), LayerInk::Tempo));

    run(&mut harness, UiCommand::ViewRoll);
    assert_eq!(print(&mut harness), Some(request), "beside the roll");
    run(&mut harness, UiCommand::EndlessSystem);
    let line = print(&mut harness).unwrap();
    assert_eq!(line.systems.len(), common::BARS / common::BARS_IN_SYSTEM, "an endless system on paper");
    let bench = harness.state_mut();
    let other = PageView { score: ScoreId(9), ..common::page(&bench.model.score, PAPER_SPACES) };
    assert_eq!(bench.centre.print_request(&bench.model, other), None, "of another score");
}

#[test]
fn on_paper_bars_that_are_written_out_again_say_so() {
    let mut model = common::model();
    // The page has each bar once, as where repeats are written out.
    for measure in &mut model.score.measures[3..] {
        measure.pass = 2;
    }
    let number = model.score.measures[3].number.clone();
    let mut harness = paged_with(model, UiCommand::ViewPage);
    let bench = harness.state_mut();
    let paper = common::page(&bench.model.score, PAPER_SPACES);
    let request = bench.centre.print_request(&bench.model, paper).unwrap();
    let words = format!("{number} (2)");
    let has = |system: usize, wanted: &str| has_text(&request.systems[system].shapes, wanted);
    assert!(request.systems[0].shapes.is_empty() && has(1, &words) && has(2, "(2)"), "{:?}", request.systems);
    assert!(request.room.above >= 1.0, "{:?}", request.room);
    let says =
        |line: &LegendLine| matches!(line, LegendLine::Shapes { words, .. } if words.contains("written out"));
    assert!(request.legend.iter().any(says), "{:?}", request.legend);
}

#[test]
fn on_paper_repeated_bars_name_the_time_that_is_drawn_where_it_differs() {
    let mut model = common::repeated_model();
    // Bar 10 is played twice, too.
    model.score.measures[13].number = model.score.measures[12].number.clone();
    let mut harness = paged_with(model, UiCommand::ViewPage);
    let print = |harness: &mut Harness<'_, Bench>| {
        let bench = harness.state_mut();
        let paper = common::page(&bench.model.score, PAPER_SPACES);
        bench.centre.print_request(&bench.model, paper).unwrap()
    };
    let says = |request: &PrintRequest, wanted: &str| {
        let is_it = |line: &LegendLine| matches!(line, LegendLine::Shapes { words, .. } if words == wanted);
        request.legend.iter().any(is_it)
    };
    assert!(print(&mut harness).legend.is_empty(), "nothing is drawn");
    run(&mut harness, UiCommand::PageCurves);
    let same = print(&mut harness);
    assert!(says(&same, "repeated bars: time 1"), "{:?}", same.legend);
    assert!(same.systems.iter().all(|system| !has_text(&system.shapes, "time 1")));

    // In the second pass of bars 1 to 3.
    play_at(&mut harness, 17.0);
    let request = print(&mut harness);
    assert!(says(&request, "repeated bars: the time that is named above them"), "{:?}", request.legend);
    let named = |system: usize, wanted: &str| has_text(&request.systems[system].shapes, wanted);
    assert!(named(0, "time 2") && named(1, "time 2") && !named(2, "time 2"));
    assert!(named(4, "time 1") && !named(4, "time 2"));
}

#[test]
fn on_paper_a_repeated_piece_has_the_moods_of_the_time_that_is_drawn_and_names_the_others() {
    let mut harness = paged_with(common::repeated_model(), UiCommand::ViewPage);
    // Bars 1 to 3 each time, and bars 6 and 7.
    let spans =
        vec![common::span("tender", 0..3), common::fierce("fierce", 4..7), common::span("solemn", 8..10)];
    let Event::Mood(heard) = common::mood("tender, then fierce, then solemn", spans) else {
        panic!("a mood")
    };
    harness.state_mut().model.apply(Event::MoodOf(VersionId::Take(2), heard), 0.0);
    run(&mut harness, UiCommand::PageMarks);
    let print = |harness: &mut Harness<'_, Bench>| {
        let bench = harness.state_mut();
        let paper = common::page(&bench.model.score, PAPER_SPACES);
        bench.centre.print_request(&bench.model, paper).unwrap()
    };
    let texts = |request: &PrintRequest| -> String {
        let shapes = request.systems.iter().flat_map(|system| &system.shapes);
        let text = |shape: &LayerShape| match shape {
            LayerShape::Text { text, .. } => Some(text.clone()),
            _ => None,
        };
        shapes.filter_map(text).collect::<Vec<_>>().join("; ")
    };
    let legend = |request: &PrintRequest| -> String {
        let words = |line: &LegendLine| match line {
            LegendLine::Shapes { words, .. } => words.clone(),
            LegendLine::Tint { .. } => String::new(),
        };
        request.legend.iter().map(words).collect::<Vec<_>>().join("; ")
    };
    let first = print(&mut harness);
    let (drawn, told) = (texts(&first), legend(&first));
    assert!(drawn.contains("tender (pass 1)") && drawn.contains("solemn"), "{drawn}");
    assert!(!drawn.contains("fierce"), "{drawn}");
    assert!(told.contains("at other times, not drawn: fierce (pass 2)"), "{told}");
    assert!(told.contains("repeated bars: time 1"), "{told}");

    // In the second pass of bars 1 to 3.
    play_at(&mut harness, 17.0);
    let second = print(&mut harness);
    let (drawn, told) = (texts(&second), legend(&second));
    assert!(drawn.contains("fierce (pass 2)") && !drawn.contains("tender"), "{drawn}");
    assert!(told.contains("at other times, not drawn: tender (pass 1)"), "{told}");
}
