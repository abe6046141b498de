//! The sustain pedal, held or lifted over a stretch.

use protocol::{Edit, Pedal, PedalEvent};

/// The pedal is down from half of its way.
pub const DOWN: u8 = 64;

/// A stretch over which the pedal is put down, or lifted where it was down.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawPedal {
    from_secs: f64,
    to_secs: f64,
    /// Its value over the stretch.
    value: u8,
    /// Its value where the stretch ends now, to go back to.
    after: u8,
}

impl DrawPedal {
    /// Begins at a moment where the pedal has some value: drawing turns it over.
    pub fn new(secs: f64, value_there: u8) -> Self {
        let value = if value_there >= DOWN { 0 } else { 127 };
        let secs = secs.max(0.0);
        Self { from_secs: secs, to_secs: secs, value, after: value_there }
    }

    /// The pointer is at this moment now; `value_at` tells the pedal's value at a moment.
    pub fn follow(&mut self, secs: f64, value_at: impl Fn(f64) -> u8) {
        if secs.is_finite() {
            self.to_secs = secs.max(0.0);
            self.after = value_at(self.stretch_secs().1);
        }
    }

    /// Whether it is put down, and not lifted.
    pub fn is_down(&self) -> bool {
        self.value >= DOWN
    }

    /// First and last moment.
    pub fn stretch_secs(&self) -> (f64, f64) {
        (self.from_secs.min(self.to_secs), self.from_secs.max(self.to_secs))
    }

    /// What changes; none for a stretch without a length.
    pub fn edit(&self) -> Option<Edit> {
        let (from_secs, to_secs) = self.stretch_secs();
        if to_secs <= from_secs {
            return None;
        }
        let event = |time_secs, value| PedalEvent { time_secs, pedal: Pedal::Sustain, value };
        let events = vec![event(from_secs, self.value), event(to_secs, self.after)];
        Some(Edit::Pedal { from_secs, to_secs, events })
    }
}
