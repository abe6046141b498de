//! Standard MIDI Files as scores: real ones against their MusicXML, broken ones against the clock.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use common::midi::{END, file, quarters};
use notation::smf::{SmfError, SmfOptions, read};
use notation::{Hand, ImportOptions, Quarters, Score, TimeSignature, Unfold, read_score};
use proptest::prelude::*;

fn snap(bytes: &[u8]) -> Result<Score, SmfError> {
    read(bytes, &SmfOptions::default())
}

#[test]
fn tracks_are_hands_and_drums_stay_silent() {
    let tracks = [quarters(0, &[40, 41]), quarters(1, &[70, 71, 72]), quarters(9, &[35])];
    let score = snap(&file(1, 96, &tracks)).unwrap();
    let hands: Vec<(u8, Hand)> = score.notes.iter().map(|n| (n.pitch, n.hand())).collect();
    let (left, right) = (Hand::Left, Hand::Right);
    assert_eq!(hands, [(40, left), (70, right), (41, left), (71, right), (72, right)]);
    assert_eq!(score.warnings.len(), 1);
    assert!(score.warnings[0].message.contains("drum"), "{:?}", score.warnings);
}

#[test]
fn velocities_that_differ_are_kept_with_their_notes() {
    let strike = |pitch: u8, velocity: u8| [0, 0x90, pitch, velocity, 96, 0x80, pitch, 0];
    let track = |notes: &[(u8, u8)]| {
        let struck = notes.iter().flat_map(|(pitch, velocity)| strike(*pitch, *velocity));
        struck.chain(END).collect::<Vec<u8>>()
    };
    let score = snap(&file(1, 96, &[track(&[(72, 90), (71, 31)]), track(&[(40, 55)])])).unwrap();
    let velocities: Vec<(u8, Option<u8>)> =
        score.notes.iter().map(|n| (n.pitch, score.velocities.get(&n.id.written).copied())).collect();
    assert_eq!(velocities, [(40, Some(55)), (72, Some(90)), (71, Some(31))]);
    let even = snap(&file(0, 96, &[track(&[(72, 90), (71, 90)])])).unwrap();
    assert!(even.velocities.is_empty());
}

#[test]
fn a_short_first_metre_is_a_pick_up() {
    // 1/4, then from tick 96 on 3/4.
    let mut track = vec![0, 0xff, 0x58, 4, 1, 2, 24, 8, 96, 0xff, 0x58, 4, 3, 2, 24, 8];
    track.extend(quarters(0, &[60, 62, 64, 65]));
    let score = snap(&file(0, 96, &[track])).unwrap();
    assert_eq!(score.time_signatures, [(Quarters::ZERO, TimeSignature { beats: 3, beat_type: 4 })]);
    let bars: Vec<(&str, Quarters)> = score.measures.iter().map(|m| (m.number.as_str(), m.start)).collect();
    assert_eq!(bars, [("0", Quarters::ZERO), ("1", Quarters::whole(1)), ("2", Quarters::whole(4))]);
    assert_eq!(score.notes[0].measure, 1, "the first note starts after the pick-up");
}

#[test]
fn notes_stay_at_their_ticks_on_request() {
    let bytes = file(0, 96, &[vec![5, 0x90, 60, 64, 90, 0x80, 60, 0, 0, 0xff, 0x2f, 0]]);
    let moved = snap(&bytes).unwrap();
    assert_eq!((moved.notes[0].onset, moved.notes[0].duration), (Quarters::ZERO, Quarters::whole(1)));
    let left = read(&bytes, &SmfOptions { snap: false }).unwrap();
    assert_eq!((left.notes[0].onset, left.notes[0].duration), (Quarters::new(5, 96), Quarters::new(90, 96)));
}

#[test]
fn refusals_say_why() {
    let good = quarters(0, &[60]);
    assert_eq!(snap(b"RIFX"), Err(SmfError::NotMidi));
    assert_eq!(snap(&file(2, 96, std::slice::from_ref(&good))), Err(SmfError::ManySongs));
    assert_eq!(snap(&file(0, 0, std::slice::from_ref(&good))), Err(SmfError::NoDivision));
    assert_eq!(snap(&file(0, 0xe728, &[good])), Err(SmfError::NoBeats));
    assert_eq!(snap(&file(0, 96, &[END.to_vec()])), Err(SmfError::NoNotes));
}

#[test]
fn a_note_without_end_lasts_to_the_end_of_the_track() {
    let score = snap(&file(0, 96, &[vec![0, 0x90, 60, 64, 0x81, 0x40, 0xff, 0x2f, 0]])).unwrap();
    assert_eq!(score.notes[0].duration, Quarters::whole(2));
    assert!(score.warnings[0].message.contains("no end"));
}

#[test]
fn monstrous_files_are_quickly_done_with() {
    let started = Instant::now();
    let many = vec![quarters(0, &[60]); 65_535];
    assert!(snap(&file(1, 96, &many)).is_ok());
    assert!(snap(&file(1, 1, &vec![END.to_vec(); 65_535])).is_err());
    // The header promises 65,535 tracks, the chunk 4 GiB, and there is one note.
    let mut bytes = file(1, 96, &[quarters(0, &[60])]);
    bytes[10..12].copy_from_slice(&[0xff, 0xff]);
    bytes[18..22].copy_from_slice(&[0xff; 4]);
    assert_eq!(snap(&bytes).map(|s| s.notes.len()), Ok(1));
    // The longest pause that can be written, over and over, at a tick a quarter.
    let mut track = Vec::new();
    for _ in 0..1000 {
        track.extend([0xff, 0xff, 0xff, 0x7f, 0x90, 60, 64, 0xff, 0xff, 0xff, 0x7f, 0x80, 60, 0]);
    }
    track.extend(END);
    assert!(matches!(snap(&file(0, 1, &[track])), Err(SmfError::TooLarge { what: "measures", .. })));
    // A new metre at every tick.
    let mut track: Vec<u8> =
        (0..300_000u32).flat_map(|k| [1, 0xff, 0x58, 4, 1 + (k % 2) as u8, 6, 24, 8]).collect();
    track.extend(quarters(0, &[60]));
    assert!(matches!(snap(&file(0, 96, &[track])), Err(SmfError::TooLarge { what: "measures", .. })));
    let seconds = started.elapsed();
    println!("{seconds:?} for five monstrous files");
    assert!(seconds < Duration::from_secs(5), "{seconds:?} for five files");
}

/// Every MIDI file of the shared data, whole and cut off anywhere.
#[test]
#[ignore = "needs the data folder"]
fn truncated_files_never_panic_needs_data() {
    let data = common::data_folder().unwrap();
    for path in midi_files(&data) {
        let bytes = std::fs::read(&path).unwrap();
        for part in 0..8 {
            let _ = snap(&bytes[..bytes.len() * part / 8 + part]);
        }
        let score = snap(&bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        check(&score);
    }
}

fn midi_files(data: &std::path::Path) -> Vec<PathBuf> {
    let folders = std::fs::read_dir(data.join("asap/samples")).unwrap().map(|f| f.unwrap().path());
    let folders = folders.filter(|f| f.is_dir()).chain([data.join("public-domain-scores")]);
    let files = folders.flat_map(|f| std::fs::read_dir(f).unwrap().map(|f| f.unwrap().path()));
    let mut files: Vec<PathBuf> = files.filter(|f| f.extension().is_some_and(|e| e == "mid")).collect();
    files.sort();
    assert!(files.len() > 40, "{}", files.len());
    files
}

/// What every score promises.
fn check(score: &Score) {
    assert!(score.notes.windows(2).all(|n| (n[0].onset, n[0].pitch) <= (n[1].onset, n[1].pitch)));
    assert!(score.notes.iter().all(|n| n.duration > Quarters::ZERO && n.onset >= Quarters::ZERO));
    assert!(score.measures.windows(2).all(|m| m[0].end == m[1].start && m[0].start < m[0].end));
    for note in &score.notes {
        let measure = &score.measures[note.measure as usize];
        assert!(measure.start <= note.onset && note.onset < measure.end, "{note:?} {measure:?}");
        assert!(note.staff >= 1 && note.staff <= score.parts[usize::from(note.part)].staves);
    }
}

/// The MIDI files of known scores hold the notes of their MusicXML, at their places and in their
/// hands; those whose repeats are played otherwise are left out.
#[test]
#[ignore = "needs the data folder"]
fn exported_scores_come_back_needs_data() {
    let data = common::data_folder().unwrap();
    let mut compared = 0;
    for (path, xml) in pairs(&data) {
        let midi = snap(&std::fs::read(&path).unwrap()).unwrap();
        let same_repeats = |xml: &Score| midi.notes.len().abs_diff(xml.notes.len()) * 20 < xml.notes.len();
        let unfolded = [Unfold::Maximal, Unfold::AsWritten].map(|unfold| musicxml(&xml, unfold));
        let best =
            unfolded.iter().filter(|x| same_repeats(x)).map(|x| compare(x, &midi)).max_by_key(|c| c.found);
        let Some(Comparison { all, found, hands }) = best else { continue };
        if found * 3 < all * 2 {
            continue;
        }
        println!("{}: {found} of {all} notes, {hands} in their hand", path.display());
        compared += 1;
        assert!(found as f64 > 0.94 * all as f64, "{}", path.display());
        assert!(hands as f64 > 0.8 * found as f64, "{}", path.display());
    }
    assert!(compared >= 26, "{compared}");
}

/// Both hands in one track are told apart by pitch as the scores' staves tell them.
#[test]
#[ignore = "needs the data folder"]
fn hands_are_told_apart_by_pitch_needs_data() {
    let data = common::data_folder().unwrap();
    let (mut right, mut all) = (0, 0);
    for (path, xml) in pairs(&data) {
        let xml = musicxml(&xml, Unfold::AsWritten);
        let result = compare(&xml, &read(&one_track(&xml), &SmfOptions { snap: false }).unwrap());
        println!("{}: {result:?}", path.display());
        assert!(result.found * 50 >= result.all * 49, "{}", path.display());
        right += result.hands;
        all += result.found;
    }
    println!("{right} of {all} notes in the right hand: {:.3}", right as f64 / all as f64);
    assert!(right as f64 > 0.92 * all as f64, "{right} of {all}");
}

/// MIDI files of scores, each with its MusicXML.
fn pairs(data: &std::path::Path) -> Vec<(PathBuf, PathBuf)> {
    let xml = |midi: PathBuf| {
        let folder = midi.parent()?;
        let xml = if midi.ends_with("midi_score.mid") {
            folder.join("xml_score.musicxml")
        } else {
            midi.with_extension("musicxml")
        };
        xml.is_file().then_some((midi, xml))
    };
    midi_files(data).into_iter().filter_map(xml).collect()
}

fn musicxml(path: &std::path::Path, unfold: Unfold) -> Score {
    let options = ImportOptions { unfold, ..ImportOptions::default() };
    read_score("score", &std::fs::read(path).unwrap(), &options).unwrap()
}

/// A score as one track on one channel, 10,080 ticks a quarter.
fn one_track(score: &Score) -> Vec<u8> {
    let tick = |q: Quarters| (q.to_f64() * 10_080.0).round() as u32;
    let mut events: Vec<(u32, u8, u8)> = Vec::new();
    for note in score.notes.iter().filter(|n| n.grace.is_none()) {
        events.push((tick(note.onset), 1, note.pitch));
        events.push((tick(note.offset()), 0, note.pitch));
    }
    events.sort_unstable();
    let (mut track, mut now) = (Vec::new(), 0);
    for (tick, on, pitch) in events {
        let delta = tick - now;
        let high = [21, 14, 7].map(|shift| 0x80 | (delta >> shift & 0x7f) as u8);
        track.extend(high);
        track.extend([(delta & 0x7f) as u8, 0x80 | on << 4, pitch, 64]);
        now = tick;
    }
    track.extend(END);
    file(0, 10_080, &[track])
}

#[derive(Debug)]
struct Comparison {
    all: usize,
    found: usize,
    hands: usize,
}

/// How many notes of `xml` stand in `midi` at the same place, and of these in the same hand.
fn compare(xml: &Score, midi: &Score) -> Comparison {
    let start = |s: &Score| s.notes.iter().find(|n| n.grace.is_none()).map_or(Quarters::ZERO, |n| n.onset);
    let shift = start(midi) - start(xml);
    let there: HashMap<_, _> = midi.notes.iter().map(|n| ((n.onset, n.pitch), n)).collect();
    let main: Vec<_> = xml.notes.iter().filter(|n| n.grace.is_none()).collect();
    let found: Vec<_> =
        main.iter().filter_map(|n| Some((n, there.get(&(n.onset + shift, n.pitch))?))).collect();
    let hands = found.iter().filter(|(a, b)| a.hand() == b.hand()).count();
    Comparison { all: main.len(), found: found.len(), hands }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_panic(
        division in any::<u16>(),
        format in 0..3u16,
        tracks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..4),
        cut in 0..600usize,
    ) {
        let mut bytes = file(format, division, &tracks);
        bytes.truncate(cut.max(4));
        if let Ok(score) = snap(&bytes) {
            check(&score);
        }
    }

    #[test]
    fn random_events_make_sound_scores(
        division in 1..0x8000u16,
        events in prop::collection::vec((0..1000u16, 0x80..0xf0u8, 0..128u8, 0..128u8), 1..80),
        snap in any::<bool>(),
    ) {
        let mut track = Vec::new();
        for (delta, status, a, b) in events {
            track.extend([0x80 | (delta >> 7) as u8, (delta & 0x7f) as u8, status, a]);
            if !matches!(status >> 4, 0xc | 0xd) {
                track.push(b);
            }
        }
        track.extend(END);
        match read(&file(0, division, &[track]), &SmfOptions { snap }) {
            Ok(score) => check(&score),
            Err(SmfError::NoNotes | SmfError::OnlyPercussion { .. }) => {}
            Err(error) => prop_assert!(false, "{}", error),
        }
    }
}

/// Found by fuzzing: the parser beneath overflowed on it where overflows are checked.
#[test]
fn an_impossible_time_code_is_refused() {
    let file = b"MThd\0\0\0\x06\0\0\0\x01\x80\x04MTrk\0\0\0\x04\0\xff\x2f\0";
    let error = notation::smf::read(file, &notation::smf::SmfOptions::default()).unwrap_err();
    assert!(error.to_string().contains("time code"), "{error}");
}

/// Tracks of quarters on middle C, so many.
fn strokes(count: usize) -> Vec<u8> {
    (0..count).flat_map(|_| [0, 0x90, 60, 64, 96, 0x80, 60, 0]).collect()
}

fn warned(score: &Score, words: &str) -> bool {
    score.warnings.iter().any(|w| w.message.contains(words))
}

#[test]
fn running_status_goes_on_after_meta_and_system_events() {
    let mut track = vec![0, 0x90, 60, 80, 96, 60, 0, 0, 0xff, 1, 3, b'h', b'e', b'y', 0, 62, 80, 96, 62, 0];
    track.extend([0, 0xf0, 3, 0x7d, 1, 0xf7, 0, 64, 80, 96, 64, 0]);
    track.extend(END);
    let score = snap(&file(0, 96, &[track])).unwrap();
    assert_eq!(score.notes.iter().map(|n| n.pitch).collect::<Vec<_>>(), [60, 62, 64]);
    assert!(score.warnings.is_empty(), "{:?}", score.warnings);
}

/// A track whose length is wrong by a few bytes either way hides none of its notes and none of the
/// next track's.
#[test]
fn a_wrong_length_of_a_track_loses_no_notes() {
    let tracks = [quarters(0, &[60, 62, 64, 65]), quarters(0, &[67])];
    let right = snap(&file(1, 96, &tracks)).unwrap();
    assert!(right.warnings.is_empty());
    for error in [-30, -9, -5, -4, -3, -1, 1, 3, 4, 8, 12, 1000, 2_000_000_000_i64] {
        let mut bytes = file(1, 96, &tracks);
        let length = (tracks[0].len() as i64 + error) as u32;
        bytes[18..22].copy_from_slice(&length.to_be_bytes());
        let score = snap(&bytes).unwrap();
        assert_eq!(score.notes, right.notes, "{error}");
        assert!(warned(&score, "bytes long"), "{error}: {:?}", score.warnings);
        assert_eq!(score.warnings[0].place.to_string(), "part track 1");
    }
}

/// Whatever goes wrong inside a track: the notes before it are there, and a warning names the place.
#[test]
fn no_fault_shortens_a_track_in_silence() {
    let faults: [(&[u8], &str); 8] = [
        (&[0, 0xf4], "status 0xf4"),
        (&[0, 0x90, 60, 200], "has 200 where"),
        (&[0, 0xb0, 0x90, 60], "has 144 where"),
        (&[0, 0xff, 1, 0xff, 0xff, 0xff, 0xff, 0x7f], "more than four bytes"),
        (&[0, 0xff, 1, 0xff, 0xff, 0x7f], "is wrong"),
        (&[0, 0xff, 0x7f, 0xff, 0xff, 0x7f], "ends within the event"),
        (&[0, 0xf0, 0x81, 0x80, 0], "ends within the event"),
        (&[0xff; 20], "more than four bytes"),
    ];
    for (fault, words) in faults {
        let track = [strokes(10), fault.to_vec(), strokes(90), END.to_vec()].concat();
        let score = snap(&file(1, 96, &[track, quarters(1, &[72, 74])])).unwrap();
        assert!(score.notes.len() >= 12, "{words}: {} notes", score.notes.len());
        assert!(score.notes.iter().any(|n| n.pitch == 74), "{words}: the next track is read");
        assert!(warned(&score, words) && warned(&score, "at byte"), "{words}: {:?}", score.warnings);
    }
    let data_first = [vec![0, 60, 64], END.to_vec()].concat();
    let error = snap(&file(0, 96, &[data_first])).unwrap_err();
    assert!(error.to_string().contains("track 1: the event at byte 22 starts with 60"), "{error}");
}

#[test]
fn a_time_of_too_many_bytes_is_no_reason_to_stop() {
    let track = [strokes(10), vec![0xff, 0xff, 0xff, 0xff, 0x7f], strokes(90)[1..].to_vec(), END.to_vec()];
    let score = snap(&file(1, 96, &[track.concat()])).unwrap();
    assert_eq!(score.notes.len(), 100);
    assert!(warned(&score, "more than four bytes"), "{:?}", score.warnings);
}

/// Cut off anywhere, a file never becomes shorter without a word.
#[test]
fn a_file_cut_short_says_so() {
    let bytes = file(1, 96, &[quarters(0, &[60, 62, 64]), quarters(1, &[72, 74])]);
    for length in 0..bytes.len() {
        match snap(&bytes[..length]) {
            Ok(score) => assert!(!score.warnings.is_empty(), "{length} of {} bytes", bytes.len()),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

#[test]
fn events_after_the_end_of_a_track_are_read() {
    let track = [strokes(2), END.to_vec(), strokes(3), END.to_vec()].concat();
    let score = snap(&file(0, 96, &[track])).unwrap();
    assert_eq!(score.notes.len(), 5);
    assert!(warned(&score, "follow the end of the track"));
    let padded = [strokes(2), END.to_vec(), vec![0; 7]].concat();
    assert!(snap(&file(1, 96, &[padded, quarters(1, &[72])])).unwrap().warnings.is_empty());
}

#[test]
fn chunks_of_other_kinds_and_riff_are_passed_over() {
    let plain = file(1, 96, &[quarters(0, &[60]), quarters(0, &[62])]);
    let expected = snap(&plain).unwrap();
    let second = plain.iter().rposition(|b| *b == b'M').unwrap();
    let mut bytes = plain.clone();
    bytes.splice(second..second, *b"XFIH\0\0\0\x03abc");
    assert_eq!(snap(&bytes).unwrap(), expected);
    let mut riff = b"RIFF\0\0\0\0RMIDLIST\x03\0\0\0abc\0data".to_vec();
    riff.extend((plain.len() as u32).to_le_bytes());
    riff.extend(&plain);
    assert_eq!(snap(&riff).unwrap(), expected);
}

#[test]
fn percussion_alone_is_named_only_where_it_is() {
    let error = snap(&file(1, 96, &[quarters(9, &[35, 38])])).unwrap_err();
    assert_eq!(error, SmfError::OnlyPercussion { notes: 2 });
    assert!(error.to_string().contains("nothing but percussion (2 notes on channel 10)"));
    let empty = snap(&file(1, 96, &[END.to_vec()])).unwrap_err().to_string();
    assert_eq!(empty, "the MIDI file holds no notes");
}

#[test]
fn tracks_that_the_header_promises_and_that_are_missing_are_told() {
    let mut bytes = file(1, 96, &[quarters(0, &[60])]);
    bytes[11] = 3;
    let score = snap(&bytes).unwrap();
    assert_eq!(score.notes.len(), 1);
    assert!(warned(&score, "promises 3 tracks and 1 are there"));
}

#[test]
fn more_tracks_than_promised_are_read() {
    let mut bytes = file(1, 96, &[quarters(0, &[60]), quarters(0, &[62])]);
    bytes[11] = 1;
    let score = snap(&bytes).unwrap();
    assert_eq!(score.notes.len(), 2);
    assert!(warned(&score, "promises 1 tracks and 2 are there"));
}

#[test]
fn text_before_the_header_is_passed_over() {
    let plain = file(0, 96, &[quarters(0, &[60, 62])]);
    for before in [&b"Content-Type: audio/midi\r\n\r\n"[..], &[0; 128], b"\n"] {
        let bytes = [before, &plain].concat();
        let score = read_score("x.mid", &bytes, &ImportOptions::default()).unwrap();
        assert_eq!(score.notes.len(), 2);
        assert!(warned(&score, "bytes before the header"), "{:?}", score.warnings);
    }
}

#[test]
fn a_truncated_last_track_keeps_its_notes() {
    let bytes = file(1, 96, &[quarters(0, &[60]), quarters(1, &[72, 74, 76])]);
    // Within the last note, which then has no end, and before it.
    for (cut, notes) in [(8, 4), (13, 3)] {
        let score = snap(&bytes[..bytes.len() - cut]).unwrap();
        assert_eq!(score.notes.len(), notes, "{cut}");
        assert!(warned(&score, "cut short") || warned(&score, "the file ends"), "{:?}", score.warnings);
        assert!(score.warnings.iter().any(|w| w.place.to_string().contains("track 2")));
    }
}

#[test]
fn time_code_and_several_songs_are_named() {
    for division in [0xe728_u16, 0xe250, 0xe804, 0xe350] {
        let error = snap(&file(1, division, &[quarters(0, &[60])])).unwrap_err();
        assert_eq!(error, SmfError::NoBeats, "{division:#x}");
    }
    let songs = [quarters(0, &[60]), quarters(0, &[62])];
    assert_eq!(snap(&file(2, 96, &songs)), Err(SmfError::ManySongs));
}

#[test]
fn a_key_signature_of_one_byte_costs_no_notes() {
    for event in [&[0, 0xff, 0x59, 1, 0][..], &[0, 0xff, 0x54, 5, 99, 99, 99, 99, 99], &[0, 0xff, 0x51, 1, 7]]
    {
        let track = [event.to_vec(), quarters(0, &[60, 62])].concat();
        assert_eq!(snap(&file(0, 96, &[track])).unwrap().notes.len(), 2);
    }
}

#[test]
fn a_time_signature_within_a_bar_is_told() {
    let mut track = vec![0, 0xff, 0x58, 4, 4, 2, 24, 8];
    track.extend(strokes(6));
    track.extend([0, 0xff, 0x58, 4, 3, 2, 24, 8]);
    track.extend(strokes(3));
    track.extend(END);
    let score = snap(&file(0, 96, &[track])).unwrap();
    assert_eq!(score.warnings.len(), 1);
    assert_eq!(score.warnings[0].place.to_string(), "measure 2");
    assert!(warned(&score, "after 2 quarters"));
}
