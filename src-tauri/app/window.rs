//! One window: its page, its studio, and what the shell stores of both.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::{Command, Event, ExportRequest, Level};
use studio::{Current, Shared, Studio, WindowId};
use tauri::{AppHandle, Manager};

use crate::automation::ProtocolLog;
use crate::dialogs::{self, FileDialog};
use crate::face::Face;
use crate::given::Given;
use crate::leaving::Loss;
use crate::log;
use crate::memory::Memory;

/// A window with a document of its own.
pub struct Window {
    label: String,
    id: WindowId,
    face: Arc<Face>,
    memory: Arc<Mutex<Memory>>,
    /// None once the window is on its way out.
    studio: Mutex<Option<Studio>>,
    /// The files that dialogs gave in this window.
    given: Mutex<Given>,
    protocol_log: Arc<ProtocolLog>,
}

impl Window {
    /// Starts a studio that sends its events to the page of the window that has this label, or will have it.
    pub fn start(app: &AppHandle, shared: &Arc<Shared>, label: &str) -> Self {
        let face = Arc::new(Face::default());
        let memory = Arc::new(Mutex::new(Memory::default()));
        let protocol_log = Arc::new(ProtocolLog::start(label));
        let (page, notes, words) = (face.clone(), memory.clone(), protocol_log.clone());
        let (handle, own_label) = (app.clone(), label.to_owned());
        let sink = move |event: Event| {
            words.event(&event);
            pass_on(&handle, &own_label, &notes, &event);
            page.tell(event);
        };
        let studio = Studio::start(shared, sink);
        Self {
            label: label.to_owned(),
            id: studio.id(),
            face,
            memory,
            studio: Mutex::new(Some(studio)),
            given: Mutex::new(Given::default()),
            protocol_log,
        }
    }

    /// What Tauri calls it.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// What the studio calls it.
    pub fn id(&self) -> WindowId {
        self.id
    }

    /// Its page.
    pub fn face(&self) -> &Face {
        &self.face
    }

    /// The file that a command of the page names though it was not chosen here.
    pub fn stranger(&self, command: &Command) -> Option<PathBuf> {
        self.given().stranger(command, &self.memory()).map(Path::to_owned)
    }

    /// Takes note of a command that a dialog has led to.
    pub fn was_given(&self, command: &Command) {
        self.given().note(command);
    }

    /// Takes note of a command that is about to be carried out.
    pub fn will_do(&self, command: &Command) {
        self.protocol_log.command(command);
    }

    /// The dialog that must be answered before a command can be carried out; the command itself if none.
    pub fn question(&self, command: Command) -> Result<FileDialog, Box<Command>> {
        dialogs::question(command, &self.memory())
    }

    /// What leaving its project now would lose.
    pub fn loss(&self) -> Option<Loss> {
        self.current().and_then(Loss::of)
    }

    /// What closing it now would lose.
    pub fn loss_of_closing(&self) -> Option<Loss> {
        self.current().and_then(Loss::of_closing)
    }

    /// Whether it has a document that a file from outside should not take the place of.
    pub fn has_work(&self) -> bool {
        self.current().is_some_and(|current| current.has_work)
    }

    /// What is open in it; none if it is on its way out.
    pub fn current(&self) -> Option<Current> {
        self.studio().as_ref().map(Studio::current)
    }

    /// Its studio, to be ended; it takes no commands afterwards.
    pub fn give_up(&self) -> Option<Studio> {
        self.studio().take()
    }

    /// Sends a command to the studio.
    pub fn send(&self, command: Command) {
        if let Some(studio) = self.studio().as_ref() {
            studio.send(command);
        }
    }

    /// Writes a file to be dragged out; none if the window is on its way out.
    pub fn export_for_drag(&self, request: ExportRequest) -> Option<Result<PathBuf, String>> {
        Some(self.studio().as_ref()?.export_for_drag(request))
    }

    fn studio(&self) -> MutexGuard<'_, Option<Studio>> {
        self.studio.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn given(&self) -> MutexGuard<'_, Given> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes note of an event on its way to the page.
fn pass_on(app: &AppHandle, label: &str, memory: &Mutex<Memory>, event: &Event) {
    memory.lock().unwrap_or_else(PoisonError::into_inner).note(event);
    match event {
        Event::Project(_) => {
            let title = memory.lock().unwrap_or_else(PoisonError::into_inner).title();
            if let Some(window) = app.get_webview_window(label) {
                // A window that is closing needs no title.
                let _ = window.set_title(&title);
            }
        }
        Event::Message(message) if message.level == Level::Error => log::write(&message.text),
        Event::Lacking(lacking) => log::write(&lacking.text),
        _ => {}
    }
}
