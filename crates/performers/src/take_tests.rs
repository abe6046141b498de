#![allow(clippy::unwrap_used)]

use std::sync::{Arc, Mutex};

use notation::{ImportOptions, read_score};
use performance::{Pedal, PedalEvent, deadpan};

use super::*;
use crate::finish::Finishing;
use crate::info::Abilities;
use crate::request::Controls;

fn info(id: &'static str) -> PerformerInfo {
    PerformerInfo {
        id,
        name: "Faulty",
        description: "Plays for tests",
        abilities: Abilities::default(),
        knobs: &[],
        finishing: Finishing::PLAIN,
    }
}

fn minuet() -> Score {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scores/petzold_minuet_g.musicxml");
    read_score("x", &std::fs::read(path).unwrap(), &ImportOptions::default()).unwrap()
}

/// Plays the deadpan with one fault.
struct Faulty(fn(&mut Performance));

impl Performer for Faulty {
    fn info(&self) -> PerformerInfo {
        info("faulty")
    }

    fn perform(&self, request: &Request<'_>, _: &Run<'_>) -> Result<Performance, PerformError> {
        let mut played = deadpan(request.score);
        self.0(&mut played);
        Ok(played)
    }
}

fn play(score: &Score, fault: fn(&mut Performance)) -> Result<Performance, PerformError> {
    let controls = Controls::default();
    let request = Request { score, region: &Region::All, context: None, controls: &controls };
    perform(&Faulty(fault), &request, &Job::default())
}

#[test]
fn what_cannot_be_played_is_an_error_that_names_the_performer() {
    let score = minuet();
    assert!(play(&score, |_| {}).is_ok());
    let faults: [fn(&mut Performance); 9] = [
        |p| p.notes[5].onset_secs = f64::NAN,
        |p| p.notes[5].onset_secs = f64::INFINITY,
        |p| p.notes[5].onset_secs = 1e6,
        |p| p.notes[5].duration_secs = f64::NAN,
        |p| p.notes[5].duration_secs = -0.1,
        |p| p.notes[5].velocity = 0,
        |p| p.notes[5].velocity = 200,
        |p| p.notes[5].note = 100_000,
        |p| p.pedals.push(PedalEvent { time_secs: f64::NAN, pedal: Pedal::Sustain, value: 1 }),
    ];
    for (k, fault) in faults.into_iter().enumerate() {
        let error = play(&score, fault).err().unwrap_or_else(|| panic!("fault {k} is a take"));
        assert!(matches!(error, PerformError::Played { .. }), "fault {k}: {error}");
        assert!(error.to_string().starts_with("Faulty played "), "{error}");
    }
}

/// How many times slower than the median the slowest quarter of the last two bars is, and how many seconds
/// longer the last keys are held than written at the median tempo; with the most that people do of the latter.
fn ending(score: &Score, played: &Performance) -> (f64, f64, f64) {
    let mut onsets: Vec<(f64, f64)> = Vec::new();
    for group in score.onset_groups() {
        let mains = group.clone().filter(|n| score.notes[*n].grace.is_none());
        let secs: Vec<f64> = mains.map(|n| played.get(n as u32).unwrap().onset_secs).collect();
        if !secs.is_empty() {
            let at = score.notes[group.start].onset.to_f64();
            onsets.push((at, secs.iter().sum::<f64>() / secs.len() as f64));
        }
    }
    let (last_at, last_secs) = *onsets.last().unwrap();
    let quarter = |k: usize| {
        let before = onsets[..k].iter().rev().find(|(at, _)| onsets[k].0 - at >= 1.0)?;
        Some((onsets[k].1 - before.1) / (onsets[k].0 - before.0))
    };
    let mut quarters: Vec<f64> = (0..onsets.len()).filter_map(quarter).collect();
    let last: Vec<f64> =
        (0..onsets.len()).filter(|k| onsets[*k].0 > last_at - 6.0).filter_map(quarter).collect();
    quarters.sort_by(f64::total_cmp);
    let median = quarters[quarters.len() / 2];
    let slowest = last.into_iter().fold(0.0, f64::max) / median;
    let end_secs = played.notes.iter().map(|n| n.onset_secs + n.duration_secs).fold(0.0, f64::max);
    let written_secs = (score.end().to_f64() - last_at) * median;
    (slowest, end_secs - last_secs - written_secs, (8.3 * written_secs).min(6.4))
}

#[test]
fn amounts_make_no_end_slower_or_longer_than_people_s() {
    // Of people's 643 performances of 161 pieces one in a hundred has a slower beat than 5.1 times the median,
    // holds the last keys for more than 9.3 times their written value, or 6.4 s longer: see `last_bars`.
    let slow_end = |played: &mut Performance| {
        let from = played.notes.last().unwrap().onset_secs - 2.0;
        for note in played.notes.iter_mut().filter(|n| n.onset_secs > from) {
            note.onset_secs = from + 4.0 * (note.onset_secs - from);
            note.duration_secs *= 6.0;
        }
    };
    let score = minuet();
    for tempo in [1.6, 2.0] {
        let amounts = Amounts { tempo, ..Amounts::default() };
        let mut free = deadpan(&score);
        slow_end(&mut free);
        let (slowest, longer_secs, most_secs) = ending(&score, &amounts::apply(&score, &free, amounts));
        assert!(slowest > 5.3 && longer_secs > most_secs + 1.0, "{slowest} {longer_secs}: nothing to mend");
        let controls = Controls { amounts, ..Controls::default() };
        let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
        let take = perform(&Faulty(slow_end), &request, &Job::default()).unwrap();
        let (slowest, longer_secs, most_secs) = ending(&score, &take);
        assert!((4.0..5.2).contains(&slowest), "{tempo}: {slowest}");
        assert!(longer_secs < most_secs + 0.1, "{tempo}: {longer_secs} s of {most_secs} s");
    }
}

/// Plays the region literally; hands over its first note, then all of it.
struct InParts;

impl Performer for InParts {
    fn info(&self) -> PerformerInfo {
        info("parts")
    }

    fn perform(&self, request: &Request<'_>, run: &Run<'_>) -> Result<Performance, PerformError> {
        let wanted = request.region.notes(request.score);
        let mut notes = deadpan(request.score).notes;
        notes.retain(|n| wanted.binary_search(&n.note).is_ok());
        let all = Performance { notes, pedals: Vec::new() };
        run.hand_over(&Performance { notes: all.notes[..1].to_vec(), pedals: Vec::new() });
        run.hand_over(&all);
        Ok(all)
    }
}

#[test]
fn any_region_is_heard_before_it_is_done() {
    let score = minuet();
    let mut context = deadpan(&score);
    context.notes.iter_mut().for_each(|n| n.velocity = 33);
    let regions = [Region::All, Region::Measures(4..8), Region::Notes(vec![10, 12, 40])];
    let controls = Controls::default();
    for (region, context) in regions.iter().flat_map(|region| [(region, None), (region, Some(&context))]) {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let seen = heard.clone();
        let job = Job::default().with_partial(move |part| seen.lock().unwrap().push(part.clone()));
        let request = Request { score: &score, region, context, controls: &controls };
        let take = perform(&InParts, &request, &job).unwrap();
        let heard = heard.lock().unwrap();
        let wanted = region.notes(&score);
        let lasts: Vec<u32> = heard.iter().map(|part| part.notes.last().unwrap().note).collect();
        assert_eq!(lasts, [wanted[0], *wanted.last().unwrap()], "{region:?}");
        for (part, last) in heard.iter().zip(lasts) {
            let expected = take.notes.iter().filter(|n| n.note <= last);
            assert!(part.notes.iter().map(|n| n.note).eq(expected.map(|n| n.note)), "{region:?}");
            let Some(context) = context else { continue };
            for note in &part.notes {
                match wanted.binary_search(&note.note) {
                    Ok(_) => {
                        let secs = note.onset_secs - take.get(note.note).unwrap().onset_secs;
                        assert!(secs.abs() < 0.3, "{region:?}: note {} is heard {secs} s late", note.note);
                    }
                    Err(_) => assert_eq!(Some(note), context.get(note.note), "{region:?}"),
                }
            }
        }
    }
}
