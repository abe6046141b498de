//! Beams: eighths and shorter notes of a beat are joined.

use std::collections::BTreeSet;

use super::beats::{Beats, within};
use super::heads::Slot;
use super::tuplets::Place;
use crate::note_value::TYPES;
use crate::time::Quarters;

/// The place of the eighth, the longest note that has a beam, among the types of notes.
const EIGHTH: usize = 6;

/// What one beam does at a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beam {
    Begin,
    Continue,
    End,
    /// A short one to the right, and to the left.
    Forward,
    Backward,
}

impl Beam {
    /// As MusicXML calls it.
    pub fn text(self) -> &'static str {
        match self {
            Self::Begin => "begin",
            Self::Continue => "continue",
            Self::End => "end",
            Self::Forward => "forward hook",
            Self::Backward => "backward hook",
        }
    }
}

/// The beams at each slot of a layer in a measure, the longest first. Rests, longer notes and tremolos between two
/// notes end a beam, grace notes have one of their own. `places` are those of the slots in tuplets, and `is_chord` tells of
/// a grace note whether it is struck with the one before.
pub(super) fn beams(
    slots: &[Slot],
    places: &[Option<Place>],
    beats: &Beats,
    is_chord: impl Fn(&Slot) -> bool,
) -> Vec<Vec<Beam>> {
    let row = Layer { slots, places, beats };
    let mut beams = vec![Vec::new(); slots.len()];
    let mut run: Vec<usize> = Vec::new();
    let mut graces: Vec<usize> = Vec::new();
    let mut end = Quarters::ZERO;
    for (k, slot) in slots.iter().enumerate() {
        if slot.duration.is_zero() {
            if !is_chord(slot) {
                graces.push(k);
            }
            continue;
        }
        join_graces(&mut beams, &std::mem::take(&mut graces));
        let is_next =
            |first: &usize| slot.at == end && beats.beat(slots[*first].at, true) == beats.beat(slot.at, true);
        if run.first().is_some_and(|first| !is_next(first)) || count(slot) == 0 {
            row.join_run(&mut beams, &std::mem::take(&mut run));
        }
        if count(slot) > 0 {
            run.push(k);
        }
        end = slot.at + slot.duration;
    }
    join_graces(&mut beams, &graces);
    row.join_run(&mut beams, &run);
    beams
}

/// What beams depend on.
struct Layer<'l> {
    slots: &'l [Slot],
    places: &'l [Option<Place>],
    beats: &'l Beats,
}

/// How many beams a note has. The two notes of a tremolo are joined by its strokes.
fn count(slot: &Slot) -> usize {
    if slot.is_paired {
        return 0;
    }
    let kind = slot.printed().map(|value| value.kind);
    let place = TYPES.iter().position(|(name, _)| Some(*name) == kind);
    place.map_or(0, |place| (place + 1).saturating_sub(EIGHTH))
}

impl Layer<'_> {
    /// Joins the notes of a group of beats: all of them if they are eighths, else beat by beat.
    fn join_run(&self, beams: &mut [Vec<Beam>], run: &[usize]) {
        let is_plain = |k: &usize| {
            let value = self.slots[*k].printed();
            value.is_some_and(|value| value.kind == "eighth" && value.dots == 0 && value.tuplet.is_none())
        };
        if run.iter().all(is_plain) {
            self.join(beams, run);
            return;
        }
        let beat = |k: &usize| self.beats.beat(self.slots[*k].at, false);
        for beat in run.chunk_by(|a, b| beat(a) == beat(b)) {
            let torn = self.torn(beat);
            let group = |k: &usize| self.places[*k].map(|place| place.group);
            let is_torn = |k: &usize| group(k).is_some_and(|group| torn.contains(&group));
            let goes_on = |a: &usize, b: &usize| group(a) == group(b) || !(is_torn(a) || is_torn(b));
            beat.chunk_by(goes_on).for_each(|notes| self.join(beams, notes));
        }
    }

    /// The tuplets of which some notes are among these and some are not: their beams are their own.
    fn torn(&self, notes: &[usize]) -> BTreeSet<usize> {
        let places = || notes.iter().filter_map(|k| self.places[*k]);
        let ends = |is_end: fn(&Place) -> bool| -> BTreeSet<usize> {
            places().filter(is_end).map(|place| place.group).collect()
        };
        let (begun, ended) = (ends(|place| place.is_first), ends(|place| place.is_last));
        places().map(|place| place.group).filter(|k| !(begun.contains(k) && ended.contains(k))).collect()
    }

    fn join(&self, beams: &mut [Vec<Beam>], notes: &[usize]) {
        if notes.len() < 2 {
            return;
        }
        let counts: Vec<usize> = notes.iter().map(|k| count(&self.slots[*k])).collect();
        let has = |k: Option<usize>, level: usize| k.and_then(|k| counts.get(k)).is_some_and(|n| *n >= level);
        for (k, note) in notes.iter().enumerate() {
            for level in 1..=counts[k] {
                let beam = match (has(k.checked_sub(1), level), has(Some(k + 1), level)) {
                    (false, true) => Beam::Begin,
                    (true, true) => Beam::Continue,
                    (true, false) => Beam::End,
                    (false, false) if k == 0 => Beam::Forward,
                    (false, false) if k + 1 == notes.len() => Beam::Backward,
                    // A hook points to the note that it makes a longer value with.
                    (false, false) => {
                        let longer = TYPES[EIGHTH + level - 2].1;
                        let (_, rest) = within(self.slots[*note].at, longer);
                        if rest.is_zero() { Beam::Forward } else { Beam::Backward }
                    }
                };
                beams[*note].push(beam);
            }
        }
    }
}

/// Joins grace notes, which are sixteenths where there are several.
fn join_graces(beams: &mut [Vec<Beam>], notes: &[usize]) {
    if let [first, between @ .., last] = notes {
        beams[*first] = vec![Beam::Begin; 2];
        between.iter().for_each(|k| beams[*k] = vec![Beam::Continue; 2]);
        beams[*last] = vec![Beam::End; 2];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks::Marks;
    use crate::musicxml::write::values;
    use crate::score::TimeSignature;

    /// The beams of notes, as `[`, `-` and `]`, with `>` and `<` for hooks, of each note one after the
    /// other. A negative length is a rest, in sixteenths.
    fn shown(time: (u8, u8), offset: i64, lengths: &[i64]) -> String {
        let mut at = Quarters::ZERO;
        let mut slots = Vec::new();
        for length in lengths {
            let duration = Quarters::new(length.abs(), 4);
            if *length > 0 {
                let value = values::heads(at, duration)[0].1;
                slots.push(Slot {
                    at,
                    duration,
                    value,
                    heads: Vec::new(),
                    shared: Marks::empty(),
                    is_paired: false,
                });
            }
            at += duration;
        }
        let time = TimeSignature { beats: time.0, beat_type: time.1 };
        let places = vec![None; slots.len()];
        let beams = beams(&slots, &places, &Beats::new(time, Quarters::new(offset, 4)), |_| false);
        let sign = |beam: &Beam| ["[", "-", "]", ">", "<"][*beam as usize];
        let of_note = |beams: &Vec<Beam>| beams.iter().map(sign).collect::<String>();
        beams.iter().map(of_note).collect::<Vec<_>>().join(" ").trim().to_owned()
    }

    #[test]
    fn eighths_are_joined_by_half_measures_and_shorter_notes_by_beats() {
        assert_eq!(shown((4, 4), 0, &[2; 8]), "[ - - ] [ - - ]");
        assert_eq!(shown((3, 4), 0, &[2; 6]), "[ - - - - ]");
        assert_eq!(shown((4, 4), 0, &[2, 1, 1, 2, 2]), "[ -[ ]] [ ]");
        assert_eq!(shown((6, 8), 0, &[2; 6]), "[ - ] [ - ]");
        assert_eq!(shown((3, 8), 0, &[2; 3]), "[ - ]");
        assert_eq!(shown((5, 8), 0, &[2; 5]), "[ - ] [ ]");
        assert_eq!(shown((2, 2), 0, &[2; 8]), "[ - - ] [ - - ]");
    }

    #[test]
    fn rests_and_long_notes_end_a_beam() {
        assert_eq!(shown((4, 4), 0, &[2, -2, 2, 2, 4, 2, 2]), "[ ]  [ ]");
        assert_eq!(shown((2, 4), 0, &[2, 4, 2]), "");
        assert_eq!(shown((4, 4), 12, &[2, 2]), "[ ]", "a pick-up");
        assert_eq!(shown((4, 4), 14, &[2, 2]), "", "two measures");
    }

    #[test]
    fn short_beams_point_to_their_partner() {
        assert_eq!(shown((2, 4), 0, &[3, 1, 1, 3]), "[ ]< [> ]");
        assert_eq!(shown((6, 8), 0, &[3, 1, 2]), "[ -< ]");
        assert_eq!(shown((6, 8), 0, &[2, 1, 3]), "[ -> ]");
    }
}
