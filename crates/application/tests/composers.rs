//! Composers without their model say how to get one.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use application::systems;

#[test]
fn a_missing_model_is_told_with_what_to_do() {
    let composers = systems::composers();
    assert_eq!(composers.default_id(), "composer");
    let said = composers.load("composer", Path::new("nowhere")).err().unwrap().to_string();
    assert!(said.starts_with("the model's settings cannot be read: "), "{said}");
    assert!(said.contains("config.json"), "{said}");
    assert!(said.ends_with("; reinstall the models folder"), "{said}");
    let unknown = composers.load("nobody", Path::new("nowhere")).err().unwrap().to_string();
    assert_eq!(unknown, "there is no composer `nobody`; there are composer");
}
