//! Takes: ordered, streaming in, kept as one step.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use notation::Score;
use notation::metronome::beat_name;
use performance::Performance;
use performers::{Controls, Region, base_tempo};
use protocol::{Amounts, BaseTempo, Event, Level, PerformRequest, VersionId, limits};

use super::{Kind, Open, Session, Streaming};
use crate::document::{Document, Origin, Pins, Take, bars_text, existing};
use crate::edit;
use crate::history::Step;
use crate::jobs::{End, News, Order, Player};
use crate::moods::{self, Question};

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
        let known = self.performers.iter().find(|p| p.id == request.performer);
        let name = known.map_or_else(|| request.performer.clone(), |p| p.name.clone());
        open.streaming.extend(streaming(&open.document, &request, &order, &name));
        open.document.next_number = open.document.next_number.saturating_add(u32::from(request.takes));
        let label = label(&open.document, &request, &name);
        self.list_job(label, None, Kind::Performing);
        self.worker.perform(order);
        self.tell_project();
    }

    /// Asks what a mood means; the answer goes straight to the face.
    pub(super) fn feel(&mut self, text: String, bars: Option<protocol::Bars>) {
        let Some(open) = &self.open else { return };
        let score = open.heard_score().clone();
        let bars = bars.and_then(|bars| existing(&score, &bars));
        let region = bars.map_or(Region::All, Region::Measures);
        self.moods.ask(Question { score, region, text });
    }

    pub(super) fn cancel(&mut self, job: u64) {
        let Some(at) = self.jobs.iter().position(|j| j.view.id == job) else { return };
        match &self.jobs[at].kind {
            Kind::Performing => {
                self.worker.cancel(job);
                // The worker may be busy with a model for a moment; nobody has to wait for it.
                self.ended(job, &End::Cancelled);
            }
            Kind::Reading(stop) => {
                stop.store(true, Ordering::Relaxed);
                self.jobs.remove(at);
                self.tell_jobs();
            }
            Kind::Writing(stop) => stop.store(true, Ordering::Relaxed),
        }
    }

    /// Stops all performing and reading for the project, which is closed. What is written goes on.
    pub(super) fn cancel_for_project(&mut self) {
        let ends = |kind: &Kind| !matches!(kind, Kind::Writing(_));
        for job in self.jobs.iter().filter(|job| ends(&job.kind)) {
            match &job.kind {
                Kind::Performing => self.worker.cancel(job.view.id),
                Kind::Reading(stop) | Kind::Writing(stop) => stop.store(true, Ordering::Relaxed),
            }
        }
        self.jobs.retain(|job| !ends(&job.kind));
        if let Some(open) = &mut self.open {
            open.streaming.clear();
            open.heard = None;
        }
        self.tell_jobs();
    }

    /// What the worker tells.
    pub(super) fn news(&mut self, news: News) {
        match news {
            News::Device(device) => {
                self.device = device;
                self.tell_settings();
            }
            News::Say(message) => self.emit(Event::Message(message)),
            News::Progress(job, done) => self.progress(job, done),
            News::Part(job, k, performance) => self.part(job, k, performance),
            News::Take(job, k, performance, player) => self.take_ready(job, k, performance, &player),
            News::End(job, end) => self.ended(job, &end),
        }
    }

    pub(super) fn progress(&mut self, job: u64, done: f32) {
        if let Some(running) = self.jobs.iter_mut().find(|j| j.view.id == job) {
            running.view.progress = Some(done);
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

    fn take_ready(&mut self, job: u64, k: usize, performance: Performance, player: &Player) {
        let Some(open) = &mut self.open else { return };
        let Some(streaming) = open.streaming.iter_mut().filter(|s| s.job == job).nth(k) else { return };
        let end = open.document.scores.get(streaming.take.score).score.end().to_f64();
        let take = &mut streaming.take;
        if take.origin.performer != player.id {
            // Somebody else had to play.
            take.origin.text = take.origin.text.replacen(&take.origin.performer, &player.name, 1);
            take.origin.performer.clone_from(&player.id);
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

    /// Hears a new take, unless that would interrupt somebody who listens; starts it if that is wished.
    fn listen_to_new(&mut self, id: VersionId, bars: Option<protocol::Bars>) {
        let is_playing = self.is_playing();
        let autoplay = self.settings.autoplay;
        let Some(open) = &mut self.open else { return };
        let streaming = open.streaming.iter_mut().find(|s| s.take.id == id);
        let is_new = streaming.is_some_and(|s| !std::mem::replace(&mut s.was_offered, true));
        if !is_new || (is_playing && !autoplay) {
            return;
        }
        open.heard = Some(id);
        let start = bars.and_then(|bars| Some(open.heard_score().measures.get(bars.start)?.start.to_f64()));
        self.follow_listening();
        if autoplay {
            if !is_playing {
                self.player.seek_quarters(start.unwrap_or(0.0));
            }
            self.player.play();
        }
        self.tell_project();
        self.tell_comparison();
        self.tell_transport();
    }

    /// A job has ended: its complete takes become one step, the others go.
    fn ended(&mut self, job: u64, end: &End) {
        let Some(at) = self.jobs.iter().position(|j| j.view.id == job) else { return };
        self.jobs.remove(at);
        self.tell_jobs();
        if let End::Failed(why) = end {
            self.say(Level::Error, why.clone());
        }
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

/// The request within its bounds.
fn sensible(request: &PerformRequest) -> PerformRequest {
    let (least, most) = limits::AMOUNTS.into_inner();
    let amount = |a: f64| if a.is_finite() { a.clamp(least, most) } else { 1.0 };
    let Amounts { dynamics, tempo, rubato, articulation, pedal } = request.amounts;
    let amounts = Amounts {
        dynamics: amount(dynamics),
        tempo: amount(tempo),
        rubato: amount(rubato),
        articulation: amount(articulation),
        pedal: amount(pedal),
    };
    PerformRequest {
        mood: moods::readable(&request.mood).to_owned(),
        strength: amount(request.strength),
        base_tempo: request.base_tempo.bounded(),
        amounts,
        knobs: request.knobs.iter().filter(|(_, v)| v.is_finite()).map(|(k, v)| (k.clone(), *v)).collect(),
        seed: request.seed.min(limits::LARGEST_SEED),
        takes: request.takes.clamp(1, limits::MOST_TAKES),
        ..request.clone()
    }
}

/// What the worker is to do.
fn order(
    open: &Open,
    request: &PerformRequest,
    job: u64,
    device: protocol::DeviceSetting,
) -> Result<Order, String> {
    let document = &open.document;
    if open.streaming(request.of).is_some() {
        return Err("this take is still being performed; wait or cancel it first".to_owned());
    }
    let of = document
        .performance(request.of)
        .ok_or_else(|| "the take to start from is gone; choose another one".to_owned())?;
    let score = document.score_of(request.of);
    let region = match &request.bars {
        None => Region::All,
        Some(bars) => {
            Region::Measures(existing(score, bars).ok_or("the score has no such bars; select others")?)
        }
    };
    let notes = region.notes(score);
    if notes.is_empty() {
        return Err("the bars hold no notes; select bars that have some".to_owned());
    }
    let mut pins = document.pins_of(request.of);
    pins.retain(|pin| notes.binary_search(&pin.note).is_ok());
    let controls = |k: u64| Controls {
        seed: request.seed.wrapping_add(k),
        mood: None,
        base_tempo: request.base_tempo,
        amounts: request.amounts,
        pins: pins.clone(),
        knobs: request.knobs.clone(),
    };
    Ok(Order {
        job,
        performer: request.performer.clone(),
        device,
        score: score.clone(),
        context: (region != Region::All).then(|| of.clone()),
        region,
        mood: request.mood.clone(),
        strength: request.strength,
        takes: (0..u64::from(request.takes)).map(controls).collect(),
    })
}

/// The takes to come, still without notes.
fn streaming(document: &Document, request: &PerformRequest, order: &Order, name: &str) -> Vec<Streaming> {
    let bars = match &order.region {
        Region::Measures(bars) => Some(bars.clone()),
        _ => None,
    };
    // Pins stay with the notes that they hold.
    let pins: Pins = document.take(request.of).map_or_else(Pins::new, |take| take.pins.clone());
    let is_of_take = bars.is_some() || !pins.is_empty();
    let parent = is_of_take.then_some(request.of);
    let before = order.context.clone().unwrap_or_default();
    let take = |(k, controls): (usize, &Controls)| {
        let number = document.next_number.saturating_add(k as u32);
        let origin = Origin {
            text: origin_text(document, request, bars.as_ref(), controls.seed, name),
            performer: request.performer.clone(),
            parent,
            bars: bars.clone(),
            mood: request.mood.clone(),
            strength: request.strength,
            base_tempo: request.base_tempo,
            amounts: request.amounts,
            knobs: request.knobs.clone(),
            seed: controls.seed,
        };
        Take {
            id: VersionId::Take(number),
            name: edit::free_name(document, &format!("Take {number}")),
            origin,
            is_edited: false,
            score: document.score_id(request.of),
            pins: pins.clone(),
            performance: before.clone(),
        }
    };
    order
        .takes
        .iter()
        .enumerate()
        .map(take)
        .map(|take| Streaming {
            job: order.job,
            take,
            ready_quarters: 0.0,
            is_complete: false,
            was_offered: false,
        })
        .collect()
}

/// Where a take comes from, in one line.
fn origin_text(
    document: &Document,
    request: &PerformRequest,
    bars: Option<&protocol::Bars>,
    seed: u64,
    name: &str,
) -> String {
    let mut parts = vec![name.to_owned()];
    if let Some(bars) = bars {
        let score = document.score_of(request.of);
        parts.push(format!("{} of {}", bars_text(score, bars), document.name_of(request.of)));
    }
    if !request.mood.is_empty() {
        parts.push(format!("“{}”", request.mood));
    }
    // Bars have the tempo around them, and the default goes without saying.
    parts.extend(tempo_text(document.score_of(request.of), request).filter(|_| bars.is_none()));
    let Amounts { dynamics, tempo, rubato, articulation, pedal } = request.amounts;
    let amounts = [
        ("dynamics", dynamics),
        ("tempo", tempo),
        ("rubato", rubato),
        ("articulation", articulation),
        ("pedal", pedal),
    ];
    let changed = amounts.iter().filter(|(_, amount)| *amount != 1.0);
    parts.extend(changed.map(|(what, amount)| format!("{what} {:.0} %", amount * 100.0)));
    parts.extend(request.knobs.iter().map(|(id, value)| format!("{id} {value}")));
    parts.push(format!("seed {seed}"));
    parts.join(", ")
}

/// The tempo that was asked for, where it is not the default.
fn tempo_text(score: &Score, request: &PerformRequest) -> Option<String> {
    match request.base_tempo {
        BaseTempo::AsMarked => None,
        BaseTempo::Free => base_tempo::mark(score).map(|_| "not as marked".to_owned()),
        BaseTempo::Bpm(per_minute) => {
            Some(format!("{} = {per_minute:.0}", beat_name(base_tempo::beat(score))))
        }
    }
}

fn label(document: &Document, request: &PerformRequest, name: &str) -> String {
    let score = document.score_of(request.of);
    let what = request.bars.as_ref().and_then(|bars| existing(score, bars));
    let what = what.map_or_else(|| "the piece".to_owned(), |bars| bars_text(score, &bars));
    match request.takes {
        1 => format!("{name} performs {what}"),
        n => format!("{name} performs {what}, {n} takes"),
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
