//! How things are said: bars, places, times, versions.

use protocol::{Bars, BeatView, MeasureView, MoodSpan, ProjectView, ScoreView, VersionId};

/// `bars 5–8`, `bar 5`: by the numbers printed in the score; `bars 1–8 (pass 2)` where they are not played for the
/// first time.
pub fn bars(score: &ScoreView, bars: &Bars) -> String {
    let passes = ends(score, bars).map(|measure| measure.map_or(1, |m| m.pass));
    if passes[0] == passes[1] && passes[0] == 1 {
        numbers(score, bars, [None; 2])
    } else {
        bars_and_pass(score, bars)
    }
}

/// The same with the pass of what is played more than once, also of the first time.
pub fn bars_and_pass(score: &ScoreView, bars: &Bars) -> String {
    let pass = |measure: Option<&MeasureView>| measure.filter(|m| is_repeated(score, m)).map(|m| m.pass);
    numbers(score, bars, ends(score, bars).map(pass))
}

/// Whether a measure of the page is played more than once, by one of its times.
pub fn is_repeated(score: &ScoreView, measure: &MeasureView) -> bool {
    let is_again = |other: &MeasureView| other.number == measure.number && other.pass > 1;
    measure.pass > 1 || score.measures.iter().any(is_again)
}

/// The bars of one of these moods. Which pass of them it is, is said unless the mood is there in another one, too.
pub fn bars_of_mood(score: &ScoreView, spans: &[MoodSpan], span: &MoodSpan) -> String {
    if is_in_other_passes(score, spans, span) {
        bars(score, &span.bars)
    } else {
        bars_and_pass(score, &span.bars)
    }
}

/// Whether a mood is also there in another pass of its bars.
pub fn is_in_other_passes(score: &ScoreView, spans: &[MoodSpan], span: &MoodSpan) -> bool {
    let printed = |bars: &Bars| ends(score, bars).map(|measure| measure.map(|m| m.number.as_str()));
    let is_same = |other: &MoodSpan| other.text == span.text && printed(&other.bars) == printed(&span.bars);
    spans.iter().any(|other| other.bars != span.bars && is_same(other))
}

/// The first and the last measure of some bars.
fn ends<'a>(score: &'a ScoreView, bars: &Bars) -> [Option<&'a MeasureView>; 2] {
    [bars.start, bars.end.saturating_sub(1).max(bars.start)].map(|index| score.measures.get(index))
}

/// The printed numbers of the first and the last bar, with their passes: once where they are the same.
fn numbers(score: &ScoreView, bars: &Bars, passes: [Option<u8>; 2]) -> String {
    let (first, last) = (bars.start, bars.end.saturating_sub(1).max(bars.start));
    let number = |index: usize| match score.measures.get(index) {
        Some(measure) => measure.number.clone(),
        None => (index + 1).to_string(),
    };
    let in_pass = |pass: Option<u8>| pass.map_or_else(String::new, |pass| format!(" (pass {pass})"));
    let [from, to] = passes;
    if first == last {
        format!("bar {}{}", number(first), in_pass(from))
    } else if from == to {
        format!("bars {}–{}{}", number(first), number(last), in_pass(to))
    } else {
        format!("bars {}{}–{}{}", number(first), in_pass(from), number(last), in_pass(to))
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

/// `about 3 minutes left`: how long something takes still.
pub fn left(secs: f32) -> String {
    let rounded = |of: f32| (secs / of).ceil().max(1.0) * of;
    match secs {
        secs if secs < 10.0 => "a few seconds left".to_owned(),
        secs if secs < 50.0 => format!("about {:.0} seconds left", rounded(10.0)),
        secs if secs <= 90.0 => "about a minute left".to_owned(),
        secs if secs < 5400.0 => format!("about {:.0} minutes left", (secs / 60.0).round()),
        secs => format!("about {:.1} hours left", secs / 3600.0),
    }
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
    fn what_is_left_is_said_as_exactly_as_it_is_known() {
        let said = [0.0, 9.9, 10.0, 41.0, 49.0, 50.0, 90.0, 91.0, 720.0, 5400.0].map(left);
        let expected = [
            "a few seconds left",
            "a few seconds left",
            "about 10 seconds left",
            "about 50 seconds left",
            "about 50 seconds left",
            "about a minute left",
            "about a minute left",
            "about 2 minutes left",
            "about 12 minutes left",
            "about 1.5 hours left",
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn bars_are_named_by_their_printed_numbers() {
        let score = score();
        assert_eq!(bars(&score, &(1..2)), "bar 1");
        assert_eq!(bars(&score, &(0..3)), "bars 0–2");
        assert_eq!(bars(&score, &(2..4)), "bars 2 (pass 1)–2 (pass 2)");
        assert_eq!(bars(&score, &(3..4)), "bar 2 (pass 2)");
        assert_eq!(bars(&score, &(4..5)), "bar 5");
    }

    /// Two bars that are repeated, and a third.
    fn repeated() -> ScoreView {
        let mut score = score();
        for (measure, (number, pass)) in
            score.measures.iter_mut().zip([("1", 1), ("2", 1), ("1", 2), ("2", 2)])
        {
            (measure.number, measure.pass) = (number.to_owned(), pass);
        }
        let last = MeasureView { number: "3".to_owned(), pass: 1, ..score.measures[3].clone() };
        score.measures.push(last);
        score
    }

    #[test]
    fn the_pass_is_said_once_and_only_where_there_are_more() {
        let score = repeated();
        assert_eq!(bars(&score, &(0..2)), "bars 1–2");
        assert_eq!(bars(&score, &(2..4)), "bars 1–2 (pass 2)");
        assert_eq!(bars(&score, &(3..5)), "bars 2 (pass 2)–3");
        assert_eq!(bars_and_pass(&score, &(0..2)), "bars 1–2 (pass 1)");
        assert_eq!(bars_and_pass(&score, &(1..2)), "bar 2 (pass 1)");
        assert_eq!(bars_and_pass(&score, &(4..5)), "bar 3");
        assert_eq!(bars_and_pass(&score, &(0..5)), "bars 1 (pass 1)–3");
    }

    #[test]
    fn a_mood_of_all_passes_names_none() {
        let score = repeated();
        let span = |text: &str, bars| MoodSpan { text: text.to_owned(), bars, ..MoodSpan::default() };
        let both = [span("gentle", 0..2), span("gentle", 2..4)];
        assert_eq!(bars_of_mood(&score, &both, &both[0]), "bars 1–2");
        let each = [span("gentle", 0..2), span("fierce", 2..4)];
        let told = each.each_ref().map(|span| bars_of_mood(&score, &each, span));
        assert_eq!(told, ["bars 1–2 (pass 1)", "bars 1–2 (pass 2)"]);
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
