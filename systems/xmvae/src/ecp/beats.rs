//! The beats of a score.

use notation::{Quarters, Score};

/// A beat of a measure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beat {
    /// Where it starts.
    pub start: Quarters,
    /// How long it lasts: less than [`notation::TimeSignature::beat_length`] where its measure begins or ends
    /// within a beat.
    pub length: Quarters,
    /// Its number in the bar, from 0 at the bar line. An upbeat has those of the end of a full bar.
    pub number: u32,
}

impl Beat {
    /// Where it ends.
    pub fn end(&self) -> Quarters {
        self.start + self.length
    }
}

/// The beats of all measures, in order; they follow each other without gaps. Beats are counted from the bar line, in
/// an upbeat so that the last ends with the bar. Where notes start after the last measure, beats of its metre go on.
pub fn beats(score: &Score) -> Vec<Beat> {
    let mut beats = Vec::new();
    for k in 0..score.measures.len() {
        push_measure(&mut beats, score, k);
    }
    push_rest(&mut beats, score);
    beats
}

/// Adds the beats of a measure.
fn push_measure(beats: &mut Vec<Beat>, score: &Score, k: usize) {
    let measure = &score.measures[k];
    // Measures follow each other; those of a broken score are made to.
    let start = beats.last().map_or(measure.start, Beat::end);
    let length = measure.end - start;
    if length <= Quarters::ZERO {
        return;
    }
    let beat = measure.time.beat_length();
    let count = ceil(length, beat);
    let (mut number, mut next) = (0, beat);
    if score.is_upbeat(k) {
        number = ceil(measure.time.measure_length(), beat).saturating_sub(count);
        next = length - beat * (i64::from(count) - 1);
    }
    let mut at = start;
    while at < measure.end {
        let length = next.min(measure.end - at);
        beats.push(Beat { start: at, length, number });
        at += length;
        number += 1;
        next = beat;
    }
}

/// Adds beats up to the last note.
fn push_rest(beats: &mut Vec<Beat>, score: &Score) {
    let Some(last) = score.notes.last().map(|note| note.onset) else { return };
    let mut at = beats.last().map_or(Quarters::ZERO.min(score.notes[0].onset), Beat::end);
    let time = score.time_signature_at(at);
    let (length, full) = (time.beat_length(), ceil(time.measure_length(), time.beat_length()).max(1));
    let mut number = 0;
    while at <= last {
        beats.push(Beat { start: at, length, number });
        at += length;
        number = (number + 1) % full;
    }
}

/// How many lengths it takes to cover one.
fn ceil(length: Quarters, by: Quarters) -> u32 {
    let (n, d) = (length.numerator() * by.denominator(), length.denominator() * by.numerator());
    u32::try_from(n.div_euclid(d) + i64::from(n.rem_euclid(d) != 0)).unwrap_or(0)
}

/// The beat of a place in the score: the last that starts at or before it, or the first.
pub(super) fn beat_at(beats: &[Beat], at: Quarters) -> usize {
    beats.partition_point(|beat| beat.start <= at).saturating_sub(1)
}

#[cfg(test)]
#[path = "beats_tests.rs"]
mod tests;
