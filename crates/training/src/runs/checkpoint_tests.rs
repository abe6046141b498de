#![allow(clippy::unwrap_used)]

use anyhow::bail;

use super::*;

/// Writes a checkpoint that holds a number.
fn holding(number: u32) -> impl FnOnce(&Path) -> Result<()> {
    move |folder: &Path| write_json(folder, "number.json", &number)
}

fn number(folder: &Path) -> u32 {
    read_json(folder, "number.json").unwrap()
}

/// What lies in the folder of the run, in alphabetical order.
fn names(run: &Path) -> Vec<String> {
    let entries = fs::read_dir(run).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_checkpoint_replaces_the_one_before() {
    let run = tempfile::tempdir().unwrap();
    let folder = run.path().join("checkpoint");
    assert!(!recover(&folder).unwrap());
    for step in 1..=3 {
        replace(&folder, holding(step)).unwrap();
        assert!(recover(&folder).unwrap());
        assert_eq!(number(&folder), step);
        assert_eq!(names(run.path()), ["checkpoint"]);
    }
}

fn half_written(folder: &Path) -> Result<()> {
    fs::create_dir_all(new(folder))?;
    write_json(&new(folder), "number.json", &2)
}

fn written(folder: &Path) -> Result<()> {
    write_new(folder, holding(2))
}

fn between_renames(folder: &Path) -> Result<()> {
    written(folder)?;
    set_old_aside(folder)
}

fn before_removal(folder: &Path) -> Result<()> {
    between_renames(folder)?;
    put_new_in_place(folder)
}

#[test]
fn a_kill_at_any_moment_loses_no_checkpoint() {
    type Kill = fn(&Path) -> Result<()>;
    let kills: [(Kill, u32); 5] =
        [(half_written, 1), (written, 1), (between_renames, 2), (before_removal, 2), (set_old_aside, 1)];
    for (k, (kill, left)) in kills.into_iter().enumerate() {
        let run = tempfile::tempdir().unwrap();
        let folder = run.path().join("checkpoint");
        replace(&folder, holding(1)).unwrap();
        kill(&folder).unwrap();
        assert!(recover(&folder).unwrap(), "kill {k}");
        assert_eq!(number(&folder), left, "kill {k}");
        // The next checkpoint takes away what was left, also if nobody has opened this one.
        kill(&folder).unwrap();
        replace(&folder, holding(3)).unwrap();
        assert_eq!(number(&folder), 3, "kill {k}");
        assert_eq!(names(run.path()), ["checkpoint"], "kill {k}");
    }
}

#[test]
fn a_first_checkpoint_that_is_incomplete_is_none() {
    let run = tempfile::tempdir().unwrap();
    let folder = run.path().join("checkpoint");
    fs::create_dir_all(new(&folder)).unwrap();
    assert!(!recover(&folder).unwrap());
    replace(&folder, holding(1)).unwrap();
    assert_eq!(number(&folder), 1);
}

#[test]
fn a_checkpoint_that_cannot_be_written_leaves_the_old_one() {
    let run = tempfile::tempdir().unwrap();
    let folder = run.path().join("checkpoint");
    replace(&folder, holding(1)).unwrap();
    let error = replace(&folder, |_| bail!("the disk is full")).unwrap_err();
    assert_eq!(error.to_string(), "the disk is full");
    assert!(recover(&folder).unwrap());
    assert_eq!(number(&folder), 1);
}

#[test]
fn a_folder_may_have_a_dot_in_its_name() {
    let run = tempfile::tempdir().unwrap();
    let folder = run.path().join("run.1");
    replace(&folder, holding(1)).unwrap();
    between_renames(&folder).unwrap();
    assert_eq!(names(run.path()), ["run.1.new", "run.1.old"]);
    assert!(recover(&folder).unwrap());
    assert_eq!(number(&folder), 2);
}

#[test]
fn what_is_missing_or_damaged_is_named() {
    let run = tempfile::tempdir().unwrap();
    let missing = read_json::<u32>(run.path(), "progress.json").unwrap_err();
    assert!(missing.to_string().starts_with("the checkpoint has no "), "{missing}");
    fs::write(run.path().join("progress.json"), "x").unwrap();
    let damaged = read_json::<u32>(run.path(), "progress.json").unwrap_err();
    assert!(damaged.to_string().ends_with("progress.json is damaged"), "{damaged}");
}
