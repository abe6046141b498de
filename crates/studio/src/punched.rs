//! Some bars that a person played anew, matched to these bars alone.

use std::path::Path;
use std::sync::Arc;

use application::text::counted;
use notation::Score;
use performance::Performance;
use protocol::{Level, Message, PunchIn};

use crate::document::{Document, ExtraNote, Slips, bars_text, clean, existing};
use crate::views::Clocked;
use crate::{part, slips};

/// Bars that were played anew and are not yet in a version.
pub struct Punched {
    punch: PunchIn,
    /// The score that the version plays.
    score: Arc<Score>,
    /// What is played of the bars, with note indices of that score.
    played: Performance,
    /// Notes that the bars do not have.
    extra: Vec<ExtraNote>,
    /// What else of them is not as it is written.
    slips: Slips,
    /// Notes of the bars that were not played.
    missed: usize,
}

impl Punched {
    /// Finds what a MIDI file plays of some bars of a score. Notes of other bars that sound alike do not come
    /// into question.
    ///
    /// # Errors
    /// In words, without the path.
    pub fn read(path: &Path, score: &Arc<Score>, punch: &PunchIn) -> Result<Self, String> {
        let bars = existing(score, &punch.bars).ok_or("the score has no such bars any more")?;
        let found = part::read(path, score, &bars).map_err(|error| error.to_string())?;
        let clock = Clocked::of(score, &clean(score, found.played.clone())).curve;
        let (slips, extra) = slips::found(score, &found, &clock);
        let played = clean(score, found.played);
        let missed = score.notes_in_measures(bars).len().saturating_sub(played.notes.len());
        Ok(Self { punch: punch.clone(), score: score.clone(), played, extra, slips, missed })
    }

    /// Which bars of which version.
    pub fn punch(&self) -> &PunchIn {
        &self.punch
    }

    /// What is played of the bars.
    pub fn played(&self) -> &Performance {
        &self.played
    }

    /// Notes that the bars do not have.
    pub fn extra(&self) -> &[ExtraNote] {
        &self.extra
    }

    /// What else of them is not as it is written.
    pub fn slips(&self) -> &Slips {
        &self.slips
    }

    /// Whether the version still plays the score that the bars were matched to.
    pub fn fits(&self, document: &Document) -> bool {
        document.has(self.punch.of) && Arc::ptr_eq(document.score_of(self.punch.of), &self.score)
    }

    /// What is wrong with it, if anything.
    pub fn message(&self) -> Option<Message> {
        let count = |count: usize, what: &str| {
            (count > 0).then(|| format!("{what}: {}", counted(count, "note", "notes")))
        };
        let missed = count(self.missed, "not played");
        let left_out = self.extra.len() + self.slips.wrong.len();
        let extra = count(left_out, "left out, because not in the score");
        let said: Vec<String> = missed.into_iter().chain(extra).collect();
        let text =
            || format!("{} were recorded; {}", bars_text(&self.score, &self.punch.bars), said.join("; "));
        (!said.is_empty()).then(|| Message { level: Level::Info, text: text() })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use performance::midi::{MidiNote, PlayedMidi};
    use protocol::VersionId;

    use super::*;
    use crate::kept;

    fn minuet() -> Arc<Score> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scores/petzold_minuet_g.musicxml");
        let bytes = std::fs::read(path).unwrap();
        Arc::new(
            notation::read_score("minuet.musicxml", &bytes, &notation::ImportOptions::default()).unwrap(),
        )
    }

    #[test]
    fn bars_that_sound_like_others_are_those_that_were_meant() {
        let score = minuet();
        // The second pass of the first part.
        let second = score.measures.iter().position(|m| m.pass == 2).unwrap();
        let bars = second + 2..second + 4;
        let notes = score.notes_in_measures(bars.clone());
        let deadpan = performance::deadpan(&score);
        let mut midi = PlayedMidi::default();
        for note in &deadpan.notes[notes.clone()] {
            let pitch = score.notes[note.note as usize].pitch;
            let (onset_secs, duration_secs) = (1.5 * note.onset_secs + 20.0, note.duration_secs);
            midi.notes.push(MidiNote { onset_secs, duration_secs, pitch, velocity: 33, track: 0 });
        }
        let left_out = midi.notes.remove(2);
        midi.notes.push(MidiNote { pitch: 24, ..left_out });
        midi.notes.sort_by(|a, b| a.onset_secs.total_cmp(&b.onset_secs));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Recording 1.mid");
        kept::write(&path, &midi).unwrap();
        let punch = PunchIn { bars: bars.clone(), of: VersionId::Deadpan };
        let found = Punched::read(&path, &score, &punch).unwrap();
        assert_eq!(found.played().notes.len(), notes.len() - 1);
        assert!(
            found
                .played()
                .notes
                .iter()
                .all(|note| notes.contains(&(note.note as usize)) && note.velocity == 33)
        );
        let wrong = found.slips().wrong.iter().map(|key| key.pitch);
        let others: Vec<u8> = wrong.chain(found.extra().iter().map(|note| note.pitch)).collect();
        assert_eq!(others, [24]);
        assert!(
            found
                .slips()
                .missed
                .iter()
                .chain(found.slips().wrong.iter().map(|key| &key.note))
                .all(|id| id.pass == 2)
        );
        let text = found.message().unwrap().text;
        assert!(text.contains("not played: 1 note") && text.contains("not in the score: 1 note"), "{text}");

        let other = PunchIn { bars: 0..1, of: VersionId::Deadpan };
        let nothing = PlayedMidi { notes: vec![MidiNote { pitch: 22, ..midi.notes[0] }], pedals: Vec::new() };
        kept::write(&path, &nothing).unwrap();
        assert!(Punched::read(&path, &score, &other).is_err());
    }
}
