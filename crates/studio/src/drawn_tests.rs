#![allow(clippy::unwrap_used)]

use performance::{Pedal, PedalEvent};
use protocol::{CurvePoint, Edit, PinView};

use super::*;
use crate::document::{Origin, Source};
use crate::edit::{added, edit};
use crate::history::Step;

/// The minuet with a take, which is the deadpan.
fn played() -> (Document, History, VersionId) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scores/petzold_minuet_g.musicxml");
    let source =
        Source { name: "minuet.musicxml".into(), bytes: std::fs::read(path).unwrap(), as_written: false };
    let mut document = Document::new(source).unwrap();
    let mut history = History::default();
    let id = perform(&mut document, &mut history, None, 1);
    (document, history, id)
}

/// A new take, maybe of some bars of another one, with all velocities the same.
fn perform(
    document: &mut Document,
    history: &mut History,
    of: Option<(VersionId, protocol::Bars)>,
    velocity: u8,
) -> VersionId {
    let parent = of.as_ref().map_or(VersionId::Deadpan, |of| of.0);
    let bars = of.as_ref().map(|of| of.1.clone());
    let notes =
        document.score().notes_in_measures(bars.clone().unwrap_or(0..document.score().measures.len()));
    let mut performance = (**document.performance(parent).unwrap()).clone();
    performance.notes[notes].iter_mut().for_each(|n| n.velocity = velocity);
    let take = Take {
        id: VersionId::Take(document.next_number),
        name: "Take".into(),
        origin: Origin { performer: "rules".into(), parent: of.map(|of| of.0), bars, ..Origin::default() },
        is_edited: false,
        score: document.main(),
        pins: document.take(parent).map_or_else(Pins::new, |t| t.pins.clone()),
        performance: std::sync::Arc::new(performance),
    };
    let id = take.id;
    let changes = added(document, vec![take], true);
    history.push(document, Step::new("Perform", changes));
    id
}

fn change(document: &mut Document, history: &mut History, id: VersionId, change: &Edit) {
    let step = edit(document, id, change).unwrap().unwrap();
    history.push(document, step);
}

fn kinds(pins: &Pins) -> BTreeSet<PinKind> {
    pins.iter().map(|pin| pin.1).collect()
}

#[test]
fn a_tempo_is_drawn_where_its_curve_is_and_not_behind_it() {
    let (mut document, mut history, id) = played();
    assert!(drawn_values(&document, &history, id).is_empty());
    // Bars 5 and 6 of three quarters each.
    let points = [(12.0, 60.0), (18.0, 90.0)].map(|(quarters, value)| CurvePoint { quarters, value });
    change(&mut document, &mut history, id, &Edit::Tempo(points.to_vec()));
    let drawn = drawn_values(&document, &history, id);
    assert_eq!(kinds(&drawn), BTreeSet::from([PinKind::Onset]));
    let score = document.score().clone();
    let bars: BTreeSet<u32> = drawn.iter().map(|pin| score.notes[pin.0 as usize].measure).collect();
    assert_eq!(bars, BTreeSet::from([4, 5]));
    // A second one before it moves the first along.
    let points = [(0.0, 80.0), (6.0, 100.0)].map(|(quarters, value)| CurvePoint { quarters, value });
    change(&mut document, &mut history, id, &Edit::Tempo(points.to_vec()));
    assert!(drawn_values(&document, &history, id).is_superset(&drawn));
    history.undo(&mut document);
    history.undo(&mut document);
    assert!(drawn_values(&document, &history, id).is_empty());
}

#[test]
fn a_pedal_is_drawn_under_its_notes() {
    let (mut document, mut history, id) = played();
    let onset = |note: usize| document.performance(id).unwrap().notes[note].onset_secs;
    let (from_secs, to_secs) = (onset(10) + 0.01, onset(20) + 0.01);
    let down = |time_secs, value| PedalEvent { time_secs, pedal: Pedal::Sustain, value };
    let events = vec![down(from_secs, 100), down(to_secs, 0)];
    change(&mut document, &mut history, id, &Edit::Pedal { from_secs, to_secs, events });
    let drawn = drawn_values(&document, &history, id);
    assert_eq!(kinds(&drawn), BTreeSet::from([PinKind::Pedal]));
    assert!(drawn.contains(&(10, PinKind::Pedal)) && drawn.contains(&(20, PinKind::Pedal)));
    assert!(!drawn.contains(&(0, PinKind::Pedal)) && !drawn.contains(&(30, PinKind::Pedal)));
    // Under another tempo the pedal moves with its notes and is no more drawn than before.
    let points = [(30.0, 60.0), (36.0, 90.0)].map(|(quarters, value)| CurvePoint { quarters, value });
    change(&mut document, &mut history, id, &Edit::Tempo(points.to_vec()));
    let pedals = |pins: &Pins| pins.iter().filter(|p| p.1 == PinKind::Pedal).count();
    assert_eq!(pedals(&drawn_values(&document, &history, id)), drawn.len());
}

#[test]
fn bars_performed_anew_keep_what_was_pinned_and_other_bars_keep_all() {
    let (mut document, mut history, id) = played();
    change(&mut document, &mut history, id, &Edit::Velocities(vec![(0, 90), (40, 91), (41, 92)]));
    let bar = document.score().notes[40].measure as usize;
    assert_eq!(document.score().notes[41].measure as usize, bar, "both are in one bar");
    let pin = PinView { note: 41, kind: PinKind::Velocity };
    change(&mut document, &mut history, id, &Edit::PinValues(vec![pin]));
    let of = Some((id, bar..bar + 1));
    // As loud as what was drawn: that does not make it drawn.
    let next = perform(&mut document, &mut history, of, 91);
    let mut after = drawn_values(&document, &history, next);
    assert!(
        after.contains(&(0, PinKind::Velocity)) && !after.contains(&(40, PinKind::Velocity)),
        "{after:?}"
    );
    after.retain(|value| *value != (0, PinKind::Velocity));
    assert!(after.len() <= 1, "{after:?}");
    assert_eq!(drawn_values(&document, &history, id).len(), 3);
}

#[test]
fn a_change_of_the_deadpan_is_drawn_in_its_take() {
    let (mut document, mut history, _) = played();
    change(&mut document, &mut history, VersionId::Deadpan, &Edit::Velocities(vec![(3, 100)]));
    let drawn = drawn_values(&document, &history, document.listening);
    assert_eq!(drawn, Pins::from([(3, PinKind::Velocity)]));
    let copy = crate::edit::duplicate(&document, document.listening).unwrap();
    history.push(&mut document, copy);
    assert_eq!(drawn_values(&document, &history, document.listening), drawn);
}
