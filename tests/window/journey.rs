//! The main job from start to finish, as a musician does it: open, perform, play, select bars,
//! re-perform, undo, redo, save, export, quit, come back.

use std::ops::Range;
use std::path::{Path, PathBuf};

use fantoccini::key::Key;
use notation::{ImportOptions, Score};
use performance::midi::{match_to_score, read_performance};
use protocol::{Performance, PlayState, PlayedNote, VersionId};

use crate::desktop::Desktop;
use crate::page::Widget;
use crate::ruler;
use crate::window::{Window, wait_for};
use crate::words::{State, Words};

/// The piece: sixteen bars and a pick-up, chords, pedal, hairpins.
const PIECE: &str = "scores/chopin_prelude_op28_7.musicxml";

/// The bars that are performed anew, as the score numbers them.
const BARS: [&str; 2] = ["5", "8"];

#[test]
#[ignore = "needs a display and what drives the window"]
fn the_main_job_from_start_to_finish_needs_window() {
    let data = tempfile::tempdir().unwrap();
    let (home, files) = (data.path().join("home"), data.path().join("files"));
    for folder in [&home, &files] {
        std::fs::create_dir(folder).unwrap();
    }
    let score_file = files.join("score.musicxml");
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(PIECE), &score_file).unwrap();
    let desktop = Desktop::start(&[
        ("ESPRESSIVO_DATA_HOME", &home),
        ("ESPRESSIVO_AUTOMATION", &files),
        ("XDG_DATA_HOME", &home),
        ("XDG_CACHE_HOME", &home),
        ("XDG_CONFIG_HOME", &home),
    ]);
    let visit = Visit { words: Words::in_folder(&files), files, score: read(&score_file) };

    let window = Window::open(&desktop, &[]);
    visit.opens(&window);
    let whole = visit.performs(&window);
    visit.plays(&window);
    let bars = visit.selects(&window);
    let (of, again) = visit.performs_bars(&window, &bars, &whole);
    visit.undoes_and_redoes(&window, of, &again);
    let grid = visit.exports(&window, "Score grid");
    let exact = visit.exports(&window, "Exact timing");
    visit.check_grid(&grid, &again);
    visit.check_exact(&exact, &again);
    let project = visit.saves(&window);
    window.quit();

    visit.words.forget();
    let window = Window::open(&desktop, &[&project]);
    visit.finds_everything_again(&window, &again);
    let once_more = visit.exports(&window, "Exact timing");
    assert_eq!(std::fs::read(once_more).unwrap(), std::fs::read(exact).unwrap(), "the same file as before");
    window.quit();
}

/// What stays the same over the whole journey.
struct Visit {
    words: Words,
    /// Where dialogs find and leave files.
    files: PathBuf,
    score: Score,
}

impl Visit {
    fn opens(&self, window: &Window) {
        window.click("Open…");
        let project = self.words.wait("the project", |s| s.project.clone());
        assert_eq!(project.listening, VersionId::Deadpan);
        let deadpan = self.words.wait("the notes", |s| s.versions.get(&VersionId::Deadpan).cloned());
        assert_eq!(deadpan.notes.len(), self.score.notes.len());
        assert!(window.shows("Piano roll"));
    }

    fn performs(&self, window: &Window) -> Performance {
        window.click("Perform");
        let take = self.words.wait("a take", finished(1));
        assert_eq!(take.notes.len(), self.score.notes.len());
        take
    }

    fn plays(&self, window: &Window) {
        window.key(&[], ' ');
        let early = self.words.wait("the playhead to move", |s| {
            let t = &s.transport;
            (t.state == PlayState::Playing && t.position_secs > 0.3).then_some(t.position_secs)
        });
        self.words.wait("the playhead to go on", |s| (s.transport.position_secs > early + 0.5).then_some(()));
        window.key(&[], ' ');
        self.words.wait("the pause", |s| (s.transport.state == PlayState::Paused).then_some(()));
    }

    /// Drags over the bars in the ruler.
    fn selects(&self, window: &Window) -> Range<usize> {
        let number = |wanted: &str| self.score.measures.iter().position(|m| m.number == wanted).unwrap();
        let bars = number(BARS[0])..number(BARS[1]) + 1;
        ruler::select(window, &self.words, &self.score, &bars);
        bars
    }

    fn performs_bars(
        &self,
        window: &Window,
        bars: &Range<usize>,
        before: &Performance,
    ) -> (VersionId, Performance) {
        let of = self.words.state().project().listening;
        let is_it = |w: &Widget| w.role == "Button" && w.label.starts_with("Perform bars");
        let button = window.find_where("button for some bars", is_it);
        assert!(BARS.iter().all(|number| button.label.contains(number)), "{}", button.label);
        let (x, y) = button.centre();
        window.click_at(x, y);
        let again = self.words.wait("a second take", finished(2));
        let state = self.words.state();
        let take = &state.project().takes[1];
        assert_eq!((take.parent, take.bars.as_ref()), (Some(of), Some(bars)));
        let is_inside =
            |note: &PlayedNote| bars.contains(&(self.score.notes[note.note as usize].measure as usize));
        let of_note = |p: &Performance, n: u32| p.notes.iter().find(|played| played.note == n).copied();
        let mut changed = 0;
        for note in &again.notes {
            let old = of_note(before, note.note).unwrap();
            if is_inside(note) {
                changed += usize::from(*note != old);
            } else {
                assert_eq!(*note, old, "a note outside the bars has changed");
            }
        }
        assert!(changed > 10, "only {changed} notes have changed");
        (of, again)
    }

    fn undoes_and_redoes(&self, window: &Window, of: VersionId, again: &Performance) {
        window.key(&[Key::Control.into()], 'z');
        let heard =
            self.words.wait("undo", |s| (s.project().takes.len() == 1).then(|| s.project().listening));
        assert_eq!(heard, of);
        window.key(&[Key::Control.into()], 'y');
        let redone = self.words.wait("redo", finished(2));
        assert_eq!(redone, *again);
    }

    /// Saves a MIDI file through the dialog; gives it a name of its own.
    fn exports(&self, window: &Window, timing: &str) -> PathBuf {
        let midi_files = || {
            let files = std::fs::read_dir(&self.files).unwrap().flatten().map(|e| e.path());
            files.filter(|f| f.extension().is_some_and(|e| e == "mid")).collect::<Vec<_>>()
        };
        assert!(midi_files().is_empty());
        window.key(&[Key::Control.into()], 'e');
        // Bars are still selected.
        window.click("Whole piece");
        window.click(timing);
        let (x, y) = window.find_beside("Save MIDI…", "Cancel").centre();
        window.click_at(x, y);
        let file = wait_for("the file", || midi_files().pop());
        let kept =
            self.files.join(format!("{timing}.{}", if self.files.join(timing).exists() { "2" } else { "1" }));
        std::fs::rename(file, &kept).unwrap();
        kept
    }

    fn saves(&self, window: &Window) -> PathBuf {
        window.key(&[Key::Control.into()], 's');
        let path = self.words.wait("a saved project", |s| s.project().path.clone());
        assert!(Path::new(&path).starts_with(&self.files), "{path}");
        path.into()
    }

    fn finds_everything_again(&self, window: &Window, again: &Performance) {
        let take = self.words.wait("the takes", finished(2));
        assert_eq!(take, *again);
        let state = self.words.state();
        assert!(state.project().undo.is_some(), "undo is still there");
        assert!(window.shows("Piano roll"));
    }

    /// Within a tick of 2.5 ms at the most; a pick-up is moved to where its bar ends.
    fn check_grid(&self, file: &Path, take: &Performance) {
        self.check_notes(file, take, 2.5e-3, 0.0..8.0);
    }

    fn check_exact(&self, file: &Path, take: &Performance) {
        self.check_notes(file, take, 1.0e-3, -1e-3..1e-3);
    }

    /// Note by note: the moment, the key, the loudness.
    fn check_notes(&self, file: &Path, take: &Performance, tolerance_secs: f64, shifts: Range<f64>) {
        let midi = read_performance(&std::fs::read(file).unwrap()).unwrap();
        assert_eq!(midi.notes.len(), take.notes.len());
        let read = match_to_score(&self.score, &midi);
        assert_eq!(read.notes.len(), take.notes.len());
        let shift = read.notes[0].onset_secs - take.notes[0].onset_secs;
        assert!(shifts.contains(&shift), "{shift} is not in {shifts:?}");
        for (a, b) in read.notes.iter().zip(&take.notes) {
            assert_eq!((a.note, a.velocity), (b.note, b.velocity));
            let error = a.onset_secs - b.onset_secs - shift;
            assert!(error.abs() <= tolerance_secs, "{a:?} {b:?} {}", file.display());
        }
    }
}

/// So many takes are there, and the one that is heard is complete.
fn finished(takes: usize) -> impl FnMut(&State) -> Option<Performance> {
    move |state| if state.is_at_rest(takes) { state.heard() } else { None }
}

fn read(path: &Path) -> Score {
    let bytes = std::fs::read(path).unwrap();
    notation::read_score("score", &bytes, &ImportOptions::default()).unwrap()
}
