//! The recordings of (n)ASAP whose every key is known.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use alignment::judge::samples::{Options, run};

#[test]
#[ignore = "needs the data folder"]
fn undamaged_recordings_are_aligned_as_people_checked_needs_data() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let data = std::env::var_os("ESPRESSIVO_DATA").map_or(beside, PathBuf::from);
    let options = Options { only: Some("undamaged".into()), most_keys: Some(3000), ..Options::default() };
    let table = run(&data.join("asap/samples"), &options, &|_| ()).unwrap();
    let found = table.summary(alignment::judge::Damage::None).unwrap();
    assert!(found.mean >= 0.97, "{table}");
}
