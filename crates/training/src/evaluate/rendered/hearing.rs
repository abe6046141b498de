//! Sounds are made and heard, unless that was done before.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use application::Folders;
use application::hearing::{Transcriber, transcribe};
use serde::{Deserialize, Serialize};
use sound::Piano;

use super::condition::Condition;
use super::encoder::Encoder;
use super::excerpt::Excerpt;
use super::folder::{Folder, Place, read_if_there, write_json};
use super::instrument::Instrument;
use super::keys::Keys;
use super::{noise, render, room};

/// What was heard in a sound.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// Keys and pedal.
    pub keys: Keys,
    /// How long hearing took, in seconds.
    pub took_secs: f64,
    /// Length of the sound.
    pub sound_secs: f64,
}

/// Makes sounds and hears them. Pianos and the network are loaded when they are first needed.
pub struct Hearing {
    folder: Folder,
    folders: Folders,
    seed: u64,
    encoder: Option<Encoder>,
    pianos: BTreeMap<Instrument, Piano>,
    network: Option<Transcriber>,
}

impl Hearing {
    /// With sounds in a folder; `seed` says which noise and which room.
    pub fn new(folder: Folder, folders: Folders, seed: u64, encoder: Option<Encoder>) -> Self {
        Self { folder, folders, seed, encoder, pianos: BTreeMap::new(), network: None }
    }

    /// What our transcriber hears. What was heard before is not heard again.
    ///
    /// # Errors
    /// If the sound cannot be made or heard.
    pub fn heard(&mut self, excerpt: &Excerpt, place: Place) -> Result<Heard> {
        let kept = self.folder.file(excerpt, place, "heard.json")?;
        if let Some(heard) = read_if_there(&kept)? {
            return Ok(heard);
        }
        let path = self.sound(excerpt, place)?;
        if self.network.is_none() {
            self.network = Some(Transcriber::load(&self.folders.transcriber)?);
        }
        let network = self.network.as_ref().context("the network was not loaded")?;
        let begun = Instant::now();
        let found = transcribe(&path, network, &mut |_| true)
            .with_context(|| format!("{} cannot be heard", path.display()))?;
        let took_secs = begun.elapsed().as_secs_f64();
        let heard = Heard { keys: Keys::heard(&found), took_secs, sound_secs: found.length_secs };
        write_json(&kept, &heard)?;
        Ok(heard)
    }

    /// The WAV file of a sound, for another program; of an MP3 file the one that holds what is decoded.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn wav(&mut self, excerpt: &Excerpt, place: Place) -> Result<PathBuf> {
        self.sound(excerpt, place)?;
        self.place_of_wav(excerpt, place)
    }

    /// Where that file is once it is made.
    ///
    /// # Errors
    /// If its folder cannot be made.
    pub fn place_of_wav(&self, excerpt: &Excerpt, place: Place) -> Result<PathBuf> {
        self.folder.file(excerpt, place, "wav")
    }

    /// Makes the sound unless it is there: the file that is heard.
    fn sound(&mut self, excerpt: &Excerpt, place: Place) -> Result<PathBuf> {
        let wav = self.folder.file(excerpt, place, "wav")?;
        let dry = Place { condition: Condition::Dry, ..place };
        match place.condition {
            Condition::Dry if !wav.is_file() => {
                let samples = render::play(excerpt, self.piano(place.instrument)?)?;
                save(&wav, &samples)?;
            }
            Condition::Room if !wav.is_file() => {
                let samples = render::read(&self.sound(excerpt, dry)?)?;
                let response = room::response(sound::decode::SAMPLE_RATE, self.seed);
                save(&wav, &room::convolve(&samples, &response))?;
            }
            Condition::Noise if !wav.is_file() => {
                let mut samples = render::read(&self.sound(excerpt, dry)?)?;
                noise::add(&mut samples, self.seed);
                save(&wav, &samples)?;
            }
            Condition::Mp3 => {
                let mp3 = self.folder.file(excerpt, place, "mp3")?;
                // The WAV file is written last.
                if !wav.is_file() || !mp3.is_file() {
                    let from = self.sound(excerpt, dry)?;
                    let encoder = self.encoder.as_ref().context("there is no MP3 encoder")?;
                    encoder.encode(&from, &mp3)?;
                    save(&wav, &render::read(&mp3)?)?;
                }
                return Ok(mp3);
            }
            Condition::Dry | Condition::Room | Condition::Noise => {}
        }
        Ok(wav)
    }

    fn piano(&mut self, instrument: Instrument) -> Result<&Piano> {
        let piano: &Piano = match self.pianos.entry(instrument) {
            Entry::Occupied(there) => there.into_mut(),
            Entry::Vacant(place) => place.insert(instrument.load(&self.folders)?),
        };
        Ok(piano)
    }
}

/// Writes a sound under another name first: a file that is there is whole.
fn save(path: &Path, samples: &[f32]) -> Result<()> {
    let unfinished = path.with_extension("wav.part");
    render::write(&unfinished, samples)?;
    std::fs::rename(&unfinished, path).with_context(|| format!("cannot write {}", path.display()))
}
