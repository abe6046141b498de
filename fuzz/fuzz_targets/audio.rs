//! Recordings of sound: WAV, FLAC, MP3 and Ogg Vorbis, decoded to their end or to a limit.
#![no_main]

use sound::decode::SoundFile;

/// Blocks of a tenth of a second; what a small file unpacks to may last for hours.
const BLOCK: usize = 4410;
const MOST_BLOCKS: usize = 600;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
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
