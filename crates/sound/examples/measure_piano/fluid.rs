//! The same music by FluidSynth.

use std::error::Error;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use sound::{Events, SoundEventKind};

/// Ticks a second of the file: 480 a quarter at 120 quarters a minute.
const TICKS_A_SEC: f64 = 960.0;

/// Lets FluidSynth render events on a soundfont, and says how long it took.
pub fn measure(soundfont: &Path, events: &Events) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let [midi, sound, settings] = ["a.mid", "a.wav", "a.cfg"].map(|name| folder.path().join(name));
    std::fs::write(&midi, file(events))?;
    // Its interpolation between three samples.
    std::fs::write(&settings, "interp 2\n")?;
    let start = Instant::now();
    let status = Command::new("fluidsynth")
        .args(["-n", "-i", "-q", "-R", "0", "-C", "0", "-r", "44100", "-o", "synth.polyphony=256", "-f"])
        .arg(&settings)
        .arg("-F")
        .arg(&sound)
        .arg(soundfont)
        .arg(&midi)
        .stdout(Stdio::null())
        .status();
    match status {
        Ok(status) if status.success() => {
            println!("FluidSynth: {:.1} s with its start", start.elapsed().as_secs_f64());
        }
        Ok(status) => println!("FluidSynth failed ({status})"),
        Err(error) if error.kind() == ErrorKind::NotFound => println!("FluidSynth is not installed"),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// A MIDI file of format 0.
fn file(events: &Events) -> Vec<u8> {
    let mut track = vec![0, 0xc0, 0];
    let mut last = 0;
    for event in events.as_slice() {
        let tick = (event.time_secs * TICKS_A_SEC).round() as u32;
        push_length(&mut track, tick - last);
        last = tick;
        track.extend(match event.kind {
            SoundEventKind::NoteOn { pitch, velocity } => [0x90, pitch, velocity],
            SoundEventKind::NoteOff { pitch } => [0x80, pitch, 64],
            SoundEventKind::Sustain { value } => [0xb0, 64, value],
            SoundEventKind::Soft { value } => [0xb0, 67, value],
        });
    }
    track.extend([0, 0xff, 0x2f, 0]);
    let mut bytes = b"MThd\0\0\0\x06\0\0\0\x01\x01\xe0MTrk".to_vec();
    bytes.extend((track.len() as u32).to_be_bytes());
    bytes.extend(track);
    bytes
}

/// A number of up to 28 bits, seven a byte.
fn push_length(track: &mut Vec<u8>, value: u32) {
    for shift in [21, 14, 7] {
        if value >> shift > 0 {
            track.push(0x80 | ((value >> shift) & 0x7f) as u8);
        }
    }
    track.push((value & 0x7f) as u8);
}
