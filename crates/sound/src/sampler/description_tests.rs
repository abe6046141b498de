#![allow(clippy::unwrap_used)]

use super::*;

fn read(text: &str) -> Result<Description, SamplerError> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(DESCRIPTION), text).unwrap();
    Description::read(folder.path())
}

#[test]
fn layers_are_gathered_by_key() {
    let text = r#"{"name": "N", "credits": "C", "more": 1, "layers": [
        {"folder": "soft", "keys": {"60": "a.ogg", "21": "b.ogg"}},
        {"folder": "loud", "keys": {"60": "a.ogg"}}], "release": {"60": "up/r.ogg"}}"#;
    let piano = read(text).unwrap();
    assert_eq!((piano.name.as_str(), piano.credits.as_str()), ("N", "C"));
    let counts: Vec<(u8, usize)> = piano.keys.iter().map(|(pitch, files)| (*pitch, files.len())).collect();
    assert_eq!(counts, [(21, 1), (60, 2)]);
    assert!(piano.keys[1].1[0].ends_with("soft/a.ogg"));
    assert!(piano.releases[0].1.ends_with("up/r.ogg"));
}

#[test]
fn what_cannot_be_used_is_refused_in_words() {
    let layer = |folder: &str, key: &str, file: &str| {
        format!(r#"{{"name": "N", "layers": [{{"folder": "{folder}", "keys": {{"{key}": "{file}"}}}}]}}"#)
    };
    for (text, why) in [
        ("{".to_owned(), "EOF"),
        (r#"{"name": "N"}"#.to_owned(), "missing field `layers`"),
        (r#"{"name": "N", "layers": []}"#.to_owned(), "names no recorded key"),
        (layer("a", "128", "b.ogg"), "\"128\" is no key"),
        (layer("a", "C4", "b.ogg"), "\"C4\" is no key"),
        (layer("../a", "60", "b.ogg"), "\"../a\" is no file"),
        (layer("a", "60", "/b.ogg"), "\"/b.ogg\" is no file"),
        (layer("a", "60", ""), "\"\" is no file"),
    ] {
        let message = read(&text).unwrap_err().to_string();
        assert!(message.contains(why) && message.contains("get the piano again"), "{message}");
        assert!(message.ends_with(DESCRIPTION), "{message}");
    }
}

#[test]
fn a_folder_without_a_piano_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let message = Description::read(folder.path()).unwrap_err().to_string();
    assert!(
        message.starts_with("cannot read the sampled piano (") && message.ends_with(DESCRIPTION),
        "{message}"
    );
}
