//! `espressivo data`: containers from a checkout of a published set, written into a folder.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::compare::{self, Comparison};
use super::container::{Container, Performances};
use super::{asap, batik, mazurkabl};

/// From where to where.
pub struct Paths {
    /// The checkout.
    pub checkout: PathBuf,
    /// The folder for containers and the list of what was left out.
    pub out: PathBuf,
    /// What to compare with: a folder with containers of the same names, or the index of one.
    pub reference: Option<PathBuf>,
}

/// What was left out: file, recording, reason.
type Dropped = Vec<[String; 3]>;

/// Makes `train`, `valid`, `test` and `extra_train` from a checkout of (n)ASAP; `say` hears what is
/// read. Returns what came of it, as text.
///
/// # Errors
/// When the folder is no checkout, or a file cannot be read or written.
pub fn asap(paths: &Paths, say: &mut dyn FnMut(&str)) -> Result<String> {
    let built = asap::build(&paths.checkout, say)?;
    let dropped = built.dropped.into_iter().map(|d| [d.midi, String::new(), d.reason]);
    finish(paths, &built.containers, compare::aligned, &dropped.collect())
}

/// Makes `batik` and `batik_extra` from a checkout of Batik plays Mozart.
///
/// # Errors
/// As [`asap()`].
pub fn batik(paths: &Paths, say: &mut dyn FnMut(&str)) -> Result<String> {
    let built = batik::build(&paths.checkout, say)?;
    let dropped = built.dropped.into_iter().map(|(midi, reason)| [midi, String::new(), reason]);
    finish(paths, &built.containers, compare::aligned, &dropped.collect())
}

/// Makes `mazurkabl` from a checkout of MazurkaBL.
///
/// # Errors
/// As [`asap()`].
pub fn mazurkabl(paths: &Paths, say: &mut dyn FnMut(&str)) -> Result<String> {
    let built = mazurkabl::build(&paths.checkout, say)?;
    let dropped = built.dropped.into_iter();
    let dropped = dropped.map(|(name, pid, reason)| [name, pid.unwrap_or_default(), reason]);
    finish(paths, &[built.container], compare::beats, &dropped.collect())
}

/// Writes everything, compares, and says what came of it.
fn finish<P: Performances + Clone>(
    paths: &Paths,
    containers: &[Container<P>],
    compare: fn(&Container<P>, &Container<P>) -> Result<Comparison>,
    dropped: &Dropped,
) -> Result<String> {
    fs::create_dir_all(&paths.out).with_context(|| format!("cannot create {}", paths.out.display()))?;
    let mut text = String::new();
    for container in containers {
        container.write(&paths.out)?;
        let (scores, performances) = (container.scores.len(), container.performances.len());
        let notes = container.columns.rows("score");
        let name = &container.name;
        writeln!(
            text,
            "{name:<12} {scores:>4} scores, {performances:>5} performances, {notes:>7} score notes"
        )?;
    }
    write_dropped(dropped, &paths.out.join("dropped.csv"))?;
    text += &reasons(dropped);
    if let Some(reference) = &paths.reference {
        for container in containers {
            if let Some(theirs) = find(reference, &container.name)? {
                writeln!(
                    text,
                    "\n{} against {}\n{}",
                    container.name,
                    reference.display(),
                    compare(container, &theirs)?
                )?;
            }
        }
    }
    Ok(text)
}

/// The container of this name at a place; nothing if the place has none.
fn find<P: Performances>(place: &Path, name: &str) -> Result<Option<Container<P>>> {
    if place.is_dir() {
        let there = place.join(format!("{name}.json")).is_file();
        return there.then(|| Container::read(place, name)).transpose();
    }
    let (folder, stem) = (place.parent(), place.file_stem());
    let stem = stem.with_context(|| format!("{} is no container", place.display()))?.to_string_lossy();
    let same = stem == name;
    same.then(|| Container::read(folder.unwrap_or(Path::new(".")), &stem)).transpose()
}

fn write_dropped(dropped: &Dropped, path: &Path) -> Result<()> {
    let mut text = "file,recording,reason\n".to_owned();
    for fields in dropped {
        let quoted = fields.each_ref().map(|f| format!("\"{}\"", f.replace('"', "\"\"")));
        text += &format!("{}\n", quoted.join(","));
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// How often each reason was given; what follows a colon belongs to one case.
fn reasons(dropped: &Dropped) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for [.., reason] in dropped {
        let kind = reason.split_once(':').map_or(reason.as_str(), |(kind, _)| kind);
        let kind = kind.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
        *counts.entry(kind.to_owned()).or_default() += 1;
    }
    let line = |(reason, count): (String, usize)| format!("left out {count:>5}  {reason}\n");
    counts.into_iter().map(line).collect()
}
