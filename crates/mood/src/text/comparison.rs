//! Comparisons, *like a harp*: whether what they compare with can be a thing.

/// Words that begin a comparison.
const LIKE: &[&str] = &["like", "as", "wie", "comme", "come", "quasi"];

/// Articles that the thing follows.
const ARTICLES: &[&str] = &["a", "an", "un", "una", "uno", "une", "ein", "eine", "einen", "einem", "einer"];

/// The article is one of so many words at the beginning: `as if it were a …`.
const BEGINNING: usize = 5;

/// Words before the last one that make a thing of a quality: `in the dark`, `out of sorrow`.
const BEFORE_THINGS: &[&str] =
    &["the", "in", "on", "at", "of", "to", "from", "by", "with", "for", "into", "under", "over", "through"];

/// Names of what is played. Elsewhere they say nothing (*a sad piece*); beside another word of a thing they are a
/// part of its name (*a music box*).
const PLAYED: &[&str] =
    &["music", "piano", "piece", "performance", "playing", "play", "played", "mood", "style", "bars", "bar"];

/// Whether these are the words of a comparison with something that may be none, since a word is missing or another
/// one was meant: it lacks a thing ([`lacks_thing`]), or names what is played beside another word, which means
/// something only where the whole is known (*like a music box*).
pub(crate) fn is_doubtful(words: &[String], is_quality: impl Fn(&str) -> bool) -> bool {
    let is_named = |thing: &[String]| thing.iter().any(|word| PLAYED.contains(&word.as_str()));
    lacks_thing(words, is_quality) || compared(words).is_some_and(|thing| thing.len() > 1 && is_named(thing))
}

/// Whether these are the words of a comparison that ends with its article or with a quality (*like a music dark*).
pub(crate) fn lacks_thing(words: &[String], is_quality: impl Fn(&str) -> bool) -> bool {
    let Some(thing) = compared(words) else { return false };
    let Some((last, before)) = thing.split_last() else { return true };
    let leads_to_thing = before.last().is_some_and(|word| BEFORE_THINGS.contains(&word.as_str()));
    is_quality(last) && !leads_to_thing
}

/// What a comparison compares with: what follows its article. None if these are not the words of one.
fn compared(words: &[String]) -> Option<&[String]> {
    let is_article = |word: &String| ARTICLES.contains(&word.as_str());
    words.first().filter(|first| LIKE.contains(&first.as_str()))?;
    let article = words.iter().take(BEGINNING).position(is_article)?;
    Some(&words[article + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::split;

    fn doubtful(text: &str) -> bool {
        is_doubtful(&split(text), |word| matches!(word, "dark" | "sad" | "calm"))
    }

    #[test]
    fn a_comparison_needs_a_thing() {
        for text in
            ["like a music dark", "Like a sad", "as if it were a wide calm", "like a", "like a music box"]
        {
            assert!(doubtful(text), "{text}");
        }
    }

    #[test]
    fn other_texts_are_what_they_say() {
        for text in [
            "like a harp",
            "like a piano",
            "like a candle in the dark",
            "like the calm before a storm",
            "a dark piece of music",
            "sad",
            "as calm as the sea",
            "",
        ] {
            assert!(!doubtful(text), "{text}");
        }
    }
}
