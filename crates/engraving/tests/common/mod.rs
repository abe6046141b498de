//! Scores, and what must hold for every page.
#![allow(dead_code)]

#[path = "../../../notation/tests/common/generated.rs"]
pub mod generated;

use std::fs;
use std::path::{Path, PathBuf};

use engraving::{Engraver, EngravingError, Head, Ink, MeasurePlace, System};
use notation::musicxml::write_printed;
use notation::{ImportOptions, PrintedScore, Quarters, Score, Unfold, read_score};

pub const BOTH: [Unfold; 2] = [Unfold::Maximal, Unfold::AsWritten];

pub fn read(name: &str, bytes: &[u8], unfold: Unfold) -> Score {
    read_score(name, bytes, &ImportOptions { unfold, ..ImportOptions::default() }).unwrap()
}

/// Name and bytes of the scores in a folder, by name.
pub fn files(folder: &Path, extensions: &[&str]) -> Vec<(String, Vec<u8>)> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_score = |path: &PathBuf| extensions.iter().any(|e| path.extension().is_some_and(|own| own == *e));
    let mut paths: Vec<PathBuf> = paths.filter(is_score).collect();
    paths.sort();
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), fs::read(path).unwrap())).collect()
}

/// The scores of the repository.
pub fn our_scores() -> Vec<(String, Vec<u8>)> {
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scores"), &["musicxml"])
}

/// The systems of a score, when all are there.
pub fn engrave(score: &Score, width_spaces: f32) -> Vec<System> {
    try_engrave(score, width_spaces).unwrap()
}

/// The same, or why there are none.
pub fn try_engrave(score: &Score, width_spaces: f32) -> Result<Vec<System>, EngravingError> {
    let mut systems: Vec<System> = Vec::new();
    let ready = |number: usize, system| {
        assert!(number <= systems.len());
        if number < systems.len() {
            systems[number] = system;
        } else {
            systems.push(system);
        }
    };
    Engraver::new(score)?.systems(width_spaces, || false, ready)?;
    Ok(systems)
}

/// What is missing of a score or there too often: measures and heads of all times that they are played;
/// nothing if all is well.
pub fn missing(score: &Score, systems: &[System]) -> Vec<String> {
    let mut missing = Vec::new();
    let page = PrintedScore::of(score);
    let layouts = || systems.iter().map(|system| &system.layout);
    let measures = || layouts().flat_map(|layout| &layout.measures);
    let order: Vec<usize> = measures().map(|place| place.printed).collect();
    if order != (0..page.score.measures.len()).collect::<Vec<_>>() {
        missing.push(format!("measures of the page are not there once each, in order: {order:?}"));
    }
    let played = measures().flat_map(|place| place.passes.iter().map(|pass| (pass.start, place.length)));
    let mut played: Vec<(Quarters, Quarters)> = played.collect();
    played.sort_unstable();
    let is_whole = played.windows(2).all(|pair| pair[0].0 + pair[0].1 == pair[1].0);
    let ends = (played.first().map(|p| p.0), played.last().map(|p| p.0 + p.1));
    if !is_whole || ends != (score.measures.first().map(|m| m.start), score.measures.last().map(|m| m.end)) {
        missing.push(format!("what is played has not one place at each time: {played:?}"));
    }
    let mut expected = vec![0; score.notes.len()];
    page.notes.iter().flatten().for_each(|note| expected[*note as usize] += 1);
    let mut firsts = vec![0; score.notes.len()];
    let heads: Vec<&Head> = layouts().flat_map(|l| &l.heads).collect();
    for head in heads.iter().filter(|head| !head.is_tied_on) {
        head.notes.iter().for_each(|note| firsts[*note as usize] += 1);
    }
    for (note, count) in
        firsts.iter().enumerate().filter(|(k, count)| **count != expected[*k] || **count == 0)
    {
        missing.push(format!("note {note} begins {count} times: {:?}", score.notes[note]));
    }
    let written = write_printed(&page).unwrap().matches("<note id=").count();
    if heads.len() != written {
        missing.push(format!("{} heads are drawn of {written} written", heads.len()));
    }
    missing
}

/// Whether a head may stand in a measure: whenever its note is played it begins there or lasts until then; a note
/// that is tied on may be played elsewhere some times.
fn may_stand_in(score: &Score, head: &Head, place: &MeasurePlace) -> bool {
    let is_there = |note: &u32| {
        let note = &score.notes[*note as usize];
        place.passes.iter().any(|pass| {
            let lasts = note.onset == pass.start || note.offset() > pass.start;
            note.onset < pass.start + place.length && lasts
        })
    };
    if head.is_tied_on { head.notes.iter().any(is_there) } else { head.notes.iter().all(is_there) }
}

/// What stands where it should not; nothing if all is well.
pub fn misplaced(score: &Score, systems: &[System]) -> Vec<String> {
    let mut misplaced = Vec::new();
    for (k, layout) in systems.iter().map(|system| &system.layout).enumerate() {
        let mut fault = |what: String| misplaced.push(format!("system {k}: {what}"));
        let edges = layout.measures.windows(2).all(|pair| (pair[0].right - pair[1].left).abs() < 0.02);
        if !edges || !layout.measures.iter().all(|m| m.left < m.right) {
            fault(format!("measures do not follow each other: {:?}", layout.measures));
        }
        let is_inside = layout.measures.iter().all(|m| m.left > 0.0 && m.right < layout.width + 0.05);
        if !(is_inside && 0.0 < layout.staves_top && layout.staves_top < layout.staves_bottom) {
            fault(format!("staves are not inside: {layout:?}"));
        }
        for head in &layout.heads {
            let note = &score.notes[head.notes[0] as usize];
            let (is_in, is_sized) = (
                head.left >= 0.0
                    && head.top >= 0.0
                    && head.right <= layout.width
                    && head.bottom <= layout.height,
                head.left < head.right && head.top < head.bottom,
            );
            if !is_in || !is_sized {
                fault(format!("{head:?} is not in {} by {}", layout.width, layout.height));
            }
            // Where a measure is squeezed into a system its last head may reach over the bar line, and
            // grace notes may stand before it.
            let slack = if note.grace.is_some() { 2.0 } else { 0.0 };
            let mut places = layout.measures.iter();
            let is_right = places
                .any(|m| may_stand_in(score, head, m) && m.left - slack <= head.left && head.left < m.right);
            if !is_right {
                fault(format!("{head:?} of measure {} stands elsewhere", note.measure));
            }
        }
    }
    misplaced
}

/// Whether everything is there once, and where it should be.
pub fn faults(score: &Score, systems: &[System]) -> Vec<String> {
    let mut faults = missing(score, systems);
    faults.extend(misplaced(score, systems));
    faults
}

/// The picture of a system, in which every head has ink.
pub fn assert_is_drawn(name: &str, system: &System, pixels_per_space: f32) -> Ink {
    let ink = system.draw(pixels_per_space).unwrap();
    assert_eq!(ink.coverage.len(), ink.width as usize * ink.height as usize);
    for head in &system.layout.heads {
        let [left, top, right, bottom] =
            [head.left, head.top, head.right, head.bottom].map(|at| (at * pixels_per_space) as usize);
        let row = |y: usize| y * ink.width as usize;
        let rows = (top..bottom).map(|y| &ink.coverage[row(y) + left..row(y) + right]);
        let most = rows.flatten().max();
        assert!(most.is_some_and(|most| *most > 128), "{name}: nothing is drawn at {head:?}");
    }
    ink
}
