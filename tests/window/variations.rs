//! Variations of some bars in the real window: made, heard beside the take, put into the piece, taken back and put
//! again, there after the app was killed, exported. Without a composer's model the window says what is missing.

use std::ops::Range;
use std::path::{Path, PathBuf};

use fantoccini::key::Key;
use notation::{ImportOptions, Score};
use performance::midi::read_performance;
use protocol::{PlayState, PlayedNote, VariationView, VersionId};
use tempfile::TempDir;

use crate::desktop::Desktop;
use crate::window::{Window, wait_for};
use crate::words::{State, Words};
use crate::{ruler, setup};

/// Sixteen bars and a pick-up, chords, pedal.
const PIECE: &str = "scores/chopin_prelude_op28_7.musicxml";

/// The bars that are varied, as the score numbers them.
const BARS: [&str; 2] = ["5", "8"];

/// What a version plays: bar and pitch of each note, and everything else to the bit.
type Notes = Vec<(u32, u8, PlayedNote)>;

#[test]
#[ignore = "needs a display and what drives the window"]
fn bars_are_varied_and_a_variation_survives_in_the_piece_needs_window() {
    let (data, desktop, words) = setup::desktop();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(PIECE);
    let score = read(&file);
    let number = |wanted: &str| score.measures.iter().position(|m| m.number == wanted).unwrap();
    let bars = number(BARS[0])..number(BARS[1]) + 1;
    let window = Window::open(&desktop, &[&file]);
    words.wait("the piece", |s| s.project.clone());
    window.click("Perform");
    let take = words.wait("a take", |s| s.is_at_rest(1).then(|| s.project().takes[0].id));
    let was = words.wait("its notes", |s| s.notes(take));
    ruler::select(&window, &words, &score, &bars);
    window.key(&[Key::Shift.into()], 'V');
    window.find("Close the variations");

    let can_write = words.state().composers.iter().any(|composer| composer.unavailable.is_none());
    if can_write {
        Visit { words, data, score, bars, take, was }.varies(&desktop, window);
    } else {
        says_what_is_missing(window);
    }
}

fn says_what_is_missing(window: Window<'_>) {
    assert!(window.shows("No composer is installed") || window.shows("cannot write variations"));
    let make = window.widgets().into_iter().find(|w| w.label == "Make 5 variations").unwrap();
    assert!(make.is_disabled);
    window.quit();
}

/// What stays the same over the whole visit.
struct Visit {
    words: Words,
    /// Where dialogs find and leave files.
    data: TempDir,
    score: Score,
    /// The bars that are selected.
    bars: Range<usize>,
    /// What they are varied of, and what it plays.
    take: VersionId,
    was: Notes,
}

impl Visit {
    fn varies(self, desktop: &Desktop, window: Window<'_>) {
        // From here on every step is written into the file.
        window.key(&[Key::Control.into()], 's');
        let project = PathBuf::from(self.words.wait("a saved project", |s| s.project().path.clone()));
        let (chosen, heard) = self.hears(&window);
        let put = self.puts(&window, &chosen, &heard);
        self.undoes_and_redoes(&window, put, &heard);
        window.kill();

        self.words.forget();
        let window = Window::open(desktop, &[&project]);
        self.words.wait("the takes", |s| s.is_at_rest(2).then_some(()));
        self.is_there(put, &heard);
        let undo = self.words.state().project().undo.clone();
        assert_eq!(undo, Some(format!("Put variation {} into the piece", chosen.number)));
        self.exports(&window, &heard);
        window.quit();
    }

    /// Makes five, hears one of them, and the take at the same place; what the variation plays.
    fn hears(&self, window: &Window) -> (VariationView, Notes) {
        window.click("Make 5 variations");
        let is_made = |s: &State| s.variations.clone().filter(|v| v.job.is_none() && v.list.len() == 5);
        let made = self.words.wait("five variations", is_made);
        assert_eq!((made.request.of, &made.request.bars), (self.take, &self.bars));
        let chosen = made.list[1];
        window.click(&format!("Listen to Variation {}", chosen.number));
        self.sounds(chosen.version, self.take);
        let heard = self.words.wait("its notes", |s| s.notes(chosen.version));
        assert_eq!(self.outside(&heard), self.outside(&self.was), "the rest is played as it was");
        window.key(&[], 'x');
        self.sounds(self.take, chosen.version);
        window.key(&[], 'x');
        self.sounds(chosen.version, self.take);
        window.key(&[], ' ');
        self.words.wait("the pause", |s| (s.transport.state == PlayState::Paused).then_some(()));
        (chosen, heard)
    }

    /// Waits until a version is heard in the bars, beside another.
    fn sounds(&self, version: VersionId, beside: VersionId) {
        let (from, to) = (self.bars.start, self.bars.end - 1);
        let place = self.score.measures[from].start.to_f64()..self.score.measures[to].end.to_f64();
        self.words.wait("a version that sounds in the bars", |s| {
            let (project, transport) = (s.project(), &s.transport);
            let is_heard = project.listening == version && project.compared == Some(beside);
            let is_sounding = transport.state == PlayState::Playing && transport.version == version;
            (is_heard && is_sounding && place.contains(&transport.position_quarters)).then_some(())
        });
    }

    /// Puts the variation that is heard into the piece; the new take.
    fn puts(&self, window: &Window, chosen: &VariationView, heard: &Notes) -> VersionId {
        window.click("Put into the piece");
        let undo = format!("Put variation {} into the piece", chosen.number);
        let is_put = |s: &State| s.is_at_rest(2) && s.project().undo.as_deref() == Some(&undo);
        let put = self.words.wait("the step", |s| is_put(s).then(|| s.project().listening));
        self.is_there(put, heard);
        put
    }

    /// Note by note: the new take, the take as it was, and the bars of the piece.
    fn is_there(&self, put: VersionId, heard: &Notes) {
        let plays = |s: &State, id: VersionId, notes: &Notes| s.notes(id).as_ref() == Some(notes);
        let words = &self.words;
        words.wait("a take as it was heard", |s| plays(s, put, heard).then_some(()));
        words.wait("the take as it was", |s| plays(s, self.take, &self.was).then_some(()));
        let pitches = |notes: &Notes| -> Vec<u8> { self.inside(notes).iter().map(|n| n.1).collect() };
        words.wait("the piece with the notes", |s| {
            let deadpan = s.notes(VersionId::Deadpan)?;
            (pitches(&deadpan) == pitches(heard)).then_some(())
        });
    }

    fn undoes_and_redoes(&self, window: &Window, put: VersionId, heard: &Notes) {
        window.key(&[Key::Control.into()], 'z');
        self.words.wait("undo", |s| (s.project().takes.len() == 1).then_some(()));
        let written: Vec<(u32, u8)> = self.score.notes.iter().map(|n| (n.measure, n.pitch)).collect();
        self.words.wait("the piece as it was", |s| {
            let deadpan = s.notes(VersionId::Deadpan)?;
            deadpan.iter().map(|n| (n.0, n.1)).eq(written.iter().copied()).then_some(())
        });
        window.key(&[Key::Control.into()], 'y');
        self.words.wait("redo", |s| s.is_at_rest(2).then_some(()));
        self.is_there(put, heard);
    }

    /// Saves a MIDI file through the dialog and compares it note by note.
    fn exports(&self, window: &Window, heard: &Notes) {
        // Keys need the focus, which a window that was opened anew may not have yet.
        window.click("Save MIDI…");
        window.click("Exact timing");
        let (x, y) = window.find_beside("Save MIDI…", "Cancel").centre();
        window.click_at(x, y);
        let file = wait_for("the file", || {
            let files = std::fs::read_dir(self.data.path()).unwrap().flatten().map(|entry| entry.path());
            files.into_iter().find(|file| file.extension().is_some_and(|e| e == "mid"))
        });
        let midi = read_performance(&std::fs::read(file).unwrap()).unwrap();
        let mut found: Vec<(u8, f64, u8)> =
            midi.notes.iter().map(|n| (n.pitch, n.onset_secs, n.velocity)).collect();
        let mut expected: Vec<(u8, f64, u8)> =
            heard.iter().map(|(_, pitch, n)| (*pitch, n.onset_secs, n.velocity)).collect();
        for list in [&mut found, &mut expected] {
            list.sort_by(|a, b| (a.0, a.1).partial_cmp(&(b.0, b.1)).unwrap());
        }
        assert_eq!(found.len(), expected.len());
        for (a, b) in found.iter().zip(&expected) {
            assert_eq!((a.0, a.2), (b.0, b.2));
            assert!((a.1 - b.1).abs() <= 2.0e-3, "{a:?} {b:?}");
        }
    }

    fn inside(&self, notes: &Notes) -> Notes {
        notes.iter().filter(|n| self.bars.contains(&(n.0 as usize))).copied().collect()
    }

    fn outside(&self, notes: &Notes) -> Notes {
        notes.iter().filter(|n| !self.bars.contains(&(n.0 as usize))).copied().collect()
    }
}

fn read(path: &Path) -> Score {
    let bytes = std::fs::read(path).unwrap();
    notation::read_score("score", &bytes, &ImportOptions::default()).unwrap()
}
