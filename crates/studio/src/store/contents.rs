//! What comes out of a project file, and how values are packed into its blobs.

use rusqlite::types::{FromSqlError, ValueRef};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::document::{Document, Source, Take};
use crate::history::{History, Step};
use crate::scores::{Entry, Scores, Varied};
use notation::{Fingerprint, Score};
use protocol::{ScoreId, VersionId, ViewState};
use rusqlite::{Params, Row, Transaction};

/// A project as read from a file.
#[derive(Debug)]
pub struct Saved {
    /// Its state.
    pub document: Document,
    /// Its steps.
    pub history: History,
    /// Number of the format that the file has; see [`super::schema::FORMAT`].
    pub format: i32,
    /// What a person should be shown about how it was read.
    pub notice: Option<String>,
    /// Which state of which file it is; older formats lack it.
    pub(super) stamps: Option<Stamps>,
}

/// The random numbers of a state of a file and of the one before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stamps {
    pub now: i64,
    pub before: i64,
}

/// What a project has beside its scores, takes and steps.
pub(super) struct Head {
    pub main: ScoreId,
    pub next_number: u32,
    pub listening: VersionId,
    pub compared: Option<VersionId>,
    pub view: ViewState,
    pub first_step: i64,
    pub steps_done: i64,
}

impl Head {
    /// The project without its takes.
    pub(super) fn document(&self, source: Source, scores: Scores) -> Result<Document, Flaw> {
        let mut document = Document::with_scores(source, scores);
        if !document.scores.has(self.main) {
            return Err(Flaw::Contents(format!("there is no score {}", self.main.0)));
        }
        document.set_main(self.main);
        document.listening = self.listening;
        document.compared = self.compared;
        document.view = self.view.clone();
        Ok(document)
    }

    /// The whole project.
    pub(super) fn saved(
        &self,
        format: i32,
        mut document: Document,
        takes: Vec<Take>,
        steps: Vec<Step>,
    ) -> Saved {
        document.takes = takes;
        document.number_from(self.next_number);
        document.settle();
        let first = self.first_step.max(0) as u64;
        let history = History::restored(first, steps, self.steps_done.max(0) as usize);
        Saved { document, history, format, notice: None, stamps: None }
    }
}

/// What is read of each row.
pub(super) fn rows<T>(
    tx: &Transaction<'_>,
    sql: &str,
    values: impl Params,
    mut read: impl FnMut(&Row<'_>) -> Result<T, Flaw>,
) -> Result<Vec<T>, Flaw> {
    let mut query = tx.prepare(sql)?;
    let mut rows = query.query(values)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read(row)?);
    }
    Ok(all)
}

/// The one row of a table.
pub(super) fn only_row<T>(
    tx: &Transaction<'_>,
    sql: &str,
    read: impl FnMut(&Row<'_>) -> Result<T, Flaw>,
) -> Result<T, Flaw> {
    let row = rows(tx, sql, [], read)?.pop();
    row.ok_or_else(|| Flaw::Contents("there is no project in it".to_owned()))
}

/// A score with its number, its fingerprint, and what it was made of.
pub(super) type ReadScore = (ScoreId, i64, (Score, Option<Varied>));

/// Numbered scores with their fingerprints, in order.
pub(super) fn scores(read: Vec<ReadScore>) -> Result<Scores, Flaw> {
    let mut scores: Option<Scores> = None;
    for (id, fingerprint, (score, varied)) in read {
        let expected = Fingerprint::from_bits(fingerprint.cast_unsigned());
        let found = match &mut scores {
            Some(scores) => add(scores, score, varied)?,
            None => {
                scores = Some(Scores::new(score));
                ScoreId::default()
            }
        };
        let is_right = scores.as_ref().is_some_and(|s| s.get(found).fingerprint == expected);
        if found != id || !is_right {
            return Err(Flaw::Contents(format!("score {} is not what it was", id.0)));
        }
    }
    scores.ok_or_else(|| Flaw::Contents("there is no score in it".to_owned()))
}

fn add(scores: &mut Scores, score: Score, varied: Option<Varied>) -> Result<ScoreId, Flaw> {
    let Some(varied) = varied else { return Ok(scores.add(score)) };
    let of = scores.get(varied.of);
    if !scores.has(varied.of) || of.score.measures != score.measures {
        return Err(Flaw::Contents(format!(
            "a score was made of score {}, which has other bars",
            varied.of.0
        )));
    }
    let entry = Entry::varied(score, of, varied);
    Ok(scores.add_entry(entry))
}

/// What can be wrong with tables.
pub(super) enum Flaw {
    Sqlite(rusqlite::Error),
    Contents(String),
}

impl From<rusqlite::Error> for Flaw {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<FromSqlError> for Flaw {
    fn from(error: FromSqlError) -> Self {
        Self::Contents(error.to_string())
    }
}

/// A value as MessagePack with field names.
pub(super) fn pack(value: &impl Serialize) -> rusqlite::Result<Vec<u8>> {
    rmp_serde::to_vec_named(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

/// The value in a blob; `what` is for the message.
pub(super) fn unpack<T: DeserializeOwned>(blob: ValueRef<'_>, what: &str) -> Result<T, Flaw> {
    rmp_serde::from_slice(blob.as_blob()?).map_err(|error| Flaw::Contents(format!("{what}: {error}")))
}
