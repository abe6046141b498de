//! Measures a sampled piano: `cargo run --release -p sound --example measure_piano -- FOLDER [SOUNDFONT]
//! [--minutes N [--device-ms N] [--busy N]]`.
//!
//! Prints how long loading takes and how much memory; for twelve keys whether level and brightness rise with
//! each velocity; how decay depends on the pedal; the tuning of keys between the recorded ones; and the
//! processor time of ten minutes of dense music, beside that of FluidSynth if it is installed and a soundfont
//! is named.
//!
//! With `--minutes` it plays that much of the music in real time instead, beside as many threads that compute as
//! there are cores (or `--busy`), and counts the buffers that a device which holds 50 ms (or `--device-ms`) would
//! have had to wait for.

mod fluid;
mod music;
mod real_time;
#[path = "../../tests/common/spectrum.rs"]
mod spectrum;

use std::cell::Cell;
use std::error::Error;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use real_time::RealTime;
use sound::format::{BLOCK_FRAMES, Block};
use sound::{Piano, SampledPiano, Stream};
use spectrum::{centroid_hz, line_hz};

const RATE_HZ: u32 = 44_100;

/// What is played on one instrument: calls between blocks.
#[derive(Clone, Copy)]
enum Step {
    On(u8, u8),
    Off(u8),
    Pedal(u8),
    /// So many seconds pass.
    Pass(f64),
}

/// Plays steps on a new instrument; left and right of what was heard in the last one.
fn heard(piano: &Piano, steps: &[Step]) -> Result<[Vec<f32>; 2], Box<dyn Error>> {
    let mut instrument = piano.open(RATE_HZ, sound::instrument::VOICES)?;
    let mut block: Block = [0.0; 2 * BLOCK_FRAMES];
    let mut sound = [Vec::new(), Vec::new()];
    for step in steps {
        match *step {
            Step::On(pitch, velocity) => instrument.note_on(pitch, velocity),
            Step::Off(pitch) => instrument.note_off(pitch),
            Step::Pedal(value) => instrument.sustain(value),
            Step::Pass(secs) => {
                sound.iter_mut().for_each(Vec::clear);
                for _ in 0..(secs * f64::from(RATE_HZ) / BLOCK_FRAMES as f64).round() as usize {
                    instrument.render(&mut block);
                    for frame in block.chunks_exact(2) {
                        sound[0].push(frame[0]);
                        sound[1].push(frame[1]);
                    }
                }
            }
        }
    }
    Ok(sound)
}

fn level_db(sound: &[Vec<f32>; 2]) -> f64 {
    let power: f64 = sound.iter().flatten().map(|s| f64::from(*s).powi(2)).sum();
    10.0 * (power / sound.iter().map(Vec::len).sum::<usize>().max(1) as f64).max(1e-20).log10()
}

/// How well the order of some values is that of their places: Spearman's rank correlation.
fn order(values: &[f64]) -> f64 {
    let mut sorted: Vec<usize> = (0..values.len()).collect();
    sorted.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let squares = sorted.iter().enumerate().map(|(rank, place)| (rank as f64 - *place as f64).powi(2));
    let count = values.len() as f64;
    1.0 - 6.0 * squares.sum::<f64>() / (count * (count * count - 1.0))
}

fn velocities(piano: &Piano) -> Result<(), Box<dyn Error>> {
    println!("\nkey  level: order, least and largest step   centroid: order, from and to");
    for pitch in [21, 29, 37, 45, 52, 60, 68, 76, 84, 92, 100, 108] {
        let (mut levels, mut centroids) = (Vec::new(), Vec::new());
        for velocity in 1..=127 {
            let sound = heard(piano, &[Step::On(pitch, velocity), Step::Pass(0.5)])?;
            levels.push(level_db(&sound));
            let both = [0, 1].map(|c| centroid_hz(&sound[c], f64::from(RATE_HZ)));
            centroids.push(0.5 * (both[0] + both[1]));
        }
        let steps = || levels.windows(2).map(|pair| pair[1] - pair[0]);
        println!(
            "{pitch:3}  {:.4}, {:.2} and {:.2} dB   {:.4}, {:.0} and {:.0} Hz",
            order(&levels),
            steps().fold(f64::INFINITY, f64::min),
            steps().fold(f64::NEG_INFINITY, f64::max),
            order(&centroids),
            centroids[0],
            centroids[126]
        );
    }
    Ok(())
}

/// How much is left a fifth of a second after the key has come up. Not how fast it falls: where the damper is down
/// what is left after a moment is the release sound, which falls slowly.
fn pedal(piano: &Piano) -> Result<(), Box<dyn Error>> {
    println!("\ndecibels lost .2 s after the key has come up, by the pedal from 0 to 127 in steps of 8");
    for pitch in [33, 45, 60, 72, 84] {
        let mut lost = Vec::new();
        for value in (0..=127).step_by(8) {
            let level = |then: &[Step]| -> Result<f64, Box<dyn Error>> {
                let held = [Step::Pedal(value), Step::On(pitch, 80), Step::Pass(0.5)];
                Ok(level_db(&heard(piano, &held.iter().chain(then).copied().collect::<Vec<_>>())?))
            };
            let before = level(&[Step::Pass(0.05)])?;
            let after = level(&[Step::Off(pitch), Step::Pass(0.2), Step::Pass(0.05)])?;
            lost.push(before - after);
        }
        let rises = lost.windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max);
        let list: Vec<String> = lost.iter().map(|lost| format!("{lost:.1}")).collect();
        println!("{pitch:3}  {}; largest rise {rises:.2}", list.join(" "));
    }
    Ok(())
}

/// Keys between the recorded ones against those that they are made of: how far off they are, in cents.
fn tuning(sampled: &SampledPiano) -> Result<(), Box<dyn Error>> {
    let piano = sampled.piano();
    let recorded: Vec<u8> = sampled.layers().into_iter().map(|(pitch, _)| pitch).collect();
    let mut worst = (0, 0.0_f64);
    let line = |pitch: u8, partial: f64| -> Result<f64, Box<dyn Error>> {
        let near_hz = partial * 440.0 * ((f64::from(pitch) - 69.0) / 12.0).exp2();
        let sound = heard(&piano, &[Step::On(pitch, 80), Step::Pass(0.05), Step::Pass(1.0)])?;
        Ok(line_hz(&sound[0], f64::from(RATE_HZ), near_hz))
    };
    for pitch in (21..=108).filter(|pitch| !recorded.contains(pitch)) {
        let Some(root) = recorded.iter().copied().min_by_key(|key| key.abs_diff(pitch)) else { break };
        let partial = if pitch < 45 {
            4.0
        } else if pitch < 60 {
            2.0
        } else {
            1.0
        };
        let cents = 1200.0 * (line(pitch, partial)? / line(root, partial)?).log2();
        let off = cents - 100.0 * (f64::from(pitch) - f64::from(root));
        if off.abs() > worst.1.abs() {
            worst = (pitch, off);
        }
    }
    println!("\ntuning of the keys between: at most {:.2} cents off (key {})", worst.1, worst.0);
    Ok(())
}

fn speed(piano: &Piano) -> Result<(), Box<dyn Error>> {
    let events = music::dense();
    let mut stream = Stream::new(&events, piano, RATE_HZ)?;
    let (start, mut slowest_secs) = (Instant::now(), 0.0_f64);
    loop {
        let begin = Instant::now();
        if stream.next_block()?.is_none() {
            break;
        }
        slowest_secs = slowest_secs.max(begin.elapsed().as_secs_f64());
    }
    let (secs, sound_secs) = (start.elapsed().as_secs_f64(), stream.position_secs());
    let block_ms = 1e3 * BLOCK_FRAMES as f64 / f64::from(RATE_HZ);
    println!(
        "\n{sound_secs:.0} s of dense music in {secs:.1} s, {:.0} times real time; slowest block {:.2} of {block_ms:.2} ms",
        sound_secs / secs,
        1e3 * slowest_secs
    );
    let mut instrument = piano.open(RATE_HZ, 256)?;
    let mut block: Block = [0.0; 2 * BLOCK_FRAMES];
    instrument.sustain(127);
    let start = Instant::now();
    let blocks = 10 * RATE_HZ as usize / BLOCK_FRAMES;
    for k in 0..blocks {
        // More strokes than 256 voices last.
        (0..2).for_each(|n| instrument.note_on(21 + ((7 * (2 * k + n)) % 88) as u8, 100));
        instrument.render(&mut block);
    }
    println!("10 s with 256 voices in {:.2} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// What the command line asks for.
struct Asked {
    folder: String,
    soundfont: Option<String>,
    real_time: Option<RealTime>,
}

fn asked(mut arguments: impl Iterator<Item = String>) -> Result<Asked, Box<dyn Error>> {
    let (mut named, mut minutes, mut device_ms) = (Vec::new(), None, 50.0);
    let mut busy = std::thread::available_parallelism().map_or(2, usize::from);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a number"));
        match argument.as_str() {
            "--minutes" => minutes = Some(value()?.parse()?),
            "--device-ms" => device_ms = value()?.parse()?,
            "--busy" => busy = value()?.parse()?,
            _ => named.push(argument),
        }
    }
    let mut named = named.into_iter();
    let folder = named.next().ok_or("which folder? measure_piano FOLDER [SOUNDFONT] [--minutes N]")?;
    let real_time = minutes.map(|minutes| RealTime { minutes, rate_hz: RATE_HZ, device_ms, busy });
    Ok(Asked { folder, soundfont: named.next(), real_time })
}

fn main() -> Result<(), Box<dyn Error>> {
    let Asked { folder, soundfont, real_time } = asked(std::env::args().skip(1))?;
    let (folder, cancel) = (Path::new(&folder), AtomicBool::new(false));
    if let Some(what) = real_time {
        let sampled = SampledPiano::load(folder, &|_| (), &cancel)?;
        return real_time::measure(&sampled.piano(), music::dense(), what);
    }
    let start = Instant::now();
    let first = SampledPiano::first(folder, &cancel)?;
    heard(&first.piano(), &[Step::On(60, 80), Step::Pass(0.01)])?;
    println!(
        "first sound after {:.2} s, {} MB",
        start.elapsed().as_secs_f64(),
        first.memory_bytes() / 1_000_000
    );
    let (start, parts) = (Instant::now(), Cell::new(0));
    let sampled = SampledPiano::load(folder, &|_| parts.set(parts.get() + 1), &cancel)?;
    let secs = start.elapsed().as_secs_f64();
    println!("{} parts after {secs:.1} s, {} MB", parts.get(), sampled.memory_bytes() / 1_000_000);
    let layers: Vec<String> =
        sampled.layers().iter().map(|(pitch, count)| format!("{pitch}:{count}")).collect();
    println!("layers by key: {}", layers.join(" "));
    let piano = sampled.piano();
    velocities(&piano)?;
    pedal(&piano)?;
    tuning(&sampled)?;
    speed(&piano)?;
    if let Some(soundfont) = soundfont {
        fluid::measure(Path::new(&soundfont), &music::dense())?;
    }
    Ok(())
}
