//! Espressivo without its window: opens a score, performs it, and writes the take as MIDI and as sound.
//!
//! ```text
//! cargo run --release --workspace --example headless -- scores/petzold_minuet_g.musicxml FOLDER [PERFORMER]
//! ```
//!
//! It uses what the window uses, `application`, `performers`, `sound` and `studio`, and neither Tauri nor a
//! display: a plugin, a server or a test can be built in the same way.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use application::roster::{self, Roster};
use application::{Folders, scores};
use notation::Unfold;
use performers::device::DeviceChoice;
use performers::{Controls, Job, Region, Request, take};
use protocol::MidiMode;
use sound::Piano;
use studio::export;

/// The files that were written, and who played.
#[derive(Debug)]
pub struct Written {
    /// Name of the performer.
    pub performer: &'static str,
    /// The take with a tempo map, so that its bars lie on the grid of a sequencer.
    pub midi: PathBuf,
    /// The take on the piano that Espressivo generates.
    pub wav: PathBuf,
    /// Length of the take.
    pub length_secs: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (score, folder, performer) = match words.as_slice() {
        [score, folder] => (score, folder, None),
        [score, folder, performer] => (score, folder, Some(performer.as_str())),
        _ => return Err("usage: headless SCORE FOLDER [PERFORMER]".into()),
    };
    let written = run(Path::new(score), Path::new(folder), performer)?;
    println!("{} played {:.1} s:", written.performer, written.length_secs);
    println!("  {}\n  {}", written.midi.display(), written.wav.display());
    Ok(())
}

/// Performs the score and writes `take.mid` and `take.wav` into the folder.
///
/// # Errors
/// If the score cannot be read, nobody of that name can play it, or a file cannot be written.
pub fn run(score: &Path, folder: &Path, performer: Option<&str>) -> Result<Written, Box<dyn Error>> {
    // The score as it is played: every repeat as often as its signs ask for.
    let score = scores::read(score, Unfold::Maximal)?;

    // Who is named, else the first that can play; networks compute on the processor here.
    let roster = Roster::new(Folders::find().models);
    let ready = |id: &str| roster.ready(id, DeviceChoice::Cpu);
    let wanted = performer.unwrap_or(roster.default_id());
    let (player, message) = roster::or_fallback(wanted, roster.fallback_id(), ready)?;
    if let Some(message) = message {
        eprintln!("{message}");
    }

    // One take of the whole piece. A seed gives the same take every time; a job tells how far it is, and
    // can be cancelled from another thread.
    let controls = Controls { seed: 1, ..Controls::default() };
    let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
    let job = Job::new(|_done| {});
    let played = take::perform(&*player.performer, &request, &job)?;

    // The studio's own exports, which the window's menu calls.
    let (midi, wav) = (folder.join("take.mid"), folder.join("take.wav"));
    std::fs::create_dir_all(folder)?;
    std::fs::write(&midi, export::midi(&score, &played, None, MidiMode::ScoreGrid)?)?;
    let (piano, stop) = (Piano::generated()?, AtomicBool::new(false));
    export::wav(&wav, &score, &played, None, &piano, &stop, |_done| {})?;

    let performer = player.performer.info().name;
    Ok(Written { performer, midi, wav, length_secs: played.length_secs() })
}
