//! Whatever reads as a score plays, goes out as MusicXML and as MIDI in every way, and comes back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use notation::{Score, read_score};
use performance::midi::{ExportError, ExportMode, ExportOptions, export, match_to_score, read_performance};
use performance::{Performance, deadpan};

fuzz_target!(|bytes: &[u8]| {
    let Ok(score) = read_score("fuzz", bytes, &Default::default()) else { return };
    espressivo_fuzz::check_score(&score);
    espressivo_fuzz::check_written(&score);
    let played = deadpan(&score);
    espressivo_fuzz::check_performance(&score, &played);
    // The last byte of a score is mostly white space: free to choose tempo and bars with.
    let tempo = f64::from(bytes[bytes.len() - 1]) * 8.0;
    let modes = [ExportMode::ScoreGrid, ExportMode::ExactTiming(tempo), ExportMode::FixedTempo(tempo)];
    for mode in modes {
        let all = ExportOptions { mode, ..ExportOptions::default() };
        round_trip(&score, &played, &all);
        round_trip(&score, &played, &ExportOptions { bars: Some(1..2), ..all });
    }
});

fn round_trip(score: &Score, played: &Performance, options: &ExportOptions) {
    let file = match export(score, played, options) {
        Ok(file) => file,
        Err(ExportError::Empty | ExportError::Pause(_)) => return,
    };
    assert!(file.offset_secs.is_finite());
    let back = read_performance(&file.bytes).expect("what was exported can be read");
    espressivo_fuzz::check_recording(&back);
    espressivo_fuzz::check_performance(score, &match_to_score(score, &back));
}
