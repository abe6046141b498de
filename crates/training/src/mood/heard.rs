//! `espressivo evaluate mood --listeners`: whether listeners would hear what a text asks for.
//!
//! Excerpts are performed without a mood and with four words at two strengths, the seed the same. What the
//! change of the cues adds to the rating of musicians is predicted ([`mood::Listeners`]) and told in standard
//! deviations between players: of predicted ratings, of what raters agree on, and of the mean ratings
//! themselves, of which the cues explain a part. Words lean by these predictions, so the [judge](super::judge),
//! which goes by more and steers nothing, says how far the rating moves, too.

use std::ops::Range;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use burn::tensor::Device;
use mood::labels::Labelling;
use mood::listeners::Scale;
use mood::listeners::ends::{DARK, DRAMATIC, ENERGY, SPACIOUS};
use mood::{Feeler, Feeling, Listeners};
use performance::Performance;
use performance::cues::{CUES, Cues, Measured};
use performers::{BaseTempo, Controls, Job, Mood, Performer, Region, Request, Resources, take};
use serde::Serialize;

use super::evaluate::{chosen, stretch};
use super::judge::{Hearing, Judge};
use super::listeners::JUDGED;
use crate::datasets::{self, Piece};
use crate::evaluate::side_by_side;

/// What is asked for, and the scale on which it has to be heard.
pub(super) const TEXTS: [(&str, &str); 4] =
    [("dark", DARK), ("energetic", ENERGY), ("dramatic", DRAMATIC), ("spacious", SPACIOUS)];

/// How strongly.
const STRENGTHS: [f64; 2] = [1.0, 2.0];

/// What it takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder.
    pub data: PathBuf,
    /// Which split.
    pub split: String,
    /// The models folder.
    pub models: PathBuf,
    /// Who plays.
    pub performer: String,
    /// Excerpts, each of another score.
    pub excerpts: usize,
    /// Notes of an excerpt, about.
    pub notes: usize,
    /// Seed of all takes.
    pub seed: u64,
    /// Excerpts performed side by side.
    pub workers: usize,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Name of the split.
    pub split: String,
    /// Who played.
    pub performer: String,
    /// Seed of all takes.
    pub seed: u64,
    /// Scores that the excerpts are of.
    pub excerpts: usize,
    /// A line for each text and strength.
    pub lines: Vec<Line>,
}

/// What a text changed at a strength, on the mean over the excerpts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// The text.
    pub text: String,
    /// How strongly.
    pub strength: f64,
    /// How far its own scale moved, in deviations of predicted ratings between players.
    pub moved: f64,
    /// The same in deviations of what raters agree on; none where that is not known.
    pub moved_of_agreed: Option<f64>,
    /// The same in deviations of mean ratings between players.
    pub moved_of_mean: f64,
    /// How far it moved by the judge, in deviations of what that predicts; none where there is no judge.
    pub judged: Option<f64>,
    /// How far it would move, in deviations of predicted ratings, if takes did what the tables of labels and
    /// things ask for without listeners.
    pub by_tables: f64,
    /// Excerpts of which the take moved that way.
    pub moved_up: usize,
    /// How far the five judged scales moved, in deviations of predicted ratings.
    pub scales: [f64; 5],
    /// What the tables alone would ask the cues to change, in deviations between pianists.
    pub tables: Cues,
    /// What the cues were asked to change.
    pub asked: Cues,
    /// What they changed.
    pub change: Cues,
}

/// Performs everything and predicts what listeners would say. `said` hears of progress.
///
/// # Errors
/// When data or models are missing, or a piece cannot be performed.
pub fn run(options: &Options, device: &Device, said: &(dyn Fn(&str) + Sync)) -> Result<Report> {
    let listeners = Listeners::load(&options.models)?
        .context("the models say nothing of listeners; `espressivo train listeners` makes what is missing")?;
    let labelling = Labelling::load(&options.models)?
        .context("the models have no labels.json; `espressivo train mood` makes it")?;
    let encoder = application::Folders::find().text_encoder;
    let feeler = Feeler::load(&options.models, Some(&encoder), device.clone())?;
    let words: Vec<Word> = TEXTS.iter().map(|text| Word::of(&feeler, *text)).collect::<Result<_>>()?;
    let mut split = datasets::load(&options.data, &options.split)?;
    split.pieces.retain(|piece| piece.score.notes.len() > options.notes);
    let pieces: Vec<&Piece> = chosen(&split.pieces, options.excerpts).collect();
    if pieces.is_empty() {
        bail!("the split {} has no piece of {} notes", options.split, options.notes);
    }
    let judge = Judge::load(&options.models)?;
    let registry = application::systems::registry();
    let resources = Resources { models: &options.models, device: neural::device::choice_of(device) };
    let player = registry.load(&options.performer, &resources)?;
    let hear = |k: usize| {
        said(&format!("{} of {}: {}", k + 1, pieces.len(), pieces[k].title));
        takes(&*player, pieces[k], options, &words)
    };
    let heard = side_by_side(pieces.len(), options.workers, &hear)?;
    let judged =
        judge.as_ref().map(|judge| Judged::of(judge, options, device, &pieces, &heard)).transpose()?;
    let mut lines = Vec::new();
    for (k, word) in words.iter().enumerate() {
        for (at, strength) in STRENGTHS.into_iter().enumerate() {
            let take = 1 + k * STRENGTHS.len() + at;
            let changes: Vec<Cues> = heard.iter().map(|takes| takes.change(take)).collect();
            let mut line = line(word, strength, &changes, &listeners, &labelling.deviations)?;
            line.judged = judged.as_ref().map(|judged| judged.moved(word.scale, take)).transpose()?;
            lines.push(line);
        }
    }
    Ok(Report {
        split: options.split.clone(),
        performer: options.performer.clone(),
        seed: options.seed,
        excerpts: pieces.len(),
        lines,
    })
}

/// A text, the scale that it is an end of, and what it means.
struct Word {
    text: &'static str,
    scale: &'static str,
    feeling: Feeling,
    /// What it would ask for without listeners.
    tables: Cues,
}

impl Word {
    fn of(feeler: &Feeler, (text, scale): (&'static str, &'static str)) -> Result<Self> {
        let alone = feeler.alone(text)?;
        let tables = alone.map_or([0.0; CUES], |alone| alone.corrected(feeler.imitations()).cues);
        Ok(Self { text, scale, feeling: feeler.feel(text)?, tables })
    }
}

/// The takes of an excerpt: without a mood, then text by text, strength by strength.
struct Takes {
    measures: Range<usize>,
    takes: Vec<Performance>,
    cues: Vec<Cues>,
}

impl Takes {
    /// How the cues of a take differ from those without a mood, in their units.
    fn change(&self, take: usize) -> Cues {
        std::array::from_fn(|k| self.cues[take][k] - self.cues[0][k])
    }
}

/// Performs an excerpt of a piece in all ways.
fn takes(player: &dyn Performer, piece: &Piece, options: &Options, words: &[Word]) -> Result<Takes> {
    let measures = stretch(&piece.score, options.notes);
    let region = Region::Measures(measures.clone());
    let play = |mood: Option<Mood>| -> Result<Performance> {
        let controls =
            Controls { seed: options.seed, mood, base_tempo: BaseTempo::Free, ..Controls::default() };
        let request = Request { score: &piece.score, region: &region, context: None, controls: &controls };
        Ok(take::perform(player, &request, &Job::default())?)
    };
    let mut takes = vec![play(None)?];
    for word in words {
        for strength in STRENGTHS {
            takes.push(play(Some(word.feeling.throughout(&piece.score, strength)))?);
        }
    }
    let measured = |take: &Performance| Measured::of(&piece.score, take, None).cues(measures.clone());
    let cues = takes.iter().map(measured).collect();
    Ok(Takes { measures, takes, cues })
}

/// What the judge makes of all takes.
struct Judged<'a> {
    judge: &'a Judge,
    /// What it knows of each take of each excerpt, `[excerpts][takes][columns]`.
    known: Vec<Vec<Vec<f64>>>,
}

impl<'a> Judged<'a> {
    fn of(
        judge: &'a Judge,
        options: &Options,
        device: &Device,
        pieces: &[&Piece],
        heard: &[Takes],
    ) -> Result<Self> {
        let classifier = judge.classifier(&options.models, device)?;
        let known = |(piece, takes): (&&Piece, &Takes)| -> Vec<Vec<f64>> {
            let hearing = Hearing::of(piece, takes.measures.clone(), classifier.as_ref());
            takes.takes.iter().map(|take| hearing.known(take)).collect()
        };
        Ok(Self { judge, known: pieces.iter().zip(heard).map(known).collect() })
    }

    /// How far a scale moved from the take without a mood, on the mean over the excerpts, in deviations of
    /// what the judge predicts.
    fn moved(&self, scale: &str, take: usize) -> Result<f64> {
        let scale = self.judge.scale(scale).with_context(|| format!("judge.json has no scale {scale}"))?;
        let moved = |known: &Vec<Vec<f64>>| {
            let change: Vec<f64> =
                known[take].iter().zip(&known[0]).map(|(now, plain)| now - plain).collect();
            self.judge.predict(scale, &change)
        };
        Ok(mean(self.known.iter().map(moved)) / scale.predicted)
    }
}

/// A line from the changes of all excerpts.
fn line(
    word: &Word,
    strength: f64,
    changes: &[Cues],
    listeners: &Listeners,
    pianists: &Cues,
) -> Result<Line> {
    let scale =
        |name: &str| listeners.scale(name).with_context(|| format!("listeners.json has no scale {name}"));
    let own = scale(word.scale)?;
    let moved = |scale: &Scale| mean(changes.iter().map(|change| listeners.predict(scale, change)));
    let mut scales = [0.0; 5];
    for (moved_by, name) in scales.iter_mut().zip(JUDGED) {
        let scale = scale(name)?;
        *moved_by = moved(scale) / scale.predicted;
    }
    let tables = word.tables.map(|cue| strength * cue);
    let as_asked: Cues = std::array::from_fn(|k| tables[k] * pianists[k]);
    Ok(Line {
        text: word.text.to_owned(),
        strength,
        moved: moved(own) / own.predicted,
        moved_of_agreed: own.agreed().map(|agreed| moved(own) / agreed),
        moved_of_mean: moved(own) / own.deviation,
        judged: None,
        by_tables: listeners.predict(own, &as_asked) / own.predicted,
        moved_up: changes.iter().filter(|change| listeners.predict(own, change) > 0.0).count(),
        scales,
        tables,
        asked: word.feeling.cues.map(|cue| strength * cue),
        change: std::array::from_fn(|k| mean(changes.iter().map(|change| change[k])) / pianists[k]),
    })
}

/// The mean of what is known; 0 where nothing is.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) =
        values.filter(|value| value.is_finite()).fold((0.0, 0usize), |(sum, n), value| (sum + value, n + 1));
    sum / count.max(1) as f64
}

impl Report {
    /// Whether a text moves its scale by a deviation of predicted ratings or more, and more with strength.
    pub fn is_heard(&self, text: &str) -> bool {
        let moved: Vec<f64> = self.lines.iter().filter(|l| l.text == text).map(|l| l.moved).collect();
        moved.first().is_some_and(|first| *first >= 1.0) && moved.windows(2).all(|two| two[0] < two[1])
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use performance::cues::Cue;

    use super::*;

    /// Every scale is the level of velocity, predicted a half as well as it varies.
    fn listeners() -> Listeners {
        let mut weights = [0.0; CUES];
        weights[Cue::Level as usize] = 0.1;
        let of = |name: &str| Scale {
            name: name.into(),
            deviation: 0.2,
            predicted: 0.1,
            ceiling: Some(0.8),
            weights,
        };
        Listeners { deviations: [4.0; CUES], scales: JUDGED.map(of).to_vec() }
    }

    fn dark() -> Word {
        let feeling = Feeling {
            text: "dark".into(),
            weights: Vec::new(),
            vector: Vec::new(),
            cues: [0.5; CUES],
            sureness: 1.0,
            unknown: Vec::new(),
        };
        let mut tables = [0.0; CUES];
        tables[Cue::Level as usize] = 0.4;
        Word { text: "dark", scale: DARK, feeling, tables }
    }

    fn line_of(strength: f64, louder: [f64; 2]) -> Line {
        let change = |by: f64| {
            let mut change = [f64::NAN; CUES];
            change[Cue::Level as usize] = by;
            change
        };
        line(&dark(), strength, &louder.map(change), &listeners(), &[5.0; CUES]).unwrap()
    }

    #[test]
    fn a_line_tells_the_mean_change_in_deviations() {
        let line = line_of(2.0, [-1.0, 9.0]);
        // Four louder is a deviation, which adds .1.
        assert!((line.moved - 1.0).abs() < 1e-12 && (line.moved_of_mean - 0.5).abs() < 1e-12, "{line:?}");
        assert!((line.moved_of_agreed.unwrap() - 0.625).abs() < 1e-12, "{line:?}");
        // Twice .4 of a deviation of 5 would be 4 louder.
        assert!((line.by_tables - 1.0).abs() < 1e-12 && line.judged.is_none(), "{line:?}");
        assert_eq!((line.moved_up, line.asked[0]), (1, 1.0));
        assert!((line.change[Cue::Level as usize] - 0.8).abs() < 1e-12);
        assert_eq!(line.change[Cue::Pedal as usize], 0.0);
        assert!(line.scales.iter().all(|moved| (moved - 1.0).abs() < 1e-12));
        let missing = Listeners { scales: Vec::new(), ..listeners() };
        assert!(super::line(&dark(), 1.0, &[], &missing, &[1.0; CUES]).is_err());
    }

    #[test]
    fn the_judge_tells_the_mean_change_in_its_own_deviations() {
        let scale = super::super::judge::Scale { name: DARK.into(), predicted: 0.1, weights: vec![0.1, 0.4] };
        let judge = Judge { classifier: None, sizes: vec![2.0, 1.0], scales: vec![scale] };
        let known = vec![vec![vec![1.0, 0.0], vec![5.0, f64::NAN]], vec![vec![2.0, 0.5], vec![2.0, 1.5]]];
        let judged = Judged { judge: &judge, known };
        // .2 in the first excerpt, .4 in the second.
        assert!((judged.moved(DARK, 1).unwrap() - 3.0).abs() < 1e-12);
        assert!(judged.moved(SPACIOUS, 1).is_err());
    }

    #[test]
    fn a_word_is_heard_that_moves_ratings_enough_and_more_with_strength() {
        let report = |louder: [f64; 2]| Report {
            split: "valid".into(),
            performer: "rules".into(),
            seed: 1,
            excerpts: 2,
            lines: vec![line_of(1.0, [louder[0]; 2]), line_of(2.0, [louder[1]; 2])],
        };
        assert!(report([4.5, 8.0]).is_heard("dark"));
        assert!(!report([4.5, 4.4]).is_heard("dark") && !report([3.0, 8.0]).is_heard("dark"));
        assert!(!report([4.5, 8.0]).is_heard("spacious"));
        let text = report([4.5, 8.0]).to_string();
        assert!(text.contains("dark is heard") && text.contains("spacious is not heard"), "{text}");
    }
}
