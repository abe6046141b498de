//! MIDI files as scores and as performances.
#![no_main]

use std::sync::LazyLock;

use notation::Score;
use notation::smf::SmfOptions;
use performance::midi::{match_to_score, read_performance};

/// A scale to match recordings to.
static SCALE: LazyLock<Score> = LazyLock::new(|| {
    let file = include_bytes!("../seeds/smf/scale.mid");
    notation::smf::read(file, &SmfOptions::default()).expect("the seed is whole")
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for snap in [true, false] {
        if let Ok(score) = notation::smf::read(bytes, &SmfOptions { snap }) {
            espressivo_fuzz::check_score(&score);
        }
    }
    if let Ok(played) = read_performance(bytes) {
        espressivo_fuzz::check_recording(&played);
        espressivo_fuzz::check_performance(&SCALE, &match_to_score(&SCALE, &played));
    }
});
