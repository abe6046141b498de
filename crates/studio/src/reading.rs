//! Another reading of the project's source. A project keeps the score that was read when it was made;
//! an importer that has become better reads another one from the same file, which can be taken over
//! note by note.

use std::sync::Arc;

use notation::{Fingerprint, NoteId, NoteMatch, Score, match_notes};
use performance::transfer::{NewNotes, transfer};
use protocol::{Bars, ReadingView, ScoreId, VersionId};

use crate::document::{Document, Origin, Pins, Source, Take, clean};
use crate::history::{Change, Step};
use crate::places::bars_in;
use crate::scores::{Entry, Scores, with_unique_ids};

/// The source as it is read today.
#[derive(Clone, Debug)]
pub struct Reading {
    score: Score,
    fingerprint: Fingerprint,
    /// How it differs from the main score that the project was opened with, before bars of that were varied.
    view: ReadingView,
    differs_from: Fingerprint,
}

impl Reading {
    /// Reads the source again; none if it cannot be read any more, which changes nothing: the project
    /// has its score.
    pub fn again(document: &Document) -> Option<Self> {
        let score = with_unique_ids(document.source.read().ok()?);
        let fingerprint = score.fingerprint();
        let main = document.scores.get(document.scores.origin(document.main()));
        let is_same = fingerprint == main.fingerprint;
        let view = if is_same { ReadingView::default() } else { view(&main.score, &score) };
        Some(Self { score, fingerprint, view, differs_from: main.fingerprint })
    }

    /// How it differs from the main score; none once that is this reading, and while bars of it have other
    /// notes, which no reading has.
    pub fn offer(&self, document: &Document) -> Option<ReadingView> {
        let main = document.scores.get(document.main());
        if main.varied.is_some() {
            return None;
        }
        match main.fingerprint {
            same if same == self.fingerprint => None,
            known if known == self.differs_from => Some(self.view),
            _ => Some(view(&main.score, &self.score)),
        }
    }

    /// Puts it among the scores of the document.
    pub fn add_to(&self, scores: &mut Scores) -> ScoreId {
        scores.add(self.score.clone())
    }
}

fn view(old: &Score, new: &Score) -> ReadingView {
    let matched = match_notes(old, new);
    let kept = matched.common();
    ReadingView {
        kept,
        new: new.notes.len() - kept,
        gone: old.notes.len() - kept,
        bars: old.measures.len(),
        new_bars: new.measures.len(),
    }
}

/// The step by which another score takes the place of the main one: the deadpan plays it, and every
/// take of the old one is carried over with its pins.
pub fn adopt(document: &Document, new: ScoreId) -> Step {
    let old = document.main();
    let carry = Carry::new(document.scores.get(old), document.scores.get(new), new);
    let of_old = document.takes.iter().filter(|take| take.score == old);
    let mut changes: Vec<Change> = of_old
        .map(|take| Change::Replaced { before: Box::new(take.clone()), after: Box::new(carry.take(take)) })
        .collect();
    changes.push(Change::Main { before: old, after: new });
    Step::new("Take over the new reading", changes)
}

/// Carries takes over from one score to another.
struct Carry<'a> {
    old: &'a Entry,
    new: &'a Entry,
    id: ScoreId,
    matched: NoteMatch,
}

impl<'a> Carry<'a> {
    fn new(old: &'a Entry, new: &'a Entry, id: ScoreId) -> Self {
        Self { old, new, id, matched: match_notes(&old.score, &new.score) }
    }

    fn take(&self, take: &Take) -> Take {
        // What a recording lacks was not played.
        let new_notes = match take.id {
            VersionId::Recording(_) => NewNotes::Silent,
            _ => NewNotes::Played,
        };
        let (old, new) = (&self.old.score, &self.new.score);
        let played = transfer(&take.performance, old, new, &self.matched, new_notes);
        let bars = take.origin.bars.as_ref();
        Take {
            score: self.id,
            pins: self.pins(&take.pins),
            performance: Arc::new(clean(new, played)),
            origin: Origin {
                bars: bars.map(|bars| self.bars(bars)),
                slips: take.origin.slips.as_ref().map(|slips| slips.renamed(|note| self.name(note))),
                ..take.origin.clone()
            },
            ..take.clone()
        }
    }

    fn pins(&self, pins: &Pins) -> Pins {
        let note = |note: u32| self.matched.forth.get(note as usize).copied().flatten();
        pins.iter().filter_map(|(n, kind)| Some((note(*n)?, *kind))).collect()
    }

    /// What a note is called in the other score.
    fn name(&self, note: NoteId) -> Option<NoteId> {
        let place = self.old.score.notes.iter().position(|old| old.id == note)?;
        let new = self.matched.forth.get(place).copied().flatten()?;
        self.new.score.notes.get(new as usize).map(|note| note.id)
    }

    /// Bars that were performed anew; an empty range where there are none of them any more.
    fn bars(&self, bars: &Bars) -> Bars {
        bars_in(self.old, self.new, bars).unwrap_or_default()
    }
}

/// The message when a project is opened whose source is read differently today.
pub fn notice(view: &ReadingView, source: &Source) -> String {
    format!(
        "{} is read differently by this Espressivo ({}); the project keeps its score and its takes. Edit > \
         Use new reading takes the new one over, and can be undone",
        source.name,
        differences(view)
    )
}

/// The message when the new reading was taken over.
pub fn adopted(view: &ReadingView) -> String {
    format!("the new reading is taken over ({}); takes and pins went along", differences(view))
}

fn differences(view: &ReadingView) -> String {
    let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let notes = [(view.new, "new"), (view.gone, "gone"), (view.kept, "kept")]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, what)| format!("{} {what}", count(n, "note")));
    let mut parts: Vec<String> = notes.collect();
    if view.bars != view.new_bars {
        parts.insert(0, format!("{} instead of {}", count(view.new_bars, "bar"), view.bars));
    }
    if view.new == 0 && view.gone == 0 {
        parts.push("other signs or times".to_owned());
    }
    parts.join(", ")
}
