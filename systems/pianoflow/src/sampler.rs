//! Drawing a performance: Euler steps from noise to values, window after window.
//!
//! Known values stay on their own path from noise to value at every step and come out exactly
//! (SyMuPe, systems A.5); windows begin with what was performed before them (A.7).

use notation::Score;
use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64Mcg;

use super::engine::{Ensemble, Together};
use super::given::Given;
use super::settings::Sampling;
use super::values::{self, WIDTH};
use analysis::features;
use performers::Mood;
use performers::{PerformError, Run};

/// A piece as the sampler sees it: tables with one row a note.
pub struct Canvas<'a> {
    /// Score features `[notes, features]`.
    pub features: Vec<f32>,
    /// Scaled values `[notes, values]`, meaningful where known.
    pub values: Vec<f32>,
    /// What is known, of `values`.
    pub known: Vec<bool>,
    /// Which notes are to be performed.
    pub wanted: Vec<bool>,
    /// Index of each note's onset, ascending.
    pub onsets: Vec<u32>,
    /// The mood over the notes, if there is one.
    pub mood: Option<Painted<'a>>,
}

/// A mood, and the score that it is laid over.
pub struct Painted<'a> {
    /// The mood.
    pub mood: &'a Mood,
    /// What is written.
    pub score: &'a Score,
    /// Length of the network's condition.
    pub width: usize,
}

impl Canvas<'_> {
    fn notes(&self) -> usize {
        self.onsets.len()
    }

    /// The first note of the chord that holds `note`.
    fn chord_start(&self, note: usize) -> usize {
        (0..note).rev().find(|n| self.onsets[*n] != self.onsets[note]).map_or(0, |n| n + 1)
    }
}

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
    while let Some(next) = waiting.iter().position(|w| *w) {
        let window = Window::around(canvas, next, sampling);
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
        if let Some(next) = waiting.iter().position(|w| *w) {
            after_window(canvas, next);
        }
    }
    run.step(1.0)
}

/// Notes that go through the network together.
struct Window {
    start: usize,
    end: usize,
    /// Notes from here on are left to the next window, which knows more of what follows.
    keep: usize,
}

impl Window {
    fn around(canvas: &Canvas<'_>, next: usize, sampling: &Sampling) -> Self {
        let notes = canvas.notes();
        let first = canvas.chord_start(next);
        let start = canvas.chord_start(first.saturating_sub(sampling.overlap));
        let end = (start + sampling.window).max(next + 1).min(notes);
        let keep =
            if end == notes { notes } else { canvas.chord_start(end.saturating_sub(sampling.lookahead)) };
        // A chord as wide as the window is kept as far as it goes.
        let keep = if keep > next { keep } else { end };
        Self { start, end, keep }
    }

    fn count(&self, waiting: &[bool]) -> usize {
        waiting[self.start..self.keep].iter().filter(|w| **w).count()
    }
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
    window: &Window,
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

/// The velocity field of one window, with guidance by the mood.
struct Field<'a> {
    window: Together<'a>,
    /// How far beyond the null condition's field, if there is a mood.
    strength: Option<f32>,
}

impl<'a> Field<'a> {
    fn new(
        ensemble: &'a Ensemble,
        canvas: &Canvas<'_>,
        window: &Window,
        clean: &[f32],
        known: &[bool],
    ) -> Self {
        let mood = canvas.mood.as_ref();
        let of_window = |p: &Painted<'_>| p.mood.vectors(p.score, window.start..window.end, p.width);
        let given = Given {
            features: canvas.features[window.start * features::WIDTH..window.end * features::WIDTH].to_vec(),
            known: clean.iter().zip(known).map(|(v, k)| if *k { *v } else { 0.0 }).collect(),
            unknown: known.iter().map(|k| f32::from(u8::from(!*k))).collect(),
            condition: mood.map(of_window),
        };
        Self { window: ensemble.window(&given), strength: mood.map(|p| p.mood.strength as f32) }
    }

    /// `v = v_u + strength (v_c - v_u)` (systems A.4), or the only `v` there is.
    fn at(&mut self, x: &[f32], time: f64) -> Vec<f32> {
        let out = self.window.velocity(x, time as f32);
        let Some(strength) = self.strength else { return out };
        let (free, moved) = out.split_at(x.len());
        free.iter().zip(moved).map(|(u, c)| u + strength * (c - u)).collect()
    }
}
