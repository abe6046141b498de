//! What dampers take off the strings.

/// The lowest key whose strings have no damper, as on most grand pianos.
const FIRST_UNDAMPED: u8 = 90;

/// The pedal's middle between dampers that lie and dampers that are off, as a MIDI value, and how wide the way
/// between them is.
const MIDDLE: f32 = 48.0;
const WIDTH: f32 = 9.0;

/// A string that is struck again loses what it had within this time, by 60 dB.
const STRUCK_AGAIN_SECS: f32 = 0.35;

/// How much of the sound of a key that comes up is heard where its damper stays off the string, as a share, and at
/// which contact all of it is.
const LEAST_FELT: f32 = 0.3;
const WHOLE_FELT: f32 = 0.2;

/// Nepers in 60 dB.
const NEPERS_60_DB: f32 = 6.907_755;

/// How heavily the dampers lie on the strings, from 0 (off) to 1 (pedal up), at a value of the pedal. Each
/// value is a little lighter than the one before.
pub(super) fn contact(pedal: u8) -> f32 {
    let weight = |value: f32| 1.0 / (1.0 + ((value - MIDDLE) / WIDTH).exp());
    let (up, down) = (weight(0.0), weight(127.0));
    ((weight(f32::from(pedal.min(127))) - down) / (up - down)).clamp(0.0, 1.0)
}

/// How fast a string loses its sound to its damper, in nepers a second. Lightly lying felt takes little.
pub(super) fn nepers_a_sec(pitch: u8, contact: f32) -> f32 {
    if pitch >= FIRST_UNDAMPED { 0.0 } else { contact * contact * NEPERS_60_DB / damped_secs(pitch) }
}

/// How loud the sound of a key that comes up is, as a share of its loudest: felt that does not fall on the string is
/// heard less. It is heard less only where the string rings on and covers it. Where the damper takes the note away
/// within a moment, that sound is what is left, and with the pedal a little down there must not be less of it than
/// with none. Of a key without a damper the pedal changes nothing.
pub(super) fn felt(pitch: u8, contact: f32) -> f32 {
    if pitch >= FIRST_UNDAMPED {
        return 1.0;
    }
    LEAST_FELT + (1.0 - LEAST_FELT) * (contact / WHOLE_FELT).min(1.0)
}

/// How fast a string loses its sound to a hammer that strikes it again, in nepers a second.
pub(super) fn nepers_a_sec_struck_again() -> f32 {
    NEPERS_60_DB / STRUCK_AGAIN_SECS
}

/// The time in which a damper takes 60 dB off: heavy strings take longer.
fn damped_secs(pitch: u8) -> f32 {
    const LOWEST_SECS: f32 = 0.9;
    const HIGHEST_SECS: f32 = 0.22;
    let share = ((f32::from(pitch) - 21.0) / 67.0).clamp(0.0, 1.0);
    LOWEST_SECS * (HIGHEST_SECS / LOWEST_SECS).powf(share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deeper_the_pedal_the_slower_the_decay() {
        assert_eq!((contact(0), contact(127), contact(255)), (1.0, 0.0, 0.0));
        for value in 0..127 {
            let (higher, deeper) = (nepers_a_sec(60, contact(value)), nepers_a_sec(60, contact(value + 1)));
            assert!(deeper < higher && higher - deeper < 1.5, "{value}: {higher} {deeper}");
        }
        assert!(nepers_a_sec(60, contact(64)) < 0.5, "a pedal that counts as down elsewhere hardly damps");
        assert_eq!(nepers_a_sec(100, 1.0), 0.0);
        assert!(nepers_a_sec(30, 1.0) < nepers_a_sec(80, 1.0));
    }

    #[test]
    fn the_deeper_the_pedal_the_more_is_left_of_string_and_felt_together() {
        // The key that comes up is 37 dB softer than the note.
        let left_db = |pitch: u8, value: u8, secs: f32| {
            let contact = contact(value);
            let (string, felt) = ((-nepers_a_sec(pitch, contact) * secs).exp(), 0.014 * felt(pitch, contact));
            10.0 * (string * string + felt * felt).log10()
        };
        for pitch in [21, 33, 60, 72, 84, 89] {
            for secs in [0.05, 0.1, 0.2, 0.4, 0.8] {
                for value in 0..127 {
                    let (higher, deeper) = (left_db(pitch, value, secs), left_db(pitch, value + 1, secs));
                    assert!(
                        deeper > higher - 1e-3,
                        "key {pitch}, pedal {value}, {secs} s: {higher} {deeper}"
                    );
                }
            }
        }
        assert_eq!((felt(60, 1.0), felt(60, 0.0)), (1.0, LEAST_FELT));
        assert_eq!(felt(100, 0.0), felt(100, 1.0));
    }
}
