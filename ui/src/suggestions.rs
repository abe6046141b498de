//! The text of a mood while it is being written: what is finished, what could go on.

/// Most suggestions under the mood.
const MOST_SUGGESTIONS: usize = 6;

/// The mood without the comma that waits for another word.
pub fn finished(mood: &str) -> &str {
    mood.trim().trim_end_matches([',', ';']).trim_end()
}

/// The part of the mood that is being written: behind the last comma, `then` or bars.
fn unfinished(mood: &str) -> &str {
    let part = mood.rsplit([',', ';']).next().unwrap_or_default().trim_start();
    let part = part.strip_prefix("then ").unwrap_or(part).trim_start();
    let after_bars = part.strip_prefix("bars ").or(part.strip_prefix("bar ")).map(str::trim_start);
    match after_bars.and_then(|rest| rest.split_once(' ')) {
        Some((range, rest)) if range.starts_with(|c: char| c.is_ascii_digit()) => rest.trim_start(),
        _ => part,
    }
}

/// Words that go on with what is being written and are not yet in the mood.
pub fn suggestions<'a>(mood: &str, moods: &'a [String]) -> Vec<&'a str> {
    let start = unfinished(mood).to_lowercase();
    let fresh = |word: &&str| !mood.split(',').any(|part| part.trim().eq_ignore_ascii_case(word));
    let fitting = moods.iter().map(String::as_str).filter(fresh);
    fitting.filter(|w| w.to_lowercase().starts_with(&start)).take(MOST_SUGGESTIONS).collect()
}

/// Puts a suggested word in the place of what is being written.
pub fn accept(mood: &mut String, word: &str) {
    let keep = mood.len() - unfinished(mood).len();
    mood.truncate(keep);
    let kept = mood.trim_end().len();
    mood.truncate(kept);
    if !mood.is_empty() {
        mood.push(' ');
    }
    mood.push_str(word);
    mood.push_str(", ");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions_go_on_with_the_last_word() {
        let moods = ["tender", "tense", "angry"].map(str::to_owned);
        assert_eq!(suggestions("", &moods), ["tender", "tense", "angry"]);
        assert_eq!(suggestions("angry, Te", &moods), ["tender", "tense"]);
        assert_eq!(suggestions("tender, ", &moods), ["tense", "angry"]);
        assert!(suggestions("by no means", &moods).is_empty());
        assert_eq!(suggestions("bars 1-8 te", &moods), ["tender", "tense"]);
        assert_eq!(suggestions("bar 4 angry; then ten", &moods), ["tender", "tense"]);
    }

    #[test]
    fn a_suggestion_takes_the_place_of_what_was_begun() {
        let mut mood = "angry, te".to_owned();
        accept(&mut mood, "tender");
        assert_eq!(mood, "angry, tender, ");
        let mut later = "bars 1-8 angry; bars 9-16 te".to_owned();
        accept(&mut later, "tender");
        assert_eq!(later, "bars 1-8 angry; bars 9-16 tender, ");
        let mut empty = String::new();
        accept(&mut empty, "sad");
        assert_eq!(empty, "sad, ");
    }
}
