//! The tables of `espressivo evaluate mood`, for people.

use std::fmt;

use performance::cues::{Cue, UNITS};

use super::evaluate::{JUDGED, Line, Report};

impl Report {
    /// Share of lines whose every judged cue changed as expected.
    pub fn share(lines: &[Line]) -> f64 {
        lines.iter().filter(|l| l.is_right()).count() as f64 / lines.len().max(1) as f64
    }

    /// Share of the expected changes of one judged cue that were so.
    pub fn share_of_cue(lines: &[Line], k: usize) -> f64 {
        let judged: Vec<bool> = lines.iter().filter_map(|l| l.right()[k]).collect();
        judged.iter().filter(|r| **r).count() as f64 / judged.len().max(1) as f64
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { split, seed, excerpts, encoder, .. } = self;
        writeln!(f, "{split} split, {excerpts} excerpts, seed {seed}, words read by {encoder}")?;
        writeln!(f, "change from strength 0 to 1 in deviations between people; ! where the sign is wrong")?;
        write!(f, "{:34}", "")?;
        Cue::ALL.iter().try_for_each(|cue| write!(f, "{:>13}", cue.name()))?;
        write!(f, "\n{:34}", "one deviation is")?;
        for (deviation, unit) in self.deviations.iter().zip(UNITS) {
            write!(f, "{:>13}", format!("{deviation:.3} {}", unit.split(' ').next().unwrap_or(unit)))?;
        }
        writeln!(f)?;
        for (title, lines) in [("labels", &self.labels), ("phrases", &self.phrases)] {
            lines.iter().try_for_each(|line| write_line(f, line))?;
            let by_cue: Vec<String> = (0..3)
                .map(|k| format!("{} {:.0} %", JUDGED[k].name(), 100.0 * Self::share_of_cue(lines, k)))
                .collect();
            let all = 100.0 * Self::share(lines);
            writeln!(f, "{title} as expected: {all:.0} % in every cue ({})\n", by_cue.join(", "))?;
        }
        let [tempo, level, articulation] = self.rank_correlation;
        writeln!(
            f,
            "rank correlation with strength: tempo {tempo:.2}, level {level:.2}, articulation {articulation:.2}"
        )?;
        for (pair, tempo, level) in &self.opposites {
            writeln!(f, "{pair}: {tempo:.2} deviations apart in tempo, {level:.2} in level")?;
        }
        let two = |r: [Option<f64>; 2]| r.map(|r| r.map_or("-".into(), |r| format!("{r:.3}"))).join(" / ");
        writeln!(
            f,
            "r with people, velocity / tempo: {} without a mood, {} at strength 1",
            two(self.agreement_without),
            two(self.agreement_with)
        )?;
        let shares = [
            ("told by the classifier beside the take without a mood", self.top_three),
            ("told by the classifier from the take alone", self.top_three_alone),
            ("read off its change", self.top_three_of_change),
        ];
        for (how, share) in shares.into_iter().filter_map(|(how, share)| Some((how, share?))) {
            writeln!(f, "the label is among the first three of 33, {how}: {:.0} %", 100.0 * share)?;
        }
        Ok(())
    }
}

fn write_line(f: &mut fmt::Formatter<'_>, line: &Line) -> fmt::Result {
    write!(f, "{:34}", line.text)?;
    for cue in Cue::ALL {
        let wrong = JUDGED.iter().position(|j| *j == cue).and_then(|k| line.right()[k]) == Some(false);
        let value = format!("{:+.2}{}", line.change[cue as usize], if wrong { "!" } else { " " });
        write!(f, "{value:>13}")?;
    }
    writeln!(f)
}
