//! The groove's network against its twin in PyTorch, on the same weights.
//!
//! `scripts/groove_torch.py fixture` made the numbers.
#![allow(clippy::unwrap_used)]

mod common;

use cadenza::groove::{COLUMNS, Network, SIGNS, SIZES, settings};
use common::{numbers, write_model};
use twins::{compare, floats, whole};

#[test]
fn logits_are_the_twins_in_both_styles() {
    let folder = tempfile::tempdir().unwrap();
    write_model(folder.path(), |_, _| {});
    let (settings, numbers) = (settings(folder.path()).unwrap(), numbers());
    let mut tensors = settings.network.tensors(settings.styles.len());
    tensors.sort();
    assert_eq!(serde_json::to_value(tensors).unwrap(), numbers["tensors"]);
    let network = Network::load(folder.path(), &settings).unwrap();
    let rows: Vec<u8> = whole(&numbers["rows"]);
    assert_eq!(rows.len(), 24 * COLUMNS);
    for (style, name) in ["classical", "pop"].into_iter().enumerate() {
        assert_eq!(settings.styles[style], name);
        let logits = network.read(&rows, style, &|| Ok(())).unwrap();
        compare(&logits.velocity, &floats(&numbers[name]["velocity"]));
        compare(&logits.timing, &floats(&numbers[name]["timing"]));
    }
}

/// What is wanted of a long piece is what all of it has there.
#[test]
fn a_part_of_a_piece_is_read_as_in_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    write_model(folder.path(), |_, _| {});
    let settings = settings(folder.path()).unwrap();
    let network = Network::load(folder.path(), &settings).unwrap();
    let rows: Vec<u8> = (0..200 * COLUMNS).map(|k| (k * 7919 % 3) as u8).collect();
    let read = |wanted| network.read_all(&rows, 0, wanted, &|| Ok(()), &mut |_| Ok(())).unwrap();
    let (whole, part) = (read(0..200), read(70..131));
    assert_eq!((whole.notes(), part.notes()), (200, 61));
    for note in 0..61 {
        assert_eq!(part.of_note(note), whole.of_note(70 + note));
    }
}

/// At 0 a style does not see signs, at 1 it does as the twin does, and between them it is neither.
#[test]
fn signs_count_as_the_settings_say() {
    let folder = tempfile::tempdir().unwrap();
    write_model(folder.path(), |_, _| {});
    let read = |share: Option<f64>, rows: &[u8], style: usize| {
        let mut settings = settings(folder.path()).unwrap();
        settings.signs = share.map(|share| ("pop".to_owned(), share)).into_iter().collect();
        Network::load(folder.path(), &settings).unwrap().read(rows, style, &|| Ok(())).unwrap()
    };
    let signed: Vec<u8> = (0..20 * COLUMNS).map(|k| (k * 7919 % SIZES[k % COLUMNS]) as u8).collect();
    let mut plain = signed.clone();
    plain.chunks_exact_mut(COLUMNS).for_each(|row| row[SIGNS].fill(0));
    let (classical, pop) = (0, 1);
    let (with, without) = (read(None, &signed, pop), read(None, &plain, pop));
    assert_ne!(with, without);
    assert_eq!(read(Some(1.0), &signed, pop), with);
    compare(&read(Some(0.0), &signed, pop).velocity, &without.velocity);
    assert_eq!(read(Some(0.0), &plain, pop), without);
    let half = read(Some(0.5), &signed, pop);
    assert!(half != with && half != without);
    assert_eq!(read(Some(0.5), &signed, classical), read(None, &signed, classical));
}
