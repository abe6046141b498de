#![allow(clippy::unwrap_used)]

use super::*;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn text(name: &str) -> String {
    packaging(root(), &Release { version: "0.1.0".into(), epoch: 1_796_052_000 }, name).unwrap()
}

/// What stands between two marks, each time.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    text.split(start).skip(1).filter_map(|rest| rest.split_once(end)).map(|(inside, _)| inside).collect()
}

#[test]
fn all_that_comes_along_is_there() {
    let icons = ICONS.map(|(_, file)| format!("icons/{file}"));
    for path in FOLDERS.iter().map(|f| (*f).to_owned()).chain(icons) {
        assert!(root().join(&path).exists(), "{path}");
    }
}

#[test]
fn a_window_without_its_page_says_what_is_looked_for() {
    let builds = fs::read_to_string(root().join("src-tauri/build.rs")).unwrap();
    assert!(builds.contains(NO_FACE));
}

#[test]
fn entry_types_and_software_centre_name_the_same_types_of_files() {
    let entry = text(&format!("{ID}.desktop"));
    let mut named: Vec<&str> = between(&entry, "MimeType=", "\n")[0].split_terminator(';').collect();
    let (types, metainfo) = (text("mime.xml"), text(&format!("{ID}.metainfo.xml")));
    let mut defined = between(&types, "<mime-type type=\"", "\"");
    let mut provided = between(&metainfo, "<mediatype>", "</mediatype>");
    for list in [&mut named, &mut defined, &mut provided] {
        list.sort_unstable();
    }
    assert_eq!(named, defined);
    assert_eq!(named, provided);
    let globs = between(&types, "<glob pattern=\"*.", "\"");
    assert_eq!(globs, ["espressivo", "musicxml", "mxl", "mid"]);
    let tauri = fs::read_to_string(root().join("tauri.conf.json")).unwrap();
    assert_eq!(between(&tauri, "\"identifier\": \"", "\""), [ID]);
    for word in defined.iter().chain(&globs) {
        assert!(tauri.contains(&format!("\"{word}\"")), "tauri.conf.json does not name {word}");
    }
}

#[test]
fn programs_that_the_texts_start_are_installed() {
    let entry = text(&format!("{ID}.desktop"));
    let started = between(&entry, "\nExec=", " ")[0];
    assert!(PROGRAMS.contains(&started), "{started}");
    assert_eq!(between(&text(&format!("{ID}.metainfo.xml")), "<binary>", "</binary>"), PROGRAMS);
    for program in PROGRAMS {
        assert!(text(&format!("{program}.1")).contains("2026-11-30"), "{program}");
    }
}

#[test]
#[ignore = "needs the programs that judge such files"]
fn the_desktops_own_programs_find_no_fault_needs_packager() {
    let folder = std::env::temp_dir().join(format!("espressivo-contents-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let judged = [
        (format!("{ID}.desktop"), "desktop-file-validate", vec![]),
        (format!("{ID}.metainfo.xml"), "appstreamcli", vec!["validate", "--no-net"]),
    ];
    for (name, program, args) in judged {
        let file = folder.join(&name);
        fs::write(&file, text(&name)).unwrap();
        assert!(succeeds(Command::new(program).args(args).arg(&file)), "{program} {name}");
    }
    fs::remove_dir_all(folder).unwrap();
}
