//! The settings of the models that play; built only with the feature `models`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(settings) = pianoflow::weights::parse_settings(bytes) {
        let sum: f64 = settings.sampling.step_sizes().iter().sum();
        assert!((sum - 1.0).abs() < 1e-6, "the steps add up to {sum}");
    }
    if let Ok(settings) = pianist_transformer::config::parse(bytes) {
        let playing = &settings.playing;
        assert!(playing.prefix + playing.lookahead < playing.window, "windows that do not move on");
        assert!(settings.network.parameters() > 0);
    }
    if let Ok(settings) = cadenza::groove::parse(bytes) {
        assert!(settings.network.parameters(settings.styles.len()) > 0);
    }
    if let Ok((settings, pertok)) = cadenza::composer::config::parse(bytes) {
        assert_eq!(settings.network.vocabulary, pertok.vocabulary().size());
        assert!(settings.network.parameters() > 0);
    }
});
