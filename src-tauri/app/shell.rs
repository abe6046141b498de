//! Between the page and the studio: passes words on, and keeps to itself what is the desktop's.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use application::Folders;
use protocol::{Command, Event, ExportRequest, Level};
use studio::{Config, Studio};
use tauri::{AppHandle, Manager};

use crate::automation::ProtocolLog;
use crate::dialogs;
use crate::drag::Drags;
use crate::face::Face;
use crate::given::Given;
use crate::memory::Memory;
use crate::{about, desktop, leaving, log};

/// The shell of one running app.
pub struct Shell {
    face: Arc<Face>,
    memory: Arc<Mutex<Memory>>,
    /// None once the app is on its way out.
    studio: Mutex<Option<Studio>>,
    drags: Drags,
    given: Mutex<Given>,
    protocol_log: Arc<ProtocolLog>,
}

impl Shell {
    /// Starts the studio and lets it speak to the page.
    pub fn start(app: &AppHandle, data: PathBuf) -> tauri::Result<Self> {
        let face = Arc::new(Face::default());
        let memory = Arc::new(Mutex::new(Memory::default()));
        let protocol_log = Arc::new(ProtocolLog::start());
        let (page, notes, words, handle) = (face.clone(), memory.clone(), protocol_log.clone(), app.clone());
        let sink = move |event: Event| {
            words.event(&event);
            pass_on(&handle, &notes, &event);
            page.tell(event);
        };
        let config = Config { data_folder: data, folders: Folders::find() };
        let about = about::view(&config.folders.models);
        let studio = Studio::start(config, about, sink);
        let (drags, given) = (Drags::default(), Mutex::new(Given::default()));
        Ok(Self { face, memory, studio: Mutex::new(Some(studio)), drags, given, protocol_log })
    }

    /// The page.
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
                let handle = app.clone();
                leaving::ask(app, &project, move || handle.state::<Shell>().carry_out(&handle, command));
            }
        }
    }

    fn carry_out(&self, app: &AppHandle, command: Command) {
        match command {
            Command::Quit => app.exit(0),
            Command::ShowExported => self.show_exported(app),
            Command::DragOut(request) => self.drag_out(app, request),
            command => {
                let asked = dialogs::question(command, &self.memory());
                match asked {
                    Ok(question) => dialogs::ask(app, question, |app, command| {
                        let shell = app.state::<Shell>();
                        shell.given().note(&command);
                        shell.carry_out_if_wanted(app, command);
                    }),
                    Err(command) => self.send(*command),
                }
            }
        }
    }

    /// Whether leaving the project now would lose some of it.
    pub fn would_lose_work(&self) -> bool {
        self.unsaved().is_some()
    }

    fn unsaved(&self) -> Option<String> {
        self.studio().as_ref().and_then(|studio| studio.current().unsaved)
    }

    /// Lets the studio finish what it is writing. Nothing can be asked of it afterwards.
    pub fn finish(&self) {
        if let Some(mut studio) = self.studio().take() {
            studio.end();
        }
        log::write("Espressivo ends");
    }

    /// Whether this file was dragged out of this very window.
    pub fn is_own_drag(&self, path: &Path) -> bool {
        self.drags.is_ours(path)
    }

    fn send(&self, command: Command) {
        if let Some(studio) = self.studio().as_ref() {
            studio.send(command);
        }
    }

    fn show_exported(&self, app: &AppHandle) {
        let exported = self.studio().as_ref().and_then(|studio| studio.current().exported);
        let Some(file) = exported.filter(|file| file.exists()) else {
            return self.face.warn("Nothing was exported yet, or it is gone".into());
        };
        if let Err(error) = desktop::reveal(app, &file) {
            self.face.warn(error);
        }
    }

    fn drag_out(&self, app: &AppHandle, request: ExportRequest) {
        let written = match self.studio().as_ref() {
            Some(studio) => studio.export_for_drag(request),
            None => return,
        };
        match written {
            Ok(path) => self.drags.start(app, path),
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
fn pass_on(app: &AppHandle, memory: &Mutex<Memory>, event: &Event) {
    memory.lock().unwrap_or_else(PoisonError::into_inner).note(event);
    match event {
        Event::Project(_) => {
            let title = memory.lock().unwrap_or_else(PoisonError::into_inner).title();
            if let Some(window) = app.get_webview_window("main") {
                // A window that is closing needs no title.
                let _ = window.set_title(&title);
            }
        }
        Event::Message(message) if message.level == Level::Error => log::write(&message.text),
        _ => {}
    }
}
