//! Whether a take should be taken at its marks, or between them and another tempo.
//!
//! People who play a score with a mark are mostly not at it. Two guesses at where they are instead can be
//! mixed with the mark: the performer's own tempo, and the mean distance of people of `train` from theirs.
//! What is lost at each share of a guess is the mean distance from people's mean tempo, over scores.

use std::fmt;

use serde::Serialize;

use super::score_tempo::ScoreTempo;

/// How much of a guess is mixed with the mark, in octaves: 0 is as marked.
pub const SHARES: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];

/// The splits that may say how much: `test` is for what was chosen.
pub const CHOOSING: [&str; 2] = ["train", "valid"];

/// The splits' people, by score.
#[derive(Clone, Debug)]
pub struct People {
    /// Name of the split.
    pub split: &'static str,
    /// The mean tempo of those who played a score.
    pub together: Vec<ScoreTempo>,
    /// Each recording.
    pub each: Vec<ScoreTempo>,
}

/// What people do to the marks of scores.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Habit {
    /// Of which split.
    pub split: String,
    /// Whether the marks are on the page.
    pub is_printed: bool,
    /// How many scores.
    pub scores: usize,
    /// Mean of log2 of people's tempo over the mark: above 0 is faster.
    pub octaves: f64,
    /// The middle one: marks in a wrong unit move the mean.
    pub median_octaves: f64,
    /// Standard deviation of it between scores.
    pub spread_octaves: f64,
}

/// What is lost at each of [`SHARES`] of a guess.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Loss {
    /// Where the other tempo is from.
    pub guess: String,
    /// People of which split.
    pub split: String,
    /// Whether the marks are on the page.
    pub is_printed: bool,
    /// How many scores.
    pub scores: usize,
    /// Mean distance from people's mean tempo, in octaves.
    pub off: [f64; SHARES.len()],
}

/// What mixing would do.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Mixing {
    /// By split, printed marks and those for playback alone.
    pub habits: Vec<Habit>,
    /// By guess and split.
    pub losses: Vec<Loss>,
}

impl Mixing {
    /// From people and the performers' own tempi of the same scores, by the name of the performer.
    pub fn of(people: &[People], own: &[(String, Vec<ScoreTempo>)]) -> Self {
        let mut mixing = Self::default();
        for people in people.iter().filter(|people| CHOOSING.contains(&people.split)) {
            for is_printed in [true, false] {
                let kind = || people.together.iter().filter(|tempo| tempo.is_printed == is_printed);
                mixing.habits.extend(habit(people.split, is_printed, kind()));
                let of_people = |guess: String, pairs: Vec<[f64; 2]>| Loss {
                    guess,
                    split: people.split.to_owned(),
                    is_printed,
                    scores: pairs.len(),
                    off: SHARES.map(|share| off(&pairs, share)),
                };
                for (name, tempi) in own {
                    let own = |name: &str| tempi.iter().find(|tempo| tempo.name == name);
                    let pair = |tempo: &ScoreTempo| Some([own(&tempo.name)?.octaves, tempo.octaves]);
                    mixing.losses.push(of_people(name.clone(), kind().filter_map(pair).collect()));
                }
                let is_of_train = |habit: &&Habit| habit.split == "train" && habit.is_printed == is_printed;
                if let Some(train) = mixing.habits.iter().find(is_of_train) {
                    let pairs = kind().map(|tempo| [train.octaves, tempo.octaves]).collect();
                    mixing.losses.push(of_people("what people of train do".into(), pairs));
                }
            }
        }
        mixing.losses.retain(|loss| loss.scores > 0);
        mixing
    }
}

/// Mean and deviation; nothing without scores.
fn habit<'t>(split: &str, is_printed: bool, tempi: impl Iterator<Item = &'t ScoreTempo>) -> Option<Habit> {
    let mut octaves: Vec<f64> = tempi.map(|tempo| tempo.octaves).collect();
    octaves.sort_by(f64::total_cmp);
    let middle = octaves.len() / 2;
    let median_octaves = (octaves.get(middle)? + octaves.get((octaves.len() - 1) / 2)?) / 2.0;
    let count = octaves.len() as f64;
    let mean = octaves.iter().sum::<f64>() / count;
    let variance = octaves.iter().map(|o| (o - mean).powi(2)).sum::<f64>() / count;
    Some(Habit {
        split: split.to_owned(),
        is_printed,
        scores: octaves.len(),
        octaves: mean,
        median_octaves,
        spread_octaves: variance.sqrt(),
    })
}

/// Mean distance from people at a share of the guess; `pairs` are the guess and people, in octaves from
/// the mark.
fn off(pairs: &[[f64; 2]], share: f64) -> f64 {
    pairs.iter().map(|[guess, people]| (share * guess - people).abs()).sum::<f64>() / pairs.len() as f64
}

fn kind(is_printed: bool) -> &'static str {
    if is_printed { "printed" } else { "for playback" }
}

impl fmt::Display for Mixing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:28} {:>13}{:>8}{:>16}{:>9}",
            "people's tempo over the mark", "", "scores", "times", "spread"
        )?;
        for Habit { split, is_printed, scores, octaves, median_octaves, spread_octaves } in &self.habits {
            let (kind, times, median) = (kind(*is_printed), octaves.exp2(), median_octaves.exp2());
            writeln!(f, "{split:28} {kind:>13}{scores:>8}{times:>7.3}{median:>8.3}{spread_octaves:>9.3}")?;
        }
        writeln!(
            f,
            "\noff people's mean tempo, in octaves, at a share of another tempo mixed with the mark"
        )?;
        write!(f, "{:42} {:>13}{:>8}", "", "", "scores")?;
        SHARES.iter().try_for_each(|share| write!(f, "{share:>7}"))?;
        writeln!(f)?;
        for Loss { guess, split, is_printed, scores, off } in &self.losses {
            let (name, kind) = (format!("{guess}, {split}"), kind(*is_printed));
            write!(f, "{name:42} {kind:>13}{scores:>8}")?;
            off.iter().try_for_each(|off| write!(f, "{off:>7.3}"))?;
            writeln!(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tempo(name: &str, is_printed: bool, octaves: f64) -> ScoreTempo {
        ScoreTempo {
            name: name.into(),
            is_printed,
            octaves,
            off: octaves.abs(),
            sections: 1,
            sections_beyond: 0,
        }
    }

    fn people(split: &'static str, together: Vec<ScoreTempo>) -> People {
        People { split, together, each: Vec::new() }
    }

    #[test]
    fn the_share_at_which_people_are_loses_nothing() {
        // People are halfway between the mark and the performer's own tempo, in both scores.
        let all = [
            people("train", vec![tempo("a", true, -0.2), tempo("b", true, 0.1), tempo("c", false, 0.3)]),
            people("test", vec![tempo("d", true, 9.0)]),
        ];
        let own = [("rules".to_owned(), vec![tempo("a", true, -0.4), tempo("b", true, 0.2)])];
        let mixing = Mixing::of(&all, &own);
        assert_eq!(mixing.habits.len(), 2, "test says nothing");
        let printed = &mixing.habits[0];
        assert!(printed.scores == 2 && (printed.octaves + 0.05).abs() < 1e-12, "{printed:?}");
        assert!((printed.spread_octaves - 0.15).abs() < 1e-12, "{printed:?}");
        let rules = &mixing.losses[0];
        assert_eq!((rules.guess.as_str(), rules.scores, rules.is_printed), ("rules", 2, true));
        let expected = [0.15, 0.075, 0.0, 0.075, 0.15];
        assert!(rules.off.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{rules:?}");
        // Nobody performed the third, but the mean of train is known.
        let third = mixing.losses.last().map(|loss| (loss.guess.as_str(), loss.is_printed, loss.off[4]));
        assert_eq!(third, Some(("what people of train do", false, 0.0)));
        assert!(mixing.to_string().contains("rules, train"), "{mixing}");
    }
}
