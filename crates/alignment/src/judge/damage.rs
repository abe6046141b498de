//! Recordings, damaged.

use notation::Score;
use performance::midi::MidiNote;

use super::case::{Case, Key};
use super::chance::Chance;
use super::kind::Damage;
use crate::aligned::Role;

/// A recording, damaged in a way. None if there is nothing to damage in this way, as in a piece
/// without repeats.
pub fn damaged(damage: Damage, score: &Score, case: &Case, seed: u64) -> Option<Case> {
    let mut damaged = Damaged { score, keys: case.keys.clone(), chance: Chance::new(seed) };
    damaged.apply(damage)?;
    damaged.sort();
    let is_enough = damaged.keys.iter().filter(|key| key.role != Role::Extra).count() >= LEAST_KEYS;
    is_enough.then(|| Case { name: case.name.clone(), damage, keys: damaged.keys })
}

/// Keys that belong to notes which a damaged recording has at least.
const LEAST_KEYS: usize = 30;

struct Damaged<'a> {
    score: &'a Score,
    keys: Vec<Key>,
    chance: Chance,
}

impl Damaged<'_> {
    fn apply(&mut self, damage: Damage) -> Option<()> {
        match damage {
            Damage::None => {}
            Damage::Wrong => self.wrong(0.05),
            Damage::Missed => self.missed(0.1),
            Damage::Extra => self.extra(0.1),
            Damage::Spread => self.spread(),
            Damage::Skipped => (0..2).for_each(|half| self.passage(half, 0)),
            Damage::Repeated => (0..2).for_each(|half| self.passage(half, 2)),
            Damage::Repeats => return self.without_repeats(),
            Damage::Bars => self.some_bars(),
            Damage::Restarts => self.restarts(4),
            Damage::Hand => self.hand(),
            Damage::Slow => self.warp(|_, _| 3.0),
            Damage::Fast => self.warp(|_, _| 1.0 / 3.0),
            Damage::Wandering => {
                let mut log = 0.0_f64;
                self.warp(move |chance, wait| {
                    log = (log + chance.between(-1.0, 1.0) * (0.3 * wait).sqrt().min(1.0)).clamp(-1.1, 1.1);
                    log.exp()
                });
            }
            Damage::Semitone => {
                let by = self.chance.step(1);
                self.keys.iter_mut().for_each(|key| key.note.pitch = moved(key.note.pitch, by));
            }
            Damage::Everything => {
                self.wrong(0.03);
                self.missed(0.03);
                self.extra(0.03);
                self.restarts(3);
                return self.apply(Damage::Semitone);
            }
        }
        Some(())
    }

    fn sort(&mut self) {
        let by = |a: &Key, b: &Key| {
            a.note.onset_secs.total_cmp(&b.note.onset_secs).then(a.note.pitch.cmp(&b.note.pitch))
        };
        self.keys.sort_by(by);
    }

    fn wrong(&mut self, share: f64) {
        for key in &mut self.keys {
            if let Role::Note(note) = key.role
                && self.chance.happens(share)
            {
                *key = Key { role: Role::Wrong(note), ..*key };
                key.note.pitch = moved(key.note.pitch, self.chance.step(2));
            }
        }
    }

    fn missed(&mut self, share: f64) {
        let chance = &mut self.chance;
        self.keys.retain(|key| key.role == Role::Extra || !chance.happens(share));
    }

    fn extra(&mut self, share: f64) {
        for k in 0..self.keys.len() {
            if self.chance.happens(share) {
                let MidiNote { pitch, onset_secs, .. } = self.keys[k].note;
                let (pitch, onset_secs) =
                    (moved(pitch, self.chance.step(4)), onset_secs + self.chance.between(-0.06, 0.3));
                let note = MidiNote { pitch, onset_secs: onset_secs.max(0.0), ..self.keys[k].note };
                self.keys.push(Key { note, role: Role::Extra });
            }
        }
        self.sort();
    }

    fn spread(&mut self) {
        let onset = |key: &Key| key.role.note().map(|note| self.score.notes[note as usize].onset);
        let mut chords: Vec<usize> =
            (0..self.keys.len()).filter(|k| onset(&self.keys[*k]).is_some()).collect();
        chords.sort_by_key(|k| (onset(&self.keys[*k]), self.keys[*k].note.pitch));
        let chords: Vec<&[usize]> =
            chords.chunk_by(|a, b| onset(&self.keys[*a]) == onset(&self.keys[*b])).collect();
        let first =
            |chord: &[usize]| chord.iter().map(|k| self.keys[*k].note.onset_secs).fold(f64::MAX, f64::min);
        let firsts: Vec<f64> = chords.iter().map(|chord| first(chord)).collect();
        let mut onsets: Vec<(usize, f64)> = Vec::new();
        for (k, chord) in chords.iter().enumerate() {
            let room =
                0.5 * (firsts.get(k + 1).unwrap_or(&f64::MAX) - firsts[k]).max(0.0) / chord.len() as f64;
            let by = self.chance.between(0.03, 0.09).min(room);
            let late =
                |(place, key): (usize, &usize)| (*key, self.keys[*key].note.onset_secs + place as f64 * by);
            onsets.extend(chord.iter().enumerate().map(late));
        }
        onsets.into_iter().for_each(|(key, onset_secs)| self.keys[key].note.onset_secs = onset_secs);
    }

    fn hand(&mut self) {
        let upper = self.chance.happens(0.5);
        let score = self.score;
        let is_upper = |note: u32| score.notes[note as usize].staff <= 1;
        self.keys.retain(|key| key.role.note().is_some_and(|note| is_upper(note) == upper));
    }

    /// Makes each wait between two keys longer by a factor.
    fn warp(&mut self, mut factor: impl FnMut(&mut Chance, f64) -> f64) {
        let (mut before, mut at) = (0.0, 0.0);
        for key in &mut self.keys {
            let wait = key.note.onset_secs - before;
            before = key.note.onset_secs;
            let factor = factor(&mut self.chance, wait);
            at += factor * wait;
            key.note.onset_secs = at;
            key.note.duration_secs *= factor;
        }
    }

    /// When each measure begins, and the end.
    fn bars(&self) -> Vec<f64> {
        let mut bars = vec![f64::INFINITY; self.score.measures.len() + 1];
        for key in &self.keys {
            if let Role::Note(note) = key.role {
                let bar = self.score.notes[note as usize].measure as usize;
                bars[bar] = bars[bar].min(key.note.onset_secs);
            }
        }
        let last = self.keys.last().map_or(0.0, |key| key.note.onset_secs + 0.5);
        let mut next: f64 = last;
        for bar in bars.iter_mut().rev() {
            next = next.min(*bar);
            *bar = next;
        }
        bars
    }

    /// The measure of each key.
    fn measures(&self) -> Vec<usize> {
        let bars = self.bars();
        let by_time = |secs: f64| bars.partition_point(|bar| *bar <= secs).saturating_sub(1);
        let measure = |key: &Key| match key.role.note() {
            Some(note) => self.score.notes[note as usize].measure as usize,
            None => by_time(key.note.onset_secs),
        };
        self.keys.iter().map(measure).collect()
    }

    /// Plays measures in another order: ranges, each with a pause before it. A range that begins or ends within
    /// a measure is given as decimals.
    fn play(&mut self, order: &[(std::ops::Range<f64>, f64)]) {
        let (bars, measures) = (self.bars(), self.measures());
        let secs = |bar: f64| {
            let k = (bar as usize).min(bars.len() - 2);
            bars[k] + (bar - k as f64) * (bars[k + 1] - bars[k])
        };
        let mut keys = Vec::new();
        let mut at = 0.5;
        for (range, pause) in order {
            at += pause;
            let (from, to) = (secs(range.start), secs(range.end));
            for (key, measure) in self.keys.iter().zip(&measures) {
                let onset_secs = key.note.onset_secs;
                let is_early =
                    *measure < range.start as usize || (range.start.fract() > 0.0 && onset_secs < from);
                let is_late = *measure as f64 >= range.end || (range.end.fract() > 0.0 && onset_secs >= to);
                if !is_early && !is_late {
                    let note = MidiNote { onset_secs: (at + onset_secs - from).max(0.0), ..key.note };
                    keys.push(Key { note, ..*key });
                }
            }
            at += to - from;
        }
        self.keys = keys;
        self.sort();
    }

    /// Plays a tenth of the bars so many times, somewhere in the first half (0) or the second one (1).
    fn passage(&mut self, half: usize, times: usize) {
        let bars = self.score.measures.len();
        let length = (bars / 10).max(2).min(bars / 2);
        let at = half * (bars / 2) + self.chance.below((bars / 2).saturating_sub(length).max(1));
        let mut order = vec![(0.0..at as f64, 0.0)];
        order.extend((0..times).map(|_| (at as f64..(at + length) as f64, 0.0)));
        order.push(((at + length) as f64..bars as f64, 0.0));
        self.play(&order);
    }

    fn without_repeats(&mut self) -> Option<()> {
        let measures = &self.score.measures;
        let mut order: Vec<(std::ops::Range<f64>, f64)> = Vec::new();
        let mut from = 0;
        let mut seen: Vec<(u32, usize)> = Vec::new();
        for (k, measure) in measures.iter().enumerate() {
            let first = seen.iter().find(|(written, _)| *written == measure.written).map(|(_, at)| *at);
            match first {
                // Here the second time begins: the first time is left out.
                Some(first) if k > 0 && measure.written < measures[k - 1].written && first >= from => {
                    order.push((from as f64..first as f64, 0.0));
                    from = k;
                }
                Some(_) => {}
                None => seen.push((measure.written, k)),
            }
        }
        if from == 0 {
            return None;
        }
        order.push((from as f64..measures.len() as f64, 0.0));
        self.play(&order);
        Some(())
    }

    fn some_bars(&mut self) {
        let bars = self.score.measures.len();
        let length = 16.min(bars / 2);
        let from = bars / 4 + self.chance.below((bars / 2).saturating_sub(length).max(1));
        self.play(&[(from as f64..(from + length) as f64, 0.0)]);
    }

    fn restarts(&mut self, stops: usize) {
        let bars = self.score.measures.len();
        let mut order: Vec<(std::ops::Range<f64>, f64)> = Vec::new();
        let (mut from, mut pause) = (0.0, 0.0);
        for k in 0..stops {
            // The stops are spread over the piece.
            let span = bars as f64 / (stops + 1) as f64;
            let stop = (k as f64 + 0.5) * span + self.chance.between(0.0, span);
            let back = 1.0 + self.chance.below(3) as f64;
            if stop > from + 0.5 && stop < bars as f64 - 1.0 {
                order.push((from..stop, pause));
                from = (stop.floor() - back).max(0.0);
                pause = self.chance.between(0.7, 2.5);
            }
        }
        order.push((from..bars as f64, pause));
        self.play(&order);
    }
}

fn moved(pitch: u8, by: i32) -> u8 {
    (i32::from(pitch) + by).clamp(0, 127) as u8
}
