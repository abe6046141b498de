//! What tempo and expression words mean.

use crate::marks::DirectionKind;

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
    ("allegro ma non troppo", 120.0),
    ("allegro moderato", 116.0),
    ("allegretto", 108.0),
    ("allegro", 132.0),
    ("vivace", 150.0),
    ("vivo", 150.0),
    ("animato", 126.0),
    ("agitato", 132.0),
    ("moderato", 100.0),
    ("andantino", 84.0),
    ("andante", 76.0),
    ("larghetto", 62.0),
    ("adagietto", 66.0),
    ("adagio molto", 52.0),
    ("adagio", 60.0),
    ("lento", 54.0),
    ("largo", 50.0),
    ("grave", 44.0),
    ("menuetto", 120.0),
    ("minuetto", 120.0),
    ("scherzo", 180.0),
];

/// Reads a word or phrase of a score. Unknown phrases are [`DirectionKind::Words`].
pub fn meaning(text: &str) -> DirectionKind {
    let text = text.trim().to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
    let starts =
        |words: &[&str]| text.split([' ', ',', '-', '(']).any(|t| words.iter().any(|w| t.starts_with(w)));
    if has(&["a tempo", "in tempo", "tempo i", "tempo primo", "tempo 1"]) {
        DirectionKind::ATempo
    } else if starts(&["rit", "rall", "slent", "allarg", "calando", "morendo", "smorz"]) {
        DirectionKind::Ritardando
    } else if starts(&["accel", "string", "stretto", "affrett"]) {
        DirectionKind::Accelerando
    } else if starts(&["cresc"]) {
        DirectionKind::Crescendo
    } else if starts(&["dim", "decresc"]) {
        DirectionKind::Diminuendo
    } else if starts(&["sf", "sfz", "rinf", "fz"]) && text.len() <= 12 {
        DirectionKind::Sforzando
    } else if has(&["una corda"]) {
        DirectionKind::SoftPedal
    } else if let Some((_, bpm)) = TEMPI.iter().find(|(word, _)| text.contains(word)) {
        DirectionKind::Tempo(Some(*bpm))
    } else if has(&["mosso", "moto", "lento", "langsam", "schnell", "lebhaft", "vite", "tempo"]) {
        DirectionKind::Tempo(None)
    } else {
        DirectionKind::Words
    }
}
