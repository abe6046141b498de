//! What players and writers of MIDI files are reported to get wrong, played literally and written.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use notation::smf::file::{Division, MidiFile};
use notation::{ImportOptions, Note, Part, Quarters, Score, read_score};
use performance::midi::{ExportMode, ExportOptions, Exported, export};
use performance::{Performance, deadpan};

/// A score of one part from the contents of its measures, with 4 divisions; the first in 4/4.
fn score(measures: &[&str]) -> Score {
    let measures: String = measures.iter().map(|inside| format!("<measure>{inside}</measure>")).collect();
    let xml = format!(
        "<score-partwise><part-list><score-part id=\"P1\"><part-name>Piano</part-name></score-part></part-list>\
         <part id=\"P1\">{measures}</part></score-partwise>"
    );
    let xml = xml.replacen("<measure>", &format!("<measure>{START}"), 1);
    read_score("test.musicxml", xml.as_bytes(), &ImportOptions::default()).unwrap()
}

const START: &str =
    "<attributes><divisions>4</divisions><time><beats>4</beats><beat-type>4</beat-type></time></attributes>";

fn note(step: &str, duration: u32, voice: u8) -> String {
    format!(
        "<note><pitch><step>{step}</step><octave>4</octave></pitch><duration>{duration}</duration>\
         <voice>{voice}</voice></note>"
    )
}

fn written(score: &Score, mode: ExportMode) -> Exported {
    let options = ExportOptions { mode, ..ExportOptions::default() };
    export(score, &deadpan(score), &options).unwrap()
}

/// Start and end of the strokes of each key of each channel, in quarters.
fn strokes(bytes: &[u8]) -> BTreeMap<(u8, u8), Vec<(f64, f64)>> {
    let file = MidiFile::read(bytes).unwrap();
    let Division::PerQuarter(ticks) = file.division else { panic!("seconds") };
    // To a hundredth: what a tick is off by rounding says nothing.
    let quarters = |tick: u64| (tick as f64 / f64::from(ticks) * 100.0).round() / 100.0;
    let mut strokes: BTreeMap<(u8, u8), Vec<(f64, f64)>> = BTreeMap::new();
    for note in file.tracks.iter().flat_map(|track| &track.notes) {
        let stroke = (quarters(note.on_tick), quarters(note.off_tick));
        strokes.entry((note.channel, note.pitch)).or_default().push(stroke);
    }
    strokes.values_mut().for_each(|all| all.sort_by(|a, b| a.0.total_cmp(&b.0)));
    strokes
}

/// No key goes down twice at one tick, none while it is down.
fn assert_single(strokes: &BTreeMap<(u8, u8), Vec<(f64, f64)>>) {
    for (key, all) in strokes {
        assert!(all.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 <= w[1].0), "{key:?}: {all:?}");
    }
}

fn end_secs(played: &Performance) -> f64 {
    played.notes.iter().map(|n| n.onset_secs + n.duration_secs).fold(0.0, f64::max)
}

#[test]
fn a_key_of_two_voices_is_struck_once_at_a_time() {
    let lower = [note("C", 4, 2), note("C", 4, 2), note("C", 4, 2), note("C", 4, 2)].concat();
    let measure = note("C", 16, 1) + "<backup><duration>16</duration></backup>" + &lower;
    let score = score(&[&measure]);
    for mode in [ExportMode::ScoreGrid, ExportMode::ExactTiming(100.0), ExportMode::FixedTempo(100.0)] {
        let strokes = strokes(&written(&score, mode).bytes);
        assert_single(&strokes);
        let all: Vec<f64> = strokes.values().flatten().map(|(on, _)| *on).collect();
        assert_eq!(all, [0.0, 1.0, 2.0, 3.0], "{mode:?}");
    }
}

#[test]
fn hands_that_share_a_channel_strike_a_key_once_at_a_time() {
    let mut score = Score::default();
    for part in 0..20_u16 {
        score.parts.push(Part { id: format!("P{part}"), name: format!("Part {part}"), staves: 1 });
        for quarter in 0..4 {
            // Odd parts come an eighth later and hold their notes into the next stroke.
            let onset = Quarters::new(2 * quarter + i64::from(part % 2), 2);
            score.notes.push(Note { onset, part, duration: Quarters::new(3, 4), ..Note::default() });
        }
    }
    score.notes.sort_by_key(|n| (n.onset, n.pitch));
    score.measures = vec![notation::Measure::regular(0, notation::TimeSignature::default())];
    let strokes = strokes(&written(&score, ExportMode::ScoreGrid).bytes);
    assert_eq!(strokes.len(), 15, "as many channels as there are without drums");
    assert_single(&strokes);
    assert!(strokes.values().all(|all| all.len() >= 4), "no stroke is lost");
}

#[test]
fn a_tempo_changes_inside_a_beat() {
    let measure = format!(
        "<sound tempo=\"120\"/>{}<sound tempo=\"60\"/>{}{}{}<note><rest/><duration>8</duration></note>",
        note("C", 2, 1),
        note("D", 2, 1),
        note("E", 2, 1),
        note("F", 2, 1)
    );
    let score = score(&[&measure]);
    assert!((end_secs(&deadpan(&score)) - 1.75).abs() < 1e-9);
    let onsets: Vec<f64> = strokes(&written(&score, ExportMode::ScoreGrid).bytes)
        .values()
        .flatten()
        .map(|(on, _)| *on)
        .collect();
    assert_eq!(onsets, [0.0, 0.5, 1.0, 1.5]);
}

#[test]
fn a_metric_modulation_changes_the_time_that_a_piece_takes() {
    let mark = |inside: &str| {
        format!("<direction><direction-type><metronome>{inside}</metronome></direction-type></direction>")
    };
    let first = mark("<beat-unit>quarter</beat-unit><per-minute>100</per-minute>") + &note("C", 16, 1);
    let equation = "<beat-unit>quarter</beat-unit><beat-unit>quarter</beat-unit><beat-unit-dot/>";
    let second = mark(equation) + &note("D", 12, 1);
    assert!((end_secs(&deadpan(&score(&[&first, &second]))) - 3.6).abs() < 1e-9);
}

/// Two quarters at 120 and two at 60: three seconds in each pass.
#[test]
fn a_repeat_begins_at_its_tempo_each_time() {
    let repeated = format!(
        "<barline location=\"left\"><repeat direction=\"forward\"/></barline><sound tempo=\"120\"/>{}\
         <sound tempo=\"60\"/>{}<barline location=\"right\"><repeat direction=\"backward\"/></barline>",
        note("C", 8, 1),
        note("D", 8, 1)
    );
    let unmarked = repeated.replacen("<sound tempo=\"120\"/>", "", 1);

    assert!((end_secs(&deadpan(&score(&[&repeated]))) - 6.0).abs() < 1e-9);
    let before = format!("<sound tempo=\"120\"/>{}", note("E", 16, 1));
    assert!((end_secs(&deadpan(&score(&[&before, &unmarked]))) - 8.0).abs() < 1e-9);
}
