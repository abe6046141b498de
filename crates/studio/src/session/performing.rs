//! Performing: orders to the worker, meanings of moods, and cancelling.

use std::sync::atomic::Ordering;

use performers::Region;
use protocol::{Event, Level, PerformRequest, VersionId};

use super::Session;
use super::open::Open;
use super::ordering::{label, next_take, order, sensible, streaming};
use super::running::Kind;
use crate::document::existing;
use crate::jobs::End;
use crate::moods::{self, Layer, MoodQuery};

impl Session {
    pub(super) fn perform(&mut self, request: &PerformRequest) {
        if !self.may_change() {
            return;
        }
        let Some(open) = &mut self.open else { return };
        let request = sensible(request);
        let order = match order(open, &request, self.next_job, self.settings.device) {
            Ok(order) => order,
            Err(why) => return self.say(Level::Warning, why),
        };
        let known = self.shared.performers.iter().find(|p| p.id == request.performer);
        let name = known.map_or_else(|| request.performer.clone(), |p| p.name.clone());
        let streamed = open.streaming.iter().map(|streaming| &streaming.take);
        let first = next_take(open.document.takes.iter().chain(streamed).map(|take| take.name.as_str()));
        open.streaming.extend(streaming(&open.document, &request, &order, &name, first));
        open.document.next_number = open.document.next_number.saturating_add(u32::from(request.takes));
        let label = label(&open.document, &request, &name);
        self.list_job(label, None, Kind::Performing);
        self.shared.worker.perform(order, self.hear_news());
        self.tell_project();
    }

    /// Asks what a mood means; the answer goes straight to the face.
    pub(super) fn read_mood(&mut self, text: String, bars: Option<protocol::Bars>) {
        let Some(open) = &self.open else { return };
        let score = open.heard_score().clone();
        let bars = bars.and_then(|bars| existing(&score, &bars));
        let region = bars.map_or(Region::All, Region::Measures);
        self.moods.ask(MoodQuery { score, region, text });
    }

    /// Tells which mood a version was performed with.
    pub(super) fn tell_mood_of(&self, id: VersionId) {
        let Some(open) = &self.open else { return };
        let score = &open.entry(open.score_id(id)).score;
        let view = moods::performed_with(score, &layers(open, id));
        self.emit(Event::MoodOf(id, Box::new(view)));
    }

    /// Whether something is being done for what is open.
    pub(super) fn is_at_work(&self) -> bool {
        self.jobs.iter().any(|job| !matches!(job.kind, Kind::Getting(_)))
    }

    pub(super) fn cancel(&mut self, job: u64) {
        let Some(at) = self.jobs.iter().position(|j| j.view.id == job) else { return };
        match &self.jobs[at].kind {
            Kind::Performing | Kind::Composing | Kind::Piece(_) | Kind::Manner => {
                self.shared.worker.cancel(job);
                // The worker may be busy with a model for a moment; the session need not wait for it.
                self.ended(job, &End::Cancelled);
            }
            Kind::Engraving => {
                self.paper.forget();
                self.paper_engraved();
            }
            Kind::Reading(stop) => {
                stop.store(true, Ordering::Relaxed);
                self.jobs.remove(at);
                self.tell_jobs();
            }
            Kind::Getting(stop) | Kind::Writing(stop) => stop.store(true, Ordering::Relaxed),
        }
    }

    /// Stops all performing, composing, engraving for paper and reading for the project, which is closed; takes that
    /// are complete are kept, variations that are no takes go. What is written or got goes on.
    pub(super) fn cancel_for_project(&mut self) {
        let ends = |kind: &Kind| !matches!(kind, Kind::Writing(_) | Kind::Getting(_));
        let ending = self.jobs.iter().filter(|job| ends(&job.kind)).map(|job| job.view.id);
        for job in ending.collect::<Vec<_>>() {
            self.cancel(job);
        }
    }
}

/// The moods that a version was performed with, the first performed first: that of the whole piece, then
/// those of the bars that were performed anew.
fn layers(open: &Open, id: VersionId) -> Vec<Layer> {
    let bars_of = open.origin(open.score_id(id));
    let mut layers = Vec::new();
    let mut next = Some(id);
    // A take is younger than the one that it was made from; a damaged file may have it otherwise.
    for _ in 0..=open.document.takes.len() {
        let Some(id) = next else { break };
        let streaming = open.streaming(id).map(|s| &s.take);
        let take = open.document.take(id).or(streaming).or(open.preview(id).map(|placed| &placed.take));
        let Some(take) = take.filter(|take| open.origin(take.score) == bars_of) else { break };
        let origin = &take.origin;
        let region = origin.bars.clone().map_or(Region::All, Region::Measures);
        // Who was copied, or changed by hand, has the mood of the one before.
        let is_whole = region == Region::All && !origin.performer.is_empty();
        if !origin.performer.is_empty() {
            layers.push(Layer { region, text: origin.mood.clone() });
        }
        next = origin.parent.filter(|_| !is_whole);
    }
    layers.reverse();
    layers
}
