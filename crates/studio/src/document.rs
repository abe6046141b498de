//! The state of a project as plain data: its scores, takes and recordings, how it is looked at.
//!
//! Nothing here changes anything by itself: [`crate::edit`] and the session work out [`Change`]s,
//! and [`crate::history`] applies them.
//!
//! [`Change`]: crate::history::Change

mod bars;
mod clean;
mod pins;
mod slips;
mod sounds;
mod source;
mod take;

use std::sync::Arc;

use application::text::shown;
use notation::{ImportError, Score, smf};
use performance::{Performance, deadpan};
use protocol::{ScoreId, VersionId, ViewState};

use crate::scores::{Entry, Scores};
pub use bars::{bars_text, existing};
pub use clean::{LONGEST_SECS, SHORTEST_EDITED_SECS, clean};
pub use slips::{ExtraNote, Hesitation, Slips, WrongKey};
pub use sounds::{OutsideFile, OwnSound, SoundId, Sounds};
pub use source::Source;
pub use take::{Origin, Pins, Take};

/// A project.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Where the score came from.
    pub source: Arc<Source>,
    /// The scores that the versions play.
    pub scores: Scores,
    /// The files of recordings of sound.
    pub sounds: Sounds,
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
            sounds: Sounds::default(),
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

    /// Title of the piece, or the name of the file, as it may be shown.
    pub fn title(&self) -> String {
        let title = self.score().title.as_deref().map(shown).filter(|t| !t.is_empty());
        title.unwrap_or_else(|| shown(self.source.stem()))
    }

    /// A score of the project as its page shows it: what was read from a MIDI file has its first tempo there, which
    /// the file does not print.
    pub fn on_page(&self, score: Arc<Score>) -> Arc<Score> {
        if !notation::is_midi(&self.source.bytes) {
            return score;
        }
        let mut page = Arc::unwrap_or_clone(score);
        smf::print_tempo(&mut page);
        Arc::new(page)
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
            _ => self.take(id).map_or_else(|| "a deleted take".to_owned(), |t| shown(&t.name)),
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
}

/// The deadpan of a score.
pub fn play_literally(score: &Score) -> Arc<Performance> {
    Arc::new(clean(score, deadpan(score)))
}
