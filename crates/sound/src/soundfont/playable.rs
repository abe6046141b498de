//! Checks that a loaded soundfont's piano keeps the synthesizer within its sample data.
//!
//! The oscillator steps back by one loop length when it passes the end of the loop, once a sample:
//! a step longer than the loop would run out of the data. Steps depend on pitch generators and
//! sample rates, which a damaged file can set to anything.

use rustysynth::{InstrumentRegion, LoopMode, Preset, PresetRegion, SoundFont};

use super::check::Flaw;
use crate::format::RATES_HZ;

/// The slowest output there is ([`RATES_HZ`]); slower output means longer steps.
const LOWEST_OUTPUT_HZ: f64 = *RATES_HZ.start() as f64;

/// A step longer than this overflows the oscillator's fixed-point numbers sooner or later.
const LONGEST_STEP_SAMPLES: f64 = 1e6;

/// A struck key walks through all pairs of zones; real pianos have a few hundred.
const MOST_ZONE_PAIRS: usize = 200_000;

/// The preset that is heard, after its zones have been checked.
pub fn preset_name(font: &SoundFont) -> Result<String, Flaw> {
    let preset = heard_preset(font).ok_or_else(|| Flaw::NoPiano("it has no presets".into()))?;
    if preset.get_bank_number() >= 128 {
        return Err(Flaw::NoPiano("it has drums only".into()));
    }
    let mut pairs = 0_usize;
    let mut sounds_at_middle_c = false;
    for above in preset.get_regions() {
        let Some(instrument) = font.get_instruments().get(above.get_instrument_id()) else {
            return Err(Flaw::Damaged("a preset names an instrument that is not there".into()));
        };
        pairs += instrument.get_regions().len();
        if pairs > MOST_ZONE_PAIRS {
            return Err(Flaw::Damaged(format!("its first preset has over {MOST_ZONE_PAIRS} zones")));
        }
        for zone in instrument.get_regions() {
            check_steps(font, above, zone)?;
            sounds_at_middle_c |= above.contains(60, 64) && zone.contains(60, 64);
        }
    }
    if !sounds_at_middle_c {
        return Err(Flaw::NoPiano("its first preset is silent at middle C".into()));
    }
    Ok(preset.get_name().trim().to_owned())
}

/// The preset that the synthesizer takes for bank 0, program 0: that one, or else the lowest.
fn heard_preset(font: &SoundFont) -> Option<&Preset> {
    let key = |p: &&Preset| (p.get_bank_number() << 16) | p.get_patch_number();
    let presets = font.get_presets();
    presets.iter().rfind(|p| key(p) == 0).or_else(|| presets.iter().min_by_key(key))
}

fn check_steps(font: &SoundFont, above: &PresetRegion, zone: &InstrumentRegion) -> Result<(), Flaw> {
    let Some(sample) = font.get_sample_headers().get(zone.get_sample_id()) else {
        return Err(Flaw::Damaged("an instrument names a sample that is not there".into()));
    };
    let sample_hz = sample.get_sample_rate();
    if !(400..=384_000).contains(&sample_hz) {
        return Err(Flaw::Damaged(format!("a sample has a rate of {sample_hz} Hz")));
    }
    let semitones = highest_transposition(above, zone);
    let step = f64::from(sample_hz) / LOWEST_OUTPUT_HZ * (semitones / 12.0).exp2();
    let loop_samples = i64::from(zone.get_sample_end_loop()) - i64::from(zone.get_sample_start_loop());
    let is_looped = !matches!(zone.get_sample_modes(), LoopMode::NoLoop) && loop_samples > 0;
    if step >= LONGEST_STEP_SAMPLES || (is_looped && step >= loop_samples as f64) {
        return Err(Flaw::Damaged("a zone transposes its sample beyond its loop".into()));
    }
    Ok(())
}

/// Semitones by which a zone can raise its sample at most, over its keys and all modulation.
fn highest_transposition(above: &PresetRegion, zone: &InstrumentRegion) -> f64 {
    let sum = |a: i32, b: i32| f64::from(a) + f64::from(b);
    let per_key = 0.01 * sum(above.get_scale_tuning(), zone.get_scale_tuning());
    let root = f64::from(zone.get_root_key());
    let lowest = above.get_key_range_start().max(zone.get_key_range_start());
    let highest = above.get_key_range_end().min(zone.get_key_range_end());
    let key = (per_key * (f64::from(lowest) - root)).max(per_key * (f64::from(highest) - root));
    let tuning = sum(above.get_coarse_tune(), zone.get_coarse_tune())
        + 0.01 * sum(above.get_fine_tune(), zone.get_fine_tune());
    let modulation_cents = [
        sum(above.get_vibrato_lfo_to_pitch(), zone.get_vibrato_lfo_to_pitch()),
        sum(above.get_modulation_lfo_to_pitch(), zone.get_modulation_lfo_to_pitch()),
        sum(above.get_modulation_envelope_to_pitch(), zone.get_modulation_envelope_to_pitch()),
    ];
    key + tuning + 0.01 * modulation_cents.iter().map(|c| c.abs()).sum::<f64>()
}
