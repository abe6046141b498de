//! `espressivo evaluate mood --meanings`: whether words are understood as people would expect, and
//! whether a reading knows how sure it may be. Nothing is performed.

use std::path::PathBuf;

use anyhow::Result;
use burn::tensor::Device;
use mood::Feeler;
use mood::feeling::evidence::ASKED;
use mood::feeling::{Alone, Imitations};
use mood::labels::ALL;
use performance::cues::{CUES, Cues};
use serde::Serialize;

use super::evaluate::{JUDGED, LEANS};
use super::reliability::{self, Row};
use super::{phrases, things};
use crate::text::imitations::Learned;

/// A cue that is expected to change must change by this, in deviations, where small changes count
/// as none: what the window shows with an arrow.
const NOTICED: f64 = 0.25;

/// What it takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The models folder.
    pub models: PathBuf,
    /// The folder of the text encoder; the table of words reads where it is not there.
    pub encoder: Option<PathBuf>,
}

/// A text, what is expected of it, and what was understood.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// The text.
    pub text: String,
    /// -1, 0 (anything) or 1, of all cues.
    pub expected: Cues,
    /// What it is understood to mean, in deviations between pianists.
    pub cues: Cues,
    /// Cosine of the nearest thing that is known.
    pub nearness: f64,
    /// Root mean square of the cues.
    pub strength: f64,
    /// Chance of being right that was told.
    pub sureness: f64,
}

impl Line {
    /// Whether every cue that is expected to change does so, by more than this.
    pub fn is_right(&self, least: f64) -> bool {
        let mut judged = self.expected.iter().zip(self.cues).filter(|(expected, _)| **expected != 0.0);
        judged.all(|(expected, cue)| expected * cue > least)
    }

    fn case(&self) -> (f64, bool) {
        (self.sureness, self.is_right(0.0))
    }
}

/// A list of texts.
#[derive(Clone, Debug, Serialize)]
pub struct List {
    /// What it is.
    pub name: &'static str,
    /// One line a text.
    pub lines: Vec<Line>,
}

impl List {
    /// Share of the texts that are right, each cue by more than `least` deviations.
    pub fn share(&self, least: f64) -> f64 {
        let right = self.lines.iter().filter(|line| line.is_right(least)).count();
        right as f64 / self.lines.len().max(1) as f64
    }

    /// The same of changes that are noticed.
    pub fn share_noticed(&self) -> f64 {
        self.share(NOTICED)
    }
}

/// What was found.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Which text encoder read the words.
    pub encoder: String,
    /// Labels, phrases and things as they are understood.
    pub lists: Vec<List>,
    /// How many of the judged things share a word with the imitations.
    pub sharing: usize,
    /// Phrases, things and imitations, each read without the imitations that share a word with it.
    pub unseen: Vec<List>,
    /// Area under the curve of sureness over the phrases and things as they are.
    pub auc: Option<f64>,
    /// The same over the unseen.
    pub auc_unseen: Option<f64>,
    /// What was told and what was so, over phrases and things as they are.
    pub reliability: Vec<Row>,
    /// The same over the unseen.
    pub reliability_unseen: Vec<Row>,
    /// Log odds of being right at nearness 0 and strength 0, and how much they grow with either: the
    /// fit to the unseen, from which the constants of `mood::feeling::evidence` are taken.
    pub odds: [f64; 3],
}

/// Reads everything. `said` hears of progress.
pub fn run(options: &Options, device: &Device, said: &dyn Fn(&str)) -> Result<Report> {
    let feeler = Feeler::load(&options.models, options.encoder.as_deref(), device.clone())?;
    let phrases = phrases::all()?;
    let things = things::all()?;
    let of_phrase = |phrase: &phrases::Phrase| {
        let mut expected = [0.0; CUES];
        JUDGED.iter().zip(phrase.expected).for_each(|(cue, sign)| expected[*cue as usize] = sign);
        (phrase.text, expected)
    };
    let labels: Vec<(&str, Cues)> = ALL.iter().map(|label| (label.name, signs(&label.cues))).collect();
    let phrases: Vec<(&str, Cues)> = phrases.iter().map(of_phrase).collect();
    let things: Vec<(&str, Cues)> = things.iter().map(|thing| (thing.text, thing.expected)).collect();

    said("reading what a pianist imitates");
    let learned = Learned::new(&feeler)?;
    said("reading labels, phrases and things");
    let as_they_are = |name, texts: &[(&str, Cues)]| -> Result<List> {
        let line = |(text, expected): &(&str, Cues)| {
            Ok(line(text, *expected, feeler.alone(text)?.as_ref(), feeler.imitations()))
        };
        Ok(List { name, lines: texts.iter().map(line).collect::<Result<_>>()? })
    };
    let unseen = |name, texts: &[(&str, Cues)]| -> Result<List> {
        let line = |(text, expected): &(&str, Cues)| {
            let others = learned.without_words_of(text);
            Ok(line(text, *expected, feeler.alone(text)?.as_ref(), Some(&others)))
        };
        Ok(List { name, lines: texts.iter().map(line).collect::<Result<_>>()? })
    };
    let lists = vec![
        as_they_are("labels", &labels)?,
        as_they_are("phrases", &phrases)?,
        as_they_are("things", &things)?,
    ];
    let unseen = vec![unseen("phrases", &phrases)?, unseen("things", &things)?, imitations(&learned)];

    let cases = |lists: &[List]| -> Vec<(f64, bool)> {
        lists.iter().flat_map(|list| list.lines.iter().map(Line::case)).collect()
    };
    let told = unseen.iter().flat_map(|list| &list.lines);
    let (values, right): (Vec<_>, Vec<_>) =
        told.map(|line| ([line.nearness, line.strength], line.is_right(0.0))).unzip();
    Ok(Report {
        encoder: format!("{:?}", feeler.source()),
        sharing: things.iter().filter(|(text, _)| learned.shares_a_word(text)).count(),
        auc: reliability::auc(&cases(&lists[1..])),
        auc_unseen: reliability::auc(&cases(&unseen)),
        reliability: reliability::table(&cases(&lists[1..])),
        reliability_unseen: reliability::table(&cases(&unseen)),
        odds: reliability::logistic(&values, &right),
        lists,
        unseen,
    })
}

/// The imitations, each by what the others teach; right where much is expected.
fn imitations(learned: &Learned) -> List {
    let expected = |steps: &Cues| {
        let mut expected = [0.0; CUES];
        let much = ASKED.into_iter().filter(|cue| steps[*cue as usize].abs() > 1.5);
        much.for_each(|cue| expected[cue as usize] = steps[cue as usize].signum());
        expected
    };
    let of = |(thing, alone): (&crate::text::imitations::Thing, &Alone)| {
        let expected = expected(&thing.steps);
        let is_judged = alone.reading.is_some() && expected.iter().any(|e| *e != 0.0);
        is_judged
            .then(|| line(thing.text, expected, Some(alone), Some(&learned.without_words_of(thing.text))))
    };
    let lines = learned.things.iter().zip(&learned.alone).filter_map(of).collect();
    List { name: "imitations", lines }
}

/// A text of which nobody knows a word changes nothing, for certain not what is expected.
fn line(text: &str, expected: Cues, alone: Option<&Alone>, things: Option<&Imitations>) -> Line {
    let understood = alone.map(|alone| alone.corrected(things));
    let evidence = understood.map(|u| u.evidence);
    Line {
        text: text.to_owned(),
        expected,
        cues: understood.map_or([0.0; CUES], |u| u.cues),
        nearness: evidence.map_or(0.0, |e| e.nearness),
        strength: evidence.map_or(0.0, |e| e.strength),
        sureness: understood.map_or(0.0, |u| u.sureness),
    }
}

/// What is expected of a label: the judged cues that lean enough.
fn signs(cues: &Cues) -> Cues {
    let mut signs = [0.0; CUES];
    for cue in JUDGED.into_iter().filter(|cue| cues[*cue as usize].abs() >= LEANS) {
        signs[cue as usize] = cues[cue as usize].signum();
    }
    signs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_right_if_all_that_is_expected_changes_enough() {
        let mut line = Line {
            text: String::new(),
            expected: [0.0; CUES],
            cues: [-0.2; CUES],
            nearness: 0.5,
            strength: 0.5,
            sureness: 0.5,
        };
        (line.expected[0], line.expected[5]) = (-1.0, 1.0);
        assert!(!line.is_right(0.0));
        line.cues[5] = 0.4;
        assert!(line.is_right(0.0) && !line.is_right(NOTICED));
        let list = List { name: "one", lines: vec![line] };
        assert_eq!((list.share(0.0), list.share_noticed()), (1.0, 0.0));
    }
}
