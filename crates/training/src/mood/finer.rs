//! Sides of playing that musicians hear beside the cues: the loudest notes, how far the melody's loudness
//! varies, the bass, how exactly chords are together, how long notes sound with the pedal and what sounds
//! at once then; and how far a performance goes its own way among others of its score.
//!
//! Which of some fifty are worth it was found on PercePiano (`models/mood/CARD.md`).

use std::ops::Range;

use notation::Score;
use performance::Performance;
use performance::cues::Measured;
use performance::metrics::{Figure, NoteFlags, correlation, usable_notes};
use performance::pedal::sounding_secs;

/// Number of finer cues.
pub(super) const FINER: usize = OWN + 3;

/// Those that a performance has by itself.
const OWN: usize = 6;

/// One value each: velocity of the loudest notes; deviation of velocities in the top voice; how much louder
/// the lowest notes are; seconds that notes of a chord are from its mean; log2 of seconds that a quarter
/// sounds; pairs of pitch classes a step apart that sound at an onset; then velocities apart from the mean
/// of the others, and r of tempo and of pedal with theirs. NaN where there is too little to measure.
pub(super) type Finer = [f64; FINER];

/// Share of the notes that are no louder than the loudest count as.
const LOUDEST: f64 = 0.98;

/// What still sounds so long after an onset sounds with it.
const AFTER_SECS: f64 = 0.05;

/// Fewest values that a mean, a deviation or r is taken of.
const LEAST: usize = 6;

/// What is measured of some measures of a performance before it is compared.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Profile {
    own: [f64; OWN],
    /// By note, less the mean.
    velocities: Vec<f64>,
    /// log2 of seconds per quarter by onset.
    tempi: Vec<f64>,
    /// Depth by onset.
    pedal: Vec<f64>,
}

/// The mean of several profiles: what is usual.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Usual {
    velocities: Vec<f64>,
    tempi: Vec<f64>,
    pedal: Vec<f64>,
}

impl Profile {
    /// Measures; `flags` go by played note.
    pub fn of(
        score: &Score,
        played: &Performance,
        flags: Option<&[NoteFlags]>,
        measures: Range<usize>,
    ) -> Self {
        let measured = Measured::of(score, played, flags);
        let notes = score.notes_in_measures(measures);
        let onsets = measured.onsets(&notes);
        let figure = |figure: Figure| measured.figures().get(figure);
        let velocities = &figure(Figure::Velocity)[notes.clone()];
        let mean_velocity = mean(velocities.iter().copied());
        let groups = &measured.groups()[onsets.clone()];
        let chords = &figure(Figure::Chord)[notes.clone()];
        let own = [
            quantile(velocities, LOUDEST),
            deviation(&tops(figure(Figure::Velocity), groups)),
            bass(figure(Figure::Velocity), groups),
            mean(chords.iter().map(|secs| secs.abs())),
            sounding(score, played, &notes),
            clashes(score, played, flags, groups),
        ];
        Self {
            own,
            velocities: velocities.iter().map(|velocity| velocity - mean_velocity).collect(),
            tempi: figure(Figure::Tempo)[onsets.clone()].to_vec(),
            pedal: measured.pedal()[onsets].to_vec(),
        }
    }

    /// The finer cues of a performance among others of its score, of which `usual` is the mean.
    pub fn finer(&self, usual: &Usual) -> Finer {
        let mut finer = [f64::NAN; FINER];
        finer[..OWN].copy_from_slice(&self.own);
        let squares = both(&self.velocities, &usual.velocities).into_iter().map(|(a, b)| (a - b).powi(2));
        finer[OWN] = mean(squares).sqrt();
        finer[OWN + 1] = likeness(&self.tempi, &usual.tempi);
        finer[OWN + 2] = likeness(&self.pedal, &usual.pedal);
        finer
    }
}

impl Usual {
    /// The mean of some profiles of the same measures, of the values that each has.
    pub fn of<'a>(profiles: impl Iterator<Item = &'a Profile> + Clone) -> Self {
        Self {
            velocities: mean_values(profiles.clone(), |profile| profile.velocities.as_slice()),
            tempi: mean_values(profiles.clone(), |profile| profile.tempi.as_slice()),
            pedal: mean_values(profiles, |profile| profile.pedal.as_slice()),
        }
    }
}

/// The mean of each value over the profiles that have it.
fn mean_values<'a>(
    profiles: impl Iterator<Item = &'a Profile> + Clone,
    values: fn(&Profile) -> &[f64],
) -> Vec<f64> {
    let count = profiles.clone().next().map_or(0, |profile| values(profile).len());
    let at = |k: usize| mean_of(profiles.clone().map(|profile| values(profile)[k])).unwrap_or(f64::NAN);
    (0..count).map(at).collect()
}

/// Values of the highest note of each chord that has one.
fn tops(values: &[f64], groups: &[Range<usize>]) -> Vec<f64> {
    let top = |group: &Range<usize>| group.clone().rev().map(|n| values[n]).find(|v| v.is_finite());
    groups.iter().filter_map(top).collect()
}

/// How far the lowest notes are above the others.
fn bass(values: &[f64], groups: &[Range<usize>]) -> f64 {
    let lowest = mean(groups.iter().map(|group| values[group.start]));
    let others = mean(groups.iter().flat_map(|group| group.start + 1..group.end).map(|n| values[n]));
    lowest - others
}

/// Mean log2 of the seconds that a written quarter sounds, the pedal counted.
fn sounding(score: &Score, played: &Performance, notes: &Range<usize>) -> f64 {
    let secs = sounding_secs(score, played);
    let of = |(note, secs): (&performance::PlayedNote, f64)| {
        let at = note.note as usize;
        let quarters = score.notes.get(at).filter(|n| n.grace.is_none()).map(|n| n.duration.to_f64())?;
        (notes.contains(&at) && quarters > 0.0 && secs > 0.0).then(|| (secs / quarters).log2())
    };
    mean(played.notes.iter().zip(secs).filter_map(of))
}

/// Mean number of pairs of pitch classes a semitone or a whole tone apart that sound at an onset.
fn clashes(score: &Score, played: &Performance, flags: Option<&[NoteFlags]>, groups: &[Range<usize>]) -> f64 {
    let secs = sounding_secs(score, played);
    let usable = usable_notes(score, played, flags);
    let bounds = groups.first().map_or(0, |g| g.start)..groups.last().map_or(0, |g| g.end);
    let strokes: Vec<(f64, f64, u8)> = played
        .notes
        .iter()
        .zip(secs)
        .filter(|(note, _)| bounds.contains(&(note.note as usize)))
        .map(|(note, secs)| (note.onset_secs, note.onset_secs + secs, score.notes[note.note as usize].pitch))
        .collect();
    let at = |group: &Range<usize>| {
        let onsets = group.clone().filter_map(|n| usable[n]).map(|(note, _)| note.onset_secs);
        let moment = mean_of(onsets)? + AFTER_SECS;
        let sounds = |(from, to, _): &&(f64, f64, u8)| *from <= moment && *to > moment;
        let classes =
            strokes.iter().filter(sounds).fold(0u16, |set, (_, _, pitch)| set | (1u16 << (pitch % 12)));
        Some(f64::from(steps(classes)))
    };
    mean(groups.iter().filter_map(at))
}

/// Pairs a semitone or a whole tone apart in a set of pitch classes, a bit each.
fn steps(classes: u16) -> u32 {
    let turned = |by: u32| ((classes << by) | (classes >> (12 - by))) & 0xfff;
    (classes & turned(1)).count_ones() + (classes & turned(2)).count_ones()
}

/// The values that both have.
fn both(a: &[f64], b: &[f64]) -> Vec<(f64, f64)> {
    a.iter().copied().zip(b.iter().copied()).filter(|(a, b)| a.is_finite() && b.is_finite()).collect()
}

fn likeness(a: &[f64], b: &[f64]) -> f64 {
    let both = both(a, b);
    if both.len() < LEAST { f64::NAN } else { correlation(&both).unwrap_or(f64::NAN) }
}

/// The mean of the values that are known, if any is.
fn mean_of(values: impl Iterator<Item = f64>) -> Option<f64> {
    let known = values.filter(|value| value.is_finite());
    let (sum, count) = known.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    (count > 0.0).then(|| sum / count)
}

/// The same; NaN of too few.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let known: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    if known.len() < LEAST { f64::NAN } else { known.iter().sum::<f64>() / known.len() as f64 }
}

fn deviation(values: &[f64]) -> f64 {
    let middle = mean(values.iter().copied());
    mean(values.iter().map(|value| (value - middle).powi(2))).sqrt()
}

/// The value that a share of the known ones does not pass, between two of them in proportion; NaN of too few.
fn quantile(values: &[f64], share: f64) -> f64 {
    let mut known: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    if known.len() < LEAST {
        return f64::NAN;
    }
    known.sort_by(f64::total_cmp);
    let at = share * (known.len() - 1) as f64;
    let (below, above) = (known[at.floor() as usize], known[at.ceil() as usize]);
    below + (above - below) * at.fract()
}

#[cfg(test)]
mod tests {
    use notation::{Measure, Note, Quarters, TimeSignature};
    use performance::{Pedal, PedalEvent, PlayedNote};

    use super::*;

    /// Two bars of thirds, a chord each quarter of half a second, a semitone higher each time.
    fn example(louder: impl Fn(u32) -> u8) -> (Score, Performance) {
        let time = TimeSignature { beats: 4, beat_type: 4 };
        let written = |k: u32| Note {
            onset: Quarters::whole(i64::from(k / 2)),
            duration: Quarters::whole(1),
            pitch: 60 + (k / 2) as u8 + 4 * (k % 2) as u8,
            measure: k / 8,
            ..Note::default()
        };
        let score = Score {
            notes: (0..16).map(written).collect(),
            measures: (0..2).map(|k| Measure::regular(k, time)).collect(),
            ..Score::default()
        };
        let played = |k: u32| PlayedNote {
            note: k,
            onset_secs: 0.5 * f64::from(k / 2) + 0.02 * f64::from(k % 2),
            duration_secs: 0.25,
            velocity: 60 + louder(k),
        };
        (score, Performance { notes: (0..16).map(played).collect(), pedals: Vec::new() })
    }

    fn alone(score: &Score, played: &Performance) -> Finer {
        let profile = Profile::of(score, played, None, 0..2);
        profile.finer(&Usual::of([&profile].into_iter()))
    }

    #[test]
    fn each_is_measured_as_it_is_played() {
        // Melody louder by ten, its last note by thirty.
        let (score, played) = example(|k| if k == 15 { 30 } else { 10 * (k % 2) as u8 });
        let finer = alone(&score, &played);
        assert!((80.0..90.0).contains(&finer[0]), "{finer:?}");
        // Seven of 70 and one of 90: a deviation of 20 times the root of 7/64.
        assert!((finer[1] - 20.0 * (7.0f64 / 64.0).sqrt()).abs() < 1e-9, "{finer:?}");
        assert!((finer[2] + 12.5).abs() < 1e-9 && (finer[3] - 0.01).abs() < 1e-9, "{finer:?}");
        assert!((finer[4] + 2.0).abs() < 1e-9 && finer[5] == 0.0, "{finer:?}");
        assert!(finer[6] == 0.0 && finer[8].is_nan(), "{finer:?}");
    }

    #[test]
    fn the_pedal_makes_notes_sound_longer_and_together() {
        let (score, mut played) = example(|_| 0);
        played.pedals = vec![PedalEvent { time_secs: 0.0, pedal: Pedal::Sustain, value: 127 }];
        let finer = alone(&score, &played);
        assert!(finer[4] > 0.0 && finer[5] > 2.0, "{finer:?}");
    }

    #[test]
    fn steps_are_counted_around_the_octave() {
        assert_eq!((steps(0b1), steps(0b11), steps(0b101), steps(0b1001)), (0, 1, 1, 0));
        assert_eq!((steps(0b1000_0000_0001), steps(0b111)), (1, 3));
    }

    #[test]
    fn who_plays_otherwise_than_the_others_is_apart_from_them() {
        let (score, usual) = example(|k| (k % 5) as u8);
        let (_, other) = example(|k| 8 - 2 * (k % 5) as u8);
        let mut late = other.clone();
        late.notes.iter_mut().filter(|n| n.note / 2 == 3).for_each(|n| n.onset_secs += 0.1);
        let of = |played: &Performance| Profile::of(&score, played, None, 0..2);
        let (usual, other, late) = (of(&usual), of(&other), of(&late));
        let mean = Usual::of([&usual, &usual].into_iter());
        assert!(usual.finer(&mean)[OWN] < 1e-9);
        assert!(other.finer(&mean)[OWN] > 3.0, "{:?}", other.finer(&mean));
        let with_late = Usual::of([&late].into_iter());
        assert!((late.finer(&with_late)[OWN + 1] - 1.0).abs() < 1e-9);
        let half = Usual::of([&usual, &late].into_iter());
        assert!((half.tempi[2] - (usual.tempi[2] + late.tempi[2]) / 2.0).abs() < 1e-12);
    }
}
