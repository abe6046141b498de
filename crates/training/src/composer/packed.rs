//! Files of bars: the tokens of every bar, one after another, in one safetensors file.
//!
//! | array | shape | type | what |
//! | --- | --- | --- | --- |
//! | `tokens` | `[tokens]` | i16 | the tokens of all bars, without bar lines and metres |
//! | `bars` | `[bars + 1]` | i32 | the first token of every bar, and the end of the last |
//! | `metres` | `[bars]` | i16 | the token of each bar's metre |
//! | `runs` | `[runs + 1]` | i32 | the first bar of every run, and the end of the last |
//! | `sources` | `[runs]` | u8 | where a run is from: 0 (n)ASAP, 1 POP909 |
//!
//! A run is bars of one piece that follow each other. Since places are told from the bar line, any bars of a
//! run, put together with bar lines and metres, are a segment: [`Packed::segment`]. Beside the files,
//! `tokens.json` says what the numbers mean ([`Tokens`]).

use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use cadenza::composer::{Bar, assemble};
use cadenza::pertok::{Config, PerTok, Token};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};

use crate::packs::arrays::{self, array, check_starts, integers, length, read_integers, read_tokens};

/// What lies beside the files of bars, as `tokens.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tokens {
    /// Settings of the tokenizer.
    pub tokens: Config,
    /// Longer segments are not learned.
    pub longest: usize,
    /// The name of every token, by number, as MidiTok has them.
    pub names: Vec<String>,
}

/// Name of the file of [`Tokens`].
pub(super) const TOKENS: &str = "tokens.json";

impl Tokens {
    /// Of a tokenizer.
    pub fn new(pertok: &PerTok, longest: usize) -> Self {
        let vocabulary = pertok.vocabulary();
        let ids = 0..u16::try_from(vocabulary.size()).unwrap_or(u16::MAX);
        let names = ids.filter_map(|id| vocabulary.name(id)).collect();
        Self { tokens: pertok.config().clone(), longest, names }
    }

    /// Writes it into a folder.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let path = folder.join(TOKENS);
        let text = serde_json::to_string_pretty(self)? + "\n";
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Reads it from a folder, with its tokenizer.
    ///
    /// # Errors
    /// When it is missing or damaged, or says what cannot be.
    pub fn read(folder: &Path) -> Result<(Self, PerTok)> {
        let path = folder.join(TOKENS);
        let what = || format!("no segments at {}; `espressivo data segments` makes them", path.display());
        let bytes = std::fs::read(&path).with_context(what)?;
        let damaged = || format!("{} is damaged", path.display());
        let tokens: Self = serde_json::from_slice(&bytes).with_context(damaged)?;
        let pertok = PerTok::new(tokens.tokens.clone()).with_context(damaged)?;
        let expected = Self::new(&pertok, tokens.longest);
        ensure!(tokens.names == expected.names, "{}: names and settings differ", path.display());
        Ok((tokens, pertok))
    }
}

/// Where bars are from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Scores of (n)ASAP.
    Asap = 0,
    /// Songs of POP909.
    Pop909 = 1,
}

/// Bars of pieces.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Packed {
    /// The tokens of all bars.
    pub tokens: Vec<u16>,
    /// The first token of every bar, and the end of the last.
    pub bars: Vec<usize>,
    /// The token of each bar's metre.
    pub metres: Vec<u16>,
    /// The first bar of every run, and the end of the last.
    pub runs: Vec<usize>,
    /// Where each run is from: a [`Source`].
    pub sources: Vec<u8>,
}

impl Packed {
    /// Without bars.
    pub fn new() -> Self {
        Self { bars: vec![0], runs: vec![0], ..Self::default() }
    }

    /// Adds bars that follow each other.
    pub fn push(&mut self, run: &[Bar], source: Source) {
        for bar in run {
            self.tokens.extend_from_slice(&bar.tokens);
            self.bars.push(self.tokens.len());
            self.metres.push(bar.metre);
        }
        self.runs.push(self.metres.len());
        self.sources.push(source as u8);
    }

    /// The bars of each run.
    pub fn run_bars(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.runs.windows(2).map(|ends| ends[0]..ends[1])
    }

    /// The tokens of bars of one run as a segment, with bar lines and metres, without beginning and end.
    pub fn segment(&self, pertok: &PerTok, bars: Range<usize>) -> Vec<u32> {
        let bar = |k: usize| Bar {
            metre: self.metres[k],
            tokens: self.tokens[self.bars[k]..self.bars[k + 1]].to_vec(),
        };
        assemble(pertok, &bars.map(bar).collect::<Vec<Bar>>())
    }

    /// Segments of so many bars one after another through every run, those that have notes and at most
    /// `longest` tokens: what a model is judged with.
    pub fn segments(&self, pertok: &PerTok, bars: usize, longest: usize) -> Vec<Vec<u32>> {
        let of_run = move |run: Range<usize>| {
            let end = run.end;
            let starts = run.step_by(bars.max(1)).map(move |start| start..start + bars);
            starts.take_while(move |bars| bars.end <= end)
        };
        let segments = self.run_bars().flat_map(of_run).map(|bars| self.segment(pertok, bars));
        segments.filter(|tokens| tokens.len() <= longest && has_notes(pertok, tokens)).collect()
    }

    /// Writes the file. The same bars give the same bytes.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        let (music, metres) = (arrays::tokens(&self.tokens), arrays::tokens(&self.metres));
        let (bars, runs) = (integers(&self.bars), integers(&self.runs));
        let arrays = vec![
            ("tokens", TensorView::new(Dtype::I16, vec![self.tokens.len()], &music)?),
            ("bars", TensorView::new(Dtype::I32, vec![self.bars.len()], &bars)?),
            ("metres", TensorView::new(Dtype::I16, vec![self.metres.len()], &metres)?),
            ("runs", TensorView::new(Dtype::I32, vec![self.runs.len()], &runs)?),
            ("sources", TensorView::new(Dtype::U8, vec![self.sources.len()], &self.sources)?),
        ];
        arrays::write(path, arrays, None)
    }

    /// Reads a file of tokens of a vocabulary.
    ///
    /// # Errors
    /// When it is missing or damaged; when an array is missing, has another type or shape, or holds what
    /// cannot be: the error names it, with what was found and expected.
    pub fn read(path: &Path, pertok: &PerTok) -> Result<Self> {
        arrays::read(path, "segments", "segments", |file| Self::of_arrays(file, pertok))
    }

    fn of_arrays(file: &SafeTensors<'_>, pertok: &PerTok) -> Result<Self> {
        let tokens = |name: &str| read_tokens(file, name, &[length(file, name)?]);
        let starts = |name: &str| read_integers(file, name, length(file, name)?);
        let packed = Self {
            tokens: tokens("tokens")?,
            bars: starts("bars")?,
            metres: tokens("metres")?,
            runs: starts("runs")?,
            sources: array(file, "sources", Dtype::U8, &[length(file, "sources")?])?.to_vec(),
        };
        packed.check(pertok)?;
        Ok(packed)
    }

    /// Fails unless bars and runs follow each other and every token can stand where it does.
    fn check(&self, pertok: &PerTok) -> Result<()> {
        for (name, starts, end, parts) in [
            ("bars", &self.bars, self.tokens.len(), self.metres.len()),
            ("runs", &self.runs, self.metres.len(), self.sources.len()),
        ] {
            let found = starts.len();
            ensure!(found == parts + 1, "array {name} has {found} numbers, expected {}", parts + 1);
            check_starts(name, starts, end)?;
        }
        let of_note = |token| matches!(token, Token::Pitch(_) | Token::Duration(_) | Token::Position(_));
        let is_metre = |token| matches!(token, Token::TimeSignature(_));
        let vocabulary = pertok.vocabulary();
        for (k, id) in self.tokens.iter().enumerate() {
            let is_sound = vocabulary.token(*id).is_some_and(of_note);
            ensure!(is_sound, "array tokens has the token {id} at {k}, expected one of a note");
        }
        for (k, id) in self.metres.iter().enumerate() {
            let is_sound = vocabulary.token(*id).is_some_and(is_metre);
            ensure!(is_sound, "array metres has the token {id} for bar {k}, expected a metre");
        }
        Ok(())
    }
}

/// Whether there is a note among tokens.
pub(super) fn has_notes(pertok: &PerTok, tokens: &[u32]) -> bool {
    let token = |id: &u32| u16::try_from(*id).ok().and_then(|id| pertok.vocabulary().token(id));
    tokens.iter().filter_map(token).any(|token| matches!(token, Token::Pitch(_)))
}

#[cfg(test)]
#[path = "packed_tests.rs"]
mod tests;
