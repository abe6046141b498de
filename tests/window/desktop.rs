//! A display without a screen, with what a desktop has around a window.

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The size of the display.
pub const SCREEN: (u32, u32) = (1280, 800);

/// Display, session bus, window manager and the program that drives the window; all of them end with
/// this value.
pub struct Desktop {
    display: String,
    port: u16,
    _processes: Vec<Process>,
}

/// A program and all that it has started; they end with this value.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // The process leads a group of its own, so that what it has started goes too.
        let _ = Command::new("kill").args(["-TERM", "--", &format!("-{}", self.0.id())]).status();
        let _ = self.0.wait();
    }
}

impl Desktop {
    /// Starts all of it; panics where something is missing.
    pub fn start(environment: &[(&str, &Path)]) -> Self {
        let has_face = env!("ESPRESSIVO_HAS_FACE") == "true";
        assert!(has_face, "the app was built without its face; `cargo xtask test` builds it");
        for program in ["Xvfb", "dbus-run-session", "openbox", "WebKitWebDriver"] {
            check_for(program);
        }
        let (server, display) = start_display();
        let mut manager = Command::new("openbox");
        manager.env("DISPLAY", &display).stdout(Stdio::null()).stderr(Stdio::null());
        let manager = start(manager);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut driver = Command::new("dbus-run-session");
        driver.args(["--", "WebKitWebDriver", &format!("--port={port}")]).env("DISPLAY", &display);
        driver.env_remove("WAYLAND_DISPLAY").env("TAURI_WEBVIEW_AUTOMATION", "true");
        driver.envs(environment.iter().map(|(name, value)| (*name, value.as_os_str())));
        let desktop = Self { display, port, _processes: vec![start(driver), manager, server] };
        desktop.wait_for_driver();
        desktop
    }

    /// Where the program that drives the window listens.
    pub fn driver_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A program that sees this display.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("DISPLAY", &self.display);
        command
    }

    /// The process of the app on this display, while there is one; its first, if there are more.
    pub fn app_process(&self) -> Option<u32> {
        let processes = std::fs::read_dir("/proc").unwrap().flatten();
        let numbers = processes.filter_map(|p| p.file_name().to_str()?.parse::<u32>().ok());
        numbers
            .filter(|&process| {
                let program = std::fs::read_link(format!("/proc/{process}/exe")).unwrap_or_default();
                program.ends_with("espressivo-studio") && variable(process, "DISPLAY") == self.display
            })
            .min()
    }

    /// What the app has in its environment.
    pub fn app_variable(&self, name: &str) -> String {
        variable(self.app_process().expect("the app runs"), name)
    }

    fn wait_for_driver(&self) {
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(20), "WebKitWebDriver does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// An X server on the first number that is free.
fn start_display() -> (Process, String) {
    let screen = format!("{}x{}x24", SCREEN.0, SCREEN.1);
    let mut server = Command::new("Xvfb");
    server.args([
        "-displayfd",
        "1",
        "-screen",
        "0",
        &screen,
        "+extension",
        "GLX",
        "-nolisten",
        "tcp",
        "-noreset",
    ]);
    server.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut server = start(server);
    let mut number = String::new();
    BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut number).unwrap();
    assert!(!number.trim().is_empty(), "Xvfb does not start");
    (server, format!(":{}", number.trim()))
}

/// A variable in the environment of a process; empty if there is none, or no such process.
fn variable(process: u32, name: &str) -> String {
    let environment = std::fs::read(format!("/proc/{process}/environ")).unwrap_or_default();
    let text = String::from_utf8_lossy(&environment);
    let value = text.split('\0').find_map(|entry| entry.strip_prefix(name)?.strip_prefix('='));
    value.unwrap_or_default().to_owned()
}

fn start(mut command: Command) -> Process {
    Process(
        command.stdin(Stdio::null()).process_group(0).spawn().unwrap_or_else(|e| panic!("{command:?}: {e}")),
    )
}

/// Panics if a program is not installed.
pub fn check_for(program: &str) {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there = std::env::split_paths(&path).any(|folder| folder.join(program).is_file());
    assert!(is_there, "{program} is not installed; `cargo xtask setup` installs it");
}

/// The program that people start, which becomes the window. Cargo tells the tests of this package
/// only where the window is; the command line lies beside it.
pub fn app() -> PathBuf {
    let window = Path::new(env!("CARGO_BIN_EXE_espressivo-studio"));
    let app = window.with_file_name(format!("espressivo{}", std::env::consts::EXE_SUFFIX));
    assert!(app.is_file(), "{} was not built; run the tests with `cargo xtask test`", app.display());
    app
}
