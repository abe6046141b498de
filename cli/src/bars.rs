//! Bars as musicians name them: by the numbers printed in the score.

use std::ops::Range;

use anyhow::{Result, bail, ensure};
use notation::Score;
use performers::Region;

/// Bars chosen on the command line.
pub struct Bars {
    /// As asked for.
    pub text: String,
    /// The notes to perform.
    pub region: Region,
    /// From the first of the bars to the last, as indices into [`Score::measures`].
    pub range: Range<usize>,
}

/// Finds the bars `9`, or `9-16`, as they are played the first time.
pub fn find(score: &Score, text: &str) -> Result<Bars> {
    let text = text.trim();
    let Some((first, last)) = ends(score, text) else {
        bail!("there are no bars {text:?}; {}", numbering(score));
    };
    ensure!(first <= last, "the bars {text} go backwards; name the earlier bar first");
    let chosen: Vec<usize> = (0..score.measures.len())
        .filter(|m| score.measures[*m].pass == 1 && (first..=last).contains(&score.measures[*m].written))
        .collect();
    let range = chosen.first().copied().unwrap_or(0)..chosen.last().map_or(0, |m| m + 1);
    // A repeat may part them: bars 7-10 go on only after 1-8 have come again.
    let region = if range.len() == chosen.len() {
        Region::Measures(range.clone())
    } else {
        let notes = chosen.iter().flat_map(|m| score.notes_in_measures(*m..m + 1));
        Region::Notes(notes.map(|n| n as u32).collect())
    };
    ensure!(!region.notes(score).is_empty(), "the bars {text} hold no notes; choose bars that have some");
    Ok(Bars { text: text.to_owned(), region, range })
}

/// Written indices of the first and the last bar. Numbers may hold a hyphen themselves, so
/// every one is tried as the dash of the range.
fn ends(score: &Score, text: &str) -> Option<(u32, u32)> {
    let written = |number: &str, last: bool| {
        let mut found =
            score.measures.iter().filter(|m| m.pass == 1 && m.number == number.trim()).map(|m| m.written);
        // A repeat sign within a bar cuts it in two of one number.
        if last { found.max() } else { found.next() }
    };
    if let (Some(first), Some(last)) = (written(text, false), written(text, true)) {
        return Some((first, last));
    }
    text.match_indices(['-', '–'])
        .find_map(|(k, dash)| Some((written(&text[..k], false)?, written(&text[k + dash.len()..], true)?)))
}

fn numbering(score: &Score) -> String {
    let first_pass: Vec<&str> =
        score.measures.iter().filter(|m| m.pass == 1).map(|m| m.number.as_str()).collect();
    match first_pass.as_slice() {
        [] => "the score has no bars".into(),
        [only] => format!("the score has only bar {only}"),
        [first, .., last] => format!("the bars of this score go from {first} to {last}"),
    }
}
