//! What a MIDI keyboard sends: messages of any length. The first byte of each piece of the input is its length.
#![no_main]

use sound::keyboard::KeyAction;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut rest = bytes;
    while let Some((length, more)) = rest.split_first() {
        let (message, after) = more.split_at(more.len().min(usize::from(length & 7)));
        rest = after;
        match KeyAction::read(message) {
            Some(KeyAction::Down { pitch, velocity }) => {
                assert!(pitch <= 127 && (1..=127).contains(&velocity));
            }
            Some(KeyAction::Up { pitch }) => assert!(pitch <= 127),
            Some(KeyAction::Pedal { value, .. }) => assert!(value <= 127),
            None => {}
        }
    }
});
