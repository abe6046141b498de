//! Recording what a person plays on the keyboard: it begins, goes on, and ends.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use protocol::{Bars, Level, PlayState, PunchIn, RecordRequest, RecordWith, VersionId};

use super::Session;
use super::input::Input;
use super::played::{Played, Recorded};
use super::running::Kind;
use super::taking::{Phase, Taking};
use super::variations::KEEP_FIRST;
use crate::document::{bars_text, existing};
use crate::jobs::News;
use crate::kept::{self, KeptFile};
use crate::keys::Keys;
use crate::part;
use crate::places;
use crate::queue::guarded;

/// How often what is played is written.
const WRITE_INTERVAL: Duration = Duration::from_secs(2);

/// How long after the end of the bars that are replaced keys may come up.
const TAIL: Duration = Duration::from_millis(600);

/// How long closing a project waits until what was played is written.
const PATIENCE: Duration = Duration::from_secs(5);

/// Keys that go down so much after the end of these bars belong to the next ones, in quarters.
const LATE_QUARTERS: f64 = 0.1;

impl Session {
    /// Begins to record, or readies for it.
    pub(super) fn record(&mut self, request: RecordRequest) {
        if let Some(taking) = &self.taking {
            if taking.is_armed() && !request.waits {
                self.begin_recording();
            }
            return;
        }
        if !self.may_change() || !self.has_keyboard() {
            return;
        }
        let (punch, ends_quarters) = match request.replace.map(|punch| self.punch_in(punch)) {
            Some(Err(why)) => return self.say(Level::Warning, why),
            Some(Ok((punch, end))) => (Some(punch), Some(end)),
            None => (None, None),
        };
        let Some(open) = &self.open else { return };
        let name = format!("Recording {}", open.document.next_number);
        let file = match KeptFile::create(&self.shared.config.data_folder, &open.document.title(), &name) {
            Ok(file) => file,
            Err(why) => {
                let text = format!("nothing can be recorded, since what is played could not be kept ({why})");
                return self.say(Level::Error, text);
            }
        };
        if !self.playback.record_keys(true) {
            kept::remove(file.path());
            return self.say(Level::Info, "another window is recording; stop it there first");
        }
        let with = self.settings.keyboard.with;
        self.taking = Some(Taking {
            punch,
            with,
            keys: Keys::default(),
            file,
            start_secs: self.playback.status().position_secs,
            ends_quarters,
            phase: Phase::Armed,
            written: (0, Instant::now()),
        });
        if !request.waits && with != RecordWith::Free {
            self.begin_recording();
        }
        self.tell_keyboard();
    }

    /// Bars that can be replaced, as far as there are such, and where they end, in quarters; why they cannot.
    fn punch_in(&self, punch: PunchIn) -> Result<(PunchIn, f64), &'static str> {
        let gone = "the take to record into is gone; choose another one";
        let open = self.open.as_ref().ok_or(gone)?;
        if open.streaming(punch.of).is_some() {
            return Err("this take is still being performed; wait or cancel it first");
        }
        if open.preview(punch.of).is_some() {
            return Err(KEEP_FIRST);
        }
        if !open.document.has(punch.of) {
            return Err(gone);
        }
        let score = open.document.score_of(punch.of);
        let bars = existing(score, &punch.bars).ok_or("the score has no such bars; select others")?;
        if score.notes_in_measures(bars.clone()).is_empty() {
            return Err("the bars hold no notes; select bars that have some");
        }
        let end = places::span(score, &bars).map(|span| span.end).ok_or(gone)?;
        Ok((PunchIn { bars, ..punch }, end))
    }

    /// Plays, or counts, for a recording that waits for it. True if there is one.
    pub(super) fn begin_recording(&mut self) -> bool {
        let Some(taking) = self.taking.as_mut().filter(|taking| taking.is_armed()) else { return false };
        let Some(open) = &self.open else { return false };
        let (with, punch) = (taking.with, taking.punch.clone());
        if with == RecordWith::Free {
            // The first key begins it, whatever plays.
            return false;
        }
        taking.phase = Phase::Beginning;
        let version = match (&punch, with) {
            (Some(punch), _) => punch.of,
            (None, RecordWith::Version) => open.listening(),
            // In the tempo that is written.
            (None, _) => VersionId::Deadpan,
        };
        let start = punch.and_then(|punch| {
            let score = open.document.score_of(punch.of);
            Some(score.measures.get(punch.bars.start)?.start.to_f64())
        });
        self.playback.pause();
        self.playback.set_hushed(with == RecordWith::Metronome);
        self.playback.set_metronome(with == RecordWith::Metronome || self.hearing.metronome);
        self.playback.set_count_in(self.settings.keyboard.count_in);
        self.playback.listen(version, None);
        if let Some(start) = start {
            self.playback.seek_quarters(start);
        }
        self.playback.play();
        self.tell_transport();
        true
    }

    /// Goes on with a recording: takes in what was played, keeps it, and ends it when its time has come.
    pub(super) fn go_on_recording(&mut self) {
        let Some(taking) = &mut self.taking else { return };
        taking.keys.add(self.playback.played_keys());
        let status = self.playback.status();
        let moves = matches!(status.state, PlayState::Playing | PlayState::CountIn);
        let is_free = taking.with == RecordWith::Free;
        let is_past = status.state == PlayState::Playing
            && taking.ends_quarters.is_some_and(|end| status.position_quarters >= end);
        match taking.phase {
            Phase::Armed if is_free && taking.keys.struck() > 0 => taking.phase = Phase::Running,
            Phase::Beginning if moves => taking.phase = Phase::Running,
            Phase::Running if is_past && !is_free => taking.phase = Phase::Ending(Instant::now()),
            // The end of the piece, or the person has stopped playing.
            Phase::Running | Phase::Ending(_) if !moves && !is_free => return self.stop_recording(),
            Phase::Ending(since) if since.elapsed() > TAIL => return self.stop_recording(),
            _ => {}
        }
        self.write_played();
        self.tell_keyboard();
    }

    /// Keeps what was played so far, every few seconds.
    fn write_played(&mut self) {
        let now_secs = self.playback.keyboard().now_secs;
        let Some(taking) = &mut self.taking else { return };
        let (count, since) = taking.written;
        if since.elapsed() < WRITE_INTERVAL {
            return;
        }
        taking.written = (taking.keys.len(), Instant::now());
        if count == taking.keys.len() {
            return;
        }
        let midi = taking.keys.midi(taking.keys.zero_secs(taking.start_secs), now_secs);
        let (path, inbox) = (taking.file.path().to_owned(), self.inbox.clone());
        self.takes_down.add(move || {
            if let Err(text) = kept::write(&path, &midi) {
                let message = protocol::Message { level: Level::Warning, text };
                // A window that is closed is told nothing.
                inbox.send(Input::News(News::Say(message))).ok();
            }
        });
    }

    /// Ends a recording; what was played becomes a version, as a job.
    pub(super) fn stop_recording(&mut self) {
        let Some(mut taking) = self.end_taking() else { return };
        if let Some(end) = taking.ends_quarters {
            taking.keys.end_at(end + LATE_QUARTERS);
        }
        if taking.keys.struck() == 0 {
            kept::remove(taking.file.path());
            self.say(Level::Info, "no key went down, so nothing was recorded");
            return self.tell_keyboard();
        }
        let now_secs = self.playback.keyboard().now_secs;
        let midi = taking.keys.midi(taking.keys.zero_secs(taking.start_secs), now_secs);
        let bars = self.bars_heard(&taking.keys);
        let Taking { punch, file, .. } = taking;
        self.match_played(file, punch, bars, move |path| kept::write(path, &midi));
        self.tell_keyboard();
    }

    /// The bars of the main score that were heard while keys were struck, if that is known.
    fn bars_heard(&self, keys: &Keys) -> Option<Bars> {
        let document = &self.open.as_ref()?.document;
        let (version, start, end) = keys.heard()?;
        if document.score_id(version) != document.main() {
            return None;
        }
        let measures = &document.score().measures;
        // A key may come a little before its bar is heard, or after.
        let first = measures.partition_point(|measure| measure.end.to_f64() <= start);
        let last = measures.partition_point(|measure| measure.start.to_f64() <= end);
        existing(document.score(), &(first.saturating_sub(1)..last + 1))
    }

    /// Finds what was played in the score, as a job; `write` puts it into its file first. `heard` are the bars that
    /// were heard meanwhile, if that is known.
    pub(super) fn match_played(
        &mut self,
        file: KeptFile,
        punch: Option<PunchIn>,
        heard: Option<Bars>,
        write: impl FnOnce(&Path) -> Result<(), String> + Send + 'static,
    ) {
        let Some(open) = &self.open else { return };
        let of = punch.as_ref().map(|punch| punch.of);
        let score = of.map_or_else(|| open.document.score(), |of| open.document.score_of(of)).clone();
        let label = match &punch {
            Some(punch) => format!("Finding what you played of {}", bars_text(&score, &punch.bars)),
            None => "Finding what you played in the score".to_owned(),
        };
        let read = self.shared.read_recording.clone();
        let read = match heard {
            Some(bars) => part::reader(read, bars),
            None => read,
        };
        let stop = Arc::new(AtomicBool::new(false));
        let job = self.list_job(label, None, Kind::Reading(stop.clone()));
        let inbox = self.inbox.clone();
        self.takes_down.add(move || {
            let played = guarded(|| {
                write(file.path())?;
                if stop.load(Ordering::Relaxed) {
                    return Err("it was cancelled".to_owned());
                }
                Played::read(&read, file.path(), &score, punch.as_ref())
            });
            // A window that is closed takes nothing in; the file stays, and the next start finds it.
            inbox.send(Input::Recorded(job, Box::new(Recorded { file, punch, played }))).ok();
        });
    }

    /// Ends a recording because its project is closed; what was played is kept.
    pub(super) fn put_recording_away(&mut self) {
        let Some(taking) = self.end_taking() else { return };
        if taking.keys.struck() == 0 {
            return kept::remove(taking.file.path());
        }
        let now_secs = self.playback.keyboard().now_secs;
        let midi = taking.keys.midi(taking.keys.zero_secs(taking.start_secs), now_secs);
        let (path, (tell, told)) = (taking.file.path().to_owned(), channel());
        // Behind what is being written of it already.
        self.takes_down.add(move || drop(tell.send(kept::write(&path, &midi))));
        match told.recv_timeout(PATIENCE) {
            Ok(Err(why)) => self.say(Level::Error, why),
            Ok(Ok(())) | Err(_) => self.keep_played(&taking.file, "the recording that was going on"),
        }
    }

    /// What was recorded so far, with everything that is heard as it was before.
    fn end_taking(&mut self) -> Option<Taking> {
        let mut taking = self.taking.take()?;
        taking.keys.add(self.playback.played_keys());
        self.playback.record_keys(false);
        if taking.has_transport() {
            if self.is_playing() {
                self.playback.stop();
            }
            self.playback.set_hushed(false);
            self.playback.set_metronome(self.hearing.metronome);
            self.playback.set_count_in(self.hearing.count_in);
            self.follow_listening();
            self.tell_transport();
        }
        Some(taking)
    }
}
