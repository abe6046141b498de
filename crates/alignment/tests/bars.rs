//! What each bar of a recording is: counts, tempi and hesitations that are known.
#![allow(clippy::unwrap_used)]

mod common;

use alignment::bars::{Figures, figures, path};
use common::{Key, aligned, bars, end, heard, minuet, score, sorted};
use notation::{Marks, Score};
use performance::midi::MidiNote;

fn found(score: &Score, keys: &[Key]) -> Figures {
    figures(score, &heard(keys), &aligned(score, keys))
}

/// Makes a wait before the first chord at or after a moment longer.
fn wait(keys: &mut [Key], before_secs: f64, by: f64) {
    let late = keys.iter_mut().filter(|(key, _)| key.onset_secs >= before_secs - 1e-6);
    late.for_each(|(key, _)| key.onset_secs += by);
}

fn onset(keys: &[Key], note: u32) -> f64 {
    keys.iter().find(|(_, struck_for)| *struck_for == note).unwrap().0.onset_secs
}

#[test]
fn each_bar_has_its_notes_and_the_tempo_of_the_score() {
    let score = minuet();
    let keys = bars(&score, 0..score.measures.len(), 0.0);
    let found = found(&score, &keys);
    assert_eq!(found.bars.len(), score.measures.len());
    for (k, bar) in found.bars.iter().enumerate() {
        let notes = score.notes_in_measures(k..k + 1).len() as u32;
        assert_eq!((bar.measure, bar.right), (k as u32, notes));
        assert_eq!((bar.wrong, bar.missed, bar.extra, bar.hesitations), (0, 0, 0, 0));
    }
    let length = |k: usize| found.bars[k].secs.end - found.bars[k].secs.start;
    let expected = 60.0 * 3.0 / length(4);
    let speed = found.bars[4].beats_a_minute.unwrap();
    assert!((speed - expected).abs() < 0.5 && speed > 30.0, "{speed} for {expected}");
    let speeds: Vec<f64> = found.bars.iter().filter_map(|bar| bar.beats_a_minute).collect();
    assert!(speeds.iter().all(|other| (other / speed - 1.0).abs() < 0.03), "{speeds:?}");
}

#[test]
fn twice_as_fast_is_twice_the_tempo() {
    let score = minuet();
    let mut keys = bars(&score, 0..8, 0.0);
    let before = found(&score, &keys).bars[3].beats_a_minute.unwrap();
    keys.iter_mut().for_each(|(key, _)| key.onset_secs *= 0.5);
    let after = found(&score, &keys).bars[3].beats_a_minute.unwrap();
    assert!((after / before - 2.0).abs() < 0.02, "{before} {after}");
}

#[test]
fn slips_are_told_where_they_are() {
    let score = minuet();
    let mut keys = bars(&score, 0..16, 0.0);
    let wrong = keys[30].1;
    keys[30].0.pitch += 1;
    let pitch = keys[30].0.pitch;
    let missed = keys.remove(50).1;
    let beside = keys[70];
    keys.push((MidiNote { pitch: 30, ..beside.0 }, u32::MAX));
    let keys = sorted(keys);
    let found = found(&score, &keys);
    assert_eq!(found.wrong.iter().map(|w| (w.note, w.pitch)).collect::<Vec<_>>(), [(wrong, pitch)]);
    assert_eq!(found.missed.iter().map(|m| m.note).collect::<Vec<_>>(), [missed]);
    let bar_of = |note: u32| score.notes[note as usize].measure;
    let extra: Vec<_> = found.extra.iter().map(|extra| (extra.pitch, extra.measure)).collect();
    assert_eq!(extra, [(30, Some(bar_of(beside.1)))]);
    let quarters = score.notes[beside.1 as usize].onset.to_f64();
    assert!((found.extra[0].quarters.unwrap() - quarters).abs() < 0.1);
    for bar in &found.bars {
        let is = |note: u32| u32::from(bar.measure == bar_of(note));
        assert_eq!((bar.wrong, bar.missed, bar.extra), (is(wrong), is(missed), is(beside.1)));
    }
}

#[test]
fn a_long_wait_is_a_hesitation_with_its_place_and_length_and_changes_no_tempo() {
    let score = minuet();
    let mut keys = bars(&score, 0..16, 0.0);
    let usual = found(&score, &keys).bars[5].beats_a_minute.unwrap();
    let note = score.notes_in_measures(5..6).start as u32 + 3;
    let at = onset(&keys, note);
    wait(&mut keys, at, 1.4);
    let found = found(&score, &keys);
    let [waited] = found.hesitations.as_slice() else { panic!("{:?}", found.hesitations) };
    assert_eq!((waited.measure, waited.before), (5, score.notes[note as usize].onset));
    assert!((waited.excess_secs - 1.4).abs() < 0.05, "{waited:?}");
    assert!((waited.to_secs - (at + 1.4)).abs() < 0.01, "{waited:?}");
    let speed = found.bars[5].beats_a_minute.unwrap();
    assert!((speed / usual - 1.0).abs() < 0.05, "{speed} instead of {usual}");
    assert_eq!(found.bars.iter().map(|bar| bar.hesitations).sum::<u32>(), 1);
}

#[test]
fn a_short_wait_a_written_one_and_a_slow_end_are_none() {
    let score = minuet();
    let keys = bars(&score, 0..16, 0.0);
    let note = score.notes_in_measures(5..6).start as u32 + 3;
    let at = onset(&keys, note);
    let mut short = keys.clone();
    wait(&mut short, at, 0.2);
    assert_eq!(found(&score, &short).hesitations, []);
    // A fermata on the chord before it.
    let mut held = score.clone();
    let before = held.notes[note as usize - 1].onset;
    held.notes.iter_mut().filter(|n| n.onset == before).for_each(|n| n.marks |= Marks::FERMATA);
    let mut long = keys.clone();
    wait(&mut long, at, 1.4);
    assert_eq!(found(&held, &long).hesitations, []);
    assert_eq!(found(&score, &long).hesitations.len(), 1);
    // Each step is a twentieth longer than the one before it, over the last bars.
    let mut slower = keys;
    let (mut now, mut factor, mut last) = (0.0, 1.0, 0.0);
    for (key, note) in &mut slower {
        let step = key.onset_secs - last;
        last = key.onset_secs;
        if score.notes[*note as usize].measure >= 12 && step > 0.0 {
            factor *= 1.05;
        }
        now += factor * step;
        key.onset_secs = now;
    }
    assert_eq!(found(&score, &slower).hesitations, []);
}

#[test]
fn a_wait_before_a_repeat_is_none() {
    let score = minuet();
    let keys = bars(&score, 0..score.measures.len(), 0.0);
    let back = score.measures.windows(2).position(|pair| pair[1].written <= pair[0].written).unwrap() + 1;
    let at = onset(&keys, score.notes_in_measures(back..back + 1).start as u32);
    let mut late = keys.clone();
    wait(&mut late, at, 1.4);
    assert_eq!(found(&score, &late).hesitations, []);
    let mut inside = keys;
    let at = onset(&inside, score.notes_in_measures(back + 1..back + 2).start as u32);
    wait(&mut inside, at, 1.4);
    assert_eq!(found(&score, &inside).hesitations.len(), 1);
}

#[test]
fn the_path_has_the_bars_in_the_order_in_which_they_were_played() {
    let score = minuet();
    let mut keys = bars(&score, 0..13, 0.0);
    let pause = end(&keys) + 1.5;
    keys.extend(bars(&score, 9..16, pause));
    let found = found(&score, &keys);
    let runs: Vec<_> = path(&score, &found).into_iter().map(|run| (run.stretch, run.measures)).collect();
    assert_eq!(runs, [(0, 0..13), (1, 9..16)]);
    // The page goes back at the repeat.
    let keys = bars(&score, 0..score.measures.len(), 0.0);
    let whole = figures(&score, &heard(&keys), &aligned(&score, &keys));
    let runs: Vec<_> = path(&score, &whole).into_iter().map(|run| run.measures).collect();
    let back = |k: &usize| score.measures[*k].written != score.measures[k - 1].written + 1;
    let starts: Vec<usize> = std::iter::once(0).chain((1..score.measures.len()).filter(back)).collect();
    assert_eq!(runs.iter().map(|run| run.start).collect::<Vec<_>>(), starts);
}

#[test]
fn nothing_that_is_heard_gives_no_bars() {
    let (minuet, prelude) = (minuet(), score("chopin_prelude_op28_4.musicxml"));
    assert_eq!(figures(&minuet, &[], &Default::default()), Figures::default());
    let keys = bars(&minuet, 0..1, 0.0);
    let other = found(&Score::default(), &keys);
    assert_eq!((other.bars.len(), other.extra.len()), (0, keys.len()));
    // Whatever is found, each key is counted once.
    let keys = bars(&prelude, 0..8, 0.0);
    let other = found(&minuet, &keys);
    let counted: u32 = other.bars.iter().map(|bar| bar.right + bar.wrong + bar.ornaments).sum();
    assert_eq!(counted as usize + other.extra.len(), keys.len());
}
