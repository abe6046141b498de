#![allow(clippy::unwrap_used)]

use pianist_transformer::tokens::Event;

use super::*;

/// Tokens of some notes.
fn tokens(notes: usize) -> Vec<Token> {
    let event = |k: usize| Event {
        pitch: (k * 7 % 128) as u8,
        ioi_ms: (k * 997 % 4991) as u16,
        velocity: (k * 11 % 128) as u8,
        duration_ms: (k * 1009 % 5000) as u16,
        pedal: [(k % 128) as u8, 0, 127, 64],
    };
    (0..notes).flat_map(|k| event(k).tokens()).collect()
}

#[test]
fn a_file_gives_back_what_was_packed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.safetensors");
    let mut alone = Packed::new();
    alone.push(&tokens(2), true);
    alone.push(&tokens(40), false);
    let mut pairs = Packed::new();
    let other: Vec<Token> = tokens(12).split_off(6 * SLOTS);
    pairs.push_pair(&tokens(6), &other, &[0, 1, 1, 1, 1, 1, 0, 1].repeat(6));
    for packed in [alone, pairs] {
        packed.write(&path).unwrap();
        assert_eq!(Packed::read(&path).unwrap(), packed);
    }
    std::fs::write(&path, b"nothing").unwrap();
    assert!(Packed::read(&path).unwrap_err().to_string().contains("is damaged"));
    let error = Packed::read(&folder.path().join("none")).unwrap_err().to_string();
    assert!(error.contains("espressivo data tokens"), "{error}");
}

/// What is said of a file with these arrays: name, type, shape, bytes.
fn fault(arrays: &[(&str, Dtype, Vec<usize>, Vec<u8>)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.safetensors");
    let views = arrays
        .iter()
        .map(|(name, dtype, shape, bytes)| (*name, TensorView::new(*dtype, shape.clone(), bytes).unwrap()));
    std::fs::write(&path, safetensors::serialize(views, None).unwrap()).unwrap();
    format!("{:#}", Packed::read(&path).unwrap_err())
}

#[test]
fn arrays_of_another_type_or_shape_are_named() {
    let one_note = || tokens(1).iter().flat_map(|token| (*token as i16).to_le_bytes()).collect::<Vec<u8>>();
    let starts = || [0, 1].into_iter().flat_map(i32::to_le_bytes).collect::<Vec<u8>>();
    let read = || ("read", Dtype::I16, vec![1, SLOTS], one_note());
    let streams = || ("starts", Dtype::I32, vec![2], starts());
    let grid = || ("quantised", Dtype::U8, vec![1], vec![0_u8]);
    let says = |arrays: &[(&str, Dtype, Vec<usize>, Vec<u8>)], expected: &str| {
        let error = fault(arrays);
        assert!(error.contains("x.safetensors is damaged"), "{error}");
        assert!(error.contains(expected), "{error}");
    };
    says(&[read(), streams()], "there is no array quantised");
    let floats = ("read", Dtype::F16, vec![1, SLOTS], one_note());
    says(&[floats, streams(), grid()], "array read has the type F16, expected I16");
    let flat = ("read", Dtype::I16, vec![SLOTS], one_note());
    says(&[flat, streams(), grid()], "array read has the shape [8], expected [8, 8]");
    let long = ("starts", Dtype::I32, vec![3], [starts(), vec![0; 4]].concat());
    says(&[read(), long, grid()], "array starts has the shape [3], expected [2]");
    let written = ("written", Dtype::I16, vec![1, SLOTS], one_note());
    says(&[read(), written, streams(), grid()], "there is no array counts");
}

#[test]
fn streams_and_tokens_that_cannot_be_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.safetensors");
    let mut packed = Packed::new();
    packed.push(&tokens(3), false);
    packed.push(&tokens(2), false);
    let fault = |change: fn(&mut Packed)| {
        let mut packed = packed.clone();
        change(&mut packed);
        packed.write(&path).unwrap();
        format!("{:#}", Packed::read(&path).unwrap_err())
    };
    let changes: [fn(&mut Packed); 3] = [|p| p.starts[0] = 1, |p| p.starts[1] = 6, |p| p.starts[2] = 4];
    for change in changes {
        let error = fault(change);
        assert!(error.contains("array starts goes from"), "{error}");
    }
    let error = fault(|p| p.starts[2] = 4);
    assert!(error.ends_with("goes from 0 to 4, expected 0 to 5 without going back"), "{error}");
    // The token of a velocity where a pitch stands.
    let error = fault(|p| p.read[SLOTS] = range(2).start);
    let expected = "array read has the token 133 in slot 0 of note 1, expected one of 5..133";
    assert!(error.ends_with(expected), "{error}");
}
