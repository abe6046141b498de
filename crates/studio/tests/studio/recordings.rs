//! Recordings of a pupil: what is marked, what is said, and that they are worked on as takes are.

use std::path::PathBuf;

use notation::{Hand, Score};
use performance::midi::{ExportMode, ExportOptions, export, read_performance};
use protocol::{
    Command, Edit, ExportRequest, MidiMode, PerformRequest, PinKind, SlipKind, SlipView, VersionId,
};

use crate::support::{Harness, minuet, request, score_of};

const PUPIL: VersionId = VersionId::Recording(1);
/// The bar before whose second chord the pupil waits, from 0, and for how long.
const WAITED: usize = 4;
const WAIT_SECS: f64 = 1.5;

/// What the pupil does otherwise: notes of the score.
struct Flaws {
    wrong: u32,
    missed: u32,
    /// Replaced by a low key.
    besides: u32,
}

fn flaws(score: &Score) -> Flaws {
    let of_melody = |from: usize| {
        let is_melody = |k: &usize| score.notes[*k].hand() == Hand::Right && score.notes[*k].grace.is_none();
        (from..score.notes.len()).find(is_melody).unwrap() as u32
    };
    Flaws { wrong: of_melody(60), missed: of_melody(80), besides: of_melody(100) }
}

/// The minuet as a pupil plays it, as a MIDI file.
fn recorded(harness: &Harness) -> PathBuf {
    let score = score_of(&minuet());
    let Flaws { wrong, missed, besides } = flaws(&score);
    let waited = score.measures[WAITED].start;
    let mut played = performance::deadpan(&score);
    played.notes.retain(|note| note.note != missed);
    for note in played.notes.iter_mut().filter(|note| score.notes[note.note as usize].onset > waited) {
        note.onset_secs += WAIT_SECS;
    }
    let mut other = score;
    other.notes[wrong as usize].pitch += 1;
    other.notes[besides as usize].pitch = 24;
    let options = ExportOptions { mode: ExportMode::ExactTiming(120.0), ..ExportOptions::default() };
    let midi = export(&other, &played, &options).unwrap();
    let path = harness.folder.path().join("pupil.mid");
    std::fs::write(&path, &midi.bytes).unwrap();
    path
}

/// A studio with the minuet and the pupil's recording of it.
fn lesson() -> Harness {
    let mut harness = Harness::new();
    harness.open_minuet();
    let path = recorded(&harness);
    harness.finish(Command::ImportRecording(Some(path)));
    harness
}

fn slips(harness: &Harness, id: VersionId) -> Vec<SlipView> {
    harness.face.versions[&id].slips.clone()
}

fn of_kind(slips: &[SlipView], kind: SlipKind) -> Vec<&SlipView> {
    slips.iter().filter(|slip| slip.kind == kind).collect()
}

#[test]
fn what_a_pupil_does_otherwise_is_marked_and_said() {
    let harness = lesson();
    let score = score_of(&minuet());
    let Flaws { wrong, missed, besides } = flaws(&score);
    let slips = slips(&harness, PUPIL);
    let [struck] = of_kind(&slips, SlipKind::Wrong)[..] else { panic!("one wrong key: {slips:?}") };
    assert_eq!(struck.note, Some(wrong));
    assert_eq!(struck.pitch, Some(score.notes[wrong as usize].pitch + 1));
    assert!(struck.words.contains(" instead of "), "{struck:?}");
    let notes: Vec<u32> = of_kind(&slips, SlipKind::Missed).iter().filter_map(|slip| slip.note).collect();
    assert_eq!(notes, [missed, besides]);
    let [extra] = of_kind(&slips, SlipKind::Extra)[..] else { panic!("one key besides: {slips:?}") };
    let place = score.notes[besides as usize].onset.to_f64();
    assert_eq!((extra.pitch, &extra.words[..]), (Some(24), "C1 is not written"));
    assert!((extra.heard_quarters - place).abs() < 0.1, "{extra:?} {place}");
    let [wait] = of_kind(&slips, SlipKind::Hesitation)[..] else { panic!("one hesitation: {slips:?}") };
    assert_eq!(wait.from_quarters, score.measures[WAITED].start.to_f64());
    assert!((wait.excess_secs.unwrap() - WAIT_SECS).abs() < 0.1, "{wait:?}");
    assert_eq!(wait.words, "1.5 s longer than the beat");
    assert!(harness.face.versions[&VersionId::Deadpan].slips.is_empty());

    // The recording is heard, and compared with the deadpan, which was.
    let view = harness.face.comparison.clone().unwrap();
    assert_eq!(view.versions, [PUPIL, VersionId::Deadpan]);
    let bar = &view.bars[WAITED];
    assert!(bar.words.iter().any(|words| words == "1.5 s longer than the beat"), "{bar:?}");
    let whole = view.agreement.words.join("\n");
    assert!(
        whole.contains("pupil: 1 wrong key, 2 notes missed, 1 note that is not written, 1 hesitation"),
        "{whole}"
    );
    assert!(
        whole.contains("pupil: a steady tempo") && whole.contains("pupil: the hands are together"),
        "{whole}"
    );
    assert!(!whole.contains("Deadpan: "), "of what is literal nothing is said: {whole}");
}

#[test]
fn the_report_has_the_marks_and_what_there_is_to_say() {
    let mut harness = lesson();
    let path = harness.folder.path().join("report.html");
    harness.finish(Command::ExportReport(Some(path.clone())));
    let page = std::fs::read_to_string(path).unwrap();
    for words in
        ["How well they agree", " instead of ", "1.5 s longer than the beat", "C1 is not written", "In words"]
    {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("NaN") && !page.contains("<script"));
}

#[test]
fn marks_are_kept_undone_and_done_again() {
    let mut harness = lesson();
    let marked = slips(&harness, PUPIL);
    let saved = harness.folder.path().join("lesson.espressivo");
    harness.ask(Command::SaveAs(Some(saved.clone())));
    harness.ask(Command::Close);
    harness.ask(Command::Open(saved));
    assert_eq!(slips(&harness, PUPIL), marked);
    harness.ask(Command::Undo);
    assert!(!harness.face.versions.contains_key(&PUPIL));
    harness.ask(Command::Redo);
    assert_eq!(slips(&harness, PUPIL), marked);
    harness.ask(Command::Duplicate(PUPIL));
    assert_eq!(slips(&harness, VersionId::Take(2)), marked, "a copy has them, too");
}

#[test]
fn from_a_recording_everything_follows_as_from_a_take() {
    let mut harness = lesson();
    let score = score_of(&minuet());
    let Flaws { missed, .. } = flaws(&score);
    let marked = slips(&harness, PUPIL);
    // It is edited and pinned in place.
    harness.ask(Command::Edit(PUPIL, Edit::Velocities(vec![(20, 111)])));
    harness.ask(Command::Edit(PUPIL, Edit::Pin(vec![20], vec![PinKind::Velocity])));
    assert_eq!(harness.played(PUPIL).get(20).unwrap().velocity, 111);
    assert_eq!(slips(&harness, PUPIL), marked);
    let before = harness.played(PUPIL).clone();

    // Bars are performed anew in its context.
    let bars = score.notes[missed as usize].measure as usize;
    let bars = bars..bars + 1;
    harness.perform(PerformRequest { bars: Some(bars.clone()), of: PUPIL, ..request(3) });
    let take = VersionId::Take(2);
    assert_eq!(harness.project().takes[1].name, "Take 1", "the first of the takes, whatever was recorded");
    let region = score.notes_in_measures(bars);
    let played = harness.played(take).clone();
    for note in before.notes.iter().filter(|note| !region.contains(&(note.note as usize))) {
        assert_eq!(played.get(note.note).unwrap().velocity, note.velocity, "{note:?}");
        // What comes after bars that are performed anew stays where it is.
        assert_eq!(played.get(note.note).unwrap().onset_secs, note.onset_secs, "{note:?}");
    }
    assert!(played.get(missed).is_some(), "what the pupil missed is played");
    let left = slips(&harness, take);
    assert!(left.iter().all(|slip| slip.note != Some(missed)), "{left:?}");
    let inside = |slip: &&SlipView| slip.note.is_none_or(|note| !region.contains(&(note as usize)));
    assert_eq!(
        left,
        marked.iter().filter(inside).cloned().collect::<Vec<_>>(),
        "those of the other bars stay"
    );

    // And it is written on the grid of the score.
    let path = harness.folder.path().join("grid.mid");
    let wanted = ExportRequest { version: PUPIL, bars: None, mode: MidiMode::ScoreGrid };
    harness.finish(Command::ExportMidi(wanted, Some(path.clone())));
    let midi = read_performance(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(midi.notes.len(), before.notes.len());
    assert!(harness.errors().is_empty(), "{:?}", harness.face.messages);
}

#[test]
fn a_hesitation_that_is_drawn_away_is_marked_no_more() {
    let mut harness = lesson();
    let score = score_of(&minuet());
    let waited = score.measures[WAITED].start;
    let earlier =
        harness.played(PUPIL).notes.iter().filter(|note| score.notes[note.note as usize].onset > waited);
    let earlier: Vec<(u32, f64)> = earlier.map(|note| (note.note, note.onset_secs - WAIT_SECS)).collect();
    harness.ask(Command::Edit(PUPIL, Edit::Onsets(earlier)));
    assert!(of_kind(&slips(&harness, PUPIL), SlipKind::Hesitation).is_empty());
    harness.ask(Command::Undo);
    assert_eq!(of_kind(&slips(&harness, PUPIL), SlipKind::Hesitation).len(), 1);
}

#[test]
fn a_recording_without_repeats_is_compared_at_the_same_printed_bar() {
    let mut harness = Harness::new();
    harness.open_minuet();
    let bytes = std::fs::read(minuet()).unwrap();
    let options = notation::ImportOptions { unfold: notation::Unfold::AsWritten, ..Default::default() };
    let written = notation::read_score("minuet.musicxml", &bytes, &options).unwrap();
    let midi = export(&written, &performance::deadpan(&written), &ExportOptions::default()).unwrap();
    let path = harness.folder.path().join("once.mid");
    std::fs::write(&path, &midi.bytes).unwrap();
    harness.finish(Command::ImportRecording(Some(path)));
    let version = harness.face.versions[&PUPIL].clone();
    let plays = harness.face.scores.iter().find(|score| score.id == version.score).unwrap();
    assert_eq!((plays.notes.len(), plays.measures.len()), (written.notes.len(), written.measures.len()));
    assert_eq!(version.performance.notes.len(), written.notes.len());
    assert!(version.slips.is_empty(), "{:?}", version.slips);
    harness.ask(Command::Listen(VersionId::Deadpan));
    let view = harness.face.comparison.clone().unwrap();
    let all = harness.face.score.as_ref().unwrap().measures.len();
    assert!(view.bars.len() == all && all > written.measures.len());
    assert!(view.bars.iter().all(|bar| bar.values[1].is_some()), "each pass beside the one that was played");

    let saved = harness.folder.path().join("once.espressivo");
    harness.ask(Command::SaveAs(Some(saved.clone())));
    harness.ask(Command::Close);
    harness.ask(Command::Open(saved));
    assert_eq!(harness.face.versions[&PUPIL].performance, version.performance);
}
