//! The state of a project as plain data: its scores, takes and recordings, how it is looked at.
//!
//! Nothing here changes anything by itself: [`crate::edit`] and the session work out [`Change`]s,
//! and [`crate::history`] applies them.
//!
//! [`Change`]: crate::history::Change

use std::collections::BTreeSet;
use std::sync::Arc;

use notation::{ImportError, ImportOptions, Score, Unfold};
use performance::{Performance, deadpan};
use performers::Pin;
use protocol::{Amounts, Bars, BaseTempo, Knobs, PinKind, ScoreId, VersionId, ViewState};
use serde::{Deserialize, Serialize};

use crate::scores::{Entry, Scores};

/// Where the score came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Name of the file, with its extension.
    pub name: String,
    /// What was in it.
    pub bytes: Vec<u8>,
    /// Whether repeats are left out.
    pub as_written: bool,
}

impl Source {
    /// Reads the score.
    pub fn read(&self) -> Result<Score, ImportError> {
        let unfold = if self.as_written { Unfold::AsWritten } else { Unfold::Maximal };
        let options = ImportOptions { unfold, ..ImportOptions::default() };
        notation::read_score(&self.name, &self.bytes, &options)
    }

    /// The name without its extension.
    pub fn stem(&self) -> &str {
        self.name.rsplit_once('.').map_or(self.name.as_str(), |(stem, _)| stem)
    }
}

/// A project.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Where the score came from.
    pub source: Arc<Source>,
    /// The scores that the versions play.
    pub scores: Scores,
    /// The score that the deadpan plays; see [`Document::set_main`].
    main: ScoreId,
    /// The main score played literally.
    deadpan: Arc<Performance>,
    /// Takes and recordings in the order in which they came.
    pub takes: Vec<Take>,
    /// Number of the next take or recording; numbers are never used twice.
    pub next_number: u32,
    /// The version that is heard.
    pub listening: VersionId,
    /// The version compared with.
    pub compared: Option<VersionId>,
    /// How the window shows it.
    pub view: ViewState,
}

/// A take or a recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Take {
    /// Which version it is.
    pub id: VersionId,
    /// Its name.
    pub name: String,
    /// Where it came from.
    pub origin: Origin,
    /// Whether it was changed by hand since.
    pub is_edited: bool,
    /// The score that it plays.
    pub score: ScoreId,
    /// Values that the next performance keeps.
    pub pins: Pins,
    /// What is played.
    pub performance: Arc<Performance>,
}

/// Pinned values, by the note's index in the score that is played.
pub type Pins = BTreeSet<(u32, PinKind)>;

/// What a version plays.
#[derive(Clone, Debug)]
pub struct Played {
    /// What is written.
    pub written: Entry,
    /// What is played of it.
    pub performance: Arc<Performance>,
}

impl Played {
    /// The score.
    pub fn score(&self) -> &Arc<Score> {
        &self.written.score
    }
}

/// Where a take came from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Origin {
    /// In one line.
    pub text: String,
    /// Identifier of the performer; empty for what nobody performed.
    pub performer: String,
    /// The version that it was made from.
    pub parent: Option<VersionId>,
    /// The bars of its score that were performed anew; none for all.
    pub bars: Option<Bars>,
    /// The mood asked for.
    pub mood: String,
    /// How strongly it was followed.
    pub strength: f64,
    /// How fast the piece was to be as a whole. Older files do not say so: their takes were free.
    #[serde(default = "BaseTempo::free", skip_serializing_if = "BaseTempo::is_free")]
    pub base_tempo: BaseTempo,
    /// How much of each dimension of expression.
    pub amounts: Amounts,
    /// The performer's own knobs that stood elsewhere than at their default.
    pub knobs: Knobs,
    /// Chance.
    pub seed: u64,
}

impl Take {
    /// Its number, which no other take or recording of the project has.
    pub fn number(&self) -> u32 {
        match self.id {
            VersionId::Deadpan => 0,
            VersionId::Take(number) | VersionId::Recording(number) => number,
        }
    }
}

impl Document {
    /// A project without takes.
    pub fn new(source: Source) -> Result<Self, ImportError> {
        let scores = Scores::new(source.read()?);
        Ok(Self::with_scores(source, scores))
    }

    /// A project without takes, of scores that were read before; the deadpan plays the first.
    pub fn with_scores(source: Source, scores: Scores) -> Self {
        let main = ScoreId::default();
        let deadpan = play_literally(&scores.get(main).score);
        Self {
            source: Arc::new(source),
            scores,
            main,
            deadpan,
            takes: Vec::new(),
            next_number: 1,
            listening: VersionId::Deadpan,
            compared: None,
            view: ViewState { follow: true, ..ViewState::default() },
        }
    }

    /// The score that the deadpan plays: the main one.
    pub fn score(&self) -> &Arc<Score> {
        &self.scores.get(self.main).score
    }

    /// Its number.
    pub fn main(&self) -> ScoreId {
        self.main
    }

    /// Has the deadpan play another of the scores.
    pub fn set_main(&mut self, main: ScoreId) {
        if main != self.main {
            self.main = main;
            self.deadpan = play_literally(&self.scores.get(main).score);
        }
    }

    /// Title of the piece, or the name of the file.
    pub fn title(&self) -> String {
        let title = self.score().title.as_deref().map(str::trim).filter(|t| !t.is_empty());
        title.unwrap_or(self.source.stem()).to_owned()
    }

    /// A take or recording.
    pub fn take(&self, id: VersionId) -> Option<&Take> {
        self.takes.iter().find(|t| t.id == id)
    }

    pub(crate) fn take_mut(&mut self, id: VersionId) -> Option<&mut Take> {
        self.takes.iter_mut().find(|t| t.id == id)
    }

    /// What a version plays.
    pub fn performance(&self, id: VersionId) -> Option<&Arc<Performance>> {
        match id {
            VersionId::Deadpan => Some(&self.deadpan),
            _ => self.take(id).map(|t| &t.performance),
        }
    }

    /// The number of the score that a version plays; the deadpan's if there is no such version.
    pub fn score_id(&self, id: VersionId) -> ScoreId {
        self.take(id).map_or(self.main, |take| take.score)
    }

    /// The score that a version plays; the deadpan's if there is no such version.
    pub fn score_of(&self, id: VersionId) -> &Arc<Score> {
        &self.scores.get(self.score_id(id)).score
    }

    /// A version's score and what is played of it.
    pub fn played(&self, id: VersionId) -> Option<Played> {
        let performance = self.performance(id)?.clone();
        Some(Played { written: self.scores.get(self.score_id(id)).clone(), performance })
    }

    /// What a version is called.
    pub fn name_of(&self, id: VersionId) -> String {
        match id {
            VersionId::Deadpan => "Deadpan".to_owned(),
            _ => self.take(id).map_or_else(|| "a deleted take".to_owned(), |t| t.name.clone()),
        }
    }

    /// Whether there is such a version.
    pub fn has(&self, id: VersionId) -> bool {
        self.performance(id).is_some()
    }

    /// Goes on to number takes with this number, or a higher one if it is taken.
    pub fn number_from(&mut self, number: u32) {
        let highest = self.takes.iter().map(|t| t.number().saturating_add(1)).max().unwrap_or(1);
        self.next_number = number.max(highest);
    }

    /// Moves on to versions that exist.
    pub fn settle(&mut self) {
        if !self.has(self.listening) {
            self.listening = VersionId::Deadpan;
        }
        self.compared = self.compared.filter(|id| self.has(*id) && *id != self.listening);
    }

    /// The pins of a version within the notes of a range, with their values.
    pub fn pins_of(&self, id: VersionId) -> Vec<Pin> {
        let Some(take) = self.take(id) else { return Vec::new() };
        let mut pins: Vec<Pin> = Vec::new();
        for (note, kind) in &take.pins {
            let Some(played) = take.performance.get(*note) else { continue };
            if pins.last().is_none_or(|p| p.note != *note) {
                pins.push(Pin { note: *note, velocity: None, onset_secs: None, duration_secs: None });
            }
            let Some(pin) = pins.last_mut() else { continue };
            match kind {
                PinKind::Velocity => pin.velocity = Some(played.velocity),
                PinKind::Onset => pin.onset_secs = Some(played.onset_secs),
                PinKind::Duration => pin.duration_secs = Some(played.duration_secs),
            }
        }
        pins
    }
}

/// The bars that exist of those asked for; none if there is none.
pub fn existing(score: &Score, bars: &Bars) -> Option<Bars> {
    let end = bars.end.min(score.measures.len());
    (bars.start < end).then_some(bars.start..end)
}

/// The bars as musicians name them: `bar 5`, `bars 5–8`.
pub fn bars_text(score: &Score, bars: &Bars) -> String {
    let number = |k: usize| score.measures.get(k).map_or("?", |m| m.number.as_str());
    let (first, last) = (number(bars.start), number(bars.end.saturating_sub(1)));
    if bars.len() == 1 { format!("bar {first}") } else { format!("bars {first}–{last}") }
}

fn play_literally(score: &Score) -> Arc<Performance> {
    Arc::new(clean(score, deadpan(score)))
}

/// No note lasts less; the eye and the codec need a length.
pub const SHORTEST_EDITED_SECS: f64 = 0.005;

/// No performance lasts longer: a day.
pub const LONGEST_SECS: f64 = 86_400.0;

/// The performance as everybody may rely on it: notes of the score, each once and in order, times
/// that are finite and not negative, velocities that sound, pedals ordered by time. What is
/// already so is not changed, to the last bit.
pub fn clean(score: &Score, mut performance: Performance) -> Performance {
    performance.notes.retain(|n| {
        (n.note as usize) < score.notes.len() && n.onset_secs.is_finite() && n.duration_secs.is_finite()
    });
    performance.notes.sort_by_key(|n| n.note);
    performance.notes.dedup_by_key(|n| n.note);
    for note in &mut performance.notes {
        note.onset_secs = note.onset_secs.clamp(0.0, LONGEST_SECS);
        note.duration_secs = note.duration_secs.clamp(SHORTEST_EDITED_SECS, LONGEST_SECS);
        note.velocity = note.velocity.clamp(1, 127);
    }
    performance.pedals.retain(|p| p.time_secs.is_finite());
    for pedal in &mut performance.pedals {
        pedal.time_secs = pedal.time_secs.clamp(0.0, LONGEST_SECS);
        pedal.value = pedal.value.min(127);
    }
    performance.pedals.sort_by(|a, b| a.time_secs.total_cmp(&b.time_secs));
    performance
}
