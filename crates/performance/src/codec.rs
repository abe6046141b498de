//! The performance codec: a tempo curve, and for each note what sets it apart from the curve.
//!
//! This is the form in which tempo, loudness, timing, articulation and pedal can be drawn, scaled
//! and exported each on its own. It follows the performance codec of partitura (Cancino-Chacón et
//! al., "Partitura: A Python Package for Symbolic Music Processing", MEC 2022) with three
//! differences: timing is positive when late; articulation compares with the written end *on the
//! curve*, so that 0 is a note that lasts exactly to the next, whatever the tempo does in between;
//! and grace notes and pedals are kept, so that decoding gives back what was encoded.

use std::ops::Range;

use notation::{Quarters, Score};
use serde::{Deserialize, Serialize};

use crate::curve::BeatCurve;
use crate::deadpan::{GRACE_SECS, written_clock};
use crate::{Pedal, PedalEvent, Performance, PlayedNote};

/// No score time passes faster than this: 3000 quarters per minute. Where a performance runs
/// backwards the curve keeps this slope, and the notes' timing carries the rest.
const LEAST_PERIOD_SECS: f64 = 0.02;

/// No note is shorter than this, so that its logarithm is finite.
const SHORTEST_CODED_SECS: f64 = 1e-6;

/// A performance as a curve and deviations from it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Coded {
    /// When the first onset is played.
    pub start_secs: f64,
    /// The tempo curve: each distinct score onset from the first played to the last.
    pub onsets: Vec<CodedOnset>,
    /// The notes that are played, ordered by score note.
    pub notes: Vec<CodedNote>,
    /// Pedal movements, ordered by time.
    pub pedals: Vec<CodedPedal>,
}

/// Tempo from one score onset to the next.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CodedOnset {
    /// Where in the score.
    pub at: Quarters,
    /// Seconds per quarter from here to the next onset; at the last one, as before it.
    pub beat_period_secs: f64,
}

/// What sets a note apart from the curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CodedNote {
    /// Index into [`Score::notes`].
    pub note: u32,
    /// MIDI velocity, 1 to 127.
    pub velocity: u8,
    /// Seconds after its place on the curve; negative when early. Grace notes, which the score
    /// puts on the beat, are mostly early.
    pub timing_secs: f64,
    /// log2 of its played over its written length on the curve ([`GRACE_SECS`] for grace notes).
    pub articulation_log2: f64,
}

/// A pedal movement at its place in the score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CodedPedal {
    /// Where on the curve, in quarters.
    pub at_quarters: f64,
    /// Which pedal.
    pub pedal: Pedal,
    /// 0 (up) to 127 (down).
    pub value: u8,
}

impl Coded {
    /// The tempo curve.
    pub fn curve(&self) -> BeatCurve {
        let stretches = self.onsets.iter().map(|o| (o.at.to_f64(), o.beat_period_secs));
        BeatCurve::from_periods(self.start_secs, stretches)
    }
}

/// Encodes a performance of a score or of some of its notes. Notes that the score does not have
/// and times that are not finite are left out.
pub fn encode(score: &Score, played: &Performance) -> Coded {
    let usable = |n: &&PlayedNote| {
        (n.note as usize) < score.notes.len() && n.onset_secs.is_finite() && n.duration_secs.is_finite()
    };
    let notes: Vec<&PlayedNote> = played.notes.iter().filter(usable).collect();
    let mut coded = Coded::default();
    coded.set_curve(score, &notes);
    let curve = coded.curve();
    coded.notes = notes.iter().map(|n| encode_note(score, &curve, n)).collect();
    let pedal = |p: &PedalEvent| CodedPedal {
        at_quarters: curve.quarters_at(p.time_secs),
        pedal: p.pedal,
        value: p.value,
    };
    coded.pedals = played.pedals.iter().filter(|p| p.time_secs.is_finite()).map(pedal).collect();
    coded
}

/// Encodes a performance on a tempo curve that is known. The curve is followed from onset to onset.
pub(crate) fn encode_on(score: &Score, played: &Performance, curve: &BeatCurve) -> Coded {
    let mut coded = encode(score, played);
    let at: Vec<f64> = coded.onsets.iter().map(|onset| onset.at.to_f64()).collect();
    for (k, onset) in coded.onsets.iter_mut().enumerate() {
        onset.beat_period_secs = match at.get(k + 1) {
            Some(next) => (curve.secs_at(*next) - curve.secs_at(at[k])) / (next - at[k]),
            None => curve.period_secs_at(at[k]),
        };
    }
    coded.start_secs = at.first().map_or(coded.start_secs, |first| curve.secs_at(*first));
    let followed = coded.curve();
    for note in &mut coded.notes {
        if let Some(played) = played.get(note.note) {
            *note = encode_note(score, &followed, played);
        }
    }
    for (pedal, played) in
        coded.pedals.iter_mut().zip(played.pedals.iter().filter(|p| p.time_secs.is_finite()))
    {
        pedal.at_quarters = followed.quarters_at(played.time_secs);
    }
    coded
}

fn encode_note(score: &Score, curve: &BeatCurve, played: &PlayedNote) -> CodedNote {
    let (expected_secs, length_secs) = place(score, curve, played.note);
    CodedNote {
        note: played.note,
        velocity: played.velocity,
        timing_secs: played.onset_secs - expected_secs,
        articulation_log2: (played.duration_secs.max(SHORTEST_CODED_SECS) / length_secs).log2(),
    }
}

/// Decodes into a performance of the same notes.
pub fn decode(score: &Score, coded: &Coded) -> Performance {
    let curve = coded.curve();
    let note = |n: &CodedNote| {
        let (expected_secs, length_secs) = place(score, &curve, n.note);
        PlayedNote {
            note: n.note,
            onset_secs: expected_secs + n.timing_secs,
            duration_secs: length_secs * n.articulation_log2.exp2(),
            velocity: n.velocity,
        }
    };
    let pedal = |p: &CodedPedal| PedalEvent {
        time_secs: curve.secs_at(p.at_quarters),
        pedal: p.pedal,
        value: p.value,
    };
    let known = coded.notes.iter().filter(|n| (n.note as usize) < score.notes.len());
    Performance { notes: known.map(note).collect(), pedals: coded.pedals.iter().map(pedal).collect() }
}

/// Onset and length of a note on the curve, in seconds.
fn place(score: &Score, curve: &BeatCurve, note: u32) -> (f64, f64) {
    let note = &score.notes[note as usize];
    let onset_secs = curve.secs_at(note.onset.to_f64());
    let length_secs = curve.secs_at(note.offset().to_f64()) - onset_secs;
    (onset_secs, if note.duration > Quarters::ZERO && length_secs > 0.0 { length_secs } else { GRACE_SECS })
}

impl Coded {
    /// Puts the curve through the mean onset of the notes at each score onset.
    fn set_curve(&mut self, score: &Score, notes: &[&PlayedNote]) {
        let mut means = mean_onsets(score, notes);
        let Some(last) = means.last().copied() else { return };
        rise(&mut means);
        let written = written_clock(score);
        self.start_secs = means[0].secs;
        let mut k = 0;
        let (first, end) = (score.notes[means[0].note].onset, score.notes[last.note].onset);
        let within = |g: &Range<usize>| (first..=end).contains(&score.notes[g.start].onset);
        for group in score.onset_groups().into_iter().filter(within) {
            let at = score.notes[group.start].onset;
            // Onsets without a played note lie on the line between their neighbours.
            while k + 1 < means.len() && means[k + 1].quarters <= at.to_f64() {
                k += 1;
            }
            let period = match means.get(k + 1) {
                Some(next) => (next.secs - means[k].secs) / (next.quarters - means[k].quarters),
                None => {
                    self.onsets.last().map_or(written.period_secs_at(at.to_f64()), |o| o.beat_period_secs)
                }
            };
            self.onsets.push(CodedOnset { at, beat_period_secs: period });
        }
    }
}

/// When an onset of the score was played.
#[derive(Clone, Copy)]
struct MeanOnset {
    /// One of its notes.
    note: usize,
    quarters: f64,
    secs: f64,
    weight: f64,
}

/// Mean onsets of the played notes by score onset. Grace notes count only where a performance
/// holds nothing else.
fn mean_onsets(score: &Score, notes: &[&PlayedNote]) -> Vec<MeanOnset> {
    let collect = |with_grace: bool| {
        let mut means: Vec<MeanOnset> = Vec::new();
        for played in notes {
            let note = &score.notes[played.note as usize];
            if note.grace.is_some() && !with_grace {
                continue;
            }
            match means.last_mut() {
                Some(mean) if score.notes[mean.note].onset == note.onset => {
                    mean.secs += played.onset_secs;
                    mean.weight += 1.0;
                }
                _ => means.push(MeanOnset {
                    note: played.note as usize,
                    quarters: note.onset.to_f64(),
                    secs: played.onset_secs,
                    weight: 1.0,
                }),
            }
        }
        means.iter_mut().for_each(|m| m.secs /= m.weight);
        means
    };
    let means = collect(false);
    if means.is_empty() { collect(true) } else { means }
}

/// Moves the onsets, as little as possible in the mean square, to where they rise by at least
/// [`LEAST_PERIOD_SECS`] per quarter (pool adjacent violators; Barlow et al., "Statistical
/// Inference under Order Restrictions", 1972).
fn rise(means: &mut [MeanOnset]) {
    // Blocks of (mean of seconds less the least slope, weight, number of onsets).
    let mut blocks: Vec<(f64, f64, usize)> = Vec::with_capacity(means.len());
    for mean in means.iter() {
        let mut block = (mean.secs - LEAST_PERIOD_SECS * mean.quarters, mean.weight, 1);
        while let Some(before) = blocks.pop_if(|before| before.0 >= block.0) {
            let weight = before.1 + block.1;
            block = ((before.0 * before.1 + block.0 * block.1) / weight, weight, before.2 + block.2);
        }
        blocks.push(block);
    }
    let mut k = 0;
    for (level, _, count) in blocks {
        // An onset alone in its block stays where it is, to the last bit.
        if count > 1 {
            means[k..k + count].iter_mut().for_each(|m| m.secs = level + LEAST_PERIOD_SECS * m.quarters);
        }
        k += count;
    }
}
