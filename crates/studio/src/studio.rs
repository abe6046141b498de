//! The studio of a window as the shell sees it: commands in, events out.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use application::additions;
use application::sounds::{self, Loading, WantedPiano};
use application::{FetchError, Folders};
use protocol::{AboutView, Addition, Command, Event, ExportRequest, Level, Message};
use sound::transport::OutputChoice;

use crate::jobs::panic_text;
use crate::parts::{Config, FindPiano, GetAddition, Parts, Sink};
use crate::recording;
use crate::roster::Registry;
use crate::session::{Current, Input, Session};
use crate::shared::Shared;
use crate::speakers::Speakers;
use crate::windows::WindowId;

/// How long a caller waits for a file to drag, or for the end.
const PATIENCE: Duration = Duration::from_secs(10);

/// The studio of a window. Dropping it ends it properly.
pub struct Studio {
    id: WindowId,
    inbox: Sender<Input>,
    current: Arc<Mutex<Current>>,
    thread: Option<JoinHandle<()>>,
}

impl Studio {
    /// Starts the studio of a new window; events come from its own thread.
    pub fn start(shared: &Arc<Shared>, sink: impl Fn(Event) + Send + Sync + 'static) -> Self {
        let (inbox, queue) = channel();
        let current = Arc::new(Mutex::new(Current::default()));
        let sink: Sink = Arc::new(sink);
        let session = Session::new(shared.clone(), sink.clone(), inbox.clone(), current.clone());
        let id = session.id();
        let thread = thread::Builder::new().name("studio".into()).spawn(move || run(session, &queue));
        if let Err(error) = &thread {
            shared.windows().leave(id);
            let text =
                format!("the system gives no thread for this window ({error}): close it and try again");
            sink(Event::Message(Message { level: Level::Error, text }));
        }
        Self { id, inbox, current, thread: thread.ok() }
    }

    /// Starts the studio of the only window.
    pub fn start_with(config: Config, parts: Parts, sink: impl Fn(Event) + Send + Sync + 'static) -> Self {
        Self::start(&Shared::new(config, parts), sink)
    }

    /// The number of its window.
    pub fn id(&self) -> WindowId {
        self.id
    }

    /// Asks for something; returns at once.
    pub fn send(&self, command: Command) {
        if matches!(command, Command::Open(_) | Command::OpenAsScore(_) | Command::OpenDemo(_)) {
            // Until that is done, nothing else is to take its place unasked.
            self.locked().has_work = true;
        }
        // Once it has ended no caller waits for an answer.
        self.inbox.send(Input::Command(Box::new(command))).ok();
    }

    /// What is open now.
    pub fn current(&self) -> Current {
        self.locked().clone()
    }

    fn locked(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a MIDI file into a temporary folder, with a name that every program understands, to
    /// be dragged out of the window. It stays until the studio ends.
    ///
    /// # Errors
    /// In words.
    pub fn export_for_drag(&self, request: ExportRequest) -> Result<PathBuf, String> {
        let (reply, answer) = channel();
        // If it is not received, no answer comes either, which is an error below.
        self.inbox.send(Input::ForDrag(request, reply)).ok();
        answer.recv_timeout(PATIENCE).map_err(|_| "the studio is busy; try again".to_owned())?
    }

    /// Keeps everything and closes the project; afterwards nothing happens any more.
    pub fn end(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        let (reply, done) = channel();
        if self.inbox.send(Input::End(reply)).is_ok() && done.recv_timeout(PATIENCE).is_ok() {
            // A panic on the thread was reported there.
            thread.join().ok();
        }
    }
}

impl Drop for Studio {
    fn drop(&mut self) {
        self.end();
    }
}

/// The real performers, and the sound device.
pub fn parts(config: &Config, about: AboutView) -> Parts {
    Parts {
        roster: Box::new(Registry::new(config.folders.models.clone())),
        playback: Box::new(Speakers::new(OutputChoice::Default)),
        find_piano: find_piano(config.folders.clone()),
        get_addition: get_addition(),
        read_recording: recording::reader(config.folders.transcriber.clone()),
        about,
    }
}

/// Handles what comes in until the end. A command that panics is reported and dropped.
fn run(mut session: Session, queue: &Receiver<Input>) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| session.start())) {
        session.tell_of_panic(&panic_text(&*panic));
    }
    loop {
        let input = match queue.recv_timeout(session.poll_interval()) {
            Ok(input) => Some(input),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let is_end = matches!(input, Some(Input::End(_)));
        let handled = catch_unwind(AssertUnwindSafe(|| {
            if let Some(input) = input {
                session.handle(input);
            }
            if !is_end {
                session.tick();
            }
        }));
        if let Err(panic) = handled {
            session.tell_of_panic(&panic_text(&*panic));
        }
        if is_end {
            return;
        }
    }
}

/// The piano of the settings, or the best at hand.
pub fn find_piano(folders: Folders) -> FindPiano {
    Arc::new(move |wanted: &WantedPiano, loading: &Loading<'_>| {
        let found = sounds::piano(wanted, &folders, loading).map_err(|error| error.to_string())?;
        Ok((found.piano, found.skipped.iter().map(ToString::to_string).collect()))
    })
}

/// What others have published, from where they have.
pub fn get_addition() -> GetAddition {
    Arc::new(|addition: Addition, folder: &Path, progress: &mut dyn FnMut(f32), stop: &AtomicBool| {
        match additions::fetch(addition, folder, progress, stop) {
            Ok(()) => Ok(true),
            Err(FetchError::Cancelled) => Ok(false),
            Err(error) => Err(error.to_string()),
        }
    })
}
