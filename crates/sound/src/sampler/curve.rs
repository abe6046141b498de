//! How loud a key is by how hard it is struck, the same for all keys.

/// Decibels for each tenfold of velocity.
const SLOPE_DB: f32 = 40.0;

/// Added to the velocity: the softest notes are 40 dB below the loudest, and no step is larger than 1.2 dB.
const OFFSET: f32 = 13.0;

/// The loudest velocity.
pub(super) const LOUDEST: f32 = 127.0;

/// How much softer than the loudest note a velocity is, in decibels, not above 0.
///
/// With the square of the velocity, as General MIDI level 2 has it, one step at the soft end would be 12 dB.
pub(super) fn level_db(velocity: f32) -> f32 {
    SLOPE_DB * ((velocity.clamp(0.0, LOUDEST) + OFFSET) / (LOUDEST + OFFSET)).log10()
}

/// The velocity of a level against the loudest, in decibels; below 0 where no velocity is that soft.
pub(super) fn velocity_of(level_db: f32) -> f32 {
    (LOUDEST + OFFSET) * 10_f32.powf(level_db / SLOPE_DB) - OFFSET
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_rises_in_small_steps() {
        for velocity in 1..127_u8 {
            let [softer, louder] = [velocity, velocity + 1].map(|v| level_db(f32::from(v)));
            assert!(louder > softer && louder - softer < 1.25, "{velocity}: {softer} {louder}");
            assert!((velocity_of(softer) - f32::from(velocity)).abs() < 0.01);
        }
        assert_eq!(level_db(127.0), 0.0);
    }
}
