#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::Write;

use serde_json::{Value, json};

use super::*;

/// Writes a set of one recording of two keys and two movements, of which one is the soft pedal's.
fn write(folder: &Path, change: impl FnOnce(&mut Value)) {
    let floats = |values: &[f32]| -> Vec<u8> { values.iter().flat_map(|v| v.to_le_bytes()).collect() };
    let columns: [(&str, &str, &str, Vec<u8>); 7] = [
        ("onset", "note", "f32", floats(&[0.5, 1.25])),
        ("dur", "note", "f32", floats(&[0.25, 0.5])),
        ("pitch", "note", "u8", vec![60, 64]),
        ("vel", "note", "u8", vec![50, 90]),
        ("ped_t", "pedal", "f32", floats(&[0.75, 1.0])),
        ("ped_cc", "pedal", "u8", vec![64, 67]),
        ("ped_v", "pedal", "u8", vec![127, 30]),
    ];
    let (mut bytes, mut places) = (Vec::new(), json!({}));
    for (name, table, kind, values) in columns {
        places[name] = json!({ "table": table, "type": kind, "offset": bytes.len(), "count": 2 });
        bytes.extend(values);
    }
    let items = json!([{ "file": "x.mid", "note": [0, 2], "pedal": [0, 2] }]);
    let mut index =
        json!({ "format": "midi-soa", "bin_bytes": bytes.len(), "columns": places, "items": items });
    change(&mut index);
    fs::write(folder.join("set.json"), index.to_string()).unwrap();
    let file = File::create(folder.join("set.bin.gz")).unwrap();
    let mut packer = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    packer.write_all(&bytes).unwrap();
    packer.finish().unwrap();
}

fn fault(change: impl FnOnce(&mut Value)) -> String {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), change);
    format!("{:#}", read(folder.path(), "set").unwrap_err())
}

#[test]
fn a_recording_has_its_keys_and_the_sustain_pedal_in_ms() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), |_| {});
    let press = |onset_ms, end_ms, pitch, velocity| Press { onset_ms, end_ms, pitch, velocity };
    let presses = vec![press(500, 750, 60, 50), press(1250, 1750, 64, 90)];
    let sustain = vec![PedalMove { at_ms: 750, value: 127 }];
    assert_eq!(read(folder.path(), "set").unwrap(), [Timeline { presses, sustain }]);
}

#[test]
fn what_does_not_fit_is_named() {
    assert!(fault(|index| index["format"] = json!("x")).ends_with("has the format x, expected midi-soa"));
    let other_type = fault(|index| index["columns"]["vel"]["type"] = json!("i8"));
    assert!(other_type.ends_with("column vel has values of type i8, expected u8"), "{other_type}");
    let short = fault(|index| index["columns"]["ped_cc"]["count"] = json!(1));
    assert!(short.ends_with("column ped_cc has 1 rows, expected 2 as its table pedal"), "{short}");
    let beyond = fault(|index| index["items"][0]["note"] = json!([1, 2]));
    assert!(beyond.ends_with("column onset has 2 rows, expected 2 from row 1 on"), "{beyond}");
    let missing = read(Path::new("none"), "set").unwrap_err().to_string();
    assert!(missing.starts_with("no recordings at "), "{missing}");
}
