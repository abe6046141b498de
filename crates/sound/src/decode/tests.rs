#![allow(clippy::unwrap_used)]

use std::f64::consts::TAU;
use std::io::Cursor;

use hound::{SampleFormat, WavSpec, WavWriter};
use proptest::prelude::*;

use super::*;

const FLAC: &[u8] = include_bytes!("../../tests/fixtures/tone.flac");
const MP3: &[u8] = include_bytes!("../../tests/fixtures/tone.mp3");
const OGG: &[u8] = include_bytes!("../../tests/fixtures/tone.ogg");
const OPUS: &[u8] = include_bytes!("../../tests/fixtures/opus.ogg");

/// All samples, read in blocks of some length.
fn samples(file: &mut SoundFile, block: usize) -> Result<Vec<f32>, DecodeError> {
    let mut samples = Vec::new();
    let mut room = vec![0.0; block];
    loop {
        match file.read(&mut room)? {
            0 => return Ok(samples),
            count => samples.extend_from_slice(&room[..count]),
        }
    }
}

fn decoded(bytes: &[u8]) -> Result<Vec<f32>, DecodeError> {
    samples(&mut SoundFile::from_bytes(bytes.to_vec())?, 1000)
}

fn tone(rate: u32, secs: f64) -> Vec<f64> {
    let turn = TAU * 440.0 / f64::from(rate);
    (0..(secs * f64::from(rate)) as usize).map(|k| (turn * k as f64).sin()).collect()
}

/// A tone of half of full scale; of two channels the second is silent.
fn wav(rate: u32, channels: u16, bits: u16, format: SampleFormat, secs: f64) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let spec = WavSpec { channels, sample_rate: rate, bits_per_sample: bits, sample_format: format };
    let mut writer = WavWriter::new(&mut bytes, spec).unwrap();
    for value in tone(rate, secs) {
        for channel in 0..channels {
            let value = if channel == 0 { 0.5 * value } else { 0.0 };
            match format {
                SampleFormat::Float => writer.write_sample(value as f32).unwrap(),
                SampleFormat::Int => {
                    let full = f64::from(1u32 << (bits - 1)) - 1.0;
                    writer.write_sample((value * full).round() as i32).unwrap();
                }
            }
        }
    }
    writer.finalize().unwrap();
    bytes.into_inner()
}

/// Checks that a sound is the tone at a level, away from its ends.
fn assert_tone(name: &str, heard: &[f32], level: f64, secs: f64, error: f64) {
    let expected = tone(SAMPLE_RATE, secs);
    assert!(heard.len().abs_diff(expected.len()) <= 2, "{name}: {} samples", heard.len());
    for k in 4_000..heard.len() - 4_000 {
        let off = (f64::from(heard[k]) - level * expected[k]).abs();
        assert!(off < error, "{name}: sample {k} is {}, not {}", heard[k], level * expected[k]);
    }
}

#[test]
fn wav_files_of_all_kinds_are_heard() {
    for (bits, format, error) in [
        (8, SampleFormat::Int, 1e-2),
        (16, SampleFormat::Int, 1e-4),
        (24, SampleFormat::Int, 1e-5),
        (32, SampleFormat::Int, 1e-5),
        (32, SampleFormat::Float, 1e-5),
    ] {
        let heard = decoded(&wav(SAMPLE_RATE, 1, bits, format, 0.5)).unwrap();
        assert_tone(&format!("{bits} {format:?}"), &heard, 0.5, 0.5, error);
    }
}

#[test]
fn channels_are_averaged_and_rates_converted() {
    let bytes = wav(96_000, 2, 24, SampleFormat::Int, 1.0);
    let mut file = SoundFile::from_bytes(bytes).unwrap();
    assert_eq!(file.length_hint(), Some(44_100));
    let heard = samples(&mut file, 777).unwrap();
    assert_tone("96 kHz", &heard, 0.25, 1.0, 1e-3);
    assert_eq!(heard.len(), 44_100);
    assert_eq!(file.cut_off_secs(), None);
}

#[test]
fn the_size_of_blocks_changes_nothing() {
    let read = |block| samples(&mut SoundFile::from_bytes(OGG.to_vec()).unwrap(), block).unwrap();
    assert_eq!(read(1), read(100_000));
    assert_eq!(SoundFile::from_bytes(FLAC.to_vec()).unwrap().read(&mut []).unwrap(), 0);
}

/// The pitch in Hz and the root mean square of a sound without its ends.
fn pitch_and_level(heard: &[f32]) -> (f64, f64) {
    let middle = &heard[4_000..heard.len() - 4_000];
    let rises = middle.windows(2).filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0).count();
    let power = middle.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>() / middle.len() as f64;
    (rises as f64 * f64::from(SAMPLE_RATE) / middle.len() as f64, power.sqrt())
}

#[test]
fn flac_mp3_and_ogg_are_heard() {
    assert_tone("FLAC", &decoded(FLAC).unwrap(), 0.125, 0.5, 1e-3);
    // ffmpeg makes two channels of one at half the power each.
    for (name, bytes, mono) in [("MP3", MP3, 1.0), ("Ogg", OGG, 0.5_f64.sqrt())] {
        let heard = decoded(bytes).unwrap();
        let secs = heard.len() as f64 / f64::from(SAMPLE_RATE);
        assert!((0.45..0.75).contains(&secs), "{name}: {secs} s");
        let (pitch, level) = pitch_and_level(&heard);
        assert!((pitch - 440.0).abs() < 5.0, "{name}: {pitch} Hz");
        assert!((level / (0.125 * mono / 2.0_f64.sqrt()) - 1.0).abs() < 0.1, "{name}: {level}");
    }
}

#[test]
fn what_is_there_of_a_file_that_breaks_off_is_heard() {
    let whole = wav(SAMPLE_RATE, 1, 16, SampleFormat::Int, 4.0);
    let mut file = SoundFile::from_bytes(whole[..whole.len() / 2].to_vec()).unwrap();
    let heard = samples(&mut file, 4096).unwrap();
    let secs = heard.len() as f64 / f64::from(SAMPLE_RATE);
    assert!((1.7..=2.0).contains(&secs), "{secs} s");
    assert!(file.cut_off_secs().is_some_and(|cut| (cut - secs).abs() < 0.01), "{:?}", file.cut_off_secs());
    for bytes in [FLAC, MP3] {
        let part = decoded(&bytes[..bytes.len() * 2 / 3]).unwrap();
        assert!(!part.is_empty() && part.len() < decoded(bytes).unwrap().len());
    }
    // The sound of so short an Ogg file is one page, which is whole or not there.
    assert!(matches!(decoded(&OGG[..OGG.len() * 2 / 3]), Err(DecodeError::Empty("Ogg"))));
}

#[test]
fn a_damaged_place_does_not_end_the_sound() {
    let mut bytes = FLAC.to_vec();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 40].fill(0x55);
    let heard = decoded(&bytes).unwrap();
    let whole = decoded(FLAC).unwrap();
    assert!((0..1_000).all(|k| (heard[k] - whole[k]).abs() < 1e-4), "what comes before it, too");
    let end = &heard[heard.len() - 4_000..];
    assert!(end.iter().any(|sample| sample.abs() > 0.1), "what comes after the damage is heard");
}

#[test]
fn files_without_sound_say_what_they_are() {
    let message = |bytes: &[u8]| decoded(bytes).unwrap_err().to_string();
    let empty = message(&wav(SAMPLE_RATE, 1, 16, SampleFormat::Int, 0.0));
    assert!(empty.contains("no sound"), "{empty}");
    for bytes in [&b""[..], b"ab", b"A letter, not a recording. ".repeat(100).as_slice(), b"MThd\0\0\0\x06"] {
        let message = message(bytes);
        assert!(message.contains("WAV, FLAC, MP3 and Ogg Vorbis can be read"), "{message}");
    }
    let opus = message(OPUS);
    assert!(opus.contains("Opus") && opus.contains("save its sound as WAV"), "{opus}");
    let video = message(b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41");
    assert!(video.contains("a video"), "{video}");
}

#[test]
fn a_head_without_a_body_is_an_error() {
    let wav = wav(SAMPLE_RATE, 1, 16, SampleFormat::Int, 0.5);
    for bytes in [&wav[..12], &FLAC[..4], &OGG[..60], &MP3[..4], b"ID3\x04\0\0\0\0\0\0"] {
        assert!(decoded(bytes).is_err(), "{bytes:x?}");
    }
}

#[test]
fn a_file_is_read_by_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tone.bin");
    std::fs::write(&path, FLAC).unwrap();
    assert_eq!(samples(&mut SoundFile::open(&path).unwrap(), 999).unwrap(), decoded(FLAC).unwrap());
    let missing = SoundFile::open(&folder.path().join("missing")).err().unwrap();
    assert!(matches!(missing, DecodeError::System(_)), "{missing}");
}

proptest! {
    /// Whatever is wrong in a file, reading it ends, with sound or with an error.
    #[test]
    fn damaged_files_come_to_an_end(
        which in 0..3_usize,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = [FLAC, MP3, OGG][which].to_vec();
        for (place, value) in damage {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        if let Ok(mut file) = SoundFile::from_bytes(bytes) {
            let mut room = [0.0; 4096];
            for _ in 0..2000 {
                if !matches!(file.read(&mut room), Ok(1..)) {
                    return Ok(());
                }
            }
            return Err(TestCaseError::fail("half a second becomes minutes"));
        }
    }
}
