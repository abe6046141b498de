//! Music as dense as a study by Liszt.

use sound::{Events, SoundEvent, SoundEventKind};

/// Ten minutes of runs and chords over the whole keyboard, some thirty notes a second, half-pedalled.
pub fn dense() -> Events {
    const SECS: u32 = 600;
    const RUN_A_SEC: u32 = 16;
    let mut events = Vec::new();
    let mut add = |time_secs: f64, kind| events.push(SoundEvent { time_secs, kind });
    let mut strike = |time_secs: f64, secs: f64, pitch: u32, velocity: u32| {
        let (pitch, velocity) = (pitch as u8, velocity as u8);
        add(time_secs, SoundEventKind::NoteOn { pitch, velocity });
        add(time_secs + secs, SoundEventKind::NoteOff { pitch });
    };
    for second in 0..SECS {
        let start = f64::from(second);
        for k in 0..RUN_A_SEC {
            let time_secs = start + f64::from(k) / f64::from(RUN_A_SEC);
            strike(time_secs, 0.05, 60 + (second * 5 + k * 7) % 44, 40 + (second * 11 + k * 13) % 80);
        }
        for half in 0..2 {
            for tone in [0, 7, 12, 16, 19, 24, 28] {
                let time_secs = start + 0.5 * f64::from(half);
                strike(
                    time_secs,
                    0.4,
                    24 + (second * 5 + half * 3) % 12 + tone,
                    50 + (second * 7 + tone) % 70,
                );
            }
        }
    }
    for second in 0..SECS {
        for (after, value) in [(0.02, 0), (0.08, 60), (0.14, 127), (0.7, 70)] {
            add_pedal(&mut events, f64::from(second) + after, value);
        }
    }
    Events::new(events)
}

fn add_pedal(events: &mut Vec<SoundEvent>, time_secs: f64, value: u8) {
    events.push(SoundEvent { time_secs, kind: SoundEventKind::Sustain { value } });
}
