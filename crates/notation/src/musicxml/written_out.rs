//! The exact forms of MusicXML: what files that this crate writes say beyond the format.
//!
//! In the written-out form repeats and jumps are written out in the order of play, so signs and words that
//! ask for them mean nothing; in the printed form they count as in any file. Durations are exact. Measures and
//! note heads are named by what they are in the score: `m11-2` is the second pass through written measure 11,
//! `n40-2` the note 40 in its second pass, and `n40-2-3` the third of the heads that a tie makes one note.
//! Where MusicXML has no element for what a direction asks for, a hidden `<other-direction>` says it.

use std::fmt;
use std::str::FromStr;

use crate::marks::{DirectionKind, Dynamic, Marks};
use crate::score::NoteId;
use crate::time::Quarters;

/// What stands in `<software>`. A file that another program has written since names that one.
pub(super) const SOFTWARE: &str = "Espressivo, repeats written out";

/// What stands there in a file that has each printed measure once.
pub(super) const SOFTWARE_PRINTED: &str = "Espressivo, as printed";

/// Voices beyond the voices of a score, which hold notes that sound together with others of their
/// voice, have numbers that are by multiples of this larger.
pub(super) const VOICES: u32 = 256;

/// What the text of a hidden direction starts with.
const HIDDEN: &str = "espressivo:";

/// No tempo is faster, in quarters a minute.
const FASTEST: f64 = 1e9;

/// The name of a note head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct HeadId {
    /// The note that it is part of.
    pub note: NoteId,
    /// Which of the heads that are tied into the note, from 1.
    pub head: u32,
}

impl HeadId {
    /// `n40-2` or `n40-2-3`; nothing for other text.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix('n')?.split('-');
        let note = NoteId { written: number(parts.next()?)?, pass: number(parts.next()?)? };
        let head = parts.next().map_or(Some(1), number)?;
        (parts.next().is_none() && head > 0).then_some(Self { note, head })
    }
}

impl fmt::Display for HeadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { note, head } = self;
        if *head == 1 { write!(f, "{note}") } else { write!(f, "{note}-{head}") }
    }
}

/// The name of a measure: which written one it is, from 0, and which pass, from 1.
pub(super) fn measure_id(written: u32, pass: u8) -> String {
    format!("m{written}-{pass}")
}

/// What [`measure_id`] wrote; nothing for other text.
pub(super) fn parse_measure_id(text: &str) -> Option<(u32, u8)> {
    let (written, pass) = text.strip_prefix('m')?.split_once('-')?;
    Some((number(written)?, number(pass)?))
}

/// A number without a sign.
fn number<T: FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

/// What one thing that a direction asks for is, and how long it lasts.
pub(super) type Asked = (DirectionKind, Option<Quarters>);

/// What a direction asks for, as the text of a hidden `<other-direction>`.
pub(super) fn hidden(asked: &[Asked]) -> String {
    let mut text = HIDDEN.to_owned();
    for (kind, length) in asked {
        text.push(' ');
        text.push_str(&name(*kind));
        if let Some(length) = length {
            text.push_str(&format!(" for {length}"));
        }
    }
    text
}

fn name(kind: DirectionKind) -> String {
    match kind {
        DirectionKind::Dynamic(level) => format!("level={}", level.level()),
        DirectionKind::Metronome(tempo) => format!("metronome={tempo}"),
        DirectionKind::Tempo(Some(tempo)) => format!("tempo={tempo}"),
        DirectionKind::Tempo(None) => "tempo".to_owned(),
        DirectionKind::Sforzando => "sforzando".to_owned(),
        DirectionKind::Crescendo => "crescendo".to_owned(),
        DirectionKind::Diminuendo => "diminuendo".to_owned(),
        DirectionKind::Ritardando => "ritardando".to_owned(),
        DirectionKind::Accelerando => "accelerando".to_owned(),
        DirectionKind::ATempo => "a-tempo".to_owned(),
        DirectionKind::SustainPedal => "sustain-pedal".to_owned(),
        DirectionKind::SoftPedal => "soft-pedal".to_owned(),
        DirectionKind::Words => "words".to_owned(),
        DirectionKind::Fermata => "fermata".to_owned(),
    }
}

/// What [`hidden`] wrote; nothing for other text.
pub(super) fn parse_hidden(text: &str) -> Option<Vec<Asked>> {
    let mut asked: Vec<Asked> = Vec::new();
    let mut words = text.strip_prefix(HIDDEN)?.split_whitespace();
    while let Some(word) = words.next() {
        if word == "for" {
            asked.last_mut()?.1 = Some(length(words.next()?)?);
        } else {
            asked.push((kind(word)?, None));
        }
    }
    Some(asked)
}

fn length(text: &str) -> Option<Quarters> {
    let (numerator, denominator) = text.split_once('/').unwrap_or((text, "1"));
    let (numerator, denominator) = (number(numerator)?, number(denominator)?);
    Some(Quarters::new(numerator, denominator))
}

/// What a note says of slurs.
pub(super) const SLURS: Marks = Marks::SLUR_START.union(Marks::SLUR_STOP).union(Marks::SLURRED);

/// What a note says of slurs where that is not what is printed, as the text of a hidden
/// `<other-notation>`.
const SLUR_WORDS: [(Marks, &str); 3] =
    [(Marks::SLUR_START, " slur-start"), (Marks::SLUR_STOP, " slur-stop"), (Marks::SLURRED, " under-slur")];

/// What marks say of slurs, as the text of a hidden `<other-notation>`. It takes the place of what is
/// printed.
pub(super) fn hidden_slurs(marks: Marks) -> String {
    let words = SLUR_WORDS.into_iter().filter(|(mark, _)| marks.contains(*mark)).map(|(_, word)| word);
    format!("{HIDDEN} slurs{}", words.collect::<String>())
}

/// What [`hidden_slurs`] wrote; nothing for other text.
pub(super) fn parse_hidden_slurs(text: &str) -> Option<Marks> {
    let mut words = text.strip_prefix(HIDDEN)?.strip_prefix(" slurs")?.split_whitespace();
    words.try_fold(Marks::empty(), |marks, word| {
        let (mark, _) = SLUR_WORDS.into_iter().find(|(_, known)| known.trim_start() == word)?;
        Some(marks | mark)
    })
}

/// Whether a tempo, in quarters a minute, is one: from a score for playback it may be far from what is
/// believed of other files.
pub(super) fn is_tempo(quarters_per_minute: f64) -> bool {
    quarters_per_minute > 0.0 && quarters_per_minute <= FASTEST
}

fn kind(word: &str) -> Option<DirectionKind> {
    let (name, value) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
    let number = || value?.parse::<f64>().ok().filter(|tempo| is_tempo(*tempo));
    Some(match name {
        "level" => DirectionKind::Dynamic(Dynamic::from_level(value?.parse().ok()?)?),
        "metronome" => DirectionKind::Metronome(number()?),
        "tempo" if value.is_none() => DirectionKind::Tempo(None),
        "tempo" => DirectionKind::Tempo(Some(number()?)),
        "sforzando" => DirectionKind::Sforzando,
        "crescendo" => DirectionKind::Crescendo,
        "diminuendo" => DirectionKind::Diminuendo,
        "ritardando" => DirectionKind::Ritardando,
        "accelerando" => DirectionKind::Accelerando,
        "a-tempo" => DirectionKind::ATempo,
        "sustain-pedal" => DirectionKind::SustainPedal,
        "soft-pedal" => DirectionKind::SoftPedal,
        "words" => DirectionKind::Words,
        "fermata" => DirectionKind::Fermata,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for text in ["n0-1", "n40-2-3", "n4294967294-255"] {
            assert_eq!(HeadId::parse(text).map(|id| id.to_string()).as_deref(), Some(text));
        }
        for text in ["n12", "12-1", "n-1", "n1-2-0", "n1-2-3-4", "n1-+2", "nx-1", "n1-256"] {
            assert_eq!(HeadId::parse(text), None, "{text}");
        }
        assert_eq!(parse_measure_id(&measure_id(11, 2)), Some((11, 2)));
        assert_eq!(parse_measure_id("m11"), None);
    }

    #[test]
    fn hidden_directions_are_read_as_they_are_written() {
        let asked = [
            (DirectionKind::Dynamic(Dynamic::Pp), None),
            (DirectionKind::SoftPedal, Some(Quarters::new(7, 3))),
            (DirectionKind::Metronome(60e6 / 7.0), None),
            (DirectionKind::Tempo(None), Some(Quarters::ZERO)),
        ];
        assert_eq!(parse_hidden(&hidden(&asked)).as_deref(), Some(&asked[..]));
        assert_eq!(parse_hidden("espressivo: shout"), None);
        assert_eq!(parse_hidden("espressivo: metronome=NaN"), None);
        assert_eq!(parse_hidden("vibrato"), None);
    }

    #[test]
    fn hidden_slurs_are_read_as_they_are_written() {
        for marks in [Marks::empty(), Marks::SLUR_STOP, SLURS] {
            assert_eq!(parse_hidden_slurs(&hidden_slurs(marks | Marks::STACCATO)), Some(marks));
        }
        assert_eq!(parse_hidden_slurs("espressivo: slurs slur-middle"), None);
        assert_eq!(parse_hidden_slurs("slurs slur-start"), None);
    }
}
