//! The network against its twin in PyTorch, on the same weights.
//!
//! `scripts/pianist_torch.py fixture` made the numbers.
#![allow(clippy::unwrap_used)]

mod common;

use common::{KINDS, numbers_of, write_model_of};
use neural::sampling::Choice;
use pianist_transformer::config::Playing;
use pianist_transformer::network::{Decoder, Network};
use pianist_transformer::roll::Roll;
use pianist_transformer::tokens::{BOS, Event, SLOTS};
use pianist_transformer::weights;
use twins::{compare, floats, whole};

fn network(kind: &str) -> Network {
    let folder = tempfile::tempdir().unwrap();
    write_model_of(kind, folder.path(), |_, _| {});
    let settings = weights::settings(folder.path()).unwrap();
    let mut tensors = settings.network.tensors();
    tensors.sort();
    assert_eq!(serde_json::to_value(tensors).unwrap(), numbers_of(kind)["tensors"]);
    Network::load(folder.path(), &settings.network).unwrap()
}

fn events(tokens: &[u16]) -> Vec<Event> {
    tokens.chunks(SLOTS).map(|note| Event::of(note).unwrap()).collect()
}

#[test]
fn rows_and_logits_are_the_twins() {
    for kind in KINDS {
        let (network, numbers) = (network(kind), numbers_of(kind));
        let read = numbers["read"].as_u64().unwrap() as usize;
        let literal = &whole::<u16>(&numbers["literal"])[..read * SLOTS];
        let encoding = network.encoder.encode(literal, &|| Ok(())).unwrap();
        compare(&encoding.0, &floats(&numbers["encoded"]));
        let literal = events(literal);
        let decoder = Decoder::new(&network.decoder, &encoding, &literal);
        let found = logits(decoder, &whole::<u16>(&numbers["written"]));
        for (slot, found) in found.iter().enumerate().skip(1) {
            compare(found, &floats(&numbers["logits"][slot.to_string()]));
        }
    }
}

/// Of every fifth note some logits of each slot.
fn logits(mut decoder: Decoder<'_>, written: &[u16]) -> [Vec<f32>; SLOTS] {
    let mut found: [Vec<f32>; SLOTS] = Default::default();
    let mut waiting = vec![BOS];
    for (note, tokens) in written.chunks(SLOTS).enumerate() {
        for (slot, token) in tokens.iter().enumerate() {
            // Several at once now and then.
            if slot > 0 && note.is_multiple_of(5) {
                decoder.advance(&waiting);
                waiting.clear();
                found[slot].extend(decoder.logits(slot).iter().step_by(97));
            }
            waiting.push(*token);
        }
    }
    found
}

#[test]
fn greedy_decoding_is_the_twins_token_for_token() {
    for kind in KINDS {
        let (network, numbers) = (network(kind), numbers_of(kind));
        let closest = numbers["closest"].as_f64().unwrap();
        assert!(closest > 5e-5, "the fixture hangs on rounding: {closest}");
        let [literal, expected] = ["literal", "greedy"].map(|name| events(&whole::<u16>(&numbers[name])));
        assert_eq!(literal.len(), 64);
        let known = vec![None; literal.len()];
        let choice = Choice { temperature: 0.0, top_p: 1.0 };
        let roll = Roll { literal: &literal, known: &known, start_ms: 0, choice, seed: 1 };
        let struck = roll.play(&network, &Playing::default(), &|_| Ok(())).unwrap();
        let found: Vec<Event> = struck.iter().map(|note| note.event).collect();
        assert_eq!(found, expected, "{kind}");
    }
}
