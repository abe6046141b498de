//! Which notes and which sides of playing are looked at one by one.

use notation::{DirectionKind, Marks, Note, Score};
use performance::Performance;
use performance::metrics::{Figure, Figures};
use pianoflow::values::{self, PEDAL};

/// Notes that have something in common.
pub struct Kind {
    /// What it is.
    pub name: &'static str,
    /// For each note of the score, whether it belongs.
    pub notes: Vec<bool>,
}

/// The kinds of notes of a score.
pub fn kinds(score: &Score) -> Vec<Kind> {
    let groups = score.onset_groups();
    let mut chord_of = vec![0..0; score.notes.len()];
    groups.iter().for_each(|g| g.clone().for_each(|n| chord_of[n] = g.clone()));
    let pitches = |n: usize| score.notes[chord_of[n].clone()].iter().map(|note| note.pitch);
    let is_top = |n: usize| pitches(n).max() == Some(score.notes[n].pitch);
    let is_bottom = |n: usize| pitches(n).min() == Some(score.notes[n].pitch);
    let chord = |n: usize| chord_of[n].len() > 1;
    let marked = |n: usize, marks: Marks| score.notes[n].marks.intersects(marks);
    let last_bars = score.measures.len().saturating_sub(2) as u32;
    let place = |n: usize| {
        let note = &score.notes[n];
        let bar = score.measures.get(note.measure as usize);
        let position = bar.map_or(0.0, |m| m.position(note.onset, note.measure == 0).to_f64());
        (position, (position / score.time_signature_at(note.onset).beat_length().to_f64()).fract())
    };
    let ends = phrase_ends(score);
    let hairpins = hairpins(score);
    let changes = tempo_words(score);
    let within = |spans: &[(f64, f64)], n: usize| {
        let at = score.notes[n].onset.to_f64();
        spans.iter().any(|(from, to)| (*from..=*to).contains(&at))
    };
    let kind = |name: &'static str, has: &dyn Fn(usize) -> bool| Kind {
        name,
        notes: (0..score.notes.len()).map(has).collect(),
    };
    let quarters = |n: usize| score.notes[n].duration.to_f64();
    vec![
        kind("top of a chord", &|n| chord(n) && is_top(n)),
        kind("inside a chord", &|n| chord(n) && !is_top(n) && !is_bottom(n)),
        kind("bottom of a chord", &|n| chord(n) && is_bottom(n)),
        kind("alone", &|n| !chord(n)),
        kind("first of the bar", &|n| place(n).0 < 1e-3),
        kind("between beats", &|n| place(n).1 > 1e-3),
        kind("sixteenth or shorter", &|n| score.notes[n].grace.is_none() && quarters(n) <= 0.26),
        kind("quarter or longer", &|n| quarters(n) >= 0.99),
        kind("grace note", &|n| score.notes[n].grace.is_some()),
        kind("trill, turn, mordent", &|n| marked(n, Marks::TRILL | Marks::TURN | Marks::MORDENT)),
        kind("arpeggio", &|n| marked(n, Marks::ARPEGGIO)),
        kind("staccato", &|n| marked(n, Marks::STACCATO | Marks::STACCATISSIMO)),
        kind("under a slur", &|n| marked(n, Marks::SLURRED)),
        kind("accented", &|n| marked(n, Marks::ACCENT | Marks::MARCATO)),
        kind("in a hairpin", &|n| within(&hairpins, n)),
        kind("after rit. or accel.", &|n| within(&changes, n)),
        kind("end of a phrase", &|n| ends[n]),
        kind("fermata", &|n| marked(n, Marks::FERMATA)),
        kind("last two bars", &|n| score.notes[n].measure >= last_bars),
    ]
}

/// Notes after which something ends: a slur, the sound (a rest), or the piece.
fn phrase_ends(score: &Score) -> Vec<bool> {
    let last = score.notes.last().map(|n| n.onset);
    // The end of what sounds, as the score goes by: a rest is where all have stopped.
    let mut ends = vec![false; score.notes.len()];
    let groups = score.onset_groups();
    let mut sounding = 0.0f64;
    for (k, group) in groups.iter().enumerate() {
        let end = |note: &Note| note.offset().to_f64();
        sounding = score.notes[group.clone()].iter().map(end).fold(sounding, f64::max);
        let next = groups.get(k + 1).map(|g| score.notes[g.start].onset.to_f64());
        let silent = next.is_some_and(|next| sounding < next - 0.2);
        for n in group.clone() {
            let closes = Marks::SLUR_STOP | Marks::BREATH | Marks::FERMATA;
            let chained = score.notes[n].marks.contains(Marks::SLUR_START);
            let marked = score.notes[n].marks.intersects(closes) && !chained;
            ends[n] = silent || marked || Some(score.notes[n].onset) == last;
        }
    }
    ends
}

fn hairpins(score: &Score) -> Vec<(f64, f64)> {
    let hairpin = |k: &DirectionKind| matches!(k, DirectionKind::Crescendo | DirectionKind::Diminuendo);
    let spans = score.directions.iter().filter(|d| hairpin(&d.kind));
    spans.filter_map(|d| Some((d.onset.to_f64(), d.end?.to_f64()))).collect()
}

/// A bar's length after each word that changes the tempo gradually.
fn tempo_words(score: &Score) -> Vec<(f64, f64)> {
    let word = |k: &DirectionKind| matches!(k, DirectionKind::Ritardando | DirectionKind::Accelerando);
    let words = score.directions.iter().filter(|d| word(&d.kind));
    words.map(|d| (d.onset.to_f64(), d.onset.to_f64() + 4.0)).collect()
}

/// The sides of playing that the five figures mix.
pub const SIDES: [&str; 7] = [
    "dynamics over time",
    "voicing of chords",
    "tempo of sections",
    "rubato",
    "timing of single onsets",
    "pedal depth",
    "pedal changes",
];

/// Half of the stretch over which tempo is a section's and not rubato, in quarters.
const SECTION_QUARTERS: f64 = 12.0;

/// The sides of one performance, values by note or onset; NaN where missing.
pub fn sides(score: &Score, played: &Performance, figures: &Figures) -> [Vec<f64>; 7] {
    let groups = score.onset_groups();
    let velocity = figures.get(Figure::Velocity);
    let loudness: Vec<f64> = groups.iter().map(|g| mean(g.clone().map(|n| velocity[n]))).collect();
    let mut voicing = vec![f64::NAN; score.notes.len()];
    for (group, loudness) in groups.iter().zip(&loudness) {
        if group.len() > 1 {
            group.clone().for_each(|n| voicing[n] = velocity[n] - loudness);
        }
    }
    let quarter = figures.get(Figure::QuarterTempo);
    let at: Vec<f64> = groups.iter().map(|g| score.notes[g.start].onset.to_f64()).collect();
    let section = moving_mean(&at, quarter, SECTION_QUARTERS);
    let less = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<f64>>();
    let rubato = less(quarter, &section);
    let timing = less(figures.get(Figure::Tempo), quarter);
    let table = values::encode(score, played, None);
    let depth: Vec<f64> =
        groups.iter().map(|g| mean(PEDAL.map(|column| table.get(g.start, column)))).collect();
    let lift: Vec<f64> = groups
        .iter()
        .map(|g| PEDAL.map(|column| table.get(g.start, column)).fold(f64::INFINITY, f64::min))
        .map(|least| if least.is_finite() { f64::from(u8::from(least < 0.25)) } else { f64::NAN })
        .collect();
    [loudness, voicing, section, rubato, timing, depth, lift]
}

/// Mean of the finite values; NaN of none.
pub fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.filter(|v| v.is_finite()).fold((0.0, 0.0), |(s, c), v| (s + v, c + 1.0));
    sum / count
}

/// Mean of the finite values within `reach` of each point.
fn moving_mean(at: &[f64], values: &[f64], reach: f64) -> Vec<f64> {
    let (mut first, mut last, mut sum, mut count) = (0, 0, 0.0, 0.0);
    let around = |here: &f64| {
        while last < at.len() && at[last] <= here + reach {
            if values[last].is_finite() {
                (sum, count) = (sum + values[last], count + 1.0);
            }
            last += 1;
        }
        while at[first] < here - reach {
            if values[first].is_finite() {
                (sum, count) = (sum - values[first], count - 1.0);
            }
            first += 1;
        }
        if count > 0.5 { sum / count } else { f64::NAN }
    };
    at.iter().map(around).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moving_mean_skips_what_is_missing() {
        let at = [0.0, 1.0, 2.0, 3.0];
        let mean = moving_mean(&at, &[1.0, f64::NAN, 3.0, 5.0], 1.0);
        assert_eq!(mean, vec![1.0, 2.0, 4.0, 4.0]);
    }
}
