//! Transcribes a WAV file into JSON; for comparison with the network's own package.
//!
//! ```text
//! cargo run --release -p transcription --example transcribe -- IN.wav OUT.json
//! ```
//!
//! The sound is mono, of 16 bits, at 44.1 kHz; the network is in the folder that `ESPRESSIVO_TRANSCRIBER`
//! names. `scripts/transkun_parity.py` reads the result.

use std::error::Error;
use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;
use std::time::Instant;

use hound::{WavIntoSamples, WavReader};
use serde_json::json;
use transcription::{SAMPLE_RATE, Samples, Transcriber};

/// A WAV file of 16 bits.
struct Wav {
    samples: WavIntoSamples<BufReader<File>, i16>,
    length: u64,
}

impl Samples for Wav {
    type Error = hound::Error;

    fn read(&mut self, into: &mut [f32]) -> Result<usize, hound::Error> {
        let mut count = 0;
        for (slot, sample) in into.iter_mut().zip(&mut self.samples) {
            *slot = f32::from(sample?) / 32768.0;
            count += 1;
        }
        Ok(count)
    }

    fn length_hint(&self) -> Option<u64> {
        Some(self.length)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [from, to] = paths.as_slice() else { return Err("usage: transcribe IN.wav OUT.json".into()) };
    let folder =
        std::env::var_os("ESPRESSIVO_TRANSCRIBER").ok_or("ESPRESSIVO_TRANSCRIBER names no folder")?;
    let reader = WavReader::open(from)?;
    let spec = reader.spec();
    if (spec.channels, spec.bits_per_sample, spec.sample_rate) != (1, 16, SAMPLE_RATE) {
        return Err("the sound is not mono, of 16 bits, at 44.1 kHz".into());
    }
    let length = u64::from(reader.duration());
    let mut sound = Wav { samples: reader.into_samples(), length };
    let start = Instant::now();
    let transcriber = Transcriber::load(folder.as_ref())?;
    eprintln!("loaded in {:.2} s", start.elapsed().as_secs_f64());
    let start = Instant::now();
    let found = transcriber.transcribe(&mut sound, &mut |progress| {
        eprint!("\r{:7.1} s of {:.1}", progress.done_secs, progress.whole_secs.unwrap_or_default());
        true
    })?;
    let took_secs = start.elapsed().as_secs_f64();
    eprintln!("\n{} notes in {took_secs:.2} s", found.notes.len());
    let note = |n: &transcription::TranscribedNote| json!({ "pitch": n.pitch, "velocity": n.velocity, "onset_secs": n.onset_secs, "end_secs": n.end_secs });
    let notes: Vec<_> = found.notes.iter().map(note).collect();
    std::fs::write(to, json!({ "took_secs": took_secs, "notes": notes, "pedal": found.pedal }).to_string())?;
    Ok(())
}
