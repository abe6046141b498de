//! How fast the Composer writes four bars, beside the same network in PyTorch with its keys and values kept.
//!
//! `cargo xtask bench composer`; with `ESPRESSIVO_PYTHON` naming a Python that has torch and safetensors, the
//! twin writes with the same model in the same minute, with as many threads.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use cadenza::composer::Model;

/// Tokens of four bars: half of those that are learned have no more.
const TOKENS: usize = 170;

/// Runs of which the fastest counts.
const RUNS: usize = 5;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = root.join("models/composer");
    let model = match Model::load(&folder) {
        Ok(model) => model,
        Err(error) => {
            println!("no model to time: {error}");
            return Ok(());
        }
    };
    let tokens = TOKENS.min(model.longest());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    println!("{} parameters, {threads} threads", model.settings().network.parameters());
    let segment: Vec<u32> = (0..tokens).map(|k| 5 + (k * 7919 % 80) as u32).collect();
    let read = fastest(|| drop(model.encode(&segment)));
    println!("four bars of {tokens} tokens are read in {:.1} ms", 1000.0 * read);
    let latent = vec![0.1; model.latent()];
    let written = fastest(|| {
        drop(model.decode(&latent, &mut |logits, so_far| likeliest(&model, logits, so_far, tokens)))
    });
    println!("and written in {:.1} ms", 1000.0 * written);
    if let Some(theirs) = pytorch(&root, &folder, tokens, threads)? {
        let times = theirs / written;
        println!("PyTorch, the same: {:.1} ms; Espressivo is {times:.2} times as fast", 1000.0 * theirs);
    }
    Ok(())
}

/// Seconds of the fastest of some runs.
fn fastest(run: impl Fn()) -> f64 {
    let seconds = |_| {
        let begun = Instant::now();
        run();
        begun.elapsed().as_secs_f64()
    };
    (0..RUNS).map(seconds).fold(f64::INFINITY, f64::min)
}

/// The likeliest token that is not the last one, and no end before there are so many: as the twin writes.
fn likeliest(model: &Model, logits: &[f32], so_far: &[u32], tokens: usize) -> Option<u32> {
    let allowed = |token: &u32| *token != model.end() && so_far.last() != Some(token);
    let best = (0..logits.len() as u32)
        .filter(allowed)
        .max_by(|a, b| logits[*a as usize].total_cmp(&logits[*b as usize]));
    best.filter(|_| so_far.len() < tokens)
}

/// Seconds that PyTorch takes; none, with a message, without Python.
fn pytorch(root: &Path, folder: &Path, tokens: usize, threads: usize) -> Result<Option<f64>, Failure> {
    let Some(python) = std::env::var_os("ESPRESSIVO_PYTHON") else {
        println!("PyTorch was not timed: ESPRESSIVO_PYTHON names no Python");
        return Ok(None);
    };
    let (tokens, threads) = (tokens.to_string(), threads.to_string());
    let mut command = Command::new(python);
    command.arg(root.join("scripts/cadenza_torch.py")).arg("bench").arg(folder);
    let output = command.args(["--tokens", &tokens, "--threads", &threads]).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let json: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    Ok(json["seconds"].as_f64())
}
