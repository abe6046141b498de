//! The labels that words name.

use super::table::ALL;

/// The label that a word names, in any of its usual forms.
pub fn named(word: &str) -> Option<usize> {
    let word = word.trim().to_lowercase();
    let form = FORMS.iter().find(|(form, _)| *form == word).and_then(|(_, name)| exact(name));
    form.or_else(|| ALL.iter().position(|label| is_form_of(&word, label.name)))
}

/// Whether a word is the name, or its adverb, adjective or noun: *gently*, *happily*, *calmness*.
fn is_form_of(word: &str, name: &str) -> bool {
    let ends = |stem: &str, ends: &[&str]| word.strip_prefix(stem).is_some_and(|rest| ends.contains(&rest));
    let shortened =
        |end: &str, ends_then: &[&str]| name.strip_suffix(end).is_some_and(|s| ends(s, ends_then));
    ends(name, &["", "ly", "ness"])
        || shortened("le", &["ly"])
        || shortened("y", &["ily", "iness"])
        || shortened("ly", &["", "ness"])
}

fn exact(name: &str) -> Option<usize> {
    ALL.iter().position(|l| l.name == name)
}

/// Forms of the labels that no ending tells.
const FORMS: [(&str, &str); 9] = [
    ("angry", "anger"),
    ("nostalgic", "nostalgia"),
    ("march", "marching"),
    ("comic", "comical"),
    ("melancholy", "melancholic"),
    ("sadness", "sad"),
    ("happiness", "happy"),
    ("depressive", "depressed"),
    ("enthusiasm", "enthusiastic"),
];

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_found_in_their_forms() {
        for (word, label) in [("angry", "anger"), ("Gently", "gentle"), ("calmly", "calm"), ("sad", "sad")] {
            assert_eq!(ALL[named(word).unwrap()].name, label, "{word}");
        }
        assert_eq!(named("thunderstorm"), None);
        assert_eq!(named("hard"), None);
    }
}
