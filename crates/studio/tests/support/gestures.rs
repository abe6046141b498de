//! Random gestures: what people do to a project, as proptest strategies.
#![allow(dead_code)]

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use protocol::{Bars, CurvePoint, Edit, Passage, Pedal, PedalEvent, PinKind, PinView, ScoreId, VersionId};
use studio::document::Document;
use studio::edit::{self, EditError};
use studio::history::Step;
use studio::reading;

/// The same cases every time, so that a build does not depend on luck, unless `PROPTEST_RNG_SEED`
/// says otherwise.
pub fn cases(cases: u32) -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, cases, ..ProptestConfig::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
    }
    config
}

/// Something that becomes a step.
#[derive(Clone, Debug)]
pub enum Gesture {
    Edit(VersionId, Edit),
    Rename(VersionId, String),
    Delete(VersionId),
    Duplicate(VersionId),
    /// Makes a take of one version with bars of others.
    Best(VersionId, Vec<(Bars, VersionId)>),
    /// Takes over one of the scores, if it is not the main one.
    Adopt(ScoreId),
}

impl Gesture {
    pub fn step(&self, document: &Document) -> Result<Option<Step>, EditError> {
        match self {
            Self::Edit(id, change) => edit::edit(document, *id, change),
            Self::Rename(id, name) => edit::rename(document, *id, name),
            Self::Delete(id) => edit::delete(document, *id).map(Some),
            Self::Duplicate(id) => edit::duplicate(document, *id).map(Some),
            Self::Best(of, chosen) => {
                let mut best: Vec<Passage> = Vec::new();
                chosen.iter().for_each(|(bars, id)| edit::choose(&mut best, bars, Some(*id)));
                edit::best_of(document, *of, &best).map(Some)
            }
            Self::Adopt(id) => {
                let is_new = *id != document.main() && document.scores.has(*id);
                Ok(is_new.then(|| reading::adopt(document, *id)))
            }
        }
    }
}

pub fn version() -> impl Strategy<Value = VersionId> {
    prop_oneof![
        1 => Just(VersionId::Deadpan),
        6 => (1u32..8).prop_map(VersionId::Take),
        1 => (1u32..4).prop_map(VersionId::Recording),
    ]
}

fn note() -> impl Strategy<Value = u32> + Clone {
    prop_oneof![30 => 0u32..150, 1 => any::<u32>()]
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![20 => -5.0..80.0f64, 1 => Just(f64::NAN), 1 => Just(f64::INFINITY), 1 => Just(-1e300)]
}

fn curve() -> impl Strategy<Value = Vec<CurvePoint>> {
    let point = (number(), prop_oneof![20 => 20.0..220.0f64, 1 => number()]);
    prop::collection::vec(point.prop_map(|(quarters, value)| CurvePoint { quarters, value }), 0..6)
}

fn pedals() -> impl Strategy<Value = Vec<PedalEvent>> {
    let pedal = prop_oneof![8 => Just(Pedal::Sustain), 1 => Just(Pedal::Soft)];
    let event = (number(), pedal, any::<u8>());
    let event = event.prop_map(|(time_secs, pedal, value)| PedalEvent { time_secs, pedal, value });
    prop::collection::vec(event, 0..8)
}

pub fn change() -> impl Strategy<Value = Edit> {
    let kind = prop_oneof![
        Just(PinKind::Velocity),
        Just(PinKind::Onset),
        Just(PinKind::Duration),
        Just(PinKind::Pedal)
    ];
    let notes = prop::collection::vec(note(), 0..9);
    prop_oneof![
        prop::collection::vec((note(), any::<u8>()), 0..9).prop_map(Edit::Velocities),
        prop::collection::vec((note(), number()), 0..9).prop_map(Edit::Onsets),
        prop::collection::vec((note(), number()), 0..9).prop_map(Edit::Durations),
        curve().prop_map(Edit::Tempo),
        curve().prop_map(Edit::Dynamics),
        (number(), number(), pedals()).prop_map(|(from_secs, to_secs, events)| Edit::Pedal {
            from_secs,
            to_secs,
            events
        }),
        (notes.clone(), kind.clone()).prop_map(|(notes, kind)| Edit::Pin(notes, vec![kind])),
        (note(), kind.clone()).prop_map(|(note, kind)| Edit::PinValues(vec![PinView { note, kind }])),
        (notes, kind).prop_map(|(notes, kind)| Edit::Unpin(notes, vec![kind])),
    ]
}

fn passage() -> impl Strategy<Value = (Bars, VersionId)> {
    (0usize..36, 1usize..9, version()).prop_map(|(from, count, id)| (from..from + count, id))
}

pub fn gesture() -> impl Strategy<Value = Gesture> {
    prop_oneof![
        12 => (version(), change()).prop_map(|(id, change)| Gesture::Edit(id, change)),
        2 => (version(), ".{0,12}").prop_map(|(id, name)| Gesture::Rename(id, name)),
        1 => version().prop_map(Gesture::Delete),
        3 => version().prop_map(Gesture::Duplicate),
        2 => (version(), prop::collection::vec(passage(), 0..5)).prop_map(|(of, best)| Gesture::Best(of, best)),
        1 => (0u32..2).prop_map(|id| Gesture::Adopt(ScoreId(id))),
    ]
}
