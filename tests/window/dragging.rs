//! A file dragged out of the window into another program, with the real pointer of the display.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use gtk::gdk::DragAction;
use gtk::prelude::*;
use gtk::{DestDefaults, TargetList, glib};
use performance::midi::read_performance;

use crate::desktop::{Desktop, check_for};
use crate::setup;
use crate::window::Window;

const PIECE: &str = "scores/petzold_minuet_g.musicxml";

/// Where the other program's window is, and how large.
const TARGET: (i32, i32, i32, i32) = (900, 150, 240, 160);

#[test]
#[ignore = "needs a display and what drives the window"]
fn a_midi_file_can_be_dragged_out_more_than_once_needs_window() {
    check_for("xdotool");
    let (_data, desktop, words) = setup::desktop();
    let window = Window::open(&desktop, &[&Path::new(env!("CARGO_MANIFEST_DIR")).join(PIECE)]);
    let deadpan = words.wait("the notes", |s| s.versions.values().next().cloned());
    let handle = window.find("Drag the MIDI file from here").centre();
    let target = Target::open(&desktop);
    let mut places = Vec::new();
    for _ in 0..2 {
        drag(&desktop, window.on_screen(handle), (TARGET.0 + TARGET.2 / 2, TARGET.1 + TARGET.3 / 2));
        let place = target.received();
        let text = place.to_str().unwrap();
        assert!(text.is_ascii() && !text.contains(' '), "{text}");
        let midi = read_performance(&std::fs::read(&place).unwrap()).unwrap();
        assert_eq!(midi.notes.len(), deadpan.notes.len());
        places.push(place);
    }
    assert_ne!(places[0], places[1], "no file changes under a program that may still read it");
    window.quit();
}

/// Presses at the first place, moves to the second in steps as a hand does, lets go.
fn drag(desktop: &Desktop, from: (i32, i32), to: (i32, i32)) {
    let point = |(x, y): (i32, i32)| vec!["mousemove".to_owned(), x.to_string(), y.to_string()];
    let pause = |secs: &str| vec!["sleep".to_owned(), secs.to_owned()];
    let mut words = [point(from), pause("0.4"), vec!["mousedown".into(), "1".into()], pause("0.4")].concat();
    const STEPS: i32 = 12;
    for step in 1..=STEPS {
        let between = |a: i32, b: i32| a + (b - a) * step / STEPS;
        words.extend([point((between(from.0, to.0), between(from.1, to.1))), pause("0.25")].concat());
    }
    words.extend([pause("0.6"), vec!["mouseup".into(), "1".into()], pause("0.4")].concat());
    assert!(desktop.command("xdotool").args(words).status().unwrap().success());
}

impl Window<'_> {
    /// Where a place of the page is on the display.
    fn on_screen(&self, place: (f64, f64)) -> (i32, i32) {
        let found =
            self.desktop.command("xdotool").args(["search", "--name", " – Espressivo$"]).output().unwrap();
        let id = String::from_utf8(found.stdout).unwrap();
        let id = id.lines().last().expect("the window is on the display").to_owned();
        let told =
            self.desktop.command("xdotool").args(["getwindowgeometry", "--shell", &id]).output().unwrap();
        let told = String::from_utf8(told.stdout).unwrap();
        let value =
            |name: &str| told.lines().find_map(|line| line.strip_prefix(name)?.parse::<i32>().ok()).unwrap();
        (value("X=") + place.0 as i32, value("Y=") + place.1 as i32)
    }
}

/// Another program with a window that files can be dropped on: this very test, run with another name.
struct Target {
    program: Child,
    lines: Receiver<String>,
}

impl Target {
    fn open(desktop: &Desktop) -> Self {
        let mut program = desktop.command(std::env::current_exe().unwrap().to_str().unwrap());
        program.args(["--ignored", "--exact", "--nocapture", "dragging::drop_target_on_demand"]);
        let mut program = program.stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(program.stdout.take().unwrap());
        let (tell, lines) = channel();
        std::thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| tell.send(line)));
        let target = Self { program, lines };
        target.line("ready");
        target
    }

    fn received(&self) -> PathBuf {
        let address = self.line("dropped ");
        glib::filename_from_uri(&address).expect("the address of a file").0
    }

    /// What comes after these words, as soon as they come.
    fn line(&self, begins: &str) -> String {
        loop {
            let line =
                self.lines.recv_timeout(Duration::from_secs(20)).expect("the other program hears of it");
            if let Some((_, rest)) = line.split_once(begins) {
                return rest.to_owned();
            }
        }
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

#[test]
#[ignore = "the other program of the test above"]
fn drop_target_on_demand() {
    gtk::init().unwrap();
    let window = gtk::Window::new(gtk::WindowType::Toplevel);
    window.set_default_size(TARGET.2, TARGET.3);
    window.set_decorated(false);
    window.set_keep_above(true);
    let targets = TargetList::new(&[]);
    targets.add_uri_targets(0);
    window.drag_dest_set(DestDefaults::ALL, &[], DragAction::COPY);
    window.drag_dest_set_target_list(Some(&targets));
    window.connect_drag_data_received(|_, _, _, _, data, _, _| {
        for address in data.uris() {
            println!("dropped {address}");
        }
    });
    window.connect_map_event(|window, _| {
        window.move_(TARGET.0, TARGET.1);
        println!("ready");
        glib::Propagation::Proceed
    });
    window.show_all();
    gtk::main();
}
