#![allow(clippy::unwrap_used)]

use super::*;

fn packed() -> Packed {
    let mut packed = Packed::new();
    for (style, notes) in [(0, 3), (1, 5)] {
        let rows: Vec<u8> = (0..notes * COLUMNS).map(|k| (k * 7 % SIZES[k % COLUMNS]) as u8).collect();
        let velocity: Vec<u8> = (0..notes).map(|k| (k * 31 % 128) as u8).collect();
        let timing: Vec<u8> = (0..notes).map(|k| if k == 1 { NO_TIMING } else { (50 + k) as u8 }).collect();
        packed.push(style, &rows, &velocity, &timing);
    }
    packed
}

fn fault(change: impl FnOnce(&mut Packed)) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.safetensors");
    let mut packed = packed();
    change(&mut packed);
    packed.write(&path).unwrap();
    format!("{:#}", Packed::read(&path).unwrap_err())
}

#[test]
fn a_file_gives_back_what_was_packed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.safetensors");
    let packed = packed();
    assert_eq!((packed.streams(), packed.notes()), (2, 8));
    packed.write(&path).unwrap();
    assert_eq!(Packed::read(&path).unwrap(), packed);
    std::fs::write(&path, b"nothing").unwrap();
    assert!(Packed::read(&path).unwrap_err().to_string().contains("is damaged"));
    let error = Packed::read(&folder.path().join("none")).unwrap_err().to_string();
    assert!(error.contains("espressivo data grooves"), "{error}");
}

#[test]
fn signs_are_looked_for_style_by_style() {
    let mut packed = packed();
    let columns = SIGNS;
    packed.rows.chunks_exact_mut(COLUMNS).for_each(|row| row[columns.clone()].fill(0));
    assert!(!packed.has_signs(0) && !packed.has_signs(1));
    // The last note of the last stream.
    let last = packed.rows.len() - COLUMNS;
    packed.rows[last + columns.start] = 4;
    assert!(!packed.has_signs(0) && packed.has_signs(1));
}

#[test]
fn values_that_cannot_be_are_named() {
    let says = |found: String, expected: &str| assert!(found.contains(expected), "{found}");
    says(fault(|p| p.starts[1] = 9), "array starts");
    says(fault(|p| p.rows[COLUMNS + 5] = 8), "array rows has 8 in column 5 of note 1, expected 7 at most");
    says(fault(|p| p.timing[0] = 101), "array timing");
    says(fault(|p| p.velocity[0] = 128), "array velocity");
    says(fault(|p| p.style[0] = 2), "array style");
    says(fault(|p| p.style.truncate(1)), "array starts has the shape [3], expected [2]");
}
