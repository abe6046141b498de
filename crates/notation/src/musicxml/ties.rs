//! Ties in the order of play.
//!
//! A note that starts a tie goes on in the next note of its pitch and part that stops one. Mostly
//! that note begins where the first one ends. It may also come later: notes that come one after the
//! other, each held by a tie, up to a chord that has them all. Since repeats are unfolded before, a tie into a second ending is
//! one like any other, and one that is cut by a jump has nothing to go on in.

use std::collections::{HashMap, HashSet};

use super::written::WrittenNote;
use super::written_out::HeadId;
use crate::time::Quarters;

/// Rounded times that differ by less than this are the same.
const SAME_TIME: Quarters = Quarters::fraction(1, 64);

/// So much a voice may lack at the end of a measure, since its durations are rounded. No shorter note
/// value is written as a rest there.
const MOST_LACKING: Quarters = Quarters::fraction(1, 4);

/// Notes of one pitch and part that wait for the rest of their tie; more are nonsense.
const MOST_WAITING: usize = 64;

/// A written note as it is played.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    /// Index into the notes of the written score.
    pub note: usize,
    pub onset: Quarters,
    /// The measure that it is played in, counted in the order of play.
    pub measure: u32,
    /// Whether it starts a tie in this pass, and whether it stops one.
    pub tie_start: bool,
    pub tie_stop: bool,
}

/// What a head is part of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Link {
    /// Whether it goes on what another one began.
    pub continues: bool,
    /// The head that goes on this one.
    pub next: Option<usize>,
}

/// A note that waits for the rest of its tie.
#[derive(Clone, Copy)]
struct Waiting {
    head: usize,
    end: Quarters,
}

/// Links the heads, which are ordered by onset.
pub(super) fn link(notes: &[WrittenNote], heads: &[Head], parts: usize) -> Vec<Link> {
    let mut linker = Linker {
        notes,
        heads,
        links: vec![Link::default(); heads.len()],
        waiting: vec![Vec::new(); 128 * parts.max(1)],
        previous: HashMap::new(),
        voices: HashMap::new(),
    };
    let mut start = 0;
    while start < heads.len() {
        let onset = heads[start].onset;
        let end = start + heads[start..].iter().take_while(|h| h.onset == onset).count();
        linker.link_onset(start..end);
        linker.pass(start..end);
        start = end;
    }
    linker.links
}

/// Links the heads of a written-out file by their names: nothing unless every head has one of its own,
/// and the heads of each note are there from the first on, none before the one that it goes on.
pub(super) fn link_by_name(notes: &[WrittenNote], heads: &[Head]) -> Option<Vec<Link>> {
    let mut names: Vec<(HeadId, usize)> = Vec::with_capacity(heads.len());
    for (index, head) in heads.iter().enumerate() {
        names.push((notes[head.note].own_name?, index));
    }
    names.sort_unstable();
    let mut links = vec![Link::default(); heads.len()];
    let mut before: Option<(HeadId, usize)> = None;
    for (name, index) in names {
        match before {
            Some((last, first)) if last.note == name.note => {
                let goes_on = name.head == last.head + 1 && heads[first].onset <= heads[index].onset;
                let is_same = |a: &WrittenNote, b: &WrittenNote| (a.part, a.pitch) == (b.part, b.pitch);
                if !goes_on || !is_same(&notes[heads[first].note], &notes[heads[index].note]) {
                    return None;
                }
                links[first].next = Some(index);
                links[index].continues = true;
            }
            _ if name.head != 1 => return None,
            _ => {}
        }
        before = Some((name, index));
    }
    Some(links)
}

/// Where what a head goes on is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Search {
    /// Among the heads of the same note, in a file that names them.
    ByName,
    WithinVoice,
    Anywhere,
}

/// The heads of an onset that stop a tie, and their pitches.
struct Stops {
    heads: Vec<usize>,
    pitches: HashSet<u8>,
}

impl Stops {
    fn of(heads: impl Iterator<Item = usize>, linker: &Linker<'_>) -> Self {
        let heads: Vec<usize> = heads.collect();
        let pitches = heads.iter().map(|head| linker.note(*head).pitch).collect();
        Self { heads, pitches }
    }
}

struct Linker<'a> {
    notes: &'a [WrittenNote],
    heads: &'a [Head],
    links: Vec<Link>,
    /// By part and pitch.
    waiting: Vec<Vec<Waiting>>,
    /// What each head that continues goes on.
    previous: HashMap<usize, usize>,
    /// The heads so far, by part and voice, without grace notes.
    voices: HashMap<(u16, u8), Vec<usize>>,
}

impl Linker<'_> {
    fn note(&self, head: usize) -> &WrittenNote {
        &self.notes[self.heads[head].note]
    }

    fn slot(&self, head: usize) -> usize {
        let note = self.note(head);
        128 * usize::from(note.part) + usize::from(note.pitch & 127)
    }

    /// Links what starts at one onset: grace notes first, which may be tied to their main note; then
    /// within voices, then across them.
    fn link_onset(&mut self, heads: std::ops::Range<usize>) {
        let is_tied = |linker: &Self, head: usize| {
            let head = linker.heads[head];
            head.tie_start || head.tie_stop
        };
        let any = heads.clone().any(|head| is_tied(self, head) || !self.waiting[self.slot(head)].is_empty());
        if !any {
            return;
        }
        let (graces, mains): (Vec<usize>, Vec<usize>) =
            heads.partition(|head| self.note(*head).grace.is_some());
        for group in [graces, mains] {
            let stops = Stops::of(group.iter().copied().filter(|h| self.heads[*h].tie_stop), self);
            for search in [Search::ByName, Search::WithinVoice, Search::Anywhere] {
                for head in stops.heads.iter().rev() {
                    if !self.links[*head].continues {
                        self.connect(*head, search, &stops);
                    }
                }
            }
            self.complete_chords(&group, &stops.heads);
            for head in group {
                self.give_up(head);
                if self.heads[head].tie_start {
                    self.wait(head);
                }
            }
        }
    }

    /// Ties heads that lack their stop, where another head of their chord is tied from the same chord.
    fn complete_chords(&mut self, heads: &[usize], stops: &[usize]) {
        let began = |stop: &usize| Some((self.note(*stop).voice, self.heads[self.previous(*stop)?].onset));
        let tied: HashSet<(u8, Quarters)> = stops.iter().filter_map(began).collect();
        if tied.is_empty() {
            return;
        }
        for head in heads {
            // An exact file says all of its ties.
            if self.heads[*head].tie_stop || self.note(*head).own_name.is_some() {
                continue;
            }
            let (slot, onset, voice) = (self.slot(*head), self.heads[*head].onset, self.note(*head).voice);
            let fits = |w: &Waiting| {
                self.note(w.head).voice == voice
                    && (w.end - onset).abs() < SAME_TIME
                    && tied.contains(&(voice, self.heads[w.head].onset))
            };
            if let Some(found) = self.waiting[slot].iter().position(fits) {
                self.join(slot, found, *head);
            }
        }
    }

    /// Lets a head go on what waits at a place of a slot.
    fn join(&mut self, slot: usize, waiting: usize, head: usize) {
        let first = self.waiting[slot].remove(waiting).head;
        self.links[first].next = Some(head);
        self.links[head].continues = true;
        self.previous.insert(head, first);
    }

    /// What a head goes on.
    fn previous(&self, head: usize) -> Option<usize> {
        self.previous.get(&head).copied()
    }

    /// Finds what a head goes on: the note that ends nearest to its onset. `stops` are all heads of
    /// its onset that stop a tie.
    fn connect(&mut self, head: usize, search: Search, stops: &Stops) {
        let (slot, onset) = (self.slot(head), self.heads[head].onset);
        let (voice, staff) = (self.note(head).voice, self.note(head).staff);
        let name = self.note(head).own_name;
        if search == Search::ByName && name.is_none() {
            return;
        }
        let fits = |w: &Waiting| {
            let note = self.note(w.head);
            let same_voice = (note.voice, note.staff) == (voice, staff);
            let is_cut_short = name.is_none() && self.is_cut_short(w, head);
            let near = (w.end - onset).abs() < SAME_TIME || is_cut_short;
            w.head != head
                && match search {
                    Search::ByName => near && self.is_next_head(w.head, head),
                    Search::WithinVoice => same_voice && near,
                    Search::Anywhere => near || (name.is_none() && self.is_held(w, stops)),
                }
        };
        let distance = |k: &usize| (self.waiting[slot][*k].end - onset).abs();
        let candidates = (0..self.waiting[slot].len()).filter(|k| fits(&self.waiting[slot][*k]));
        // Of equals the last one: where a file repeats itself, its later word counts.
        if let Some(found) = candidates.rev().min_by_key(distance) {
            self.join(slot, found, head);
        }
    }

    /// Whether a file that names its heads says that one of them is followed by another.
    fn is_next_head(&self, first: usize, second: usize) -> bool {
        let names = self.note(first).own_name.zip(self.note(second).own_name);
        names.is_some_and(|(first, second)| first.note == second.note && first.head + 1 == second.head)
    }

    /// Whether a note ends a little before the measure in which a head begins, with nothing between.
    fn is_cut_short(&self, waiting: &Waiting, head: usize) -> bool {
        let (first, second) = (self.heads[waiting.head], self.heads[head]);
        let is_next = second.measure == first.measure + 1;
        is_next && waiting.end <= second.onset && second.onset - waiting.end < MOST_LACKING
    }

    /// Whether a note that ended before is held up to the onset of `stops`: its voice goes on without
    /// a gap in notes that are held, too, at most into the next measure. Otherwise what looks like a
    /// tie is a slur, or left over from other notes.
    fn is_held(&self, waiting: &Waiting, stops: &Stops) -> bool {
        let Some(stop) = stops.heads.first().map(|head| self.heads[*head]) else { return false };
        let first = self.heads[waiting.head];
        if waiting.end > stop.onset || stop.measure > first.measure + 1 {
            return false;
        }
        let note = self.note(waiting.head);
        let voice = self.voices.get(&(note.part, note.voice)).map_or(&[][..], Vec::as_slice);
        let mut from = stop.onset;
        for head in voice.iter().rev().take(MOST_WAITING) {
            let (between, at) = (self.note(*head), self.heads[*head].onset);
            let is_held = self.heads[*head].tie_start;
            if at + SAME_TIME <= waiting.end || at + between.duration + SAME_TIME <= from {
                break;
            }
            if !(is_held && stops.pitches.contains(&between.pitch)) {
                return false;
            }
            from = at;
        }
        (from - waiting.end).abs() < SAME_TIME
    }

    /// Remembers heads whose onset is over.
    fn pass(&mut self, heads: std::ops::Range<usize>) {
        for head in heads {
            let note = self.note(head);
            if note.grace.is_none() {
                let voice = (note.part, note.voice);
                self.voices.entry(voice).or_default().push(head);
            }
        }
    }

    /// A note that is struck anew ends the wait of those of its pitch and voice that have ended.
    fn give_up(&mut self, head: usize) {
        let (slot, onset) = (self.slot(head), self.heads[head].onset);
        if self.waiting[slot].is_empty() {
            return;
        }
        let mut waiting = std::mem::take(&mut self.waiting[slot]);
        let (voice, staff) = (self.note(head).voice, self.note(head).staff);
        waiting.retain(|w| {
            let note = self.note(w.head);
            w.end > onset || (note.voice, note.staff) != (voice, staff) || w.head == head
        });
        self.waiting[slot] = waiting;
    }

    fn wait(&mut self, head: usize) {
        let slot = self.slot(head);
        let end = self.heads[head].onset + self.note(head).duration;
        let waiting = &mut self.waiting[slot];
        if waiting.len() >= MOST_WAITING {
            waiting.remove(0);
        }
        waiting.push(Waiting { head, end });
    }
}

/// Follows a tie from its first head to its last.
pub(super) fn last(links: &[Link], first: usize) -> usize {
    std::iter::successors(Some(first), |head| links[*head].next).last().unwrap_or(first)
}
