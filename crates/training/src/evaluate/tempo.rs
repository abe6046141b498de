//! `espressivo evaluate tempo`: whether pieces are taken as their metronome marks say.
//!
//! Scores of the data folder in which a person chose a tempo ([`analysis::tempo_marks`]) are performed as
//! marked and in the performer's own tempo. The tempo of a section is its mean, quarters over seconds;
//! people who played the same scores of (n)ASAP stand beside the performers.

mod score_tempo;
mod scores;

use std::fmt;
use std::path::PathBuf;

use anyhow::{Result, bail};
use burn::tensor::Device;
use performers::{BaseTempo, base_tempo};
use serde::Serialize;

use super::named_performers::{self, NamedPerformer};
use super::side_by_side;
use crate::datasets;
use score_tempo::{BEYOND, mean_of_people};
pub use score_tempo::{Count, ScoreTempo};
use scores::Marked;

/// Splits of (n)ASAP whose people are compared.
const SPLITS: [&str; 3] = ["train", "valid", "test"];

/// What the evaluation takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder.
    pub data: PathBuf,
    /// The models folder.
    pub models: PathBuf,
    /// Who plays.
    pub performers: Vec<String>,
    /// Seed of the takes.
    pub seed: u64,
    /// Only the first so many scores with marks.
    pub limit: Option<usize>,
    /// How many of the farthest scores are named.
    pub worst: usize,
    /// Scores performed side by side.
    pub workers: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            data: PathBuf::from("../shared/data"),
            models: application::Folders::find().models,
            performers: application::systems::registry().infos().map(|info| info.id.to_owned()).collect(),
            seed: 1,
            limit: None,
            worst: 5,
            workers: 2,
        }
    }
}

/// What the evaluation found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TempoReport {
    /// Scores with a printed mark, with tempi for playback alone, and with neither.
    pub scores: [usize; 3],
    /// Seed of the takes.
    pub seed: u64,
    /// A row for each who played.
    pub rows: Vec<Row>,
}

/// How one player keeps to the marks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Who played, and how.
    pub name: String,
    /// On scores with printed marks.
    pub printed: Count,
    /// On scores with tempi for playback alone.
    pub playback: Count,
}

impl Row {
    fn of(name: String, tempi: Vec<ScoreTempo>, worst: usize) -> Self {
        let (printed, playback): (Vec<_>, Vec<_>) = tempi.into_iter().partition(|tempo| tempo.is_printed);
        Self { name, printed: Count::of(printed, worst), playback: Count::of(playback, worst) }
    }
}

/// Performs the scores with marks and compares.
///
/// # Errors
/// When there are no scores with marks, or a performer fails.
pub fn run(options: &Options, device: &Device, said: &(dyn Fn(&str) + Sync)) -> Result<TempoReport> {
    let mut found = scores::find(&options.data, said)?;
    found.marked.truncate(options.limit.unwrap_or(usize::MAX));
    if found.marked.is_empty() {
        bail!("no score in {} has a metronome mark", options.data.display());
    }
    let printed = found.marked.iter().filter(|marked| marked.is_printed()).count();
    let mut rows = Vec::new();
    for player in named_performers::load(&options.performers, &[], &options.models, device)? {
        for (how, base) in [("as marked", BaseTempo::AsMarked), ("free", BaseTempo::Free)] {
            said(&format!("{}, {how}, performs {} scores", player.name, found.marked.len()));
            let tempi = perform(&player, &found.marked, options, base)?;
            rows.push(Row::of(format!("{}, {how}", player.name), tempi, options.worst));
        }
    }
    let [together, each] = people(options, &found.marked, said);
    rows.push(Row::of("people, mean of a score".into(), together, options.worst));
    rows.push(Row::of("people, each recording".into(), each, options.worst));
    let scores = [printed, found.marked.len() - printed, found.unmarked];
    Ok(TempoReport { scores, seed: options.seed, rows })
}

fn perform(
    player: &NamedPerformer,
    scores: &[Marked],
    options: &Options,
    base: BaseTempo,
) -> Result<Vec<ScoreTempo>> {
    let one = |k: usize| -> Result<Option<ScoreTempo>> {
        let Marked { name, score, sections } = &scores[k];
        let take = player.play_at(score, options.seed, base)?;
        Ok(ScoreTempo::of(name, &base_tempo::distances(sections, score, &take)))
    };
    Ok(side_by_side(scores.len(), options.workers, &one)?.into_iter().flatten().collect())
}

/// What people did: the mean of each score, and each recording.
fn people(options: &Options, scores: &[Marked], said: &(dyn Fn(&str) + Sync)) -> [Vec<ScoreTempo>; 2] {
    let (mut together, mut each) = (Vec::new(), Vec::new());
    for split in SPLITS {
        let split = match datasets::load(&options.data, split) {
            Ok(split) => split,
            Err(why) => {
                said(&format!("no people of {split}: {why:#}"));
                continue;
            }
        };
        for piece in &split.pieces {
            let name = scores::corpus_name(&piece.folder);
            let Some(marked) = scores.iter().find(|marked| marked.name == name) else { continue };
            let humans = piece.humans.iter();
            let all: Vec<_> = humans
                .map(|human| base_tempo::distances(&marked.sections, &piece.score, &human.performance))
                .collect();
            each.extend(all.iter().filter_map(|distances| ScoreTempo::of(&name, distances)));
            together.extend(mean_of_people(&all).and_then(|mean| ScoreTempo::of(&name, &mean)));
        }
    }
    [together, each]
}

impl fmt::Display for TempoReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [printed, playback, neither] = self.scores;
        writeln!(
            f,
            "{printed} scores with a printed mark, {playback} with tempi for playback alone, {neither} with \
             neither; seed {}",
            self.seed
        )?;
        writeln!(
            f,
            "beyond: mean tempo more than {:.0} % from the marks; off: mean distance, faster: mean, in octaves",
            100.0 * (BEYOND - 1.0)
        )?;
        write!(f, "{:28}", "")?;
        for kind in ["printed", "for playback"] {
            write!(
                f,
                " |{kind:>13}{:>8}{:>7}{:>8}{:>10}{:>8}",
                "beyond", "off", "faster", "sections", "beyond"
            )?;
        }
        writeln!(f)?;
        for row in &self.rows {
            write!(f, "{:28}", row.name)?;
            for count in [&row.printed, &row.playback] {
                write!(f, " |{count}")?;
            }
            writeln!(f)?;
        }
        for row in &self.rows {
            for (kind, count) in [("printed", &row.printed), ("for playback", &row.playback)] {
                let farthest: Vec<String> = count.worst.iter().map(ScoreTempo::to_string).collect();
                if !farthest.is_empty() {
                    writeln!(f, "\n{}, {kind}, farthest\n  {}", row.name, farthest.join("\n  "))?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_tells_printed_marks_from_those_for_playback() {
        let tempo = |name: &str, is_printed: bool, octaves: f64| ScoreTempo {
            name: name.into(),
            is_printed,
            octaves,
            off: octaves.abs(),
            sections: 2,
            sections_beyond: usize::from(octaves.abs() > 0.2),
        };
        let all = vec![tempo("a", true, 0.1), tempo("b", true, -0.3), tempo("c", false, 0.5)];
        let row = Row::of("rules, free".into(), all, 1);
        assert_eq!((row.printed.scores, row.printed.beyond), (2, 1));
        assert_eq!((row.playback.scores, row.playback.beyond), (1, 1));
        let report = TempoReport { scores: [2, 1, 4], seed: 1, rows: vec![row] };
        let text = report.to_string();
        assert!(text.starts_with("2 scores with a printed mark, 1 with tempi for playback"), "{text}");
        assert!(text.contains("rules, free, printed, farthest\n  b") && !text.contains("  a "), "{text}");
    }
}
