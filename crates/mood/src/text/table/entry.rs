//! The lines of `words.tsv`: a word or term and what it means.

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One of the 33 moods.
    Label,
    /// A musical term or a rare word, with a gloss.
    Term,
    /// A word of the lexicon, rated by people.
    Word,
    /// A word of our own list, rated by the regression.
    Guess,
}

impl Entry {
    /// How much it counts in a phrase: strong feelings more than names of things.
    pub fn weight(&self) -> f64 {
        0.15 + self.valence.hypot(self.arousal)
    }
}

impl Kind {
    /// The word for it in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::Term => "term",
            Self::Word => "word",
            Self::Guess => "guess",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::Label, Self::Term, Self::Word, Self::Guess].into_iter().find(|kind| kind.name() == name)
    }
}

/// A word and what it means.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// As people write it.
    pub word: String,
    /// -1 unpleasant to 1 pleasant.
    pub valence: f64,
    /// -1 still to 1 excited.
    pub arousal: f64,
    /// In plain English, where the word itself is none.
    pub gloss: Option<String>,
}

/// Reads the lines of [`WORDS`](super::WORDS).
pub(super) fn parse(text: &str) -> Result<Vec<Entry>, String> {
    let line = |(number, line): (usize, &str)| {
        let cells: Vec<&str> = line.split('\t').collect();
        let wrong = || format!("line {} is not KIND, WORD, VALENCE, AROUSAL, GLOSS", number + 1);
        let [kind, word, valence, arousal, gloss] = cells[..] else { return Err(wrong()) };
        let within = |cell: &str| cell.parse().ok().filter(|x: &f64| (-1.0..=1.0).contains(x));
        let (Some(kind), Some(valence), Some(arousal)) =
            (Kind::parse(kind), within(valence), within(arousal))
        else {
            return Err(wrong());
        };
        let gloss = (!gloss.is_empty()).then(|| gloss.to_owned());
        Ok(Entry { kind, word: word.to_owned(), valence, arousal, gloss })
    };
    text.lines().enumerate().map(line).collect()
}

/// The lines of [`WORDS`](super::WORDS).
pub fn write(entries: &[Entry]) -> String {
    let line = |e: &Entry| {
        let gloss = e.gloss.as_deref().unwrap_or_default();
        format!("{}\t{}\t{:.3}\t{:.3}\t{gloss}\n", e.kind.name(), e.word, e.valence, e.arousal)
    };
    entries.iter().map(line).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_they_were_written() {
        let gloss = Some("slow and calm".to_owned());
        let entries = vec![
            Entry { kind: Kind::Term, word: "più lento".into(), valence: 0.25, arousal: -0.5, gloss },
            Entry { kind: Kind::Word, word: "sad".into(), valence: -0.75, arousal: 0.0, gloss: None },
        ];
        assert_eq!(parse(&write(&entries)).unwrap(), entries);
    }

    #[test]
    fn a_damaged_line_is_named() {
        for line in
            ["", "word\tsad\t-0.7\t0.1", "verb\tsad\t0\t0\t", "word\tsad\tx\t0\t", "word\ta\t1.5\t0\t"]
        {
            let text = format!("word\thappy\t0.7\t0.4\t\n{line}\nword\ta\t0\t0\t\n");
            assert!(parse(&text).unwrap_err().contains("line 2"), "{line}");
        }
    }
}
