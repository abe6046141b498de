//! Notes per second and time to the first bars, with random weights of the sizes that
//! `espressivo train pianist` starts with. `scripts/pianist_torch.py bench FOLDER` plays the same model.

use std::cell::Cell;
use std::path::Path;
use std::time::Instant;

use neural::archive::{self, Numbers};
use neural::sampling::Choice;
use pianist_transformer::config::{NetworkConfig, Playing, Settings};
use pianist_transformer::network::Network;
use pianist_transformer::roll::Roll;
use pianist_transformer::tokens::Event;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// Notes that are a few bars.
const FIRST: usize = 32;

const SIZES: NetworkConfig = NetworkConfig {
    hidden: 192,
    feed_forward: 512,
    heads: 4,
    key_value_heads: 2,
    head: 48,
    encoder_layers: 6,
    ..NetworkConfig::PUBLISHED
};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let folder = std::env::temp_dir().join("espressivo-pianist-bench");
    write_model(&folder)?;
    let network = Network::load(&folder, &SIZES)?;
    let literal: Vec<Event> = (0..5000).map(event).collect();
    println!("{} parameters, model in {}", SIZES.parameters(), folder.display());
    for notes in [512, 5000] {
        let known = vec![None; notes];
        let choice = Choice { temperature: 1.0, top_p: 0.95 };
        let roll = Roll { literal: &literal[..notes], known: &known, start_ms: 0, choice, seed: 1 };
        let begun = Instant::now();
        let first_secs = Cell::new(0.0);
        roll.play(&network, &Playing::default(), &|struck| {
            if struck.len() == FIRST && first_secs.get() == 0.0 {
                first_secs.set(begun.elapsed().as_secs_f64());
            }
            Ok(())
        })?;
        let per_sec = notes as f64 / begun.elapsed().as_secs_f64();
        let first_secs = first_secs.get();
        println!("{notes} notes: {per_sec:.0} notes/s, first {FIRST} notes after {first_secs:.3} s");
    }
    Ok(())
}

fn event(k: usize) -> Event {
    Event {
        pitch: 40 + (k * 7919 % 40) as u8,
        ioi_ms: if k.is_multiple_of(3) { 0 } else { 250 },
        velocity: 64,
        duration_ms: 400,
        pedal: [0; 4],
    }
}

fn write_model(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)?;
    let settings = Settings { network: SIZES, playing: Playing::default() };
    std::fs::write(folder.join("config.json"), serde_json::to_string_pretty(&settings)?)?;
    let mut random = Pcg64Mcg::seed_from_u64(1);
    let mut tensors = Vec::new();
    for (name, sizes) in SIZES.tensors() {
        let scale = (sizes[0] as f32).powf(-0.5).max(0.05);
        let mut number =
            || if name.ends_with("gamma") { 1.0 } else { scale * (random.random::<f32>() * 2.0 - 1.0) };
        let count: usize = sizes.iter().product();
        let numbers: Vec<f32> = (0..count).map(|_| number()).collect();
        tensors.push((name, sizes, numbers));
    }
    let tensors: Vec<_> = tensors
        .iter()
        .map(|(name, sizes, numbers)| (name.as_str(), &sizes[..], Numbers::Half(numbers)))
        .collect();
    std::fs::write(folder.join("weights.safetensors"), archive::write(&tensors)?)?;
    Ok(())
}
