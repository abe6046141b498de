//! The table of `espressivo evaluate mood --listeners`, for people.

use std::fmt;

use performance::cues::Cue;

use super::heard::{Report, TEXTS};

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { split, performer, seed, excerpts, lines } = self;
        writeln!(f, "{performer}, {split} split, {excerpts} excerpts, seed {seed}")?;
        writeln!(
            f,
            "how far what listeners would rate moves from the take without a mood, in deviations between"
        )?;
        writeln!(
            f,
            "players: of its own scale in those of predicted ratings, of what raters agree on and of mean"
        )?;
        writeln!(
            f,
            "ratings, excerpts that moved so; by the judge, in those of what it predicts; if takes did what"
        )?;
        writeln!(
            f,
            "tables ask for without listeners; then all judged scales in deviations of predicted ratings"
        )?;
        write!(f, "{:11}{:>9}{:>11}{:>8}{:>7}{:>4}", "", "strength", "predicted", "agreed", "mean", "so")?;
        write!(f, "{:>7}{:>8} |", "judge", "tables")?;
        for name in ["energy", "dark", "dramatic", "spacious", "balanced"] {
            write!(f, "{name:>10}")?;
        }
        writeln!(f)?;
        let cell = |value: Option<f64>| value.map_or_else(|| "-".into(), |value| format!("{value:+.2}"));
        for line in lines {
            write!(f, "{:11}{:>9.1}{:>+11.2}", line.text, line.strength, line.moved)?;
            write!(f, "{:>8}{:>+7.2}", cell(line.moved_of_agreed), line.moved_of_mean)?;
            write!(f, "{:>4}{:>7}{:>+8.2} |", line.moved_up, cell(line.judged), line.by_tables)?;
            line.scales.iter().try_for_each(|moved| write!(f, "{moved:>+10.2}"))?;
            writeln!(f)?;
        }
        write!(f, "\ncues in deviations between pianists\n{:28}", "")?;
        Cue::ALL.iter().try_for_each(|cue| write!(f, "{:>13}", cue.name()))?;
        writeln!(f)?;
        for line in lines {
            for (what, cues) in [("tables", &line.tables), ("asked", &line.asked), ("played", &line.change)] {
                write!(f, "{:11}{:>9.1}{what:>8}", line.text, line.strength)?;
                cues.iter().try_for_each(|cue| write!(f, "{cue:>+13.2}"))?;
                writeln!(f)?;
            }
        }
        for (text, _) in TEXTS {
            let heard =
                if self.is_heard(text) { "is heard, the more the stronger" } else { "is not heard enough" };
            writeln!(f, "{text} {heard}")?;
        }
        Ok(())
    }
}
