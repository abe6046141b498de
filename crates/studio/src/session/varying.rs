//! Variations: made as a job, heard in their place, kept, put into the piece.

use performers::composer::{Constraints, Variation};
use protocol::{Event, Level, VaryConstraints, VaryRequest, VersionId, limits};

use super::Session;
use super::open::Open;
use super::running::Kind;
use super::variations::{KEEP_FIRST, Variations};
use crate::document::{bars_text, existing};
use crate::edit;
use crate::history::{Change, Step};
use crate::jobs::ComposeOrder;

impl Session {
    /// Has variations made as a job; those that were made before and are no takes are gone.
    pub(super) fn make_variations(&mut self, request: &VaryRequest) {
        let Some(open) = &self.open else { return };
        let request = match sensible(open, request) {
            Ok(request) => request,
            Err(why) => return self.say(Level::Warning, why),
        };
        self.drop_variations();
        let known = self.shared.composers.iter().find(|c| c.id == request.composer);
        let name = known.map_or_else(|| request.composer.clone(), |c| c.name.clone());
        let Some(open) = &mut self.open else { return };
        let score = open.document.score_of(request.of).clone();
        let label = format!("{name} varies {}", bars_text(&score, &request.bars));
        let order = ComposeOrder {
            job: self.next_job,
            composer: request.composer.clone(),
            score,
            bars: request.bars.clone(),
            similarity: request.similarity,
            count: usize::from(request.count),
            seed: request.seed,
            constraints: constraints(&request.constraints),
        };
        open.variations = Variations::new(&open.document, request, order.job);
        self.list_job(label, None, Kind::Composing);
        self.shared.worker.compose(order, self.hear_news());
        self.tell_variations();
    }

    /// A variation was made.
    pub(super) fn variation_ready(&mut self, job: u64, variation: &Variation) {
        let Some(open) = &mut self.open else { return };
        // Else it was cancelled, or others were asked for.
        let Some(made) = open.variations.as_mut().filter(|made| made.job == Some(job)) else { return };
        let added = made.add(&mut open.document, self.next_variation, variation);
        self.next_variation = self.next_variation.saturating_add(1);
        match added {
            Ok(id) => {
                self.load_version(id);
                self.tell_project();
                self.tell_variations();
            }
            Err(why) => self.say(Level::Error, format!("a variation does not fit into the piece: {why}")),
        }
    }

    /// The variations of a job are more similar than was asked for.
    pub(super) fn variations_too_similar(&mut self, job: u64, why: String) {
        let made = self.open.as_mut().and_then(|open| open.variations.as_mut());
        if let Some(made) = made.filter(|made| made.job == Some(job)) {
            made.too_similar = Some(why);
            self.tell_variations();
        }
    }

    /// The job of the variations has ended, if it is that.
    pub(super) fn variations_ended(&mut self, job: u64) {
        let made = self.open.as_mut().and_then(|open| open.variations.as_mut());
        if let Some(made) = made.filter(|made| made.job == Some(job)) {
            made.job = None;
            self.tell_variations();
        }
    }

    /// Hears a variation in its place, or the version that it was made of.
    pub(super) fn preview_variation(&mut self, number: Option<u32>) {
        self.refresh_variations();
        let Some(open) = &self.open else { return };
        let Some(made) = &open.variations else { return };
        let (of, bars) = (made.request.of, made.request.bars.clone());
        let Some(number) = number else { return self.listen(of) };
        let Some(placed) = made.placed(number) else { return };
        let id = placed.version(&open.document);
        self.listen(id);
        if self.is_playing() {
            return;
        }
        let Some(open) = &self.open else { return };
        if let Some(first) = open.heard_score().measures.get(bars.start) {
            self.playback.seek_quarters(first.start.to_f64());
            self.playback.play();
            self.tell_transport();
        }
    }

    /// Makes a take of a variation in its place.
    pub(super) fn keep_variation(&mut self, number: u32) {
        if !self.may_change() {
            return;
        }
        self.refresh_variations();
        let Some(open) = &mut self.open else { return };
        let Some(made) = &mut open.variations else { return };
        let Some(take) = made.keep(&mut open.document, number) else { return };
        let changes = edit::added(&open.document, vec![take], true);
        self.step(Step::new(format!("Keep variation {number}"), changes));
    }

    /// Puts a variation into the piece: as one step the deadpan plays it, and a take that is played as the
    /// version that it was made of; the one that was kept of it, if there is one.
    pub(super) fn put_variation(&mut self, number: u32) {
        if !self.may_change() {
            return;
        }
        self.refresh_variations();
        let Some(open) = &mut self.open else { return };
        let Some(made) = &mut open.variations else { return };
        let Some(after) = made.put(&mut open.document, number) else { return };
        let mut changes = Vec::new();
        let before = open.document.main();
        if after != before {
            changes.push(Change::Main { before, after });
        }
        let listening = open.document.listening;
        let there = match made.request.of {
            VersionId::Deadpan => Some(VersionId::Deadpan),
            _ => made.kept(&open.document, number),
        };
        if let Some(after) = there {
            changes.extend((listening != after).then_some(Change::Listening { before: listening, after }));
        } else {
            let take = made.keep(&mut open.document, number);
            changes.extend(edit::added(&open.document, take.into_iter().collect(), true));
        }
        if changes.is_empty() {
            return self.say(Level::Info, "this variation is in the piece already");
        }
        // What is in the piece is heard there.
        open.heard = None;
        self.step(Step::new(format!("Put variation {number} into the piece"), changes));
    }

    /// Forgets the variations that are no takes, and stops making them.
    pub(super) fn drop_variations(&mut self) {
        let Some(open) = &mut self.open else { return };
        let Some(made) = &open.variations else { return };
        let job = made.job;
        let gone: Vec<VersionId> = open.previews().map(|placed| placed.take.id).collect();
        if open.heard.is_some_and(|id| gone.contains(&id)) {
            open.heard = None;
        }
        open.compared_variation = None;
        // The view goes along before the score that it speaks of is gone.
        self.follow_listening();
        if let Some(job) = job {
            self.cancel(job);
        }
        if let Some(open) = &mut self.open {
            open.variations = None;
        }
        gone.into_iter().for_each(|id| self.tell_gone(id));
        self.tell_project();
        self.tell_comparison();
        self.tell_variations();
    }

    /// Forgets one variation that is no take.
    pub(super) fn drop_variation(&mut self, id: VersionId) {
        let Some(open) = &mut self.open else { return };
        open.heard = open.heard.filter(|heard| *heard != id);
        open.compared_variation = open.compared_variation.filter(|compared| *compared != id);
        // The view goes along before the score that it speaks of is gone.
        self.follow_listening();
        if let Some(made) = self.open.as_mut().and_then(|open| open.variations.as_mut()) {
            made.list.retain(|placed| placed.take.id != id);
        }
        self.tell_gone(id);
        self.tell_project();
        self.tell_comparison();
        self.tell_variations();
    }

    /// Has variations play what is around them as that is played now.
    fn refresh_variations(&mut self) {
        let Some(open) = &mut self.open else { return };
        let Some(made) = &mut open.variations else { return };
        if made.refresh(&open.document) {
            let previews: Vec<VersionId> = open.previews().map(|placed| placed.take.id).collect();
            previews.into_iter().for_each(|id| self.tell_version(id));
        }
    }

    pub(super) fn tell_variations(&self) {
        let open = self.open.as_ref();
        let view = open.and_then(|open| Some(Box::new(open.variations.as_ref()?.view(&open.document))));
        self.emit(Event::Variations(view));
    }
}

/// The request within its bounds.
fn sensible(open: &Open, request: &VaryRequest) -> Result<VaryRequest, String> {
    if open.preview(request.of).is_some() {
        return Err(KEEP_FIRST.to_owned());
    }
    if open.streaming(request.of).is_some() {
        return Err("this take is still being performed; wait or cancel it first".to_owned());
    }
    if !open.document.has(request.of) {
        return Err("the take to vary is gone; choose another one".to_owned());
    }
    let score = open.document.score_of(request.of);
    let bars = existing(score, &request.bars).ok_or("the score has no such bars; select others")?;
    if bars.len() > limits::MOST_VARIED_BARS {
        let most = limits::MOST_VARIED_BARS;
        return Err(format!("{} bars are selected; select one to {most} to vary", bars.len()));
    }
    let similarity = if request.similarity.is_finite() { request.similarity.clamp(0.0, 1.0) } else { 1.0 };
    let VaryConstraints { pitches, largest_chord, .. } = request.constraints;
    let constraints = VaryConstraints {
        pitches: pitches.map(|(a, b)| (a.min(b).min(127), a.max(b).min(127))),
        largest_chord: largest_chord.map(|notes| notes.max(1)),
        ..request.constraints
    };
    Ok(VaryRequest {
        bars,
        count: request.count.clamp(1, limits::MOST_VARIATIONS),
        similarity,
        constraints,
        seed: request.seed.min(limits::LARGEST_SEED),
        ..request.clone()
    })
}

fn constraints(wanted: &VaryConstraints) -> Constraints {
    let VaryConstraints { keep_rhythm, keep_melody, stay_in_scale, pitches, largest_chord } = *wanted;
    Constraints { keep_rhythm, keep_melody, stay_in_scale, pitches, largest_chord }
}
