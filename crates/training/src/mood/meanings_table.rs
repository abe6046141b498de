//! The tables of `espressivo evaluate mood --meanings`, for people.

use std::fmt;

use performance::cues::Cue;

use super::meanings::{Line, List, Report};
use super::reliability::Row;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "words read by {}", self.encoder)?;
        writeln!(
            f,
            "right: every cue that people expect to change does; noticed: by a quarter deviation or more"
        )?;
        self.lists.iter().try_for_each(|list| write_list(f, list))?;
        let things = self.lists.last().map_or(0, |list| list.lines.len());
        writeln!(
            f,
            "{} of {things} things share a word with what a pianist is known to imitate",
            self.sharing
        )?;
        writeln!(f, "\nwithout the imitations that share a word with the text")?;
        self.unseen.iter().try_for_each(|list| write_share(f, list))?;
        for list in self.unseen.iter().filter(|list| list.name != "imitations") {
            list.lines
                .iter()
                .filter(|line| !line.is_right(0.0))
                .try_for_each(|line| write_missed(f, line))?;
        }
        write_sureness(f, "sureness, phrases and things", self.auc, &self.reliability)?;
        write_sureness(f, "sureness without what shares a word", self.auc_unseen, &self.reliability_unseen)?;
        let [all, nearness, strength] = self.odds;
        writeln!(
            f,
            "log odds that fit those best: {all:.2} + {nearness:.2} nearness + {strength:.2} strength"
        )
    }
}

fn write_list(f: &mut fmt::Formatter<'_>, list: &List) -> fmt::Result {
    write_share(f, list)?;
    list.lines.iter().filter(|line| !line.is_right(0.0)).try_for_each(|line| write_missed(f, line))
}

fn write_share(f: &mut fmt::Formatter<'_>, list: &List) -> fmt::Result {
    let percent = |share: f64| 100.0 * share;
    let (name, count) = (list.name, list.lines.len());
    let (right, noticed) = (percent(list.share(0.0)), percent(list.share_noticed()));
    writeln!(f, "{name:12} {count:4} texts, {right:3.0} % right, {noticed:3.0} % noticed")
}

/// A text and the cues that go the other way.
fn write_missed(f: &mut fmt::Formatter<'_>, line: &Line) -> fmt::Result {
    write!(f, "    {:34} {:3.0} % sure", line.text, 100.0 * line.sureness)?;
    for cue in Cue::ALL {
        let (expected, value) = (line.expected[cue as usize], line.cues[cue as usize]);
        if expected * value <= 0.0 && expected != 0.0 {
            write!(f, ", {} {value:+.2}", cue.name())?;
        }
    }
    writeln!(f)
}

fn write_sureness(f: &mut fmt::Formatter<'_>, what: &str, auc: Option<f64>, rows: &[Row]) -> fmt::Result {
    let auc = auc.map_or("-".to_owned(), |auc| format!("{auc:.2}"));
    writeln!(f, "\n{what}: area under the curve {auc}")?;
    for Row { from, cases, told, right } in rows {
        let [from, told, right] = [from, told, right].map(|share| 100.0 * share);
        writeln!(f, "    from {from:3.0} %: {cases:4} texts, told {told:3.0} %, right {right:3.0} %")?;
    }
    Ok(())
}
