//! Recordings of sound: WAV, FLAC, MP3 and Ogg Vorbis, decoded to their end or to a limit, and kept to be heard
//! as they are.
#![no_main]

use std::cell::Cell;

use sound::decode::SoundFile;
use sound::{Excerpt, Recorded};

/// Blocks of a tenth of a second; what a small file unpacks to may last for hours.
const BLOCK: usize = 4410;
const MOST_BLOCKS: usize = 600;

/// Memory that what is kept of a recording takes: up to 26 seconds in two channels of 16 bits.
const MOST_BYTES: usize = 26 * 44_100 * 4;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (excerpt, packets) = (Excerpt { played_secs: 0.5..20.0, attacks_secs: vec![1.0] }, Cell::new(0));
    let goes_on = || packets.replace(packets.get() + 1) < 10_000;
    if let Ok(Some(kept)) = Recorded::from_bytes(bytes.into(), &excerpt, &goes_on) {
        assert!(kept.bytes() <= MOST_BYTES);
    }
    let Ok(mut file) = SoundFile::from_bytes(bytes.to_vec()) else { return };
    file.length_hint();
    let mut block = [0.0; BLOCK];
    for _ in 0..MOST_BLOCKS {
        match file.read(&mut block) {
            Ok(0) => {
                // The end stays the end.
                assert!(matches!(file.read(&mut block), Ok(0)));
                assert!(file.cut_off_secs().is_none_or(|secs| secs.is_finite() && secs >= 0.0));
                return;
            }
            Ok(count) => assert!(count <= BLOCK),
            Err(_) => return,
        }
    }
});
