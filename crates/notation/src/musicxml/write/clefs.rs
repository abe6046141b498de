//! Clefs by register: a staff has the one that needs few ledger lines, and changes it at a bar line where
//! that saves many.

use std::collections::BTreeMap;

use super::spelling::Spelled;
use crate::score::Score;

/// Staves whose notes lie higher than this on the whole, as a MIDI pitch, begin with a treble clef.
const MIDDLE_C: u64 = 60;

/// A change is worth so much: five notes of three ledger lines.
const CHANGE: u32 = 45;

/// Ledger lines of a note beyond this count no more.
const MOST_LINES: u32 = 10;

/// A clef.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clef {
    Treble,
    Bass,
}

impl Clef {
    const ALL: [Self; 2] = [Self::Treble, Self::Bass];

    /// The letter that it marks, and the line, from the lowest.
    pub fn sign(self) -> (&'static str, &'static str) {
        match self {
            Self::Treble => ("G", "2"),
            Self::Bass => ("F", "4"),
        }
    }

    /// What a note costs that is written with it: the square of its ledger lines.
    fn cost(self, Spelled { step, octave, .. }: Spelled) -> u32 {
        let letter = "CDEFGAB".find(step).and_then(|k| i32::try_from(k).ok()).unwrap_or(0);
        let place = 7 * i32::from(octave) + letter;
        // The lowest and the highest line, as places: E4 and F5, G2 and A3.
        let (low, high) = match self {
            Self::Treble => (30, 38),
            Self::Bass => (18, 26),
        };
        let lines = ((low - place).max(place - high).max(0) / 2).unsigned_abs().min(MOST_LINES);
        lines * lines
    }
}

/// Where clefs change: by measure the staves and their new clefs.
pub(super) type Changes = BTreeMap<usize, Vec<(u8, Clef)>>;

/// What the notes of a staff say.
#[derive(Default)]
struct Staff {
    /// The sum of the pitches, and how many there are.
    sum: u64,
    count: u64,
    /// For each measure with notes what each clef costs.
    costs: BTreeMap<usize, [u32; 2]>,
}

/// The clefs of a part; in the first measure every staff has one.
pub(super) fn clefs(score: &Score, part: u16, staves: u8, names: &[Spelled]) -> Changes {
    let mut by_staff: BTreeMap<u8, Staff> = (1..=staves).map(|staff| (staff, Staff::default())).collect();
    for (note, name) in score.notes.iter().zip(names).filter(|(note, _)| note.part == part) {
        let Some(staff) = by_staff.get_mut(&note.staff.max(1)) else { continue };
        (staff.sum, staff.count) = (staff.sum + u64::from(note.pitch), staff.count + 1);
        let costs = staff.costs.entry(note.measure as usize).or_default();
        for (cost, clef) in costs.iter_mut().zip(Clef::ALL) {
            *cost = cost.saturating_add(clef.cost(*name));
        }
    }
    let mut changes = Changes::new();
    for (number, staff) in &by_staff {
        for (measure, clef) in staff.changes(usize::from(*number > 1)) {
            changes.entry(measure).or_default().push((*number, clef));
        }
    }
    changes
}

impl Staff {
    /// The clefs that cost the least, ledger lines and changes together. A staff without notes has the
    /// clef of this index.
    fn changes(&self, of_empty: usize) -> Vec<(usize, Clef)> {
        let usual = if self.count > 0 { usize::from(self.sum < MIDDLE_C * self.count) } else { of_empty };
        // The least cost up to a measure with each clef, and the clef before that it comes from.
        let mut least = [CHANGE; 2];
        least[usual] = 0;
        let mut from = Vec::with_capacity(self.costs.len());
        for costs in self.costs.values() {
            let before = [0, 1].map(|clef: usize| {
                let other = least[1 - clef].saturating_add(CHANGE);
                if least[clef] <= other { (least[clef], clef) } else { (other, 1 - clef) }
            });
            from.push(before.map(|(_, clef)| clef));
            least = [0, 1].map(|clef| before[clef].0.saturating_add(costs[clef]));
        }
        let mut clef = if least[1 - usual] < least[usual] { 1 - usual } else { usual };
        let mut changes = Vec::new();
        for (measure, from) in self.costs.keys().zip(&from).rev() {
            if from[clef] != clef {
                changes.push((*measure, Clef::ALL[clef]));
            }
            clef = from[clef];
        }
        // To begin with the other clef costs as much as to change at the first notes, so none changes there.
        changes.push((0, Clef::ALL[clef]));
        changes.reverse();
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::musicxml::write::spelling;
    use crate::score::{Measure, Note, TimeSignature};
    use crate::time::Quarters;

    /// The changes of a staff with four equal notes in each measure.
    fn changes(pitches: &[u8]) -> Vec<(usize, Clef)> {
        let note = |(k, pitch): (usize, &u8)| {
            let (pitch, measure) = (*pitch, k as u32);
            let onset = move |beat: i64| Quarters::whole(4 * k as i64 + beat);
            (0..4).map(move |beat| Note { pitch, measure, onset: onset(beat), ..Note::default() })
        };
        let measures = (0..pitches.len() as u32).map(|k| Measure::regular(k, TimeSignature::default()));
        let score = Score {
            notes: pitches.iter().enumerate().flat_map(note).collect(),
            measures: measures.collect(),
            ..Score::default()
        };
        let names = spelling::spell(&score);
        clefs(&score, 0, 1, &names).into_iter().map(|(k, clefs)| (k, clefs[0].1)).collect()
    }

    #[test]
    fn a_clef_changes_where_that_saves_many_ledger_lines() {
        assert_eq!(changes(&[72, 74, 76]), [(0, Clef::Treble)]);
        assert_eq!(changes(&[48, 50, 43]), [(0, Clef::Bass)]);
        assert_eq!(changes(&[72, 57, 72]), [(0, Clef::Treble)], "not for one measure");
        let found = changes(&[40, 43, 48, 76, 79, 81, 43, 40]);
        assert_eq!(found, [(0, Clef::Bass), (3, Clef::Treble), (6, Clef::Bass)]);
    }
}
