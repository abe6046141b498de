//! `espressivo FILES` where there is a display: the program becomes the window.

use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use crate::program::{Ran, Sandbox};

/// Stands in for the window and tells what it was given.
const WINDOW: &str = "#!/bin/sh\nprintf '%s\\n' \"$WEBKIT_DISABLE_DMABUF_RENDERER\" \"$@\"\n";

/// The program in the folder of the sandbox, started as where there is a display.
fn program(sandbox: &Sandbox, files: &[&str]) -> Command {
    let path = sandbox.path("espressivo");
    let built = env!("CARGO_BIN_EXE_espressivo");
    // A symbolic link would lead the program to the window that was built beside it.
    if !path.exists() && std::fs::hard_link(built, &path).is_err() {
        std::fs::copy(built, &path).unwrap();
    }
    let mut command = Command::new(path);
    // A display on another machine is taken to be there.
    command.env("DISPLAY", "elsewhere:0").env_remove("WAYLAND_DISPLAY");
    command.env_remove("WEBKIT_DISABLE_DMABUF_RENDERER").current_dir(sandbox.folder.path());
    command.args(files).stdin(Stdio::null());
    command
}

#[test]
fn files_alone_are_handed_to_the_window_beside_the_program() {
    let sandbox = Sandbox::new();
    let window = sandbox.put("espressivo-studio", WINDOW);
    std::fs::set_permissions(window, std::fs::Permissions::from_mode(0o755)).unwrap();
    for files in [&[][..], &["a.musicxml", "b c.mid"]] {
        let ran = Ran::of(program(&sandbox, files));
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
        assert_eq!(ran.out.lines().collect::<Vec<_>>(), [&["1"][..], files].concat());
    }
}

#[test]
fn a_window_that_is_missing_is_told_of() {
    let sandbox = Sandbox::new();
    Ran::of(program(&sandbox, &["a.musicxml"]))
        .failed_with(&["cannot start the window", "espressivo-studio"]);
}
