//! From a keyboard to the audio callback.

use rtrb::Producer;

use crate::events::SoundEventKind;

/// Passes on what a person plays, and lets up what is down when that ends.
///
/// It belongs to the threads of keyboards, which may wait for one another; the callback has the other end of
/// the queue and never does.
pub(crate) struct Thru {
    keys: Producer<SoundEventKind>,
    is_on: bool,
    down: [bool; 128],
    pedal: u8,
    soft: u8,
}

impl Thru {
    pub(crate) fn new(keys: Producer<SoundEventKind>) -> Self {
        Self { keys, is_on: true, down: [false; 128], pedal: 0, soft: 0 }
    }

    /// Passes on a movement, if it is to be heard.
    pub(crate) fn play(&mut self, event: SoundEventKind) {
        if self.is_on {
            self.pass(event);
        }
    }

    /// Whether keys are heard from now on.
    pub(crate) fn set_on(&mut self, on: bool) {
        if !on {
            self.release();
        }
        self.is_on = on;
    }

    /// All keys and pedals come up.
    pub(crate) fn release(&mut self) {
        for pitch in 0..128 {
            if self.down[usize::from(pitch)] {
                self.pass(SoundEventKind::NoteOff { pitch });
            }
        }
        if self.pedal > 0 {
            self.pass(SoundEventKind::Sustain { value: 0 });
        }
        if self.soft > 0 {
            self.pass(SoundEventKind::Soft { value: 0 });
        }
    }

    /// What there is no room for is not heard: nobody has taken anything for many seconds.
    fn pass(&mut self, event: SoundEventKind) {
        match event {
            SoundEventKind::NoteOn { pitch, .. } => self.down[usize::from(pitch & 127)] = true,
            SoundEventKind::NoteOff { pitch } => self.down[usize::from(pitch & 127)] = false,
            SoundEventKind::Sustain { value } => self.pedal = value,
            SoundEventKind::Soft { value } => self.soft = value,
        }
        self.keys.push(event).ok();
    }
}

#[cfg(test)]
mod tests {
    use rtrb::RingBuffer;

    use super::*;

    #[test]
    fn what_is_down_comes_up_when_keys_are_not_heard_any_more() {
        let (keys, mut end) = RingBuffer::new(16);
        let mut thru = Thru::new(keys);
        let on = |pitch| SoundEventKind::NoteOn { pitch, velocity: 60 };
        thru.play(on(60));
        thru.play(on(64));
        thru.play(SoundEventKind::Sustain { value: 70 });
        thru.play(SoundEventKind::NoteOff { pitch: 64 });
        thru.set_on(false);
        thru.play(on(67));
        let heard: Vec<SoundEventKind> = std::iter::from_fn(|| end.pop().ok()).skip(4).collect();
        assert_eq!(heard, [SoundEventKind::NoteOff { pitch: 60 }, SoundEventKind::Sustain { value: 0 }]);
        thru.set_on(true);
        thru.play(on(67));
        assert_eq!(end.pop(), Ok(on(67)));
    }
}
