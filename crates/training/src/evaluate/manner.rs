//! `espressivo evaluate manner`: whether the manner of one recording carries over to another piece.
//!
//! A performer with a knob of the kind [`performers::Knob::Reference`] plays a passage of one piece, as
//! everybody gets it, with what one person played of another piece as the reference. How this person differs
//! from the mean of the others who played the other piece, in seven cues of [`performance::cues`], is held
//! against how what is played differs from the mean of what is played with the others as references, which
//! takes both pieces out; Pearson r goes over all pieces, passages and people. Beside it stand the same with a
//! passage of the person's own piece, how the people themselves differ in that passage (nobody's manner is the
//! same in all bars), and references shuffled among the people of their piece, which should give about 0.

mod carried;
mod job;
mod material;
mod options;
mod played;
pub mod reconstruction;
mod table;

use anyhow::{Context, Result, ensure};
use burn::tensor::Device;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;

use crate::datasets::{self, Piece};
use carried::Carry;
pub use carried::{COMPARED, Carried};
use job::Job;
use material::Material;
pub use options::Options;
use played::{Played, Player};
pub use table::{CueRow, MannerReport};

/// Performs and compares. `said` gets messages of progress.
///
/// # Errors
/// When the data or a model cannot be read, or a performer does not play or reads no manner.
pub fn run(options: &Options, device: &Device, said: &(dyn Fn(&str) + Sync)) -> Result<MannerReport> {
    let pieces = datasets::load(&options.data, &options.split)?.pieces;
    let player = Player::ready(options, &options.performer, device)?;
    compare(options, &pieces, &player, device, said)
}

/// Performs passages of the pieces that several people played, and compares.
fn compare(
    options: &Options,
    pieces: &[Piece],
    player: &Player,
    device: &Device,
    said: &(dyn Fn(&str) + Sync),
) -> Result<MannerReport> {
    let material: Vec<Material<'_>> =
        pieces.iter().filter_map(|piece| Material::of(piece, options)).collect();
    ensure!(
        !material.is_empty(),
        "no piece of the split {} was played by {} people",
        options.split,
        material::LEAST_PEOPLE
    );
    let readers: Vec<(usize, usize)> = (0..material.len())
        .flat_map(|piece| (0..material[piece].references.len()).map(move |person| (piece, person)))
        .collect();
    said(&format!("reading the manner of {} performances of {} pieces", readers.len(), material.len()));
    let read = |k: usize| player.manner(&material[readers[k].0], readers[k].1);
    let manners = super::side_by_side(readers.len(), options.workers, &read)?;
    let pairs = pairs(&material, options);
    let jobs = jobs(&material, &pairs);
    said(&format!("{} performs {} passages of about {} notes", player.id, jobs.len(), options.notes));
    let play = |k: usize| {
        let job = jobs[k];
        let reader = readers.iter().position(|reader| *reader == (job.from, job.person));
        let manner = reader.and_then(|reader| manners.get(reader)).context("a manner that was not read")?;
        let seed = if options.is_apart { options.seed + k as u64 } else { options.seed };
        if k % 50 == 49 {
            said(&format!("{} of {}", k + 1, jobs.len()));
        }
        player.play(&material[job.to], Some(manner), seed)
    };
    let played = super::side_by_side(jobs.len(), options.workers, &play)?;
    let agreement = played::agreement(options, device, &material, player, &jobs, &played, said)?;
    let [other, own]: [Vec<Carry>; 2] =
        [false, true].map(|is_own| carries(&material, &jobs, &played, is_own));
    let themselves: Vec<Carry> = material.iter().enumerate().map(|(k, piece)| piece.themselves(k)).collect();
    let cues = COMPARED.map(|cue| CueRow {
        cue: cue.name(),
        other: Carried::of(&other, cue, options.seed),
        own: Carried::of(&own, cue, options.seed),
        people: Carried::of(&themselves, cue, options.seed),
    });
    Ok(MannerReport {
        split: options.split.clone(),
        performer: player.id.to_owned(),
        seed: options.seed,
        pieces: material.len(),
        references: readers.len(),
        takes: jobs.len(),
        cues: cues.to_vec(),
        agreement,
    })
}

/// Which piece is carried to which other: each piece in turn first to the next in an order that is drawn, then
/// to the one after it, so that every piece is performed about as often as the others.
fn pairs(material: &[Material<'_>], options: &Options) -> Vec<(usize, usize)> {
    let mut order: Vec<usize> = (0..material.len()).collect();
    order.shuffle(&mut Pcg64Mcg::seed_from_u64(options.seed));
    let order = order.as_slice();
    let apart = 1..=options.pieces.min(order.len().saturating_sub(1));
    let all = apart
        .flat_map(move |apart| (0..order.len()).map(move |k| (order[k], order[(k + apart) % order.len()])));
    let others = all.filter(|(from, to)| !material[*from].is_same(&material[*to]));
    others.take(options.pairs.unwrap_or(usize::MAX)).collect()
}

/// Every person of a piece with each piece that it is carried to, and with the piece itself.
fn jobs(material: &[Material<'_>], pairs: &[(usize, usize)]) -> Vec<Job> {
    let own = (0..material.len()).map(|piece| (piece, piece));
    let people = |(from, to): (usize, usize)| {
        (0..material[from].references.len()).map(move |person| Job { from, person, to })
    };
    pairs.iter().copied().chain(own).flat_map(people).collect()
}

/// References and takes side by side, one for each pair of pieces; of their own pieces or of others.
fn carries(material: &[Material<'_>], jobs: &[Job], played: &[Played], is_own: bool) -> Vec<Carry> {
    let mut carries: Vec<((usize, usize), Carry)> = Vec::new();
    for (job, played) in jobs.iter().zip(played).filter(|(job, _)| (job.from == job.to) == is_own) {
        let pair = (job.from, job.to);
        if carries.last().is_none_or(|(last, _)| *last != pair) {
            let references = material[job.from].reference_cues();
            carries.push((pair, Carry { from: job.from, references, renders: Vec::new() }));
        }
        if let Some((_, carry)) = carries.last_mut() {
            carry.renders.push(played.cues);
        }
    }
    carries.into_iter().map(|(_, carry)| carry).collect()
}

#[cfg(test)]
#[path = "manner_tests.rs"]
mod tests;
