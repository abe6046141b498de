#![allow(clippy::unwrap_used)]

use std::io::Write;

use super::super::schema::{Kind, RECORDED};
use super::*;

const COLUMNS: &[&[Spec]] = &[RECORDED];

/// Three keys and two movements of the pedal, one column after another.
fn packed() -> (Vec<u8>, BTreeMap<String, Place>) {
    let (mut bytes, mut places) = (Vec::new(), BTreeMap::new());
    for (k, Spec(name, table, kind)) in RECORDED.iter().enumerate() {
        let count = if *table == "note" { 3 } else { 2 };
        let place = Place { table: (*table).to_owned(), kind: *kind, offset: bytes.len(), count };
        places.insert((*name).to_owned(), place);
        (0..count).for_each(|row| kind.encode((10 * k + row) as f64, &mut bytes));
    }
    (bytes, places)
}

/// What is said when the index is changed.
fn fault(change: impl FnOnce(&mut BTreeMap<String, Place>)) -> String {
    let (bytes, mut places) = packed();
    change(&mut places);
    columns(&bytes, bytes.len(), &places, COLUMNS).err().unwrap().to_string()
}

#[test]
fn columns_come_out_as_they_were_packed() {
    let (bytes, mut places) = packed();
    // A column that is not asked for.
    let part = Place { table: "note".to_owned(), kind: Kind::U8, offset: 0, count: 3 };
    places.insert("part".to_owned(), part);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.bin.gz");
    let file = File::create(&path).unwrap();
    let mut packer = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    packer.write_all(&bytes).unwrap();
    packer.finish().unwrap();
    let columns = unpack(&path, bytes.len(), &places, COLUMNS).unwrap();
    assert_eq!(columns.get("onset", (0, 3)).unwrap(), [0.0, 1.0, 2.0]);
    assert_eq!(columns.get("vel", (1, 2)).unwrap(), [31.0, 32.0]);
    assert!(columns.get("ped_v", (2, 0)).unwrap().is_empty());
    for count in [bytes.len() - 1, bytes.len() + 1] {
        let error = format!("{:#}", unpack(&path, count, &places, COLUMNS).err().unwrap());
        assert!(error.contains(&format!("expected {count}")), "{error}");
    }
    std::fs::write(&path, b"nothing").unwrap();
    let damaged = unpack(&path, bytes.len(), &places, COLUMNS).err().unwrap().to_string();
    assert!(damaged.ends_with("x.bin.gz is damaged"), "{damaged}");
    let missing = unpack(&folder.path().join("none"), 0, &places, COLUMNS).err().unwrap().to_string();
    assert!(missing.starts_with("no columns at "), "{missing}");
}

#[test]
fn what_does_not_fit_is_named_with_what_was_found_and_expected() {
    let set = |name: &'static str, change: fn(&mut Place)| {
        fault(move |places| places.get_mut(name).into_iter().for_each(change))
    };
    assert_eq!(fault(|places| drop(places.remove("dur"))), "there is no column dur");
    assert_eq!(set("pitch", |p| p.kind = Kind::I8), "column pitch has values of type i8, expected u8");
    assert_eq!(set("vel", |p| p.table = "pedal".to_owned()), "column vel is in table pedal, expected note");
    assert_eq!(set("dur", |p| p.count = 2), "column dur has 2 rows, expected 3 as its table note");
    let beyond = "column ped_v ends after the buffer, which has 42 bytes, expected 3 values, 1 bytes \
                  each, from byte 40 on";
    assert_eq!(set("ped_v", |p| p.count = 3), beyond);
    // Sums that do not fit into a number.
    let ends_after = "column onset ends after the buffer";
    assert!(set("onset", |p| p.count = usize::MAX).starts_with(ends_after));
    assert!(set("onset", |p| p.offset = usize::MAX).starts_with(ends_after));
}

#[test]
fn rows_beyond_a_column_are_refused() {
    let (bytes, places) = packed();
    let columns = columns(&bytes, bytes.len(), &places, COLUMNS).unwrap();
    for (first, count) in [(0, 4), (3, 1), (4, 0), (1, usize::MAX)] {
        let error = columns.get("onset", (first, count)).unwrap_err().to_string();
        assert_eq!(error, format!("column onset has 3 rows, expected {count} from row {first} on"));
    }
    assert!(columns.get("sidx", (0, 0)).is_err());
}
