use protocol::{
    EngravedHead, EngravedMeasure, EngravedPass, LayerInk, MoodSpan, MoodView, Performance, PinKind, PinView,
    PlayedNote, ProjectView, SlipKind, SlipView, SystemView, VersionView,
};

use super::*;
use crate::centre::page::test_score::score;

/// Bars of the piece: four of two quarters, with a note on each.
const BARS: u32 = 4;

/// A recording that slows down and grows louder, without note 3 and with pins.
fn version() -> VersionView {
    let onset_secs = |k: u32| f64::from(k) * 0.5 + f64::from(k * k) * 0.02;
    let note = |note| PlayedNote {
        note,
        onset_secs: onset_secs(note),
        duration_secs: 0.4,
        velocity: 40 + note as u8 * 5,
    };
    let pin = |note, kind| PinView { note, kind };
    VersionView {
        id: VersionId::Recording(1),
        revision: 1,
        performance: Performance {
            notes: (0..2 * BARS).filter(|k| *k != 3).map(note).collect(),
            pedals: Vec::new(),
        },
        clock: (0..=2 * BARS).map(|k| (f64::from(k), onset_secs(k))).collect(),
        pins: vec![pin(5, PinKind::Onset), pin(5, PinKind::Velocity), pin(1, PinKind::Pedal)],
        ..VersionView::default()
    }
}

/// The same with the note that is missing marked.
fn model_with_slip() -> Model {
    let mut model = model();
    if let Some(version) = model.versions.get_mut(&VersionId::Recording(1)) {
        version.slips = vec![slip(SlipKind::Missed, 3.0, Some(3), Some(60))];
    }
    model
}

/// A slip that is heard at a place.
fn slip(kind: SlipKind, quarters: f64, note: Option<u32>, pitch: Option<u8>) -> SlipView {
    let words = format!("{kind:?} at {quarters}");
    let (from_quarters, to_quarters, heard_quarters) = (quarters, quarters + 1.0, quarters);
    SlipView { kind, from_quarters, to_quarters, heard_quarters, note, pitch, words, excess_secs: Some(0.8) }
}

fn model() -> Model {
    let version = version();
    let project = ProjectView { listening: version.id, ..ProjectView::default() };
    let mut model = Model::default();
    (model.score, model.score_revision, model.project) = (score(BARS, 2), 1, Some(project));
    model.versions.insert(version.id, version);
    let span =
        |text: &str, bars: protocol::Bars| MoodSpan { text: text.to_owned(), bars, ..MoodSpan::default() };
    let spans = vec![span("gentle", 0..1), span("rather fierce", 1..4)];
    model.mood = Some(MoodView { spans, ..MoodView::default() });
    model
}

/// Two systems of two bars, each 40 spaces wide and 10 high.
fn sheet() -> Sheet {
    sheet_with_heads_at(4.0)
}

/// The same with all heads at a height.
fn sheet_with_heads_at(top: f32) -> Sheet {
    let system = |k: u32| {
        let head = |n: u32| {
            let left = 6.0 + 9.0 * n as f32;
            let notes = vec![k * 4 + n];
            let (right, bottom) = (left + 1.0, top + 1.0);
            EngravedHead { notes, left, top, right, bottom, is_tied_on: false }
        };
        let bar = |n: u32| EngravedMeasure {
            passes: vec![EngravedPass { measure: k * 2 + n, start_quarters: f64::from(k * 2 + n) * 2.0 }],
            length_quarters: 2.0,
            left: 20.0 * n as f32,
            right: 20.0 * (n + 1) as f32,
        };
        SystemView {
            width: 40.0,
            height: 10.0,
            staves_top: 3.0,
            staves_bottom: 7.0,
            measures: (0..2).map(bar).collect(),
            heads: (0..4).map(head).collect(),
        }
    };
    let page = PageView {
        width_spaces: 40.0,
        systems: (0..2).map(system).collect(),
        is_complete: true,
        ..PageView::default()
    };
    Sheet::new(Arc::new(page), &score(BARS, 2))
}

/// One system of two bars that are played twice.
fn repeated() -> Sheet {
    let head = |n: u32| {
        let (notes, left) = (vec![n, n + 4], 6.0 + 9.0 * n as f32);
        EngravedHead { notes, left, top: 4.0, right: left + 1.0, bottom: 5.0, is_tied_on: false }
    };
    let pass = |bar: u32| EngravedPass { measure: bar, start_quarters: f64::from(bar) * 2.0 };
    let bar = |n: u32| EngravedMeasure {
        passes: vec![pass(n), pass(n + 2)],
        length_quarters: 2.0,
        left: 20.0 * n as f32,
        right: 20.0 * (n + 1) as f32,
    };
    let system = SystemView {
        width: 40.0,
        height: 10.0,
        staves_top: 3.0,
        staves_bottom: 7.0,
        measures: (0..2).map(bar).collect(),
        heads: (0..4).map(head).collect(),
    };
    let page =
        PageView { width_spaces: 40.0, systems: vec![system], is_complete: true, ..PageView::default() };
    Sheet::new(Arc::new(page), &score(BARS, 2))
}

fn layers(commands: &[UiCommand]) -> Layers {
    let mut layers = Layers::default();
    assert!(commands.iter().all(|command| layers.toggle(*command)));
    layers.draw(&model(), (&sheet(), &Chosen::default()));
    layers
}

fn lines(shapes: &[LayerShape], wanted: LayerInk) -> Vec<Vec<(f32, f32)>> {
    let line = |shape: &LayerShape| match shape {
        LayerShape::Line { points, ink, .. } if *ink == wanted => Some(points.clone()),
        _ => None,
    };
    shapes.iter().filter_map(line).collect()
}

/// The only line of a system in this ink.
fn only_line(shapes: &[LayerShape], wanted: LayerInk) -> Vec<(f32, f32)> {
    let mut found = lines(shapes, wanted);
    assert_eq!(found.len(), 1, "{wanted:?} {found:?}");
    found.remove(0)
}

fn texts(shapes: &[LayerShape], wanted: LayerInk) -> Vec<String> {
    let text = |shape: &LayerShape| match shape {
        LayerShape::Text { text, ink, .. } if *ink == wanted => Some(text.clone()),
        _ => None,
    };
    shapes.iter().filter_map(text).collect()
}

#[test]
fn nothing_is_drawn_until_it_is_asked_for() {
    let layers = layers(&[]);
    assert!((0..2).all(|system| layers.of_system(system).is_empty()) && layers.legend().is_empty());
    assert_eq!(layers.room(), LayerRoom::default());
    assert_eq!(layers.is_on(UiCommand::PageCurves), Some(false));
    assert_eq!(layers.is_on(UiCommand::ViewPage), None);
}

#[test]
fn curves_stand_above_and_below_with_one_scale() {
    let layers = layers(&[UiCommand::PageCurves]);
    let room = layers.room();
    for system in 0..2 {
        let shapes = layers.of_system(system);
        let tempo = only_line(shapes, LayerInk::Tempo);
        assert!(tempo.windows(2).all(|pair| pair[0].0 <= pair[1].0), "{tempo:?}");
        assert!(tempo.iter().all(|point| -room.above <= point.1 && point.1 < 0.0), "{tempo:?}");
        // It slows down, so it falls; the first head and the right edge are its ends.
        assert!(tempo.windows(2).all(|pair| pair[0].1 <= pair[1].1), "{tempo:?}");
        assert_eq!((tempo[0].0, tempo[tempo.len() - 1].0), (6.5, 40.0));
        let loudness = only_line(shapes, LayerInk::Dynamics);
        assert!(loudness.iter().all(|point| 10.0 < point.1 && point.1 < 10.0 + room.below), "{loudness:?}");
        assert!(loudness.windows(2).all(|pair| pair[0].1 >= pair[1].1), "{loudness:?}");
        assert_eq!(texts(shapes, LayerInk::Axis)[2..], ["75", "40"]);
    }
    let ends = [0, 1].map(|system| lines(layers.of_system(system), LayerInk::Tempo)[0].clone());
    assert_eq!(ends[0][ends[0].len() - 1].1, ends[1][0].1, "the second goes on where the first ends");
    assert_eq!(layers.legend().len(), 2);
}

#[test]
fn moods_are_brackets_over_their_bars() {
    let layers = layers(&[UiCommand::PageMarks]);
    let first = layers.of_system(0);
    let brackets = lines(first, LayerInk::Mood);
    let [gentle, fierce] = &brackets[..] else { panic!("two brackets, not {brackets:?}") };
    // The first begins and ends here, the second goes on.
    assert_eq!((gentle.len(), fierce.len()), (4, 3));
    assert!(gentle.iter().all(|point| point.0 < 20.0) && fierce.iter().all(|point| point.0 > 20.0));
    assert_eq!(texts(first, LayerInk::Mood), ["gentle", "rather fierce"]);
    let second = layers.of_system(1);
    let rest = only_line(second, LayerInk::Mood);
    assert_eq!((rest[0].0, rest.len()), (0.35, 3));
    assert_eq!(texts(second, LayerInk::Mood), ["(rather fierce)"]);
    assert!(layers.room().above > 0.0 && layers.room().below == 0.0);
}

#[test]
fn what_a_version_was_performed_with_comes_before_the_field() {
    let mut model = model();
    let spans = vec![MoodSpan { text: "sad".to_owned(), bars: 0..4, ..MoodSpan::default() }];
    model.moods_of.insert(VersionId::Recording(1), MoodView { spans, ..MoodView::default() });
    let mut layers = Layers::default();
    layers.toggle(UiCommand::PageMarks);
    layers.draw(&model, (&sheet(), &Chosen::default()));
    assert_eq!(texts(layers.of_system(0), LayerInk::Mood), ["sad"]);
}

#[test]
fn pinned_and_missed_notes_have_marks() {
    let mut layers = Layers::default();
    layers.toggle(UiCommand::PageMarks);
    layers.draw(&model_with_slip(), (&sheet(), &Chosen::default()));
    let [first, second] = [0, 1].map(|system| layers.of_system(system));
    let pins = |shapes: &[LayerShape]| {
        shapes.iter().filter(|s| matches!(s, LayerShape::Area { ink: LayerInk::Pin, .. })).count()
    };
    // A pedal that is pinned belongs to no head.
    assert_eq!([pins(first), pins(second)], [0, 1]);
    let crosses = lines(first, LayerInk::Missed);
    assert_eq!((crosses.len(), lines(second, LayerInk::Missed).len()), (2, 0));
    // The head of the note that was missed is at 33.
    assert_eq!(crosses[0], [(32.75, 3.75), (34.25, 5.25)]);
    assert_eq!(layers.legend().len(), 3);
}

#[test]
fn each_kind_of_slip_has_a_shape_of_its_own_and_can_be_switched_off() {
    let mut model = model();
    if let Some(version) = model.versions.get_mut(&VersionId::Recording(1)) {
        version.slips = vec![
            // A semitone above the note that was meant, and an octave below another one.
            slip(SlipKind::Wrong, 3.05, Some(3), Some(61)),
            slip(SlipKind::Missed, 1.0, Some(1), Some(60)),
            slip(SlipKind::Extra, 5.5, None, Some(48)),
            slip(SlipKind::Hesitation, 6.0, None, None),
        ];
    }
    let mut layers = Layers::default();
    layers.draw(&model, (&sheet(), &Chosen::default()));
    let [first, second] = [0, 1].map(|system| layers.of_system(system));
    let frame = only_line(first, LayerInk::Wrong);
    assert_eq!((frame[0], frame.len()), ((32.75, 3.75), 5));
    let tips = |shapes: &[LayerShape]| {
        let corners = shapes.iter().filter_map(|shape| match shape {
            LayerShape::Area { points, ink: LayerInk::Wrong } => Some(points.clone()),
            _ => None,
        });
        corners.collect::<Vec<_>>()
    };
    let tips = tips(first);
    let [triangle] = &tips[..] else { panic!("one key was struck instead of another") };
    assert!(triangle[1].1 > triangle[0].1, "the note that was meant is lower: {triangle:?}");
    assert_eq!((lines(first, LayerInk::Missed).len(), lines(second, LayerInk::Missed).len()), (2, 0));
    let plus = lines(second, LayerInk::Extra);
    assert_eq!((lines(first, LayerInk::Extra).len(), plus.len()), (0, 2));
    // An octave is three spaces and a half; half of the way from the second head to the third.
    assert!(plus[0].iter().all(|point| (point.1 - 8.0).abs() < 0.01), "{plus:?}");
    assert!(plus[1].iter().all(|point| (point.0 - 20.0).abs() < 0.01), "{plus:?}");
    // Two bars above the staves, with how long it is.
    let pause = lines(second, LayerInk::Hesitation);
    assert!(pause.len() == 2 && pause.iter().flatten().all(|point| point.1 < 3.0), "{pause:?}");
    assert_eq!(texts(second, LayerInk::Hesitation), ["0.8 s"]);
    assert_eq!(layers.legend().len(), 4);
    let said: Vec<&str> = layers.marks_of_system(1).iter().map(|mark| &mark.words[..]).collect();
    assert_eq!(said, ["Extra at 5.5", "Hesitation at 6"]);

    let inks = [LayerInk::Wrong, LayerInk::Missed, LayerInk::Extra, LayerInk::Hesitation];
    let commands =
        [UiCommand::MarkWrong, UiCommand::MarkMissed, UiCommand::MarkExtra, UiCommand::MarkHesitations];
    for (command, ink) in commands.into_iter().zip(inks) {
        assert_eq!(layers.is_on(command), Some(true));
        assert!(layers.toggle(command));
        layers.draw(&model, (&sheet(), &Chosen::default()));
        let is_there = |wanted: LayerInk| {
            [0, 1].iter().any(|system| !lines(layers.of_system(*system), wanted).is_empty())
        };
        assert_eq!(inks.map(is_there), inks.map(|other| other != ink), "{command:?}");
        layers.toggle(command);
    }
}

#[test]
fn a_hesitation_stands_above_notes_that_are_above_the_staves() {
    let mut model = model();
    if let Some(version) = model.versions.get_mut(&VersionId::Recording(1)) {
        version.slips = vec![slip(SlipKind::Hesitation, 6.0, None, None)];
    }
    let mut layers = Layers::default();
    layers.draw(&model, (&sheet_with_heads_at(-2.0), &Chosen::default()));
    let pause = lines(layers.of_system(1), LayerInk::Hesitation);
    assert!(pause.len() == 2 && pause.iter().flatten().all(|point| point.1 < -2.0), "{pause:?}");
}

#[test]
fn a_recording_that_is_as_written_says_so() {
    let layers = layers(&[UiCommand::PageMarks]);
    let is_said = layers
        .legend()
        .iter()
        .any(|line| matches!(line, LegendLine::Shapes { words, .. } if words.starts_with("nothing else")));
    assert!(is_said, "{:?}", layers.legend());
}

#[test]
fn shapes_are_made_once_until_something_changes() {
    let (mut model, sheet) = (model(), sheet());
    let mut layers = Layers::default();
    layers.toggle(UiCommand::PageCurves);
    layers.draw(&model, (&sheet, &Chosen::default()));
    let before = layers.of_system(0).as_ptr();
    layers.draw(&model, (&sheet, &Chosen::default()));
    assert_eq!(layers.of_system(0).as_ptr(), before);
    let version = model.versions.get_mut(&VersionId::Recording(1));
    if let Some(version) = version {
        version.revision += 1;
        version.performance.notes[0].velocity = 127;
    }
    layers.draw(&model, (&sheet, &Chosen::default()));
    assert_eq!(texts(layers.of_system(0), LayerInk::Axis)[2..], ["127", "45"]);
}

#[test]
fn of_what_is_repeated_the_pass_that_is_meant_is_drawn() {
    let (model, sheet) = (model_with_slip(), repeated());
    let (mut layers, mut chosen) = (Layers::default(), Chosen::default());
    layers.toggle(UiCommand::PageMarks);
    layers.toggle(UiCommand::PageCurves);
    layers.draw(&model, (&sheet, &chosen));
    let shapes = layers.of_system(0).to_vec();
    assert_eq!(texts(&shapes, LayerInk::Mood), ["gentle", "rather fierce"]);
    assert_eq!(lines(&shapes, LayerInk::Missed).len(), 2, "a cross");
    let first = only_line(&shapes, LayerInk::Tempo);

    let Some(stretch) = sheet.repeats().stretch(0) else { panic!("two bars are repeated") };
    chosen.choose(stretch, 1);
    layers.draw(&model, (&sheet, &chosen));
    let shapes = layers.of_system(0);
    assert_eq!(texts(shapes, LayerInk::Mood), ["(rather fierce)"]);
    assert!(lines(shapes, LayerInk::Missed).is_empty());
    assert_eq!(shapes.iter().filter(|s| matches!(s, LayerShape::Area { .. })).count(), 1, "a pin");
    let second = only_line(shapes, LayerInk::Tempo);
    assert!(second[0].1 > first[0].1, "it is slower by then: {first:?} {second:?}");
}

#[test]
fn brackets_say_their_pass_where_the_passes_have_different_moods() {
    let (mut model, sheet) = (model(), repeated());
    for (measure, (number, pass)) in
        model.score.measures.iter_mut().zip([("1", 1), ("2", 1), ("1", 2), ("2", 2)])
    {
        (measure.number, measure.pass) = (number.to_owned(), pass);
    }
    let words = |model: &Model| {
        let mut layers = Layers::default();
        layers.toggle(UiCommand::PageMarks);
        layers.draw(model, (&sheet, &Chosen::default()));
        texts(layers.of_system(0), LayerInk::Mood)
    };
    let span =
        |text: &str, bars: protocol::Bars| MoodSpan { text: text.to_owned(), bars, ..MoodSpan::default() };
    for (second, told) in [("fierce", "gentle (pass 1)"), ("gentle", "gentle")] {
        let spans = vec![span("gentle", 0..2), span(second, 2..4)];
        model.mood = Some(MoodView { spans, ..MoodView::default() });
        assert_eq!(words(&model), [told]);
    }
}
