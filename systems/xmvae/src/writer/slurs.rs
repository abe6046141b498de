//! Slurs that lead beyond the last bar that is kept.

use std::collections::{BTreeMap, BTreeSet};

use notation::{Marks, Note, Quarters};

/// Ends slurs of kept notes, in every voice, that go on in notes that are dropped.
pub fn end(kept: &mut [Note], dropped: &[&Note]) {
    let mut voices: BTreeMap<(u16, u8), Vec<usize>> = BTreeMap::new();
    for (n, note) in kept.iter().enumerate() {
        voices.entry((note.part, note.voice)).or_default().push(n);
    }
    for ((part, voice), mut own) in voices {
        let next = dropped.iter().filter(|note| (note.part, note.voice) == (part, voice));
        let goes_on = next.min_by_key(|note| struck(note)).is_some_and(|next| is_slurred(next));
        if goes_on {
            own.sort_by_key(|n| struck(&kept[*n]));
            let run = own.iter().rposition(|n| !is_slurred(&kept[*n])).map_or(0, |before| before + 1);
            end_run(kept, &own[run..]);
        }
    }
}

fn is_slurred(note: &Note) -> bool {
    note.marks.contains(Marks::SLURRED)
}

/// When a note is struck: at one onset grace notes come before the notes that they adorn.
fn struck(note: &Note) -> (Quarters, bool) {
    (note.onset, note.grace.is_none())
}

/// Ends the slur that is open after a run of notes under slurs, if one is.
fn end_run(notes: &mut [Note], run: &[usize]) {
    let with = |mark: Marks| -> BTreeSet<(Quarters, bool)> {
        run.iter().map(|n| &notes[*n]).filter(|note| note.marks.contains(mark)).map(struck).collect()
    };
    let (starts, stops) = (with(Marks::SLUR_START), with(Marks::SLUR_STOP));
    let Some(last) = run.last().map(|n| struck(&notes[*n])) else { return };
    if starts.len() <= stops.len() {
        return;
    }
    for n in run.iter().filter(|n| struck(&notes[**n]) == last).copied().collect::<Vec<_>>() {
        let marks = &mut notes[n].marks;
        if !starts.contains(&last) {
            marks.insert(Marks::SLUR_STOP);
            continue;
        }
        marks.remove(Marks::SLUR_START);
        if !stops.contains(&last) {
            marks.remove(Marks::SLURRED);
        }
    }
}
