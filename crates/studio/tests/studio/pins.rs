//! What the next performance keeps of the one before.

use performance::{Pedal, PedalEvent};
use protocol::{Command, CurvePoint, Edit, PerformRequest, PinKind, VersionId};

use crate::support::{Harness, request};

const FIRST: VersionId = VersionId::Take(1);

#[test]
fn pinned_values_come_out_exactly_whatever_the_amounts() {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.perform(request(1));
    harness.ask(Command::Edit(FIRST, Edit::Velocities(vec![(20, 111)])));
    harness.ask(Command::Edit(FIRST, Edit::Pin(vec![20], vec![protocol::PinKind::Velocity])));
    harness.ask(Command::Edit(FIRST, Edit::Pin(vec![21], vec![protocol::PinKind::Duration])));
    let before = harness.played(FIRST).clone();
    let amounts = protocol::Amounts { dynamics: 0.3, articulation: 2.0, ..Default::default() };
    harness.perform(PerformRequest { bars: Some(0..8), of: FIRST, amounts, ..request(6) });
    let take = harness.project().takes[1].id;
    assert_eq!(harness.played(take).get(20).unwrap().velocity, 111);
    assert_eq!(harness.played(take).get(21).unwrap().duration_secs, before.get(21).unwrap().duration_secs);
    assert_eq!(harness.face.versions[&take].pins.len(), 2, "the pins come along");
    // In a whole piece too, where nothing else holds the notes.
    harness.ask(Command::Edit(take, Edit::Pin(vec![22], vec![protocol::PinKind::Onset])));
    let onset_secs = harness.played(take).get(22).unwrap().onset_secs;
    let amounts = protocol::Amounts { tempo: 0.5, rubato: 2.0, ..Default::default() };
    harness.perform(PerformRequest { of: take, amounts, ..request(6) });
    let whole = harness.project().takes[2].clone();
    assert_eq!((whole.bars, whole.parent), (None, Some(take)));
    assert_eq!(harness.played(whole.id).get(22).unwrap().onset_secs, onset_secs);
    assert_eq!(harness.played(whole.id).get(20).unwrap().velocity, 111);
    harness.ask(Command::Edit(take, Edit::Unpin(vec![20, 21], vec![protocol::PinKind::Velocity])));
    assert_eq!(harness.face.versions[&take].pins.len(), 2);
}

#[test]
fn pinned_pedalling_stays_with_its_notes() {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.perform(request(1));
    let score = harness.face.scores[0].clone();
    let bar_3: Vec<u32> = (0..).zip(&score.notes).filter(|(_, n)| n.measure == 2).map(|(k, _)| k).collect();
    let secs = |harness: &Harness, id, note: u32| harness.played(id).get(note).unwrap().onset_secs;
    let after = bar_3[bar_3.len() - 1] + 1;
    let late_secs = secs(&harness, FIRST, bar_3[0]) + 0.08;
    harness.ask(Command::Edit(FIRST, Edit::Onsets(vec![(bar_3[0], late_secs)])));
    let (from_secs, to_secs) = (secs(&harness, FIRST, bar_3[0]), secs(&harness, FIRST, after));
    let third = (to_secs - from_secs) / 3.0;
    let events = vec![
        PedalEvent { time_secs: from_secs + third, pedal: Pedal::Sustain, value: 99 },
        PedalEvent { time_secs: from_secs + 2.0 * third, pedal: Pedal::Sustain, value: 0 },
    ];
    harness.ask(Command::Edit(FIRST, Edit::Pedal { from_secs, to_secs, events }));
    harness.ask(Command::Edit(FIRST, Edit::Pin(bar_3.clone(), vec![protocol::PinKind::Pedal])));
    harness.perform(PerformRequest { bars: Some(0..8), of: FIRST, ..request(6) });
    let take = harness.project().takes[1].id;
    let (start, end) = (secs(&harness, take, bar_3[0]), secs(&harness, take, after));
    assert!((start - from_secs).abs() > 1e-3, "the bar is elsewhere in the new take");
    let inside = harness.played(take).pedals.iter().filter(|e| e.time_secs > start && e.time_secs < end);
    let values: Vec<u8> = inside.map(|e| e.value).collect();
    assert_eq!(values, [99, 0]);
    assert_eq!(harness.face.versions[&take].pins.len(), bar_3.len(), "the pins come along");

    // Without pins the next performance has its own pedalling.
    harness.ask(Command::Edit(take, Edit::Unpin(bar_3, vec![protocol::PinKind::Pedal])));
    harness.perform(PerformRequest { bars: Some(0..8), of: take, ..request(6) });
    let free = harness.project().takes[2].id;
    assert!(harness.played(free).pedals.iter().all(|e| e.value != 99));
}

#[test]
fn values_that_are_drawn_are_told_until_they_are_pinned_in_one_step() {
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.perform(request(1));
    assert!(harness.face.versions[&FIRST].drawn.is_empty());
    harness.ask(Command::Edit(FIRST, Edit::Velocities(vec![(20, 100), (21, 101)])));
    let points = [(12.0, 60.0), (18.0, 90.0)].map(|(quarters, value)| CurvePoint { quarters, value });
    harness.ask(Command::Edit(FIRST, Edit::Tempo(points.to_vec())));
    let drawn = harness.face.versions[&FIRST].drawn.clone();
    let count = |kind| drawn.iter().filter(|value| value.kind == kind).count();
    assert_eq!(count(PinKind::Velocity), 2);
    assert!(count(PinKind::Onset) > 0 && count(PinKind::Pedal) == 0, "{drawn:?}");
    // They are told after the project is opened again, too.
    let path = harness.folder.path().join("drawn.espressivo");
    harness.ask(Command::SaveAs(Some(path.clone())));
    harness.ask(Command::Close);
    harness.ask(Command::Open(path));
    assert_eq!(harness.face.versions[&FIRST].drawn, drawn);
    harness.ask(Command::Edit(FIRST, Edit::PinValues(drawn.clone())));
    assert!(harness.face.versions[&FIRST].drawn.is_empty());
    assert_eq!(harness.face.versions[&FIRST].pins, drawn);
    let before = harness.played(FIRST).clone();
    harness.perform(PerformRequest { bars: Some(4..6), of: FIRST, ..request(6) });
    let take = harness.project().takes[1].id;
    for value in drawn.iter().filter(|value| value.kind == PinKind::Onset) {
        let onset = |played: &performance::Performance| played.get(value.note).unwrap().onset_secs;
        assert_eq!(onset(harness.played(take)), onset(&before));
    }
    harness.ask(Command::Undo);
    harness.ask(Command::Undo);
    assert_eq!(harness.face.versions[&FIRST].pins, [], "one step took all pins away");
    assert_eq!(harness.face.versions[&FIRST].drawn, drawn);
}
