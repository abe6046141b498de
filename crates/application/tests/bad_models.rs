//! A damaged model says what is wrong with it, in the same words whoever plays.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use application::roster::Roster;
use performers::PerformError;
use performers::device::DeviceChoice;

/// Bytes before the table of contents of the weights, which tell how long it is.
const LENGTH_BYTES: usize = 8;

/// Half precision: not a number.
const NOT_A_NUMBER: u16 = 0x7e00;

fn models() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models")
}

/// Who plays with a model.
fn with_models() -> Vec<&'static str> {
    let roster = Roster::new(models());
    roster.infos().filter(|info| info.abilities.needs_model).map(|info| info.id).collect()
}

/// What readying a performer says when its weights were changed in a copy of its model.
fn said_of(id: &str, change: impl Fn(&mut Vec<u8>)) -> String {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join(id);
    std::fs::create_dir(&copy).unwrap();
    for file in std::fs::read_dir(models().join(id)).unwrap().flatten() {
        std::fs::copy(file.path(), copy.join(file.file_name())).unwrap();
    }
    let path = copy.join("weights.safetensors");
    let mut weights = std::fs::read(&path).unwrap();
    change(&mut weights);
    std::fs::write(&path, weights).unwrap();
    match Roster::new(folder.path().to_owned()).ready(id, DeviceChoice::Cpu) {
        Ok(_) => String::new(),
        Err(error) => {
            assert!(matches!(error, PerformError::Model { .. }), "{id}: {error}");
            error.to_string()
        }
    }
}

/// Changes the table of contents of some weights; it keeps its length.
fn change_contents(weights: &mut [u8], change: impl Fn(&str) -> String) {
    let length = u64::from_le_bytes(weights[..LENGTH_BYTES].try_into().unwrap()) as usize;
    let contents = &mut weights[LENGTH_BYTES..][..length];
    let changed = change(std::str::from_utf8(contents).unwrap());
    assert!(changed.len() == length && changed.as_bytes() != contents);
    contents.copy_from_slice(changed.as_bytes());
}

/// The contents with the rows and columns of the first oblong matrix exchanged.
fn turned(contents: &str) -> String {
    const SHAPE: &str = "\"shape\":[";
    let shapes = contents.match_indices(SHAPE).map(|(at, _)| {
        let shape = &contents[at + SHAPE.len()..];
        &shape[..shape.find(']').unwrap()]
    });
    let mut oblong = shapes.filter_map(|shape| {
        let (rows, columns) = shape.split_once(',')?;
        (rows != columns && !columns.contains(',')).then(|| (shape, format!("{columns},{rows}")))
    });
    let (shape, turned) = oblong.next().unwrap();
    contents.replacen(&format!("[{shape}]"), &format!("[{turned}]"), 1)
}

#[test]
fn every_model_is_there() {
    let roster = Roster::new(models());
    let missing: Vec<String> = roster.infos().filter_map(|info| roster.unavailable(info)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(with_models(), ["pianoflow", "pianist-transformer", "groove"]);
    for id in with_models() {
        assert_eq!(said_of(id, |_| {}), "");
    }
}

#[test]
fn damaged_weights_are_told_in_the_same_words() {
    let damaged = "the model's weights are damaged: ";
    let misfit = "the model's weights do not fit its settings: ";
    for id in with_models() {
        let not_a_number = said_of(id, |weights| {
            let last = weights.len() - 2;
            weights[last..].copy_from_slice(&NOT_A_NUMBER.to_le_bytes());
        });
        let cut = said_of(id, |weights| weights.truncate(weights.len() / 2));
        let renamed = |contents: &str| contents.replacen(".weight\"", ".height\"", 1);
        let missing = said_of(id, |weights| change_contents(weights, renamed));
        let size = said_of(id, |weights| change_contents(weights, turned));
        let begins = format!("{damaged}some are infinite or no numbers (");
        for (said, begins) in [(not_a_number, &*begins), (cut, damaged), (missing, misfit), (size, misfit)] {
            assert!(said.starts_with(begins), "{id} says {said:?}, not {begins:?}");
            assert!(said.contains("weights.safetensors"), "{id}: {said}");
            let advice = "; reinstall the models folder or choose a performer that needs no model";
            assert!(said.ends_with(advice), "{id}: {said}");
        }
    }
}
