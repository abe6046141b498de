//! An excerpt as sound.

use std::ops::ControlFlow;
use std::path::Path;

use anyhow::{Context, Result};
use hound::{SampleFormat, WavSpec, WavWriter};
use performance::{Pedal, PedalEvent};
use sound::decode::{SAMPLE_RATE, SoundFile};
use sound::{Events, Piano, SoundEvent, SoundEventKind, render};

use super::excerpt::Excerpt;
use super::keys::Keys;

/// The largest sample of a file.
const PEAK: f32 = 0.7;

/// Samples that are read at once.
const BLOCK: usize = 1 << 16;

/// Plays an excerpt on a piano: mono, the mean of both channels, at [`SAMPLE_RATE`].
pub fn play(excerpt: &Excerpt, piano: &Piano) -> Result<Vec<f32>> {
    let events = events(&excerpt.truth, &excerpt.pedals);
    let audio = render(&events, piano, SAMPLE_RATE, &mut |_| ControlFlow::Continue(()))
        .with_context(|| format!("{} cannot be played", excerpt.name))?;
    let mut samples: Vec<f32> =
        audio.samples.chunks_exact(2).map(|frame| (frame[0] + frame[1]) / 2.0).collect();
    samples.resize((excerpt.length_secs * f64::from(SAMPLE_RATE)) as usize, 0.0);
    Ok(samples)
}

/// What the piano is told, by time: at one moment keys come up, then the pedal moves, then keys go down.
fn events(keys: &Keys, pedals: &[PedalEvent]) -> Events {
    let event = |time_secs, kind| SoundEvent { time_secs, kind };
    let mut events: Vec<SoundEvent> = Vec::with_capacity(2 * keys.keys.len() + pedals.len());
    events.extend(
        keys.keys.iter().map(|key| event(key.end_secs, SoundEventKind::NoteOff { pitch: key.pitch })),
    );
    let sustain = pedals.iter().filter(|moved| moved.pedal == Pedal::Sustain);
    events
        .extend(sustain.map(|moved| event(moved.time_secs, SoundEventKind::Sustain { value: moved.value })));
    let on = |pitch, velocity: u8| SoundEventKind::NoteOn { pitch, velocity: velocity.clamp(1, 127) };
    events.extend(keys.keys.iter().map(|key| event(key.onset_secs, on(key.pitch, key.velocity))));
    Events::new(events)
}

/// Writes mono sound as a WAV file of 16 bits, brought to one peak.
pub fn write(path: &Path, samples: &[f32]) -> Result<()> {
    let cannot = || format!("cannot write {}", path.display());
    let peak = samples.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
    let gain = if peak > 0.0 { PEAK / peak } else { 1.0 };
    let spec = WavSpec {
        channels: 1,
        sample_rate: SAMPLE_RATE,
        bits_per_sample: 16,
        sample_format: SampleFormat::Int,
    };
    let mut writer = WavWriter::create(path, spec).with_context(cannot)?;
    for sample in samples {
        writer.write_sample((sample * gain * f32::from(i16::MAX)).round() as i16).with_context(cannot)?;
    }
    writer.finalize().with_context(cannot)
}

/// Reads a sound file as the transcriber reads it: mono, at [`SAMPLE_RATE`].
pub fn read(path: &Path) -> Result<Vec<f32>> {
    let cannot = || format!("cannot read {}", path.display());
    let mut file = SoundFile::open(path).with_context(cannot)?;
    let (mut samples, mut block) = (Vec::new(), vec![0.0; BLOCK]);
    loop {
        match file.read(&mut block).with_context(cannot)? {
            0 => return Ok(samples),
            count => samples.extend_from_slice(&block[..count]),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::keys::{Key, Press};
    use super::*;

    #[test]
    fn keys_come_up_before_they_are_struck_again() {
        let key = |onset_secs, end_secs| Key { pitch: 60, velocity: 0, onset_secs, end_secs };
        let press = Press { from_secs: 1.0, to_secs: 2.0 };
        let keys = Keys { keys: vec![key(0.0, 1.0), key(1.0, 2.0)], pedal: vec![press] };
        let told = events(&keys, &keys.midi().pedals);
        let kinds: Vec<(f64, SoundEventKind)> =
            told.as_slice().iter().map(|e| (e.time_secs, e.kind)).collect();
        let (on, off) =
            (SoundEventKind::NoteOn { pitch: 60, velocity: 1 }, SoundEventKind::NoteOff { pitch: 60 });
        let pedal = |value| SoundEventKind::Sustain { value };
        assert_eq!(kinds, [(0.0, on), (1.0, off), (1.0, pedal(127)), (1.0, on), (2.0, off), (2.0, pedal(0))]);
    }

    #[test]
    fn a_file_is_read_as_it_was_written_but_for_its_peak() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tone.wav");
        let tone: Vec<f32> = (0..10_000).map(|k| 0.2 * (k as f32 * 0.1).sin()).collect();
        write(&path, &tone).unwrap();
        let read = read(&path).unwrap();
        assert_eq!(read.len(), tone.len());
        let peak = tone.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
        for (a, b) in read.iter().zip(&tone) {
            assert!((a - b * PEAK / peak).abs() < 1e-4, "{a} {b}");
        }
    }
}
