//! The rules against their published formulas (numbers worked out by hand) and against what the
//! marks of a score promise.
#![allow(clippy::unwrap_used)]

use notation::{
    Direction, DirectionKind, Dynamic, Grace, KeySignature, Marks, Measure, Note, NoteId, Quarters, Score,
    TimeSignature,
};
use performance::{Pedal, Performance};

use analysis::harmony::{Chord, Harmony, harmonic_charge, melodic_charge};
use analysis::phrases::Phrases;
use analysis::rules::{Weights, dynamics, phrasing, timing};
use analysis::sketch::Sketch;
use performers::{Controls, Job, Pin, Region, splice, take};

use super::*;

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-4, "{a} is not {b}");
}

/// A score of 4/4 measures: onset, duration, pitch, staff, marks.
pub(crate) fn score(notes: &[(f64, f64, u8, u8, Marks)]) -> Score {
    let mut score = Score {
        time_signatures: vec![(Quarters::ZERO, TimeSignature::default())],
        key_signatures: vec![(Quarters::ZERO, KeySignature::default())],
        ..Score::default()
    };
    let end = notes.iter().map(|n| n.0 + n.1).fold(0.0, f64::max);
    let measures = 0..(end / 4.0).ceil() as u32;
    score.measures = measures.map(|k| Measure::regular(k, TimeSignature::default())).collect();
    for (k, (onset, duration, pitch, staff, marks)) in notes.iter().enumerate() {
        score.notes.push(Note {
            id: NoteId { written: k as u32, pass: 1 },
            onset: Quarters::nearest(*onset, 96),
            duration: Quarters::nearest(*duration, 96),
            pitch: *pitch,
            measure: (*onset / 4.0) as u32,
            staff: *staff,
            voice: *staff,
            marks: *marks,
            ..Note::default()
        });
    }
    score.notes.sort_by_key(|n| (n.onset, n.pitch));
    score
}

fn line(pitches: &[u8], duration: f64) -> Score {
    let notes = pitches.iter().enumerate();
    let notes: Vec<_> = notes.map(|(k, p)| (k as f64 * duration, duration, *p, 1, Marks::empty())).collect();
    score(&notes)
}

fn direct(score: &mut Score, onset: f64, end: Option<f64>, kind: DirectionKind, text: &str) {
    let at = |q: f64| Quarters::nearest(q, 96);
    let direction =
        Direction { onset: at(onset), end: end.map(at), part: 0, staff: None, kind, text: text.into() };
    let k = score.directions.partition_point(|d| d.onset <= direction.onset);
    score.directions.insert(k, direction);
}

fn play_with(score: &Score, weights: Weights, seed: u64) -> Performance {
    let controls = Controls { seed, ..Controls::default() };
    let request = Request { score, region: &Region::All, context: None, controls: &controls };
    let tuning = Tuning { weights, ..Tuning::deadpan() };
    Rules { tuning }.perform(&request, &Run::of(&Job::default())).unwrap()
}

fn play(score: &Score, seed: u64) -> Performance {
    let controls = Controls { seed, ..Controls::default() };
    let request = Request { score, region: &Region::All, context: None, controls: &controls };
    Rules::default().perform(&request, &Run::of(&Job::default())).unwrap()
}

fn onsets(played: &Performance) -> Vec<f64> {
    played.notes.iter().map(|n| n.onset_secs).collect()
}

fn spans(played: &Performance) -> Vec<f64> {
    onsets(played).windows(2).map(|w| w[1] - w[0]).collect()
}

#[test]
fn deadpan_plays_the_written_tempo() {
    let mut score = line(&[60; 9], 1.0);
    direct(&mut score, 0.0, None, DirectionKind::Metronome(120.0), "");
    direct(&mut score, 4.0, None, DirectionKind::Metronome(60.0), "");
    let played = play_with(&score, Weights::DEADPAN, 1);
    for (k, span) in spans(&played).into_iter().enumerate() {
        close(span, if k < 4 { 0.5 } else { 1.0 });
    }
    assert!(played.notes.iter().all(|n| n.velocity == 64));
}

#[test]
fn duration_contrast_as_published() {
    close(timing::contrast_ms(20.0), 0.0);
    close(timing::contrast_ms(100.0), -4.52941);
    close(timing::contrast_ms(200.0), -11.0);
    close(timing::contrast_ms(300.0), -9.0);
    close(timing::contrast_ms(500.0), -3.5);
    close(timing::contrast_ms(700.0), 0.0);
    // 300 ms: dr += 1.5 · (−9) ms.
    let mut score = line(&[60; 8], 0.5);
    direct(&mut score, 0.0, None, DirectionKind::Metronome(100.0), "");
    let weights = Weights { duration_contrast: 1.0, ..Weights::DEADPAN };
    spans(&play_with(&score, weights, 1)).into_iter().for_each(|s| close(s, 0.2865));
}

#[test]
fn duration_contrast_spares_the_double_duration() {
    // Quarter, eighth, quarter ...: the eighth is half of the one before and followed by a longer.
    let mut notes = Vec::new();
    for k in 0..6 {
        notes.push((1.5 * f64::from(k), 1.0, 60, 1, Marks::empty()));
        notes.push((1.5 * f64::from(k) + 1.0, 0.5, 60, 1, Marks::empty()));
    }
    let mut score = score(&notes);
    direct(&mut score, 0.0, None, DirectionKind::Metronome(120.0), "");
    let weights = Weights { duration_contrast: 1.0, ..Weights::DEADPAN };
    let spans = spans(&play_with(&score, weights, 1));
    close(spans[0], 0.5 - 1.5 * 0.0035);
    close(spans[1], 0.25);
}

#[test]
fn high_notes_are_three_decibels_an_octave_louder() {
    close(dynamics::high_loud_db(1.0, 72.0, 60.0), 3.0);
    close(dynamics::high_loud_db(0.5, 48.0, 60.0), -1.5);
    let score = line(&[60, 84], 1.0);
    let weights = Weights { high_loud: 1.0, ..Weights::DEADPAN };
    let played = play_with(&score, weights, 1);
    // Mean 72: −3 dB and +3 dB at 2.5 steps a decibel.
    assert_eq!(played.notes[0].velocity, 57); // 56.5 rounds up
    assert_eq!(played.notes[1].velocity, 72); // 71.5
}

#[test]
fn charges_as_published() {
    close(melodic_charge(61, 0), 6.5);
    close(melodic_charge(67, 0), 1.0);
    close(melodic_charge(59, 0), 5.0);
    close(melodic_charge(60, 7), 2.5);
    let chord = |root, tones: &'static [usize]| Chord { onset: 0, root, tones };
    close(harmonic_charge(&chord(0, &[0, 4, 7]), 0), 0.0); // 0 + 8/3 + 1/3 − 3
    close(harmonic_charge(&chord(7, &[0, 4, 7]), 0), 2.0); // 1 + 10/3 + 2/3 − 3
    close(harmonic_charge(&chord(5, &[0, 4, 7]), 0), 1.5); // 2.5 + 2 + 0 − 3
    close(harmonic_charge(&chord(6, &[0, 4, 7]), 0), 6.0 + 7.0 / 3.0 + 6.5 / 3.0 - 3.0);
}

#[test]
fn chords_and_keys_are_found() {
    let triad =
        |at: f64, pitches: [u8; 4]| pitches.map(|p| (at, 4.0, p, if p < 60 { 2 } else { 1 }, Marks::empty()));
    let cadence: Vec<_> = [
        triad(0.0, [48, 60, 64, 67]),
        triad(4.0, [53, 60, 65, 69]),
        triad(8.0, [43, 59, 62, 65]),
        triad(12.0, [48, 60, 64, 67]),
    ]
    .concat();
    let written = score(&cadence);
    let sketch = Sketch::new(&written);
    let harmony = Harmony::read(&sketch);
    assert_eq!(harmony.chords.iter().map(|c| c.root).collect::<Vec<_>>(), [0, 5, 7, 0]);
    assert_eq!(harmony.tonics[0], 0);
    let minor = line(&[69, 71, 72, 74, 76, 77, 80, 81, 69, 72, 76, 81, 80, 81, 76, 69], 1.0);
    assert_eq!(Harmony::read(&Sketch::new(&minor)).tonics[0], 9);
}

#[test]
fn arch_as_published() {
    close(phrasing::arch(0.0, 0.3, 0.15, 0.3), 0.15);
    close(phrasing::arch(0.15, 0.3, 0.15, 0.3), 0.0375);
    close(phrasing::arch(0.3, 0.3, 0.15, 0.3), 0.0);
    close(phrasing::arch(0.65, 0.3, 0.15, 0.3), 0.075);
    close(phrasing::arch(1.0, 0.3, 0.15, 0.3), 0.3);
}

#[test]
fn phrases_fall_on_fours_where_nothing_else_speaks() {
    let written = line(&[60, 62, 64, 65].repeat(16), 1.0);
    let sketch = Sketch::new(&written);
    let phrases = Phrases::find(&sketch).phrases;
    assert_eq!(phrases.iter().map(|p| p.first).collect::<Vec<_>>(), [0, 16, 32, 48]);
    assert!(phrases.last().unwrap().ends_higher);
}

#[test]
fn slurs_and_rests_make_phrases() {
    let mut notes: Vec<_> =
        (0..40).map(|k| (f64::from(k), 1.0, 60 + (k % 5) as u8, 1, Marks::SLURRED)).collect();
    // A slur ends at quarter 17, a rest follows; the next slur starts at quarter 19.
    notes[17].4 = Marks::SLUR_STOP | Marks::SLURRED;
    notes[19].4 |= Marks::SLUR_START;
    notes.remove(18);
    let written = score(&notes);
    let sketch = Sketch::new(&written);
    let phrases = Phrases::find(&sketch).phrases;
    assert!(phrases.iter().any(|p| sketch.onsets[p.first].at == 19.0), "{phrases:?}");
}

#[test]
fn final_ritard_as_published_and_ever_slower() {
    close(phrasing::ritard_velocity(0.0, 0.25), 1.0);
    close(phrasing::ritard_velocity(0.5, 0.25), 0.797_82); // cbrt(1 + (1/64 − 1)/2)
    close(phrasing::ritard_velocity(1.0, 0.25), 0.25);
    let mut score = line(&[60; 33], 0.5);
    direct(&mut score, 0.0, None, DirectionKind::Metronome(120.0), "");
    let spans = spans(&play_with(&score, Weights { final_ritard: 1.0, ..Weights::DEADPAN }, 1));
    assert!(spans.windows(2).all(|w| w[1] >= w[0] - 1e-9), "{spans:?}");
    // Only the last 1.3 s: 5.2 eighths of 0.25 s.
    close(spans[25], 0.25);
    assert!((spans[26] - 0.25).abs() < 0.001, "{spans:?}");
    assert!(spans[27] < spans[28] && spans[31] > 0.25 / 0.6, "{spans:?}");
}

#[test]
fn swing_and_inegales_as_published() {
    close(timing::swing_ratio(120.0), 2.9019);
    close(timing::swing_ratio(400.0), 1.0);
    close(timing::swing_ratio(20.0), 3.1);
    let mut score = line(&[60; 17], 0.5);
    direct(&mut score, 0.0, None, DirectionKind::Metronome(120.0), "");
    let spans_with =
        |inegales, swing| spans(&play_with(&score, Weights { inegales, swing, ..Weights::DEADPAN }, 1));
    let inegales = spans_with(1.0, 0.0);
    close(inegales[0], 0.25 * 1.22);
    close(inegales[1], 0.25 * 0.78);
    let swing = spans_with(0.0, 1.0);
    close(swing[2] / swing[3], 2.9019);
    close(swing[2] + swing[3], 0.5);
}

#[test]
fn noise_scale_as_published() {
    close(noise::clock_secs(0.5), 0.0227);
    close(noise::clock_secs(2.0), 0.0483);
    let mut random = noise::stream(3, 4);
    let mut pink = noise::Pink::new(&mut random);
    let values: Vec<f64> = (0..20_000).map(|_| pink.next(&mut random)).collect();
    let deviation = |v: &[f64]| {
        let mean = v.iter().sum::<f64>() / v.len() as f64;
        (v.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / v.len() as f64).sqrt()
    };
    assert!((0.85..1.15).contains(&deviation(&values)));
    // Pink: means over 16 values vary far more than the quarter that white noise leaves.
    let means: Vec<f64> = values.chunks(16).map(|c| c.iter().sum::<f64>() / c.len() as f64).collect();
    assert!(deviation(&means) > 0.5, "{}", deviation(&means));
}

#[test]
fn louder_marks_are_louder() {
    let mut score = line(&[60; 40], 1.0);
    for (k, level) in Dynamic::ALL.into_iter().enumerate() {
        direct(&mut score, 4.0 * k as f64, None, DirectionKind::Dynamic(level), "");
    }
    let played = play_with(&score, Weights::DEADPAN, 1);
    let levels: Vec<u8> = played.notes.iter().step_by(4).map(|n| n.velocity).collect();
    assert!(levels.windows(2).all(|w| w[0] < w[1]), "{levels:?}");
}

#[test]
fn hairpins_grow_and_reach_the_next_level() {
    let mut score = line(&[60; 16], 1.0);
    direct(&mut score, 0.0, None, DirectionKind::Dynamic(Dynamic::P), "");
    direct(&mut score, 4.0, Some(12.0), DirectionKind::Crescendo, "");
    direct(&mut score, 12.0, None, DirectionKind::Dynamic(Dynamic::Ff), "");
    let velocities: Vec<u8> =
        play_with(&score, Weights::DEADPAN, 1).notes.iter().map(|n| n.velocity).collect();
    assert_eq!(velocities[3], velocities[4]);
    assert!(velocities[4..=12].windows(2).all(|w| w[0] < w[1]), "{velocities:?}");
    assert_eq!(velocities[12], 82);
    assert_eq!(velocities[15], 82);
}

#[test]
fn accents_and_sforzandi_stand_out() {
    let mut score = line(&[60; 8], 1.0);
    score.notes[2].marks = Marks::ACCENT;
    direct(&mut score, 5.0, None, DirectionKind::Sforzando, "sfz");
    let played = play_with(&score, Weights::DEADPAN, 1);
    assert_eq!(played.notes[2].velocity, 70); // 64 + 2.5 · 2.5
    assert_eq!(played.notes[5].velocity, 74); // 64 + 4 · 2.5
    assert_eq!(played.notes[6].velocity, 64);
}

#[test]
fn articulations_order_durations() {
    let mut score = line(&[60, 62, 64, 65, 67, 69], 1.0);
    score.notes[0].marks = Marks::STACCATISSIMO;
    score.notes[1].marks = Marks::STACCATO;
    score.notes[2].marks = Marks::STACCATO | Marks::TENUTO;
    score.notes[4].marks = Marks::SLURRED;
    let played = play_with(&score, Weights::DEADPAN, 1);
    let lengths: Vec<f64> = played.notes[..5].iter().map(|n| n.duration_secs).collect();
    assert!(lengths.windows(2).all(|w| w[0] < w[1]), "{lengths:?}");
    // The last note under a slur: 60 ms off.
    score.notes[5].marks = Marks::SLUR_STOP | Marks::SLURRED;
    let long = play_with(&score, Weights::DEADPAN, 1).notes[5].duration_secs;
    let short = play_with(&score, Weights { slur_end: 1.0, ..Weights::DEADPAN }, 1).notes[5].duration_secs;
    close(long - short, 0.06);
}

#[test]
fn ritardando_slows_and_a_tempo_returns() {
    let mut score = line(&[60; 24], 1.0);
    direct(&mut score, 0.0, None, DirectionKind::Metronome(120.0), "");
    direct(&mut score, 8.0, None, DirectionKind::Ritardando, "rit.");
    direct(&mut score, 16.0, None, DirectionKind::ATempo, "a tempo");
    let spans = spans(&play_with(&score, Weights::DEADPAN, 1));
    assert!(spans[8..16].windows(2).all(|w| w[0] < w[1]), "{spans:?}");
    close(spans[7], 0.5);
    close(spans[16], 0.5);
    assert!(spans[15] > 0.65, "{spans:?}");
}

#[test]
fn fermata_holds() {
    let mut score = line(&[60; 8], 1.0);
    direct(&mut score, 0.0, None, DirectionKind::Metronome(60.0), "");
    score.notes[3].marks = Marks::FERMATA;
    let spans = spans(&play_with(&score, Weights::DEADPAN, 1));
    close(spans[3], 1.8);
    close(spans[4], 1.0);
}

#[test]
fn chords_roll_and_grace_notes_come_first() {
    let chord = [48, 55, 60, 64, 67].map(|p| (4.0, 4.0, p, 1, Marks::ARPEGGIO));
    let written = score(&[[(0.0, 4.0, 60, 1, Marks::empty())].as_slice(), &chord].concat());
    let played = play_with(&written, Weights::DEADPAN, 1);
    let roll = &onsets(&played)[1..];
    assert!(roll.windows(2).all(|w| w[1] - w[0] > 0.02), "{roll:?}");
    let mut written = score(&[
        (0.0, 2.0, 60, 1, Marks::empty()),
        (2.0, 2.0, 64, 1, Marks::empty()),
        (2.0, 0.0, 65, 1, Marks::empty()),
    ]);
    for (grace, before) in [(Grace::Acciaccatura, true), (Grace::Appoggiatura, false)] {
        written.notes[2].grace = Some(grace);
        let played = play_with(&written, Weights::DEADPAN, 1);
        let (main, ornament) = (played.notes[1].onset_secs, played.notes[2].onset_secs);
        assert!(ornament < main && main - ornament < 0.15);
        assert_eq!(before, ornament < 1.2 - 1e-9);
    }
}

#[test]
fn pedal_marks_are_played() {
    let mut score = line(&[48, 52, 55, 60, 48, 53, 57, 60], 1.0);
    direct(&mut score, 0.0, Some(4.0), DirectionKind::SustainPedal, "");
    direct(&mut score, 4.0, Some(8.0), DirectionKind::SustainPedal, "");
    let played = play_with(&score, Weights::DEADPAN, 1);
    let values: Vec<u8> = played.pedals.iter().map(|p| p.value).collect();
    assert_eq!(values, [127, 0, 127, 0]);
    // Changed just after the new bass, as pianists do.
    let bass = played.notes[4].onset_secs;
    assert!(played.pedals[1].time_secs > bass && played.pedals[2].time_secs > played.pedals[1].time_secs);
    assert!(played.pedals.iter().all(|p| p.pedal == Pedal::Sustain));
}

#[test]
fn wide_arpeggios_are_pedalled_by_harmony() {
    let left = (0..32u32).map(|k| {
        let chord: [u8; 4] = if k / 8 % 2 == 0 { [36, 43, 52, 60] } else { [31, 43, 47, 62] };
        (f64::from(k) * 0.5, 0.5, chord[k as usize % 4], 2, Marks::empty())
    });
    let written = score(&left.collect::<Vec<_>>());
    let played = play_with(&written, Weights::DEADPAN, 1);
    assert_eq!(played.pedals.iter().filter(|p| p.value > 0).count(), 4);
    assert!(play_with(&line(&[60, 62, 64, 65], 1.0), Weights::DEADPAN, 1).pedals.is_empty());
}

/// Two hands with marks, long enough for every rule.
fn piece() -> Score {
    let mut notes = Vec::new();
    for k in 0..64u32 {
        let at = f64::from(k);
        notes.push((
            at,
            1.0,
            67 + (k * 5 % 12) as u8,
            1,
            if k % 8 == 7 { Marks::SLUR_STOP | Marks::SLURRED } else { Marks::SLURRED },
        ));
        if k % 2 == 0 {
            notes.push((at, 2.0, 48 + (k * 7 % 12) as u8, 2, Marks::empty()));
            notes.push((at, 2.0, 64, 1, Marks::empty()));
        }
    }
    let mut score = score(&notes);
    direct(&mut score, 0.0, None, DirectionKind::Metronome(96.0), "");
    direct(&mut score, 0.0, None, DirectionKind::Dynamic(Dynamic::P), "");
    score
}

#[test]
fn the_same_seed_is_the_same_take_and_another_is_not() {
    let score = piece();
    let take = |seed| play(&score, seed);
    assert_eq!(take(1), take(1));
    let (a, b) = (take(1), take(2));
    assert!(a.notes.iter().zip(&b.notes).filter(|(x, y)| x.velocity != y.velocity).count() > 40);
    assert!(a.notes.iter().zip(&b.notes).any(|(x, y)| (x.onset_secs - y.onset_secs).abs() > 0.01));
    assert_eq!(a.notes.len(), score.notes.len());
    assert!(a.notes.iter().enumerate().all(|(k, n)| n.note == k as u32));
}

#[test]
fn a_region_continues_its_context() {
    let score = piece();
    let context = play(&score, 1);
    let region = Region::Measures(4..8);
    let controls = Controls { seed: 9, ..Controls::default() };
    let request = Request { score: &score, region: &region, context: Some(&context), controls: &controls };
    let played = Rules::default().perform(&request, &Run::of(&Job::default())).unwrap();
    let played = splice::fit(&score, played, Some(&context));
    assert_eq!(played.notes.iter().map(|n| n.note).collect::<Vec<_>>(), region.notes(&score));
    let bars = score.notes_in_measures(4..8);
    let before = context.notes[..bars.start].iter().map(|n| n.onset_secs).fold(0.0, f64::max);
    let after = context.notes[bars.end..].iter().map(|n| n.onset_secs).fold(f64::INFINITY, f64::min);
    assert!(played.notes.iter().all(|n| n.onset_secs > before && n.onset_secs < after));
    let merged = splice::merge(&context, &played);
    assert_eq!(merged.notes[..bars.start], context.notes[..bars.start]);
    assert_eq!(merged.notes[bars.end..], context.notes[bars.end..]);
    // Tempo at the joins: the spans across them are near the ones beside them.
    let times: Vec<f64> = score.onset_groups().iter().map(|g| merged.notes[g.start].onset_secs).collect();
    for join in [16, 32] {
        let span = |k: usize| times[k + 1] - times[k];
        let ratio = span(join - 1) / ((span(join - 2) + span(join)) / 2.0);
        assert!((0.75..1.35).contains(&ratio), "{ratio}");
    }
}

#[test]
fn pins_come_out_exactly() {
    let score = piece();
    let pins = vec![
        Pin { note: 10, velocity: Some(111), onset_secs: None, duration_secs: Some(0.777) },
        Pin { note: 40, velocity: None, onset_secs: Some(17.125), duration_secs: None },
    ];
    let controls = Controls { pins, ..Controls::default() };
    let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
    let played = take::perform(&Rules::default(), &request, &Job::default()).unwrap();
    assert_eq!((played.notes[10].velocity, played.notes[10].duration_secs), (111, 0.777));
    assert_eq!(played.notes[40].onset_secs, 17.125);
}

#[test]
fn cancelled_and_empty() {
    let score = piece();
    let controls = Controls::default();
    let job = Job::default();
    job.cancel();
    let all = Request { score: &score, region: &Region::All, context: None, controls: &controls };
    assert!(matches!(Rules::default().perform(&all, &Run::of(&job)), Err(PerformError::Cancelled)));
    let nothing = Region::Measures(90..91);
    let request = Request { region: &nothing, ..all };
    assert!(matches!(
        Rules::default().perform(&request, &Run::of(&Job::default())),
        Err(PerformError::EmptyRegion)
    ));
    let empty = Score::default();
    let request = Request { score: &empty, region: &Region::All, context: None, controls: &controls };
    assert!(matches!(
        Rules::default().perform(&request, &Run::of(&Job::default())),
        Err(PerformError::EmptyRegion)
    ));
}

#[test]
fn odd_scores_are_played() {
    let alone = line(&[60], 1.0);
    assert_eq!(play(&alone, 1).notes.len(), 1);
    // Only grace notes, no measures, no length.
    let mut bare = score(&[(0.0, 0.0, 60, 1, Marks::all()), (0.0, 0.0, 62, 2, Marks::all())]);
    bare.measures.clear();
    bare.time_signatures.clear();
    bare.key_signatures.clear();
    bare.notes.iter_mut().for_each(|n| n.grace = Some(Grace::Appoggiatura));
    let played = play(&bare, 1);
    assert!(played.notes.iter().all(|n| n.onset_secs.is_finite() && n.duration_secs > 0.0));
}

#[test]
fn knobs_do_what_they_say() {
    let mut score = line(&[60; 16], 0.5);
    direct(&mut score, 0.0, None, DirectionKind::Metronome(120.0), "");
    let rules = Rules { tuning: Tuning::deadpan() };
    let take = |knobs: &[(&str, f64)]| {
        let knobs = knobs.iter().map(|(id, value)| ((*id).to_owned(), *value)).collect();
        let controls = Controls { knobs, ..Controls::default() };
        let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
        take::perform(&rules, &request, &Job::default())
    };
    let ratio = |played: Performance| spans(&played)[0] / spans(&played)[1];
    close(ratio(take(&[]).unwrap()), 1.0);
    // The published ratio at 120 beats a minute.
    close(ratio(take(&[("swing", 1.0)]).unwrap()), 4.1019 - 1.2);
    close(ratio(take(&[("inegales", 1.0)]).unwrap()), 1.22 / 0.78);
    assert!(matches!(take(&[("swing", 1.5)]), Err(PerformError::KnobRange { id: "swing", .. })));
    assert!(matches!(take(&[("temperature", 1.0)]), Err(PerformError::UnknownKnob { .. })));
}
