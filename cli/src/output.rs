//! Files out: complete or not there, and what was written told on stdout.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use application::{Folders, files, sounds};
use notation::Score;
use performance::Performance;
use serde::Serialize;
use sound::Piano;

use crate::options::Output;
use crate::running;

/// Where one performance goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The MIDI file, if one is wanted.
    pub midi: Option<PathBuf>,
    /// The WAV file, if one is wanted.
    pub wav: Option<PathBuf>,
}

/// The targets of some performances: `names` are their default names, without extension.
pub fn targets(output: &Output, names: &[String]) -> Result<Vec<Target>> {
    let many = names.len() > 1;
    names.iter().enumerate().map(|(k, name)| target(output, name, many.then_some(k + 1))).collect()
}

fn target(output: &Output, name: &str, number: Option<usize>) -> Result<Target> {
    let both =
        |midi: PathBuf| Target { wav: output.wav.then(|| midi.with_extension("wav")), midi: Some(midi) };
    let Some(out) = &output.out else {
        return Ok(both(PathBuf::from(format!("{name}.mid"))));
    };
    if out.is_dir() {
        return Ok(both(out.join(format!("{name}.mid"))));
    }
    if files::is_device(out) {
        ensure!(!output.wav && number.is_none(), "{}: only one MIDI file can go there", out.display());
        return Ok(Target { midi: Some(out.clone()), wav: None });
    }
    let extension = out.extension().map(|e| e.to_string_lossy().to_lowercase());
    let out = if extension.is_none() { out.with_extension("mid") } else { out.clone() };
    let out = number.map_or_else(|| out.clone(), |n| numbered(&out, n));
    match extension.as_deref() {
        Some("wav") => Ok(Target { midi: None, wav: Some(out) }),
        None | Some("mid" | "midi" | "smf") => Ok(both(out)),
        Some(_) => bail!("{}: name an output that ends in .mid or .wav, or a folder", out.display()),
    }
}

fn numbered(path: &Path, number: usize) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}-{number}.{extension}"))
}

/// Finds out before the long work what would stop the writing after it: also a file that exists, unless
/// `force` says that it may be replaced.
pub fn check(targets: &[Target], score: &Path, force: bool) -> Result<()> {
    for path in targets.iter().flat_map(|t| t.midi.iter().chain(&t.wav)) {
        let folder = files::folder_of(path);
        let problem = || format!("{}: cannot write", path.display());
        if !files::is_device(path) {
            files::check_target(path).with_context(problem)?;
        }
        let metadata = fs::metadata(folder).with_context(problem)?;
        ensure!(metadata.is_dir(), "{}: cannot write: {} is no folder", path.display(), folder.display());
        let same = fs::canonicalize(path).is_ok_and(|p| fs::canonicalize(score).is_ok_and(|s| s == p));
        ensure!(!same, "{}: this is the score itself; choose another output", path.display());
        let may_write = force || files::is_device(path) || fs::symlink_metadata(path).is_err();
        ensure!(
            may_write,
            "{}: this file exists; name another with -o, or replace it with --force",
            path.display()
        );
    }
    Ok(())
}

/// Writes a file whole or not at all. A device or a pipe is written into.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let cannot = || format!("{}: cannot write", path.display());
    if files::is_device(path) {
        return write_into(path, bytes).with_context(cannot);
    }
    files::replace(path, bytes).with_context(cannot)
}

fn write_into(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    file.write_all(bytes)?;
    file.flush()
}

/// The piano asked for, or the best at hand. Soundfonts that cannot be used are told on stderr.
pub fn piano(output: &Output) -> Result<Piano> {
    let found = sounds::piano(output.soundfont.as_deref(), &Folders::find())?;
    for skipped in &found.skipped {
        eprintln!("warning: {skipped}");
    }
    Ok(found.piano)
}

/// Renders a performance into a WAV file, with progress, until it is done or stopped.
pub fn write_wav(
    path: &Path,
    score: &Score,
    played: &Performance,
    piano: &Piano,
    sample_rate: u32,
    stopped: &dyn Fn() -> bool,
) -> Result<()> {
    ensure!(!files::is_device(path), "{}: a WAV file cannot be written into this", path.display());
    let bar = running::bar("writing sound");
    let mut progress = |done: f64| {
        running::advance(&bar, done);
        if stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    sounds::write_wav(path, score, played, piano, sample_rate, &mut progress)?;
    bar.finish_and_clear();
    Ok(())
}

/// Prints text; a reader that has gone away is no error.
pub fn say(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.context("cannot write to the standard output"),
    }
}

/// Prints a value as JSON.
pub fn say_json(value: &impl Serialize) -> Result<()> {
    say(&format!("{}\n", serde_json::to_string_pretty(value)?))
}

/// Seconds as musicians read them: `2:05`.
pub fn clock(secs: f64) -> String {
    let secs = secs.max(0.0).round() as u64;
    format!("{}:{:02}", secs / 60, secs % 60)
}

/// The name of a file without folder and extension.
pub fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Creates a folder and those above it.
pub fn create_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).with_context(|| format!("{}: cannot create this folder", path.display()))
}
