//! Keeping the tempo from wandering.
//!
//! A window of some hundred notes does not know the tempo of the whole piece, so the level of
//! what a poor network draws wanders from window to window, slowly. People do not: within a section
//! their tempo comes back. This scales what is slower than [`REACH_QUARTERS`], and what is faster,
//! by factors of their own, section by section, so that tempo changes that are written stay as large
//! as they were drawn. The better the network, the nearer the first factor is to 1.

use notation::{DirectionKind, Score};

use super::values::{QUARTER_TEMPO, Values, WIDTH};

/// Changes over more than this to either side are slow.
const REACH_QUARTERS: f64 = 32.0;

/// Around the mean of each section, multiplies what changes slowly by `slow` and the rest by `fast`.
pub fn steady(score: &Score, values: &mut Values, slow: f64, fast: f64) {
    let onsets = onsets(score, values);
    let starts = section_starts(score);
    for section in onsets.chunk_by(|a, b| section_of(&starts, a.at) == section_of(&starts, b.at)) {
        let mean = section.iter().map(|o| o.tempo).sum::<f64>() / section.len() as f64;
        let drift = moving_mean(section);
        for (onset, drift) in section.iter().zip(drift) {
            let wanted = mean + slow * (drift - mean) + fast * (onset.tempo - drift);
            for note in onset.notes.clone() {
                values.0[note * WIDTH + QUARTER_TEMPO] = wanted as f32;
            }
        }
    }
}

struct Onset {
    at: f64,
    notes: std::ops::Range<usize>,
    tempo: f64,
}

/// Onsets with a known tempo, and the mean of it over the chord.
fn onsets(score: &Score, values: &Values) -> Vec<Onset> {
    let of = |notes: std::ops::Range<usize>| {
        let known = notes.clone().map(|n| values.get(n, QUARTER_TEMPO)).filter(|v| v.is_finite());
        let (sum, count) = known.fold((0.0, 0.0), |(s, c), v| (s + v, c + 1.0));
        let at = score.notes[notes.start].onset.to_f64();
        (count > 0.0).then(|| Onset { at, notes, tempo: sum / count })
    };
    score.onset_groups().into_iter().filter_map(of).collect()
}

/// Where the score writes a new tempo, in quarters.
fn section_starts(score: &Score) -> Vec<f64> {
    let new = |kind: &DirectionKind| matches!(kind, DirectionKind::Metronome(_) | DirectionKind::Tempo(_));
    score.directions.iter().filter(|d| new(&d.kind)).map(|d| d.onset.to_f64()).collect()
}

fn section_of(starts: &[f64], at: f64) -> usize {
    starts.partition_point(|start| *start <= at)
}

fn moving_mean(section: &[Onset]) -> Vec<f64> {
    let (mut first, mut last, mut sum) = (0, 0, 0.0);
    let mean_at = |onset: &Onset| {
        while last < section.len() && section[last].at <= onset.at + REACH_QUARTERS {
            sum += section[last].tempo;
            last += 1;
        }
        while section[first].at < onset.at - REACH_QUARTERS {
            sum -= section[first].tempo;
            first += 1;
        }
        sum / (last - first) as f64
    };
    section.iter().map(mean_at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use notation::{Direction, Note, Quarters};

    /// Single notes a quarter apart whose tempo wanders slowly and beats fast.
    fn example(metronome_at: Option<i64>) -> (Score, Values) {
        let note = |k: i64| Note { onset: Quarters::whole(k), ..Note::default() };
        let mut score = Score { notes: (0..1000).map(note).collect(), ..Score::default() };
        score.directions.extend(metronome_at.map(|at| Direction {
            onset: Quarters::whole(at),
            end: None,
            part: 0,
            staff: None,
            kind: DirectionKind::Metronome(60.0),
            text: String::new(),
        }));
        let mut values = Values(vec![0.0; 1000 * WIDTH]);
        for k in 0..1000 {
            let slow = (k as f64 / 1000.0 * std::f64::consts::TAU).sin() * 0.5;
            let fast = if k % 2 == 0 { 0.1 } else { -0.1 };
            let step = metronome_at.filter(|at| k >= *at).map_or(0.0, |_| 1.0);
            values.0[k as usize * WIDTH + QUARTER_TEMPO] = (slow + fast + step) as f32;
        }
        (score, values)
    }

    fn column(values: &Values) -> Vec<f64> {
        (0..1000).map(|n| values.get(n, QUARTER_TEMPO)).collect()
    }

    #[test]
    fn drift_goes_and_beats_stay() {
        let (score, mut values) = example(None);
        steady(&score, &mut values, 0.0, 1.0);
        let tempo = column(&values);
        let wander =
            tempo.chunks(50).map(|c| c.iter().sum::<f64>() / 50.0).fold(0.0, |a: f64, b| a.max(b.abs()));
        assert!(wander < 0.06, "still wanders by {wander}");
        assert!((tempo[500] - tempo[501]).abs() > 0.19);
    }

    #[test]
    fn nothing_changes_at_one() {
        let (score, mut values) = example(Some(400));
        let before = column(&values);
        steady(&score, &mut values, 1.0, 1.0);
        assert!(column(&values).iter().zip(&before).all(|(a, b)| (a - b).abs() < 1e-5));
    }

    #[test]
    fn a_written_tempo_change_stays() {
        let (score, mut values) = example(Some(500));
        steady(&score, &mut values, 0.0, 0.0);
        let tempo = column(&values);
        let before: f64 = example(Some(500))
            .1
            .0
            .iter()
            .skip(QUARTER_TEMPO)
            .step_by(WIDTH)
            .take(500)
            .map(|v| f64::from(*v))
            .sum::<f64>()
            / 500.0;
        assert!((tempo[100] - before).abs() < 1e-4);
        assert!(tempo[900] - tempo[100] > 0.3);
    }
}
