//! How much sound a device is to take at once.
//!
//! The device plays one buffer while the next one is made. Long buffers bridge the moments in which other programs
//! have the processor; short ones let a key be heard soon. So they are short only while somebody plays on a
//! keyboard, and longer from the first gap on.

/// Frames at once: 43 ms at 48 kHz.
const USUAL_FRAMES: u32 = 2048;

/// While somebody plays on a keyboard: 5 ms at 48 kHz.
const SHORT_FRAMES: u32 = 256;

/// How often buffers become twice as long at most.
const MOST_DOUBLINGS: u32 = 2;

/// How much sound a device is to take at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Buffer {
    /// So many frames, or as near to that as the device can.
    Frames(u32),
    /// As the system has it.
    Default,
}

/// How long buffers are on this machine.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lengths {
    /// How often they were made twice as long while nobody played on a keyboard.
    usual: u32,
    /// And while somebody did.
    short: u32,
}

impl Lengths {
    /// What suits what is going on.
    pub(crate) fn wanted(&self, is_played_on: bool) -> Buffer {
        let (frames, doublings) =
            if is_played_on { (SHORT_FRAMES, self.short) } else { (USUAL_FRAMES, self.usual) };
        Buffer::Frames(frames << doublings)
    }

    /// The machine was too busy: makes the buffers of what is going on longer, up to a limit.
    pub(crate) fn lengthen(&mut self, is_played_on: bool) {
        let doublings = if is_played_on { &mut self.short } else { &mut self.usual };
        *doublings = (*doublings + 1).min(MOST_DOUBLINGS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_grow_up_to_a_limit_each_for_itself() {
        let mut lengths = Lengths::default();
        assert_eq!(lengths.wanted(true), Buffer::Frames(256));
        for expected in [2048, 4096, 8192, 8192] {
            assert_eq!(lengths.wanted(false), Buffer::Frames(expected));
            lengths.lengthen(false);
        }
        assert_eq!(lengths.wanted(true), Buffer::Frames(256));
        lengths.lengthen(true);
        assert_eq!(lengths.wanted(true), Buffer::Frames(512));
    }
}
