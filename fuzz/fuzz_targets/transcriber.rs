//! Settings and weights of the network that hears notes; built only with the feature `models`. The first two bytes
//! say how long the settings are; the weights follow.
#![no_main]

use libfuzzer_sys::fuzz_target;
use transcription::Transcriber;

fuzz_target!(|bytes: &[u8]| {
    let Some((length, rest)) = bytes.split_first_chunk::<2>() else { return };
    let (settings, weights) = rest.split_at(rest.len().min(usize::from(u16::from_le_bytes(*length))));
    let Ok(folder) = tempfile::tempdir() else { return };
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).is_ok();
    if write("config.json", settings) && write("model.safetensors", weights) {
        // A few kilobytes are no network: whatever they hold, it is refused in words.
        if let Err(error) = Transcriber::load(folder.path()) {
            assert!(!error.to_string().is_empty());
        }
    }
});
