//! Where one sound takes over from another: no click, no gap, the right place.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Beside, CLICK, Harness, RATE_HZ, arc, discontinuity, music, render, shift};
use sound::transport::{PlayState, Track};

fn playing(versions: &[(u64, &Track)]) -> Harness {
    let harness = Harness::new();
    for (version, piece) in versions {
        harness.transport.load(*version, arc((*piece).clone()));
    }
    harness.transport.listen(versions[0].0);
    harness.transport.play();
    harness
}

fn frames(secs: f64) -> usize {
    (secs * f64::from(RATE_HZ)) as usize
}

/// The first frame from `from` on where what is heard is not the rendering.
fn parting(harness: &Harness, rendering: &Beside<'_>, from: usize) -> usize {
    let differs = |n: &usize| (harness.heard[2 * n] - rendering.at(*n as i64, 0)).abs() > 1e-4;
    (from..harness.heard.len() / 2).find(differs).unwrap()
}

/// The largest difference between what is heard and a rendering.
fn difference(harness: &Harness, rendering: &Beside<'_>, (from, to): (usize, usize)) -> f32 {
    let at = |n: usize, c: usize| (harness.heard[2 * n + c] - rendering.at(n as i64, c)).abs();
    (from..to).map(|n| at(n, 0).max(at(n, 1))).fold(0.0, f32::max)
}

#[test]
fn a_hard_cut_would_be_found() {
    let (a, b) = (render(&music(8, 0.5, 95)), render(&music(8, 0.5, 70)));
    let worst = (0..20).map(|k| {
        let cut = frames(1.0 + 0.053 * f64::from(k));
        let mut both = a.samples[..2 * cut].to_vec();
        both.extend_from_slice(&b.samples[2 * cut..]);
        let made_of = [Beside { samples: &a.samples, shift: 0 }, Beside { samples: &b.samples, shift: 0 }];
        discontinuity(&both, &made_of, (cut - 100, cut + 100))
    });
    let found = worst.filter(|worst| *worst > CLICK).count();
    assert!(found >= 15, "only {found} of 20 hard cuts are clicks");
}

#[test]
fn versions_switch_at_the_same_place_in_the_score_without_a_click() {
    let a = music(32, 0.5, 95);
    // Slower, with a ritardando, and softer: other seconds at the same place.
    let mut b = music(32, 0.62, 75);
    b.clock = performance::BeatCurve::from_periods(0.0, [(0.0, 0.62), (24.0, 0.7)]);
    let (sound_a, sound_b) = (render(&a), render(&b));
    for wait in [0.9, 1.37, 2.004, 3.35, 5.5] {
        let mut harness = playing(&[(1, &a), (2, &b)]);
        harness.pass(wait);
        let before = Beside { samples: &sound_a.samples, shift: shift(&harness) };
        let asked = harness.heard.len() / 2;
        harness.transport.listen(2);
        harness.pass(1.0);
        let status = harness.status();
        assert_eq!((status.version, status.state), (Some(2), PlayState::Playing));
        let after = Beside { samples: &sound_b.samples, shift: shift(&harness) };
        let switched = parting(&harness, &before, asked);
        let late_secs = (switched - asked) as f64 / f64::from(RATE_HZ);
        println!("after {wait} s: switched {:.0} ms later", 1000.0 * late_secs);
        assert!(late_secs < 0.12, "{late_secs} s");
        let place = |secs: f64, piece: &Track| piece.clock.quarters_at(secs);
        let quarters_a = place((switched as i64 - before.shift) as f64 / f64::from(RATE_HZ), &a);
        let quarters_b = place((switched as i64 - after.shift) as f64 / f64::from(RATE_HZ), &b);
        assert!((quarters_a - quarters_b).abs() < 0.005, "{quarters_a} against {quarters_b}");
        let settled = (switched + frames(0.011), harness.heard.len() / 2);
        let fault = difference(&harness, &after, settled);
        assert!(fault < CLICK, "what rings is off by {fault}");
        let click = discontinuity(&harness.heard, &[before, after], (switched - 200, settled.0 + 200));
        println!("after {wait} s: largest bend beyond both {:.1} dBFS", 20.0 * click.max(1e-9).log10());
        assert!(click < CLICK, "{click} after {wait} s");
    }
}

#[test]
fn a_seek_sounds_within_100_ms_without_a_click() {
    let piece = music(48, 0.5, 95);
    let sound = render(&piece);
    for (wait, target) in [(1.2, 30.0), (2.7, 3.3), (3.1, 17.75)] {
        let mut harness = playing(&[(1, &piece)]);
        harness.pass(wait);
        let before = Beside { samples: &sound.samples, shift: shift(&harness) };
        let asked = harness.heard.len() / 2;
        harness.transport.seek_quarters(target);
        harness.pass(0.1);
        assert!(harness.status().position_quarters >= target);
        harness.pass(0.4);
        let after = Beside { samples: &sound.samples, shift: shift(&harness) };
        let heard_quarters = harness.status().position_quarters - target;
        assert!(heard_quarters > 0.8, "{heard_quarters} quarters in half a second");
        let switched = parting(&harness, &before, asked);
        let fault = difference(&harness, &after, (switched + frames(0.011), harness.heard.len() / 2));
        assert!(fault < CLICK, "what rings is off by {fault}");
        let click = discontinuity(&harness.heard, &[before, after], (switched - 200, switched + 800));
        assert!(click < CLICK, "{click} to {target}");
    }
}

#[test]
fn a_loop_comes_round_in_time_without_a_click() {
    let piece = music(32, 0.5, 95);
    let sound = render(&piece);
    let mut harness = playing(&[(1, &piece)]);
    harness.transport.set_loop(Some((4.0, 8.0)));
    harness.pass(0.5);
    let mut shifts = vec![shift(&harness)];
    for _ in 0..6 {
        harness.pass(2.0);
        shifts.push(shift(&harness));
        let position = harness.status().position_quarters;
        assert!((4.0..8.0).contains(&position), "{position}");
    }
    harness.pass(1.0);
    for pass in shifts.windows(2).skip(2) {
        // Every pass lasts four quarters, to the block of 64 frames that decks are laid on.
        assert!((pass[1] - pass[0] - frames(2.0) as i64).abs() <= 64, "{shifts:?}");
    }
    let passes = || shifts.iter().map(|shift| Beside { samples: &sound.samples, shift: *shift });
    for (n, before) in passes().enumerate().skip(1).take(5) {
        let seam = (before.shift + frames(4.0) as i64) as usize;
        let made_of = [before, passes().nth(n + 1).unwrap()];
        let click = discontinuity(&harness.heard, &made_of, (seam - frames(0.08), seam + frames(0.02)));
        println!("pass {n}: largest bend beyond both {:.1} dBFS", 20.0 * click.max(1e-9).log10());
        assert!(click < CLICK, "pass {n}: {click}");
        let [_, after] = made_of;
        let fault = difference(&harness, &after, (seam, seam + frames(1.0)));
        assert!(fault < CLICK, "pass {n}: what rings is off by {fault}");
    }
}

#[test]
fn a_loop_too_short_to_prepare_comes_round_in_time() {
    let piece = music(32, 0.5, 95);
    let sound = render(&piece);
    let mut harness = playing(&[(1, &piece)]);
    harness.transport.seek_quarters(6.0);
    harness.transport.set_loop(Some((6.0, 6.5)));
    harness.pass(0.1);
    let begin = harness.status().position_secs;
    let mut seams = 0;
    let mut last = begin;
    for _ in 0..200 {
        harness.pass_buffer(960);
        let secs = harness.status().position_secs;
        assert!((2.999..3.251).contains(&secs), "{secs}");
        seams += usize::from(secs < last);
        last = secs;
    }
    assert_eq!(seams, 8, "two seconds of a quarter of a second each");
    // Lifted keys die away as they do anywhere; nothing is cut.
    let made_of = [Beside { samples: &sound.samples, shift: shift(&harness) }];
    let from = harness.heard.len() / 2 - frames(0.5);
    let plain = made_of[0].samples.chunks(2).map(|f| f[0]).collect::<Vec<_>>();
    let sharpest = plain.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).abs()).fold(0.0, f32::max);
    let left = harness.heard[2 * from..].chunks(2).map(|f| f[0]).collect::<Vec<_>>();
    let bend = left.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).abs()).fold(0.0, f32::max);
    assert!(bend < sharpest + CLICK, "{bend} against {sharpest} in the piece");
}

#[test]
fn versions_switch_within_a_loop() {
    let (a, b) = (music(32, 0.5, 95), music(32, 0.4, 75));
    let mut harness = playing(&[(1, &a), (2, &b)]);
    harness.transport.set_loop(Some((4.0, 6.0)));
    harness.transport.seek_quarters(4.0);
    for round in 0..12 {
        harness.pass(0.337);
        let version = 1 + round % 2;
        harness.transport.listen(version);
        harness.pass(0.3);
        let status = harness.status();
        assert_eq!((status.version, status.state), (Some(version), PlayState::Playing), "{round}");
        assert!((4.0..6.0).contains(&status.position_quarters), "{status:?}");
    }
}

#[test]
fn pausing_and_going_on_make_no_click() {
    let piece = music(32, 0.5, 95);
    let sound = render(&piece);
    let mut harness = playing(&[(1, &piece)]);
    for wait in [0.81, 1.303, 0.5] {
        harness.pass(wait);
        let before = Beside { samples: &sound.samples, shift: shift(&harness) };
        let paused = harness.heard.len() / 2;
        harness.transport.pause();
        harness.pass(0.25);
        let resumed = harness.heard.len() / 2;
        harness.transport.play();
        harness.pass(0.05);
        let after = Beside { samples: &sound.samples, shift: shift(&harness) };
        let made_of = [before, after];
        for seam in [paused, resumed] {
            let click = discontinuity(&harness.heard, &made_of, (seam - 200, seam + 800));
            assert!(click < CLICK, "{click}");
        }
    }
}
