#![allow(clippy::unwrap_used)]

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::super::made_up::{curl, npm};
use super::super::sums::sum;
use super::*;

/// A package of nine bytes, `published`.
fn package(sum: &'static str) -> Package {
    Package::pip("piano", "a==1.0", "aa/bb/a-1.0.tgz", 9, sum)
}

fn expected() -> &'static str {
    sum(b"published").leak()
}

fn fetch(programs: &[Program], package: &Package, parts: &Path) -> Result<PathBuf, FetchError> {
    archive(programs, package, parts, &mut |_| (), &AtomicBool::new(false))
}

#[test]
fn what_was_stopped_goes_on_and_what_is_there_is_not_fetched_again() {
    let parts = tempfile::tempdir().unwrap();
    let file = parts.path().join("a-1.0.tgz");
    fs::write(&file, b"publ").unwrap();
    // As `--continue-at -` does: what is missing is added.
    let goes_on = curl(parts.path(), "printf ished >> \"$to\"; echo \"$name\" >> calls");
    assert_eq!(fetch(std::slice::from_ref(&goes_on), &package(expected()), parts.path()).unwrap(), file);
    assert_eq!(fs::read(&file).unwrap(), b"published");
    fetch(&[goes_on], &package(expected()), parts.path()).unwrap();
    assert_eq!(fs::read_to_string(parts.path().join("calls")).unwrap(), "a-1.0.tgz\n");
    fetch(&[], &package(expected()), parts.path()).unwrap();
}

#[test]
fn where_there_is_no_going_on_it_begins_anew() {
    let parts = tempfile::tempdir().unwrap();
    fs::write(parts.path().join("a-1.0.tgz"), b"other, and longer").unwrap();
    let refuses = curl(parts.path(), "if [ -e \"$to\" ]; then exit 33; fi; printf published > \"$to\"");
    fetch(&[refuses], &package(expected()), parts.path()).unwrap();
}

#[test]
fn without_a_network_the_part_stays_and_the_next_program_is_asked() {
    let parts = tempfile::tempdir().unwrap();
    let file = parts.path().join("a-1.0.tgz");
    fs::write(&file, b"publ").unwrap();
    let none = curl(parts.path(), "echo 'curl: (6) Could not resolve host' >&2; exit 6");
    let error =
        fetch(std::slice::from_ref(&none), &package(expected()), parts.path()).unwrap_err().to_string();
    assert!(error.contains("a==1.0") && error.contains("(Could not resolve host)"), "{error}");
    assert_eq!(fs::read(&file).unwrap(), b"publ");
    let client = npm(parts.path(), "printf published > \"$to/other-name.tgz\"");
    fetch(&[none, client], &package(expected()), parts.path()).unwrap();
    let left = fs::read_dir(parts.path()).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_dir());
    assert_eq!(left.count(), 0, "the folder of the client is left");
}

#[test]
fn another_archive_is_not_used_and_without_a_program_it_says_so() {
    let parts = tempfile::tempdir().unwrap();
    let evil = curl(parts.path(), "printf evil > \"$to\"");
    let error = fetch(&[evil], &package(expected()), parts.path()).unwrap_err();
    assert!(matches!(&error, FetchError::Wrong { package, .. } if package == "a==1.0"), "{error}");
    assert!(!parts.path().join("a-1.0.tgz").exists(), "it would be gone on with");
    let error = fetch(&[], &package(expected()), parts.path()).unwrap_err();
    assert!(matches!(error, FetchError::NoProgram { what: "piano" }), "{error}");
}

#[test]
fn it_says_how_far_it_is_and_is_stopped_within_a_moment() {
    let parts = tempfile::tempdir().unwrap();
    let slow = curl(parts.path(), "printf publ > \"$to\"; exec sleep 60");
    let (stop, began) = (AtomicBool::new(false), Instant::now());
    let mut told = Vec::new();
    let mut progress = |done: f32| {
        told.push(done);
        stop.store(done > 0.4, Ordering::Relaxed);
    };
    let fetched = archive(&[slow], &package(expected()), parts.path(), &mut progress, &stop);
    assert!(matches!(fetched, Err(FetchError::Cancelled)));
    assert!(began.elapsed() < Duration::from_secs(20));
    assert!(told.last().is_some_and(|done| (done - 4.0 / 9.0).abs() < 1e-6), "{told:?}");
}
