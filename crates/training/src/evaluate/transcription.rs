//! `espressivo evaluate transcription`: how right what is heard in sound is.
//!
//! Performances of pieces that people played are made into sound on two pianos, as they are, in a room, with noise and
//! as MP3, and heard ([`crate::evaluate::rendered`]). What was played is known to the key, so what was heard is judged
//! by it ([`Scores`]). The package transkun, from which the network comes, hears the same files.

mod matching;
mod peer;
mod scores;
mod table;

use std::path::PathBuf;

use anyhow::{Result, ensure};
use application::Folders;

use super::rendered::{Condition, Encoder, Excerpt, Folder, Hearing, Instrument, Place, Wanted};
pub use peer::Peer;
pub use scores::{Rates, Scores};
pub use table::{Judged, Report, Row, Who};

/// What `espressivo evaluate transcription` takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which excerpts.
    pub wanted: Wanted,
    /// On which pianos they are played; none for the first two that are on this machine.
    pub instruments: Vec<Instrument>,
    /// What is done to the sounds; none for everything.
    pub conditions: Vec<Condition>,
    /// Where sounds and what was heard in them stay.
    pub out: PathBuf,
    /// How the package is run; without it only what it has heard before is told.
    pub peer: Option<Peer>,
}

/// Makes the sounds, hears and judges them. `said` gets messages of progress.
///
/// # Errors
/// When the data, a piano, the network or the folder cannot be used, or the package cannot be run.
pub fn run(options: &Options, said: &dyn Fn(&str)) -> Result<Report> {
    let (folders, encoder) = (Folders::find(), Encoder::find());
    let excerpts = Excerpt::choose(&options.wanted)?;
    let instruments = match options.instruments.as_slice() {
        [] => Instrument::two(&folders),
        some => some.to_vec(),
    };
    let wanted = match options.conditions.as_slice() {
        [] => Condition::ALL.to_vec(),
        some => some.to_vec(),
    };
    let can_be = |condition: &Condition| *condition != Condition::Mp3 || encoder.is_some();
    let (conditions, left_out): (Vec<Condition>, Vec<Condition>) = wanted.into_iter().partition(can_be);
    ensure!(!conditions.is_empty(), "there is no MP3 encoder on this machine: install lame or ffmpeg");
    let notes = Notes { encoder: encoder.as_ref().map(ToString::to_string), left_out: !left_out.is_empty() };
    let folder = Folder::open(&options.out, &options.wanted)?;
    let mut hearing = Hearing::new(folder, folders, options.wanted.seed, encoder);
    let places = instruments.iter().flat_map(|instrument| {
        conditions.iter().map(move |condition| Place { instrument: *instrument, condition: *condition })
    });
    let places: Vec<Place> = places.collect();
    let mut judged = Vec::new();
    for (k, excerpt) in excerpts.iter().enumerate() {
        for place in &places {
            let heard = hearing.heard(excerpt, *place)?;
            let scores = Scores::of(&excerpt.truth, &heard.keys);
            let (number, count, name) = (k + 1, excerpts.len(), &excerpt.name);
            let (piano, treated) = (place.instrument.name(), place.condition.name());
            let (f1, secs) = (scores.onset.f1, heard.took_secs);
            said(&format!("{number} of {count}, {name}: {piano}, {treated}: onsets {f1:.3}, in {secs:.0} s"));
            judged.push(Judged::new(Who::Ours, *place, excerpt, scores, (heard.took_secs, heard.sound_secs)));
        }
    }
    judged.extend(peers(options, &excerpts, &places, &mut hearing, said)?);
    Ok(Report::of(&options.wanted, judged, notes.lines()))
}

/// What the package hears in the same files.
fn peers(
    options: &Options,
    excerpts: &[Excerpt],
    places: &[Place],
    hearing: &mut Hearing,
    said: &dyn Fn(&str),
) -> Result<Vec<Judged>> {
    let mut files = Vec::with_capacity(excerpts.len() * places.len());
    for excerpt in excerpts {
        for place in places {
            let wav = match &options.peer {
                Some(_) => hearing.wav(excerpt, *place)?,
                None => hearing.place_of_wav(excerpt, *place)?,
            };
            files.push((excerpt, *place, wav));
        }
    }
    if let Some(peer) = &options.peer {
        said("the package transkun hears the same files");
        peer.run(files.iter().map(|(.., wav)| wav.as_path()))?;
    }
    let mut judged = Vec::new();
    for (excerpt, place, wav) in files {
        let Some((keys, took_secs)) = peer::heard(&wav)? else { continue };
        let sound_secs = hearing.heard(excerpt, place)?.sound_secs;
        let scores = Scores::of(&excerpt.truth, &keys);
        judged.push(Judged::new(Who::Package, place, excerpt, scores, (took_secs, sound_secs)));
    }
    Ok(judged)
}

/// What is said below the table.
struct Notes {
    /// What made the MP3 files.
    encoder: Option<String>,
    /// Whether MP3 files were asked for and could not be made.
    left_out: bool,
}

impl Notes {
    fn lines(&self) -> Vec<String> {
        let made = self.encoder.as_ref().map(|name| format!("MP3 files by {name}, mono, 64 kbit/s"));
        let left_out = self.left_out.then(|| "mp3: left out: no MP3 encoder (lame or ffmpeg)".to_owned());
        left_out.into_iter().chain(made).collect()
    }
}
