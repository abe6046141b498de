//! A project on a disk that is really full.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;
use std::process::Command as Program;

use protocol::{Command, Edit, VersionId};
use support::{Harness, request};

/// A small disk; it is there as long as the value.
struct Disk(tempfile::TempDir);

impl Disk {
    fn new(size: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Program::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]).arg(folder.path());
        assert!(mount.status().unwrap().success(), "only the superuser may do that");
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn fill(&self) {
        // What is left over is written byte by byte.
        for chunk in [4096, 1] {
            let mut file =
                std::fs::File::options().append(true).create(true).open(self.path().join("filler"));
            while std::io::Write::write_all(file.as_mut().unwrap(), &vec![0; chunk]).is_ok() {}
        }
    }

    fn make_room(&self) {
        std::fs::remove_file(self.path().join("filler")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        Program::new("umount").arg("-l").arg(self.path()).status().ok();
    }
}

#[test]
#[ignore = "mounts a disk, which the superuser may"]
fn a_full_disk_is_told_of_on_opening_and_loses_nothing_on_demand() {
    let disk = Disk::new("2m");
    let path = disk.path().join("full.espressivo");
    let mut harness = Harness::new();
    harness.open_minuet();
    harness.ask(Command::SaveAs(Some(path.clone())));
    harness.ask(Command::Close);
    disk.fill();
    harness.ask(Command::Open(path.clone()));
    let told = |harness: &Harness, words: &str| harness.face.messages.iter().any(|m| m.text.contains(words));
    assert!(told(&harness, "the disk is full"), "{:?}", harness.face.messages);
    harness.perform(request(2));
    harness.ask(Command::Edit(VersionId::Take(1), Edit::Velocities(vec![(3, 99)])));
    assert!(told(&harness, "kept in Espressivo's own folder"), "{:?}", harness.face.messages);
    assert_eq!(harness.studio.current().unsaved, None, "it is in a file");
    let played = harness.played(VersionId::Take(1)).clone();
    // After a crash.
    let folder = harness.crash();
    let mut harness = Harness::in_folder(folder);
    assert_eq!(harness.played(VersionId::Take(1)), &played);
    harness.ask(Command::Close);
    // Closing leaves it in the list.
    harness.ask(Command::Open(path.clone()));
    harness.perform(request(3));
    let other = harness.played(VersionId::Take(1)).clone();
    harness.ask(Command::Close);
    let recent = harness.face.start.clone().unwrap().recent;
    assert!(recent[0].is_untitled && recent[0].name.contains("full"), "{recent:?}");
    harness.ask(Command::Open(recent[0].path.clone().into()));
    assert_eq!(harness.played(VersionId::Take(1)), &other);
    // With room again the file gets everything.
    harness.ask(Command::Open(path.clone()));
    harness.perform(request(4));
    disk.make_room();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    harness.settle();
    assert!(told(&harness, "complete again"), "{:?}", harness.face.messages);
    let mut harness = Harness::new();
    harness.ask(Command::Open(path));
    assert_eq!(harness.project().takes.len(), 1);
}
