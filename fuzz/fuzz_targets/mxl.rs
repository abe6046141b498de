//! Compressed MusicXML: the bytes within an archive, and the bytes as an archive.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for file in [espressivo_fuzz::archive(bytes).unwrap_or_default().as_slice(), bytes] {
        if let Ok(score) = notation::read_score("fuzz.mxl", file, &Default::default()) {
            espressivo_fuzz::check_score(&score);
        }
    }
});
