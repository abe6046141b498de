//! The rules against their published formulas; the numbers were worked out by hand.

use analysis::harmony::{Chord, Harmony, harmonic_charge, melodic_charge};
use analysis::phrases::Phrases;
use analysis::rules::{Weights, dynamics, phrasing, timing};
use analysis::sketch::Sketch;
use notation::{DirectionKind, Marks};

use super::{close, direct, line, play_with, score, spans};
use crate::noise;

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
