//! The keys and the pedal at the other end of a port.

use std::time::Duration;

use crate::events::SoundEventKind;
use crate::midi_port::MidiPort;

/// How long the key of a single note is down.
const STRUCK_FOR: Duration = Duration::from_millis(350);

const NOTE_OFF: u8 = 0x80;
const NOTE_ON: u8 = 0x90;
const CONTROL: u8 = 0xb0;
const SUSTAIN: u8 = 64;
const ALL_NOTES_OFF: u8 = 123;

/// Which keys are down, and where the sustain pedal is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hands {
    pub down: [bool; 128],
    pub pedal: u8,
}

impl Hands {
    /// Nothing is touched.
    pub const UP: Self = Self { down: [false; 128], pedal: 0 };

    /// How everything is after some events.
    pub fn after(events: impl Iterator<Item = SoundEventKind>) -> Self {
        let mut hands = Self::UP;
        events.for_each(|event| hands.follow(event));
        hands
    }

    fn follow(&mut self, event: SoundEventKind) {
        match event {
            SoundEventKind::NoteOn { pitch, .. } => self.down[usize::from(pitch & 127)] = true,
            SoundEventKind::NoteOff { pitch } => self.down[usize::from(pitch & 127)] = false,
            SoundEventKind::Sustain { value } => self.pedal = value,
            SoundEventKind::Soft { .. } => {}
        }
    }
}

/// A port, and the keys and pedals that it holds.
pub(super) struct Keyboard {
    port: Box<dyn MidiPort>,
    hands: Hands,
    /// The key of a single note and when it comes up.
    single: Option<(u8, Duration)>,
}

impl Keyboard {
    pub fn new(port: Box<dyn MidiPort>) -> Self {
        Self { port, hands: Hands::UP, single: None }
    }

    /// Sends an event. A key that is not down is not lifted.
    pub fn play(&mut self, event: SoundEventKind) -> Result<(), String> {
        match event {
            SoundEventKind::NoteOn { pitch, velocity } => {
                self.port.send(&[NOTE_ON, pitch & 127, velocity.clamp(1, 127)])?;
            }
            SoundEventKind::NoteOff { pitch } if self.hands.down[usize::from(pitch & 127)] => {
                self.lift(pitch & 127)?;
            }
            // The soft pedal is not sent: instruments differ in what they make of it.
            SoundEventKind::NoteOff { .. } | SoundEventKind::Soft { .. } => {}
            SoundEventKind::Sustain { value } => self.port.send(&[CONTROL, SUSTAIN, value & 127])?,
        }
        self.hands.follow(event);
        Ok(())
    }

    /// Lets all keys and the pedal come up; sends that once.
    pub fn release_all(&mut self) -> Result<(), String> {
        if self.hands == Hands::UP {
            return Ok(());
        }
        self.hold(&Hands::UP)?;
        self.port.send(&[CONTROL, SUSTAIN, 0])?;
        self.port.send(&[CONTROL, ALL_NOTES_OFF, 0])
    }

    /// Lifts the keys that are not down any more and moves the pedal. No key is struck.
    pub fn hold(&mut self, wanted: &Hands) -> Result<(), String> {
        for pitch in 0..128 {
            if self.hands.down[usize::from(pitch)] && !wanted.down[usize::from(pitch)] {
                self.play(SoundEventKind::NoteOff { pitch })?;
            }
        }
        if self.hands.pedal != wanted.pedal {
            self.play(SoundEventKind::Sustain { value: wanted.pedal })?;
        }
        Ok(())
    }

    /// Strikes a single note.
    pub fn strike(&mut self, pitch: u8, velocity: u8, now: Duration) -> Result<(), String> {
        self.lift_single()?;
        self.port.send(&[NOTE_ON, pitch & 127, velocity.clamp(1, 127)])?;
        self.single = Some((pitch & 127, now + STRUCK_FOR));
        Ok(())
    }

    /// Lifts the key of a single note when its time has come.
    pub fn pass_time(&mut self, now: Duration) -> Result<(), String> {
        if self.single.is_some_and(|(_, until)| until <= now) { self.lift_single() } else { Ok(()) }
    }

    /// Lifts the key of a single note at once, unless the music holds it.
    pub fn lift_single(&mut self) -> Result<(), String> {
        match self.single.take() {
            Some((pitch, _)) if !self.hands.down[usize::from(pitch)] => self.lift(pitch),
            _ => Ok(()),
        }
    }

    pub fn is_connected(&mut self) -> bool {
        self.port.is_connected()
    }

    fn lift(&mut self, pitch: u8) -> Result<(), String> {
        self.port.send(&[NOTE_OFF, pitch, 64])
    }
}
