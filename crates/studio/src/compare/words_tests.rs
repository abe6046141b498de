#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use notation::{Measure, Note, Quarters, Score, TimeSignature};
use performance::{Performance, PlayedNote};
use protocol::{CompareView, ScoreId, SlipKind, SlipView, VersionId};

use crate::compare::{add_spread, compare_view, tell};
use crate::document::Played;
use crate::scores::Scores;

/// How bars are played: seconds for a quarter, velocity, how much later the right hand is.
type Bar = (f64, u8, f64);

const EVEN: Bar = (0.5, 60, 0.0);

/// Six bars of four quarters, a note in each hand on every one.
fn score() -> Score {
    let note = |k: u32| Note {
        onset: Quarters::whole(i64::from(k / 2)),
        pitch: if k.is_multiple_of(2) { 48 } else { 72 },
        staff: if k.is_multiple_of(2) { 2 } else { 1 },
        measure: k / 8,
        ..Note::default()
    };
    let measure = |k: u32| Measure::regular(k, TimeSignature::default());
    Score { notes: (0..48).map(note).collect(), measures: (0..6).map(measure).collect(), ..Score::default() }
}

fn version(bars: [Bar; 6]) -> Played {
    let mut now = 0.0;
    let mut notes = Vec::new();
    for k in 0..24u32 {
        let (period, velocity, later) = bars[k as usize / 4];
        for (note, onset_secs) in [(2 * k, now), (2 * k + 1, now + later)] {
            notes.push(PlayedNote { note, onset_secs, duration_secs: 0.9 * period, velocity });
        }
        now += period;
    }
    let written = Scores::new(score()).get(ScoreId(0)).clone();
    Played { written, performance: Arc::new(Performance { notes, pedals: Vec::new() }) }
}

fn compared(heard: &Played, compared: &Played, others: &[Played], slips: [&[SlipView]; 2]) -> CompareView {
    let mut view = compare_view([VersionId::Recording(1), VersionId::Take(2)], [heard, compared]);
    view.names = ["Anna".to_owned(), "the teacher".to_owned()];
    add_spread(&mut view, heard, others);
    tell(&mut view, [heard, compared], slips);
    view
}

/// What is said of each bar, and on the whole.
fn said(bars: [Bar; 6], against: [Bar; 6]) -> (Vec<String>, String) {
    let view = compared(&version(bars), &version(against), &[], [&[], &[]]);
    (view.bars.iter().map(|bar| bar.words.join("; ")).collect(), view.agreement.words.join("\n"))
}

#[test]
fn two_versions_that_are_alike_give_no_reason_to_speak() {
    let (bars, whole) = said([EVEN; 6], [EVEN; 6]);
    assert!(bars.iter().all(String::is_empty), "{bars:?}");
    assert!(whole.starts_with("On the whole Anna is as fast and as loud as the teacher"), "{whole}");
    assert!(
        whole.contains("Anna: a steady tempo; where the teacher keeps its tempo, a beat is 0 %"),
        "{whole}"
    );
    assert!(whole.contains("Anna: the hands are together (0 ms apart)"), "{whole}");
}

#[test]
fn what_differs_in_a_bar_is_said_there_by_degrees() {
    let mut bars = [EVEN; 6];
    // 1.2 dB, 4 dB and 8 dB.
    (bars[1].1, bars[2].1, bars[3].1) = (63, 50, 80);
    bars[4].0 = 0.6;
    bars[5].2 = 0.04;
    let (said, _) = said(bars, [EVEN; 6]);
    assert_eq!(said[..4], ["", "a little louder", "softer", "much louder"]);
    assert_eq!(said[4], "slower");
    assert_eq!(said[5], "hands apart by 40 ms");
}

#[test]
fn a_beat_that_is_late_in_its_bar_is_named() {
    let even = version([EVEN; 6]);
    let mut late = version([(0.75, 60, 0.0); 6]);
    let performance = Arc::make_mut(&mut late.performance);
    // The third beat of bar 3 in both hands.
    performance.notes[20..22].iter_mut().for_each(|note| note.onset_secs += 0.12);
    let view = compared(&late, &even, &[], [&[], &[]]);
    let off = view.bars[2].off_beat.unwrap();
    assert_eq!(off.beat, 3);
    assert!((off.late_ms - 120.0).abs() < 1e-6 && (off.late_percent - 16.0).abs() < 1e-6, "{off:?}");
    assert_eq!(view.bars[2].words, ["beat 3 late by 120 ms"]);
    assert!(view.bars.iter().enumerate().all(|(k, bar)| k == 2 || bar.off_beat.is_none()));
    let view = compared(&even, &late, &[], [&[], &[]]);
    assert_eq!(view.bars[2].words, ["beat 3 early by 80 ms"]);
}

#[test]
fn what_the_whole_piece_has_is_said_once() {
    let (bars, whole) = said([(0.6, 50, 0.04); 6], [EVEN; 6]);
    assert!(bars.iter().all(|words| words == "hands apart by 40 ms"), "{bars:?}");
    assert!(whole.starts_with("Anna against the teacher on the whole: slower, softer"), "{whole}");
    assert!(whole.contains("Anna: hands apart by 40 ms, the left one first"), "{whole}");
    assert!(whole.contains("the teacher: the hands are together"), "{whole}");
}

#[test]
fn less_than_what_is_noticed_is_not_said() {
    // 0.8 dB and 4 % and 20 ms.
    let mut bars = [EVEN; 6];
    bars[2] = (0.52, 62, 0.02);
    let (said, _) = said(bars, [EVEN; 6]);
    assert_eq!(said[2], "");
}

#[test]
fn what_is_beyond_all_others_is_said() {
    let mut loud = [EVEN; 6];
    loud[3].1 = 90;
    let others: Vec<Played> = [55, 60, 65].map(|velocity| version([(0.5, velocity, 0.0); 6])).into();
    let view = compared(&version(loud), &version([EVEN; 6]), &others, [&[], &[]]);
    assert_eq!(view.agreement.others, 3);
    let [low, high] = view.bars[3].spread.unwrap();
    assert_eq!((low.velocity, high.velocity), (55.0, 65.0));
    assert_eq!(view.bars[3].words, ["much louder", "louder than all 3 others"]);
    assert!(view.bars[2].words.is_empty());
    // Everywhere it is said once.
    let view = compared(&version([(0.5, 90, 0.0); 6]), &version([EVEN; 6]), &others, [&[], &[]]);
    assert!(view.bars.iter().all(|bar| bar.words.is_empty()));
    let is_said = |words: &String| words == "Anna: louder than all 3 others almost everywhere";
    assert!(view.agreement.words.iter().any(is_said), "{:?}", view.agreement.words);
    // Two others have no spread.
    let view = compared(&version(loud), &version([EVEN; 6]), &others[..2], [&[], &[]]);
    assert!(view.bars.iter().all(|bar| bar.spread.is_none()));
}

#[test]
fn slips_are_said_in_their_bars_and_many_of_a_kind_are_counted() {
    let slip = |kind: SlipKind, quarters: f64, words: &str| SlipView {
        kind,
        heard_quarters: quarters,
        words: words.to_owned(),
        ..SlipView::default()
    };
    let own =
        [slip(SlipKind::Wrong, 4.5, "E4 instead of F4"), slip(SlipKind::Hesitation, 7.0, "0.8 s longer")];
    let theirs = [0.0, 1.0, 2.0].map(|quarters| slip(SlipKind::Missed, quarters, "C4 missed"));
    let even = version([EVEN; 6]);
    let view = compared(&even, &even, &[], [&own, &theirs]);
    assert_eq!(view.bars[0].words, ["the teacher: 3 notes missed"]);
    assert_eq!(view.bars[1].words, ["E4 instead of F4", "0.8 s longer"]);
    assert!(view.agreement.words.contains(&"Anna: 1 wrong key, 1 hesitation".to_owned()));
}
