//! Drawing a performance: Euler steps from noise to values, window after window.
//!
//! Known values stay on their own path from noise to value at every step and come out exactly
//! (SyMuPe, systems A.5); windows begin with what was performed before them (A.7).

mod canvas;
mod field;
mod note_window;

use performers::{PerformError, Run};
use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64Mcg;

use super::ensemble::Ensemble;
use super::settings::Sampling;
use super::values::{self, WIDTH};
pub use canvas::{Canvas, Painted};
use field::Field;
use note_window::NoteWindow;

/// Fills in the values of all wanted notes; `after_window` sees the canvas after every window but
/// the last, with the first note that is still waiting.
#[allow(clippy::too_many_arguments)]
pub fn perform(
    ensemble: &Ensemble,
    sampling: &Sampling,
    canvas: &mut Canvas<'_>,
    seed: u64,
    run: &Run<'_>,
    after_window: &dyn Fn(&Canvas<'_>, usize),
) -> Result<(), PerformError> {
    let noise = noise(&canvas.onsets, seed, &sampling.noise);
    let total = canvas.wanted.iter().filter(|w| **w).count().max(1);
    let mut waiting = canvas.wanted.clone();
    let mut done = 0;
    let mut upcoming = next_waiting(&waiting, 0);
    while let Some(next) = upcoming {
        let window = NoteWindow::around(canvas, next, sampling);
        let report = |share: f64| {
            let performed = done as f64 + share * window.count(&waiting) as f64;
            run.step((performed / total as f64) as f32)
        };
        let rows = integrate(ensemble, sampling, canvas, &window, &noise, &report)?;
        let performed = (window.start..window.keep).filter(|note| waiting[*note]).collect::<Vec<_>>();
        for note in performed {
            let row = (note - window.start) * WIDTH;
            let target = &mut canvas.values[note * WIDTH..(note + 1) * WIDTH];
            target.copy_from_slice(&rows[row..row + WIDTH]);
            canvas.known[note * WIDTH..(note + 1) * WIDTH].fill(true);
            waiting[note] = false;
            done += 1;
        }
        upcoming = next_waiting(&waiting, next);
        if let Some(next) = upcoming {
            after_window(canvas, next);
        }
    }
    run.step(1.0)
}

/// The first note that waits, from one on.
fn next_waiting(waiting: &[bool], from: usize) -> Option<usize> {
    waiting[from..].iter().position(|w| *w).map(|k| from + k)
}

/// Gaussian noise of the whole piece, so that it does not depend on where windows begin. Values
/// that belong to an onset share theirs, as in training.
fn noise(onsets: &[u32], seed: u64, deviations: &[f64; WIDTH]) -> Vec<f32> {
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    let mut draw = |cell: usize| {
        let z: f32 = StandardNormal.sample(&mut rng);
        z * deviations[cell % WIDTH] as f32
    };
    let mut noise: Vec<f32> = (0..onsets.len() * WIDTH).map(&mut draw).collect();
    for n in 1..onsets.len() {
        if onsets[n] == onsets[n - 1] {
            for column in values::shared_columns() {
                noise[n * WIDTH + column] = noise[(n - 1) * WIDTH + column];
            }
        }
    }
    noise
}

/// Euler steps over one window; returns its values `[notes, WIDTH]`.
fn integrate(
    ensemble: &Ensemble,
    sampling: &Sampling,
    canvas: &Canvas<'_>,
    window: &NoteWindow,
    noise: &[f32],
    report: &dyn Fn(f64) -> Result<(), PerformError>,
) -> Result<Vec<f32>, PerformError> {
    let cells = window.start * WIDTH..window.end * WIDTH;
    let noise = &noise[cells.clone()];
    let clean = &canvas.values[cells.clone()];
    let known = &canvas.known[cells];
    let mut field = Field::new(ensemble, canvas, window, clean, known);
    let mut x = noise.to_vec();
    let mut time = 0.0;
    let sizes = sampling.step_sizes();
    for (k, size) in sizes.iter().enumerate() {
        report(k as f64 / sizes.len() as f64)?;
        let velocity = field.at(&x, time);
        time = if k + 1 == sizes.len() { 1.0 } else { time + size };
        for cell in 0..x.len() {
            x[cell] = if known[cell] {
                (1.0 - time as f32) * noise[cell] + time as f32 * clean[cell]
            } else {
                x[cell] + *size as f32 * velocity[cell]
            };
        }
    }
    Ok(x)
}
