//! Files of sound that nobody should hear, and a song: a message or notes, in bounded time and memory.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::program::{MINUET, Sandbox, score};
use crate::watched::Watched;

/// The network itself is 54 MiB of numbers, and hears sixteen seconds at once.
const MOST_MIB: u64 = 700;

/// A file of samples of 16 bits, mono.
fn write_wav(path: &Path, rate: u32, samples: impl ExactSizeIterator<Item = i16>) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    let bytes = 2 * samples.len() as u32;
    let mut put = |bytes: &[u8]| file.write_all(bytes).unwrap();
    put(b"RIFF");
    put(&(36 + bytes).to_le_bytes());
    put(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    put(&rate.to_le_bytes());
    put(&(2 * rate).to_le_bytes());
    put(b"\x02\0\x10\0data");
    put(&bytes.to_le_bytes());
    samples.for_each(|sample| put(&sample.to_le_bytes()));
}

#[test]
fn a_film_of_four_gibibytes_is_told_by_its_beginning() {
    let sandbox = Sandbox::new();
    let path = sandbox.put("film.mp4", b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41");
    // As large as it says, and nowhere on the disk.
    File::options().write(true).open(path).unwrap().set_len(4 << 30).unwrap();
    let minuet = score(MINUET);
    for command in
        [vec!["transcribe", "film.mp4", "-o", "out.mid"], vec!["align", minuet.as_str(), "film.mp4"]]
    {
        let ran = Watched::of(sandbox.program(&command));
        assert_eq!(ran.code, Some(1), "{}", ran.err);
        assert!(ran.err.contains("film.mp4") && ran.err.contains("a video"), "{}", ran.err);
        assert!(ran.secs < 10.0 && ran.mib < MOST_MIB, "{command:?}: {:.1} s, {} MiB", ran.secs, ran.mib);
    }
}

/// `cargo nextest run --release -p espressivo-cli --run-ignored all -E 'test(an_hour_of_silence)' --no-capture` prints
/// the figures.
#[test]
#[ignore = "needs the transcriber"]
fn an_hour_of_silence_holds_no_piano_needs_transcriber() {
    let sandbox = Sandbox::new();
    write_wav(&sandbox.path("silence.wav"), 8000, std::iter::repeat_n(0, 3600 * 8000));
    let ran = Watched::of(sandbox.program(&["transcribe", "silence.wav", "-o", "out.mid"]));
    println!("an hour of silence: {:.1} s, {} MiB: {}", ran.secs, ran.mib, ran.err.trim());
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.contains("no piano is heard") && ran.err.contains("60 minutes"), "{}", ran.err);
    // A segment of silence is heard once: much less than the hour, whatever else the machine does.
    assert!(ran.secs < 180.0 && ran.mib < MOST_MIB, "{:.1} s, {} MiB", ran.secs, ran.mib);
    assert_eq!(sandbox.files(), ["silence.wav"]);
}

/// Samples a second of the song.
const RATE: u32 = 22_050;

/// Some seconds of what a voice and drums have of a song: a tone with vibrato that glides over an octave and back
/// through two formants, and bursts of noise.
fn song(secs: u32) -> Vec<i16> {
    let mut phase = 0.0_f64;
    let mut noise = 1_u64;
    let sample = |k: u32| {
        let t = f64::from(k) / f64::from(RATE);
        let glide = (std::f64::consts::TAU * t / 4.0).sin();
        let vibrato = 0.03 * (std::f64::consts::TAU * 6.0 * t).sin();
        let pitch_hz = 220.0 * (0.5 + 0.5 * glide + vibrato).exp2();
        phase += pitch_hz / f64::from(RATE);
        let resonance = |centre: f64, hz: f64| (-((hz - centre) / 200.0).powi(2)).exp();
        let harmonic = |n: u32| {
            let hz = f64::from(n) * pitch_hz;
            let level = 0.1 + resonance(700.0, hz) + 0.6 * resonance(1200.0, hz);
            level * (std::f64::consts::TAU * f64::from(n) * phase).sin()
        };
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let drum = (-12.0 * (t % 0.5)).exp() * ((noise >> 33) as f64 / f64::from(1_u32 << 30) - 1.0);
        let voice: f64 = (1..=12).map(harmonic).sum();
        (6000.0 * (0.4 * voice + drum)).clamp(-32_000.0, 32_000.0) as i16
    };
    (0..secs * RATE).map(sample).collect()
}

#[test]
#[ignore = "needs the transcriber"]
fn a_song_is_heard_as_some_notes_or_as_none_needs_transcriber() {
    let sandbox = Sandbox::new();
    write_wav(&sandbox.path("song.wav"), RATE, song(6).into_iter());
    let ran = Watched::of(sandbox.program(&["transcribe", "song.wav", "-o", "song.mid"]));
    println!("six seconds of a song: {:.1} s, {} MiB: {}", ran.secs, ran.mib, ran.err.trim());
    match ran.code {
        Some(0) => assert!(sandbox.midi("song.mid").notes.iter().all(|note| note.onset_secs <= 6.5)),
        Some(1) => assert!(ran.err.contains("no piano is heard"), "{}", ran.err),
        code => panic!("{code:?}: {}", ran.err),
    }
    assert!(ran.secs < 180.0 && ran.mib < MOST_MIB, "{:.1} s, {} MiB", ran.secs, ran.mib);
}
