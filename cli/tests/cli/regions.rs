//! `--bars` and `--of`: some bars are performed anew, everything else stays.

use performance::PlayedNote;

use crate::program::{MINUET, PRELUDE, Sandbox, read, score};

const REPERFORM: [&str; 4] = ["--performer", "rules", "--seed", "9"];

/// The notes of a take within and outside the bars (indices of measures).
fn split(sandbox: &Sandbox, file: &str, path: &str, bars: std::ops::Range<usize>) -> [Vec<PlayedNote>; 2] {
    let score = read(path);
    let inside = score.notes_in_measures(bars);
    let take = sandbox.take(file, &score);
    assert_eq!(take.notes.len(), score.notes.len(), "{file}");
    let (inside, outside) = take.notes.iter().partition(|n| inside.contains(&(n.note as usize)));
    [inside, outside]
}

#[test]
fn notes_outside_the_bars_stay_as_they_are_in_exact_timing() {
    let sandbox = Sandbox::new();
    let prelude = score(PRELUDE);
    sandbox.ok(&["perform", &prelude, "--performer", "rules", "--exact", "-o", "a.mid"]);
    let again = ["perform", &prelude, "--bars", "5-8", "--of", "a.mid", "--exact", "-o", "b.mid"];
    sandbox.ok(&[&again[..], &REPERFORM[..]].concat());
    let bars = measures(&prelude, "5", "8");
    let [old_inside, old_outside] = split(&sandbox, "a.mid", &prelude, bars.clone());
    let [new_inside, new_outside] = split(&sandbox, "b.mid", &prelude, bars);
    assert_eq!(old_outside, new_outside);
    assert_ne!(old_inside, new_inside);
}

#[test]
fn notes_outside_the_bars_keep_their_ticks_on_the_grid() {
    let sandbox = Sandbox::new();
    for (path, first, last) in [(score(PRELUDE), "5", "8"), (score(MINUET), "9", "12")] {
        sandbox.ok(&["perform", &path, "--performer", "rules", "--force", "-o", "a.mid"]);
        let again = ["perform", &path, "--bars", &format!("{first}-{last}"), "--of", "a.mid", "-o", "b.mid"];
        sandbox.ok(&[&again[..], &["--force"], &REPERFORM[..]].concat());
        let score = read(&path);
        let inside = score.notes_in_measures(measures(&path, first, last));
        let (old, new) = (sandbox.take("a.mid", &score), sandbox.take("b.mid", &score));
        assert_eq!(new.notes.len(), score.notes.len());
        let (old_ticks, new_ticks) = (ticks(&sandbox.bytes("a.mid")), ticks(&sandbox.bytes("b.mid")));
        for (a, b) in old.notes.iter().zip(&new.notes).filter(|(a, _)| !inside.contains(&(a.note as usize))) {
            let pitch = score.notes[a.note as usize].pitch;
            assert_eq!((a.note, a.velocity), (b.note, b.velocity));
            // The tempo map is written in whole microseconds.
            assert!((a.onset_secs - b.onset_secs).abs() < 1e-5, "{a:?} {b:?}");
            assert!((a.duration_secs - b.duration_secs).abs() < 2e-3, "{a:?} {b:?}");
            let tick = |ticks: &[(u64, u8, f64)], secs: f64| {
                let near = |t: &&(u64, u8, f64)| t.1 == pitch && (t.2 - secs).abs() < 1e-5;
                ticks.iter().find(near).map(|t| t.0)
            };
            assert_eq!(tick(&old_ticks, a.onset_secs), tick(&new_ticks, b.onset_secs), "{a:?}");
        }
        let changed = |n: &&PlayedNote| inside.contains(&(n.note as usize));
        let pairs = old.notes.iter().filter(changed).zip(new.notes.iter().filter(changed));
        assert!(pairs.filter(|(a, b)| a != b).count() > inside.len() / 2);
    }
}

/// Tick, pitch and seconds of each note of a file.
fn ticks(bytes: &[u8]) -> Vec<(u64, u8, f64)> {
    let file = notation::smf::file::MidiFile::read(bytes).unwrap();
    let map = performance::tempo_map::TempoMap::new(480, file.tempos.iter().copied());
    let notes = file.tracks.iter().flat_map(|t| &t.notes);
    notes.map(|n| (n.on_tick, n.pitch, map.secs_at(n.on_tick))).collect()
}

#[test]
fn a_bar_that_is_performed_ten_times_into_its_file_leaves_its_size_and_all_other_notes() {
    let sandbox = Sandbox::new();
    let minuet = score(MINUET);
    for mode in ["--grid", "--exact"] {
        sandbox.ok(&["perform", &minuet, "--performer", "rules", mode, "--force", "-o", "t.mid"]);
        let notes = |sandbox: &Sandbox| {
            let file = notation::smf::file::MidiFile::read(&sandbox.bytes("t.mid")).unwrap();
            let inside = read(&minuet).notes_in_measures(measures(&minuet, "3", "3"));
            let take = sandbox.take("t.mid", &read(&minuet));
            let map = performance::tempo_map::TempoMap::new(480, file.tempos.iter().copied());
            let first =
                |notes: &[PlayedNote]| notes.iter().map(|n| n.onset_secs).fold(f64::INFINITY, f64::min);
            let from = map.tick_at(first(&take.notes[inside.clone()]) - 0.1);
            let to = map.tick_at(first(&take.notes[inside.end..]));
            let notes = file.tracks.into_iter().flat_map(|t| t.notes);
            notes.filter(|n| n.on_tick < from || n.on_tick >= to).collect::<Vec<_>>()
        };
        let before = notes(&sandbox);
        let mut sizes = Vec::new();
        for _ in 0..10 {
            let again = ["perform", &minuet, "--bars", "3", "--of", "t.mid", "--force", "-o", "t.mid"];
            let ran = sandbox.ok(&[&again[..], &REPERFORM[..]].concat());
            assert!(!ran.err.contains("not in the score"), "{}", ran.err);
            sizes.push(sandbox.bytes("t.mid").len());
        }
        assert!(sizes.iter().all(|size| *size == sizes[0]), "{sizes:?}");
        assert!(before.len() > 200 && notes(&sandbox) == before, "{mode}");
    }
}

#[test]
fn bars_are_the_printed_ones_the_first_time_they_are_played() {
    let sandbox = Sandbox::new();
    let minuet = score(MINUET);
    let json = sandbox.ok(&["perform", &minuet, "--performer", "rules", "--bars", "9-16", "--json"]).json();
    let read = read(&minuet);
    let once = |m: &notation::Measure| m.pass == 1 && (9..=16).contains(&m.number.parse::<u32>().unwrap());
    let expected = read.notes.iter().filter(|n| once(&read.measures[n.measure as usize])).count();
    assert_eq!(json["notes"].as_u64().unwrap() as usize, expected);
    assert_eq!(json["bars"], "9-16");
    // The excerpt starts with its first bar.
    let played = sandbox.midi(&format!("{MINUET}-rules-1.mid"));
    assert_eq!(played.notes.len(), expected);
    assert!(played.notes[0].onset_secs < 4.0, "{:?}", played.notes[0]);
}

#[test]
fn bars_parted_by_a_repeat_are_performed_the_first_time_only() {
    // Bars 1-16 come twice before bar 17 comes for the first time.
    let sandbox = Sandbox::new();
    let minuet = score(MINUET);
    let json = sandbox.ok(&["perform", &minuet, "--performer", "rules", "--bars", "15-18", "--json"]).json();
    let read = read(&minuet);
    let once = |m: &notation::Measure| m.pass == 1 && (15..=18).contains(&m.number.parse::<u32>().unwrap());
    let expected = read.notes.iter().filter(|n| once(&read.measures[n.measure as usize])).count();
    assert_eq!(json["notes"].as_u64().unwrap() as usize, expected);
    assert_eq!(sandbox.midi(&format!("{MINUET}-rules-1.mid")).notes.len(), expected);
}

#[test]
fn bars_that_are_not_there_are_told_with_those_that_are() {
    let sandbox = Sandbox::new();
    let minuet = score(MINUET);
    for wrong in ["99", "9-99", "0-4", "x", "", "-", "9-"] {
        sandbox
            .run(&["perform", &minuet, "--performer", "rules", "--bars", wrong])
            .failed_with(&["from 1 to 32", MINUET]);
    }
    sandbox.run(&["perform", &minuet, "--bars", "16-9"]).failed_with(&["backwards"]);
    assert_eq!(sandbox.run(&["perform", &minuet, "--of", "a.mid"]).code, Some(2));
    assert!(sandbox.files().is_empty());
}

#[test]
fn a_take_of_another_piece_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["perform", &score(MINUET), "--performer", "rules", "-o", "minuet.mid"]);
    let prelude = score("bach_prelude_c_bwv846");
    sandbox
        .run(&["perform", &prelude, "--bars", "3", "--of", "minuet.mid"])
        .failed_with(&["minuet.mid", "no performance of the score"]);
}

/// Measures from one printed number to another, the first time.
pub fn measures(path: &str, first: &str, last: &str) -> std::ops::Range<usize> {
    let score = read(path);
    let at = |number: &str| score.measures.iter().position(|m| m.number == number).unwrap();
    at(first)..at(last) + 1
}
