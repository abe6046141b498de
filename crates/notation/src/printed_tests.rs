#![allow(clippy::unwrap_used)]

use super::*;
use crate::{ImportOptions, Unfold, read_score};

/// One part in 4/4; each measure is its number and what is written in it.
fn read(measures: &[(&str, &str)], unfold: Unfold) -> Score {
    let mut xml = String::from(
        "<score-partwise><part-list><score-part id=\"P1\"><part-name>P</part-name></score-part></part-list>\
         <part id=\"P1\">",
    );
    for (k, (number, content)) in measures.iter().enumerate() {
        let head = "<attributes><divisions>1</divisions><time><beats>4</beats><beat-type>4</beat-type></time>\
                    </attributes>";
        let head = if k == 0 { head } else { "" };
        xml += &format!("<measure number=\"{number}\">{head}{content}</measure>");
    }
    xml += "</part></score-partwise>";
    read_score("x", xml.as_bytes(), &ImportOptions { unfold, ..ImportOptions::default() }).unwrap()
}

fn note(step: char, quarters: u32) -> String {
    format!(
        "<note><pitch><step>{step}</step><octave>4</octave></pitch><duration>{quarters}</duration>\
         <voice>1</voice></note>"
    )
}

const REPEAT: &str = "<barline location=\"right\"><repeat direction=\"backward\"/></barline>";

/// Bars 1 and 2 twice, then bar 3.
fn repeated() -> [PrintedMeasures; 2] {
    both(&[("1", note('C', 4)), ("2", note('D', 4) + REPEAT), ("3", note('E', 4))])
}

#[test]
fn a_pass_that_the_other_score_does_not_play_is_found_in_the_one_that_it_does() {
    let [unfolded, written] = repeated();
    let there: Vec<_> = (0..5).map(|k| unfolded.measure_in(&written, k).unwrap()).collect();
    assert_eq!(there, [0, 1, 0, 1, 2]);
    let back: Vec<_> = (0..3).map(|k| written.measure_in(&unfolded, k).unwrap()).collect();
    assert_eq!(back, [0, 1, 4]);
    let same: Vec<_> = (0..5).map(|k| unfolded.same_measure_in(&written, k)).collect();
    assert_eq!(same, [Some(0), Some(1), None, None, Some(2)]);
    let places = [(1.5, 1.5), (9.25, 1.25), (15.0, 7.0), (17.0, 9.0), (20.0, 12.0)];
    for (here, there) in places {
        assert_eq!(unfolded.place_in(&written, here), Some(there));
    }
    assert_eq!(written.place_in(&unfolded, 9.0), Some(17.0));
    assert_eq!(unfolded.place_in(&unfolded, 9.0), Some(9.0));
}

#[test]
fn what_scores_share_is_in_stretches() {
    let [unfolded, written] = repeated();
    let quarters = |s: &Shared| [s.from, s.to, s.there].map(|q| q.to_f64() as i64);
    let stretches: Vec<_> = unfolded.shared_with(&written).iter().map(quarters).collect();
    assert_eq!(stretches, [[0, 8, 0], [8, 20, 0]]);
    let stretches: Vec<_> = written.shared_with(&unfolded).iter().map(quarters).collect();
    assert_eq!(stretches, [[0, 8, 0], [8, 12, 16]]);
    assert_eq!(unfolded.shared_with(&unfolded).len(), 1);
    assert_eq!(unfolded.nearest_in(&written, 9.0), 1.0);
}

#[test]
fn a_measure_cut_by_a_repeat_sign_is_one_printed_measure() {
    let sign = |direction: &str| {
        format!("<barline location=\"middle\"><repeat direction=\"{direction}\"/></barline>")
    };
    // Bar 2 is cut after three quarters: the passage is played twice up to there.
    let cut = note('D', 3) + &sign("backward") + &note('G', 1);
    let bars = [("1", note('C', 4)), ("2", cut), ("3", note('E', 4))];
    let [unfolded, written] = both(&bars);
    for (here, there) in [(4.5, 4.5), (7.0, 0.0), (11.5, 4.5), (14.25, 7.25), (15.0, 8.0)] {
        assert_eq!(unfolded.place_in(&written, here), Some(there), "{here}");
    }
    // The last quarter of the bar is played once, after the second pass.
    assert_eq!(written.place_in(&unfolded, 7.5), Some(14.5));
    assert_eq!(written.place_in(&unfolded, 5.0), Some(5.0));

    // The passage begins in the middle of bar 2, so its end is played alone the second time.
    let cut = note('D', 3) + &sign("forward") + &note('G', 1);
    let bars = [("1", note('C', 4)), ("2", cut), ("3", note('E', 4) + REPEAT)];
    let [unfolded, written] = both(&bars);
    for (here, there) in [(4.5, 4.5), (7.5, 7.5), (8.0, 8.0), (12.25, 7.25), (13.0, 8.0), (17.0, 12.0)] {
        assert_eq!(unfolded.place_in(&written, here), Some(there), "{here}");
    }
    assert_eq!(written.place_in(&unfolded, 7.5), Some(7.5));
    let passes: Vec<u32> = unfolded.measures.iter().map(|m| m.pass).collect();
    assert_eq!(passes, [1, 1, 1, 2, 2]);
}

/// What is printed in a score as it is played and as it is written.
fn both(bars: &[(&str, String); 3]) -> [PrintedMeasures; 2] {
    let bars = bars.each_ref().map(|(number, content)| (*number, content.as_str()));
    [Unfold::Maximal, Unfold::AsWritten].map(|unfold| PrintedMeasures::of(&read(&bars, unfold)))
}

#[test]
fn movements_that_all_begin_with_bar_one_are_told_apart() {
    let bars = [("1", note('C', 4)), ("2", note('D', 4)), ("1", note('E', 4)), ("2", note('F', 4))];
    let bars = bars.each_ref().map(|(number, content)| (*number, content.as_str()));
    let both = read(&bars, Unfold::Maximal);
    let longer = [bars[0], bars[1], ("3", bars[1].1), bars[2], bars[3]];
    let longer = PrintedMeasures::of(&read(&longer, Unfold::Maximal));
    let both = PrintedMeasures::of(&both);
    let found: Vec<_> = (0..4).map(|k| both.measure_in(&longer, k).unwrap()).collect();
    assert_eq!(found, [0, 1, 3, 4]);
    assert_eq!(longer.measure_in(&both, 2), None, "it has no bar 3");
    assert_eq!(longer.place_in(&both, 9.0), None);
    assert_eq!(longer.nearest_in(&both, 9.0), 8.0, "the end of bar 2");
}
