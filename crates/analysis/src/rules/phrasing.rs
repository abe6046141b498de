//! The rules that shape phrases: phrase arch, punctuation, final ritard.

use crate::phrases::Phrase;
use crate::sketch::Sketch;

/// Micro-pause at a phrase boundary as a share of the span before it, and its limit.
const PAUSE_SHARE: f64 = 0.08;
const PAUSE_SECS: f64 = 0.1;

/// The final ritard takes the last so many seconds (times k).
const RITARD_SECS: f64 = 1.3;

/// A note longer than so many times the ritard's length is not stretched further than this.
const LAST_NOTE_FACTOR: f64 = 1.6;

/// Shape of an arch: from `start` down to 0 at the turn, then up to `end`, both as squares.
pub fn arch(x: f64, turn: f64, start: f64, end: f64) -> f64 {
    let turn = turn.clamp(1e-6, 1.0 - 1e-6);
    if x < turn { start * ((turn - x) / turn).powi(2) } else { end * ((x - turn) / (1.0 - turn)).powi(2) }
}

/// How an arch rule is set (Friberg 1995, *Matching the rule parameters of phrase arch to
/// performances of "Träumerei"*; defaults as in Director Musices).
#[derive(Clone, Copy, Debug)]
pub struct Arch {
    /// Strength.
    pub k: f64,
    /// Where the fastest and loudest point is, as a share of the phrase.
    pub turn: f64,
    /// How much the end is strengthened where a higher level ends too.
    pub next: f64,
    /// Decibels for each unit of k.
    pub amp: f64,
    /// How much of the slow start there is.
    pub acc: f64,
}

/// The arch of phrases.
pub const LEVEL_5: Arch = Arch { k: 1.5, turn: 0.3, next: 1.3, amp: 2.0, acc: 1.0 };
/// The arch of sub-phrases.
pub const LEVEL_6: Arch = Arch { k: 1.5, turn: 0.7, next: 1.0, amp: 0.2, acc: 1.0 };

/// Phrase arch: dr ×= 1 + (0.1·k·acc at the start, 0 at the turn, 0.2·k at the end);
/// level −0.5·k·amp dB at the start, 0 at the turn, −1·k·amp dB at the end.
pub fn apply_arch(sketch: &mut Sketch<'_>, phrases: &[Phrase], rule: Arch, strength: f64) {
    let k = rule.k * strength;
    for phrase in phrases {
        let from = sketch.onsets[phrase.first].at;
        let last = &sketch.onsets[phrase.end - 1];
        let length = (last.at - from).max(1e-6);
        let end = if phrase.ends_higher { rule.next } else { 1.0 };
        for index in phrase.first..phrase.end {
            let onset = &mut sketch.onsets[index];
            let x = ((onset.at - from) / length).clamp(0.0, 1.0);
            onset.secs *= 1.0 + arch(x, rule.turn, 0.1 * k * rule.acc, 0.2 * k * end);
            let level_db = -arch(x, rule.turn, 0.5 * k * rule.amp, k * rule.amp);
            for n in onset.notes.clone() {
                sketch.notes[n].level_db += level_db;
            }
        }
    }
}

/// Punctuation: a micro-pause before a new phrase, and its last notes a little shorter for it
/// (Friberg, Bresin, Frydén & Sundberg 1998, *Musical punctuation on the microlevel*).
pub fn punctuate(sketch: &mut Sketch<'_>, phrases: &[Phrase], k: f64) {
    let count = sketch.onsets.len();
    for phrase in phrases.iter().filter(|p| p.end < count) {
        let onset = &mut sketch.onsets[phrase.end - 1];
        let pause = (k * PAUSE_SHARE * onset.nominal_secs).min(k * PAUSE_SECS);
        onset.pause_secs += pause;
        if let Some(melody) = onset.melody {
            sketch.notes[melody].shorten_secs += pause;
        }
    }
}

/// Normalised tempo during a ritard (Friberg & Sundberg 1999, *Does music performance allude to
/// locomotion? A model of final ritardandi*, JASA 105): v(x) = (1 + (v_end^q − 1)·x)^(1/q), q = 3.
pub fn ritard_velocity(x: f64, v_end: f64) -> f64 {
    (1.0 + (v_end.powi(3) - 1.0) * x.clamp(0.0, 1.0)).cbrt()
}

/// Final ritard over the last 1300·k ms before the last onset, down to v_end = 1/(1 + 3k).
pub fn final_ritard(sketch: &mut Sketch<'_>, k: f64) {
    let Some(last) = sketch.onsets.len().checked_sub(1) else { return };
    if k <= 0.0 || last == 0 {
        return;
    }
    let v_end = 1.0 / (1.0 + 3.0 * k);
    let mut times = vec![0.0; last + 1];
    for index in 0..last {
        times[index + 1] = times[index] + sketch.onsets[index].nominal_secs;
    }
    let length = (RITARD_SECS * k).min(times[last].max(1e-6));
    let start = times[last] - length;
    for index in 0..=last {
        let next = times.get(index + 1).copied().unwrap_or(times[last]);
        if next <= start && index < last {
            continue;
        }
        let x = |time: f64| (time - start) / length;
        let middle = ((times[index].max(start) + next) / 2.0).min(times[last]);
        let within = if index == last {
            1.0
        } else {
            (next - times[index].max(start)) / (next - times[index]).max(1e-9)
        };
        let slower = 1.0 / ritard_velocity(x(middle), v_end);
        let factor = 1.0 + within * (slower - 1.0);
        sketch.onsets[index].secs *= if index == last { factor.min(LAST_NOTE_FACTOR) } else { factor };
    }
}
