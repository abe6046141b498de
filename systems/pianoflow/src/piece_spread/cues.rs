//! What a score says of how wide a performance of it spreads.

use analysis::tempo_cues;
use notation::{DirectionKind, Marks, Note, Score};

/// Cues beside those of tempo.
const OWN: usize = 12;

/// How many cues there are.
pub const CUES: usize = tempo_cues::CUES + OWN;

/// The cues of a score: those that its tempo is told from (marks, note values, metre, texture), then its
/// own.
pub fn of(score: &Score) -> [f64; CUES] {
    let mut cues = [0.0; CUES];
    let (tempo, own) = cues.split_at_mut(tempo_cues::CUES);
    tempo.copy_from_slice(&tempo_cues::of(score));
    own.copy_from_slice(&of_texture_and_signs(score));
    cues
}

fn of_texture_and_signs(score: &Score) -> [f64; OWN] {
    let groups = score.onset_groups();
    let chords = groups.iter().map(|group| &score.notes[group.clone()]);
    let span = |chord: &[Note]| {
        let pitches = || chord.iter().map(|n| f64::from(n.pitch));
        pitches().fold(0.0, f64::max) - pitches().fold(127.0, f64::min)
    };
    let share = |marks: Marks| mean(score.notes.iter().map(|n| flag(n.marks.intersects(marks))));
    let lengths = score.notes.iter().map(|n| n.duration.to_f64().clamp(1.0 / 16.0, 4.0).log2());
    let quarters = score.notes.first().zip(score.notes.last());
    let quarters = quarters.map_or(0.0, |(first, last)| (last.onset - first.onset).to_f64()).max(1.0);
    // How often something stands, log2, as if it stood once more in a hundred quarters.
    let often = |count: usize| (1.0 + 100.0 * count as f64 / quarters).log2();
    let signs = |is: &dyn Fn(&DirectionKind) -> bool| {
        often(score.directions.iter().filter(|direction| is(&direction.kind)).count())
    };
    let pauses = score.notes.iter().filter(|n| n.marks.intersects(Marks::FERMATA | Marks::BREATH));
    [
        mean(score.notes.iter().map(|n| f64::from(n.pitch))) / 12.0 - 5.0,
        mean(chords.clone().map(span)) / 12.0,
        mean(chords.map(|chord| flag(chord.len() >= 3))),
        deviation(lengths),
        signs(&|kind| matches!(kind, DirectionKind::Dynamic(_))),
        deviation_in_force(score, |kind| match kind {
            DirectionKind::Dynamic(dynamic) => Some(f64::from(dynamic.level())),
            _ => None,
        }),
        (hairpin_quarters(score) / quarters).min(1.0),
        share(Marks::ACCENT | Marks::MARCATO),
        signs(&|kind| matches!(kind, DirectionKind::Ritardando | DirectionKind::Accelerando)),
        deviation_in_force(score, |kind| match kind {
            DirectionKind::Metronome(bpm) | DirectionKind::Tempo(Some(bpm)) if *bpm > 0.0 => Some(bpm.log2()),
            _ => None,
        }),
        often(pauses.count()),
        share(Marks::ARPEGGIO | Marks::ARPEGGIO_DOWN),
    ]
}

/// Sum of the lengths of all hairpins.
fn hairpin_quarters(score: &Score) -> f64 {
    let hairpin = |kind: &DirectionKind| matches!(kind, DirectionKind::Crescendo | DirectionKind::Diminuendo);
    let spans = score.directions.iter().filter(|d| hairpin(&d.kind));
    spans.filter_map(|d| Some((d.end? - d.onset).to_f64().max(0.0))).sum()
}

/// How much the notes differ in what a kind of sign asks of them; notes before the first sign are not
/// counted.
fn deviation_in_force(score: &Score, asks: impl Fn(&DirectionKind) -> Option<f64>) -> f64 {
    let signs: Vec<_> = score.directions.iter().filter_map(|d| Some((d.onset, asks(&d.kind)?))).collect();
    let in_force = |note: &Note| {
        let passed = signs.partition_point(|(at, _)| *at <= note.onset);
        passed.checked_sub(1).and_then(|k| signs.get(k)).map(|(_, asked)| *asked)
    };
    deviation(score.notes.iter().filter_map(in_force))
}

fn flag(is: bool) -> f64 {
    f64::from(u8::from(is))
}

/// Mean; 0 of none.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    sum / f64::max(count, 1.0)
}

/// Standard deviation; 0 of none.
fn deviation(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let average = mean(values.clone());
    mean(values.map(|value| (value - average).powi(2))).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use notation::{Direction, Dynamic, Quarters};

    #[test]
    fn an_empty_score_has_cues_that_are_numbers() {
        assert!(of(&Score::default()).iter().all(|cue| cue.is_finite()));
    }

    #[test]
    fn signs_and_chords_are_counted() {
        let note = |k: i64, pitch: u8| Note { onset: Quarters::whole(k / 3), pitch, ..Note::default() };
        let mut score =
            Score { notes: (0..303).map(|k| note(k, 48 + 12 * (k % 3) as u8)).collect(), ..Score::default() };
        let plain = of_texture_and_signs(&score);
        assert_eq!(plain[..3], [0.0, 2.0, 1.0], "an octave either side of middle C, chords of three");
        assert_eq!(plain[4..], [0.0; 8], "no signs");
        let sign = |at: i64, end: Option<i64>, kind: DirectionKind| Direction {
            onset: Quarters::whole(at),
            end: end.map(Quarters::whole),
            part: 0,
            staff: None,
            kind,
            text: String::new(),
        };
        score.directions = vec![
            sign(0, None, DirectionKind::Dynamic(Dynamic::Pppp)),
            sign(10, Some(60), DirectionKind::Crescendo),
            sign(51, None, DirectionKind::Dynamic(Dynamic::Ppp)),
        ];
        let signed = of_texture_and_signs(&score);
        assert!((signed[4] - 3.0f64.log2()).abs() < 1e-12, "{signed:?}");
        assert!((signed[5] - 0.5).abs() < 1e-3 && (signed[6] - 0.5).abs() < 1e-12, "{signed:?}");
    }
}
