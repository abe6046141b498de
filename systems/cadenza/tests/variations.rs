//! What holds for variations, whatever the network writes.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::HashSet;

use cadenza::variations::Scale;
use common::{Toy, compose, passages, request};
use notation::{ImportOptions, Note, Quarters, Score, musicxml};
use performers::Job;
use performers::composer::{ComposeError, Composer, Sound, VariationRequest, excerpt};

const DIALS: [f64; 6] = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0];

fn sorted(score: &Score) -> Vec<Sound> {
    let mut sounds = Sound::of(score);
    sounds.sort_unstable();
    sounds
}

fn plain_notes(score: &Score) -> impl Iterator<Item = &Note> {
    score.notes.iter().filter(|note| note.grace.is_none())
}

/// Spearman's rank correlation of numbers that are all different, or nearly.
fn rank_correlation(one: &[f64], other: &[f64]) -> f64 {
    let ranks = |values: &[f64]| -> Vec<f64> {
        let below = |x: f64| values.iter().filter(|y| **y < x).count() as f64;
        let equal = |x: f64| values.iter().filter(|y| **y == x).count() as f64;
        values.iter().map(|x| below(*x) + (equal(*x) - 1.0) / 2.0).collect()
    };
    let (one, other) = (ranks(one), ranks(other));
    let mean = (one.len() as f64 - 1.0) / 2.0;
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| (x - mean) * (y - mean)).sum::<f64>();
    dot(&one, &other) / (dot(&one, &one) * dot(&other, &other)).sqrt()
}

#[test]
fn at_the_top_of_the_dial_the_passage_comes_back() {
    for (score, bars) in passages() {
        let found = compose(&request(&score, bars.clone(), 1.0, 2)).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].score, excerpt(&score, bars));
        assert_eq!(found[1].similarity.overall(), 1.0);
    }
}

/// Issue 18 asks for .95 on the average of segments.
#[test]
fn similarity_falls_with_the_dial() {
    let passages = passages();
    let mut correlations = Vec::new();
    for (score, bars) in &passages {
        let found: Vec<f64> = DIALS
            .iter()
            .map(|dial| {
                let found = compose(&request(score, bars.clone(), *dial, 2)).unwrap();
                found.iter().map(|variation| variation.similarity.overall()).sum::<f64>() / 2.0
            })
            .collect();
        correlations.push(rank_correlation(&DIALS, &found));
    }
    let mean = correlations.iter().sum::<f64>() / correlations.len() as f64;
    assert!(mean >= 0.95, "{correlations:?}");
}

#[test]
fn variations_are_music_of_the_passages_bars() {
    for (score, bars) in passages() {
        let alone = excerpt(&score, bars.clone());
        for dial in [0.0, 0.5, 0.9] {
            for variation in compose(&request(&score, bars.clone(), dial, 2)).unwrap() {
                let varied = &variation.score;
                assert_eq!(varied.measures, alone.measures);
                assert_eq!(varied.parts, alone.parts);
                let mut seen = HashSet::new();
                for note in plain_notes(varied) {
                    let measure = &varied.measures[note.measure as usize];
                    assert!(measure.start <= note.onset && note.onset < measure.end);
                    assert!(note.duration > Quarters::ZERO && note.offset() <= alone.end());
                    assert!(note.staff <= varied.parts[usize::from(note.part)].staves);
                    assert!(seen.insert((note.onset, note.pitch)), "a note twice: {note:?}");
                }
                let order: Vec<_> = varied.notes.iter().map(|note| (note.onset, note.pitch)).collect();
                assert!(order.is_sorted());
                let ids: HashSet<_> = varied.notes.iter().map(|note| note.id).collect();
                assert_eq!(ids.len(), varied.notes.len());
                for measure in 0..alone.measures.len() {
                    let count = |score: &Score| score.notes_in_measures(measure..measure + 1).len();
                    assert!(count(varied) > 0 || count(&alone) == 0, "bar {measure} became silent");
                }
                let expected =
                    performers::composer::Similarity::between(&sorted(&alone), &sorted(varied), alone.end());
                assert_eq!(variation.similarity, expected);
            }
        }
    }
}

#[test]
fn variations_can_be_written_and_read() {
    for (score, bars) in passages() {
        let found = compose(&request(&score, bars, 0.6, 1)).unwrap();
        let text = musicxml::write::write(&found[0].score).unwrap();
        let read = notation::read_score("x", text.as_bytes(), &ImportOptions::default()).unwrap();
        assert_eq!(sorted(&read), sorted(&found[0].score));
    }
}

/// The bounds of issue 18.
#[test]
fn at_seventy_variations_are_new_and_in_the_passages_scale() {
    let (mut all, mut good) = (0, 0);
    for (score, bars) in passages() {
        let alone = excerpt(&score, bars.clone());
        let scale = Scale::of(&alone);
        let share = |score: &Score| scale.share(plain_notes(score).map(|note| note.pitch));
        let own = || plain_notes(&alone).map(|note| note.pitch);
        let range = own().min().unwrap().saturating_sub(12)..=own().max().unwrap() + 12;
        let mut seen = HashSet::from([sorted(&alone)]);
        for variation in compose(&request(&score, bars, 0.7, 5)).unwrap() {
            let is_new = seen.insert(sorted(&variation.score));
            let in_range = plain_notes(&variation.score).all(|note| range.contains(&note.pitch));
            let in_scale = share(&variation.score) >= share(&alone) - 0.05;
            all += 1;
            good += usize::from(is_new && in_range && in_scale);
        }
    }
    assert!(good * 100 >= all * 95, "{good} of {all}");
}

#[test]
fn the_same_request_gives_the_same_variations_and_another_seed_others() {
    let (score, bars) = passages().swap_remove(0);
    let first = request(&score, bars, 0.5, 3);
    let found = compose(&first).unwrap();
    assert_eq!(found, compose(&first).unwrap());
    let other = compose(&VariationRequest { seed: 2, ..first.clone() }).unwrap();
    assert!(found.iter().all(|variation| !other.contains(variation)));
    // The first ones do not depend on how many are asked for.
    assert_eq!(compose(&VariationRequest { count: 2, ..first }).unwrap(), found[..2]);
}

#[test]
fn each_variation_is_handed_over_and_a_cancel_is_heard() {
    let (score, bars) = passages().swap_remove(0);
    let wanted = request(&score, bars, 0.5, 3);
    let mut heard = Vec::new();
    let found =
        Toy::variations().compose(&wanted, &Job::default(), &mut |variation| heard.push(variation.clone()));
    assert_eq!(found.unwrap(), heard);
    let job = Job::default();
    let mut count = 0;
    let stopped = Toy::variations().compose(&wanted, &job, &mut |_| {
        count += 1;
        job.cancel();
    });
    assert!(matches!(stopped, Err(ComposeError::Cancelled)));
    assert_eq!(count, 1);
}

#[test]
fn requests_that_cannot_be_answered_say_why() {
    let (score, _) = passages().swap_remove(0);
    let why = |request: &VariationRequest<'_>| compose(request).unwrap_err().to_string();
    assert_eq!(why(&request(&score, 0..5, 0.5, 1)), "5 bars are chosen; choose one to 4");
    assert_eq!(why(&request(&score, 3..3, 0.5, 1)), "0 bars are chosen; choose one to 4");
    assert!(why(&request(&score, 0..2, 1.5, 1)).contains("from 0 to 1, not to 1.5"));
    assert!(why(&request(&score, 0..2, 0.5, 0)).contains("ask for one to 100"));
    let mut long = score.clone();
    long.measures[1].time.beats = 2;
    let message = why(&request(&long, 1..2, 0.5, 1));
    assert_eq!(message, "bar 2: it is longer than a bar of 2/4; choose other bars");
}
