//! Where no window can open: a message and a failure. And where none is asked for.

use std::process::Command;

/// Runs the window's program without a display, or with one that is taken to be there.
fn run(display: Option<&str>, data_home: &str) -> (Option<i32>, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_espressivo-studio"));
    program.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env("ESPRESSIVO_DATA_HOME", data_home);
    program.envs(display.map(|name| ("DISPLAY", name)));
    let output = program.output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn without_a_display_or_a_place_for_data_it_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (code, err) = run(None, folder.path().to_str().unwrap());
    assert_eq!(code, Some(1), "{err}");
    assert!(err.starts_with("espressivo: the window cannot open: there is no display"), "{err}");
    assert!(!err.contains("panicked"), "{err}");
    let (code, err) = run(Some(":64999"), folder.path().to_str().unwrap());
    assert!(code == Some(1) && err.contains("does not answer"), "{err}");
    // A display on another machine is believed to be there.
    let (code, err) = run(Some("elsewhere:0"), "/dev/null/espressivo");
    assert_eq!(code, Some(1), "{err}");
    assert!(err.contains("/dev/null/espressivo") && err.contains("ESPRESSIVO_DATA_HOME"), "{err}");
    assert!(!err.contains("panicked"), "{err}");
}

#[test]
fn help_and_version_need_no_window() {
    for (option, text) in [("--help", "Usage: espressivo-studio"), ("--version", "espressivo-studio ")] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_espressivo-studio"));
        program.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
        let output = program.arg(option).output().unwrap();
        assert!(output.status.success());
        assert!(String::from_utf8(output.stdout).unwrap().contains(text), "{option}");
    }
}
