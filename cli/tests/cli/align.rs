//! A recording beside its score.

use performance::midi::{MidiNote, PlayedMidi, export_played};

use crate::program::{MINUET, Sandbox, read, score};

/// The minuet played literally, as a recording in the folder, after something was done to its notes.
fn recording(sandbox: &Sandbox, name: &str, change: impl FnOnce(&mut Vec<MidiNote>)) {
    sandbox.ok(&["export", &score(MINUET), "--exact", "-o", "literal.mid"]);
    let mut midi: PlayedMidi = sandbox.midi("literal.mid");
    change(&mut midi.notes);
    sandbox.put(name, export_played(&midi, "recording").unwrap());
}

#[test]
fn what_is_played_as_written_has_nothing_wrong_and_comes_back_as_a_take() {
    let sandbox = Sandbox::new();
    recording(&sandbox, "rec.mid", |_| {});
    let found = sandbox.ok(&["align", &score(MINUET), "rec.mid", "--json", "-o", "take.mid"]).json();
    let written = read(score(MINUET));
    assert_eq!(found["right"], written.notes.len());
    for kind in ["wrong", "missed", "extra", "hesitations", "repeats_left_out"] {
        assert_eq!(found[kind].as_array().map(Vec::len), Some(0), "{kind}: {}", found[kind]);
    }
    assert_eq!(found["bars"].as_array().map(Vec::len), Some(written.measures.len()));
    assert_eq!(found["pairs"].as_array().map(Vec::len), Some(written.notes.len()));
    assert_eq!(sandbox.take("take.mid", &written).notes.len(), written.notes.len());
    // It replaces no file unless that is said.
    let again = ["align", &score(MINUET), "rec.mid", "-o", "take.mid"];
    sandbox.run(&again).failed_with(&["take.mid", "--force"]);
    let text = sandbox.ok(&["align", &score(MINUET), "rec.mid", "-o", "take.mid", "--force"]).out;
    assert!(text.contains("0 wrong, 0 missed, 0 extra") && text.contains("beats/min"), "{text}");
}

#[test]
fn slips_and_waits_are_told_by_bar_and_beat() {
    let sandbox = Sandbox::new();
    recording(&sandbox, "rec.mid", |notes| {
        notes[30].pitch += 1;
        notes.remove(50);
        let at = notes[70].onset_secs - 0.01;
        notes.iter_mut().filter(|note| note.onset_secs > at).for_each(|note| note.onset_secs += 1.5);
    });
    let found = sandbox.ok(&["align", &score(MINUET), "rec.mid", "--json"]).json();
    let count = |kind: &str| found[kind].as_array().map_or(0, Vec::len);
    assert_eq!((count("wrong"), count("missed"), count("extra"), count("hesitations")), (1, 1, 0, 1));
    assert!((found["hesitations"][0]["excess_secs"].as_f64().unwrap() - 1.5).abs() < 0.05, "{found}");
    let text = sandbox.ok(&["align", &score(MINUET), "rec.mid"]).out;
    let place = format!("bar {}, beat", found["wrong"][0]["bar"].as_str().unwrap());
    assert!(text.contains(&place) && text.contains("1 hesitation"), "{text}");
    let pitch = |field: &str| found["wrong"][0][field].as_u64().unwrap() as u8;
    let in_g = notation::KeySignature { fifths: 1, minor: false };
    let [struck, meant] = ["pitch", "written_pitch"].map(|field| notation::pitch_name(pitch(field), in_g));
    assert!(text.contains(&format!(": {struck} for {meant}")), "{text}");
}

#[test]
fn repeats_that_are_not_taken_are_named_and_nothing_of_them_is_missed() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["export", &score(MINUET), "--as-written", "--exact", "-o", "once.mid"]);
    let found = sandbox.ok(&["align", &score(MINUET), "once.mid", "--json"]).json();
    assert_eq!(found["repeats_left_out"].as_array().map(Vec::len), Some(2), "{}", found["repeats_left_out"]);
    assert_eq!((found["missed"].as_array().map(Vec::len), found["unplayed"].as_str()), (Some(0), None));
    assert_eq!(found["path"].as_array().map(Vec::len), Some(1), "{}", found["path"]);
}

#[test]
fn another_piece_is_refused() {
    let sandbox = Sandbox::new();
    recording(&sandbox, "rec.mid", |_| {});
    sandbox
        .run(&["align", &score("chopin_prelude_op28_4"), "rec.mid"])
        .failed_with(&["rec.mid", "no performance of the score"]);
    assert_eq!(sandbox.files(), ["literal.mid", "rec.mid"]);
}
