#![allow(clippy::unwrap_used)]

use super::*;
use crate::document::Source;
use crate::edit;
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

#[test]
fn what_a_foreign_file_brings_along_is_refused_and_does_not_run() {
    let folder = tempfile::tempdir().unwrap();
    let (path, ..) = project(folder.path());
    let good = std::fs::read(&path).unwrap();
    let cases = [
        ("trigger", "CREATE TRIGGER gone AFTER UPDATE ON project BEGIN DELETE FROM steps; END"),
        ("table", "CREATE TABLE more (x)"),
        ("index", "CREATE INDEX places ON takes (place)"),
        (
            "view",
            "ALTER TABLE takes RENAME TO hidden;
             CREATE VIEW takes AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
             SELECT x'00' AS id, i AS place, x'00' AS take FROM n",
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

    for cut in [20, 100, 4096, good.len() / 2, good.len() - 1] {
        let cut_short = write("cut.espressivo", &good[..cut]);
        let error = Store::open(&cut_short).err().unwrap().to_string();
        assert!(error.contains("cut.espressivo"), "{error}");
    }
}

#[test]
fn damage_anywhere_is_an_error_or_harmless_but_never_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let (path, mut document, mut history) = project(folder.path());
    let (mut store, _) = Store::open(&path).unwrap();
    for _ in 0..3 {
        let step = duplicate(&mut document, &mut history);
        store.push(&document, &history, &step).unwrap();
    }
    drop(store);
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
    assert!(refused > 10, "{refused}");
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
    let same = file.save_as(folder.path(), &path, &saved.document, &saved.history);
    assert!(same.unwrap_err().contains("choose another name"));
    let copy = folder.path().join("copy.espressivo");
    file.save_as(folder.path(), &copy, &saved.document, &saved.history).unwrap();
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
    writer.execute("UPDATE project SET source = zeroblob(400000), source_name = 'half done'", []).unwrap();
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
    file.save_as(folder.path(), &old, &document, &history).unwrap();
    drop(file);
    let (_, saved) = Store::open(&old).unwrap();
    assert_eq!(saved.document.takes.len(), 1, "the new project is there");
    assert_eq!(saved.history.done(), 1);
}
