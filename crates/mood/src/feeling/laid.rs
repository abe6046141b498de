//! The moods of a text, laid over a score.

use notation::{Quarters, Score};
use performers::Region;
use performers::mood::{Mood, Span};

use super::error::MoodError;
use super::feeler::Feeler;
use super::meaning::Feeling;
use crate::words::{self, Phrase};

/// A mood in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Laid {
    /// Where it starts.
    pub from: Quarters,
    /// Where it ends.
    pub to: Quarters,
    /// What it means.
    pub feeling: Feeling,
}

/// A mood in its places, whatever it means.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// Its words.
    pub text: String,
    /// From where to where: a place for every pass through its bars.
    pub places: Vec<(Quarters, Quarters)>,
}

/// Where the moods of a text hold in a region of a score, in the order of the text; none for a text that
/// says nothing. This needs no model, since nothing is understood.
///
/// # Errors
/// The text cannot be taken apart, or names bars that the score does not have.
pub fn placed(score: &Score, region: &Region, text: &str) -> Result<Vec<Placed>, MoodError> {
    let phrases = words::parse(text)?;
    let shares = shares(score, region, &phrases);
    let place = |(phrase, share): (Phrase, (Quarters, Quarters))| {
        let found = phrase.bars.as_ref().map_or_else(|| vec![share], |bars| places(score, bars));
        if found.is_empty() { Err(no_bars(&phrase)) } else { Ok(Placed { text: phrase.text, places: found }) }
    };
    phrases.into_iter().zip(shares).map(place).collect()
}

impl Feeler {
    /// The moods of a text over a region of a score; none for a text that says nothing. The second
    /// half of the answer tells what was understood, in the order of the text.
    pub fn lay(
        &self,
        score: &Score,
        region: &Region,
        text: &str,
        strength: f64,
    ) -> Result<Option<(Mood, Vec<Laid>)>, MoodError> {
        let moods = placed(score, region, text)?;
        if moods.is_empty() {
            return Ok(None);
        }
        let mut laid = Vec::with_capacity(moods.len());
        for Placed { text, places } in moods {
            let feeling = self.feel(&text)?;
            laid.extend(places.into_iter().map(|(from, to)| Laid { from, to, feeling: feeling.clone() }));
        }
        let mut spans: Vec<Span> = laid
            .iter()
            .map(|l| Span { from: l.from, to: l.to, vector: l.feeling.vector.clone(), cues: l.feeling.cues })
            .collect();
        spans.sort_by_key(|span| span.from);
        // Where bars are named twice, the later mood begins when it says and the earlier ends there.
        for k in 1..spans.len() {
            spans[k - 1].to = spans[k - 1].to.min(spans[k].from);
        }
        Ok(Some((Mood { spans, strength }, laid)))
    }
}

/// Moods without bars share the region's measures, each as many as the other.
fn shares(score: &Score, region: &Region, phrases: &[Phrase]) -> Vec<(Quarters, Quarters)> {
    let notes = region.notes(score);
    let measure =
        |note: Option<&u32>| note.and_then(|n| score.notes.get(*n as usize)).map(|n| n.measure as usize);
    let first = measure(notes.first()).unwrap_or(0);
    let last = measure(notes.last()).unwrap_or(0);
    let count = (last + 1).saturating_sub(first);
    let border = |k: usize| {
        let at = first + (count * k + phrases.len() / 2) / phrases.len().max(1);
        score.measures.get(at).map_or_else(|| score.end(), |m| m.start)
    };
    let end = score.measures.get(last).map_or_else(|| score.end(), |m| m.end);
    (0..phrases.len())
        .map(|k| (border(k), if k + 1 == phrases.len() { end } else { border(k + 1) }))
        .collect()
}

/// Where printed bars are played: once for every pass through them.
fn places(score: &Score, (first, last): &(String, String)) -> Vec<(Quarters, Quarters)> {
    let named = |number: &str, m: &&notation::Measure| m.pass == 1 && m.number == number;
    let from = score.measures.iter().find(|m| named(first, m)).map(|m| m.written);
    let to = score.measures.iter().rfind(|m| named(last, m)).map(|m| m.written);
    let (Some(from), Some(to)) = (from, to) else { return Vec::new() };
    let mut places: Vec<(Quarters, Quarters)> = Vec::new();
    let mut before = None;
    for (k, measure) in score.measures.iter().enumerate() {
        if !(from..=to).contains(&measure.written) {
            continue;
        }
        match places.last_mut() {
            Some(place) if before == Some(k - 1) => place.1 = measure.end,
            _ => places.push((measure.start, measure.end)),
        }
        before = Some(k);
    }
    places
}

fn no_bars(phrase: &Phrase) -> MoodError {
    let bars = phrase.bars.as_ref().map(|(first, last)| format!("{first}-{last}")).unwrap_or_default();
    MoodError::Bars { text: phrase.text.clone(), bars }
}
