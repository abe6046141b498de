//! Any text in the mood field: it is taken apart or refused, and nothing of it is made up.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mood::words;

fuzz_target!(|text: &str| {
    let Ok(phrases) = words::parse(text) else { return };
    for phrase in phrases {
        assert!(!phrase.text.is_empty(), "a mood without words");
        // Spaces are put in order; every word is one of the text.
        assert!(phrase.text.split_whitespace().all(|word| text.contains(word)), "{phrase:?}");
    }
});
