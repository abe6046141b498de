//! New pieces, and how pieces go on: written as a job; what comes of it is opened, or becomes a take.

use std::path::Path;
use std::sync::Arc;

use application::text::counted;
use notation::Score;
use protocol::{ContinueRequest, Level, NewPieceRequest, PerformRequest, PerformerView, VersionId, limits};

use super::Session;
use super::running::{Asked, Kind};
use super::variations::KEEP_FIRST;
use crate::continued;
use crate::document::{Document, Source, bars_text};
use crate::edit;
use crate::history::{History, Step};
use crate::jobs::PieceOrder;
use crate::project_file::ProjectFile;

/// The file that a new piece would have come from.
pub(super) const SOURCE_NAME: &str = "New piece.musicxml";

impl Session {
    /// Has a piece written as a job; [`Self::piece_written`] goes on.
    pub(super) fn new_piece(&mut self, request: &NewPieceRequest) {
        let (fewest, most) = limits::NEW_BARS.into_inner();
        let request = NewPieceRequest {
            bars: request.bars.clamp(fewest, most),
            seed: request.seed.min(limits::LARGEST_SEED),
            ..request.clone()
        };
        let open = self.open.as_ref();
        let like = open.zip(request.like).map(|(open, id)| open.entry(open.score_id(id)).score.clone());
        let bars = usize::from(request.bars);
        let label = format!(
            "{} writes a piece of {}",
            self.writer_name(&request.writer),
            counted(bars, "bar", "bars")
        );
        let (writer, seed) = (request.writer.clone(), request.seed);
        let order = PieceOrder { job: self.next_job, writer, bars, seed, like, continues: None };
        self.list_job(label, None, Kind::Piece(Box::new(Asked::New(request))));
        self.shared.worker.write(order, self.hear_news());
    }

    /// Has it written how a piece goes on, as a job.
    pub(super) fn continue_piece(&mut self, request: &ContinueRequest) {
        if !self.may_change() {
            return;
        }
        let (request, score) = match self.to_continue(request) {
            Ok(found) => found,
            Err(why) => return self.say(Level::Warning, why),
        };
        let bars = usize::from(request.bars);
        let label = format!(
            "{} writes {} after {}",
            self.writer_name(&request.writer),
            counted(bars, "bar", "bars"),
            bars_text(&score, &(request.from - 1..request.from))
        );
        let order = PieceOrder {
            job: self.next_job,
            writer: request.writer.clone(),
            bars,
            seed: request.seed,
            like: None,
            continues: Some((score.clone(), request.from)),
        };
        self.list_job(label, None, Kind::Piece(Box::new(Asked::More(request, score))));
        self.shared.worker.write(order, self.hear_news());
    }

    /// The request within its bounds, and the score that goes on.
    fn to_continue(&self, request: &ContinueRequest) -> Result<(ContinueRequest, Arc<Score>), String> {
        let open = self.open.as_ref().ok_or("open a piece first")?;
        if open.preview(request.of).is_some() {
            return Err(KEEP_FIRST.to_owned());
        }
        if open.streaming(request.of).is_some() {
            return Err("this take is still being performed; wait or cancel it first".to_owned());
        }
        if !open.document.has(request.of) {
            return Err("the take that was to go on is gone; choose another one".to_owned());
        }
        let score = open.document.score_of(request.of).clone();
        if !(1..=score.measures.len()).contains(&request.from) {
            return Err("the score has no such bars; select others".to_owned());
        }
        let (fewest, most) = limits::MORE_BARS.into_inner();
        let request = ContinueRequest {
            bars: request.bars.clamp(fewest, most),
            seed: request.seed.min(limits::LARGEST_SEED),
            ..request.clone()
        };
        Ok((request, score))
    }

    /// What a job wrote.
    pub(super) fn piece_written(&mut self, job: u64, piece: Score) {
        // Else it was cancelled, or its project is closed.
        let Some(at) = self.jobs.iter().position(|running| running.view.id == job) else { return };
        let Kind::Piece(asked) = self.jobs.remove(at).kind else { return };
        let done = match *asked {
            Asked::New(request) => self.open_new(piece, &request),
            Asked::More(request, score) => self.add_continued(piece, &request, &score),
        };
        // It is performed now, so there is hardly a moment without a job.
        self.tell_jobs();
        if let Err(why) = done {
            self.say(Level::Error, why);
        }
    }

    /// Opens a new piece as work without a name, and has it performed; where its window is at work, lists it.
    fn open_new(&mut self, mut piece: Score, request: &NewPieceRequest) -> Result<(), String> {
        piece.title.get_or_insert_with(|| format!("New piece {}", request.seed));
        piece.composer.get_or_insert_with(|| self.writer_name(&request.writer));
        let unusable =
            |why: &dyn std::fmt::Display| format!("the piece that was written is of no use ({why})");
        let text = notation::musicxml::write::write(&piece).map_err(|why| unusable(&why))?;
        let source = Source { name: SOURCE_NAME.to_owned(), bytes: text.into_bytes(), as_written: false };
        let document = Document::new(source).map_err(|why| unusable(&why))?;
        let history = History::default();
        let (file, message) = ProjectFile::untitled(&self.shared.config.data_folder, &document, &history);
        if self.must_stay() {
            return self.put_aside(&document.title(), file);
        }
        self.opened(document, history, file, None);
        self.say_if(message);
        self.remember_untitled();
        let performer = self.performer_like(&request.writer).map(|performer| performer.id.clone());
        if let Some(performer) = performer {
            self.perform(&whole(performer, VersionId::Deadpan, request.seed));
        }
        Ok(())
    }

    /// Whether what is open must not give way unasked: something is being done for it or recorded, or some of it is in
    /// no file.
    fn must_stay(&self) -> bool {
        use Kind as K;
        let is_for_it = |kind: &Kind| {
            matches!(kind, K::Performing | K::Composing | K::Manner | K::Engraving | K::Reading(_))
        };
        let is_unsaved = self.open.as_ref().is_some_and(|open| open.file.is_in_memory_only());
        self.taking.is_some() || is_unsaved || self.jobs.iter().any(|job| is_for_it(&job.kind))
    }

    /// Lists a new piece that was not opened.
    fn put_aside(&mut self, title: &str, file: ProjectFile) -> Result<(), String> {
        let Some(path) = file.path().map(Path::to_owned) else {
            return Err(format!(
                "“{title}” is written, but there is no room to keep it; make room and have it written once more"
            ));
        };
        // From now on any window can open it.
        drop(file);
        self.change_list(|recent| recent.add(title, &path, true));
        let text = format!(
            "“{title}” is written; since this window is at work, open it from the list of recent files"
        );
        self.say(Level::Info, text);
        Ok(())
    }

    /// Makes a take of how a piece goes on, and has its new bars performed as the version was that it goes on from.
    fn add_continued(
        &mut self,
        piece: Score,
        request: &ContinueRequest,
        score: &Arc<Score>,
    ) -> Result<(), String> {
        if !self.may_change() {
            return Ok(());
        }
        let writer = self.writer_name(&request.writer);
        let known = self.performer_like(&request.writer).map(|performer| performer.id.clone());
        let Some(open) = &mut self.open else { return Ok(()) };
        let document = &mut open.document;
        if !document.has(request.of) || !Arc::ptr_eq(document.score_of(request.of), score) {
            return Err(
                "the version that was to go on has changed meanwhile; ask for it once more".to_owned()
            );
        }
        let take = continued::take(document, piece, request, &writer);
        let id = take.id;
        let bars = request.from..document.scores.get(take.score).score.measures.len();
        let before = document.take(request.of).map(|take| take.origin.clone()).unwrap_or_default();
        let changes = edit::added(document, vec![take], true);
        self.step(Step::new(
            format!("Continue after {}", bars_text(score, &(bars.start - 1..bars.start))),
            changes,
        ));
        // What is played literally so far is performed as a whole.
        let is_deadpan = request.of == VersionId::Deadpan;
        let request = if before.performer.is_empty() {
            known.map(|performer| whole(performer, id, request.seed))
        } else {
            let again = whole(before.performer, id, request.seed);
            let (mood, strength, amounts, knobs) =
                (before.mood, before.strength, before.amounts, before.knobs);
            Some(PerformRequest { mood, strength, amounts, knobs, ..again })
        };
        if let Some(request) = request {
            self.perform(&PerformRequest { bars: (!is_deadpan).then_some(bars), ..request });
        }
        Ok(())
    }

    /// What a writer is called.
    fn writer_name(&self, id: &str) -> String {
        let known = self.shared.writers.iter().find(|writer| writer.id == id);
        known.map_or_else(|| id.to_owned(), |writer| writer.name.clone())
    }

    /// Who plays what a writer has written: the performer of the same system, where it can play; else the first
    /// that can.
    fn performer_like(&self, writer: &str) -> Option<&PerformerView> {
        let mut able = self.shared.performers.iter().filter(|performer| performer.unavailable.is_none());
        let own = able.clone().find(|performer| performer.id == writer);
        own.or_else(|| able.next())
    }
}

/// A performance of a whole version, with everything as it is by default.
fn whole(performer: String, of: VersionId, seed: u64) -> PerformRequest {
    PerformRequest {
        performer,
        bars: None,
        of,
        mood: String::new(),
        strength: 1.0,
        base_tempo: protocol::BaseTempo::default(),
        amounts: protocol::Amounts::default(),
        knobs: protocol::Knobs::default(),
        seed,
        takes: 1,
    }
}
