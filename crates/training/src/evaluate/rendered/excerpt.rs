//! Some seconds of a performance of each of several pieces.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use notation::Score;
use performance::metrics::NoteFlags;
use performance::midi::MidiNote;
use performance::{Pedal, PedalEvent, Performance, PlayedNote};
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::keys::Keys;
use crate::datasets::container::{Container, Recording};
use crate::datasets::{Human, Piece, StruckKey, from_container, struck_keys};

/// Silence before the first key.
const LEAD_SECS: f64 = 0.5;

/// How long the last keys may sound on.
const TAIL_SECS: f64 = 2.0;

/// A key that comes up this close to the end of the excerpt was cut off there.
const CUT_SECS: f64 = 1e-6;

/// Which excerpts.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The data folder.
    pub data: PathBuf,
    /// Which split of (n)ASAP.
    pub split: String,
    /// How many pieces; of each one performance.
    pub count: usize,
    /// Seconds of each; none for whole performances.
    pub secs: Option<f64>,
    /// Seed of which pieces, performances and places. The first pieces are the same whatever their number.
    pub seed: u64,
}

/// Some seconds of a performance, beginning with a little silence.
#[derive(Clone, Debug)]
pub struct Excerpt {
    /// Piece and recording, as a name of a folder.
    pub name: String,
    /// The score of the whole piece, repeats unfolded.
    pub score: Score,
    /// All that is played: notes of the score, ornaments and wrong keys.
    pub truth: Keys,
    /// Movements of the sustain pedal, of whatever value.
    pub pedals: Vec<PedalEvent>,
    /// What is played of the score, at the same moments.
    pub performance: Performance,
    /// Which of its values are doubtful, parallel to its notes.
    pub flags: Vec<NoteFlags>,
    /// Length of the sound.
    pub length_secs: f64,
}

impl Excerpt {
    /// Chooses pieces, performances and places.
    ///
    /// # Errors
    /// If the data cannot be read or has too few pieces.
    pub fn choose(wanted: &Wanted) -> Result<Vec<Self>> {
        let container: Container<Recording> = Container::read(&wanted.data.join("asap"), &wanted.split)?;
        let pieces = from_container(&container)?.pieces;
        let mut random = Pcg64Mcg::seed_from_u64(wanted.seed);
        let mut order: Vec<usize> = (0..pieces.len()).collect();
        order.shuffle(&mut random);
        let mut titles = BTreeSet::new();
        let mut excerpts = Vec::with_capacity(wanted.count);
        for index in order {
            let piece = &pieces[index];
            let of_it = container.performances.iter().filter(|recording| recording.score == index);
            let recordings: Vec<(&Recording, &Human)> = of_it.zip(&piece.humans).collect();
            // Two versions of a piece, with and without a repeat, are one piece.
            let has_turn = !recordings.is_empty() && titles.insert((&piece.composer, &piece.title));
            if !has_turn || excerpts.len() >= wanted.count {
                continue;
            }
            let (recording, human) = recordings[random.random_range(0..recordings.len())];
            let keys = struck_keys(recording, &piece.score, &container.columns)?;
            let place = random.random_range(0.0_f64..1.0);
            excerpts.push(Self::of(piece, human, &keys, wanted.secs, place));
        }
        let (found, count, split) = (excerpts.len(), wanted.count, &wanted.split);
        ensure!(found == count, "the split {split} has performances of {found} pieces, not of {count}");
        Ok(excerpts)
    }

    /// So many seconds of a performance, that lie `place` of the way from its beginning to its end.
    fn of(piece: &Piece, human: &Human, keys: &[StruckKey], secs: Option<f64>, place: f64) -> Self {
        let first = keys.iter().map(|struck| struck.key.onset_secs).fold(f64::INFINITY, f64::min);
        let last = keys.iter().map(|struck| end(&struck.key)).fold(0.0, f64::max);
        let (whole, first) = ((last - first).max(0.0), if first.is_finite() { first } else { 0.0 });
        let secs = secs.unwrap_or(whole).min(whole);
        let begin = first + place * (whole - secs);
        let window = Window { begin, secs };
        let inside: Vec<(MidiNote, Option<u32>)> =
            keys.iter().filter_map(|struck| Some((window.key(&struck.key)?, struck.note))).collect();
        let notes: Vec<MidiNote> = inside.iter().map(|(key, _)| *key).collect();
        let pedals = window.pedals(&human.performance.pedals);
        let length_secs = LEAD_SECS + secs + TAIL_SECS;
        let (performance, flags) = window.performance(human, &inside);
        let stem = Path::new(&human.midi).file_stem().unwrap_or_default().to_string_lossy();
        Self {
            name: format!("{}__{stem}", piece.folder.replace('/', "__")),
            score: piece.score.clone(),
            truth: Keys::played(&notes, &pedals, LEAD_SECS + secs),
            pedals,
            performance,
            flags,
            length_secs,
        }
    }
}

fn end(key: &MidiNote) -> f64 {
    key.onset_secs + key.duration_secs
}

/// The part of a performance that is taken.
struct Window {
    /// Where it begins in the performance.
    begin: f64,
    secs: f64,
}

impl Window {
    /// A moment of the performance in the excerpt.
    fn moved(&self, secs: f64) -> f64 {
        secs - self.begin + LEAD_SECS
    }

    /// A key in the excerpt, which comes up at its end at the latest; none if it goes down elsewhere.
    fn key(&self, key: &MidiNote) -> Option<MidiNote> {
        let is_inside = (self.begin..=self.begin + self.secs).contains(&key.onset_secs);
        let end_secs = self.moved(end(key)).min(LEAD_SECS + self.secs);
        let onset_secs = self.moved(key.onset_secs);
        is_inside.then(|| MidiNote { onset_secs, duration_secs: (end_secs - onset_secs).max(0.0), ..*key })
    }

    /// The sustain pedal in the excerpt: as it stands at the beginning, its movements, and up at the end.
    fn pedals(&self, all: &[PedalEvent]) -> Vec<PedalEvent> {
        let event = |time_secs, value| PedalEvent { time_secs, pedal: Pedal::Sustain, value };
        let of_it = || all.iter().filter(|event| event.pedal == Pedal::Sustain);
        let before = of_it().take_while(|event| event.time_secs < self.begin).last();
        let mut pedals = vec![event(0.0, before.map_or(0, |event| event.value))];
        let inside = of_it().filter(|event| (self.begin..self.begin + self.secs).contains(&event.time_secs));
        pedals.extend(inside.map(|inside| event(self.moved(inside.time_secs), inside.value)));
        pedals.push(event(LEAD_SECS + self.secs, 0));
        pedals
    }

    /// What is played of the score, with what is doubtful: also how long notes are that are cut off.
    fn performance(
        &self,
        human: &Human,
        inside: &[(MidiNote, Option<u32>)],
    ) -> (Performance, Vec<NoteFlags>) {
        let mut played: Vec<(PlayedNote, NoteFlags)> = Vec::with_capacity(inside.len());
        for (key, note) in inside {
            let Some(note) = *note else { continue };
            let known = human.performance.notes.binary_search_by_key(&note, |played| played.note);
            let mut flags = known.ok().and_then(|k| human.flags.get(k).copied()).unwrap_or_default();
            flags.duration_unknown |= end(key) > LEAD_SECS + self.secs - CUT_SECS;
            let MidiNote { onset_secs, duration_secs, velocity, .. } = *key;
            played.push((PlayedNote { note, onset_secs, duration_secs, velocity }, flags));
        }
        played.sort_by_key(|(note, _)| note.note);
        let (notes, flags) = played.into_iter().unzip();
        (Performance { notes, pedals: Vec::new() }, flags)
    }
}

#[cfg(test)]
#[path = "excerpt_tests.rs"]
mod tests;
