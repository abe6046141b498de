//! A mood as phrases for printed bars: what the mood lane edits, and the text that it becomes.
//!
//! The text in the field stays the one truth. It is answered with spans of measures in playing
//! order, where a repeated bar is there once for each pass; what can be written down are printed
//! bars. So spans become phrases here, phrases are changed, and phrases become a text again:
//! `bars 1-8 gentle; bar 9 fierce`.

use std::collections::HashMap;
use std::ops::Range;

use protocol::{Bars, MeasureView, MoodSpan};

/// The printed bars of a score, each once, however often it is played.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Printed {
    numbers: Vec<String>,
    /// For each measure in playing order its place in `numbers`.
    places: Vec<usize>,
}

/// Words for some printed bars.
#[derive(Clone, Debug, PartialEq)]
pub struct Phrase {
    /// The words.
    pub words: String,
    /// Places in [`Printed`].
    pub bars: Range<usize>,
    /// The span that it looks like: an index into the answer's spans.
    pub like: Option<usize>,
}

impl Printed {
    /// The printed bars of these measures.
    pub fn new(measures: &[MeasureView]) -> Self {
        let mut printed = Self::default();
        let mut known: HashMap<&str, usize> = HashMap::new();
        let mut place = 0;
        for measure in measures {
            // The second half of a divided bar has a name that nobody writes: it goes with the first.
            if measure.number.parse::<u32>().is_ok() {
                place = *known.entry(&measure.number).or_insert_with(|| {
                    printed.numbers.push(measure.number.clone());
                    printed.numbers.len() - 1
                });
            }
            printed.places.push(place);
        }
        if printed.numbers.is_empty() {
            printed.places.clear();
        }
        printed
    }

    /// How many bars there are.
    pub fn count(&self) -> usize {
        self.numbers.len()
    }

    /// The printed bar of a measure.
    pub fn place_of(&self, measure: usize) -> Option<usize> {
        self.places.get(measure).copied()
    }

    /// The lines between printed bars that meet at the start of a measure (or at the end of the
    /// last): after the bar before, and before this one. They differ where a repeat goes back.
    pub fn lines_at(&self, measure: usize) -> Option<[usize; 2]> {
        let before = measure.checked_sub(1).and_then(|m| self.place_of(m)).map(|p| p + 1);
        let after = self.place_of(measure);
        Some([before.or(after)?, after.or(before)?])
    }

    /// `bars 9-16`, `bar 9`: as it is written in a text.
    pub fn words_for(&self, bars: &Range<usize>) -> Option<String> {
        let first = self.numbers.get(bars.start)?;
        let last = self.numbers.get(bars.end.checked_sub(1)?)?;
        Some(if first == last { format!("bar {first}") } else { format!("bars {first}-{last}") })
    }

    /// The number right of a line; none after the last bar.
    pub fn number_after(&self, line: usize) -> Option<&str> {
        self.numbers.get(line).map(String::as_str)
    }

    /// The measures where some printed bars are played, one run for each time.
    pub fn runs(&self, bars: &Range<usize>) -> Vec<Bars> {
        let mut runs: Vec<Bars> = Vec::new();
        for (measure, place) in self.places.iter().enumerate().filter(|(_, p)| bars.contains(p)) {
            match runs.last_mut() {
                Some(run) if run.end == measure && self.places[measure - 1] <= *place => run.end += 1,
                _ => runs.push(measure..measure + 1),
            }
        }
        runs
    }

    /// Spans as phrases in the order of the bars, none over another: the passes of a bar become one,
    /// and where two moods are in one bar in two passes, the first pass counts.
    pub fn phrases(&self, spans: &[MoodSpan]) -> Vec<Phrase> {
        let mut groups: Vec<(usize, Vec<bool>)> = Vec::new();
        let mut owners: Vec<Option<usize>> = vec![None; self.count()];
        for (k, span) in spans.iter().enumerate() {
            let Some(places) = self.places.get(span.bars.clone()) else { continue };
            let is_same = |(like, has): &(usize, Vec<bool>)| {
                spans[*like].text == span.text && places.iter().any(|&p| has[p])
            };
            let group = groups.iter().position(is_same).unwrap_or_else(|| {
                groups.push((k, vec![false; self.count()]));
                groups.len() - 1
            });
            for &place in places {
                groups[group].1[place] = true;
                owners[place].get_or_insert(group);
            }
        }
        let mut phrases: Vec<(usize, Phrase)> = Vec::new();
        for (place, owner) in owners.iter().enumerate() {
            let Some(group) = *owner else { continue };
            match phrases.last_mut() {
                Some((last, phrase)) if *last == group && phrase.bars.end == place => phrase.bars.end += 1,
                _ => {
                    let like = groups[group].0;
                    let words = spans[like].text.clone();
                    phrases.push((group, Phrase { words, bars: place..place + 1, like: Some(like) }));
                }
            }
        }
        phrases.into_iter().map(|p| p.1).collect()
    }

    /// Phrases as a text.
    pub fn text(&self, phrases: &[Phrase]) -> String {
        let written = phrases.iter().filter_map(|phrase| {
            let words = tidy(&phrase.words);
            let bars = self.words_for(&phrase.bars).filter(|_| !words.is_empty())?;
            Some(format!("{bars} {words}"))
        });
        written.collect::<Vec<_>>().join("; ")
    }
}

/// Words without what would end their phrase.
pub fn tidy(words: &str) -> String {
    let one_line = words.replace([';', '\n', '\r'], ", ");
    let words: Vec<&str> = one_line.split_whitespace().collect();
    words.join(" ").trim_matches([',', ' ']).replace(" ,", ",").replace(",,", ",")
}

/// Puts a phrase among others that leave room for it.
pub fn insert(phrases: &mut Vec<Phrase>, phrase: Phrase) {
    let place = phrases.partition_point(|p| p.bars.start < phrase.bars.start);
    phrases.insert(place, phrase);
}

/// Divides a phrase at a line inside it.
pub fn split(phrases: &mut Vec<Phrase>, phrase: usize, line: usize) {
    let Some(first) = phrases.get_mut(phrase) else { return };
    if line <= first.bars.start || line >= first.bars.end {
        return;
    }
    let mut second = first.clone();
    (first.bars.end, second.bars.start) = (line, line);
    phrases.insert(phrase + 1, second);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bars with these numbers, four quarters each.
    fn printed(numbers: &[&str]) -> Printed {
        let measure = |(k, number): (usize, &&str)| MeasureView {
            start_quarters: k as f64 * 4.0,
            end_quarters: k as f64 * 4.0 + 4.0,
            number: (*number).to_owned(),
            pass: 1,
            metre: (4, 4),
            beat_quarters: 1.0,
        };
        Printed::new(&numbers.iter().enumerate().map(measure).collect::<Vec<_>>())
    }

    fn span(text: &str, bars: Bars) -> MoodSpan {
        MoodSpan { text: text.to_owned(), bars, ..MoodSpan::default() }
    }

    #[test]
    fn passes_of_a_repeat_become_one_phrase() {
        let printed = printed(&["0", "1", "2", "1", "2", "3", "4"]);
        let spans =
            [span("calm", 0..1), span("sad", 1..3), span("sad", 3..5), span("wild", 5..6), span("sad", 6..7)];
        let phrases = printed.phrases(&spans);
        assert_eq!(printed.text(&phrases), "bar 0 calm; bars 1-2 sad; bar 3 wild; bar 4 sad");
        assert_eq!(printed.runs(&phrases[1].bars), [1..3, 3..5]);
    }

    #[test]
    fn a_phrase_that_a_repeat_cuts_stays_one() {
        // Bars 3 and 4 are repeated, the phrase begins and ends inside.
        let printed = printed(&["1", "2", "3", "4", "3", "4", "5", "6"]);
        let late = printed.phrases(&[span("sad", 3..4), span("sad", 5..7)]);
        assert_eq!(printed.text(&late), "bars 4-5 sad");
        let early = printed.phrases(&[span("sad", 1..4), span("sad", 4..6)]);
        assert_eq!(printed.text(&early), "bars 2-4 sad");
    }

    #[test]
    fn in_two_passes_with_two_moods_the_first_pass_counts() {
        let printed = printed(&["1", "2", "3", "4", "1", "2", "3", "4", "5", "6", "7", "8"]);
        let phrases = printed.phrases(&[span("hesitant", 0..6), span("anger", 6..12)]);
        assert_eq!(printed.text(&phrases), "bars 1-4 hesitant; bars 5-8 anger");
    }

    #[test]
    fn equal_words_side_by_side_stay_two_phrases() {
        let printed = printed(&["1", "2", "3", "4"]);
        let mut phrases = printed.phrases(&[span("sad", 0..4)]);
        split(&mut phrases, 0, 2);
        split(&mut phrases, 0, 2);
        assert_eq!(printed.text(&phrases), "bars 1-2 sad; bars 3-4 sad");
        let again = printed.phrases(&[span("sad", 0..2), span("sad", 2..4)]);
        assert_eq!(again.len(), 2);
    }

    #[test]
    fn a_divided_bar_is_one_and_a_score_without_numbers_has_none() {
        let halves = printed(&["1", "2", "X1", "3"]);
        assert_eq!(halves.text(&halves.phrases(&[span("sad", 1..3)])), "bar 2 sad");
        let nameless = printed(&["a", "b"]);
        assert!(nameless.phrases(&[span("sad", 0..2)]).is_empty());
        // Bars that the score does not have.
        assert!(halves.phrases(&[span("sad", 3..9)]).is_empty());
    }

    #[test]
    fn words_never_end_their_phrase() {
        assert_eq!(tidy("  sad;  but\nproud , "), "sad, but, proud");
        let printed = printed(&["1", "2"]);
        let phrase = |words: &str, bars| Phrase { words: words.to_owned(), bars, like: None };
        assert_eq!(printed.text(&[phrase(" ; ", 0..1), phrase("sad", 1..2)]), "bar 2 sad");
    }

    #[test]
    fn lines_differ_where_a_repeat_goes_back() {
        let printed = printed(&["1", "2", "1", "2", "3"]);
        assert_eq!(printed.lines_at(0), Some([0, 0]));
        assert_eq!(printed.lines_at(2), Some([2, 0]));
        assert_eq!(printed.lines_at(5), Some([3, 3]));
        assert_eq!(printed.lines_at(6), None);
    }
}
