//! A lesson, from a recording in an MP3 file to the printed report: what the pupil did otherwise is marked, compared,
//! saved, still there after a kill, and the report opens in a browser.
//!
//! `cargo nextest run --release -E 'test(a_lesson_from_mp3)' --run-ignored only --no-capture`; it needs the transcriber
//! and an MP3 encoder: `lame`, `ffmpeg` or the library libmp3lame. Pictures of the window and of the report are left in
//! cargo's folder for temporary files.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;

use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use notation::Score;
use protocol::{SlipKind, SlipView, VersionId, VersionView};
use serde_json::Value;
use sound::{Events, Piano, SoundEvent, SoundEventKind};
use tokio::runtime::Runtime;

use crate::desktop::Desktop;
use crate::window::{Window, try_to_wait, wait_for};
use crate::words::{State, Words};

const PIECE: &str = "scores/petzold_minuet_g.musicxml";

/// How many bars the pupil plays.
const BARS: usize = 8;

/// Where the pupil slips, by the bar's number, and how.
const SLIPS: [(SlipKind, &str); 4] = [
    (SlipKind::Extra, "2"),
    (SlipKind::Wrong, "3"),
    (SlipKind::Missed, "5"),
    // The wait is after the last chord of bar 6.
    (SlipKind::Hesitation, "6"),
];

/// How long the pupil waits before bar 7.
const WAIT_SECS: f64 = 1.5;

/// How often what takes minutes is waited for: hearing gives way to a window that is drawn in software.
const PATIENCE: usize = 15;

/// Pixels that change at least when a mark goes.
const MARK_PIXELS: f64 = 40.0;

#[test]
#[ignore = "takes minutes where the window is drawn in software, since hearing gives way to it"]
fn a_lesson_from_mp3_to_the_printed_report_on_demand() {
    let data = tempfile::tempdir().unwrap();
    let transcriber = application::Folders::find().transcriber;
    let desktop = Desktop::start(&[
        ("ESPRESSIVO_DATA_HOME", data.path()),
        ("ESPRESSIVO_AUTOMATION", data.path()),
        ("ESPRESSIVO_TRANSCRIBER", &transcriber),
    ]);
    let lesson = Lesson { words: Words::in_folder(data.path()), folder: data.path().to_owned() };
    let piece = Path::new(env!("CARGO_MANIFEST_DIR")).join(PIECE);
    write_mp3(&piece, &data.path().join("lesson.mp3"));

    let window = Window::open(&desktop, &[&piece]);
    let heard = lesson.imports(&window);
    let slips = lesson.finds_the_slips(heard);
    lesson.sees_the_marks(&window);
    let report = lesson.compares_and_reports(&window);
    window.key(&[Key::Control.into()], 's');
    let project = PathBuf::from(lesson.words.wait("a saved project", |s| s.project().path.clone()));
    window.kill();

    check_report(&desktop, &report);

    lesson.words.forget();
    let window = Window::open(&desktop, &[&project]);
    let again = lesson.wait_long("the recording", |s| s.is_at_rest(1).then(|| s.project().takes[0].clone()));
    assert_eq!((again.id, again.name.as_str()), (heard, "lesson"));
    assert_eq!(lesson.words.state().project().compared, Some(VersionId::Deadpan));
    let kept = wait_for("the slips", || lesson.view(heard).map(|view| view.slips));
    assert_eq!(kept, slips, "what was found before the kill");
    window.quit();
}

/// The folder where the app is told its answers and writes down what was said.
struct Lesson {
    words: Words,
    folder: PathBuf,
}

impl Lesson {
    /// Waits for what takes minutes.
    fn wait_long<T>(&self, what: &str, mut is_so: impl FnMut(&State) -> Option<T>) -> T {
        let mut once = || try_to_wait(&mut || is_so(&self.words.state()));
        (0..PATIENCE).find_map(|_| once()).unwrap_or_else(|| panic!("waited in vain for {what}"))
    }

    fn imports(&self, window: &Window) -> VersionId {
        self.words.wait("the piece", |s| s.project.clone());
        window.click("File");
        window.click("Import recording… Ctrl+I");
        let take = self.wait_long("the recording", |s| s.is_at_rest(1).then(|| s.project().takes[0].clone()));
        assert_eq!((take.id, take.name.as_str()), (VersionId::Recording(1), "lesson"));
        assert!(take.origin.starts_with("recording of sound, "), "{}", take.origin);
        take.id
    }

    /// The last word on a version, with its slips.
    fn view(&self, id: VersionId) -> Option<VersionView> {
        let text = std::fs::read_to_string(self.folder.join("words.jsonl")).ok()?;
        // The last line may not be complete yet.
        let complete = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
        let mut views = complete.rev().filter_map(|line| {
            let mut word: Value = serde_json::from_str(line).ok()?;
            serde_json::from_value::<VersionView>(word.get_mut("Event")?.get_mut("Version")?.take()).ok()
        });
        views.find(|view| view.id == id)
    }

    /// Every planted slip is found in its bar.
    fn finds_the_slips(&self, heard: VersionId) -> Vec<SlipView> {
        let slips = wait_for("the slips", || self.view(heard).map(|view| view.slips));
        let state = self.words.state();
        let score = state.scores.iter().find(|view| state.plays.get(&heard) == Some(&view.id)).unwrap();
        let bar = |slip: &SlipView| {
            let at = slip.from_quarters + 1e-6;
            let measure = score.measures.iter().rev().find(|measure| measure.start_quarters <= at);
            measure.map_or("", |measure| measure.number.as_str())
        };
        let found: Vec<(SlipKind, &str)> = slips.iter().map(|slip| (slip.kind, bar(slip))).collect();
        for planted in SLIPS {
            assert!(found.contains(&planted), "{planted:?} is not among {found:?}");
        }
        let is_told = |text: &String| text.contains("1 hesitation") && text.contains("lesson");
        assert!(state.messages.iter().any(is_told), "{:?}", state.messages);
        slips
    }

    /// Each kind has marks on the roll, and a switch that takes them away.
    fn sees_the_marks(&self, window: &Window) {
        window.click("Roll");
        let before = self.picture(window, "marks");
        // What changes by itself, such as a clock.
        let again = self.picture(window, "marks again");
        let by_itself = differing_pixels(&before, &again);
        let mut last = again;
        for switch in ["Mark wrong notes", "Mark missed notes", "Mark extra notes", "Mark hesitations"] {
            window.click("View");
            window.click(switch);
            let without = self.picture(window, switch);
            let gone = differing_pixels(&last, &without);
            assert!(
                gone > by_itself + MARK_PIXELS,
                "{switch}: {gone} pixels changed, {by_itself} by themselves"
            );
            last = without;
        }
    }

    /// A picture of the display when nothing moves any more, the pointer out of the way.
    fn picture(&self, window: &Window, name: &str) -> PathBuf {
        window.hover(&[(2.0, 2.0)]);
        std::thread::sleep(std::time::Duration::from_millis(1500));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("lesson, {name}.png"));
        window.take_picture(&path);
        path
    }

    fn compares_and_reports(&self, window: &Window) -> PathBuf {
        window.click("Compare with Deadpan");
        self.words.wait("a comparison", |s| s.project().compared);
        window.key(&[], 'c');
        self.picture(window, "comparison");
        window.click("File");
        window.click("Save report…");
        wait_for("the report", || {
            let mut files = std::fs::read_dir(&self.folder).unwrap().flatten().map(|entry| entry.path());
            files.find(|file| file.extension().is_some_and(|ending| ending == "html"))
        })
    }
}

/// How many pixels of two pictures differ by more than a trace.
fn differing_pixels(a: &Path, b: &Path) -> f64 {
    let mut compare = Command::new("compare");
    compare.args(["-metric", "AE", "-fuzz", "5%"]).args([a, b]).arg("null:");
    // It tells the number on stderr, and by its exit status that there are differences.
    let told = compare.output().expect("ImageMagick's compare is installed");
    let told = String::from_utf8_lossy(&told.stderr).into_owned();
    let number = told.split_whitespace().next().and_then(|word| word.parse().ok());
    number.unwrap_or_else(|| panic!("compare says {told}"))
}

/// Opens the report in a browser of its own, as somebody does who prints it.
fn check_report(desktop: &Desktop, report: &Path) {
    let browser = Browser::open(desktop);
    browser.go_to(report);
    let facts = browser.ask(
        "const svgs = [...document.querySelectorAll('svg')].map(svg => svg.getBoundingClientRect());\
         const root = document.documentElement;\
         return [document.title, document.body.innerText, document.scripts.length, svgs.length,\
                 svgs.every(box => box.width > 100 && box.height > 20), root.scrollWidth <= root.clientWidth,\
                 document.querySelectorAll('tbody tr').length];",
    );
    let text = |k: usize| facts[k].as_str().unwrap_or_default();
    assert!(text(0).contains("lesson") && text(0).contains("Deadpan"), "{}", text(0));
    for words in ["How well they agree", "Tempo in beats a minute", "recording of sound"] {
        assert!(text(1).contains(words), "{words:?} is not in: {}", text(1));
    }
    assert_eq!(facts[2], 0, "no script");
    assert!(facts[3].as_u64() > Some(1), "plots: {}", facts[3]);
    assert_eq!((&facts[4], &facts[5]), (&Value::Bool(true), &Value::Bool(true)), "all of it can be seen");
    assert!(facts[6].as_u64() >= Some(BARS as u64), "a row for each bar: {}", facts[6]);
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lesson, report.png");
    std::fs::write(&path, browser.picture()).unwrap();
    println!("pictures: {}", path.with_file_name("lesson, *.png").display());
    browser.close();
}

/// The browser that comes with the web engine, without a window manager's help.
struct Browser {
    runtime: Runtime,
    client: Client,
}

impl Browser {
    fn open(desktop: &Desktop) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let builder = ClientBuilder::new(HttpConnector::new());
        let client = runtime.block_on(builder.connect(&desktop.driver_url())).expect("the browser starts");
        Self { runtime, client }
    }

    fn go_to(&self, file: &Path) {
        let path = file.to_str().unwrap().replace('%', "%25").replace(' ', "%20").replace('#', "%23");
        self.runtime.block_on(self.client.goto(&format!("file://{path}"))).unwrap();
    }

    /// Runs a script that returns something.
    fn ask(&self, script: &str) -> Value {
        self.runtime.block_on(self.client.execute(script, vec![])).unwrap()
    }

    /// What is in view, as PNG.
    fn picture(&self) -> Vec<u8> {
        self.runtime.block_on(self.client.screenshot()).unwrap()
    }

    fn close(self) {
        self.runtime.block_on(self.client.close()).unwrap();
    }
}

/// A key of the performance: onset and length in seconds, pitch and velocity.
type Stroke = (f64, f64, u8, u8);

/// The first bars of a piece as a pupil plays them, as an MP3 file.
fn write_mp3(piece: &Path, mp3: &Path) {
    let score = notation::read_score("score", &std::fs::read(piece).unwrap(), &Default::default()).unwrap();
    let events = flawed(&score).into_iter().flat_map(|(onset, length, pitch, velocity)| {
        let event = |time_secs, kind| SoundEvent { time_secs, kind };
        let on = event(onset, SoundEventKind::NoteOn { pitch, velocity });
        [on, event(onset + length, SoundEventKind::NoteOff { pitch })]
    });
    let (events, piano) = (Events::new(events.collect()), Piano::generated().unwrap());
    let mut go_on = |_: sound::Progress| ControlFlow::<()>::Continue(());
    let audio = sound::render(&events, &piano, 44_100, &mut go_on).unwrap();
    let wav = mp3.with_extension("source");
    write_wav(&wav, audio.samples.chunks_exact(2).map(|frame| (frame[0] + frame[1]) / 2.0));
    encode(&wav, mp3);
}

/// What the pupil does: see [`SLIPS`].
fn flawed(score: &Score) -> Vec<Stroke> {
    let mut strokes = Vec::new();
    for played in performance::deadpan(score).notes {
        let note = &score.notes[played.note as usize];
        let bar = note.measure as usize;
        let is_first = note.onset == score.measures[bar].start;
        if bar >= BARS || (bar == 4 && is_first && note.pitch == 72) {
            continue;
        }
        let pitch = if bar == 2 && is_first && note.pitch == 76 { 75 } else { note.pitch };
        let wait_secs = if bar >= 6 { WAIT_SECS } else { 0.0 };
        strokes.push((0.5 + played.onset_secs + wait_secs, played.duration_secs, pitch, 70));
        if bar == 1 && note.pitch == 59 {
            // Beside the long note of the left hand, two and a quarter beats later.
            strokes.push((0.5 + played.onset_secs + 1.2, 0.2, 89, 70));
        }
    }
    strokes
}

/// A file of 16 bits, mono, at 44.1 kHz.
fn write_wav(path: &Path, samples: impl Iterator<Item = f32>) {
    let data: Vec<u8> = samples.flat_map(|s| ((s * 32_000.0) as i16).to_le_bytes()).collect();
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + data.len() as u32).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    bytes.extend(44_100_u32.to_le_bytes());
    bytes.extend(88_200_u32.to_le_bytes());
    bytes.extend(b"\x02\0\x10\0data");
    bytes.extend((data.len() as u32).to_le_bytes());
    bytes.extend(data);
    std::fs::write(path, bytes).unwrap();
}

/// Makes an MP3 file by the first encoder that is on this machine.
fn encode(wav: &Path, mp3: &Path) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/encode_mp3.py");
    let mut lame = Command::new("lame");
    lame.args(["--quiet", "-m", "m", "-b", "64"]).args([wav, mp3]);
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-y", "-i"]).arg(wav).args(["-b:a", "64k"]).arg(mp3);
    let mut python = Command::new("python3");
    python.arg(script).args([wav, mp3]);
    let is_made = [lame, ffmpeg, python].iter_mut().any(|c| c.status().is_ok_and(|status| status.success()));
    assert!(is_made && mp3.is_file(), "there is no MP3 encoder: install lame, ffmpeg or libmp3lame");
}
