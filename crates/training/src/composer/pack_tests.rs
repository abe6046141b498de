#![allow(clippy::unwrap_used)]

use notation::{Measure, Note, Quarters, TimeSignature};

use super::*;

/// Bars of 4/4 with a quarter at the start of each.
fn score(bars: u32) -> Score {
    let time = TimeSignature::default();
    let mut score = Score::default();
    for index in 0..bars {
        let measure = Measure::regular(index, time);
        score.notes.push(Note { onset: measure.start, measure: index, ..Note::default() });
        score.measures.push(measure);
    }
    score
}

#[test]
fn irregular_bars_and_pitches_without_tokens_divide_runs() {
    let pertok = PerTok::new(written()).unwrap();
    let lengths = |score: &Score| runs(&pertok, score).iter().map(Vec::len).collect::<Vec<_>>();
    assert_eq!(lengths(&score(9)), [9]);
    assert_eq!(lengths(&Score::default()), [0_usize; 0]);
    let mut divided = score(9);
    divided.notes[2].pitch = 20;
    divided.measures[5].time = TimeSignature { beats: 11, beat_type: 8 };
    divided.measures[8].end += Quarters::whole(1);
    assert_eq!(lengths(&divided), [2, 2, 2]);
}

#[test]
fn a_pick_up_is_a_bar_and_begins_a_run() {
    let pertok = PerTok::new(written()).unwrap();
    let mut score = score(3);
    // The first bar has its last quarter alone.
    score.measures[0].start = Quarters::whole(3);
    score.notes[0].onset = Quarters::whole(3);
    let run = &runs(&pertok, &score)[0];
    assert_eq!(run.len(), 3);
    let name = |id: &u16| pertok.vocabulary().name(*id).unwrap();
    let names: Vec<String> = run[0].tokens.iter().map(name).collect();
    assert_eq!(names, ["Position_1440", "Pitch_60", "Duration_1.0.480"]);
}

#[test]
#[ignore = "needs the data folder"]
fn scores_and_songs_give_enough_segments_needs_data() {
    let folder = tempfile::tempdir().unwrap();
    let data = application::Folders::find().data.unwrap();
    let packing = Packing { data, out: folder.path().to_owned(), longest: LONGEST };
    let lines = pack(&packing, &mut |_| {}).unwrap();
    println!("{lines}");
    let (about, pertok) = Tokens::read(folder.path()).unwrap();
    for (name, least) in FILES.iter().zip([10_000, 500, 500]) {
        let packed = Packed::read(&path(folder.path(), name), &pertok).unwrap();
        let all = packed.segments(&pertok, BARS, usize::MAX).len();
        let told = packed.segments(&pertok, BARS, about.longest).len();
        assert!(told >= least, "{name}: {told} segments");
        assert!(told * 10 >= all * 9, "{name}: {told} of {all} segments are short enough");
        let from = |source: Source| packed.sources.iter().filter(|found| **found == source as u8).count();
        assert!(from(Source::Asap) > 10 && from(Source::Pop909) > 10);
    }
}
