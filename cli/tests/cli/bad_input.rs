//! Whatever comes in: one clear message with the file, a failing exit code, nothing left behind.

use std::io::Write;

use crate::program::{MINUET, PRELUDE, Ran, Sandbox, long_score, score};

/// A Standard MIDI File of format 1 that says it has so many tracks.
fn midi(tracks_said: u16, tracks: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut bytes = b"MThd\0\0\0\x06\0\x01".to_vec();
    bytes.extend(tracks_said.to_be_bytes());
    bytes.extend(480u16.to_be_bytes());
    for track in tracks {
        bytes.extend(b"MTrk");
        bytes.extend((track.len() as u32).to_be_bytes());
        bytes.extend(track);
    }
    bytes
}

const TRACK_END: [u8; 4] = [0, 0xff, 0x2f, 0];

#[test]
fn broken_scores() {
    let sandbox = Sandbox::new();
    let whole = std::fs::read(score(PRELUDE)).unwrap();
    sandbox.put("cut.musicxml", &whole[..whole.len() / 2]);
    sandbox.put("empty.xml", "");
    sandbox.put("text.musicxml", "Dear diary, today I practised.");
    sandbox.put("page.xml", "<html><body>404</body></html>");
    sandbox.put("random.mid", [0x4d, 0x54, 0x68, 0x64, 0xff, 0xff, 0xff]);
    let silent = long_score(0).replace("</part>", "<measure number=\"1\"/></part>");
    sandbox.put("silent.musicxml", silent);
    sandbox.put("bomb.mxl", bomb());
    sandbox.put("tracks.mid", midi(65_535, (0..65_535).map(|_| TRACK_END.to_vec())));
    sandbox.put("fewer.mid", midi(65_535, std::iter::empty()));
    std::fs::create_dir(sandbox.path("folder.musicxml")).unwrap();
    let before = sandbox.files();
    for (file, words) in [
        ("cut.musicxml", vec!["broken XML", "line"]),
        ("empty.xml", vec!["empty"]),
        ("text.musicxml", vec!["neither MusicXML", "Dear diary"]),
        ("page.xml", vec!["not a MusicXML score", "html"]),
        ("random.mid", vec!["MIDI"]),
        ("silent.musicxml", vec!["no notes"]),
        ("bomb.mxl", vec!["too", "limit"]),
        ("tracks.mid", vec!["MIDI"]),
        ("fewer.mid", vec!["MIDI"]),
        ("missing.musicxml", vec!["No such file"]),
        ("folder.musicxml", vec!["folder"]),
    ] {
        let words = [&[file], words.as_slice()].concat();
        for command in [["perform", file], ["info", file], ["export", file]] {
            sandbox.run(&command).failed_with(&words);
        }
    }
    assert_eq!(sandbox.files(), before);
}

#[test]
fn files_that_are_no_scores_say_what_they_are_and_what_to_do() {
    let sandbox = Sandbox::new();
    sandbox.put("work.espressivo", b"SQLite format 3\0 and so on");
    sandbox.put("sound.wav", b"RIFF\x24\0\0\0WAVEfmt ");
    sandbox.put("piano.sf2", b"RIFF\x24\0\0\0sfbkLIST");
    sandbox.put("page.png", b"\x89PNG\r\n\x1a\n");
    sandbox.put("page.pdf", b"%PDF-1.7");
    for (file, words) in [
        ("work.espressivo", ["a project", "open it in the window"]),
        ("sound.wav", ["a recording of sound (WAV)", "MIDI"]),
        ("piano.sf2", ["a soundfont", "--soundfont"]),
        ("page.png", ["a picture (PNG)", "MusicXML"]),
        ("page.pdf", ["a document", "MusicXML"]),
    ] {
        for command in [["info", file], ["perform", file], ["export", file]] {
            sandbox.run(&command).failed_with(&[&[file], &words[..]].concat());
        }
    }
}

#[test]
fn a_take_says_that_it_is_one() {
    let sandbox = Sandbox::new();
    let minuet = score(MINUET);
    sandbox.ok(&["perform", &minuet, "--performer", "rules", "--exact", "-o", "take.mid"]);
    let told = sandbox.ok(&["info", "take.mid"]).out;
    assert!(told.contains("looks like") && told.contains("--of FILE"), "{told}");
    assert!(sandbox.ok(&["info", "take.mid", "--json"]).json()["looks"].is_string());
    assert!(!sandbox.ok(&["info", &minuet]).out.contains("looks like"));
}

/// An archive of some kilobytes that unpacks to 100 MiB.
fn bomb() -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("META-INF/container.xml", options).unwrap();
    archive
        .write_all(b"<container><rootfiles><rootfile full-path=\"score.xml\"/></rootfiles></container>")
        .unwrap();
    archive.start_file("score.xml", options).unwrap();
    archive.write_all(b"<score-partwise>").unwrap();
    let block = vec![b' '; 1 << 20];
    (0..100).for_each(|_| archive.write_all(&block).unwrap());
    archive.finish().unwrap().into_inner()
}

#[test]
fn broken_takes_and_soundfonts() {
    let sandbox = Sandbox::new();
    let prelude = score(PRELUDE);
    sandbox.put("take.mid", "MThd and nothing else");
    sandbox.run(&["perform", &prelude, "--bars", "3", "--of", "take.mid"]).failed_with(&["take.mid"]);
    sandbox.run(&["export", &prelude, "--of", "gone.mid"]).failed_with(&["gone.mid", "No such file"]);
    sandbox.put("lesson.txt", "Practise bars 5 to 9.");
    let words = ["lesson.txt", "this is a text, not a recording", "MIDI file (.mid) or a recording of sound"];
    sandbox.run(&["align", &prelude, "lesson.txt"]).failed_with(&words);
    sandbox.run(&["export", &prelude, "--of", "lesson.txt"]).failed_with(&words);
    std::fs::remove_file(sandbox.path("lesson.txt")).unwrap();
    sandbox.put("piano.sf2", "RIFF....sfbk");
    let sound = ["--performer", "rules", "--soundfont", "piano.sf2", "-o", "p.wav"];
    sandbox.run(&[&["perform", prelude.as_str()], &sound[..]].concat()).failed_with(&["piano.sf2"]);
    let sampled = ["--performer", "rules", "--piano", "sampled", "-o", "p.wav"];
    sandbox
        .run(&[&["perform", prelude.as_str()], &sampled[..]].concat())
        .failed_with(&["the grand piano is not on this computer", "nowhere"]);
    let folder = ["export", prelude.as_str(), "--piano", "grand", "-o", "p.wav"];
    sandbox.run(&folder).failed_with(&["grand", "piano.json"]);
    let both =
        ["export", prelude.as_str(), "--piano", "generated", "--soundfont", "piano.sf2", "-o", "p.wav"];
    assert_eq!(sandbox.run(&both).code, Some(2));
    assert_eq!(sandbox.files(), ["piano.sf2", "take.mid"]);
}

#[test]
fn wishes_that_cannot_be_met() {
    let sandbox = Sandbox::new();
    let prelude = score(PRELUDE);
    sandbox
        .run(&["perform", &prelude, "--performer", "horowitz"])
        .failed_with(&["horowitz", "pianoflow, rules"]);
    for out in ["none/p.mid", "none/p.wav", "none/"] {
        sandbox.run(&["perform", &prelude, "--performer", "rules", "-o", out]).failed_with(&[
            out,
            "the folder none",
            "is missing; make it with `mkdir",
        ]);
    }
    sandbox
        .run(&["perform", &prelude, "--performer", "rules", "-o", "p.docx"])
        .failed_with(&["p.docx", ".mid"]);
    std::fs::copy(&prelude, sandbox.path("p.mid")).unwrap();
    sandbox
        .run(&["perform", "p.mid", "--performer", "rules", "-o", "p.mid"])
        .failed_with(&["the score itself"]);
    assert_eq!(sandbox.bytes("p.mid"), std::fs::read(&prelude).unwrap());
}

#[cfg(target_os = "linux")]
#[test]
fn full_disks() {
    let sandbox = Sandbox::new();
    let prelude = score(PRELUDE);
    let rules = ["perform", &prelude, "--performer", "rules"];
    sandbox.run(&[&rules[..], &["-o", "/dev/full"]].concat()).failed_with(&["/dev/full", "No space left"]);
    sandbox.run(&[&rules[..], &["-o", "/dev/full", "--wav"]].concat()).failed_with(&["/dev/full"]);
    // Files of at most one block: every write after it fails, as on a full disk.
    for out in ["p.mid", "p.wav"] {
        let mut command = std::process::Command::new("sh");
        let script = "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\"";
        command.current_dir(sandbox.folder.path()).args(["-c", script, env!("CARGO_BIN_EXE_espressivo")]);
        command.args(rules).args(["-o", out]);
        Ran::of(command).failed_with(&[out, "File too large"]);
    }
    assert!(sandbox.files().is_empty(), "{:?}", sandbox.files());
    let mut full = sandbox.program(&["info", &prelude]);
    full.stdout(std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
    Ran::of(full).failed_with(&["standard output", "No space left"]);
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_not_waited_for() {
    let sandbox = Sandbox::new();
    assert!(std::process::Command::new("mkfifo").arg(sandbox.path("pipe.mid")).status().unwrap().success());
    for input in ["pipe.mid", "/dev/zero"] {
        sandbox.run(&["info", input]).failed_with(&[input, "not an ordinary file"]);
    }
    // A file with a hole is large without taking room.
    let huge = std::fs::File::create(sandbox.path("huge.mid")).unwrap();
    huge.set_len(5 << 30).unwrap();
    sandbox.run(&["info", "huge.mid"]).failed_with(&["huge.mid", "5120 MiB"]);
}

#[test]
fn a_reader_that_has_gone_away_is_no_fault() {
    let sandbox = Sandbox::new();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = sandbox.program(&["info", &score(PRELUDE), "--json"]);
    command.stdout(writer);
    let ran = Ran::of(command);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
}

#[test]
fn who_plays_like_nobody_says_who_does() {
    let sandbox = Sandbox::new();
    let prelude = score(PRELUDE);
    let perform = ["perform", &prelude, "--performer", "rules"];
    let like = |more: &[&str]| sandbox.run(&[&perform[..], more].concat());
    like(&["--like", "lesson.mid"]).failed_with(&["--like: rules does not play like a recording"]);
    like(&["--set", "like=lesson.mid"]).failed_with(&["rules has no setting `like`"]);
    // An option without the one that it belongs to is a mistake in the command.
    for alone in ["--like-score", "--like-second", "--like-second-score"] {
        assert_eq!(like(&[alone, "x.mid"]).code, Some(2), "{alone}");
    }
    assert!(sandbox.files().is_empty());
}
