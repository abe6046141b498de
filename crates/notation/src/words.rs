//! What tempo and expression words mean, in Italian, French, German and English.

use crate::marks::{DirectionKind, Dynamic};

/// Tempo words and the quarters per minute they are taken to mean (beats of common practice:
/// middle of the ranges printed on metronomes). Longer phrases stand before their parts.
const TEMPI: &[(&str, f64)] = &[
    ("prestissimo", 200.0),
    ("presto", 180.0),
    ("vivacissimamente", 170.0),
    ("vivacissimo", 170.0),
    ("allegro molto", 150.0),
    ("molto allegro", 150.0),
    ("allegro assai", 145.0),
    ("allegro vivace", 150.0),
    ("allegro con brio", 144.0),
    ("allegro con fuoco", 144.0),
    ("allegro ma non troppo", 120.0),
    ("allegro non troppo", 120.0),
    ("allegro moderato", 116.0),
    ("allegretto", 108.0),
    ("allegro", 132.0),
    ("vivace", 150.0),
    ("vivo", 150.0),
    ("animato", 126.0),
    ("agitato", 132.0),
    ("moderato", 100.0),
    ("andantino", 84.0),
    ("andante con moto", 84.0),
    ("andante", 76.0),
    ("larghetto", 62.0),
    ("adagietto", 66.0),
    ("adagio molto", 52.0),
    ("adagio", 60.0),
    ("lento", 54.0),
    ("largo", 50.0),
    ("grave", 44.0),
    ("maestoso", 84.0),
    ("menuetto", 120.0),
    ("minuetto", 120.0),
    ("scherzo", 180.0),
    ("très vif", 168.0),
    ("vif", 152.0),
    ("animé", 126.0),
    ("modéré", 96.0),
    ("très lent", 46.0),
    ("lent", 54.0),
    ("sehr lebhaft", 160.0),
    ("lebhaft", 144.0),
    ("sehr rasch", 168.0),
    ("rasch", 152.0),
    ("sehr schnell", 176.0),
    ("schnell", 160.0),
    ("bewegt", 112.0),
    ("mäßig", 96.0),
    ("mässig", 96.0),
    ("sehr langsam", 46.0),
    ("langsam", 54.0),
];

/// Words that speak of a tempo without naming one.
const VAGUE: &[&str] = &[
    "mosso",
    "moto",
    "tempo",
    "langsamer",
    "schneller",
    "rascher",
    "lebhafter",
    "bewegter",
    "ruhiger",
    "vite",
];
/// Before a tempo word: compared with what was, so it names no tempo by itself.
const COMPARING: &[&str] =
    &["più", "piu", "meno", "plus", "moins", "noch", "etwas", "un peu", "un poco", "poco"];
const BACK: &[&str] = &[
    "a tempo",
    "in tempo",
    "tempo i",
    "tempo 1",
    "tempo primo",
    "primo tempo",
    "au mouv",
    "erstes tempo",
    "im tempo",
    "1er mouv",
    "premier mouv",
    "en mesure",
];
const SLOWER: &[&str] = &[
    "rit",
    "rall",
    "slent",
    "allarg",
    "slarg",
    "largando",
    "lentando",
    "tardando",
    "tratten",
    "cédez",
    "cedez",
    "retenu",
    "retenez",
    "ralent",
    "zurückhalt",
    "verlangsam",
    "breiter",
];
const FASTER: &[&str] = &[
    "accel",
    "string",
    "stretto",
    "affrett",
    "incalz",
    "animando",
    "precipit",
    "pressez",
    "pressant",
    "serrez",
    "eilen",
    "beschleun",
    "drängend",
];
/// Softer and slower at once.
const DYING: &[&str] = &["calando", "morendo", "smorz", "perdend", "mancando", "ersterbend", "verlösch"];
const LOUDER: &[&str] = &["cresc", "anwachsend", "augment"];
const SOFTER: &[&str] = &["dim", "decresc", "decr", "abnehmend"];
const ACCENTS: &[&str] =
    &["sf", "sff", "sfz", "sffz", "fz", "ffz", "rf", "rfz", "pfz", "fp", "ffp", "sfp", "mfp", "sfpp"];

/// Reads a word or phrase of a score. Unknown phrases are [`DirectionKind::Words`].
pub fn meaning(text: &str) -> DirectionKind {
    meanings(text).first().copied().unwrap_or(DirectionKind::Words)
}

/// All that a phrase asks for: `cresc. ed accel.` and `p dolce` ask for more than one thing, or
/// for one beside its character. At least one meaning; [`DirectionKind::Words`] if none is known.
pub fn meanings(text: &str) -> Vec<DirectionKind> {
    let words = tokens(text);
    let starts =
        |list: &[&str]| words.iter().any(|w| list.iter().any(|l| w.starts_with(l)) && !w.starts_with("ritm"));
    let phrase = format!(" {} ", words.join(" "));
    let has = |list: &[&str]| list.iter().any(|l| begins(&phrase, l));
    let mut found: Vec<DirectionKind> = level(&words).map(DirectionKind::Dynamic).into_iter().collect();
    let dying = starts(DYING);
    if has(BACK) {
        found.push(DirectionKind::ATempo);
    }
    if starts(SLOWER) || dying {
        found.push(DirectionKind::Ritardando);
    }
    if starts(FASTER) {
        found.push(DirectionKind::Accelerando);
    }
    if starts(LOUDER) {
        found.push(DirectionKind::Crescendo);
    }
    if starts(SOFTER) || dying {
        found.push(DirectionKind::Diminuendo);
    }
    if words.iter().any(|w| ACCENTS.contains(&w.as_str()) || w.starts_with("rinf")) {
        found.push(DirectionKind::Sforzando);
    }
    if phrase.contains(" una corda ") {
        found.push(DirectionKind::SoftPedal);
    }
    let turns = |kind: &DirectionKind| {
        matches!(kind, DirectionKind::ATempo | DirectionKind::Ritardando | DirectionKind::Accelerando)
    };
    if !found.iter().any(turns) {
        found.extend(tempo(&words, &phrase));
    }
    if found.is_empty() {
        found.push(DirectionKind::Words);
    }
    found
}

/// Whether the phrase ends a `una corda`.
pub fn lifts_soft_pedal(text: &str) -> bool {
    let phrase = tokens(text).join(" ");
    ["tre corde", "tutte le corde", "tutte corde"].iter().any(|p| phrase.contains(p))
}

/// Whether a word of the phrase (which has a space before each word) begins so.
fn begins(phrase: &str, start: &str) -> bool {
    phrase.match_indices(start).any(|(at, _)| phrase[..at].ends_with(' '))
}

/// Whether the phrase (with a space before and after each word) holds these whole words.
fn holds(phrase: &str, words: &str) -> bool {
    let is_whole = |at: usize| phrase[..at].ends_with(' ') && phrase[at + words.len()..].starts_with(' ');
    phrase.match_indices(words).any(|(at, _)| is_whole(at))
}

/// Lower-case words without punctuation.
fn tokens(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.map(str::to_owned).collect()
}

/// The level that a phrase starts with, after `sempre` or `subito`.
fn level(words: &[String]) -> Option<Dynamic> {
    let mut words = words.iter().skip_while(|w| matches!(w.as_str(), "sempre" | "subito" | "sub" | "molto"));
    let first = words.next()?;
    Some(match first.as_str() {
        "mezzo" => match words.next()?.as_str() {
            "forte" => Dynamic::Mf,
            "piano" => Dynamic::Mp,
            _ => return None,
        },
        "pianissimo" => Dynamic::Pp,
        "piano" => Dynamic::P,
        "forte" => Dynamic::F,
        "fortissimo" => Dynamic::Ff,
        letters => return Dynamic::from_letters(letters),
    })
}

fn tempo(words: &[String], phrase: &str) -> Option<DirectionKind> {
    if words.first().is_some_and(|w| w == "attacca") {
        return None;
    }
    let named = TEMPI.iter().find(|(word, _)| holds(phrase, word));
    let compared = COMPARING.iter().any(|c| phrase[1..].starts_with(c) && holds(phrase, c));
    match named {
        Some((_, quarters)) if !compared => Some(DirectionKind::Tempo(Some(*quarters))),
        Some(_) => Some(DirectionKind::Tempo(None)),
        None => words.iter().any(|w| VAGUE.contains(&w.as_str())).then_some(DirectionKind::Tempo(None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use DirectionKind as Kind;

    #[test]
    fn single_meanings() {
        let cases = [
            ("Allegro molto e con brio", Kind::Tempo(Some(150.0))),
            ("Allegro.", Kind::Tempo(Some(132.0))),
            ("Più lento", Kind::Tempo(None)),
            ("Meno mosso", Kind::Tempo(None)),
            ("Sehr langsam", Kind::Tempo(Some(46.0))),
            ("con fuoco", Kind::Words),
            ("violento", Kind::Words),
            ("attacca subito l'Allegro", Kind::Words),
            ("ritmico", Kind::Words),
            ("a tempo (Allegro moderato)", Kind::ATempo),
            ("Tempo I.", Kind::ATempo),
            ("poco ritard.", Kind::Ritardando),
            ("un peu retenu", Kind::Ritardando),
            ("poco a poco accel.", Kind::Accelerando),
            ("cresc.-----", Kind::Crescendo),
            ("decresc.", Kind::Diminuendo),
            ("ffz", Kind::Sforzando),
            ("più rinforz.", Kind::Sforzando),
            ("una corda", Kind::SoftPedal),
            ("sempre pp", Kind::Dynamic(Dynamic::Pp)),
            ("mezzo forte", Kind::Dynamic(Dynamic::Mf)),
            ("sempre mezzo-piano", Kind::Dynamic(Dynamic::Mp)),
            ("mezza voce", Kind::Words),
            ("più f", Kind::Words),
            ("", Kind::Words),
        ];
        for (text, expected) in cases {
            assert_eq!(meanings(text), [expected], "{text}");
        }
    }

    #[test]
    fn several_meanings() {
        assert_eq!(meanings("cresc. ed accel."), [Kind::Accelerando, Kind::Crescendo]);
        assert_eq!(meanings("p cresc."), [Kind::Dynamic(Dynamic::P), Kind::Crescendo]);
        assert_eq!(meanings("smorzando"), [Kind::Ritardando, Kind::Diminuendo]);
        assert_eq!(meanings("pp una corda"), [Kind::Dynamic(Dynamic::Pp), Kind::SoftPedal]);
    }

    #[test]
    fn soft_pedal_ends() {
        assert!(lifts_soft_pedal("(tre corde)") && lifts_soft_pedal("p tutte le corde"));
        assert!(!lifts_soft_pedal("una corda"));
    }
}
