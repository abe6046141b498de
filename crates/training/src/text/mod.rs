//! Making `models/text`: what is known of words where no text encoder is, and what both share.
//!
//! The words are those of the Glasgow norms (Scott and others 2019, doi 10.3758/s13428-018-1099-3)
//! with their valence and arousal, the 33 labels, and musical terms and rare words with a gloss of
//! our own. all-MiniLM-L6-v2 gives each its embedding; a ridge regression on the lexicon tells
//! valence and arousal of any embedding. What the labels make of things (a harp, a drum) is put right
//! by a list of things that a pianist imitates.

pub mod imitations;
mod kernel;
mod lexicon;
mod ridge;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use burn::tensor::Device;
use imitations::Learned;
use mood::Feeler;
use mood::text::table::{self, Entry, Kind, Lines, Table};
use mood::text::{Encoder, LABELS, Reader, WIDTH, phrase, unit, words};
use neural::archive::{self, Numbers};
use performance::cues::CUES;
use serde::Serialize;

/// Our own lists: word and gloss, a line each.
const LABEL_GLOSSES: &str = include_str!("labels.tsv");
const TERMS: &str = include_str!("terms.tsv");
/// Words that moods are made of and the lexicon lacks.
const OWN_WORDS: &str = include_str!("words.txt");

/// Sentences about a label; they suit adjectives, adverbs and nouns alike.
pub const TEMPLATES: [&str; 8] = [
    "{}",
    "a piano performance, {}",
    "the mood of the music is {}",
    "play this piece like this: {}",
    "piano music with the feeling: {}",
    "how the pianist plays: {}",
    "written above the notes: {}",
    "the melody sounds {}",
];

/// Terms that are spelled like a word of the lexicon and mean something else.
const MUSICAL: &[&str] = &["grave", "düster"];

/// How much the regression counts beside the words of a gloss.
const WHOLE: f64 = 0.4;

/// What it takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder, which holds `lexicon`.
    pub data: PathBuf,
    /// The folder of the text encoder.
    pub encoder: PathBuf,
    /// The folder to write, `models/text`.
    pub out: PathBuf,
}

/// What came out.
#[derive(Clone, Debug, Serialize)]
pub struct TextFigures {
    /// Words of the lexicon in the table.
    pub words: usize,
    /// Musical terms and rare words.
    pub terms: usize,
    /// Words of our own list.
    pub guesses: usize,
    /// Words of the lexicon that the regression did not see.
    pub held_out: usize,
    /// Correlation with people's valence on those.
    pub valence_r: f64,
    /// Correlation with people's arousal on those.
    pub arousal_r: f64,
    /// Smallest cosine of a stored embedding with the encoder's.
    pub worst_cosine: f64,
    /// Things that a pianist imitates.
    pub things: usize,
    /// Size of all files written.
    pub bytes: usize,
}

/// What is written beside the tensors.
#[derive(Serialize)]
struct Settings<'a> {
    encoder: &'static str,
    width: usize,
    labels: usize,
    templates: [&'static str; 8],
    report: &'a TextFigures,
}

/// Makes the files.
pub fn make(options: &Options, device: &Device, said: &dyn Fn(&str)) -> Result<TextFigures> {
    let lexicon = lexicon::read(&options.data)?;
    ensure!(
        Encoder::is_in(&options.encoder),
        "there is no text encoder in {}; `cargo xtask setup` fetches it",
        options.encoder.display()
    );
    let encoder = Encoder::load(&options.encoder, device)?;
    said(&format!("reading {} words of the lexicon", lexicon.len()));
    let embeddings = embed(&encoder, lexicon.iter().map(|w| w.word.clone()))?;
    let targets: Vec<[f64; 2]> = lexicon.iter().map(|w| [w.valence, w.arousal]).collect();
    let (held_out, [valence_r, arousal_r]) = ridge::judge(&embeddings, &targets);
    let lines = ridge::fit(&embeddings, &targets);
    let known = word_entries(&lexicon);
    let alone = Table::new(known.clone(), embeddings.concat(), lines.clone());

    let mut making = Making { encoder, lines, lexicon: alone, entries: Vec::new(), rows: Vec::new() };
    said("reading the labels");
    let sentences = making.add_labels()?;
    said("reading the terms");
    making.add_terms(said)?;
    let terms = making.entries.len() - LABELS;
    let words = making.add_words(known, embeddings);
    let guesses = making.add_own_words()?;
    let (worst_cosine, things, bytes) = (1.0, 0, 0);
    let mut report =
        TextFigures { words, terms, guesses, held_out, valence_r, arousal_r, worst_cosine, things, bytes };
    making.write(&options.out, &sentences, &mut report)?;
    said("reading what a pianist imitates");
    let learned = making.into_learned(&options.out)?;
    report.things = learned.things.len();
    report.bytes += write_imitations(&options.out, &learned)?;
    write_settings(&options.out, &report)?;
    Ok(report)
}

/// Writes what was learned of things; its size in bytes.
fn write_imitations(folder: &Path, learned: &Learned) -> Result<usize> {
    let count = learned.things.len();
    let weights: Vec<f32> = learned.weights().iter().flatten().map(|w| *w as f32).collect();
    let bytes = archive::write(&[
        ("vectors", &[count, WIDTH], Numbers::Half(&learned.vectors.concat())),
        ("weights", &[count, CUES], Numbers::Single(&weights)),
    ])?;
    let path = folder.join(mood::feeling::imitations::FILE);
    std::fs::write(&path, &bytes).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(bytes.len())
}

fn write_settings(folder: &Path, report: &TextFigures) -> Result<()> {
    let settings =
        Settings { encoder: "all-MiniLM-L6-v2", width: WIDTH, labels: LABELS, templates: TEMPLATES, report };
    let json = serde_json::to_string_pretty(&settings)? + "\n";
    std::fs::write(folder.join("config.json"), json).context("cannot write config.json")
}

fn word_entries(lexicon: &[lexicon::Word]) -> Vec<Entry> {
    let entry = |w: &lexicon::Word| Entry {
        kind: Kind::Word,
        word: w.word.clone(),
        valence: w.valence,
        arousal: w.arousal,
        gloss: None,
    };
    lexicon.iter().map(entry).collect()
}

fn embed(encoder: &Encoder, texts: impl Iterator<Item = String>) -> Result<Vec<Vec<f32>>> {
    let texts: Vec<String> = texts.collect();
    Ok(encoder.embed(&texts.iter().map(String::as_str).collect::<Vec<_>>())?)
}

/// The table while it grows.
struct Making {
    encoder: Encoder,
    lines: Lines,
    /// The lexicon alone.
    lexicon: Table,
    entries: Vec<Entry>,
    /// Embeddings, parallel to the entries.
    rows: Vec<Vec<f32>>,
}

impl Making {
    /// The labels; returns the embeddings of their sentences `[LABELS * templates]`.
    fn add_labels(&mut self) -> Result<Vec<Vec<f32>>> {
        let labels = glosses(LABEL_GLOSSES)?;
        ensure!(labels.len() == LABELS, "there are {} labels, not {LABELS}", labels.len());
        let mut all = Vec::new();
        for (label, gloss) in labels {
            let said = gloss.unwrap_or(label);
            let sentences =
                embed(&self.encoder, TEMPLATES.iter().map(|template| template.replace("{}", said)))?;
            let [valence, arousal] = match self.lexicon.exact(label) {
                Some(place) => [self.lexicon.entries()[place].valence, self.lexicon.entries()[place].arousal],
                None => self.feeling(said, &sentences[0]),
            };
            let gloss = gloss.map(str::to_owned);
            self.entries.push(Entry { kind: Kind::Label, word: label.to_owned(), valence, arousal, gloss });
            self.rows.push(mean(&sentences));
            all.extend(sentences);
        }
        Ok(all)
    }

    /// Terms that are neither labels nor words that people have judged.
    fn add_terms(&mut self, said: &dyn Fn(&str)) -> Result<()> {
        let key = |word: &str| words::split(word).join(" ");
        let judged: HashSet<String> = self.lexicon.entries().iter().map(|e| key(&e.word)).collect();
        let mut taken: HashSet<String> = self.entries.iter().map(|e| key(&e.word)).collect();
        let mut left_out = Vec::new();
        for (term, gloss) in glosses(TERMS)? {
            let key = key(term);
            if judged.contains(&key) && !MUSICAL.contains(&term) || !taken.insert(key) {
                left_out.push(term);
                continue;
            }
            let gloss = gloss.with_context(|| format!("the term `{term}` has no gloss"))?;
            let row = self.encoder.embed(&[gloss])?.swap_remove(0);
            let [valence, arousal] = self.feeling(gloss, &row);
            let gloss = Some(gloss.to_owned());
            self.entries.push(Entry { kind: Kind::Term, word: term.to_owned(), valence, arousal, gloss });
            self.rows.push(row);
        }
        said(&format!("  known already, so left to the lexicon: {}", left_out.join(", ")));
        Ok(())
    }

    /// The words of the lexicon that are neither labels nor terms; how many those are.
    fn add_words(&mut self, known: Vec<Entry>, embeddings: Vec<Vec<f32>>) -> usize {
        let taken: HashSet<String> = self.entries.iter().map(|e| e.word.clone()).collect();
        let before = self.entries.len();
        for (entry, row) in known.into_iter().zip(embeddings) {
            if !taken.contains(&entry.word) {
                self.entries.push(entry);
                self.rows.push(row);
            }
        }
        self.entries.len() - before
    }

    /// Words of our own lists that are not known in any form; how many those are. Things that a pianist
    /// imitates have rare names, which have to be known like other words.
    fn add_own_words(&mut self) -> Result<usize> {
        let mut taken: HashSet<String> = self.entries.iter().map(|e| e.word.clone()).collect();
        let is_new = |word: &String| self.lexicon.find(word).is_none() && taken.insert(word.clone());
        let listed = OWN_WORDS.split_whitespace().map(str::to_owned).chain(imitations::words()?);
        let own: Vec<String> = listed.filter(is_new).collect();
        let rows = embed(&self.encoder, own.iter().cloned())?;
        for (word, row) in own.iter().zip(rows) {
            let [valence, arousal] = self.lines.apply(&row);
            let word = word.clone();
            self.entries.push(Entry { kind: Kind::Guess, word, valence, arousal, gloss: None });
            self.rows.push(row);
        }
        Ok(own.len())
    }

    /// Valence and arousal of a gloss: of its words, and of all of it by the regression.
    fn feeling(&self, gloss: &str, row: &[f32]) -> [f64; 2] {
        let whole = self.lines.apply(row);
        let parts = phrase::parse(&words::split(gloss), &self.lexicon);
        // `sehr` is only `very`: nothing to feel in it.
        let Some(of_words) = phrase::feeling(&parts, &self.lexicon) else { return [0.0; 2] };
        [0, 1].map(|k| of_words[k] + WHOLE * (whole[k] - of_words[k]))
    }

    fn write(&self, folder: &Path, sentences: &[Vec<f32>], report: &mut TextFigures) -> Result<()> {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let mut keep = |name: &str, bytes: &[u8]| {
            report.bytes += bytes.len();
            let path = folder.join(name);
            std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
        };
        keep(table::WORDS, table::write(&self.entries).as_bytes())?;

        let (codes, scales) = quantise(&self.rows);
        let lines: Vec<f32> = self.lines.0.as_flattened().to_vec();
        let count = self.rows.len();
        keep(
            table::VECTORS,
            &archive::write(&[
                ("codes", &[count, WIDTH], Numbers::Small(&codes)),
                ("scales", &[count], Numbers::Single(&scales)),
                ("lines", &[2, WIDTH + 1], Numbers::Single(&lines)),
            ])?,
        )?;

        let means = self.rows[..LABELS].concat();
        keep(
            table::LABELS,
            &archive::write(&[
                ("sentences", &[LABELS, TEMPLATES.len(), WIDTH], Numbers::Half(&sentences.concat())),
                ("mean", &[LABELS, WIDTH], Numbers::Half(&means)),
            ])?,
        )?;
        report.worst_cosine = worst_cosine(&self.rows, &codes);
        Ok(())
    }

    /// What the labels that were written get wrong of things that a pianist imitates.
    fn into_learned(self, folder: &Path) -> Result<Learned> {
        let reader = Reader::new(Table::load(folder)?, Some(self.encoder));
        Learned::new(&Feeler::plain(reader, &self.rows[..LABELS]))
    }
}

/// Lines of word and gloss; the gloss may be missing.
fn glosses(text: &'static str) -> Result<Vec<(&'static str, Option<&'static str>)>> {
    let line = |line: &'static str| {
        let (word, gloss) = line.split_once('\t').with_context(|| format!("no gloss: {line}"))?;
        Ok((word, (!gloss.is_empty()).then_some(gloss)))
    };
    text.lines().map(line).collect()
}

fn mean(rows: &[Vec<f32>]) -> Vec<f32> {
    unit(&(0..WIDTH).map(|k| rows.iter().map(|row| row[k]).sum()).collect::<Vec<_>>())
}

/// A byte a value, and what a step of a row is worth.
fn quantise(rows: &[Vec<f32>]) -> (Vec<i8>, Vec<f32>) {
    let scale = |row: &Vec<f32>| row.iter().fold(0.0f32, |most, v| most.max(v.abs())).max(1e-9) / 127.0;
    let scales: Vec<f32> = rows.iter().map(scale).collect();
    let codes = rows.iter().zip(&scales).flat_map(|(row, s)| row.iter().map(move |v| (v / s).round() as i8));
    (codes.collect(), scales)
}

fn worst_cosine(rows: &[Vec<f32>], codes: &[i8]) -> f64 {
    let cosine = |(row, codes): (&Vec<f32>, &[i8])| {
        let stored = unit(&codes.iter().map(|c| f32::from(*c)).collect::<Vec<_>>());
        row.iter().zip(stored).map(|(a, b)| f64::from(a * b)).sum::<f64>()
    };
    rows.iter().zip(codes.chunks_exact(WIDTH)).map(cosine).fold(1.0, f64::min)
}
