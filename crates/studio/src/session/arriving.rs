//! Takes that arrive: streamed in while they are performed, kept as one step when their job ends.

use std::sync::Arc;
use std::time::Instant;

use performance::Performance;
use protocol::{Event, Level, VersionId};

use super::Session;
use super::open::Streaming;
use crate::document::{Document, Take, bars_text};
use crate::edit;
use crate::history::Step;
use crate::jobs::{End, News, PlayedBy};

impl Session {
    /// Handles a report of the worker.
    pub(super) fn news(&mut self, news: News) {
        match news {
            News::Device(device) => {
                self.device = device;
                self.tell_settings();
            }
            News::Say(message) => self.emit(Event::Message(message)),
            News::Progress(job, done) => self.progress(job, done),
            News::Part(job, k, performance) => self.part(job, k, performance),
            News::Take(job, k, performance, by) => self.take_ready(job, k, performance, &by),
            News::Variation(job, variation) => self.variation_ready(job, &variation),
            News::TooSimilar(job, why) => self.variations_too_similar(job, why),
            News::Piece(job, piece) => self.piece_written(job, *piece),
            News::Manner(job, read) => self.manner_read(job, *read),
            News::End(job, end) => self.ended(job, &end),
        }
    }

    pub(super) fn progress(&mut self, job: u64, done: f32) {
        if let Some(running) = self.jobs.iter_mut().find(|j| j.view.id == job) {
            running.progressed(done, Instant::now());
            self.tell_jobs();
        }
    }

    /// The first notes of a take, more each time.
    fn part(&mut self, job: u64, k: usize, performance: Performance) {
        let Some(open) = &mut self.open else { return };
        let Some(streaming) = open.streaming.iter_mut().filter(|s| s.job == job).nth(k) else { return };
        let score = &open.document.scores.get(streaming.take.score).score;
        let next = performance.notes.last().map_or(0, |n| n.note as usize + 1);
        streaming.ready_quarters = score.notes.get(next).map_or(score.end(), |n| n.onset).to_f64();
        streaming.take.performance = Arc::new(performance);
        let (id, bars) = (streaming.take.id, streaming.take.origin.bars.clone());
        self.tell_version(id);
        if k == 0 {
            self.listen_to_new(id, bars);
        }
    }

    fn take_ready(&mut self, job: u64, k: usize, performance: Performance, by: &PlayedBy) {
        let Some(open) = &mut self.open else { return };
        let Some(streaming) = open.streaming.iter_mut().filter(|s| s.job == job).nth(k) else { return };
        let end = open.document.scores.get(streaming.take.score).score.end().to_f64();
        let take = &mut streaming.take;
        if take.origin.performer != by.id {
            // The fallback played, since the ordered performer could not be loaded.
            take.origin.text = take.origin.text.replacen(&take.origin.performer, &by.name, 1);
            take.origin.performer.clone_from(&by.id);
        }
        take.performance = Arc::new(performance);
        (streaming.ready_quarters, streaming.is_complete) = (end, true);
        let (id, bars) = (take.id, take.origin.bars.clone());
        self.tell_version(id);
        self.tell_project();
        if k == 0 {
            self.listen_to_new(id, bars);
        }
    }

    /// Selects a new take to be heard, unless that would interrupt what plays or is recorded; starts it if the settings
    /// say so and nothing plays in another window.
    fn listen_to_new(&mut self, id: VersionId, bars: Option<protocol::Bars>) {
        let (is_playing, is_recording) = (self.is_playing(), self.taking.is_some());
        let autoplay = self.settings.autoplay && !self.playback.status().plays_elsewhere;
        let Some(open) = &mut self.open else { return };
        let streaming = open.streaming.iter_mut().find(|s| s.take.id == id);
        let is_new = streaming.is_some_and(|s| !std::mem::replace(&mut s.was_offered, true));
        if !is_new || is_recording || (is_playing && !autoplay) {
            return;
        }
        open.heard = Some(id);
        let start = bars.and_then(|bars| Some(open.heard_score().measures.get(bars.start)?.start.to_f64()));
        self.follow_listening();
        if autoplay {
            if !is_playing {
                self.playback.seek_quarters(start.unwrap_or(0.0));
            }
            self.playback.play();
        }
        self.tell_project();
        self.tell_comparison();
        self.tell_transport();
    }

    /// A job has ended: its complete takes become one step, the others go.
    pub(super) fn ended(&mut self, job: u64, end: &End) {
        let Some(at) = self.jobs.iter().position(|j| j.view.id == job) else { return };
        self.jobs.remove(at);
        self.tell_jobs();
        if let End::Failed(why) = end {
            self.say(Level::Error, why.clone());
        }
        self.variations_ended(job);
        let Some(open) = &mut self.open else { return };
        let (ours, others) = std::mem::take(&mut open.streaming).into_iter().partition(|s| s.job == job);
        open.streaming = others;
        let ours: Vec<Streaming> = ours;
        let was_heard = ours.iter().any(|s| open.heard == Some(s.take.id));
        let heard = if was_heard { open.heard.take() } else { None };
        let (complete, gone): (Vec<_>, Vec<_>) = ours.into_iter().partition(|s| s.is_complete);
        let takes: Vec<Take> = complete.into_iter().map(|s| s.take).collect();
        self.follow_listening();
        for streaming in gone {
            self.tell_gone(streaming.take.id);
        }
        let Some(open) = &self.open else { return };
        if let Some(first) = takes.first() {
            let name = step_name(&open.document, first, takes.len());
            let mut changes = edit::added(&open.document, takes, false);
            let stays = heard.filter(|id| changes.iter().any(|c| c.version() == Some(*id)));
            if let Some(after) = stays.filter(|id| *id != open.document.listening) {
                changes.push(crate::history::Change::Listening { before: open.document.listening, after });
            }
            self.step(Step::new(name, changes));
        } else {
            self.tell_project();
            self.tell_comparison();
        }
    }
}

fn step_name(document: &Document, take: &Take, takes: usize) -> String {
    let score = &document.scores.get(take.score).score;
    let what =
        take.origin.bars.as_ref().map_or_else(String::new, |bars| format!(" {}", bars_text(score, bars)));
    match takes {
        1 => format!("Perform{what}"),
        n => format!("Perform{what}, {n} takes"),
    }
}
