//! The network on the processor.

use std::ops::Range;
use std::path::Path;

use neural::archive::Archive;
use neural::rotary::Rotary;
use performers::PerformError;

use super::columns::{COLUMNS, SIGNS, VALUES, table_row};
use super::config::{FILE_NAME, Settings, TIMINGS, VELOCITIES};
use super::layer::{Layer, Norm, Product};

/// All weights.
pub struct Network {
    hidden: usize,
    window: usize,
    /// `[VALUES, hidden]`
    embedding: Vec<f32>,
    /// `[styles, hidden]`
    styles: Vec<f32>,
    /// How much signs count in each style.
    signs: Vec<f32>,
    layers: Vec<Layer>,
    norm: Norm,
    velocity: Head,
    timing: Head,
    rotary: Rotary,
}

/// A linear layer with a bias.
struct Head {
    product: Product,
    bias: Vec<f32>,
}

impl Head {
    fn load(archive: &Archive, name: &str, hidden: usize, bins: usize) -> Result<Self, PerformError> {
        let product = Product::load(archive, name, [hidden, bins], 1.0)?;
        Ok(Self { product, bias: archive.numbers(&format!("{name}.bias"), &[bins])? })
    }

    fn of(&self, rows: &[f32]) -> Vec<f32> {
        let mut out = self.product.of(rows);
        for row in out.chunks_exact_mut(self.bias.len()) {
            row.iter_mut().zip(&self.bias).for_each(|(value, bias)| *value += bias);
        }
        out
    }
}

/// What is likely for some notes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Logits {
    /// `[notes, VELOCITIES]`
    pub velocity: Vec<f32>,
    /// `[notes, TIMINGS]`
    pub timing: Vec<f32>,
}

impl Logits {
    /// Those of one note: velocity and micro-timing.
    pub fn of_note(&self, note: usize) -> (&[f32], &[f32]) {
        (&self.velocity[note * VELOCITIES..][..VELOCITIES], &self.timing[note * TIMINGS..][..TIMINGS])
    }

    /// How many notes they are of.
    pub fn notes(&self) -> usize {
        self.velocity.len() / VELOCITIES
    }

    fn extend(&mut self, other: &Self, notes: Range<usize>) {
        let Range { start, end } = notes;
        self.velocity.extend_from_slice(&other.velocity[start * VELOCITIES..end * VELOCITIES]);
        self.timing.extend_from_slice(&other.timing[start * TIMINGS..end * TIMINGS]);
    }
}

impl Network {
    /// Reads the weights of a model folder.
    ///
    /// # Errors
    /// When they are missing, damaged, or of other sizes.
    pub fn load(folder: &Path, settings: &Settings) -> Result<Self, PerformError> {
        let archive = Archive::read(&folder.join(FILE_NAME))?;
        let sizes = &settings.network;
        let hidden = sizes.hidden;
        let layer = |layer| Layer::load(&archive, layer, sizes);
        Ok(Self {
            hidden,
            window: sizes.window,
            embedding: archive.numbers("embedding.weight", &[VALUES, hidden])?,
            styles: archive.numbers("style.weight", &[settings.styles.len(), hidden])?,
            signs: settings.signs_of_styles(),
            layers: (0..sizes.layers).map(layer).collect::<Result<_, PerformError>>()?,
            norm: Norm::load(&archive, "norm", hidden)?,
            velocity: Head::load(&archive, "velocity", hidden, VELOCITIES)?,
            timing: Head::load(&archive, "timing", hidden, TIMINGS)?,
            rotary: Rotary::new(sizes.window, sizes.head / 2, sizes.rotary_base),
        })
    }

    /// What is likely for rows `[notes, COLUMNS]` that are read at once, at most as many as a window has.
    /// `step` is asked between layers and can put an end to it.
    ///
    /// # Errors
    /// What `step` says.
    pub fn read(
        &self,
        rows: &[u8],
        style: usize,
        step: &dyn Fn() -> Result<(), PerformError>,
    ) -> Result<Logits, PerformError> {
        let mut x = self.embed(rows, style);
        for layer in &self.layers {
            step()?;
            layer.apply(&mut x, &self.rotary);
        }
        let x = self.norm.of(&x);
        Ok(Logits { velocity: self.velocity.of(&x), timing: self.timing.of(&x) })
    }

    /// What is likely for some notes `wanted` of rows `[notes, COLUMNS]` of any number. Windows overlap by half, and
    /// of each its middle counts, so that every note is read with a quarter of a window on either side; where
    /// windows begin does not depend on what is wanted. `part` gets the logits of the wanted notes up to there
    /// after each window, and says what `step` says of [`Self::read`].
    ///
    /// # Errors
    /// What `part` or `step` says.
    pub fn read_all(
        &self,
        rows: &[u8],
        style: usize,
        wanted: Range<usize>,
        step: &dyn Fn() -> Result<(), PerformError>,
        part: &mut dyn FnMut(&Logits) -> Result<(), PerformError>,
    ) -> Result<Logits, PerformError> {
        let notes = rows.len() / COLUMNS;
        let mut logits = Logits::default();
        for (window, counts) in windows(notes, self.window) {
            let new = counts.start.max(wanted.start)..counts.end.min(wanted.end);
            if new.is_empty() {
                continue;
            }
            let first = window.start;
            let found = self.read(&rows[first * COLUMNS..window.end * COLUMNS], style, step)?;
            logits.extend(&found, new.start - first..new.end - first);
            part(&logits)?;
        }
        Ok(logits)
    }

    /// Rows `[notes, hidden]`: the sum of what the tables have for a note's values and for the style. Where signs
    /// count for less in the style, a sign is so far on the way from none to what the table has for it.
    fn embed(&self, rows: &[u8], style: usize) -> Vec<f32> {
        let (hidden, counts) = (self.hidden, self.signs[style]);
        let style = &self.styles[style * hidden..][..hidden];
        let table = |column: usize, value: u8| &self.embedding[table_row(column, value) * hidden..][..hidden];
        let mut x = Vec::with_capacity(rows.len() / COLUMNS * hidden);
        for row in rows.chunks_exact(COLUMNS) {
            let first = x.len();
            x.extend_from_slice(style);
            for (column, value) in row.iter().enumerate() {
                let said = x[first..].iter_mut().zip(table(column, *value));
                if counts == 1.0 || !SIGNS.contains(&column) {
                    said.for_each(|(x, value)| *x += value);
                } else {
                    let none = table(column, 0);
                    said.zip(none).for_each(|((x, value), none)| *x += none + counts * (value - none));
                }
            }
        }
        x
    }
}

/// Windows of so many notes, and which of theirs count: one after another, every note once.
fn windows(notes: usize, window: usize) -> Vec<(Range<usize>, Range<usize>)> {
    let (half, margin) = (window / 2, window / 4);
    let mut windows = Vec::new();
    let (mut first, mut counted) = (0, 0);
    while counted < notes {
        let end = (first + window).min(notes);
        let counts = if end == notes { notes } else { end - margin };
        windows.push((first..end, counted..counts));
        (first, counted) = (first + half, counts);
    }
    windows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_count_every_note_once_and_in_their_middle() {
        for notes in [0, 1, 15, 16, 17, 100, 101] {
            let windows = windows(notes, 16);
            let mut next = 0;
            for (window, counts) in &windows {
                assert_eq!(counts.start, next);
                assert!(window.start <= counts.start && counts.end <= window.end && window.len() <= 16);
                let before = counts.start - window.start;
                let after = window.end - counts.end;
                assert!(before >= 4 || window.start == 0, "{before}");
                assert!(after >= 4 || window.end == notes, "{after}");
                next = counts.end;
            }
            assert_eq!(next, notes);
        }
    }
}
