//! What of an alignment is right.

use std::collections::HashMap;
use std::time::Instant;

use notation::{NoteId, Score};
use performance::midi::MidiNote;

use super::case::Case;
use super::kind::Damage;
use super::names::names;
use super::score_table::{Counts, Row};
use crate::aligned::{Alignment, Role};
use crate::aligning::align;

/// Aligns a case and counts what is right.
pub fn judge(score: &Score, case: &Case) -> Row {
    let heard: Vec<MidiNote> = case.keys.iter().map(|key| key.note).collect();
    let start = Instant::now();
    let found = align(score, &heard);
    let secs = start.elapsed().as_secs_f64();
    let truth: Vec<Role> = case.keys.iter().map(|key| key.role).collect();
    let names = Names { score, equal: (case.damage != Damage::None).then(|| names(score)) };
    let pick = |wanted: fn(Role) -> Option<u32>| names.compare(&truth, &found.roles, wanted);
    Row {
        damage: case.damage,
        name: case.name.clone(),
        keys: heard.len(),
        secs,
        pairs: pick(|role| if let Role::Note(note) = role { Some(note) } else { None }),
        wrong: pick(|role| if let Role::Wrong(note) = role { Some(note) } else { None }),
        missed: missed(&names, &truth, &found),
        extra: extra(&truth, &found.roles),
    }
}

/// Which notes are the same.
struct Names<'a> {
    score: &'a Score,
    /// Names of notes of which some may be the same. In a damaged recording nobody can tell
    /// which of two equal passages is played.
    equal: Option<Vec<(u32, u32)>>,
}

impl Names<'_> {
    fn name(&self, note: u32) -> (u32, u32) {
        let NoteId { written, pass } = self.score.notes[note as usize].id;
        self.equal.as_ref().map_or((written, u32::from(pass)), |equal| equal[note as usize])
    }

    fn compare(&self, truth: &[Role], found: &[Role], wanted: fn(Role) -> Option<u32>) -> Counts {
        let mut counts = Counts::default();
        for (truth, found) in truth.iter().zip(found) {
            let (truth, found) = (wanted(*truth), wanted(*found));
            counts.wanted += usize::from(truth.is_some());
            counts.found += usize::from(found.is_some());
            let is_same = truth.zip(found).is_some_and(|(a, b)| self.name(a) == self.name(b));
            counts.right += usize::from(is_same);
        }
        counts
    }
}

/// Notes that were not played, within what was played: of every note how often.
fn missed(names: &Names<'_>, truth: &[Role], found: &Alignment) -> Counts {
    let name = |note: u32| names.name(note);
    let mut played: HashMap<(u32, u32), i64> = HashMap::new();
    truth.iter().filter_map(|role| role.note()).for_each(|note| *played.entry(name(note)).or_default() += 1);
    let mut asked: HashMap<(u32, u32), i64> = HashMap::new();
    let mut named: HashMap<(u32, u32), i64> = HashMap::new();
    for stretch in &found.stretches {
        stretch.notes.clone().for_each(|note| *asked.entry(name(note)).or_default() += 1);
        stretch.missed.iter().for_each(|missed| *named.entry(name(missed.note)).or_default() += 1);
    }
    let mut counts = Counts::default();
    for (note, asked) in asked {
        let lacking = (asked - played.get(&note).copied().unwrap_or(0)).max(0) as usize;
        let named = named.get(&note).copied().unwrap_or(0) as usize;
        counts.wanted += lacking;
        counts.found += named;
        counts.right += lacking.min(named);
    }
    counts
}

/// Keys that were struck for no note; strokes of ornaments are such in the truth.
fn extra(truth: &[Role], found: &[Role]) -> Counts {
    let is_extra = |role: &Role| matches!(role, Role::Extra | Role::Ornament(_));
    let right = truth.iter().zip(found).filter(|(a, b)| is_extra(a) && is_extra(b)).count();
    let count = |roles: &[Role]| roles.iter().filter(|role| is_extra(role)).count();
    Counts { wanted: count(truth), found: count(found), right }
}
