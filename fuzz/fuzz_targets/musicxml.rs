//! MusicXML in any encoding.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for options in espressivo_fuzz::import_options() {
        if let Ok(score) = notation::musicxml::read_bytes(bytes, &options) {
            espressivo_fuzz::check_score(&score);
        }
    }
});
