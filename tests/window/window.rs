//! One run of the app, from its start until it is gone.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions, MouseActions, PointerAction};
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::desktop::{self, Desktop};

/// Nothing that a test waits for may take longer.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Left button, as WebDriver counts.
const LEFT: u64 = 0;

/// The window, open on a desktop.
pub struct Window<'a> {
    pub desktop: &'a Desktop,
    runtime: Runtime,
    client: Client,
}

impl<'a> Window<'a> {
    /// Starts the app with these files, as `espressivo FILES` does.
    pub fn open(desktop: &'a Desktop, files: &[&Path]) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let app = json!({ "binary": desktop::app(), "args": files });
        let capabilities = json!({ "webkitgtk:browserOptions": app });
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities.as_object().unwrap().clone());
        let client = runtime.block_on(builder.connect(&desktop.driver_url())).expect("the app starts");
        Self { desktop, runtime, client }
    }

    /// Runs a script in the page; it ends with `done(answer)`.
    pub fn ask(&self, script: &str) -> Value {
        let script = format!("const done = arguments[arguments.length - 1];\n{script}");
        self.runtime.block_on(self.client.execute_async(&script, vec![])).unwrap()
    }

    /// Clicks at a place of the page.
    pub fn click_at(&self, x: f64, y: f64) {
        self.drag(&[(x, y)]);
    }

    /// Presses the button at the first place, moves over all others, and lets go at the last.
    pub fn drag(&self, path: &[(f64, f64)]) {
        let over = |(x, y): &(f64, f64), ms| PointerAction::MoveTo {
            duration: Some(Duration::from_millis(ms)),
            x: *x,
            y: *y,
        };
        let mut mouse = MouseActions::new("mouse".into()).then(over(&path[0], 0)).then(pause(60));
        mouse = mouse.then(PointerAction::Down { button: LEFT }).then(pause(60));
        for place in &path[1..] {
            mouse = mouse.then(over(place, 60)).then(pause(40));
        }
        mouse = mouse.then(PointerAction::Up { button: LEFT }).then(pause(60));
        self.runtime.block_on(self.client.perform_actions(mouse)).unwrap();
    }

    /// Presses a key while others are held.
    pub fn key(&self, held: &[char], key: char) {
        assert!(self.try_key(held, key), "the app has taken the key");
    }

    /// Presses a key; whether the app was still there to hear all of it.
    pub fn try_key(&self, held: &[char], key: char) -> bool {
        let mut keys = KeyActions::new("keys".into());
        for &value in held {
            keys = keys.then(KeyAction::Down { value });
        }
        keys = keys
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Pause { duration: Duration::from_millis(60) });
        keys = keys.then(KeyAction::Up { value: key });
        for &value in held.iter().rev() {
            keys = keys.then(KeyAction::Up { value });
        }
        self.runtime.block_on(self.client.perform_actions(keys)).is_ok()
    }

    /// Moves the pointer over places, no button down.
    pub fn hover(&self, path: &[(f64, f64)]) {
        let mut mouse = MouseActions::new("mouse".into());
        for &(x, y) in path {
            mouse = mouse.then(PointerAction::MoveTo { duration: Some(Duration::from_millis(16)), x, y });
        }
        self.runtime.block_on(self.client.perform_actions(mouse)).unwrap();
    }

    /// Quits the app and waits until it is gone.
    pub fn quit(self) {
        self.try_key(&[Key::Control.into()], 'q');
        wait_for("the end of the app", || self.desktop.app_process().is_none().then_some(()));
        // There is nothing left to close, but the driver must know.
        let _ = self.runtime.block_on(self.client.close());
    }

    /// Ends the app as a crash would, and waits until it is gone.
    pub fn kill(self) {
        let process = self.desktop.app_process().expect("the app runs").to_string();
        let killed = Command::new("kill").args(["-KILL", &process]).status().unwrap();
        assert!(killed.success());
        wait_for("the end of the app", || self.desktop.app_process().is_none().then_some(()));
        // There is nothing left to close, but the driver must know.
        let _ = self.runtime.block_on(self.client.close());
    }

    /// A picture of the whole display.
    pub fn take_picture(&self, path: &Path) {
        let taken = self.desktop.command("import").args(["-window", "root"]).arg(path).status().unwrap();
        assert!(taken.success(), "no picture {}", path.display());
    }
}

fn pause(ms: u64) -> PointerAction {
    PointerAction::Pause { duration: Duration::from_millis(ms) }
}

/// Waits until there is an answer.
pub fn wait_for<T>(what: &str, mut answer: impl FnMut() -> Option<T>) -> T {
    try_to_wait(&mut answer).unwrap_or_else(|| panic!("waited in vain for {what}"))
}

/// Waits until there is an answer; none if patience ends.
pub fn try_to_wait<T>(answer: &mut dyn FnMut() -> Option<T>) -> Option<T> {
    let begun = Instant::now();
    loop {
        let found = answer();
        if found.is_some() || begun.elapsed() > PATIENCE {
            return found;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}
