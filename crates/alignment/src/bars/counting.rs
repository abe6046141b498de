//! What was played in each bar.

use std::ops::Range;

use notation::Score;
use performance::midi::MidiNote;

use super::figures::{ExtraKey, Figures, Hesitation, MissedNote, PlayedBar, WrongKey};
use super::hesitations::{self, Written};
use super::moments::Moments;
use crate::aligned::{Alignment, Role};
use crate::transposition;

/// The figures of a recording whose keys, as they were heard, are ordered by onset.
pub fn figures(score: &Score, heard: &[MidiNote], alignment: &Alignment) -> Figures {
    let heard = transposition::moved(heard, alignment.transposition);
    let written = Written::of(score);
    let mut figures = Figures::default();
    for k in 0..alignment.stretches.len() {
        let moments = Moments::of(score, &heard, alignment, k);
        let counted = Counted { score, heard: &heard, alignment, moments: &moments, stretch: k };
        counted.add(&mut figures, hesitations::find(&written, k as u32, &moments.struck));
    }
    if alignment.stretches.is_empty() {
        let key = |(key, note): (u32, &MidiNote)| ExtraKey {
            stretch: None,
            key,
            pitch: note.pitch,
            secs: note.onset_secs,
            measure: None,
            quarters: None,
        };
        figures.extra = (0..).zip(&heard).map(key).collect();
    }
    figures
}

/// A stretch that is counted.
struct Counted<'a> {
    score: &'a Score,
    /// As high as the piano of the score sounds.
    heard: &'a [MidiNote],
    alignment: &'a Alignment,
    moments: &'a Moments,
    stretch: usize,
}

impl Counted<'_> {
    fn add(&self, figures: &mut Figures, hesitations: Vec<Hesitation>) {
        let stretch = &self.alignment.stretches[self.stretch];
        let measures = self.measures();
        let mut bars: Vec<PlayedBar> =
            measures.clone().map(|measure| self.bar(measure, &hesitations)).collect();
        let place =
            |measure: u32| (measure.clamp(measures.start, measures.end - 1) - measures.start) as usize;
        let of_note = |note: u32| place(self.score.notes[note as usize].measure);
        for key in stretch.keys.clone() {
            match self.alignment.roles[key] {
                Role::Note(note) => bars[of_note(note)].right += 1,
                Role::Ornament(note) => bars[of_note(note)].ornaments += 1,
                Role::Wrong(note) => {
                    bars[of_note(note)].wrong += 1;
                    figures.wrong.push(self.wrong(key, note));
                }
                Role::Extra => {
                    let extra = self.extra(key, &measures);
                    extra.measure.into_iter().for_each(|measure| bars[place(measure)].extra += 1);
                    figures.extra.push(extra);
                }
            }
        }
        for missed in &stretch.missed {
            bars[of_note(missed.note)].missed += 1;
            let (note, expected_secs) = (missed.note, missed.expected_secs);
            figures.missed.push(MissedNote { stretch: self.stretch as u32, note, expected_secs });
        }
        hesitations.iter().for_each(|wait| bars[place(wait.measure)].hesitations += 1);
        figures.bars.append(&mut bars);
        figures.hesitations.extend(hesitations);
    }

    /// The measures from that of the first note to that of the last one.
    fn measures(&self) -> Range<u32> {
        let notes = self.alignment.stretches[self.stretch].notes.clone();
        let notes = &self.score.notes[notes.start as usize..notes.end as usize];
        let first = notes.iter().map(|note| note.measure).min().unwrap_or_default();
        let last = notes.iter().map(|note| note.measure).max().unwrap_or_default();
        first..last + 1
    }

    /// A measure before anything is counted.
    fn bar(&self, measure: u32, hesitations: &[Hesitation]) -> PlayedBar {
        let secs = self.secs(measure);
        PlayedBar {
            stretch: self.stretch as u32,
            measure,
            beats_a_minute: self.beats_a_minute(measure, &secs, hesitations),
            secs,
            right: 0,
            wrong: 0,
            missed: 0,
            extra: 0,
            ornaments: 0,
            hesitations: 0,
        }
    }

    fn secs(&self, measure: u32) -> Range<f64> {
        let Moments { struck, clock } = self.moments;
        match self.score.measures.get(measure as usize) {
            Some(measure) if !struck.is_empty() => {
                clock.secs(measure.start.to_f64())..clock.secs(measure.end.to_f64())
            }
            // Of grace notes alone no place is known.
            _ => {
                let keys = &self.heard[self.alignment.stretches[self.stretch].keys.clone()];
                let secs = |key: Option<&MidiNote>| key.map_or(0.0, |key| key.onset_secs);
                secs(keys.first())..secs(keys.last())
            }
        }
    }

    /// The mean over the measure, of which a stretch may play a part.
    fn beats_a_minute(&self, measure: u32, secs: &Range<f64>, hesitations: &[Hesitation]) -> Option<f64> {
        let (first, last) = (self.moments.struck.first()?, self.moments.struck.last()?);
        let bar = self.score.measures.get(measure as usize)?;
        let beats = (bar.end - bar.start).to_f64() / bar.time.beat_length().to_f64();
        // Of a wait over a bar line each measure has its part.
        let inside = |wait: &Hesitation| wait.to_secs.min(secs.end) - wait.from_secs.max(secs.start);
        let share = |wait: &Hesitation| inside(wait).max(0.0) / (wait.to_secs - wait.from_secs);
        let waited: f64 = hesitations.iter().map(|wait| share(wait) * wait.excess_secs).sum();
        let played = secs.end - secs.start - waited;
        let speed = 60.0 * beats / played;
        (last.onset > first.onset && played > 0.0 && speed.is_finite()).then_some(speed)
    }

    fn wrong(&self, key: usize, note: u32) -> WrongKey {
        let MidiNote { pitch, onset_secs, .. } = self.heard[key];
        WrongKey { stretch: self.stretch as u32, key: key as u32, pitch, secs: onset_secs, note }
    }

    fn extra(&self, key: usize, measures: &Range<u32>) -> ExtraKey {
        let MidiNote { pitch, onset_secs, .. } = self.heard[key];
        let quarters = self.moments.clock.quarters(onset_secs);
        let all = &self.score.measures;
        let measure = quarters.map(|at| {
            let next = all.partition_point(|measure| measure.start.to_f64() <= at) as u32;
            next.saturating_sub(1).clamp(measures.start, measures.end - 1)
        });
        ExtraKey {
            stretch: Some(self.stretch as u32),
            key: key as u32,
            pitch,
            secs: onset_secs,
            measure,
            quarters,
        }
    }
}
