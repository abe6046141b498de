//! Where a note stands among the keys, its voice and its hand.

use std::collections::BTreeMap;

use notation::Score;

/// What is computed once a score: neighbours of each note, as indices.
pub(super) struct Voices {
    /// Notes before and after on the same key.
    pub key: Vec<[Option<usize>; 2]>,
    /// Notes before and after in the same written voice; of a chord, its highest.
    pub voice: Vec<[Option<usize>; 2]>,
    /// How many voices of the note's staff sound in its measure.
    pub together: Vec<usize>,
}

impl Voices {
    pub fn of(score: &Score) -> Self {
        let mut keys = BTreeMap::<u8, Vec<usize>>::new();
        let mut voices = BTreeMap::<_, Vec<Vec<usize>>>::new();
        let mut measures = BTreeMap::<_, Vec<u8>>::new();
        for (n, note) in score.notes.iter().enumerate() {
            keys.entry(note.pitch).or_default().push(n);
            let voice = voices.entry((note.part, note.staff, note.voice)).or_default();
            match voice.last_mut().filter(|chord| score.notes[chord[0]].onset == note.onset) {
                Some(chord) => chord.push(n),
                None => voice.push(vec![n]),
            }
            let heard = measures.entry((note.part, note.staff, note.measure)).or_default();
            if !heard.contains(&note.voice) {
                heard.push(note.voice);
            }
        }
        let mut key = vec![[None; 2]; score.notes.len()];
        for line in keys.values() {
            for pair in line.windows(2) {
                key[pair[0]][1] = Some(pair[1]);
                key[pair[1]][0] = Some(pair[0]);
            }
        }
        let top = |chord: &Vec<usize>| chord.iter().copied().max_by_key(|n| score.notes[*n].pitch);
        let mut voice = vec![[None; 2]; score.notes.len()];
        for line in voices.values() {
            for pair in line.windows(2) {
                pair[0].iter().for_each(|n| voice[*n][1] = top(&pair[1]));
                pair[1].iter().for_each(|n| voice[*n][0] = top(&pair[0]));
            }
        }
        let together = score.notes.iter().map(|n| measures[&(n.part, n.staff, n.measure)].len());
        Self { key, voice, together: together.collect() }
    }
}
