//! Rough handling: files that are there already, kills, hostile texts, names that are no text.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::program::{PRELUDE, Sandbox, long_score, score};

const RULES: [&str; 2] = ["--performer", "rules"];

fn set_mode(sandbox: &Sandbox, name: &str, mode: u32) {
    std::fs::set_permissions(sandbox.path(name), std::fs::Permissions::from_mode(mode)).unwrap();
}

fn mode(sandbox: &Sandbox, name: &str) -> u32 {
    std::fs::metadata(sandbox.path(name)).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_file_is_replaced_only_when_asked_for_and_keeps_its_mode() {
    let sandbox = Sandbox::new();
    let prelude = score(PRELUDE);
    let args = [&["export", &prelude, "--wav", "-o", "a.mid"][..], &["--force"]].concat();
    for name in ["a.mid", "a.wav"] {
        sandbox.put(name, "old");
    }
    sandbox.run(&args[..args.len() - 1]).failed_with(&["a.mid", "exists", "--force"]);
    for name in ["a.mid", "a.wav"] {
        set_mode(&sandbox, name, 0o640);
    }
    sandbox.ok(&args);
    for name in ["a.mid", "a.wav"] {
        assert_ne!(sandbox.bytes(name), b"old");
        assert_eq!(mode(&sandbox, name), 0o640, "{name}");
    }
    set_mode(&sandbox, "a.wav", 0o444);
    let before = sandbox.bytes("a.wav");
    sandbox.run(&args).failed_with(&["a.wav", "write-protected"]);
    assert_eq!(sandbox.bytes("a.wav"), before);
    sandbox.put("page.html", "old");
    let report = ["evaluate", "--report", "page.html"];
    sandbox.run(&report).failed_with(&["page.html", "exists", "--force"]);
}

#[test]
fn what_training_would_replace_is_replaced_only_when_asked_for() {
    let sandbox = Sandbox::new();
    for folder in ["checkout", "out", "models/mood", "models/text"] {
        std::fs::create_dir_all(sandbox.path(folder)).unwrap();
    }
    for (file, args) in [
        ("out/extra_train.json", &["data", "asap", "checkout", "-o", "out"][..]),
        ("out/dropped.csv", &["data", "batik", "checkout", "-o", "out"]),
        ("out/mazurkabl.bin.gz", &["data", "mazurkabl", "checkout", "-o", "out"]),
        ("models/text/words.tsv", &["train", "text", "--data", "checkout", "--out", "models/text"]),
        ("models/mood/labels.json", &["train", "mood", "--data", "checkout", "--models", "models"]),
        ("models/mood/listeners.json", &["train", "listeners", "--data", "checkout", "--models", "models"]),
        ("models/mood/judge.json", &["train", "listeners", "--data", "checkout", "--models", "models"]),
    ] {
        sandbox.put(file, "old");
        sandbox.run(args).failed_with(&[file, "exists", "--force"]);
        // With it the work begins, and finds that there is nothing to work on.
        let ran = sandbox.run(&[args, &["--force"]].concat());
        assert_eq!(ran.code, Some(1), "{}", ran.err);
        assert!(!ran.err.contains("exists"), "{}", ran.err);
        assert_eq!(sandbox.bytes(file), b"old");
        std::fs::remove_file(sandbox.path(file)).unwrap();
    }
}

/// Starts writing a long sound and waits until it is begun.
fn writing(sandbox: &Sandbox, output: &str) -> std::process::Child {
    let before = sandbox.files();
    let mut command = sandbox.program(&["export", "long.musicxml", "-o", output]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    while !sandbox.files().iter().any(|f| f.ends_with(".part") && !before.contains(f)) {
        assert!(begun.elapsed() < Duration::from_secs(25), "the sound was not begun: {:?}", sandbox.files());
        std::thread::sleep(Duration::from_millis(5));
    }
    child
}

#[test]
fn what_a_kill_left_is_gone_after_the_next_writing_and_what_is_written_stays() {
    let sandbox = Sandbox::new();
    sandbox.put("long.musicxml", long_score(3000));
    let mut killed = writing(&sandbox, "killed.wav");
    killed.kill().unwrap();
    killed.wait().unwrap();
    let left = sandbox.files().into_iter().find(|f| f.ends_with(".part")).expect("a kill leaves it");
    let mut other = writing(&sandbox, "other.wav");
    sandbox.ok(&["export", &score(PRELUDE), "-o", "take.mid"]);
    let parts: Vec<String> = sandbox.files().into_iter().filter(|f| f.ends_with(".part")).collect();
    assert!(
        parts.len() == 1 && parts[0] != left,
        "{left} is gone, that of the other program is not: {parts:?}"
    );
    other.kill().unwrap();
    other.wait().unwrap();
}

#[test]
fn one_request_to_stop_is_enough_wherever_the_work_is() {
    let sandbox = Sandbox::new();
    sandbox.put("long.musicxml", long_score(3000));
    for pause_ms in [0, 30, 100, 300, 600] {
        let args = [&["perform", "long.musicxml", "--wav", "--force", "-o", "x.mid"][..], &RULES].concat();
        let child = sandbox.program(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(pause_ms));
        let sent = Instant::now();
        assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        assert!(sent.elapsed() < Duration::from_secs(3), "{pause_ms} ms: after {:?}", sent.elapsed());
        assert!(!output.status.success(), "{pause_ms} ms");
        assert!(
            !sandbox.files().iter().any(|f| f.ends_with(".part")),
            "{pause_ms} ms: {:?}",
            sandbox.files()
        );
    }
}

#[test]
fn names_that_are_not_unicode_are_read_and_written() {
    let sandbox = Sandbox::new();
    let name = OsStr::from_bytes(b"caf\xe9.musicxml");
    std::fs::copy(score(PRELUDE), sandbox.folder.path().join(name)).unwrap();
    let args = |more: &[&str]| -> Vec<OsString> {
        let words = more[..1].iter().map(OsString::from).chain([name.to_owned()]);
        words.chain(more[1..].iter().map(OsString::from)).collect()
    };
    let ran = sandbox.ok(&args(&["perform", "--performer", "rules", "--json"]));
    assert!(ran.json()["score"].as_str().unwrap().starts_with("caf"));
    assert!(
        sandbox.folder.path().join(OsStr::from_bytes(b"caf\xe9-rules-1.mid")).is_file(),
        "{:?}",
        sandbox.files()
    );
    let out = OsStr::from_bytes(b"\xff.mid");
    sandbox.ok(&[args(&["export", "-o"]), vec![out.to_owned()]].concat());
    assert!(sandbox.folder.path().join(out).is_file());
    sandbox.ok(&args(&["info", "--json"]));
}

#[test]
fn several_scores_are_performed_each_into_its_own_file() {
    let sandbox = Sandbox::new();
    for name in ["a.musicxml", "b.musicxml"] {
        std::fs::copy(score(PRELUDE), sandbox.path(name)).unwrap();
    }
    sandbox.put("broken.mid", "no");
    let ran = sandbox.run(&["a.musicxml", "broken.mid", "b.musicxml"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.contains("broken.mid"), "{}", ran.err);
    let made = sandbox.files().into_iter().filter(|f| f.ends_with("-1.mid")).count();
    assert_eq!(made, 2, "{:?}", sandbox.files());
}

#[test]
fn nothing_that_a_file_says_is_obeyed_by_the_terminal() {
    let sandbox = Sandbox::new();
    let title = "&#x9b;2J\u{85}Red\u{202e}der &#x200b;line&#10;two";
    let hostile = long_score(1)
        .replace("<part-list>", &format!("<work><work-title>{title}</work-title></work><part-list>"))
        .replace("<part-name>Piano", "<part-name>Pia\u{9b}31mno");
    // All but one of the notes go.
    let first = hostile.find("</note>").unwrap() + 7;
    let last = hostile.rfind("</note>").unwrap() + 7;
    sandbox.put("hostile\u{1b}[31m.musicxml", hostile[..first].to_owned() + &hostile[last..]);
    let is_harmless = |text: &str| {
        let shows =
            |c: char| c == '\n' || !(c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{200b}'));
        assert!(text.chars().all(shows), "{text:?}");
    };
    let file = "hostile\u{1b}[31m.musicxml";
    for args in [&["info", file][..], &["info", file, "--json"], &["perform", file, "--performer", "rules"]] {
        let ran = sandbox.ok(args);
        is_harmless(&ran.out);
        is_harmless(&ran.err);
    }
    let ran = sandbox.ok(&["info", file]);
    assert!(ran.out.contains("1 staff, 1 note\n"), "{}", ran.out);
    assert_eq!(ran.out.lines().filter(|line| line.starts_with("two")).count(), 0, "{}", ran.out);
    is_harmless(&sandbox.run(&["info", "missing\u{1b}[31m\u{202e}.musicxml"]).err);
}
