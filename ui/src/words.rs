//! How things are said: bars, places, times, versions.

use protocol::{Bars, BeatView, ProjectView, ScoreView, VersionId};

/// `bars 5–8`, `bar 5`: by the numbers printed in the score.
pub fn bars(score: &ScoreView, bars: &Bars) -> String {
    let number = |index: usize| match score.measures.get(index) {
        Some(measure) if measure.pass > 1 => format!("{} (pass {})", measure.number, measure.pass),
        Some(measure) => measure.number.clone(),
        None => (index + 1).to_string(),
    };
    let last = bars.end.saturating_sub(1);
    if last <= bars.start {
        format!("bar {}", number(bars.start))
    } else {
        format!("bars {}–{}", number(bars.start), number(last))
    }
}

/// The index of the measure at a place in the score.
pub fn measure_at(score: &ScoreView, quarters: f64) -> Option<usize> {
    let after = score.measures.partition_point(|m| m.start_quarters <= quarters + 1e-9);
    if score.measures.is_empty() { None } else { Some(after.saturating_sub(1)) }
}

/// `3:2`: the number of the bar and the beat in it, from 1.
pub fn bar_and_beat(score: &ScoreView, quarters: f64) -> String {
    let Some(measure) = measure_at(score, quarters).map(|k| &score.measures[k]) else {
        return "–".to_owned();
    };
    let beat_quarters = if measure.beat_quarters > 0.0 { measure.beat_quarters } else { 1.0 };
    let beats = ((measure.end_quarters - measure.start_quarters) / beat_quarters).ceil().max(1.0);
    let into = (quarters - measure.start_quarters).max(0.0) + 1e-9;
    let beat = (into / beat_quarters).floor().min(beats - 1.0) + 1.0;
    format!("{}:{beat:.0}", measure.number)
}

/// `1:05.4`.
pub fn time(secs: f64) -> String {
    let tenths = (secs.max(0.0) * 10.0).round() as u64;
    format!("{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
}

/// `1:05`.
pub fn length(secs: f64) -> String {
    let whole = secs.max(0.0).round() as u64;
    format!("{}:{:02}", whole / 60, whole % 60)
}

/// `quarters a minute`, `dotted quarters a minute`: what a tempo counts.
pub fn per_minute(beat: &BeatView) -> String {
    match beat.name.strip_suffix("lf") {
        Some(start) => format!("{start}lves a minute"),
        None => format!("{}s a minute", beat.name),
    }
}

/// What a version is called.
pub fn version(project: Option<&ProjectView>, id: VersionId) -> String {
    if id == VersionId::Deadpan {
        return "Deadpan".to_owned();
    }
    let mut takes = project.into_iter().flat_map(|p| p.takes.iter().chain(&p.previews));
    match takes.find(|t| t.id == id) {
        Some(take) => take.name.clone(),
        None => match id {
            VersionId::Take(n) => format!("Take {n}"),
            VersionId::Recording(n) => format!("Recording {n}"),
            VersionId::Deadpan => "Deadpan".to_owned(),
        },
    }
}

/// A message as it is shown: it begins with a capital, unless that would be another name of a file.
pub fn sentence(text: &str) -> String {
    let first = text.split_whitespace().next().unwrap_or_default().trim_end_matches([',', ':', ';']);
    if first.chars().all(char::is_alphabetic) { capitalised(text) } else { text.to_owned() }
}

/// The beginning of a text that is longer than this many letters.
pub fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

/// Large first letter.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::MeasureView;

    fn score() -> ScoreView {
        let measure = |start: f64, number: &str, pass, metre, beat_quarters, length: f64| MeasureView {
            start_quarters: start,
            end_quarters: start + length,
            number: number.to_owned(),
            pass,
            metre,
            beat_quarters,
        };
        ScoreView {
            measures: vec![
                measure(0.0, "0", 1, (4, 4), 1.0, 1.0),
                measure(1.0, "1", 1, (4, 4), 1.0, 4.0),
                measure(5.0, "2", 1, (6, 8), 1.5, 3.0),
                measure(8.0, "2", 2, (6, 8), 1.5, 3.0),
            ],
            ..ScoreView::default()
        }
    }

    #[test]
    fn places_are_counted_as_a_musician_counts() {
        let score = score();
        assert_eq!(bar_and_beat(&score, 0.0), "0:1");
        assert_eq!(bar_and_beat(&score, 3.5), "1:3");
        assert_eq!(bar_and_beat(&score, 6.5), "2:2");
        assert_eq!(bar_and_beat(&score, 99.0), "2:2");
        assert_eq!(bar_and_beat(&ScoreView::default(), 0.0), "–");
    }

    #[test]
    fn bars_are_named_by_their_printed_numbers() {
        let score = score();
        assert_eq!(bars(&score, &(1..2)), "bar 1");
        assert_eq!(bars(&score, &(0..3)), "bars 0–2");
        assert_eq!(bars(&score, &(2..4)), "bars 2–2 (pass 2)");
    }

    #[test]
    fn messages_begin_with_a_capital_and_files_keep_their_names() {
        assert_eq!(sentence("saved: /music/waltz.mid"), "Saved: /music/waltz.mid");
        assert_eq!(sentence("étude is open"), "Étude is open");
        assert_eq!(sentence("waltz.mid: no notes"), "waltz.mid: no notes");
        assert_eq!(sentence("/music/waltz.mid is gone"), "/music/waltz.mid is gone");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn long_texts_are_cut_between_letters() {
        assert_eq!(shortened("Träumerei", 9), "Träumerei");
        assert_eq!(shortened("Träumerei", 3), "Trä…");
    }

    #[test]
    fn beats_are_counted_in_the_plural() {
        let per_minute = |name: &str| per_minute(&BeatView { name: name.to_owned(), ..BeatView::default() });
        assert_eq!(per_minute("dotted quarter"), "dotted quarters a minute");
        assert_eq!(per_minute("half"), "halves a minute");
    }

    #[test]
    fn times_carry_over() {
        assert_eq!(time(59.96), "1:00.0");
        assert_eq!(time(65.43), "1:05.4");
        assert_eq!(length(59.6), "1:00");
    }
}
