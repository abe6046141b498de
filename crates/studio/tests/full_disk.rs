//! A project on a disk that is really full.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;
use std::process::Command as Program;

use protocol::{Command, Edit, VersionId};
use support::{Desk, request};

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
    let mut desk = Desk::new();
    desk.open_minuet();
    desk.ask(Command::SaveAs(Some(path.clone())));
    desk.ask(Command::Close);
    disk.fill();
    desk.ask(Command::Open(path.clone()));
    let told = |desk: &Desk, words: &str| desk.face.messages.iter().any(|m| m.text.contains(words));
    assert!(told(&desk, "the disk is full"), "{:?}", desk.face.messages);
    desk.perform(request(2));
    desk.ask(Command::Edit(VersionId::Take(1), Edit::Velocities(vec![(3, 99)])));
    assert!(told(&desk, "kept in Espressivo's own folder"), "{:?}", desk.face.messages);
    assert_eq!(desk.studio.current().unsaved, None, "it is in a file");
    let played = desk.played(VersionId::Take(1)).clone();
    // After a crash.
    let folder = desk.crash();
    let mut desk = Desk::in_folder(folder);
    assert_eq!(desk.played(VersionId::Take(1)), &played);
    desk.ask(Command::Close);
    // Closing leaves it in the list.
    desk.ask(Command::Open(path.clone()));
    desk.perform(request(3));
    let other = desk.played(VersionId::Take(1)).clone();
    desk.ask(Command::Close);
    let recent = desk.face.start.clone().unwrap().recent;
    assert!(recent[0].is_untitled && recent[0].name.contains("full"), "{recent:?}");
    desk.ask(Command::Open(recent[0].path.clone().into()));
    assert_eq!(desk.played(VersionId::Take(1)), &other);
    // With room again the file gets everything.
    desk.ask(Command::Open(path.clone()));
    desk.perform(request(4));
    disk.make_room();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    desk.settle();
    assert!(told(&desk, "complete again"), "{:?}", desk.face.messages);
    let mut desk = Desk::new();
    desk.ask(Command::Open(path));
    assert_eq!(desk.project().takes.len(), 1);
}
