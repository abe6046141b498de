//! Ctrl-C in the middle of the work.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::program::{Sandbox, long_score};

#[test]
fn nothing_unfinished_is_left() {
    let sandbox = Sandbox::new();
    sandbox.put("long.musicxml", long_score(3000));
    sandbox.put("long.wav", "older");
    let mut command =
        sandbox.program(&["perform", "long.musicxml", "--performer", "rules", "--force", "-o", "long.wav"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    while !sandbox.files().iter().any(|f| f.ends_with(".part")) {
        assert!(begun.elapsed() < Duration::from_secs(25), "the sound was not begun: {:?}", sandbox.files());
        std::thread::sleep(Duration::from_millis(5));
    }
    let sent = Instant::now();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert!(sent.elapsed() < Duration::from_secs(2), "stopped only after {:?}", sent.elapsed());
    assert_eq!(output.status.code(), Some(130));
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(err.lines().last(), Some("espressivo: stopped; no unfinished file is left"), "{err}");
    assert_eq!(sandbox.files(), ["long.musicxml", "long.wav"]);
    assert_eq!(sandbox.bytes("long.wav"), b"older");
}
