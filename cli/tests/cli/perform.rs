//! `espressivo perform` on the scores that come with it.

use notation::Marks;
use notation::smf::file::MidiFile;

use crate::program::{MINUET, PRELUDE, Sandbox, read, root, score, scores};

#[test]
fn every_score_is_performed_with_all_its_notes() {
    let sandbox = Sandbox::new();
    for path in scores() {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let ran = sandbox.ok(&["perform", path.to_str().unwrap(), "--performer", "rules"]);
        let file = format!("{name}-rules-1.mid");
        assert!(ran.out.contains(&file), "{}", ran.out);
        let (played, score) = (sandbox.midi(&file), read(&path));
        // Ornaments have more keys than they are written with.
        let ornaments = Marks::TRILL | Marks::MORDENT | Marks::TURN | Marks::TREMOLO;
        let is_plain = !score.notes.iter().any(|n| n.marks.intersects(ornaments));
        assert!(played.notes.len() >= score.notes.len(), "{name}");
        assert!(!is_plain || played.notes.len() == score.notes.len(), "{name}");
        let mut velocities: Vec<u8> = played.notes.iter().map(|n| n.velocity).collect();
        velocities.sort_unstable();
        velocities.dedup();
        assert!(velocities.len() > 8, "{name} is played without expression: {velocities:?}");
    }
}

#[test]
fn the_seed_decides() {
    let sandbox = Sandbox::new();
    let prelude = score(PRELUDE);
    for (seed, out) in [("7", "a.mid"), ("7", "b.mid"), ("8", "c.mid")] {
        sandbox.ok(&["perform", &prelude, "--performer", "rules", "--seed", seed, "-o", out]);
    }
    assert_eq!(sandbox.bytes("a.mid"), sandbox.bytes("b.mid"));
    assert_ne!(sandbox.bytes("a.mid"), sandbox.bytes("c.mid"));
}

#[test]
fn takes_differ_and_are_those_of_the_following_seeds() {
    let sandbox = Sandbox::new();
    let prelude = score(PRELUDE);
    sandbox.ok(&["perform", &prelude, "--performer", "rules", "--takes", "3", "--seed", "4", "-o", "t.mid"]);
    assert_eq!(sandbox.files(), ["t-1.mid", "t-2.mid", "t-3.mid"]);
    assert_ne!(sandbox.bytes("t-1.mid"), sandbox.bytes("t-2.mid"));
    sandbox.ok(&["perform", &prelude, "--performer", "rules", "--seed", "6", "-o", "third"]);
    assert_eq!(sandbox.bytes("t-3.mid"), sandbox.bytes("third.mid"));
    let usage = sandbox.run(&["perform", &prelude, "--takes", "6"]);
    assert_eq!(usage.code, Some(2), "{}", usage.err);
}

#[test]
fn a_missing_model_is_replaced_by_the_rules_unless_it_was_asked_for() {
    let sandbox = Sandbox::new();
    let prelude = score(PRELUDE);
    let mut command = sandbox.program(&["perform", &prelude, "--set", "variety=0.5"]);
    let ran = crate::program::Ran::of({
        command.env("ESPRESSIVO_MODELS", sandbox.folder.path());
        command
    });
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("`rules` plays instead"), "{}", ran.err);
    assert_eq!(sandbox.files(), [format!("{PRELUDE}-rules-1.mid")]);

    let sandbox = Sandbox::new();
    let mut command = sandbox.program(&["perform", &prelude, "--set", "swing=0.5"]);
    command.env("ESPRESSIVO_MODELS", sandbox.folder.path());
    crate::program::Ran::of(command).failed_with(&["swing", "variety"]);

    let mut command = sandbox.program(&["perform", &prelude, "--performer", "pianoflow"]);
    command.env("ESPRESSIVO_MODELS", sandbox.folder.path());
    crate::program::Ran::of(command).failed_with(&[
        "pianoflow",
        "needs no model",
        sandbox.path("").to_str().unwrap(),
    ]);
    assert!(sandbox.files().is_empty());
}

#[test]
fn settings_of_the_performer_are_kept_in_the_summary_and_refused_where_they_cannot_be() {
    let sandbox = Sandbox::new();
    let prelude = score(PRELUDE);
    let rules = ["perform", &prelude, "--performer", "rules"];
    let with = |more: &[&str]| sandbox.run(&[rules.as_slice(), more].concat());
    for (set, words) in [
        ("swing=fast", ["`swing`", "from 0 to 1", "fast"]),
        ("swing=2", ["`swing`", "from 0 to 1", "not to 2"]),
        ("style=pop", ["`style`", "swing, inegales", "phrasing"]),
    ] {
        with(&["--set", set]).failed_with(&words);
    }
    assert_eq!(with(&["--set", "swing"]).code, Some(2));
    assert!(sandbox.files().is_empty());
    let ran = with(&["--set", "swing = 0.5", "--json"]);
    assert_eq!(ran.json()["settings"], serde_json::json!({"swing": 0.5}));
    let ran = with(&["--set", "phrasing=0", "--force"]);
    assert!(ran.out.contains("\nphrasing: 0\n"), "{}", ran.out);
}

#[test]
fn pianoflow_plays_with_its_model() {
    let models = root().join("models");
    let sandbox = Sandbox::new();
    let prelude = score(PRELUDE);
    for out in ["a.mid", "b.mid"] {
        let mut command = sandbox.program(&["perform", &prelude, "--device", "cpu", "--json", "-o", out]);
        command.env("ESPRESSIVO_MODELS", &models);
        let ran = crate::program::Ran::of(command);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert_eq!(ran.json()["performer"]["id"], "pianoflow");
        assert_eq!(ran.json()["device"]["kind"], "cpu");
    }
    assert_eq!(sandbox.bytes("a.mid"), sandbox.bytes("b.mid"));
    assert_eq!(sandbox.midi("a.mid").notes.len(), read(&prelude).notes.len());
}

#[test]
fn the_pianist_transformer_plays_with_its_model_and_needs_no_device() {
    let sandbox = Sandbox::new();
    let prelude = score(PRELUDE);
    let run = |args: &[&str]| {
        let own = ["perform", &prelude, "--performer", "pianist-transformer", "--json"];
        let mut command = sandbox.program(&[&own[..], args].concat());
        command.env("ESPRESSIVO_MODELS", root().join("models"));
        let ran = crate::program::Ran::of(command);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        ran.json()
    };
    for (seed, out) in [("1", "a.mid"), ("1", "b.mid"), ("2", "c.mid")] {
        let json = run(&["--seed", seed, "-o", out]);
        assert_eq!(json["performer"]["id"], "pianist-transformer");
        assert!(json["device"].is_null(), "{json}");
    }
    assert_eq!(sandbox.bytes("a.mid"), sandbox.bytes("b.mid"));
    assert_ne!(sandbox.bytes("a.mid"), sandbox.bytes("c.mid"));
    for (seed, out) in [("1", "d.mid"), ("2", "e.mid")] {
        run(&["--seed", seed, "--set", "temperature=0", "-o", out]);
    }
    let (cold, other) = (sandbox.midi("d.mid"), sandbox.midi("e.mid"));
    assert_eq!(cold.notes.len(), other.notes.len());
    for (a, b) in cold.notes.iter().zip(&other.notes) {
        // The steps of a rolled chord have some chance of their own.
        assert_eq!((a.pitch, a.velocity), (b.pitch, b.velocity));
        assert!((a.onset_secs - b.onset_secs).abs() < 5e-3, "{a:?} {b:?}");
    }
    run(&["--bars", "5-8", "--of", "a.mid", "--seed", "3", "-o", "f.mid"]);
    let written = read(&prelude);
    for file in ["a.mid", "d.mid", "f.mid"] {
        assert_eq!(sandbox.midi(file).notes.len(), written.notes.len(), "{file}");
        assert_eq!(sandbox.take(file, &written).notes.len(), written.notes.len(), "{file}");
    }
}

#[test]
fn the_groove_keeps_the_tempo_that_is_asked_for() {
    let sandbox = Sandbox::new();
    let prelude = score(PRELUDE);
    let run = |args: &[&str]| {
        let own = ["perform", &prelude, "--performer", "groove", "--tempo-bpm", "96", "--json"];
        let mut command = sandbox.program(&[&own[..], args].concat());
        command.env("ESPRESSIVO_MODELS", root().join("models"));
        let ran = crate::program::Ran::of(command);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        ran.json()
    };
    let json = run(&["--style", "pop", "--fixed", "96", "-o", "a.mid"]);
    assert_eq!(json["performer"]["id"], "groove");
    assert_eq!(json["timing"], "fixed");
    assert_eq!(json["settings"]["style"], "pop");
    assert!((json["tempo"]["per_minute"].as_f64().unwrap() - 96.0).abs() < 0.01, "{json}");
    let tempos = |file| MidiFile::read(&sandbox.bytes(file)).unwrap().tempos;
    assert_eq!(tempos("a.mid"), [(0, 625_000)]);
    assert_eq!(sandbox.midi("a.mid").notes.len(), read(&prelude).notes.len());
    run(&["--set", "style=classical", "-o", "b.mid"]);
    assert_eq!(tempos("b.mid").len(), 1, "the map of a steady beat has one tempo");
    assert_ne!(sandbox.bytes("a.mid"), sandbox.bytes("b.mid"));
}

#[test]
fn the_summary_as_json_tells_everything() {
    let sandbox = Sandbox::new();
    let minuet = score(MINUET);
    let ran = sandbox.ok(&[
        "perform",
        &minuet,
        "--performer",
        "rules",
        "--json",
        "--exact",
        "--takes",
        "2",
        "-o",
        "m.mid",
    ]);
    let json = ran.json();
    assert_eq!(json["performer"]["id"], "rules");
    assert_eq!(json["timing"], "exact");
    assert_eq!(json["notes"].as_u64().unwrap() as usize, read(&minuet).notes.len());
    let takes = json["takes"].as_array().unwrap();
    assert_eq!(takes.len(), 2);
    for (k, take) in takes.iter().enumerate() {
        assert_eq!(take["seed"], k as u64 + 1);
        let file = take["midi"].as_str().unwrap();
        let played = sandbox.midi(file);
        let end = played.notes.iter().map(|n| n.onset_secs + n.duration_secs).fold(0.0, f64::max);
        assert!((take["length_secs"].as_f64().unwrap() - end).abs() < 3.0, "{end} {take}");
    }
}

#[test]
fn the_wav_file_is_24_bit_stereo_and_as_long_as_the_performance() {
    let sandbox = Sandbox::new();
    let prelude = score(PRELUDE);
    let args = ["perform", &prelude, "--performer", "rules", "--bars", "1-4", "--json", "-o", "p.wav"];
    let ran = sandbox.ok(&[args.as_slice(), &["--sample-rate", "48000"]].concat());
    assert_eq!(sandbox.files(), ["p.wav"]);
    let wav = sandbox.bytes("p.wav");
    let u16_at = |at: usize| u16::from_le_bytes([wav[at], wav[at + 1]]);
    let u32_at = |at: usize| u32::from_le_bytes([wav[at], wav[at + 1], wav[at + 2], wav[at + 3]]);
    assert_eq!((&wav[..4], &wav[8..16]), (b"RIFF".as_slice(), b"WAVEfmt ".as_slice()));
    assert_eq!(u32_at(4) as usize, wav.len() - 8);
    assert_eq!((u16_at(22), u32_at(24), u16_at(34)), (2, 48_000, 24));
    let secs = wav.len() as f64 / (6.0 * 48_000.0);
    let played = ran.json()["takes"][0]["length_secs"].as_f64().unwrap();
    assert!(secs >= played - 0.1 && secs < played + 15.0, "{secs} s of sound, {played} s played");
    assert!(wav[100..].iter().any(|b| *b != 0));
}

#[test]
fn amounts_reach_the_performance() {
    let sandbox = Sandbox::new();
    let prelude = score(PRELUDE);
    sandbox.ok(&["perform", &prelude, "--performer", "rules", "-o", "full.mid"]);
    sandbox.ok(&[
        "perform",
        &prelude,
        "--performer",
        "rules",
        "--dynamics",
        "0",
        "--pedal",
        "0%",
        "-o",
        "flat.mid",
    ]);
    let (full, flat) = (sandbox.midi("full.mid"), sandbox.midi("flat.mid"));
    assert!(flat.notes.iter().all(|n| n.velocity == flat.notes[0].velocity));
    assert!(!full.pedals.is_empty() && flat.pedals.iter().all(|p| p.value == 0));
    for wrong in ["2.5", "-1", "loud"] {
        let ran = sandbox.run(&["perform", prelude.as_str(), "--dynamics", wrong]);
        assert_eq!(ran.code, Some(2), "{wrong}: {}", ran.err);
    }
}

#[test]
fn a_score_alone_is_performed_and_repeats_can_be_left_out() {
    let sandbox = Sandbox::new();
    let minuet = score(MINUET);
    sandbox.ok(&[minuet.as_str(), "--performer", "rules", "-o", "all.mid"]);
    sandbox.ok(&[minuet.as_str(), "--performer", "rules", "--as-written", "-o", "once.mid"]);
    // Both halves are repeated.
    assert_eq!(sandbox.midi("all.mid").notes.len(), 2 * sandbox.midi("once.mid").notes.len());
}

#[test]
fn a_folder_as_output_takes_files_with_default_names() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("out")).unwrap();
    sandbox.ok(&["perform", &score(PRELUDE), "--performer", "rules", "--seed", "3", "-o", "out"]);
    assert!(sandbox.path("out").join(format!("{PRELUDE}-rules-3.mid")).is_file());
}

#[test]
fn a_file_is_replaced_only_when_that_is_asked_for() {
    let sandbox = Sandbox::new();
    sandbox.put("mine.mid", "mine");
    let prelude = score(PRELUDE);
    for command in [["perform", &prelude, "--performer", "rules"], ["export", &prelude, "--exact", "--wav"]] {
        let into = [&command[..], &["-o", "mine.mid"]].concat();
        sandbox.run(&into).failed_with(&["mine.mid", "exists", "--force"]);
        assert_eq!(sandbox.bytes("mine.mid"), b"mine");
        assert_eq!(sandbox.files(), ["mine.mid"]);
    }
    sandbox.ok(&["perform", &prelude, "--performer", "rules", "--force", "-o", "mine.mid"]);
    assert!(sandbox.bytes("mine.mid").starts_with(b"MThd"));
}

#[cfg(unix)]
#[test]
fn a_link_as_output_stays_a_link() {
    let sandbox = Sandbox::new();
    sandbox.put("real.mid", "old");
    std::os::unix::fs::symlink("real.mid", sandbox.path("link.mid")).unwrap();
    sandbox.ok(&["perform", &score(PRELUDE), "--performer", "rules", "--force", "-o", "link.mid"]);
    assert!(sandbox.path("link.mid").symlink_metadata().unwrap().is_symlink());
    assert!(sandbox.bytes("real.mid").starts_with(b"MThd"));
}

#[test]
fn a_mood_says_what_it_will_do_and_does_it() {
    let sandbox = Sandbox::new();
    let minuet = score(MINUET);
    let perform = |out: &str, more: &[&str]| {
        let base = ["perform", &minuet, "--performer", "rules", "--exact", "-o", out];
        sandbox.ok(&[&base[..], more].concat())
    };
    perform("plain.mid", &[]);
    let sad = perform("sad.mid", &["--mood", "sad"]);
    perform("none.mid", &["--mood", "sad", "--strength", "0"]);
    assert!(sad.out.contains("slower") && sad.out.contains("softer"), "{}", sad.out);
    assert_eq!(sandbox.bytes("none.mid"), sandbox.bytes("plain.mid"), "strength 0 is no mood");
    let last = |file: &str| sandbox.midi(file).notes.iter().map(|n| n.onset_secs).fold(0.0, f64::max);
    assert!(last("sad.mid") > last("plain.mid") * 1.05);

    let bars = perform("bars.mid", &["--mood", "bars 1-8 gentle; 9-16 fierce", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&bars.out).unwrap();
    let names: Vec<&str> =
        told["moods"].as_array().unwrap().iter().filter_map(|m| m["text"].as_str()).collect();
    assert_eq!(names, ["gentle", "fierce"], "one line for bars that are repeated");
    let unknown = perform("unknown.mid", &["--mood", "blorp"]);
    assert!(unknown.out.contains("unknown: blorp"), "{}", unknown.out);
    assert_eq!(sandbox.bytes("unknown.mid"), sandbox.bytes("plain.mid"));

    let usage = sandbox.run(&["perform", &minuet, "--mood", "bars 90-99 sad", "-o", "x.mid"]);
    assert_ne!(usage.code, Some(0));
    assert!(usage.err.contains("no such bars") && usage.err.contains("90-99"), "{}", usage.err);
    assert!(!sandbox.files().contains(&"x.mid".to_owned()));
}
