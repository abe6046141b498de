//! Forms of English words: which words a word may be made of.

/// Endings, and what stands in their place in the words they are made of.
const ENDINGS: &[(&str, &[&str])] = &[
    ("iness", &["y"]),
    ("ness", &[""]),
    ("fulness", &["ful"]),
    ("ically", &["ic", "ical"]),
    ("ily", &["y"]),
    ("bly", &["ble"]),
    ("ly", &["", "e"]),
    ("iest", &["y"]),
    ("est", &["", "e"]),
    ("ier", &["y"]),
    ("er", &["", "e"]),
    ("ies", &["y"]),
    ("ied", &["y"]),
    ("es", &["", "e"]),
    ("s", &[""]),
    ("ing", &["", "e"]),
    ("ed", &["", "e"]),
    ("y", &["", "e"]),
    ("ful", &[""]),
];

/// Shortest word that others are made of.
const SHORTEST: usize = 3;

/// Words that a word may be a form of, the likeliest first. They need not exist.
pub fn of(word: &str) -> Vec<String> {
    let mut forms = Vec::new();
    for (ending, instead) in ENDINGS {
        let Some(stem) = word.strip_suffix(ending).filter(|s| s.chars().count() >= SHORTEST) else {
            continue;
        };
        forms.extend(instead.iter().map(|end| format!("{stem}{end}")));
        // `running`, `sadder`, `foggy`: the last letter is doubled.
        let mut letters = stem.chars().rev();
        if letters.next() == letters.next() && stem.is_ascii() {
            forms.push(stem[..stem.len() - 1].to_owned());
        }
    }
    forms
}

/// Two words that a word may be put together from, each of four letters or more.
pub fn parts(word: &str) -> impl Iterator<Item = (&str, &str)> {
    const LEAST: usize = 4;
    let ends = LEAST..(word.len() + 1).saturating_sub(LEAST);
    ends.filter(|at| word.is_ascii() && *at < word.len()).map(|at| word.split_at(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_forms_lead_back_to_their_word() {
        let pairs = [
            ("storms", "storm"),
            ("running", "run"),
            ("sadder", "sad"),
            ("foggy", "fog"),
            ("gently", "gentle"),
            ("dreamily", "dreamy"),
            ("happiness", "happy"),
            ("raging", "rage"),
            ("stormy", "storm"),
        ];
        for (word, root) in pairs {
            assert!(of(word).iter().any(|form| form == root), "{word}: {:?}", of(word));
        }
        assert!(of("as").is_empty() && of("日本s").iter().all(|f| !f.is_empty()));
    }

    #[test]
    fn long_words_are_cut_in_two() {
        assert!(parts("thunderstorm").any(|p| p == ("thunder", "storm")));
        assert_eq!(parts("moon").count() + parts("été").count() + parts("").count(), 0);
    }
}
