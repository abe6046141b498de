//! Two versions that play different scores: the one compared with is drawn where both show the same.

use egui::Modifiers;
use egui_kittest::Harness;
use protocol::{Event, ScoreId, ScoreView, Shared, VersionId, VersionView};
use ui::Model;
use ui::centre::axis::{Clock, TimeAxis};
use ui::centre::scene::Scene;

use crate::bench::{Bench, bench, rect, wheel};
use crate::common;

/// The piece is heard; what is compared with it plays its last eight bars twice and nothing else.
fn model() -> Model {
    let mut model = common::model();
    let first = common::score();
    let bars = |range: std::ops::Range<usize>| (range.start as f64 * 4.0)..(range.end as f64 * 4.0);
    let half = bars(8..16);
    let mut other = ScoreView { id: ScoreId(1), ..common::score() };
    other.notes.retain(|n| half.contains(&n.onset_quarters));
    other.measures.drain(..8);
    let move_back = |quarters: f64| quarters - half.start;
    other.notes.iter_mut().for_each(|n| n.onset_quarters = move_back(n.onset_quarters));
    for measure in &mut other.measures {
        measure.start_quarters = move_back(measure.start_quarters);
        measure.end_quarters = move_back(measure.end_quarters);
    }
    other.end_quarters = 32.0;
    model.apply(Event::Scores(vec![first.clone(), other.clone()]), 0.0);
    let heard = common::version_view(&first, VersionId::Take(2));
    let mut compared: VersionView = common::version_view(&other, VersionId::Deadpan);
    compared.tempo.retain(|p| p.quarters < 32.0);
    model.apply(Event::Version(Box::new(heard)), 0.0);
    model.apply(Event::Version(Box::new(compared)), 0.0);
    model
}

fn scene(model: &Model) -> Scene {
    let mut axis = TimeAxis::default();
    axis.set_clock(Clock::new(&model.listening().unwrap().clock), (0.0, model.score.end_quarters));
    let mut scene = Scene::default();
    scene.refresh(model, &axis);
    scene
}

#[test]
fn ghosts_stand_where_both_scores_show_the_same() {
    let mut model = model();
    assert!(scene(&model).compared.all().is_empty(), "nothing until it was told what they share");
    let mut comparison = common::comparison(&common::score());
    // Bars 1 to 4 are as bars 9 to 12, which are the first of the other score.
    let shared = |from_quarters: f64, to_quarters: f64, there_quarters: f64| Shared {
        from_quarters,
        to_quarters,
        there_quarters,
    };
    comparison.shared = vec![shared(0.0, 16.0, 0.0), shared(32.0, 64.0, 0.0)];
    model.apply(Event::Comparison(Some(Box::new(comparison))), 0.0);
    let scene = scene(&model);
    let written = &model.score_of(model.compared().unwrap()).notes;
    let early = written.iter().filter(|n| n.onset_quarters < 16.0).count();
    assert_eq!(scene.compared.all().len(), written.len() + early, "the first bars are there twice");
    let [first, ninth, seventeenth] = [0, 8, 16].map(|bar| scene.bars[bar]);
    let starting = |from: f64, to: f64| scene.compared.starting(from - 0.01, to - 0.01).len();
    assert_eq!(starting(first, scene.bars[4]), early);
    assert_eq!(starting(scene.bars[4], ninth), 0);
    assert_eq!(starting(ninth, seventeenth), written.len());
    let places: Vec<f64> = scene.tempo_compared.iter().map(|p| p.x).collect();
    assert!(places.is_sorted(), "a curve goes from left to right");
    assert_eq!(places[0], first);
}

#[test]
fn what_a_variation_was_made_of_stands_behind_it() {
    let mut model = common::model();
    common::hears(2, None).into_iter().for_each(|event| model.apply(event, 0.0));
    assert_eq!(model.score.id, common::varied_score().id);
    let scene = scene(&model);
    let pitches = |notes: &ui::centre::scene::NoteSet, bars: std::ops::Range<usize>| {
        let span = notes.starting(scene.bars[bars.start] - 0.01, scene.bars[bars.end] - 0.01);
        let mut pitches: Vec<u8> = span.iter().map(|note| note.pitch).collect();
        pitches.sort_unstable();
        pitches
    };
    let written = |score: &ScoreView, bars: std::ops::Range<usize>| {
        let inside = score.notes.iter().filter(|n| bars.contains(&(n.measure as usize)));
        let mut pitches: Vec<u8> = inside.map(|note| note.pitch).collect();
        pitches.sort_unstable();
        pitches
    };
    let (varied, original) = (common::varied_score(), common::score());
    let bars = common::VARIED;
    assert_ne!(written(&varied, bars.clone()), written(&original, bars.clone()));
    assert_eq!(pitches(&scene.heard, bars.clone()), written(&varied, bars.clone()));
    assert_eq!(pitches(&scene.compared, bars.clone()), written(&original, bars));
    assert_eq!(pitches(&scene.compared, 8..16), pitches(&scene.heard, 8..16), "the rest is the same");
}

#[test]
fn a_variation_leaves_the_pitches_of_the_roll_where_they_are() {
    let mut harness = bench(common::model());
    let roll = rect(&harness, "Piano roll");
    let at = roll.center();
    wheel(&mut harness, at, -3.0, Modifiers::NONE);
    let shown = |harness: &Harness<'_, Bench>| *harness.state().centre.pitches();
    let before = shown(&harness);
    let events = common::hears(2, None);
    events.into_iter().for_each(|event| harness.state_mut().model.apply(event, 0.0));
    harness.run_ok();
    assert_eq!(shown(&harness), before);
}
