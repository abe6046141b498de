//! A recorded piano that is small enough for a test: two layers of three keys.

use std::fs;
use std::path::Path;

/// Frames a second.
const RATE: u32 = 44_100;

/// Keys that are "recorded".
const KEYS: [u8; 3] = [33, 57, 81];

/// Whom it names.
pub const CREDITS: &str = "made-up piano by nobody, CC0";

/// Puts the piano into a folder.
pub fn put(folder: &Path) {
    let mut layers = Vec::new();
    for (name, level, darkness) in [("soft", 0.05, 2.0), ("loud", 0.5, 1.0)] {
        fs::create_dir_all(folder.join(name)).unwrap();
        for key in KEYS {
            let hertz = 440.0 * ((f64::from(key) - 69.0) / 12.0).exp2();
            fs::write(folder.join(name).join(format!("{key}.wav")), tone((hertz, darkness), level, 1.5))
                .unwrap();
        }
        let keys = KEYS.map(|key| format!("\"{key}\": \"{key}.wav\"")).join(", ");
        layers.push(format!("{{\"folder\": \"{name}\", \"keys\": {{{keys}}}}}"));
    }
    fs::create_dir_all(folder.join("release")).unwrap();
    let release = KEYS.map(|key| {
        fs::write(folder.join(format!("release/{key}.wav")), tone((180.0, 1.0), 0.01, 0.2)).unwrap();
        format!("\"{key}\": \"release/{key}.wav\"")
    });
    let (layers, release) = (layers.join(", "), release.join(", "));
    let json = format!(
        "{{\"name\": \"Made-up piano\", \"credits\": \"{CREDITS}\", \"layers\": [{layers}], \"release\": {{{release}}}}}"
    );
    fs::write(folder.join("piano.json"), json).unwrap();
}

/// A tone that dies away, with two overtones that are the weaker the darker it is, as a WAV file of 16 bits, stereo.
fn tone((hertz, darkness): (f64, f64), level: f64, secs: f64) -> Vec<u8> {
    let frames = (secs * f64::from(RATE)) as u32;
    let bytes = frames * 4;
    let mut wav: Vec<u8> = Vec::new();
    wav.extend(b"RIFF");
    wav.extend((36 + bytes).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    // Numbers, two channels.
    wav.extend([1, 0, 2, 0]);
    wav.extend(RATE.to_le_bytes());
    wav.extend((RATE * 4).to_le_bytes());
    wav.extend([4, 0, 16, 0]);
    wav.extend(b"data");
    wav.extend(bytes.to_le_bytes());
    for frame in 0..frames {
        let at = f64::from(frame) / f64::from(RATE);
        let partial = |k: i32| {
            let k = f64::from(k);
            (std::f64::consts::TAU * hertz * k * at).sin() * k.powf(-darkness)
        };
        let wave: f64 = (1..=3).map(partial).sum();
        let sample = (wave / 2.0 * level * (-3.0 * at / secs).exp() * 32_000.0) as i16;
        wav.extend(sample.to_le_bytes());
        wav.extend(sample.to_le_bytes());
    }
    wav
}
