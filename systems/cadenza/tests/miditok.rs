//! Our tokens against those of MidiTok's PerTok. `scripts/pertok_fixture.py fixture` made the numbers.
#![allow(clippy::unwrap_used)]

use std::io::Read;
use std::path::Path;

use cadenza::pertok::{Config, Music, Note, PerTok};
use notation::TimeSignature;
use serde::Deserialize;

#[derive(Deserialize)]
struct Fixture {
    ticks_per_quarter: u32,
    excerpts: Vec<Excerpt>,
    told: Vec<Told>,
    faults: Vec<Fault>,
}

/// Four bars. A note is onset and duration in ticks, pitch, velocity.
#[derive(Deserialize)]
struct Excerpt {
    name: String,
    metre: (u8, u8),
    notes: Vec<(u32, u32, u8, u8)>,
}

/// The excerpts in one setting.
#[derive(Deserialize)]
struct Told {
    name: String,
    settings: Config,
    vocabulary: Vec<String>,
    ids: Vec<Option<Vec<u16>>>,
}

/// A piece on which MidiTok goes wrong; ticks are those of the settings.
#[derive(Deserialize)]
struct Fault {
    name: String,
    settings: Config,
    notes: Vec<(u32, u32, u8, u8)>,
    metres: Vec<(u32, u8, u8)>,
    tokens: Vec<String>,
    onsets: Vec<u32>,
}

fn fixture() -> Fixture {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pertok.json.gz");
    let mut text = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn note(&(onset_ticks, duration_ticks, pitch, velocity): &(u32, u32, u8, u8)) -> Note {
    Note { onset_ticks, pitch, duration_ticks, velocity }
}

impl Excerpt {
    /// The excerpt in the ticks of some settings, rounded down.
    fn music(&self, from: u32, to: u32) -> Music {
        let scaled = |n: &Note| Note {
            onset_ticks: n.onset_ticks * to / from,
            duration_ticks: (n.duration_ticks * to / from).max(1),
            ..*n
        };
        let (beats, beat_type) = self.metre;
        Music {
            notes: self.notes.iter().map(|n| scaled(&note(n))).collect(),
            metres: vec![(0, TimeSignature { beats, beat_type })],
        }
    }
}

fn names(pertok: &PerTok, ids: &[u16]) -> Vec<String> {
    ids.iter().map(|id| pertok.vocabulary().name(*id).unwrap()).collect()
}

/// In four settings: with time shifts on two grids, with positions, what is written alone, and with metres.
#[test]
fn tokens_and_vocabulary_are_those_of_miditok() {
    let fixture = fixture();
    assert_eq!(fixture.told.len(), 4);
    let mut differ = Vec::new();
    for told in &fixture.told {
        let pertok = PerTok::new(told.settings.clone()).unwrap();
        let size = pertok.vocabulary().size();
        let all: Vec<u16> = (0..size as u16).collect();
        assert_eq!(names(&pertok, &all), told.vocabulary, "{}", told.name);
        let ticks = told.settings.ticks_per_quarter;
        let mut count = 0;
        for (excerpt, expected) in fixture.excerpts.iter().zip(&told.ids) {
            let Some(expected) = expected else { continue };
            let found = pertok.encode(&excerpt.music(fixture.ticks_per_quarter, ticks)).unwrap();
            count += 1;
            if found != *expected {
                let first = found.iter().zip(expected).position(|(a, b)| a != b);
                differ.push(format!("{}, {}: from token {first:?}", told.name, excerpt.name));
            }
        }
        assert!(count >= 100, "{}: {count} excerpts", told.name);
    }
    assert!(differ.is_empty(), "{} differ: {differ:#?}", differ.len());
}

/// Onsets within half a bin, the rest as near as there are tokens.
#[test]
fn excerpts_survive_their_tokens() {
    let fixture = fixture();
    for told in &fixture.told {
        let pertok = PerTok::new(told.settings.clone()).unwrap();
        for excerpt in &fixture.excerpts {
            let music = excerpt.music(fixture.ticks_per_quarter, told.settings.ticks_per_quarter);
            let Ok(tokens) = pertok.encode(&music) else {
                assert!(!told.settings.time_signatures.is_empty() && excerpt.metre.1 != 4);
                continue;
            };
            let mut expected = music.notes.clone();
            expected.sort_unstable();
            let found = pertok.decode(&tokens).unwrap().notes;
            assert_eq!(found.len(), expected.len());
            for (found, expected) in found.iter().zip(&expected) {
                let off = found.onset_ticks.abs_diff(expected.onset_ticks);
                assert!(off <= pertok.worst_onset_error_ticks(), "{}: {off} ticks", told.name);
                assert_eq!(found.pitch, expected.pitch);
                if told.settings.velocities.is_some() {
                    assert!(found.velocity.abs_diff(expected.velocity) <= 4);
                }
            }
        }
    }
}

/// What we make of a fault of MidiTok: the piece, MidiTok's tokens, ours, and the notes that ours decode to.
fn ours(name: &str) -> (Fault, Vec<String>, Vec<u32>) {
    let fault = fixture().faults.into_iter().find(|fault| fault.name == name).unwrap();
    let pertok = PerTok::new(fault.settings.clone()).unwrap();
    let metre = |&(at, beats, beat_type): &(u32, u8, u8)| (at, TimeSignature { beats, beat_type });
    let music = Music {
        notes: fault.notes.iter().map(note).collect(),
        metres: fault.metres.iter().map(metre).collect(),
    };
    let ids = pertok.encode(&music).unwrap();
    let onsets = pertok.decode(&ids).unwrap().notes.iter().map(|n| n.onset_ticks).collect();
    let names = names(&pertok, &ids);
    (fault, names, onsets)
}

/// Pitches, each with the number of its bar.
fn bars(names: &[String]) -> Vec<usize> {
    let mut bar = 0;
    let mut bars = Vec::new();
    for name in names {
        bar += usize::from(name == "Bar_None");
        if name.starts_with("Pitch") {
            bars.push(bar);
        }
    }
    bars
}

/// MidiTok takes micro-timing from the position nearest to a note even where it writes no position, so that
/// a note soon after another is read at that one's position: here before it, not after.
#[test]
fn micro_timing_is_from_the_position_that_is_written() {
    let (fault, names, onsets) = ours("near positions");
    assert_eq!(fault.notes.iter().map(|n| n.0).collect::<Vec<_>>(), [92, 94]);
    assert_eq!(fault.onsets, [93, 69]);
    assert_eq!(fault.tokens[..4], names[..4]);
    assert_eq!((fault.tokens[4].as_str(), names[4].as_str()), ("MicroTiming_-11", "MicroTiming_13"));
    assert_eq!(onsets, [93, 93]);
}

/// MidiTok makes a bar of b/n b·n/4 quarters long, which is right for quarters alone: 4·b/n it is.
#[test]
fn beats_are_as_long_as_the_metre_says() {
    // Eighths: three a bar of 3/8.
    let (fault, names, onsets) = ours("eighths as beats");
    assert_eq!(bars(&fault.tokens), [0; 7]);
    assert_eq!(bars(&names), [0, 0, 0, 1, 1, 1, 2]);
    assert_eq!(onsets, fault.onsets);
    // Quarters: four a bar of 2/2.
    let (fault, names, onsets) = ours("halves as beats");
    assert!(bars(&fault.tokens).into_iter().eq(0..10));
    assert_eq!(bars(&names), [0, 0, 0, 0, 1, 1, 1, 1, 2, 2]);
    assert_eq!(onsets, fault.onsets);
}

/// MidiTok counts all bars as long as those of the last metre: after three quarters, a bar of 4/4 ends for
/// it after eight quarters of the piece, not after seven.
#[test]
fn bar_lines_are_counted_from_the_change_of_metre() {
    let (fault, names, onsets) = ours("change of metre");
    assert_eq!(bars(&fault.tokens), [0, 0, 0, 1, 1, 1, 1, 1, 2, 2]);
    assert_eq!(bars(&names), [0, 0, 0, 1, 1, 1, 1, 2, 2, 2]);
    assert_eq!(onsets, fault.notes.iter().map(|n| n.0).collect::<Vec<_>>());
}

/// MidiTok writes a metre after a note that is played a little before its bar line, though the note is in
/// the bar: the metre stands after the bar line.
#[test]
fn a_metre_stands_at_its_bar_line() {
    let (fault, names, _) = ours("early note at a change");
    let place = |names: &[String], name: &str| names.iter().position(|n| n == name).unwrap();
    assert!(place(&fault.tokens, "TimeSig_4/4") > place(&fault.tokens, "Pitch_62"));
    assert_eq!(place(&names, "TimeSig_4/4"), place(&names, "Bar_None") + 1);
}

/// MidiTok writes one time shift, however long the silence: what is beyond it is lost.
#[test]
fn long_silence_takes_several_shifts() {
    let (fault, names, onsets) = ours("long silence");
    assert_eq!(fault.onsets, [0, 1240]);
    assert_eq!(names[3..5], ["TimeShift_3.240.320", "TimeShift_1.240.320"]);
    assert_eq!(onsets, [0, 1760]);
}
