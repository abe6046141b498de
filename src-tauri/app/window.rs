//! One window: passes words on between its page and its studio, and keeps to itself what is the desktop's.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::{Command, Event, ExportRequest, Level};
use studio::{Current, Shared, Studio, WindowId};
use tauri::{AppHandle, Manager};

use crate::automation::ProtocolLog;
use crate::dialogs;
use crate::face::Face;
use crate::given::Given;
use crate::memory::Memory;
use crate::shell::Shell;
use crate::{desktop, leaving, log};

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
    /// Starts a studio and lets it speak to the page of the window that has this label, or will have it.
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

    /// Does what the page asks, unless it names a file that nobody has chosen.
    pub fn handle_from_page(&self, app: &AppHandle, command: Command) {
        let stranger = self.given().stranger(&command, &self.memory()).map(Path::to_owned);
        match stranger {
            None => self.handle(app, command),
            Some(path) => {
                self.face.warn(format!("Choose the file in a dialog first: {}", path.display()));
            }
        }
    }

    /// Does what is asked, or has it done.
    pub fn handle(&self, app: &AppHandle, command: Command) {
        self.protocol_log.command(&command);
        self.carry_out_if_wanted(app, command);
    }

    /// Asks first if that would lose work.
    fn carry_out_if_wanted(&self, app: &AppHandle, command: Command) {
        let unsaved = self.unsaved().filter(|_| leaving::ends_work(&command));
        match unsaved {
            None => self.carry_out(app, command),
            Some(project) => {
                let (handle, label) = (app.clone(), self.label.clone());
                leaving::ask(app, &self.label, &project, move || {
                    if let Some(window) = handle.state::<Shell>().window(&label) {
                        window.carry_out(&handle, command);
                    }
                });
            }
        }
    }

    fn carry_out(&self, app: &AppHandle, command: Command) {
        match command {
            Command::Quit => app.state::<Shell>().quit(app),
            Command::NewWindow => {
                if let Err(why) = app.state::<Shell>().new_window(app) {
                    self.face.warn(why);
                }
            }
            Command::CloseWindow => self.close(app),
            Command::ShowExported => self.show_exported(app),
            Command::DragOut(request) => self.drag_out(app, request),
            command => self.ask_or_send(app, command),
        }
    }

    /// Asks for a file, if the command needs one.
    fn ask_or_send(&self, app: &AppHandle, command: Command) {
        let asked = dialogs::question(command, &self.memory());
        let label = self.label.clone();
        match asked {
            Ok(question) => dialogs::ask(app, &self.label, question, move |app, command| {
                // The window may have been closed meanwhile.
                if let Some(window) = app.state::<Shell>().window(&label) {
                    window.given().note(&command);
                    window.carry_out_if_wanted(app, command);
                }
            }),
            Err(command) => self.send(*command),
        }
    }

    /// Closes it; what would be lost was asked about.
    fn close(&self, app: &AppHandle) {
        let Some(window) = app.get_webview_window(&self.label) else { return };
        let closed = if self.unsaved().is_none() { window.close() } else { window.destroy() };
        if let Err(error) = closed {
            log::write(&format!("a window did not close: {error}"));
        }
    }

    /// The name of its project, if leaving that now would lose some of it.
    pub fn unsaved(&self) -> Option<String> {
        self.current().and_then(|current| current.unsaved)
    }

    /// Whether it has a document that a file from outside should not take the place of.
    pub fn has_work(&self) -> bool {
        self.current().is_some_and(|current| current.has_work)
    }

    fn current(&self) -> Option<Current> {
        self.studio().as_ref().map(Studio::current)
    }

    /// Its studio, to be ended; nothing can be asked of it afterwards.
    pub fn give_up(&self) -> Option<Studio> {
        self.studio().take()
    }

    fn send(&self, command: Command) {
        if let Some(studio) = self.studio().as_ref() {
            studio.send(command);
        }
    }

    fn show_exported(&self, app: &AppHandle) {
        let exported = self.current().and_then(|current| current.exported);
        let Some(file) = exported.filter(|file| file.exists()) else {
            return self.face.warn("Nothing was exported yet, or it is gone".into());
        };
        if let Err(error) = desktop::reveal(app, &file) {
            self.face.warn(error);
        }
    }

    fn drag_out(&self, app: &AppHandle, request: ExportRequest) {
        let written: Result<PathBuf, String> = match self.studio().as_ref() {
            Some(studio) => studio.export_for_drag(request),
            None => return,
        };
        match written {
            Ok(path) => app.state::<Shell>().drags().start(app, &self.label, path),
            Err(error) => self.face.warn(format!("The file cannot be dragged: {error}")),
        }
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
        _ => {}
    }
}
