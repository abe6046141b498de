//! Small MusicXML texts and what to expect of them.
#![allow(dead_code)]

use notation::{ImportError, ImportOptions, Quarters, Score, Unfold, read_score};

/// A score of one part from the contents of its measures, with 4 divisions and 4/4 to start with.
pub fn one_part(measures: &[&str]) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<score-partwise version=\"4.0\">\n\
         <part-list><score-part id=\"P1\"><part-name>Piano</part-name></score-part></part-list>\n<part id=\"P1\">\n",
    );
    for (k, measure) in measures.iter().enumerate() {
        let start = "<attributes><divisions>4</divisions><time><beats>4</beats><beat-type>4</beat-type></time></attributes>";
        let start = if k == 0 { start } else { "" };
        xml.push_str(&format!("<measure number=\"{}\">{start}\n{measure}\n</measure>\n", k + 1));
    }
    xml.push_str("</part>\n</score-partwise>\n");
    xml
}

/// A note: `note("C4", 4, "<tie type=\"start\"/>")`, with sharps as `C#4`.
pub fn note(name: &str, duration: u32, more: &str) -> String {
    let octave = &name[name.len() - 1..];
    let alter = if name.contains('#') { "<alter>1</alter>" } else { "" };
    let step = &name[..1];
    let (grace, more) = match more.strip_prefix("<grace") {
        Some(rest) => {
            (format!("<grace{}", &rest[..=rest.find('>').unwrap()]), &rest[rest.find('>').unwrap() + 1..])
        }
        None => (String::new(), more),
    };
    let (chord, more) = match more.strip_prefix("<chord/>") {
        Some(rest) => ("<chord/>", rest),
        None => ("", more),
    };
    let duration = if grace.is_empty() { format!("<duration>{duration}</duration>") } else { String::new() };
    format!(
        "<note>{grace}{chord}<pitch><step>{step}</step>{alter}<octave>{octave}</octave></pitch>{duration}{more}</note>"
    )
}

/// A whole note.
pub fn whole(name: &str) -> String {
    note(name, 16, "")
}

pub fn read(xml: &str) -> Score {
    read_score("test.musicxml", xml.as_bytes(), &ImportOptions::default()).unwrap()
}

pub fn read_as_written(xml: &str) -> Score {
    let options = ImportOptions { unfold: Unfold::AsWritten, ..ImportOptions::default() };
    read_score("test.musicxml", xml.as_bytes(), &options).unwrap()
}

pub fn error(bytes: &[u8]) -> ImportError {
    read_score("test.musicxml", bytes, &ImportOptions::default()).unwrap_err()
}

/// Onset, duration and pitch of every note, as text.
pub fn notes(score: &Score) -> Vec<(String, String, u8)> {
    score.notes.iter().map(|n| (n.onset.to_string(), n.duration.to_string(), n.pitch)).collect()
}

/// Pitches in order of onset.
pub fn pitches(score: &Score) -> Vec<u8> {
    score.notes.iter().map(|n| n.pitch).collect()
}

/// Printed numbers of the measures in playing order.
pub fn order(score: &Score) -> String {
    score.measures.iter().map(|m| m.number.as_str()).collect::<Vec<_>>().join(" ")
}

pub const OPEN: &str = "<barline location=\"left\"><repeat direction=\"forward\"/></barline>";
pub const CLOSE: &str = "<barline location=\"right\"><repeat direction=\"backward\"/></barline>";
pub const TIE: &str = "<tie type=\"start\"/>";
pub const TIED: &str = "<tie type=\"stop\"/>";

/// An ending with what is inside it.
pub fn ending(number: &str, inside: &str, repeat: bool) -> String {
    let repeat = if repeat { "<repeat direction=\"backward\"/>" } else { "" };
    format!(
        "<barline location=\"left\"><ending number=\"{number}\" type=\"start\"/></barline>{inside}\
         <barline location=\"right\"><ending number=\"{number}\" type=\"stop\"/>{repeat}</barline>"
    )
}

/// A score of these measures.
pub fn score(measures: &[String]) -> Score {
    read(&one_part(&measures.iter().map(String::as_str).collect::<Vec<_>>()))
}

pub fn q(numerator: i64, denominator: i64) -> Quarters {
    Quarters::new(numerator, denominator)
}

/// Onset, duration and pitch of every note.
pub fn sounding(score: &Score) -> Vec<(Quarters, Quarters, u8)> {
    score.notes.iter().map(|n| (n.onset, n.duration, n.pitch)).collect()
}

/// Whether a warning says this.
pub fn warned(score: &Score, text: &str) -> bool {
    score.warnings.iter().any(|w| w.message.contains(text))
}
