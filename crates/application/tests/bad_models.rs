//! A damaged model says what is wrong with it, in the same words whoever plays or composes.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use application::roster::Roster;
use application::systems;
use performers::PerformError;
use performers::composer::ComposeError;
use performers::device::DeviceChoice;
use tempfile::TempDir;

/// Bytes before the table of contents of the weights, which tell how long it is.
const LENGTH_BYTES: usize = 8;

/// Half precision: not a number.
const NOT_A_NUMBER: u16 = 0x7e00;

/// The files of a model.
const WEIGHTS: &str = "weights.safetensors";
const SETTINGS: &str = "config.json";

fn models() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models")
}

/// Who plays with a model.
fn with_models() -> Vec<&'static str> {
    let roster = Roster::new(models());
    roster.infos().filter(|info| info.abilities.needs_model).map(|info| info.id).collect()
}

/// Who composes with a model.
fn composers_with_models() -> Vec<&'static str> {
    let composers = systems::composers();
    composers.infos().filter(|info| info.needs_model).map(|info| info.id).collect()
}

/// A folder of models with a copy of one, in which one file was changed.
fn changed(id: &str, file: &str, change: impl Fn(&mut Vec<u8>)) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join(id);
    std::fs::create_dir(&copy).unwrap();
    for file in std::fs::read_dir(models().join(id)).unwrap().flatten() {
        std::fs::copy(file.path(), copy.join(file.file_name())).unwrap();
    }
    let path = copy.join(file);
    let mut bytes = std::fs::read(&path).unwrap();
    change(&mut bytes);
    std::fs::write(&path, bytes).unwrap();
    folder
}

/// What readying a performer says with such a folder.
fn performer_says(id: &str, models: &Path) -> String {
    match Roster::new(models.to_owned()).ready(id, DeviceChoice::Cpu) {
        Ok(_) => String::new(),
        Err(error) => {
            assert!(matches!(error, PerformError::Model { .. }), "{id}: {error}");
            error.to_string()
        }
    }
}

/// What readying a composer says with such a folder.
fn composer_says(id: &str, models: &Path) -> String {
    match systems::composers().load(id, models) {
        Ok(_) => String::new(),
        Err(error) => {
            assert!(matches!(error, ComposeError::Model { .. }), "{id}: {error}");
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

/// Somebody with a model: the name, what readying says with a folder of models, and what the advice is.
type Reader = (&'static str, fn(&str, &Path) -> String, &'static str);

/// Everybody who plays or composes with a model.
fn readers() -> Vec<Reader> {
    let choose = "; reinstall the models folder or choose a performer that needs no model";
    let performers =
        with_models().into_iter().map(|id| (id, performer_says as fn(&str, &Path) -> String, choose));
    let composers = composers_with_models()
        .into_iter()
        .map(|id| (id, composer_says as fn(&str, &Path) -> String, "; reinstall the models folder"));
    performers.chain(composers).collect()
}

#[test]
fn every_model_is_there() {
    let roster = Roster::new(models());
    let missing: Vec<String> = roster.infos().filter_map(|info| roster.unavailable(info)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(with_models(), ["pianoflow", "pianist-transformer", "groove", "xmvae"]);
    assert_eq!(composers_with_models(), ["composer"]);
    for (id, says, _) in readers() {
        let same = changed(id, WEIGHTS, |_| {});
        assert_eq!(says(id, same.path()), "");
    }
}

#[test]
fn damaged_weights_are_told_in_the_same_words() {
    let damaged = "the model's weights are damaged: ";
    let misfit = "the model's weights do not fit its settings: ";
    for (id, says, advice) in readers() {
        let said_of = |change: &dyn Fn(&mut Vec<u8>)| {
            let folder = changed(id, WEIGHTS, change);
            says(id, folder.path())
        };
        let not_a_number = said_of(&|weights| {
            let last = weights.len() - 2;
            weights[last..].copy_from_slice(&NOT_A_NUMBER.to_le_bytes());
        });
        let cut = said_of(&|weights| weights.truncate(weights.len() / 2));
        let renamed = |contents: &str| contents.replacen(".weight\"", ".height\"", 1);
        let missing = said_of(&|weights| change_contents(weights, renamed));
        let size = said_of(&|weights| change_contents(weights, turned));
        let begins = format!("{damaged}some are infinite or no numbers (");
        for (said, begins) in [(not_a_number, &*begins), (cut, damaged), (missing, misfit), (size, misfit)] {
            assert!(said.starts_with(begins), "{id} says {said:?}, not {begins:?}");
            assert!(said.contains(WEIGHTS), "{id}: {said}");
            assert!(said.ends_with(advice), "{id}: {said}");
        }
    }
}

#[test]
fn damaged_settings_and_missing_files_are_told_in_the_same_words() {
    for (id, says, advice) in readers() {
        let cut = changed(id, SETTINGS, |json| json.truncate(json.len() / 2));
        let cut = says(id, cut.path());
        assert!(cut.starts_with("the model's settings are damaged: "), "{id}: {cut}");
        let none = tempfile::tempdir().unwrap();
        let none = says(id, none.path());
        assert!(none.starts_with("the model's settings cannot be read: "), "{id}: {none}");
        for said in [cut, none] {
            assert!(said.contains(SETTINGS), "{id}: {said}");
            assert!(said.ends_with(advice), "{id}: {said}");
        }
    }
}
