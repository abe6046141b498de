//! What was found, for people: a summary first, then a table with a row for each bar.

use application::text::{counted, shown};
use notation::pitch_name;

use super::found::{Bar, Extra, Found};
use crate::output;

/// Of each kind so many are named.
const NAMED: usize = 12;

impl Found {
    /// For people.
    pub fn text(&self) -> String {
        let mut lines = vec![self.heading(), self.counts(), format!("played: {}", self.way())];
        let mut say = |what: &str, said: String| {
            if !said.is_empty() {
                lines.push(format!("{what}: {said}"));
            }
        };
        say(
            "repeats not taken",
            self.repeats_left_out.iter().map(|bars| format!("bars {bars}")).collect::<Vec<_>>().join(", "),
        );
        say("not played", self.unplayed.iter().map(|bars| format!("bars {bars}")).collect());
        say("piano", self.tuning());
        let wrong = self.wrong.iter().map(|wrong| {
            let [pitch, written] =
                [wrong.pitch, wrong.written_pitch].map(|pitch| pitch_name(pitch, wrong.signature));
            format!("{}: {pitch} for {written}", wrong.place.text())
        });
        say("wrong", named(wrong));
        let missed = self.missed.iter();
        say(
            "missed",
            named(missed.map(|note| {
                format!("{}: {}", note.place.text(), pitch_name(note.written_pitch, note.signature))
            })),
        );
        say("extra", named(self.extra.iter().map(extra)));
        let waits = self.hesitations.iter();
        say(
            "hesitations",
            named(waits.map(|wait| format!("before {}: {:.1} s", wait.place.text(), wait.excess_secs))),
        );
        lines.push(String::new());
        lines.extend(rows(&self.bars));
        if let Some(take) = &self.files.take {
            lines.push(String::new());
            lines.push(format!("take: {}", take.display()));
        }
        lines.push(String::new());
        lines.join("\n")
    }

    fn heading(&self) -> String {
        let stem = || self.files.score.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let title = shown(&self.title.clone().unwrap_or_else(stem));
        format!("{title}: {}", self.files.recording.display())
    }

    fn counts(&self) -> String {
        let ornaments = match self.ornaments {
            0 => String::new(),
            n => format!(", {} of ornaments", counted(n, "stroke", "strokes")),
        };
        format!(
            "{} right, {} wrong, {} missed, {} extra{ornaments}; {}",
            counted(self.right, "note", "notes"),
            self.wrong.len(),
            self.missed.len(),
            self.extra.len(),
            counted(self.hesitations.len(), "hesitation", "hesitations"),
        )
    }

    /// The bars in the order in which they were played.
    fn way(&self) -> String {
        let run = |run: &super::found::Run| format!("{} ({})", run.bars, output::clock(run.from_secs));
        let runs: Vec<String> = self.path.iter().map(run).collect();
        if runs.is_empty() { "nothing of the score".to_owned() } else { format!("bars {}", runs.join(", ")) }
    }

    fn tuning(&self) -> String {
        let semitones = usize::from(self.transposition.unsigned_abs());
        match self.transposition {
            0 => String::new(),
            n if n > 0 => format!("{} higher than written", counted(semitones, "semitone", "semitones")),
            _ => format!("{} lower than written", counted(semitones, "semitone", "semitones")),
        }
    }
}

fn extra(extra: &Extra) -> String {
    let key = pitch_name(extra.pitch, extra.signature);
    match &extra.bar {
        Some(bar) => format!("bar {bar}: {key}"),
        None => format!("at {}: {key}", output::clock(extra.secs)),
    }
}

/// The first of some, and how many more there are.
fn named(all: impl ExactSizeIterator<Item = String>) -> String {
    let more = all.len().saturating_sub(NAMED);
    let mut text = all.take(NAMED).collect::<Vec<_>>().join("; ");
    if more > 0 {
        text.push_str(&format!("; and {more} more"));
    }
    text
}

fn rows(bars: &[Bar]) -> Vec<String> {
    let head = format!(
        "{:>6} {:>4} {:>6} {:>6} {:>6} {:>6} {:>6} {:>11} {:>11}",
        "bar", "pass", "at", "right", "wrong", "missed", "extra", "beats/min", "hesitations"
    );
    let row = |bar: &Bar| {
        let speed = bar.beats_a_minute.map_or_else(|| "-".to_owned(), |speed| format!("{speed:.0}"));
        let count = |n: u32| if n == 0 { "·".to_owned() } else { n.to_string() };
        format!(
            "{:>6} {:>4} {:>6} {:>6} {:>6} {:>6} {:>6} {speed:>11} {:>11}",
            bar.bar,
            bar.pass,
            output::clock(bar.from_secs),
            bar.right,
            count(bar.wrong),
            count(bar.missed),
            count(bar.extra),
            count(bar.hesitations)
        )
    };
    std::iter::once(head).chain(bars.iter().map(row)).collect()
}
