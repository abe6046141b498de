//! How far the tempi of pieces are from their marks.

use std::fmt;

use performers::base_tempo::Distance;
use serde::Serialize;

/// A tempo more than this many times as fast or slow as its mark is beyond it.
pub const BEYOND: f64 = 1.12;

fn is_beyond(octaves: f64) -> bool {
    octaves.abs() > BEYOND.log2()
}

/// The tempo in which one score is played, beside its marks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScoreTempo {
    /// Name of the score.
    pub name: String,
    /// Whether its marks are on the page.
    pub is_printed: bool,
    /// log2 of played over marked tempo, the mean over sections by duration: above 0 is faster.
    pub octaves: f64,
    /// The mean distance from the marks, over sections by duration, in octaves.
    pub off: f64,
    /// Sections that are played.
    pub sections: usize,
    /// Those beyond their mark.
    pub sections_beyond: usize,
}

impl ScoreTempo {
    /// From the distances of sections; nothing if none is played.
    pub fn of(name: &str, distances: &[Distance]) -> Option<Self> {
        let secs: f64 = distances.iter().map(|d| d.secs).sum();
        let mean = |value: &dyn Fn(&Distance) -> f64| {
            distances.iter().map(|d| d.secs * value(d)).sum::<f64>() / secs
        };
        (secs > 0.0).then(|| Self {
            name: name.to_owned(),
            is_printed: distances.iter().any(|d| d.mark.is_printed),
            octaves: mean(&|d| d.octaves),
            off: mean(&|d| d.octaves.abs()),
            sections: distances.len(),
            sections_beyond: distances.iter().filter(|d| is_beyond(d.octaves)).count(),
        })
    }
}

impl fmt::Display for ScoreTempo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:50}{:+.2} octaves, {} of {} sections beyond",
            self.name, self.octaves, self.sections_beyond, self.sections
        )
    }
}

/// The mean tempo of people, section by section; of those who played all sections that most played.
pub fn mean_of_people(people: &[Vec<Distance>]) -> Option<Vec<Distance>> {
    let most = people.iter().map(Vec::len).max().filter(|most| *most > 0)?;
    let complete: Vec<_> = people.iter().filter(|distances| distances.len() == most).collect();
    let count = complete.len() as f64;
    let mean = |k: usize, value: fn(&Distance) -> f64| {
        complete.iter().map(|distances| value(&distances[k])).sum::<f64>() / count
    };
    let section = |k: usize| Distance {
        mark: complete[0][k].mark,
        octaves: mean(k, |d| d.octaves),
        secs: mean(k, |d| d.secs),
    };
    Some((0..most).map(section).collect())
}

/// The tempi of a number of scores, summed up.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Count {
    /// How many scores.
    pub scores: usize,
    /// Those whose sections are on the mean beyond their marks.
    pub beyond: usize,
    /// Mean distance from the marks over scores, in octaves; none without scores.
    pub off: Option<f64>,
    /// Mean of log2 of played over marked tempo: above 0 is faster.
    pub octaves: Option<f64>,
    /// Sections, and those beyond their mark.
    pub sections: [usize; 2],
    /// The farthest scores, the farthest first.
    pub worst: Vec<ScoreTempo>,
}

impl Count {
    /// Counts scores and keeps those farthest from their marks.
    pub fn of(mut tempi: Vec<ScoreTempo>, worst: usize) -> Self {
        let scores = tempi.len();
        let mean = |value: fn(&ScoreTempo) -> f64| {
            (scores > 0).then(|| tempi.iter().map(value).sum::<f64>() / scores as f64)
        };
        let (off, octaves) = (mean(|t| t.off), mean(|t| t.octaves));
        let beyond = tempi.iter().filter(|t| is_beyond(t.off)).count();
        let count = |value: fn(&ScoreTempo) -> usize| tempi.iter().map(value).sum();
        let sections = [count(|t| t.sections), count(|t| t.sections_beyond)];
        tempi.sort_by(|a, b| b.off.total_cmp(&a.off));
        tempi.truncate(worst);
        tempi.retain(|t| t.sections_beyond > 0 || is_beyond(t.off));
        Self { scores, beyond, off, octaves, sections, worst: tempi }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cell = |value: Option<f64>| value.map_or_else(|| "-".into(), |value| format!("{value:.3}"));
        let signed = self.octaves.map_or_else(|| "-".into(), |value| format!("{value:+.3}"));
        let [sections, beyond] = self.sections;
        write!(
            f,
            "{:>13}{:>8}{:>7}{signed:>8}{sections:>10}{beyond:>8}",
            self.scores,
            self.beyond,
            cell(self.off)
        )
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use notation::{MetronomeMark, Note, Quarters, Score};
    use performance::{Performance, PlayedNote};
    use performers::base_tempo::distances;

    use super::*;

    fn mark(quarter: i64, per_minute: f64) -> MetronomeMark {
        let (onset, beat) = (Quarters::whole(quarter), Quarters::whole(1));
        MetronomeMark { onset, beat, per_minute, is_printed: true }
    }

    /// Forty quarters, the first twenty at 60 a minute and the others at 90.
    fn example() -> (Score, Performance) {
        let note = |k| Note { onset: Quarters::whole(k), duration: Quarters::whole(1), ..Note::default() };
        let score = Score { notes: (0..40).map(note).collect(), ..Score::default() };
        let mut played = Performance::default();
        for k in 0..40u32 {
            let onset_secs = f64::from(k.min(20)) + f64::from(k.saturating_sub(20)) / 1.5;
            played.notes.push(PlayedNote { note: k, onset_secs, duration_secs: 0.5, velocity: 64 });
        }
        (score, played)
    }

    #[test]
    fn distances_are_of_mean_tempi_and_weighed_by_duration() {
        let (score, played) = example();
        let section = |mark, at| analysis::tempo_marks::Section { mark, at };
        // 60 played at 60; 120 played at 90, which is .415 octaves slower. 20 s and 19 / 1.5 s.
        let marks = [
            section(mark(0, 60.0), [f64::NEG_INFINITY, 20.0]),
            section(mark(20, 120.0), [20.0, 40.0]),
            section(mark(90, 120.0), [90.0, 99.0]),
        ];
        let tempo = ScoreTempo::of("x", &distances(&marks, &score, &played)).unwrap();
        let slower = (90.0f64 / 120.0).log2();
        let share = (19.0 / 1.5) / (20.0 + 19.0 / 1.5);
        assert!((tempo.octaves - slower * share).abs() < 1e-9, "{tempo:?}");
        assert!((tempo.off + slower * share).abs() < 1e-9, "{tempo:?}");
        assert_eq!((tempo.sections, tempo.sections_beyond), (2, 1));
        assert_eq!(ScoreTempo::of("x", &[]), None);
    }

    fn score_tempo(octaves: f64) -> ScoreTempo {
        let distance = Distance { mark: mark(0, 60.0), octaves, secs: 10.0 };
        ScoreTempo::of(&format!("{octaves}"), &[distance]).unwrap()
    }

    #[test]
    fn twelve_percent_in_either_direction_is_the_bound() {
        let octaves = [1.119f64, 1.121, 1.0 / 1.119, 1.0 / 1.121, 1.0].map(f64::log2);
        let count = Count::of(octaves.map(score_tempo).to_vec(), 9);
        assert_eq!((count.scores, count.beyond, count.sections), (5, 2, [5, 2]));
        assert_eq!(count.worst.len(), 2);
        assert!(count.octaves.unwrap().abs() < 1e-9);
        assert!((count.off.unwrap() - octaves.map(f64::abs).iter().sum::<f64>() / 5.0).abs() < 1e-9);
        assert_eq!(Count::of(Vec::new(), 9), Count::default());
    }

    #[test]
    fn sections_too_fast_and_too_slow_do_not_make_up_for_each_other() {
        let at = |octaves| Distance { mark: mark(0, 60.0), octaves, secs: 10.0 };
        let count = Count::of(ScoreTempo::of("x", &[at(0.5), at(-0.5)]).into_iter().collect(), 1);
        assert_eq!((count.beyond, count.octaves), (1, Some(0.0)));
    }

    #[test]
    fn people_are_averaged_section_by_section() {
        let at = |octaves, secs| Distance { mark: mark(0, 60.0), octaves, secs };
        let people =
            [vec![at(0.1, 10.0), at(0.4, 4.0)], vec![at(0.3, 20.0), at(-0.2, 2.0)], vec![at(9.0, 1.0)]];
        let mean = mean_of_people(&people).unwrap();
        assert!((mean[0].octaves - 0.2).abs() < 1e-9 && (mean[1].octaves - 0.1).abs() < 1e-9);
        assert!((mean[0].secs - 15.0).abs() < 1e-9 && (mean[1].secs - 3.0).abs() < 1e-9);
        assert_eq!(mean_of_people(&[Vec::new()]), None);
    }
}
