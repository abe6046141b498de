//! Files out: complete or not there, and what was written told on stdout.

use std::ffi::{OsStr, OsString};
use std::fmt::Display;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf, is_separator};
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use application::sounds::Loading;
use application::text::{is_visible, shown_lines, shown_message};
use application::{Folders, files, sounds};
use notation::Score;
use performance::Performance;
use serde::{Serialize, Serializer};
use sound::Piano;

use crate::options::Output;
use crate::running::{self, Stop};

/// Where one performance goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The MIDI file, if one is wanted.
    pub midi: Option<PathBuf>,
    /// The WAV file, if one is wanted.
    pub wav: Option<PathBuf>,
}

/// The targets of some performances: `names` are their default names, without extension.
pub fn targets(output: &Output, names: &[OsString]) -> Result<Vec<Target>> {
    let many = names.len() > 1;
    names.iter().enumerate().map(|(k, name)| target(output, name, many.then_some(k + 1))).collect()
}

fn target(output: &Output, name: &OsStr, number: Option<usize>) -> Result<Target> {
    let both =
        |midi: PathBuf| Target { wav: output.wav.then(|| midi.with_extension("wav")), midi: Some(midi) };
    let Some(out) = &output.out else {
        return Ok(both(midi_of(name)));
    };
    if out.is_dir() {
        return Ok(both(out.join(midi_of(name))));
    }
    if out.to_string_lossy().ends_with(is_separator) {
        bail!(missing_folder(out, out));
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

/// The MIDI file of a name that may hold dots.
fn midi_of(name: &OsStr) -> PathBuf {
    let mut name = name.to_owned();
    name.push(".mid");
    name.into()
}

fn numbered(path: &Path, number: usize) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{number}."));
    name.push(path.extension().unwrap_or_default());
    path.with_file_name(name)
}

/// Finds out before the long work what would stop the writing after it: also a file that exists, unless
/// `force` says that it may be replaced.
pub fn check(targets: &[Target], score: &Path, force: bool) -> Result<()> {
    targets
        .iter()
        .flat_map(|t| t.midi.iter().chain(&t.wav))
        .try_for_each(|path| check_beside(path, score, force))
}

/// The same for one file, which may not be the score that it is made from.
pub fn check_beside(path: &Path, score: &Path, force: bool) -> Result<()> {
    let same = fs::canonicalize(path).is_ok_and(|p| fs::canonicalize(score).is_ok_and(|s| s == p));
    ensure!(!same, "{}: this is the score itself; choose another output", path.display());
    check_file(path, force)
}

/// The same for one file.
pub fn check_file(path: &Path, force: bool) -> Result<()> {
    let folder = files::folder_of(path);
    let problem = || format!("{}: cannot write", path.display());
    if !files::is_device(path) {
        files::check_target(path).with_context(problem)?;
    }
    let metadata = match fs::metadata(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => bail!(missing_folder(path, folder)),
        other => other.with_context(problem)?,
    };
    ensure!(metadata.is_dir(), "{}: cannot write: {} is no folder", path.display(), folder.display());
    let may_write = force || files::is_device(path) || fs::symlink_metadata(path).is_err();
    ensure!(
        may_write,
        "{}: this file exists; choose another name, or replace it with --force",
        path.display()
    );
    Ok(())
}

/// That a folder for what is written is not there, and how to make it.
fn missing_folder(path: &Path, folder: &Path) -> String {
    let make = if cfg!(windows) { "mkdir" } else { "mkdir -p" };
    let (path, folder) = (path.display(), folder.display());
    format!("{path}: cannot write: the folder {folder} is missing; make it with `{make} \"{folder}\"`")
}

/// Finds out before the long work whether a folder has files of these names, which are replaced only if
/// `force` says so.
pub fn check_folder<N: AsRef<Path>>(
    folder: &Path,
    names: impl IntoIterator<Item = N>,
    force: bool,
) -> Result<()> {
    let paths = names.into_iter().map(|name| folder.join(name));
    let mut there = paths.filter(|path| fs::symlink_metadata(path).is_ok());
    if !force && let Some(path) = there.next() {
        bail!("{}: this file exists; choose another folder, or replace it with --force", path.display());
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

/// The piano asked for, or the best at hand, loaded with progress. Pianos that cannot be used are told on stderr.
pub fn piano(output: &Output, stop: &Stop) -> Result<Piano> {
    let bar = running::bar("loading the piano");
    let progress = |done: f32| running::advance(&bar, done.into());
    let loading = Loading { early: None, progress: &progress, cancel: stop.flag() };
    let found = sounds::piano(&output.wanted_piano(), &Folders::find(), &loading)?;
    bar.finish_and_clear();
    for skipped in &found.skipped {
        warn(skipped);
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

/// Says on stderr what somebody should know.
pub fn warn(what: impl Display) {
    note(format_args!("warning: {what}"));
}

/// Says something on stderr, in one line.
pub fn note(what: impl Display) {
    eprintln!("{}", shown_message(&what.to_string()));
}

/// Prints text, as far as it shows; a reader that has gone away is no error.
pub fn say(text: &str) -> Result<()> {
    print(&shown_lines(text))
}

fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.context("cannot write to the standard output"),
    }
}

/// Prints what came of a command: as JSON where that was asked for, else as a text.
pub fn say_result(value: &impl Serialize, is_json: bool, text: impl FnOnce() -> String) -> Result<ExitCode> {
    if is_json {
        say_json(value)?;
    } else {
        say(&text())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints a value as JSON. Characters that would not show are written by their numbers.
pub fn say_json(value: &impl Serialize) -> Result<()> {
    let json = serde_json::to_string_pretty(value)?;
    let mut text = String::with_capacity(json.len() + 1);
    for c in json.chars() {
        if c == '\n' || is_visible(c) {
            text.push(c);
        } else {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| text.push_str(&format!("\\u{unit:04x}")));
        }
    }
    text.push('\n');
    print(&text)
}

/// A path in JSON, which has no other than Unicode.
pub fn as_text<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

/// A path in JSON, if there is one.
pub fn as_text_if_any<S: Serializer>(path: &Option<PathBuf>, serializer: S) -> Result<S::Ok, S::Error> {
    path.as_ref().map(|path| path.to_string_lossy()).serialize(serializer)
}

/// Seconds as musicians read them: `2:05`.
pub fn clock(secs: f64) -> String {
    let secs = secs.max(0.0).round() as u64;
    format!("{}:{:02}", secs / 60, secs % 60)
}

/// The name of a file without folder and extension, and more words with a hyphen.
pub fn name_from(path: &Path, more: &str) -> OsString {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push("-");
    name.push(more);
    name
}

/// Creates a folder and those above it.
pub fn create_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).with_context(|| format!("{}: cannot create this folder", path.display()))
}
