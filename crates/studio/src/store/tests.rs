#![allow(clippy::unwrap_used)]

use super::*;
use crate::document::{OutsideFile, OwnSound, Source};
use crate::edit;
use crate::history::Change;
use crate::project_file::ProjectFile;
use protocol::VersionId;

fn minuet() -> Document {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scores/petzold_minuet_g.musicxml");
    let bytes = std::fs::read(path).unwrap();
    Document::new(Source { name: "minuet.musicxml".into(), bytes, as_written: false }).unwrap()
}

fn duplicate(document: &mut Document, history: &mut History) -> std::sync::Arc<Step> {
    let step = edit::duplicate(document, VersionId::Deadpan).unwrap();
    history.push(document, step)
}

fn project(folder: &Path) -> (PathBuf, Document, History) {
    let (document, history) = (minuet(), History::default());
    let path = folder.join("p.espressivo");
    Store::create(&path, &document, &history).unwrap();
    (path, document, history)
}

/// The same with three takes, each a step of its own; nobody has it open.
fn project_of_three_takes(folder: &Path) -> (PathBuf, Document, History) {
    let (path, mut document, mut history) = project(folder);
    let (mut store, _) = Store::open(&path).unwrap();
    for _ in 0..3 {
        let step = duplicate(&mut document, &mut history);
        store.push(&document, &history, &step).unwrap();
    }
    drop(store);
    (path, document, history)
}

#[test]
fn what_a_foreign_file_brings_along_is_refused_and_does_not_run() {
    let folder = tempfile::tempdir().unwrap();
    let (path, ..) = project(folder.path());
    let good = std::fs::read(&path).unwrap();
    let cases = [
        ("trigger", "CREATE TRIGGER gone AFTER UPDATE ON project BEGIN DELETE FROM steps; END"),
        ("table", "CREATE TABLE more (x)"),
        ("index", "CREATE INDEX places ON takes (checksum)"),
        (
            "view",
            "ALTER TABLE takes RENAME TO hidden;
             CREATE VIEW takes AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
             SELECT i AS number, x'00' AS take, 0 AS checksum FROM n",
        ),
        ("column", "ALTER TABLE steps ADD COLUMN more DEFAULT (random())"),
        ("missing", "DROP TABLE steps"),
    ];
    for (name, sql) in cases {
        let path = folder.path().join(name).with_extension("espressivo");
        std::fs::write(&path, &good).unwrap();
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let before = std::fs::read(&path).unwrap();
        for error in [Store::open(&path).err().unwrap(), Store::read_only(&path).err().unwrap()] {
            assert!(matches!(error, StoreError::Damaged { .. }), "{name}: {error}");
        }
        assert_eq!(std::fs::read(&path).unwrap(), before, "{name}: nothing is written");
    }
}

#[test]
fn other_files_damaged_files_and_files_from_the_future_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let (path, ..) = project(folder.path());
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let good = std::fs::read(&path).unwrap();
    let text = write("text.espressivo", b"hello");
    assert!(matches!(Store::open(&text), Err(StoreError::NotAProject { .. })));
    let empty = write("empty.espressivo", b"");
    assert!(matches!(Store::open(&empty), Err(StoreError::NotAProject { .. })));
    let missing = folder.path().join("missing.espressivo");
    assert!(matches!(Store::open(&missing), Err(StoreError::Open { .. })));
    assert!(!missing.exists(), "looking for a file makes none");

    let other = folder.path().join("other.db");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE x (y)").unwrap();
    assert!(matches!(Store::open(&other), Err(StoreError::NotAProject { .. })));

    let newer = write("newer.espressivo", &good);
    Connection::open(&newer).unwrap().pragma_update(None, "user_version", FORMAT + 1).unwrap();
    let error = Store::open(&newer).err().unwrap();
    assert!(matches!(error, StoreError::Newer { found, .. } if found == FORMAT + 1));
    assert!(error.to_string().contains("newer Espressivo"), "{error}");

    // Shorter by less than a page it may have lost nothing that is used.
    for cut in [20, 100, 4096, good.len() / 2, good.len() - 4096] {
        let cut_short = write("cut.espressivo", &good[..cut]);
        let error = Store::open(&cut_short).err().unwrap().to_string();
        assert!(error.contains("cut.espressivo"), "{error}");
    }
}

#[test]
fn damage_anywhere_is_an_error_or_harmless_but_never_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let (path, ..) = project_of_three_takes(folder.path());
    let good = std::fs::read(&path).unwrap();
    let damaged = folder.path().join("damaged.espressivo");
    let mut refused = 0;
    for k in 0..300 {
        let mut bytes = good.clone();
        let at = (k * 7919 + 13) % bytes.len();
        let end = (at + 40).min(bytes.len());
        bytes[at..end].iter_mut().for_each(|b| *b = b.wrapping_mul(31).wrapping_add(k as u8));
        std::fs::write(&damaged, bytes).unwrap();
        refused += usize::from(Store::open(&damaged).is_err());
    }
    assert!(refused > 200, "{refused}");
}

#[test]
fn a_flipped_bit_is_found_and_named_or_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (path, document, history) = project_of_three_takes(folder.path());
    let good = std::fs::read(&path).unwrap();
    let damaged = folder.path().join("damaged.espressivo");
    let mut named = 0;
    for k in 0..500 {
        let mut bytes = good.clone();
        let bit = (k * 104_729 + 977) % (8 * bytes.len());
        bytes[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(&damaged, bytes).unwrap();
        match Store::read_only(&damaged) {
            Ok(saved) => assert!(saved.document == document && saved.history == history, "bit {bit}"),
            Err(error) => {
                let text = error.to_string();
                named += usize::from(text.contains("is not what was written"));
            }
        }
    }
    // Most of the file are takes and steps.
    assert!(named > 300, "{named}");
}

#[test]
fn a_row_that_is_gone_or_comes_from_another_state_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let (path, ..) = project_of_three_takes(folder.path());
    let good = std::fs::read(&path).unwrap();
    let cases = [
        ("DELETE FROM takes WHERE number = 2", "2 of its 3 takes"),
        ("DELETE FROM steps WHERE number = 2", "2 of its 3 steps"),
        ("DELETE FROM steps WHERE number = 1", "step 1 is missing"),
        ("DELETE FROM scores", "0 of its 1 scores"),
        ("UPDATE takes SET number = 9 WHERE number = 2", "take 9 is not what was written"),
        ("UPDATE project SET steps_done = 1", "the state of the project"),
    ];
    for (sql, said) in cases {
        std::fs::write(&path, &good).unwrap();
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let error = Store::open(&path).err().unwrap().to_string();
        assert!(error.contains(said), "{sql}: {error}");
    }
}

/// A take that came from a sound, as a step.
fn heard(document: &mut Document, history: &mut History, sound: OwnSound) -> std::sync::Arc<Step> {
    let id = document.sounds.add(sound);
    let mut step = edit::duplicate(document, VersionId::Deadpan).unwrap();
    for change in &mut step.changes {
        if let Change::Added { take, .. } = change {
            take.origin.sound = Some(id);
        }
    }
    history.push(document, step)
}

#[test]
fn sounds_come_back_as_long_as_something_names_them() {
    let folder = tempfile::tempdir().unwrap();
    let (path, mut document, mut history) = project(folder.path());
    let (mut store, _) = Store::open(&path).unwrap();
    let sound = |name: &str| OwnSound {
        name: name.to_owned(),
        played_secs: (0.5, 1.0 / 3.0),
        outside: None,
        bytes: vec![7; 300_000].into(),
    };
    let unnamed = document.sounds.add(sound("unnamed.mp3"));
    let outside = OutsideFile { path: "/music/long.wav".to_owned(), size_bytes: 1 << 30, checksum: u32::MAX };
    let outside = OwnSound { outside: Some(outside), bytes: Vec::new().into(), ..sound("long.wav") };
    for sound in [sound("lesson.mp3"), outside] {
        let step = heard(&mut document, &mut history, sound);
        store.push(&document, &history, &step).unwrap();
    }
    let read = Store::read_only(&path).unwrap().document;
    assert!(read.takes == document.takes && read.takes[0].origin.sound.is_some());
    assert!(read.sounds.get(unnamed).is_none());
    let named = |document: &Document| -> Vec<_> {
        let all = document.sounds.numbered().filter(|(id, _)| *id != unnamed);
        all.map(|(id, sound)| (id, sound.clone())).collect()
    };
    assert!(named(&read) == named(&document) && named(&read).len() == 2);
    // A step that is undone may be done again.
    let step = history.undo(&mut document).unwrap();
    store.moved(&document, &history, &step).unwrap();
    store.rewrite(&document, &history).unwrap();
    drop(store);
    let read = Store::read_only(&path).unwrap().document;
    assert!(read.takes.len() == 1 && named(&read).len() == 2);
    let good = std::fs::read(&path).unwrap();
    for (sql, said) in [
        ("DELETE FROM sounds WHERE id = 1", "there is no sound 1"),
        ("UPDATE sounds SET bytes = zeroblob(9) WHERE id = 1", "sound 1 is not what was written"),
    ] {
        std::fs::write(&path, &good).unwrap();
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let error = Store::open(&path).err().unwrap().to_string();
        assert!(error.contains(said), "{sql}: {error}");
    }
}

#[test]
fn what_belongs_to_another_file_is_not_applied() {
    let folder = tempfile::tempdir().unwrap();
    let (path, ..) = project(folder.path());
    let killed = killed(&path, folder.path());
    // Another project of the same score, of the same size and age.
    let (other, document, _) = {
        let folder = folder.path().join("other");
        std::fs::create_dir(&folder).unwrap();
        project(&folder)
    };
    std::fs::copy(journal::of(&killed), journal::of(&other)).unwrap();
    let before = std::fs::read(&other).unwrap();
    let read = Store::read_only(&other).unwrap();
    assert!(read.document == document && read.notice.unwrap().contains("belongs to another file"));
    assert_eq!(std::fs::read(&other).unwrap(), before, "a reader writes nothing");
    let (store, opened) = Store::open(&other).unwrap();
    assert!(opened.document == document && opened.notice.is_some());
    drop(store);
    assert!(Store::open(&other).unwrap().1.notice.is_none(), "told of once");
    let left = std::fs::read_dir(other.parent().unwrap()).unwrap().flatten();
    let kept = left.filter(|f| f.file_name().to_string_lossy().contains("-of-another-file")).count();
    assert_eq!(kept, 1, "it is kept for whoever needs it");
}

#[test]
fn a_write_ahead_log_is_never_a_projects_own() {
    let folder = tempfile::tempdir().unwrap();
    let (path, document, _) = project(folder.path());
    let other = folder.path().join("other.espressivo");
    std::fs::copy(&path, &other).unwrap();
    let writer = Connection::open(&other).unwrap();
    writer.execute_batch("PRAGMA journal_mode = WAL; UPDATE source SET name = 'other'").unwrap();
    std::fs::copy(folder.path().join("other.espressivo-wal"), folder.path().join("p.espressivo-wal"))
        .unwrap();
    assert_eq!(Store::read_only(&path).unwrap().document, document);
    let (_, saved) = Store::open(&path).unwrap();
    assert!(saved.document == document && saved.notice.is_some());
}

#[cfg(unix)]
#[test]
fn pipes_are_not_waited_at() {
    let folder = tempfile::tempdir().unwrap();
    let (path, ..) = project(folder.path());
    let pipe =
        |path: &Path| assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
    let pipe_alone = folder.path().join("pipe.espressivo");
    pipe(&pipe_alone);
    let refused = |path: &Path| {
        let read = Store::read_only(path).map(drop).unwrap_err().to_string();
        let opened = Store::open(path).map(drop).unwrap_err().to_string();
        assert!(read.contains("a pipe") && opened.contains("a pipe"), "{read}; {opened}");
    };
    refused(&pipe_alone);
    pipe(&journal::of(&path));
    refused(&path);
}

#[test]
fn a_change_by_another_program_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let (path, mut document, mut history) = project(folder.path());
    let (mut store, _) = Store::open(&path).unwrap();
    let step = duplicate(&mut document, &mut history);
    store.push(&document, &history, &step).unwrap();
    Connection::open(&path).unwrap().execute("UPDATE project SET next_number = 99", []).unwrap();
    let step = duplicate(&mut document, &mut history);
    let error = store.push(&document, &history, &step).unwrap_err();
    assert!(matches!(error, StoreError::ChangedElsewhere { .. }), "{error}");
}

#[test]
fn a_full_disk_loses_nothing_and_is_made_good_later() {
    let folder = tempfile::tempdir().unwrap();
    let (path, ..) = project(folder.path());
    let (mut file, saved) = ProjectFile::open(folder.path(), &path).unwrap();
    let (mut document, mut history) = (saved.document, saved.history);
    let pages = |file: &ProjectFile, limit: i64| {
        let store = file.store().unwrap();
        store.connection.pragma_update_and_check(None, "max_page_count", limit, |_| Ok(())).unwrap();
    };
    pages(&file, 1);
    let mut messages = Vec::new();
    for _ in 0..4 {
        let step = duplicate(&mut document, &mut history);
        messages.extend(file.pushed(&document, &history, &step));
    }
    assert_eq!(messages.len(), 1, "told once: {messages:?}");
    assert!(messages[0].text.contains("the disk is full"), "{messages:?}");
    assert!(file.is_behind() && document.takes.len() == 4);
    let elsewhere = folder.path().join("elsewhere.espressivo");
    Store::create(&elsewhere, &document, &history).unwrap();
    assert_eq!(Store::read_only(&elsewhere).unwrap().document, document);
    pages(&file, 100_000);
    let message = file.retry(&document, &history).unwrap();
    assert!(message.text.contains("complete again"), "{message:?}");
    drop(file);
    let (_, saved) = ProjectFile::open(folder.path(), &path).unwrap();
    assert!(saved.document == document && saved.history == history);
}

#[test]
fn a_project_on_a_full_disk_is_kept_elsewhere_until_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (path, ..) = project(folder.path());
    let full = |path: &Path| Err(StoreError::Full { path: path.into() });
    let (mut file, saved) = ProjectFile::open_with(&data, &path, full).unwrap();
    let (mut document, mut history) = (saved.document, saved.history);
    assert!(file.is_behind() && file.read_only().is_none() && file.kept_meanwhile().is_none());
    // Writing goes on to fail.
    let away = folder.path().join("away");
    std::fs::rename(&path, &away).unwrap();
    let mut messages = Vec::new();
    for _ in 0..3 {
        let step = duplicate(&mut document, &mut history);
        messages.extend(file.pushed(&document, &history, &step));
    }
    assert_eq!(messages.len(), 1, "told once: {messages:?}");
    assert!(messages[0].text.contains("is kept in Espressivo's own folder"), "{messages:?}");
    let copy = file.kept_meanwhile().unwrap().to_owned();
    assert!(copy.starts_with(&data) && !file.is_in_memory_only());
    assert_eq!(Store::read_only(&copy).unwrap().document, document);
    // No room there either.
    let untitled = data.join("untitled");
    std::fs::remove_dir_all(&untitled).unwrap();
    std::fs::write(&untitled, "in the way").unwrap();
    let step = duplicate(&mut document, &mut history);
    let message = file.pushed(&document, &history, &step).unwrap();
    assert!(message.text.contains("in memory only") && file.is_in_memory_only(), "{message:?}");
    std::fs::remove_file(&untitled).unwrap();
    let message = file.retry(&document, &history).unwrap();
    assert!(message.text.contains("is kept there") && !file.is_in_memory_only(), "{message:?}");
    std::fs::rename(&away, &path).unwrap();
    let message = file.retry(&document, &history).unwrap();
    assert!(message.text.contains("complete again") && !file.is_behind(), "{message:?}");
    assert_eq!(std::fs::read_dir(&untitled).unwrap().count(), 0, "the copy is gone");
    drop(file);
    let (_, saved) = ProjectFile::open(&data, &path).unwrap();
    assert!(saved.document == document && saved.history == history);
}

#[test]
fn read_only_files_and_files_open_elsewhere_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let (path, document, _) = project(folder.path());
    let (first, _) = ProjectFile::open(folder.path(), &path).unwrap();
    assert_eq!(first.read_only(), None);
    let (second, saved) = ProjectFile::open(folder.path(), &path).unwrap();
    assert!(second.read_only().unwrap().contains("another window"), "{:?}", second.read_only());
    assert_eq!(saved.document, document);
    drop((first, second));
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    let (mut file, saved) = ProjectFile::open(folder.path(), &path).unwrap();
    assert_eq!(file.read_only(), Some("the file is read-only"));
    let same = file.save_as(&path, &saved.document, &saved.history);
    assert!(same.unwrap_err().contains("choose another name"));
    let copy = folder.path().join("copy.espressivo");
    file.save_as(&copy, &saved.document, &saved.history).unwrap();
    assert_eq!(file.read_only(), None);
    assert_eq!(Store::read_only(&copy).unwrap().document, document);
}

/// A copy of the project as a kill in the middle of a change leaves it: pages are written, and the
/// journal that takes them back lies beside it.
fn killed(path: &Path, folder: &Path) -> PathBuf {
    let copy = folder.join("killed.espressivo");
    let writer = Connection::open(path).unwrap();
    writer.execute_batch("PRAGMA synchronous = FULL; PRAGMA cache_size = 1; BEGIN IMMEDIATE;").unwrap();
    // More than the cache holds, so that it goes into the file before the end.
    let half =
        "UPDATE project SET view = zeroblob(9000); UPDATE source SET bytes = zeroblob(400000), name = 'half'";
    writer.execute_batch(half).unwrap();
    std::fs::copy(path, &copy).unwrap();
    std::fs::copy(journal::of(path), journal::of(&copy)).unwrap();
    writer.execute_batch("ROLLBACK").unwrap();
    assert_ne!(std::fs::read(path).unwrap(), std::fs::read(&copy).unwrap(), "nothing was half done");
    copy
}

#[test]
fn a_reader_sees_the_project_as_it_was_before_a_change_that_was_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let (path, document, _) = project(folder.path());
    let copy = killed(&path, folder.path());
    let before = std::fs::read(&copy).unwrap();
    let read = Store::read_only(&copy).unwrap();
    assert_eq!(read.document.source.name, document.source.name);
    assert_eq!(read.notice, None, "it is the file's own");
    assert_eq!(std::fs::read(&copy).unwrap(), before, "a reader writes nothing");
    assert!(journal::of(&copy).exists());
    assert_eq!(Store::open(&copy).unwrap().1.document.source.name, document.source.name);
    assert!(!journal::of(&copy).exists(), "a writer takes the change back for good");
}

#[test]
fn what_was_cut_off_in_an_older_file_does_not_come_back_in_one_that_replaces_it() {
    let folder = tempfile::tempdir().unwrap();
    let (path, mut document, mut history) = project(folder.path());
    let old = killed(&path, folder.path());
    duplicate(&mut document, &mut history);
    let (mut file, _) = ProjectFile::untitled(folder.path(), &document, &history);
    file.save_as(&old, &document, &history).unwrap();
    drop(file);
    let (_, saved) = Store::open(&old).unwrap();
    assert_eq!(saved.document.takes.len(), 1, "the new project is there");
    assert_eq!(saved.history.done(), 1);
}
