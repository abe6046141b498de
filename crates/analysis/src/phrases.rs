//! Where phrases end.
//!
//! The KTH phrase rules need marked phrases. We collect evidence for a boundary at each onset
//! (slurs that end, rests, fermatas, breath marks, long notes, repeats and changes of key or
//! metre, and groups of four and eight measures) and take the strongest that lie far enough apart.

use notation::{Hand, Marks, Score};

use super::sketch::Sketch;

/// Evidence that a boundary must have.
const ENOUGH: f64 = 0.9;

/// Least length of phrases and sub-phrases, in measures.
const PHRASE_MEASURES: f64 = 3.5;
const SUBPHRASE_MEASURES: f64 = 1.4;

/// A phrase: onsets `first..end`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Phrase {
    /// Its first onset.
    pub first: usize,
    /// The onset after its last.
    pub end: usize,
    /// Whether its end is also one of the level above.
    pub ends_higher: bool,
}

/// Phrases on two levels.
pub struct Phrases {
    /// Of about four measures and more.
    pub phrases: Vec<Phrase>,
    /// Of about two measures, within them.
    pub subphrases: Vec<Phrase>,
}

impl Phrases {
    /// Finds the phrases of a sketch's score.
    pub fn find(sketch: &Sketch<'_>) -> Self {
        let evidence = evidence(sketch);
        let measure = typical_measure(sketch.score);
        let long = boundaries(sketch, &evidence, PHRASE_MEASURES * measure, &[]);
        let short = boundaries(sketch, &evidence, SUBPHRASE_MEASURES * measure, &long);
        let count = sketch.onsets.len();
        Self { phrases: cut(count, &long, &[]), subphrases: cut(count, &short, &long) }
    }
}

/// The phrases between boundaries.
fn cut(count: usize, boundaries: &[usize], higher: &[usize]) -> Vec<Phrase> {
    let mut phrases = Vec::new();
    let mut first = 0;
    for end in boundaries.iter().copied().chain([count]) {
        if end > first {
            phrases.push(Phrase { first, end, ends_higher: end == count || higher.contains(&end) });
        }
        first = end;
    }
    phrases
}

/// The strongest places at least `apart` quarters from each other, from the ends, and given ones.
fn boundaries(sketch: &Sketch<'_>, evidence: &[f64], apart: f64, given: &[usize]) -> Vec<usize> {
    let (Some(first), Some(last)) = (sketch.onsets.first(), sketch.onsets.last()) else { return Vec::new() };
    let mut order: Vec<usize> =
        (1..evidence.len()).filter(|k| evidence[*k] >= ENOUGH && !given.contains(k)).collect();
    order.sort_by(|a, b| evidence[*b].total_cmp(&evidence[*a]).then(a.cmp(b)));
    // Kept as score times so that the nearest on either side is found by bisection.
    let mut taken: std::collections::BTreeMap<u64, usize> = std::collections::BTreeMap::new();
    let key = |at: f64| ((at - first.at).max(0.0) * 1e6) as u64;
    taken.insert(0, 0);
    taken.insert(key(last.at + last.span_quarters), evidence.len());
    for k in given {
        taken.insert(key(sketch.onsets[*k].at), *k);
    }
    let gap = (apart * 1e6) as u64;
    for k in order {
        let at = key(sketch.onsets[k].at);
        let near_before = taken.range(..=at).next_back().is_some_and(|(t, _)| at - t < gap);
        let near_after = taken.range(at..).next().is_some_and(|(t, _)| t - at < gap);
        if !near_before && !near_after {
            taken.insert(at, k);
        }
    }
    taken.into_values().filter(|k| *k > 0 && *k < evidence.len()).collect()
}

/// Median measure length in quarters.
fn typical_measure(score: &Score) -> f64 {
    let mut lengths: Vec<f64> = score.measures.iter().map(|m| (m.end - m.start).to_f64()).collect();
    lengths.sort_by(f64::total_cmp);
    lengths.get(lengths.len() / 2).copied().unwrap_or(4.0).max(0.5)
}

/// How much speaks for a phrase to start at each onset.
fn evidence(sketch: &Sketch<'_>) -> Vec<f64> {
    let mut evidence = vec![0.0; sketch.onsets.len()];
    melody_evidence(sketch, &mut evidence);
    measure_evidence(sketch, &mut evidence);
    evidence
}

/// Slurs, rests, long notes, fermatas and breaths in the melody.
fn melody_evidence(sketch: &Sketch<'_>, evidence: &mut [f64]) {
    let score = sketch.score;
    let melody: Vec<usize> = sketch
        .onsets
        .iter()
        .filter_map(|o| o.melody)
        .filter(|n| score.notes[*n].hand() == Hand::Right)
        .collect();
    let mut lengths: Vec<f64> = melody.iter().map(|n| score.notes[*n].duration.to_f64()).collect();
    lengths.sort_by(f64::total_cmp);
    let usual = lengths.get(lengths.len() / 2).copied().unwrap_or(1.0);
    for pair in melody.windows(2) {
        let (before, after) = (&score.notes[pair[0]], &score.notes[pair[1]]);
        let gap = (after.onset.to_f64() - before.offset().to_f64()).max(0.0);
        let slur_ends = before.marks.contains(Marks::SLUR_STOP) && !before.marks.contains(Marks::SLUR_START);
        let slur_starts = after.marks.contains(Marks::SLUR_START);
        let mut sum = 0.0;
        sum += if slur_ends && (slur_starts || gap > 0.0) {
            0.6
        } else if slur_ends {
            0.3
        } else {
            0.0
        };
        sum += if gap >= 0.9 {
            0.8
        } else if gap >= 0.45 {
            0.5
        } else {
            0.0
        };
        sum += if before.duration.to_f64() + gap >= 2.9 * usual { 0.4 } else { 0.0 };
        sum += if before.marks.intersects(Marks::FERMATA | Marks::BREATH) { 2.0 } else { 0.0 };
        evidence[sketch.notes[pair[1]].onset] += sum;
    }
}

/// Repeats, changes of key and metre, and groups of measures.
fn measure_evidence(sketch: &Sketch<'_>, evidence: &mut [f64]) {
    let score = sketch.score;
    let first_full =
        usize::from(score.measures.first().is_some_and(|m| m.end - m.start < m.time.measure_length()));
    let mut since_cut = 0usize;
    for (k, measure) in score.measures.iter().enumerate().skip(first_full + 1) {
        let before = &score.measures[k - 1];
        let jump = measure.written != before.written + 1 && (measure.written != 0 || before.written != 0);
        let key = score.key_signature_at(measure.start) != score.key_signature_at(before.start);
        let cut = jump || key || measure.time != before.time;
        since_cut = if cut { 0 } else { since_cut + 1 };
        let grouped = if since_cut.is_multiple_of(8) {
            0.7
        } else if since_cut.is_multiple_of(4) {
            0.5
        } else {
            0.0
        };
        let even = if since_cut.is_multiple_of(2) { 0.1 } else { 0.0 };
        let Some(onset) = sketch.onset_from(measure.start.to_f64()) else { return };
        if sketch.onsets[onset].at < measure.end.to_f64() {
            // A little evidence for every bar line: ties are broken towards it.
            evidence[onset] += 0.1 + even + if cut { 1.5 } else { grouped };
        }
    }
    // The grid alone is enough only where four measures are complete.
    evidence.iter_mut().for_each(|e| *e += if *e >= 0.65 { 0.3 } else { 0.0 });
}
