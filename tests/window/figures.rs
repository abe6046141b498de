//! How long the window takes: from start to first frame, and for a frame with many notes.
//!
//! Runs when asked for (`cargo xtask bench window`), and prints.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use protocol::Command;

use crate::desktop::{self, Desktop};
use crate::window::{Window, wait_for};
use crate::words::Words;

/// Times a frame's work in the page: all that happens between the browser asking for a frame and
/// being given it.
const WATCH_FRAMES: &str = "\
    const times = window.frameTimes = [];\
    const original = window.requestAnimationFrame.bind(window);\
    window.requestAnimationFrame = (draw) => original((now) => {\
        const begun = performance.now();\
        draw(now);\
        times.push(performance.now() - begun);\
    });\
    done(null);";

#[test]
#[ignore = "prints figures: cargo xtask bench window"]
fn figures_on_demand() {
    let home = tempfile::tempdir().unwrap();
    let desktop =
        Desktop::start(&[("ESPRESSIVO_DATA_HOME", home.path()), ("ESPRESSIVO_AUTOMATION", home.path())]);
    for start in ["first", "second", "third"] {
        println!(
            "start to first frame, {start} start: {:.2} s",
            first_frame(&desktop, home.path()).as_secs_f64()
        );
    }
    let score = home.path().join("many-notes.musicxml");
    std::fs::write(&score, many_notes(10_000)).unwrap();
    let window = Window::open(&desktop, &[&score]);
    window.find("Piano roll");
    window.key(&[], '0');
    let mut times = window.frame_times(200);
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!(
        "a frame with 10,000 notes in the webview: median {:.1} ms, nine of ten below {:.1} ms ({} frames)",
        at(0.5),
        at(0.9),
        times.len()
    );
    window.quit();
}

/// From the start of the program until the first frame has asked the studio for its views. Nothing
/// drives the window meanwhile: the driver takes longer to attach than the window to open.
fn first_frame(desktop: &Desktop, home: &Path) -> Duration {
    let words = Words::in_folder(home);
    words.forget();
    let begun = Instant::now();
    let mut app = desktop.command("dbus-run-session");
    app.arg("--").arg(desktop::app()).env("ESPRESSIVO_DATA_HOME", home).env("ESPRESSIVO_AUTOMATION", home);
    let mut app = app.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    words.wait("the first frame", |s| s.commands.contains(&Command::Hello).then_some(()));
    let time = begun.elapsed();
    std::process::Command::new("kill").arg(desktop.app_process().unwrap().to_string()).status().unwrap();
    app.wait().unwrap();
    time
}

impl Window<'_> {
    /// The time of so many frames in a row while the pointer moves over the notes.
    fn frame_times(&self, count: usize) -> Vec<f64> {
        self.ask(WATCH_FRAMES);
        wait_for("frames", || {
            let path: Vec<(f64, f64)> = (0..40).map(|k| (300.0 + 12.0 * f64::from(k), 300.0)).collect();
            self.hover(&path);
            let times = self.ask("done(window.frameTimes);");
            let times: Vec<f64> = serde_json::from_value(times).unwrap();
            (times.len() >= count).then_some(times)
        })
    }
}

/// A score of so many notes, sixteen in a bar for each hand.
fn many_notes(count: usize) -> String {
    let mut bars = String::new();
    for bar in 0..count.div_ceil(32) {
        let attributes = "<attributes><divisions>4</divisions><time><beats>4</beats><beat-type>4</beat-type></time>\
                          <staves>2</staves></attributes>";
        bars.push_str(&format!("<measure number=\"{}\">{}", bar + 1, if bar == 0 { attributes } else { "" }));
        for staff in 1..=2 {
            for k in 0..16 {
                let step = ["C", "D", "E", "F", "G", "A", "B"][(bar * 3 + k * 2 + staff) % 7];
                let octave = if staff == 1 { 5 } else { 3 } + k % 2;
                bars.push_str(&format!(
                    "<note><pitch><step>{step}</step><octave>{octave}</octave></pitch><duration>1</duration>\
                     <voice>{staff}</voice><staff>{staff}</staff></note>"
                ));
            }
            if staff == 1 {
                bars.push_str("<backup><duration>16</duration></backup>");
            }
        }
        bars.push_str("</measure>");
    }
    format!(
        "<score-partwise version=\"4.0\"><part-list><score-part id=\"P1\"><part-name>Piano</part-name>\
         </score-part></part-list><part id=\"P1\">{bars}</part></score-partwise>"
    )
}
