//! How loud versions are on the whole, measured in the background, one after the other.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use notation::Score;
use performance::Performance;
use protocol::VersionId;
use sound::Piano;
use sound::transport::loudness;

use crate::queue::guarded;

/// The loudness of a version as it was when its measurement was requested.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// Which version.
    pub id: VersionId,
    /// Which question this answers.
    ticket: u64,
    /// The answer; none if it is silent.
    loudness: Option<sound::transport::Loudness>,
}

struct LoudnessRequest {
    id: VersionId,
    ticket: u64,
    score: Arc<Score>,
    performance: Arc<Performance>,
    piano: Piano,
    cancel: Arc<AtomicBool>,
}

/// A version that was measured, and its loudness.
struct Asked {
    ticket: u64,
    cancel: Arc<AtomicBool>,
    loudness: Option<sound::transport::Loudness>,
}

/// What is known of the versions' loudness.
pub struct Loudness {
    questions: Sender<LoudnessRequest>,
    asked: HashMap<VersionId, Asked>,
    next_ticket: u64,
    piano: Option<Piano>,
}

impl Loudness {
    /// Starts the thread that measures and sends the results; it ends with this.
    pub fn start(tell: impl Fn(Measured) + Send + 'static) -> Self {
        let (questions, queue) = channel();
        let spawned = thread::Builder::new().name("loudness".into()).spawn(move || measure(&queue, &tell));
        debug_assert!(spawned.is_ok(), "the thread could not be started");
        Self { questions, asked: HashMap::new(), next_ticket: 0, piano: None }
    }

    /// Has a version measured, unless it is or was.
    pub fn measure(&mut self, id: VersionId, score: &Arc<Score>, performance: &Arc<Performance>) {
        let Some(piano) = self.piano.clone().filter(|_| !self.asked.contains_key(&id)) else { return };
        self.next_ticket += 1;
        let (ticket, cancel) = (self.next_ticket, Arc::new(AtomicBool::new(false)));
        self.asked.insert(id, Asked { ticket, cancel: cancel.clone(), loudness: None });
        let (score, performance) = (score.clone(), performance.clone());
        // Without the thread the versions are heard as loud as they are.
        self.questions.send(LoudnessRequest { id, ticket, score, performance, piano, cancel }).ok();
    }

    /// The loudness of a version is known without being measured.
    pub fn know(&mut self, id: VersionId, loudness: sound::transport::Loudness) {
        self.forget(id);
        self.next_ticket += 1;
        let (ticket, cancel) = (self.next_ticket, Arc::new(AtomicBool::new(false)));
        self.asked.insert(id, Asked { ticket, cancel, loudness: Some(loudness) });
    }

    /// The version changed or is no more.
    pub fn forget(&mut self, id: VersionId) {
        if let Some(asked) = self.asked.remove(&id) {
            asked.cancel.store(true, Ordering::Relaxed);
        }
    }

    /// Another piano has another loudness.
    pub fn set_piano(&mut self, piano: Piano) {
        let ids: Vec<VersionId> = self.asked.keys().copied().collect();
        ids.into_iter().for_each(|id| self.forget(id));
        self.piano = Some(piano);
    }

    /// Takes an answer; gives the loudness if the question still stands.
    pub fn heard(&mut self, measured: &Measured) -> Option<sound::transport::Loudness> {
        let asked = self.asked.get_mut(&measured.id).filter(|a| a.ticket == measured.ticket)?;
        asked.loudness = measured.loudness;
        measured.loudness
    }

    /// The loudness of a version in LUFS, if it is known.
    pub fn of(&self, id: VersionId) -> Option<f64> {
        self.asked.get(&id)?.loudness.map(|l| l.lufs)
    }
}

impl Drop for Loudness {
    fn drop(&mut self) {
        self.asked.values().for_each(|asked| asked.cancel.store(true, Ordering::Relaxed));
    }
}

fn measure(queue: &Receiver<LoudnessRequest>, tell: &dyn Fn(Measured)) {
    while let Ok(LoudnessRequest { id, ticket, score, performance, piano, cancel }) = queue.recv() {
        if cancel.load(Ordering::Relaxed) {
            continue;
        }
        let events = sound::events(&score, &performance);
        // What breaks down is heard as loud as it is.
        let loudness = guarded(|| Ok(loudness(&events, &piano, &cancel))).unwrap_or_default();
        tell(Measured { id, ticket, loudness });
    }
}
