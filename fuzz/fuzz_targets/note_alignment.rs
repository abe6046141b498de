//! Files of (n)ASAP that say which key was struck for which note, read beside the keys of the piece played literally.
#![no_main]

use std::sync::LazyLock;

use alignment::Role;
use alignment::judge::Case;
use notation::Score;
use performance::midi::MidiNote;

/// A minuet with two repeated passages.
static MINUET: LazyLock<Score> = LazyLock::new(|| {
    let file = include_bytes!("../../scores/petzold_minuet_g.musicxml");
    notation::read_score("minuet", file, &Default::default()).expect("the minuet is whole")
});

/// Its keys, by onset, then pitch.
static KEYS: LazyLock<Vec<MidiNote>> = LazyLock::new(|| {
    let played = performance::deadpan(&MINUET);
    let key = |note: &performance::PlayedNote| MidiNote {
        onset_secs: note.onset_secs,
        duration_secs: note.duration_secs,
        pitch: MINUET.notes[note.note as usize].pitch,
        velocity: note.velocity,
        track: 0,
    };
    let mut keys: Vec<MidiNote> = played.notes.iter().map(key).collect();
    keys.sort_by(|a, b| a.onset_secs.total_cmp(&b.onset_secs).then(a.pitch.cmp(&b.pitch)));
    keys
});

libfuzzer_sys::fuzz_target!(|text: &str| {
    let case = Case::read("minuet", &MINUET, &KEYS, text);
    assert_eq!(case.keys.len(), KEYS.len());
    let mut notes: Vec<u32> = Vec::new();
    for key in &case.keys {
        let note = match key.role {
            Role::Note(note) | Role::Wrong(note) => note,
            Role::Ornament(_) => panic!("a file names no ornaments"),
            Role::Extra => continue,
        };
        let is_same = MINUET.notes[note as usize].pitch == key.note.pitch;
        assert_eq!(is_same, matches!(key.role, Role::Note(_)));
        notes.push(note);
    }
    let count = notes.len();
    notes.sort_unstable();
    notes.dedup();
    assert_eq!(notes.len(), count, "a note has one key");
    // What is written has a line for each key, and the names of notes.
    assert_eq!(case.write(&MINUET).lines().count(), 1 + KEYS.len());
});
