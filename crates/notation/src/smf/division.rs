//! What a tick of a MIDI file is.

use super::error::SmfError;

/// What a tick is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Division {
    /// A part of a quarter note; the number of them in one.
    PerQuarter(u16),
    /// A part of a second (SMPTE time code); the number of them in one.
    PerSecond(f64),
}

impl Division {
    /// Reads the division field of the header.
    pub(super) fn read(field: u16) -> Result<Self, SmfError> {
        let [high, low] = field.to_be_bytes();
        if high < 0x80 {
            return if field == 0 { Err(SmfError::NoDivision) } else { Ok(Self::PerQuarter(field)) };
        }
        // Time code: frames a second as a negative number, and ticks in a frame. 29 frames stand for
        // 30 of which some are dropped.
        let frames = match high.wrapping_neg() {
            29 => 30_000.0 / 1001.0,
            frames @ (24 | 25 | 30) => f64::from(frames),
            other => {
                let what = format!("its time code counts {other} frames a second, which no standard has");
                return Err(SmfError::Broken { track: None, what });
            }
        };
        if low == 0 { Err(SmfError::NoDivision) } else { Ok(Self::PerSecond(frames * f64::from(low))) }
    }
}
