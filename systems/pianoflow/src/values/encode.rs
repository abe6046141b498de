//! A performance as values.

use std::ops::Range;

use notation::Score;
use performance::metrics::{self, Figure, Figures, NoteFlags};
use performance::pedal::PedalCurve;
use performance::{Performance, PlayedNote, SHORTEST_PRESS_SECS};

use super::{
    ARTICULATION, CHORD, NOMINAL_GRACE_SECS, ONSET_TEMPO, PEDAL, QUARTER_TEMPO, VELOCITY, Values, WIDTH,
    compress,
};

/// Reads the values off a performance. `flags` go by played note, parallel to `played.notes`.
pub fn encode(score: &Score, played: &Performance, flags: Option<&[NoteFlags]>) -> Values {
    let figures = Figures::of(score, played, flags);
    let groups = score.onset_groups();
    let played_at = metrics::usable_notes(score, played, flags);
    let onsets = mean_onsets(score, &groups, &played_at);
    let pedal = PedalCurve::of(played);
    let mut table = vec![f32::NAN; score.notes.len() * WIDTH];
    for (k, group) in groups.iter().enumerate() {
        let quarter = figures.get(Figure::QuarterTempo)[k];
        let onset = figures.get(Figure::Tempo)[k];
        let next = onsets[k + 1..].iter().copied().find(|t| t.is_finite());
        let gap = next.map_or(1.0, |t| (t - onsets[k]).max(0.0));
        for n in group.clone() {
            let row = &mut table[n * WIDTH..(n + 1) * WIDTH];
            row[QUARTER_TEMPO] = quarter as f32;
            row[ONSET_TEMPO] = (onset - quarter) as f32;
            for (j, column) in PEDAL.enumerate() {
                row[column] = pedal.at(onsets[k] + gap * j as f64 / 4.0) as f32;
            }
            let Some((note, duration_known)) = played_at[n] else { continue };
            row[VELOCITY] = f32::from(note.velocity);
            if score.notes[n].grace.is_some() {
                row[CHORD] = compress((note.onset_secs - onsets[k]).clamp(-0.5, 0.5)) as f32;
                if duration_known {
                    row[ARTICULATION] =
                        (note.duration_secs.max(SHORTEST_PRESS_SECS) / NOMINAL_GRACE_SECS).log2() as f32;
                }
            } else {
                row[CHORD] = compress(figures.get(Figure::Chord)[n].clamp(-0.5, 0.5)) as f32;
                row[ARTICULATION] = figures.get(Figure::Articulation)[n] as f32;
            }
        }
    }
    Values(table)
}

/// Mean onset in seconds of the notes at each distinct onset, grace notes excepted.
fn mean_onsets(score: &Score, groups: &[Range<usize>], played: &[Option<(&PlayedNote, bool)>]) -> Vec<f64> {
    let mean = |group: &Range<usize>| {
        let main = group.clone().filter(|n| score.notes[*n].grace.is_none()).filter_map(|n| played[n]);
        let (sum, count) = main.fold((0.0, 0.0), |(s, c), (note, _)| (s + note.onset_secs, c + 1.0));
        sum / count
    };
    groups.iter().map(mean).collect()
}
