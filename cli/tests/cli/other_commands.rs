//! The other commands, and what the program says of itself.

use std::time::{Duration, Instant};

use crate::program::{MINUET, PRELUDE, Ran, Sandbox, read, score, scores};

#[test]
fn info_reads_well() {
    let sandbox = Sandbox::new();
    std::fs::copy(score(PRELUDE), sandbox.path("prelude.musicxml")).unwrap();
    insta::assert_snapshot!(sandbox.ok(&["info", "prelude.musicxml"]).out);
}

#[test]
fn help_reads_well() {
    let sandbox = Sandbox::new();
    insta::assert_snapshot!("help", sandbox.ok(&["--help"]).out);
    insta::assert_snapshot!("help_perform", sandbox.ok(&["perform", "--help"]).out);
    for command in
        ["vary", "align", "transcribe", "export", "convert", "grid", "info", "devices", "train", "evaluate"]
    {
        assert!(sandbox.ok(&[command, "--help"]).out.contains("Usage: espressivo"), "{command}");
    }
}

#[test]
fn info_as_json_agrees_with_the_score() {
    let sandbox = Sandbox::new();
    for path in scores() {
        let json = sandbox.ok(&["info", path.to_str().unwrap(), "--json"]).json();
        let score = read(&path);
        assert_eq!(json["notes"], score.notes.len());
        assert_eq!(json["measures"], score.measures.len());
        assert_eq!(json["title"].as_str(), score.title.as_deref());
        assert_eq!(json["length_quarters"], score.end().to_f64());
    }
}

#[test]
fn the_program_starts_at_once() {
    let sandbox = Sandbox::new();
    let prelude = score(PRELUDE);
    for args in [vec!["--version"], vec!["info", &prelude]] {
        let fastest = (0..10).map(|_| {
            let begun = Instant::now();
            sandbox.ok(&args);
            begun.elapsed()
        });
        let fastest = fastest.min().unwrap();
        assert!(fastest < Duration::from_millis(50), "{args:?} takes {fastest:?}");
    }
    assert!(sandbox.ok(&["--version"]).out.starts_with("espressivo "));
}

#[test]
fn without_arguments_it_demonstrates_and_says_why_no_window_opens() {
    let sandbox = Sandbox::new();
    let none: [&str; 0] = [];
    let ran = sandbox.ok(&none);
    assert!(ran.out.contains("No window opens"), "{}", ran.out);
    let files: Vec<_> = std::fs::read_dir(sandbox.path("espressivo-demo")).unwrap().flatten().collect();
    assert_eq!(files.len(), 2, "{files:?}");
    for file in files {
        assert!(ran.out.contains(file.path().to_str().unwrap()), "{}", ran.out);
    }
}

#[test]
fn export_without_a_take_is_the_score_played_literally() {
    let sandbox = Sandbox::new();
    let minuet = score(MINUET);
    sandbox.ok(&["export", &minuet, "--exact", "-o", "literal.mid"]);
    let score = read(&minuet);
    let (exported, literal) = (sandbox.take("literal.mid", &score), performance::deadpan(&score));
    assert_eq!(exported.notes.len(), literal.notes.len());
    for (a, b) in exported.notes.iter().zip(&literal.notes) {
        assert!((a.onset_secs - b.onset_secs).abs() < 1e-3, "{a:?} {b:?}");
        assert_eq!(a.velocity, b.velocity);
    }
}

#[test]
fn export_changes_how_time_is_written_and_nothing_else() {
    let sandbox = Sandbox::new();
    let prelude = score(PRELUDE);
    sandbox.ok(&["perform", &prelude, "--performer", "rules", "--grid", "-o", "grid.mid"]);
    let json =
        sandbox.ok(&["export", &prelude, "--of", "grid.mid", "--exact", "--json", "-o", "exact.mid"]).json();
    assert_eq!((&json["missing"], &json["timing"]), (&0.into(), &"exact".into()));
    let (grid, exact) = (sandbox.midi("grid.mid"), sandbox.midi("exact.mid"));
    assert_eq!(grid.notes.len(), exact.notes.len());
    for (a, b) in grid.notes.iter().zip(&exact.notes) {
        assert!((a.onset_secs - b.onset_secs).abs() < 1.1e-3, "{a:?} {b:?}");
        assert_eq!((a.pitch, a.velocity), (b.pitch, b.velocity));
    }
}

/// The grid is a guess, the sound is not: it stays.
#[test]
fn a_recording_on_its_grid_sounds_the_same() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["perform", &score(PRELUDE), "--performer", "rules", "--exact", "-o", "take.mid"]);
    let json = sandbox.ok(&["grid", "take.mid", "--beats-per-bar", "3", "--json", "-o", "bars.mid"]).json();
    assert_eq!(json["beats_per_bar"], 3);
    assert!(json["tempo_events"].as_u64().unwrap() > 10 && json["worst_ms"].as_f64().unwrap() < 1.0);
    let by_pitch = |name: &str| {
        let mut notes = sandbox.midi(name).notes;
        notes.sort_by(|a, b| a.pitch.cmp(&b.pitch).then(a.onset_secs.total_cmp(&b.onset_secs)));
        notes
    };
    let (before, after) = (by_pitch("take.mid"), by_pitch("bars.mid"));
    assert_eq!(before.len(), after.len());
    for (a, b) in before.iter().zip(&after) {
        assert!((a.onset_secs - b.onset_secs).abs() < 1e-3, "{a:?} {b:?}");
        assert!((a.duration_secs - b.duration_secs).abs() < 2e-3, "{a:?} {b:?}");
        assert_eq!((a.pitch, a.velocity), (b.pitch, b.velocity));
    }
    sandbox.run(&["grid", "take.mid", "-o", "take.mid"]).failed_with(&["take.mid", "choose another output"]);
    let wrong = sandbox.run(&["grid", "take.mid", "--beat-secs", "2-1"]);
    assert!(wrong.code == Some(2) && wrong.err.contains("0.3-0.9"), "{}", wrong.err);
}

#[test]
fn a_converted_score_is_the_same_score() {
    let sandbox = Sandbox::new();
    for (k, path) in scores().iter().enumerate() {
        let score = read(path);
        for name in [format!("{k}.musicxml"), format!("{k}.mxl")] {
            let json = sandbox.ok(&["convert", path.to_str().unwrap(), "--json", "-o", &name]).json();
            assert_eq!(json["notes"], score.notes.len());
            assert_eq!(read(sandbox.path(&name)).fingerprint(), score.fingerprint(), "{name}");
        }
    }
}

#[test]
fn a_page_has_every_bar_once_and_is_played_like_the_score() {
    let sandbox = Sandbox::new();
    let minuet = score(MINUET);
    let json =
        sandbox.ok(&["convert", &minuet, "--repeats", "signs", "--json", "-o", "page.musicxml"]).json();
    assert_eq!(json["measures"], 32);
    let text = std::fs::read_to_string(sandbox.path("page.musicxml")).unwrap();
    assert_eq!(text.matches("<repeat direction=\"backward\"/>").count(), 2);
    let sounding = |path: &std::path::Path| -> Vec<_> {
        read(path).notes.iter().map(|note| (note.onset, note.pitch, note.duration)).collect()
    };
    assert_eq!(sounding(&sandbox.path("page.musicxml")), sounding(std::path::Path::new(&minuet)));
    let both = sandbox.run(&["convert", &minuet, "--repeats", "signs", "--as-written", "-o", "b.musicxml"]);
    assert_eq!(both.code, Some(2), "{}", both.err);
}

#[test]
fn a_midi_file_becomes_a_printed_score() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["export", &score(PRELUDE), "--grid", "-o", "prelude.mid"]);
    let ran = sandbox.ok(&["convert", "prelude.mid"]);
    assert!(ran.out.contains("prelude.musicxml"), "{}", ran.out);
    let (mut midi, written) = (read(sandbox.path("prelude.mid")), read(sandbox.path("prelude.musicxml")));
    notation::smf::print_heading(&mut midi, "prelude");
    assert_eq!(midi.fingerprint(), written.fingerprint());
    assert!(written.title.is_some(), "a page has a title");
}

#[test]
fn converting_says_what_stands_in_the_way() {
    let sandbox = Sandbox::new();
    let prelude = score(PRELUDE);
    sandbox.ok(&["convert", &prelude, "-o", "a.musicxml"]);
    sandbox.run(&["convert", &prelude, "-o", "a.musicxml"]).failed_with(&["a.musicxml", "exists", "--force"]);
    sandbox.ok(&["convert", &prelude, "-o", "a.musicxml", "--force"]);
    sandbox.run(&["convert", &prelude, "-o", "a.pdf"]).failed_with(&["a.pdf", ".musicxml", ".mxl"]);
    sandbox
        .run(&["convert", "a.musicxml", "-o", "a.musicxml", "--force"])
        .failed_with(&["a.musicxml", "the score itself"]);
    sandbox.run(&["convert", "missing.mid"]).failed_with(&["missing.mid"]);
}

#[test]
fn devices_always_has_the_cpu() {
    let sandbox = Sandbox::new();
    let json = sandbox.ok(&["devices", "--json"]).json();
    assert!(json.as_array().unwrap().iter().any(|d| d["kind"] == "cpu"), "{json}");
    assert!(sandbox.ok(&["devices"]).out.contains("auto takes this one"));
}

#[test]
#[ignore = "needs the data folder"]
fn training_learns_stops_and_goes_on_needs_data() {
    let data = training_data();
    let sandbox = Sandbox::new();
    let tiny = ["--batch", "2", "--window", "32", "--hidden", "32", "--layers", "1", "--cooldown", "1"];
    let train = |steps: &str| {
        let args = ["train", "pianoflow", "--data", &data, "--out", "run", "--no-extra", "--steps", steps];
        Ran::of(sandbox.program(&[&args[..], &tiny[..], &["--device", "cpu", "--workers", "1"]].concat()))
    };
    let ran = train("2");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let ran = train("3");
    assert!(ran.err.contains("going on from step 2"), "{}", ran.err);
    assert!(sandbox.path("run/model").is_dir() && sandbox.path("run/curve.csv").is_file());
}

#[test]
#[ignore = "needs the data folder"]
fn evaluation_prints_a_table_with_people_beside_needs_data() {
    let data = training_data();
    let sandbox = Sandbox::new();
    let performers = "rules,pianist-transformer";
    let args = ["evaluate", "--data", &data, "--split", "test", "--performers", performers, "--limit", "2"];
    let json = sandbox.ok(&[&args[..], &["--takes", "1", "--no-peer", "--json"]].concat()).json();
    let names: Vec<&str> =
        json["rows"].as_array().unwrap().iter().map(|r| r["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["humans", "deadpan", "rules", "pianist-transformer"]);
    for row in &json["rows"].as_array().unwrap()[2..] {
        assert_eq!(row["scores"], 2);
        assert!(row["agreement"].as_array().unwrap().iter().all(serde_json::Value::is_f64), "{row}");
    }
}

#[test]
#[ignore = "needs the data folder"]
fn evaluation_tries_values_of_settings_needs_data() {
    let data = training_data();
    let sandbox = Sandbox::new();
    let args = ["evaluate", "--data", &data, "--split", "valid", "--performers", "rules,pianist-transformer"];
    let few = ["--limit", "1", "--takes", "1", "--json", "--set", "temperature=0,0.8", "--set", "top-p=0.9"];
    let json = sandbox.ok(&[&args[..], &few[..]].concat()).json();
    let names: Vec<&str> =
        json["rows"].as_array().unwrap().iter().map(|r| r["name"].as_str().unwrap()).collect();
    let tried = [0.0, 0.8].map(|t| format!("pianist-transformer, temperature {t}, top-p 0.9"));
    assert_eq!(names, ["humans", "deadpan", "rules", &tried[0], &tried[1]]);
}

#[test]
fn missing_data_is_told() {
    let sandbox = Sandbox::new();
    sandbox.run(&["train", "pianoflow", "--data", "nowhere", "--out", "run"]).failed_in_training();
    sandbox.run(&["train", "pianist", "--stage", "tune", "--tokens", "nowhere"]).failed_in_training();
    sandbox.run(&["train", "groove", "--grooves", "nowhere"]).failed_in_training();
    sandbox.run(&["evaluate", "--data", "nowhere"]).failed_with(&["nowhere"]);
    sandbox.run(&["train", "text", "--data", "nowhere"]).failed_with(&["nowhere", "lexicon"]);
}

impl Ran {
    /// Training says what it does on stderr before it fails.
    fn failed_in_training(&self) {
        assert_eq!(self.code, Some(1));
        let last = self.err.lines().last().unwrap_or_default();
        assert!(last.starts_with("espressivo: ") && last.contains("nowhere"), "{}", self.err);
    }
}

/// `$ESPRESSIVO_DATA`, else `../shared/data`.
fn training_data() -> String {
    let named = std::env::var("ESPRESSIVO_DATA").ok();
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data").to_owned();
    let found =
        [named, Some(beside)].into_iter().flatten().find(|f| std::path::Path::new(f).join("asap").is_dir());
    found.expect("a data folder: ESPRESSIVO_DATA or ../shared/data")
}
