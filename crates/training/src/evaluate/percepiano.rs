//! `espressivo evaluate percepiano`: what musicians heard in performances, against the cues of playing.
//!
//! PercePiano (Park et al., "Piano performance evaluation dataset with multilevel perceptual features",
//! Scientific Reports 14, 2024) has short segments of four works, each by many players, rated on 19 scales.
//! What counts is how the players of one segment differ, so ratings and cues are taken from their means
//! within a segment, and r is pooled over the segments. Literal renderings of the score are left out.

mod archive;
mod rated;
mod raters;
mod segments;

use std::fmt;
use std::path::Path;

use anyhow::Result;
use performance::cues::{CUES, Cue};
use performance::metrics::pearson;
use serde::Serialize;

pub(crate) use rated::{Rated, read};
pub(crate) use raters::agreement;
pub(crate) use segments::{Segment, centred, deviation};

/// What the comparison found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Segments, and performances of them by people.
    pub segments: usize,
    /// Performances that count.
    pub performances: usize,
    /// Performances left out, since too little of them is found in the score.
    pub left_out: usize,
    /// Performances whose number of raters could be told, which the ceiling comes from.
    pub counted: usize,
    /// A row for every scale.
    pub rows: Vec<Row>,
}

/// One scale.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Its two ends, the lower first.
    pub scale: String,
    /// Mean rating and standard deviation between players of a segment, 1 to 7.
    pub mean: f64,
    /// Standard deviation of the mean rating between players of a segment, 1 to 7.
    pub deviation: f64,
    /// r between the mean ratings of two halves of the raters.
    pub halves: Option<f64>,
    /// r that whoever knows the true mean would have with the mean rating.
    pub ceiling: Option<f64>,
    /// r of each cue with the mean rating.
    pub cues: [Option<f64>; CUES],
}

/// Reads `percepiano` in the data folder and compares.
///
/// # Errors
/// When a file is missing or broken.
pub fn run(data: &Path, said: &dyn Fn(&str)) -> Result<Report> {
    let Rated { scales, segments, left_out } = read(data, said)?;
    Ok(report(&scales, &segments, left_out))
}

fn report(scales: &[String], segments: &[Segment], left_out: usize) -> Report {
    let rows = scales.iter().enumerate().map(|(k, scale)| {
        let rating = |segment: &Segment| segment.means.iter().map(|row| row[k]).collect::<Vec<f64>>();
        let own = centred(segments, &rating);
        let cues = Cue::ALL.map(|cue| {
            let cue = centred(segments, &|segment| segment.cues.iter().map(|c| c[cue as usize]).collect());
            pearson(&cue, &own)
        });
        let all: Vec<f64> = segments.iter().flat_map(rating).collect();
        let agreed = agreement(segments, k);
        let [halves, ceiling] = agreed.map_or([None; 2], |agreed| [agreed.halves(), agreed.ceiling()]);
        let mean = 7.0 * all.iter().sum::<f64>() / all.len().max(1) as f64;
        let deviation = 7.0 * deviation(segments, k);
        Row { scale: scale.clone(), mean, deviation, halves, ceiling, cues }
    });
    Report {
        rows: rows.collect(),
        segments: segments.len(),
        performances: segments.iter().map(Segment::len).sum(),
        left_out,
        counted: segments.iter().flat_map(|s| &s.raters).filter(|raters| raters.is_some()).count(),
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} segments, {} performances by people, {} left out; ratings 1 to 7, deviation between players of \
             a segment",
            self.segments, self.performances, self.left_out
        )?;
        writeln!(
            f,
            "halves: r between two halves of the raters; most: r of the true mean, both from {} performances; \
             then r of cues within segments",
            self.counted
        )?;
        write!(f, "{:52}{:>6}{:>6}{:>8}{:>6} |", "", "mean", "dev.", "halves", "most")?;
        Cue::ALL.iter().try_for_each(|cue| write!(f, "{:>13}", cue.name()))?;
        writeln!(f)?;
        let cell = |value: Option<f64>| value.map_or_else(|| "-".into(), |value| format!("{value:.2}"));
        for row in &self.rows {
            let (halves, most) = (cell(row.halves), cell(row.ceiling));
            let scale: String = row.scale.chars().take(51).collect();
            write!(f, "{scale:52}{:>6.2}{:>6.2}{halves:>8}{most:>6} |", row.mean, row.deviation)?;
            row.cues.iter().try_for_each(|r| write!(f, "{:>13}", cell(*r)))?;
            writeln!(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn r_is_within_segments_whatever_the_pieces_are_like() {
        // Faster is rated higher within a segment; the segment that is faster as a whole is rated lower.
        let mut segments = Vec::new();
        for (base, level) in [(0.0, 0.8), (5.0, 0.2)] {
            let mut segment = Segment::default();
            for k in 0..12 {
                let mut cues = [0.0; CUES];
                cues[Cue::Tempo as usize] = base + f64::from(k);
                cues[Cue::Level as usize] = f64::from(k % 2);
                cues[Cue::Pedal as usize] = f64::NAN;
                segment.add("1", &[level + 0.01 * f64::from(k)], &[0.1], None, cues);
            }
            segments.push(segment);
        }
        let report = report(&["slow - fast".into()], &segments, 3);
        let cues = report.rows[0].cues;
        assert!((cues[Cue::Tempo as usize].unwrap() - 1.0).abs() < 1e-9, "{cues:?}");
        assert!(cues[Cue::Level as usize].unwrap().abs() < 0.2);
        assert_eq!((cues[Cue::Pedal as usize], cues[Cue::Spread as usize]), (None, None));
        assert_eq!((report.segments, report.performances, report.left_out), (2, 24, 3));
        let text = report.to_string();
        assert!(text.contains("slow - fast") && text.contains("1.00") && !text.contains("NaN"), "{text}");
    }

    #[test]
    #[ignore = "needs the data folder"]
    fn loudness_is_heard_as_loud_needs_data() {
        let report = run(&application::Folders::find().data.unwrap(), &|_| {}).unwrap();
        println!("{report}");
        assert_eq!((report.segments, report.rows.len()), (99, 19));
        let row = report.rows.iter().find(|row| row.scale == "Timbre: soft - loud").unwrap();
        let level = row.cues[Cue::Level as usize].unwrap();
        assert!(level > 0.15 && level < row.ceiling.unwrap(), "{row:?}");
        let pace = report.rows.iter().find(|row| row.scale.contains("slow paced")).unwrap();
        assert!(pace.cues[Cue::Tempo as usize].unwrap() < -0.5, "{pace:?}");
    }
}
