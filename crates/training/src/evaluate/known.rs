//! How much of what people agree on a performer predicts, whatever it leaves to chance.
//!
//! With p the performer, h a person, and r the mean over pairs within a piece, then over pieces:
//! known share = r(p, h) / sqrt(r(p, p') r(h, h')), p and p' takes of different seeds, h and h' two people.
//! This is the correction for attenuation (Spearman, "The Proof and Measurement of Association between Two
//! Things", 1904): 1 for a performer that predicts all on which people agree, whatever chance it adds.

use std::fmt;

use performance::metrics::{self, Figure, Figures};
use serde::Serialize;

use super::row::width;
use super::traits;
use super::{Five, Judged};

/// A piece whose takes or people are less alike than this does not count.
const LEAST_LIKENESS: f64 = 0.05;

/// Spread within these bounds is that of people.
pub(crate) const SPREAD: std::ops::RangeInclusive<f64> = 0.75..=1.33;

/// What is measured of one piece.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Likeness {
    /// r of takes with people.
    pub across: Five,
    /// r of takes with each other.
    pub takes: Five,
    /// r of people with each other.
    pub people: Five,
    /// Spread of the first take, 1 is people's.
    pub spread: Five,
    /// How much slower than the mean of people the piece is, in log2 of seconds per quarter: in the
    /// performer's own tempo, and as marked where a person chose a mark.
    pub slower: [Option<f64>; 2],
}

/// How much a performer predicts, and where it is like people piece by piece.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KnownRow {
    /// Who played.
    pub name: String,
    /// Known share; none with a single take.
    pub known: Five,
    /// Pieces that it comes from.
    pub pieces: [usize; 5],
    /// Pieces left out, since their takes or people are hardly alike.
    pub left_out: [usize; 5],
    /// r between takes over those pieces.
    pub takes: Five,
    /// r between people over those pieces.
    pub people: Five,
    /// Share of pieces whose spread lies within .75 to 1.33 of people's.
    pub within: Five,
    /// How far the tempo of the piece is off people's.
    pub tempo: TempoOff,
}

/// Distance of the tempo of a piece from the mean of people, in log2 of seconds per quarter, the mean over
/// pieces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct TempoOff {
    /// In the performer's own tempo, over all pieces.
    pub free: Option<f64>,
    /// Pieces in which a person chose a tempo.
    pub marked: usize,
    /// In the performer's own tempo, over these.
    pub free_where_marked: Option<f64>,
    /// As marked, over these.
    pub as_marked: Option<f64>,
}

impl KnownRow {
    /// From what was measured of every piece.
    pub(crate) fn of(name: &str, pieces: &[Likeness]) -> Self {
        let (mut known, mut takes, mut people) = (Five::default(), Five::default(), Five::default());
        let (mut counted, mut left_out) = ([0; 5], [0; 5]);
        for k in 0..5 {
            let all = pieces.iter().filter_map(|p| Some([p.across[k]?, p.takes[k]?, p.people[k]?]));
            let (kept, out): (Vec<_>, Vec<_>) =
                all.partition(|[_, takes, people]| *takes >= LEAST_LIKENESS && *people >= LEAST_LIKENESS);
            (counted[k], left_out[k]) = (kept.len(), out.len());
            let [across, own, theirs] = [0, 1, 2].map(|column| mean(kept.iter().map(|row| row[column])));
            (takes[k], people[k]) = (own, theirs);
            known[k] =
                across.zip(own).zip(theirs).map(|((across, own), theirs)| across / (own * theirs).sqrt());
        }
        let within = |k: usize| {
            mean(pieces.iter().filter_map(|p| Some(f64::from(u8::from(SPREAD.contains(&p.spread[k]?))))))
        };
        let marked: Vec<&Likeness> = pieces.iter().filter(|p| p.slower[1].is_some()).collect();
        let tempo = TempoOff {
            free: mean(pieces.iter().filter_map(|p| p.slower[0]).map(f64::abs)),
            marked: marked.len(),
            free_where_marked: mean(marked.iter().filter_map(|p| p.slower[0]).map(f64::abs)),
            as_marked: mean(marked.iter().filter_map(|p| p.slower[1]).map(f64::abs)),
        };
        let within = std::array::from_fn(within);
        Self { name: name.to_owned(), known, pieces: counted, left_out, takes, people, within, tempo }
    }
}

/// How much slower a performance is as a whole than people on the mean, in log2 of seconds per quarter.
pub(crate) fn slower(figures: &Figures, judged: &Judged<'_>) -> Option<f64> {
    let level = |figures: &Figures| traits::mean(figures.get(Figure::QuarterTempo).iter().copied());
    Some(level(figures) - traits::mean(judged.humans.iter().map(level))).filter(|slower| slower.is_finite())
}

/// Mean r of each take with each person.
pub(crate) fn across(takes: &[Figures], humans: &[Figures]) -> Five {
    metrics::mean(
        takes.iter().flat_map(|take| humans.iter().map(move |human| metrics::agreement(take, human))),
    )
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0u32), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

/// The rows as a table.
pub struct Table<'a>(pub &'a [KnownRow]);

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "known share of what people agree on (1 is all) | pieces left out of it, takes or people below r \
             .05 | share of pieces with spread within .75 to 1.33"
        )?;
        let wide = width(24, self.0.iter().map(|row| row.name.as_str()));
        write!(f, "{:wide$}", "")?;
        for _ in 0..3 {
            f.write_str(" |")?;
            Figure::ALL.iter().try_for_each(|figure| write!(f, "{:>8}", figure.name()))?;
        }
        writeln!(f)?;
        for row in self.0 {
            write!(f, "{:wide$} |", row.name)?;
            row.known.iter().try_for_each(|value| cell(f, 8, *value))?;
            f.write_str(" |")?;
            row.left_out.iter().try_for_each(|count| write!(f, "{count:>8}"))?;
            f.write_str(" |")?;
            row.within.iter().try_for_each(|value| cell(f, 8, *value))?;
            writeln!(f)?;
        }
        writeln!(
            f,
            "\ntempo of the piece off the mean of people, in octaves; marks: of what pieces have them"
        )?;
        writeln!(
            f,
            "{:wide$}{:>12}{:>9}{:>18}{:>12}",
            "", "own tempo", "marks", "own tempo there", "as marked"
        )?;
        for KnownRow { name, tempo, .. } in self.0 {
            write!(f, "{name:wide$}")?;
            cell(f, 12, tempo.free)?;
            write!(f, "{:>9}", tempo.marked)?;
            cell(f, 18, tempo.free_where_marked)?;
            cell(f, 12, tempo.as_marked)?;
            writeln!(f)?;
        }
        Ok(())
    }
}

fn cell(f: &mut fmt::Formatter<'_>, width: usize, value: Option<f64>) -> fmt::Result {
    match value {
        Some(value) => write!(f, "{value:>width$.2}"),
        None => write!(f, "{:>width$}", "-"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn piece(across: f64, takes: f64, people: f64) -> Likeness {
        let five = |value: f64| [Some(value); 5];
        Likeness { across: five(across), takes: five(takes), people: five(people), ..Likeness::default() }
    }

    #[test]
    fn known_share_is_taken_of_means_and_chance_divides_out() {
        // .3 / sqrt(.6 * .4) and .5 / sqrt(.8 * .6), of the means .4, .7 and .5.
        let row = KnownRow::of("x", &[piece(0.3, 0.6, 0.4), piece(0.5, 0.8, 0.6)]);
        assert!((row.known[0].unwrap() - 0.4 / 0.35f64.sqrt()).abs() < 1e-12, "{row:?}");
        assert_eq!((row.pieces, row.left_out), ([2; 5], [0; 5]));
        // One that predicts all: r = sqrt(likeness of takes * likeness of people), alive or a copy.
        for takes in [0.3, 0.9] {
            let row = KnownRow::of("x", &[piece((takes * 0.5f64).sqrt(), takes, 0.5)]);
            assert!((row.known[3].unwrap() - 1.0).abs() < 1e-12);
        }
        // The figures of PianoFlow's card for velocity on test.
        let row = KnownRow::of("x", &[piece(0.62, 0.80, 0.668)]);
        assert!((row.known[0].unwrap() - 0.848).abs() < 1e-3, "{row:?}");
    }

    #[test]
    fn pieces_that_are_hardly_alike_are_left_out_and_counted() {
        let mut odd = piece(0.9, 0.04, 0.5);
        odd.takes[1] = Some(0.05);
        odd.people[2] = Some(-0.1);
        odd.across[4] = None;
        let row = KnownRow::of("x", &[piece(0.3, 0.6, 0.4), odd]);
        assert_eq!((row.pieces, row.left_out), ([1, 2, 1, 1, 1], [1, 0, 1, 1, 0]));
        let alone = 0.3 / 0.24f64.sqrt();
        for k in [0, 2, 3, 4] {
            assert!((row.known[k].unwrap() - alone).abs() < 1e-12, "{k}: {row:?}");
        }
        // A single take gives no figure.
        let mut single = piece(0.3, 0.6, 0.4);
        single.takes = Five::default();
        assert_eq!(KnownRow::of("x", &[single]).known, Five::default());
    }

    #[test]
    fn spread_and_tempo_are_told_piece_by_piece() {
        let with = |spread: f64, slower: [Option<f64>; 2]| Likeness {
            spread: [Some(spread), None, Some(1.0), Some(2.0), Some(0.75)],
            slower,
            ..Likeness::default()
        };
        let row = KnownRow::of(
            "rules",
            &[with(0.74, [Some(0.2), None]), with(1.33, [Some(-0.4), Some(0.1)]), with(1.0, [None, None])],
        );
        assert_eq!(row.within, [Some(2.0 / 3.0), None, Some(1.0), Some(0.0), Some(1.0)]);
        let TempoOff { free, marked, free_where_marked, as_marked } = row.tempo;
        assert!((free.unwrap() - 0.3).abs() < 1e-12);
        assert_eq!((marked, free_where_marked, as_marked), (1, Some(0.4), Some(0.1)));
        let text = Table(&[row]).to_string();
        assert!(text.contains("0.67") && text.contains("0.40") && !text.contains("NaN"), "{text}");
    }
}
