//! Manners in project files: what is no manner is not read.
#![allow(clippy::unwrap_used)]

use protocol::{KnobValue, Knobs, Manner, VersionId};

use super::*;
use crate::document::{Origin, Pins, Source, Take};

/// A project whose take was played in a manner of these numbers.
fn project(numbers: Vec<f32>) -> Document {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scores/petzold_minuet_g.musicxml");
    let bytes = std::fs::read(path).unwrap();
    let source = Source { name: "minuet.musicxml".into(), bytes, as_written: false };
    let mut document = Document::new(source).unwrap();
    let manner = Manner { name: "Clara".into(), model: "0123".into(), numbers };
    let knobs = Knobs::from([("like".to_owned(), KnobValue::Manner(manner))]);
    let take = Take {
        id: VersionId::Take(1),
        name: "Take 1".into(),
        origin: Origin { performer: "fake".into(), knobs, ..Origin::default() },
        is_edited: false,
        score: document.main(),
        pins: Pins::new(),
        performance: document.performance(VersionId::Deadpan).unwrap().clone(),
    };
    document.takes.push(take);
    document.number_from(2);
    document
}

fn read_back(document: &Document) -> Result<Document, StoreError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.espressivo");
    drop(Store::create(&path, document, &History::default()).unwrap());
    Store::open(&path).map(|(_, saved)| saved.document)
}

#[test]
fn a_manner_comes_back_to_the_bit() {
    let document = project(vec![0.1, -3.25e-20, 1.0 / 3.0, f32::MAX]);
    let read = read_back(&document).unwrap();
    assert_eq!(read.takes[0].origin.knobs, document.takes[0].origin.knobs);
}

#[test]
fn hostile_manners_are_refused() {
    for numbers in [vec![f32::NAN], vec![0.5, f32::INFINITY], vec![0.0; 1_000_000]] {
        let error = read_back(&project(numbers)).unwrap_err();
        assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    }
}
