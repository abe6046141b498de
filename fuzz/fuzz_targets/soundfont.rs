//! Soundfonts, loaded and played for 0.05 s and its echo.
#![no_main]

use sound::{Events, Piano, SoundEvent, SoundEventKind, Stream};

const PITCHES: [u8; 5] = [0, 30, 60, 90, 127];

/// At 44.1 kHz, 0.3 s in blocks.
const MOST_BLOCKS: usize = 200;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(piano) = Piano::from_bytes(bytes, "fuzz.sf2") else { return };
    let on = |pitch: u8| SoundEventKind::NoteOn { pitch, velocity: 1 + (pitch & !1) };
    let strokes = PITCHES.map(|pitch| SoundEvent { time_secs: 0.0, kind: on(pitch) });
    let releases =
        PITCHES.map(|pitch| SoundEvent { time_secs: 0.05, kind: SoundEventKind::NoteOff { pitch } });
    let events = Events::new([strokes, releases].concat());
    let Ok(mut stream) = Stream::new(&events, &piano, 44_100) else { return };
    for _ in 0..MOST_BLOCKS {
        // A panic in there is caught by the renderer, but the fuzzer's hook sees it first.
        let Ok(Some(block)) = stream.next_block() else { return };
        assert!(block.iter().all(|s| s.is_finite()));
    }
});
