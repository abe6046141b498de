//! Where a performer falls short: piece by piece, side by side of playing, kind by kind of note.

use std::fmt;

use performance::Performance;
use performance::blur::clashes;
use performance::metrics::{self, Figure, Figures};
use serde::Serialize;

use super::traits::{self, SIDES, mean};
use super::{Five, Judged, known};

/// What is measured in detail of a performer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Detail {
    /// Who played.
    pub name: String,
    /// Every piece.
    pub pieces: Vec<PieceRow>,
    /// What no correlation shows; none without pieces.
    pub whole: Option<Whole>,
    /// What the five figures mix, apart.
    pub sides: Vec<SideRow>,
    /// Kinds of notes.
    pub features: Vec<FeatureRow>,
}

/// What is heard first and no correlation shows, the mean over pieces.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Whole {
    /// Distance of the piece's tempo from the mean of people, in log2 of seconds per quarter.
    pub tempo_off: f64,
    /// Share of onsets struck a semitone from what the pedal alone holds, and people's.
    pub blur: [f64; 2],
}

/// How one piece went.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PieceRow {
    /// Composer and title.
    pub piece: String,
    /// People who played it.
    pub people: usize,
    /// r with them.
    pub agreement: Five,
    /// r among them.
    pub humans: Five,
    /// Spread, 1 is theirs.
    pub spread: Five,
    /// How much slower it is as a whole than the mean of people, in log2 of seconds per quarter.
    pub slower: Option<f64>,
    /// Share of onsets struck a semitone from what the pedal alone holds, and people's.
    pub blur: [f64; 2],
}

/// One side of playing, the mean over pieces.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SideRow {
    /// What it is.
    pub side: &'static str,
    /// r with people.
    pub agreement: Option<f64>,
    /// r of people with each other.
    pub humans: Option<f64>,
    /// Spread, 1 is theirs.
    pub spread: Option<f64>,
}

/// One kind of note, the mean over pieces.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FeatureRow {
    /// What the notes have in common.
    pub feature: &'static str,
    /// How many there are.
    pub notes: usize,
    /// r with people over these notes alone.
    pub agreement: Five,
    /// r of people with each other over them.
    pub humans: Five,
    /// By how much they are played louder, slower, later in the chord, longer than people play them,
    /// relative to the other notes, in deviations of the figure.
    pub lean: Five,
}

/// Measures one performance of each piece in detail.
pub fn detail(name: &str, pieces: &[Judged<'_>], played: &[Performance]) -> Detail {
    let details: Vec<PieceDetail> =
        pieces.iter().zip(played).map(|(piece, played)| PieceDetail::of(piece, played)).collect();
    let sides = SIDES.iter().enumerate().map(|(k, side)| {
        let column = |of: fn(&PieceDetail) -> &[[Option<f64>; 3]; SIDES.len()], what: usize| {
            average(details.iter().map(|piece| of(piece)[k][what]))
        };
        let of: fn(&PieceDetail) -> &[[Option<f64>; 3]; SIDES.len()] = |piece| &piece.sides;
        SideRow { side, agreement: column(of, 0), humans: column(of, 1), spread: column(of, 2) }
    });
    let kinds = details.first().map_or(0, |piece| piece.features.len());
    let features = (0..kinds).map(|k| {
        let of = |pick: fn(&FeatureRow) -> Five| metrics::mean(details.iter().map(|l| pick(&l.features[k])));
        FeatureRow {
            feature: details[0].features[k].feature,
            notes: details.iter().map(|l| l.features[k].notes).sum(),
            agreement: of(|f| f.agreement),
            humans: of(|f| f.humans),
            lean: of(|f| f.lean),
        }
    });
    Detail {
        name: name.to_owned(),
        whole: (!details.is_empty()).then(|| Whole {
            tempo_off: mean(details.iter().filter_map(|piece| piece.row.slower).map(f64::abs)),
            blur: [0, 1].map(|k| mean(details.iter().map(|piece| piece.row.blur[k]))),
        }),
        sides: sides.collect(),
        features: features.collect(),
        pieces: details.iter().map(|piece| piece.row.clone()).collect(),
    }
}

/// One piece.
struct PieceDetail {
    row: PieceRow,
    /// Agreement, that of people, spread.
    sides: [[Option<f64>; 3]; SIDES.len()],
    features: Vec<FeatureRow>,
}

impl PieceDetail {
    fn of(judged: &Judged<'_>, played: &Performance) -> Self {
        let score = &judged.piece.score;
        let figures = Figures::of(score, played, None);
        let onsets = score.onset_groups().len().max(1) as f64;
        let blur = |played: &Performance| clashes(score, played, |_, _| false).len() as f64 / onsets;
        let people = |of: &dyn Fn(usize) -> f64| mean((0..judged.humans.len()).map(of));
        let row = PieceRow {
            piece: format!("{} {}", judged.piece.composer, judged.piece.title),
            people: judged.humans.len(),
            agreement: metrics::agreement_with_humans(&figures, &judged.humans),
            humans: metrics::mutual_agreement(&judged.humans),
            spread: metrics::spread(&figures, &judged.humans),
            slower: known::slower(&figures, judged),
            blur: [blur(played), people(&|k| blur(&judged.piece.humans[k].performance))],
        };
        let others: Vec<_> = judged
            .piece
            .humans
            .iter()
            .zip(&judged.humans)
            .map(|(human, figures)| traits::sides(score, &human.performance, figures))
            .collect();
        let own = traits::sides(score, played, &figures);
        let kept = metrics::without_duplicates(&judged.humans);
        let sides = std::array::from_fn(|k| {
            let people: Vec<&[f64]> = others.iter().map(|o| o[k].as_slice()).collect();
            let agreement = average(people.iter().map(|human| metrics::pearson(&own[k], human)));
            let different: Vec<&[f64]> = kept.iter().map(|h| people[*h]).collect();
            let humans = average(pairs(&different).map(|(a, b)| metrics::pearson(a, b)));
            let spread = deviation(&own[k]).zip(average(people.iter().map(|h| deviation(h))));
            [agreement, humans, spread.filter(|s| s.1 > 0.0).map(|(own, theirs)| own / theirs)]
        });
        let features = traits::kinds(score).iter().map(|kind| feature(kind, judged, &figures)).collect();
        Self { row, sides, features }
    }
}

fn feature(kind: &traits::Kind, judged: &Judged<'_>, figures: &Figures) -> FeatureRow {
    let score = &judged.piece.score;
    let by_onset: Vec<bool> =
        score.onset_groups().into_iter().map(|mut group| group.any(|n| kind.notes[n])).collect();
    let belongs = |k: usize| if matches!(k, 1 | 2) { &by_onset } else { &kind.notes };
    let only = |figures: &Figures| Figures {
        values: std::array::from_fn(|k| {
            let cells = figures.values[k].iter().zip(belongs(k));
            cells.map(|(value, belongs)| if *belongs { *value } else { f64::NAN }).collect()
        }),
    };
    let own = only(figures);
    let people: Vec<Figures> = judged.humans.iter().map(only).collect();
    let lean = |figures: &Figures| -> Five {
        std::array::from_fn(|k| {
            let all: Vec<f64> = figures.values[k].iter().copied().filter(|v| v.is_finite()).collect();
            let these = figures.values[k].iter().zip(belongs(k)).filter(|(v, b)| **b && v.is_finite());
            let (sum, count) = these.fold((0.0, 0.0), |(s, c), (v, _)| (s + v, c + 1.0));
            let mean = all.iter().sum::<f64>() / all.len() as f64;
            let deviation = deviation(&all).filter(|d| *d > 1e-9)?;
            (count > 0.0).then(|| (sum / count - mean) / deviation)
        })
    };
    let theirs = metrics::mean(judged.humans.iter().map(lean));
    let mine = lean(figures);
    FeatureRow {
        feature: kind.name,
        notes: kind.notes.iter().filter(|n| **n).count(),
        agreement: metrics::agreement_with_humans(&own, &people),
        humans: metrics::mutual_agreement(&people),
        lean: std::array::from_fn(|k| Some(mine[k]? - theirs[k]?)),
    }
}

fn pairs<'a>(people: &'a [&'a [f64]]) -> impl Iterator<Item = (&'a [f64], &'a [f64])> {
    people.iter().enumerate().flat_map(move |(k, a)| people[..k].iter().map(move |b| (*a, *b)))
}

fn average(values: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let (sum, count) = values.flatten().fold((0.0, 0.0), |(s, c), v| (s + v, c + 1.0));
    (count > 0.0).then(|| sum / count)
}

/// Standard deviation of the finite values, if there are enough.
fn deviation(values: &[f64]) -> Option<f64> {
    let finite = || values.iter().filter(|v| v.is_finite());
    let count = finite().count();
    let mean = finite().sum::<f64>() / count as f64;
    let square = finite().map(|v| (v - mean).powi(2)).sum::<f64>() / count as f64;
    (count >= metrics::LEAST_SHARED).then(|| square.sqrt())
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cell = |v: Option<f64>| v.map_or_else(|| format!("{:>8}", "-"), |v| format!("{v:>8.2}"));
        let five = |five: Five| five.map(cell).concat();
        let names: String = Figure::ALL.map(|figure| format!("{:>8}", figure.name())).concat();
        if !self.sides.is_empty() {
            writeln!(f, "{}: sides of playing", self.name)?;
            writeln!(f, "{:30}{:>8}{:>8}{:>8}", "", "r", "humans", "spread")?;
        }
        for row in &self.sides {
            let cells = [row.agreement, row.humans, row.spread].map(cell).concat();
            writeln!(f, "{:30}{cells}", row.side)?;
        }
        if let (false, Some(whole)) = (self.sides.is_empty(), &self.whole) {
            let [own, people] = whole.blur.map(|share| 100.0 * share);
            writeln!(f, "tempo of the piece: {:.2} in log2 off people's mean", whole.tempo_off)?;
            writeln!(f, "onsets that the pedal blurs: {own:.1} %, people {people:.1} %")?;
        }
        if !self.features.is_empty() {
            writeln!(f, "\n{}: kinds of notes; r | r of people | lean in deviations, 0 is human", self.name)?;
            writeln!(f, "{:22}{:>8} |{names} |{names} |{names}", "", "notes")?;
        }
        for row in &self.features {
            let (r, humans, lean) = (five(row.agreement), five(row.humans), five(row.lean));
            writeln!(f, "{:22}{:>8} |{r} |{humans} |{lean}", row.feature, row.notes)?;
        }
        if !self.pieces.is_empty() {
            writeln!(
                f,
                "\n{}: pieces; r | r of people | spread | slower (log2) and blur (%, people)",
                self.name
            )?;
            writeln!(f, "{:46}{:>6} |{names} |{names} |{names} |{:>8}{:>8}", "", "people", "slower", "blur")?;
        }
        for row in &self.pieces {
            let piece: String = row.piece.chars().take(45).collect();
            let (r, humans, spread) = (five(row.agreement), five(row.humans), five(row.spread));
            let [own, people] = row.blur.map(|share| 100.0 * share);
            let whole = format!("{}{own:>8.1}{people:>8.1}", cell(row.slower));
            writeln!(f, "{piece:46}{:>6} |{r} |{humans} |{spread} |{whole}", row.people)?;
        }
        Ok(())
    }
}
