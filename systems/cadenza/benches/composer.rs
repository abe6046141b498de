//! How fast the Composer reads and writes four bars, beside the same network in PyTorch with its keys and values
//! kept; and how long a variation of four bars takes, of which it writes several.
//!
//! `cargo xtask bench composer`; with `ESPRESSIVO_PYTHON` naming a Python that has torch and safetensors, the
//! twin writes with the same model in the same minute, with as many threads.

use std::time::Instant;

use cadenza::composer::Model;
use cadenza::variations::Variations;
use notation::{ImportOptions, Score, read_score};
use performers::Job;
use performers::composer::{Composer, Constraints, VariationRequest};
use twins::{Failure, fastest_secs, loaded, pytorch, root, say_size, verdict};

/// Tokens of four bars: half of those that are learned have no more.
const TOKENS: usize = 170;

/// Runs of which the fastest counts.
const RUNS: usize = 5;

/// A piece with bars of many notes, and how many variations of them are timed.
const PIECE: &str = "scores/schumann_kinderszenen_1.musicxml";
const VARIATIONS: usize = 8;

/// A variation of four bars is to take no longer.
const WANTED_SECS: f64 = 1.0;

fn main() -> Result<(), Failure> {
    let folder = root().join("models/composer");
    let Some(model) = loaded(Model::load(&folder)) else { return Ok(()) };
    let tokens = TOKENS.min(model.longest());
    say_size(model.settings().network.parameters());
    let segment: Vec<u32> = (0..tokens).map(|k| 5 + (k * 7919 % 80) as u32).collect();
    let read = fastest_secs(RUNS, || {
        drop(model.encode(&segment));
        Ok(())
    })?;
    println!("four bars of {tokens} tokens are read in {:.1} ms", 1000.0 * read);
    let latent = vec![0.1; model.latent()];
    let written = fastest_secs(RUNS, || {
        drop(model.decode(&latent, &mut |logits, so_far| likeliest(&model, logits, so_far, tokens)));
        Ok(())
    })?;
    println!("and written in {:.1} ms", 1000.0 * written);
    let count = tokens.to_string();
    let theirs = pytorch("cadenza_torch.py", |command| command.arg(&folder).args(["--tokens", &count]))?;
    if let Some(theirs) = theirs {
        for (what, field, ours) in [("reads", "read_seconds", read), ("writes", "seconds", written)] {
            let theirs = theirs[field].as_f64().ok_or_else(|| format!("PyTorch tells no {field}"))?;
            let (ms, times) = (1000.0 * theirs, theirs / ours);
            println!("PyTorch {what} the same in {ms:.1} ms; Espressivo is {times:.2} times as fast");
        }
    }
    vary(model)
}

/// Times variations of four bars at 70 %, one after another.
fn vary(model: Model) -> Result<(), Failure> {
    let score: Score = read_score(PIECE, &std::fs::read(root().join(PIECE))?, &ImportOptions::default())?;
    let variations = Variations::new(model)?;
    let (mut sum, mut longest, mut notes) = (0.0, 0.0_f64, 0);
    for seed in 0..VARIATIONS as u64 {
        let first = (seed as usize * 4) % score.measures.len().saturating_sub(4).max(1);
        let (bars, constraints) = (first..first + 4, Constraints::default());
        notes += score.notes_in_measures(bars.clone()).len();
        let request = VariationRequest { score: &score, bars, similarity: 0.7, count: 1, seed, constraints };
        let begun = Instant::now();
        variations.compose(&request, &Job::default(), &mut |_| {})?;
        let secs = begun.elapsed().as_secs_f64();
        (sum, longest) = (sum + secs, longest.max(secs));
    }
    let (mean, notes) = (sum / VARIATIONS as f64, notes / VARIATIONS);
    let verdict = verdict(longest, WANTED_SECS);
    println!(
        "a variation of four bars, {notes} notes: {mean:.2} s on the mean, {longest:.2} s at most ({verdict}: \
         {WANTED_SECS} s)"
    );
    Ok(())
}

/// The likeliest token that is not the last one, and no end before there are so many: as the twin writes.
fn likeliest(model: &Model, logits: &[f32], so_far: &[u32], tokens: usize) -> Option<u32> {
    let allowed = |token: &u32| *token != model.end() && so_far.last() != Some(token);
    let best = (0..logits.len() as u32)
        .filter(allowed)
        .max_by(|a, b| logits[*a as usize].total_cmp(&logits[*b as usize]));
    best.filter(|_| so_far.len() < tokens)
}
