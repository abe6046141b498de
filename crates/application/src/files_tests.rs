#![allow(clippy::unwrap_used)]

use super::*;

const LIMIT: u64 = 1 << 20;

#[test]
fn a_file_is_replaced_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.mid");
    replace(&path, b"old").unwrap();
    replace(&path, b"new").unwrap();
    assert_eq!(read(&path, LIMIT).unwrap(), b"new");
    let abandoned = Replacement::of(&path).and_then(|mut file| Ok(file.file().write_all(b"half")?));
    abandoned.unwrap();
    assert_eq!(read(&path, LIMIT).unwrap(), b"new");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn what_is_no_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let said = |path: &Path| read(path, LIMIT).unwrap_err().to_string();
    assert_eq!(said(&folder.path().join("missing")), "No such file or directory");
    assert_eq!(said(folder.path()), "this is a folder; name a file in it");
    assert!(matches!(replace(folder.path(), b""), Err(FileError::Folder)));
    let large = folder.path().join("large");
    File::create(&large).unwrap().set_len(3 * LIMIT).unwrap();
    assert_eq!(said(&large), "the file has 3 MiB, at most 1 are read");
    File::create(&large).unwrap().set_len(LIMIT).unwrap();
    assert_eq!(read(&large, LIMIT).unwrap().len(), 1 << 20, "exactly the limit is read");
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_neither_read_nor_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket")).unwrap();
    let cases = [("/dev/zero", "a device"), ("pipe", "a pipe"), ("socket", "a socket")];
    for (name, kind) in cases {
        let path = folder.path().join(name);
        for error in [read(&path, LIMIT).unwrap_err(), replace(&path, b"").unwrap_err()] {
            assert_eq!(error.to_string(), format!("this is {kind}, not an ordinary file"));
        }
        assert!(is_device(&path));
    }
}

#[cfg(unix)]
#[test]
fn a_replaced_file_keeps_its_mode_and_a_protected_one_its_contents() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.mid");
    let set = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    replace(&path, b"1").unwrap();
    for wanted in [0o600, 0o640, 0o666] {
        set(wanted);
        replace(&path, b"2").unwrap();
        assert_eq!(mode(), wanted);
    }
    set(0o444);
    assert!(matches!(replace(&path, b"3"), Err(FileError::ReadOnly)));
    assert_eq!(read(&path, LIMIT).unwrap(), b"2");
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link() {
    let folder = tempfile::tempdir().unwrap();
    let (path, link) = (folder.path().join("x.mid"), folder.path().join("link"));
    replace(&path, b"old").unwrap();
    std::os::unix::fs::symlink("x.mid", &link).unwrap();
    replace(&link, b"new").unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(read(&path, LIMIT).unwrap(), b"new");
}

#[test]
fn what_a_kill_left_goes_at_the_next_writing_and_what_is_written_now_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.mid");
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(7200);
    let left = |name: &str, is_old: bool| {
        let file = File::create(folder.path().join(name)).unwrap();
        if is_old {
            file.set_modified(old).unwrap();
        }
    };
    left(".espressivo-abc.part", false);
    left(".espressivo-abc.wav.part", true);
    left(".espressivo-abc.project", true);
    left(".espressivo-abc.project-journal", true);
    left(".espressivo-new.project", false);
    left(".espressivo-notes.txt", true);
    left("mine.part", true);
    let mut slow = Replacement::of(&folder.path().join("slow.wav")).unwrap();
    slow.file().write_all(b"RIFF").unwrap();
    replace(&path, b"take").unwrap();
    slow.finish().unwrap();
    let mut names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, [".espressivo-new.project", ".espressivo-notes.txt", "mine.part", "slow.wav", "x.mid"]);
}
