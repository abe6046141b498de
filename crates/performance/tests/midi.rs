//! Export in each mode, read back by the importer and, for the bars, by midly alone.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;

use midly::{MetaMessage, Smf, TrackEventKind};
use notation::Score;
use performance::midi::{ExportMode, ExportOptions, Exported, export, match_to_score, read_performance};
use performance::tempo_map::TempoMap;
use performance::{Performance, codec, deadpan};
use proptest::prelude::*;

fn options(mode: ExportMode) -> ExportOptions {
    ExportOptions { mode, ..ExportOptions::default() }
}

/// Tempo map, metres and note starts as a parser that nobody here wrote sees them.
struct Seen {
    map: TempoMap,
    metres: BTreeMap<u64, u64>,
    onsets: Vec<u64>,
    tracks: usize,
}

fn see(bytes: &[u8]) -> Seen {
    let smf = Smf::parse(bytes).unwrap();
    let midly::Timing::Metrical(ticks) = smf.header.timing else { panic!() };
    let ticks = u32::from(ticks.as_int());
    let (mut tempos, mut metres, mut onsets) = (Vec::new(), BTreeMap::new(), Vec::new());
    for track in &smf.tracks {
        let mut tick = 0u64;
        for event in track {
            tick += u64::from(event.delta.as_int());
            match event.kind {
                TrackEventKind::Meta(MetaMessage::Tempo(micros)) => tempos.push((tick, micros.as_int())),
                TrackEventKind::Meta(MetaMessage::TimeSignature(beats, power, ..)) => {
                    metres.insert(tick, (u64::from(ticks) * 4 * u64::from(beats)) >> power);
                }
                TrackEventKind::Midi { message: midly::MidiMessage::NoteOn { vel, .. }, .. } if vel > 0 => {
                    onsets.push(tick);
                }
                _ => {}
            }
        }
        assert!(matches!(track.last().unwrap().kind, TrackEventKind::Meta(MetaMessage::EndOfTrack)));
    }
    onsets.sort_unstable();
    Seen { map: TempoMap::new(ticks, tempos), metres, onsets, tracks: smf.tracks.len() }
}

impl Seen {
    /// The bar lines that a sequencer draws, up to a tick.
    fn bar_lines(&self, end: u64) -> Vec<u64> {
        let mut lines = Vec::new();
        let changes: Vec<(u64, u64)> = self.metres.iter().map(|(t, l)| (*t, *l)).collect();
        for (k, (from, length)) in changes.iter().enumerate() {
            let stop = changes.get(k + 1).map_or(end, |c| c.0);
            lines.extend((*from..stop).step_by(*length as usize));
        }
        lines
    }
}

/// Worst distance of any onset from its time in the performance, in ticks and in seconds.
fn worst(seen: &Seen, played: &Performance, offset_secs: f64) -> (f64, f64) {
    let mut secs: Vec<f64> = played.notes.iter().map(|n| n.onset_secs + offset_secs).collect();
    secs.sort_by(f64::total_cmp);
    assert_eq!(secs.len(), seen.onsets.len());
    let lasts = |tick: u64| seen.map.secs_at(tick + 1) - seen.map.secs_at(tick);
    let (mut ticks, mut worst_secs) = (0.0f64, 0.0f64);
    for (secs, tick) in secs.iter().zip(&seen.onsets) {
        let error = (seen.map.secs_at(*tick) - secs).abs();
        // A time between two tempi may round either way: the slower of both is the measure.
        let tick_secs = lasts(*tick).max(lasts(tick.saturating_sub(1)));
        ticks = ticks.max(error / tick_secs);
        worst_secs = worst_secs.max(error);
    }
    (ticks, worst_secs)
}

/// Every full bar of the score starts on a bar line of the sequencer. Lengths that no metre has
/// count as the nearest 64th.
fn assert_bars_on_grid(score: &Score, exported: &Exported, seen: &Seen) {
    let length = |m: &notation::Measure| (m.end - m.start).to_f64();
    let sixty_fourths = |m: &notation::Measure| (length(m) * 16.0).round() as u64;
    let end = exported.first_bar_tick + score.measures.iter().map(|m| sixty_fourths(m) * 30).sum::<u64>();
    let lines = seen.bar_lines(end + 1);
    let (mut tick, mut off) = (exported.first_bar_tick, 0);
    for measure in &score.measures {
        let full = measure.end - measure.start == measure.time.measure_length();
        off += usize::from(full && lines.binary_search(&tick).is_err());
        tick += sixty_fourths(measure) * 30;
    }
    assert_eq!(off, 0, "of {} bars", score.measures.len());
}

#[test]
#[ignore = "needs the data folder"]
fn human_performances_keep_their_time_in_both_modes_needs_data() {
    let pieces = common::test_split().unwrap();
    let (mut ticks, mut grid_secs, mut exact_secs, mut longest) = (0.0f64, 0.0f64, 0.0f64, 0.0f64);
    let (mut tempo_events, mut files) = (0, 0);
    for piece in &pieces {
        for (played, _) in &piece.humans {
            let grid = export(&piece.score, played, &options(ExportMode::ScoreGrid)).unwrap();
            let seen = see(&grid.bytes);
            let (t, s) = worst(&seen, played, grid.offset_secs);
            (ticks, grid_secs) = (ticks.max(t), grid_secs.max(s));
            assert_bars_on_grid(&piece.score, &grid, &seen);
            assert_eq!(seen.tracks, 3, "{}", piece.folder);
            tempo_events += seen.map.changes().count();
            let exact = export(&piece.score, played, &options(ExportMode::ExactTiming(97.0))).unwrap();
            exact_secs = exact_secs.max(worst(&see(&exact.bytes), played, exact.offset_secs).1);
            longest = longest.max(played.end_secs());
            files += 1;
        }
    }
    println!("{files} performances, the longest {longest:.0} s, {} tempo events each", tempo_events / files);
    println!("grid: within {ticks:.3} ticks, {:.2} ms; exact: {:.3} ms", 1e3 * grid_secs, 1e3 * exact_secs);
    assert!(ticks <= 1.0 && exact_secs < 0.001);
}

#[test]
#[ignore = "needs the data folder"]
fn a_human_performance_read_back_is_the_same_needs_data() {
    let pieces = common::test_split().unwrap();
    for piece in &pieces {
        let Some((played, _)) = piece.humans.first() else { continue };
        let exact = export(&piece.score, played, &options(ExportMode::ExactTiming(120.0))).unwrap();
        let read = read_performance(&exact.bytes).unwrap();
        let back = match_to_score(&piece.score, &read);
        let same = back.notes.iter().filter(|b| {
            let a = played.get(b.note);
            a.is_some_and(|a| {
                a.velocity == b.velocity && (a.onset_secs + exact.offset_secs - b.onset_secs).abs() < 0.0011
            })
        });
        let share = same.count() as f64 / played.notes.len() as f64;
        // Where fast repeated notes were left out, which of them is anybody's guess.
        assert!(share > 0.96, "{}: {share}", piece.folder);
        assert!(read.pedals.len() >= played.pedals.len() * 9 / 10, "{}", piece.folder);
    }
}

/// What the app itself has written, it finds again note for note.
#[test]
#[ignore = "needs the data folder"]
fn a_take_of_the_whole_score_read_back_is_the_same_needs_data() {
    let pieces = common::test_split().unwrap();
    for piece in &pieces {
        let mut take = deadpan(&piece.score);
        for (k, note) in take.notes.iter_mut().enumerate() {
            let written = piece.score.notes[note.note as usize].onset.to_f64();
            note.onset_secs = note.onset_secs * 1.3 + 2.0 * (written * 0.05).sin() + 0.005 * (k % 3) as f64;
            note.velocity = 30 + (k % 90) as u8;
        }
        let file = export(&piece.score, &take, &options(ExportMode::ScoreGrid)).unwrap();
        let back = match_to_score(&piece.score, &read_performance(&file.bytes).unwrap());
        let near = |b: &&performance::PlayedNote| {
            take.get(b.note).is_some_and(|a| (a.onset_secs + file.offset_secs - b.onset_secs).abs() < 0.008)
        };
        // Which of two unison notes is which, the file does not say.
        let mut places = std::collections::HashMap::new();
        piece.score.notes.iter().for_each(|n| *places.entry((n.onset, n.pitch)).or_insert(0) += 1);
        let alone = |b: &&performance::PlayedNote| {
            let note = &piece.score.notes[b.note as usize];
            places[&(note.onset, note.pitch)] == 1
        };
        assert_eq!(back.notes.len(), take.notes.len(), "{}", piece.folder);
        let lost = back.notes.iter().filter(alone).filter(|b| !near(b)).count();
        assert_eq!(lost, 0, "{} of {}", piece.folder, take.notes.len());
    }
}

/// Repeated chords with a long wait before one of them: nothing but their order says which is which.
#[test]
fn a_very_free_take_is_read_back_whole() {
    let note = |k: usize| notation::Note {
        onset: notation::Quarters::whole((k / 3) as i64),
        pitch: 60 + 4 * (k % 3) as u8,
        ..notation::Note::default()
    };
    let score = Score { notes: (0..36).map(note).collect(), ..Score::default() };
    let mut take = deadpan(&score);
    for played in &mut take.notes {
        played.onset_secs += if played.note >= 15 { 9.0 } else { 0.0 };
        played.velocity = 40 + played.note as u8;
    }
    let file = export(&score, &take, &options(ExportMode::ScoreGrid)).unwrap();
    let back = match_to_score(&score, &read_performance(&file.bytes).unwrap());
    let velocities = |p: &Performance| p.notes.iter().map(|n| (n.note, n.velocity)).collect::<Vec<_>>();
    assert_eq!(velocities(&back), velocities(&take));
}

/// The published alignments, against our own of the same recordings.
#[test]
#[ignore = "needs the data folder"]
fn recordings_are_matched_as_the_alignment_set_does_needs_data() {
    let pieces = common::test_split().unwrap();
    let samples = common::data().unwrap().join("asap/samples");
    let (mut same, mut all) = (0, 0);
    for piece in &pieces {
        for (played, name) in piece.humans.iter().map(|h| &h.0).zip(&piece.files) {
            let folder = samples.join(piece.folder.replace('/', "__"));
            let Ok(bytes) = std::fs::read(folder.join(name)) else { continue };
            let ours = match_to_score(&piece.score, &read_performance(&bytes).unwrap());
            let agree = played
                .notes
                .iter()
                .filter(|p| ours.get(p.note).is_some_and(|o| (o.onset_secs - p.onset_secs).abs() < 0.002));
            let count = agree.count();
            println!("{}/{name}: {count} of {}", piece.folder, played.notes.len());
            same += count;
            all += played.notes.len();
        }
    }
    println!("{same} of {all} notes matched alike: {:.4}", same as f64 / all as f64);
    assert!(all > 50_000 && same as f64 > 0.97 * all as f64);
}

#[test]
fn ten_minutes_do_not_drift() {
    let mut score = common::invented::steady(1600);
    score.title = Some("Ten minutes".into());
    let mut played = deadpan(&score);
    // 0.4 s a quarter and a third of a microsecond more, which no whole tempo can say.
    for (k, note) in played.notes.iter_mut().enumerate() {
        note.onset_secs = k as f64 * 0.400_000_333_3 + 0.01 * (k as f64 * 0.7).sin();
    }
    assert!(played.end_secs() > 600.0);
    for (mode, limit) in [(ExportMode::ScoreGrid, 0.001), (ExportMode::ExactTiming(133.7), 0.001)] {
        let file = export(&score, &played, &options(mode)).unwrap();
        let seen = see(&file.bytes);
        let (ticks, secs) = worst(&seen, &played, file.offset_secs);
        println!("{mode:?}: {ticks:.3} ticks, {:.3} ms", secs * 1e3);
        assert!(ticks <= 0.51 && secs < limit, "{mode:?}: {ticks} ticks, {secs} s");
    }
}

#[test]
fn fixed_tempo_keeps_only_the_fine_timing() {
    let score = common::invented::steady(64);
    let mut played = deadpan(&score);
    for (k, note) in played.notes.iter_mut().enumerate() {
        note.onset_secs += 0.1 * (k as f64 * 0.3).sin();
    }
    let file = export(&score, &played, &options(ExportMode::FixedTempo(120.0))).unwrap();
    let seen = see(&file.bytes);
    assert_eq!(seen.map.changes().collect::<Vec<_>>(), [(0, 500_000)]);
    assert_eq!(seen.onsets, (0..64).map(|k| k * 480).collect::<Vec<_>>());
}

/// 112 quarters a minute are no whole number of microseconds.
#[test]
fn one_tempo_is_one_tempo_event() {
    let mut score = common::invented::steady(400);
    let kind = notation::DirectionKind::Metronome(112.0);
    let onset = notation::Quarters::ZERO;
    let mark = notation::Direction { onset, end: None, part: 0, staff: None, kind, text: String::new() };
    score.directions = vec![mark];
    let file = export(&score, &deadpan(&score), &options(ExportMode::ScoreGrid)).unwrap();
    assert_eq!(see(&file.bytes).map.changes().collect::<Vec<_>>(), [(0, 535_714)]);
}

#[test]
fn a_spread_chord_opens_the_first_bar_and_a_grace_note_does_not() {
    let mut score = common::invented::steady(8);
    score.notes[1].onset = score.notes[0].onset;
    let mut played = deadpan(&score);
    played.notes[0].onset_secs = 0.21;
    (1..8).for_each(|n| played.notes[n].onset_secs = 0.25 + 0.5 * (n - 1) as f64);
    let first = |score: &Score, mode| {
        let file = export(score, &played, &options(mode)).unwrap();
        let seen = see(&file.bytes);
        assert!(mode != ExportMode::ScoreGrid || worst(&seen, &played, file.offset_secs).0 <= 1.0);
        (file.first_bar_tick, seen.onsets[0])
    };
    assert_eq!(first(&score, ExportMode::ScoreGrid), (0, 0));
    assert_eq!(first(&score, ExportMode::FixedTempo(90.0)), (0, 0));
    score.notes[0].grace = Some(notation::Grace::Acciaccatura);
    // 40 ms at the opening's 240 quarters a minute.
    assert_eq!(first(&score, ExportMode::ScoreGrid), (1920, 1920 - 77));
}

/// The second bar is a seventh of a quarter too long, for which there is no metre: it is drawn an
/// eighth too long, and the bar after it starts where it is drawn.
#[test]
fn a_fixed_tempo_keeps_to_the_grid_after_a_bar_of_an_odd_length() {
    let mut score = common::invented::steady(12);
    let odd = notation::Quarters::new(1, 7);
    score.measures[1].end += odd;
    score.measures[2].start += odd;
    score.measures[2].end += odd;
    score.notes[8..].iter_mut().for_each(|n| n.onset += odd);
    let file = export(&score, &deadpan(&score), &options(ExportMode::FixedTempo(97.0))).unwrap();
    let seen = see(&file.bytes);
    assert_eq!(seen.map.changes().count(), 1);
    assert_eq!(seen.onsets[8..], [3900, 4380, 4860, 5340]);
}

/// The next two onsets follow each other so fast that the tempo between them, carried back to the
/// first bar, would ask for 18 bars of lead-in.
#[test]
fn a_grace_note_long_before_a_rushed_opening_keeps_its_time() {
    let (score, played) = common::invented::early_grace();
    let file = export(&score, &played, &options(ExportMode::ScoreGrid)).unwrap();
    let seen = see(&file.bytes);
    let (ticks, _) = worst(&seen, &played, file.offset_secs);
    assert!(ticks <= 1.0, "{ticks} ticks");
    assert_bars_on_grid(&score, &file, &seen);
}

#[test]
fn a_selection_starts_with_its_first_bar() {
    let score = common::invented::steady(64);
    let played = deadpan(&score);
    for mode in [ExportMode::ScoreGrid, ExportMode::ExactTiming(100.0)] {
        let chosen = ExportOptions { mode, bars: Some(4..8), program: 3 };
        let file = export(&score, &played, &chosen).unwrap();
        let seen = see(&file.bytes);
        assert_eq!((seen.onsets[0], seen.onsets.len()), (0, 16));
        let smf = Smf::parse(&file.bytes).unwrap();
        let has =
            |wanted: fn(&TrackEventKind<'_>) -> bool| smf.tracks.iter().flatten().any(|e| wanted(&e.kind));
        assert!(has(|e| matches!(e, TrackEventKind::Meta(MetaMessage::Tempo(_)))));
        assert!(has(|e| matches!(e, TrackEventKind::Meta(MetaMessage::TimeSignature(..)))));
        assert!(has(|e| matches!(e, TrackEventKind::Meta(MetaMessage::Marker(b"Bar 5")))));
        assert!(has(|e| matches!(
            e,
            TrackEventKind::Midi { message: midly::MidiMessage::ProgramChange { program }, .. } if *program == 3
        )));
    }
    let nothing = ExportOptions { bars: Some(90..95), ..ExportOptions::default() };
    assert!(export(&score, &played, &nothing).is_err());
}

/// 25 frames of 40 ticks make a tick a millisecond.
#[test]
fn time_code_counts_in_seconds() {
    let mut bytes = b"MThd\0\0\0\x06\0\0\0\x01\xe7\x28MTrk\0\0\0\x0e".to_vec();
    // A note from 500 to 750 ms.
    bytes.extend([0x83, 0x74, 0x90, 60, 70, 0x81, 0x7a, 0x80, 60, 0, 0, 0xff, 0x2f, 0]);
    let read = read_performance(&bytes).unwrap();
    let note = read.notes[0];
    assert!((note.onset_secs - 0.5).abs() < 1e-9 && (note.duration_secs - 0.25).abs() < 1e-9, "{note:?}");
    assert_eq!((note.pitch, note.velocity), (60, 70));
}

proptest! {
    #![proptest_config(common::invented::cases(256))]

    #[test]
    fn any_performance_keeps_its_time((score, played) in common::invented::performed(80)) {
        prop_assume!(!played.notes.is_empty());
        let grid = export(&score, &played, &options(ExportMode::ScoreGrid)).unwrap();
        let seen = see(&grid.bytes);
        let (ticks, _) = worst(&seen, &played, grid.offset_secs);
        prop_assert!(ticks <= 1.0, "{} ticks", ticks);
        assert_bars_on_grid(&score, &grid, &seen);
        for tempo in [30.0, 120.0, 300.0] {
            let exact = export(&score, &played, &options(ExportMode::ExactTiming(tempo))).unwrap();
            let (_, secs) = worst(&see(&exact.bytes), &played, exact.offset_secs);
            prop_assert!(secs < 0.001, "{} s", secs);
        }
    }

    #[test]
    fn a_fixed_tempo_is_one_tempo_and_keeps_all_deviations(
        (score, played) in common::invented::performed(80),
        tempo in 20.0..300.0f64,
    ) {
        prop_assume!(!played.notes.is_empty());
        let file = export(&score, &played, &options(ExportMode::FixedTempo(tempo))).unwrap();
        let seen = see(&file.bytes);
        prop_assert_eq!(seen.map.changes().collect::<Vec<_>>(), [(0, (60e6 / tempo).round() as u32)]);
        assert_bars_on_grid(&score, &file, &seen);
        let coded = codec::encode(&score, &played);
        let expected = |note: &codec::CodedNote| {
            let onset = score.notes[note.note as usize].onset.to_f64();
            let tick = file.first_bar_tick as f64 + 480.0 * (onset + note.timing_secs * tempo / 60.0);
            // What is early by less than 30 ms may do without a bar of lead-in.
            assert!(tick / 480.0 * 60.0 / tempo > -0.031 || file.first_bar_tick == 16 * 1920, "{tick}");
            tick.max(0.0)
        };
        let mut expected: Vec<f64> = coded.notes.iter().map(expected).collect();
        expected.sort_by(f64::total_cmp);
        // Notes of one key at one tick are one stroke.
        let near = |ticks: &[f64], at: f64| {
            let next = ticks.partition_point(|tick| *tick < at - 1.0);
            ticks.get(next).is_some_and(|tick| *tick <= at + 1.0)
        };
        let seen: Vec<f64> = seen.onsets.iter().map(|tick| *tick as f64).collect();
        prop_assert!(seen.len() <= expected.len());
        prop_assert!(expected.iter().all(|at| near(&seen, *at)), "{:?} {:?}", seen, expected);
        prop_assert!(seen.iter().all(|at| near(&expected, *at)), "{:?} {:?}", seen, expected);
    }

    #[test]
    fn a_tempo_map_goes_both_ways(
        changes in prop::collection::vec((1..5000u64, 60_060..6_000_000u32), 0..40),
        ticks in prop::collection::vec(0..100_000u64, 1..40),
    ) {
        let mut at = 0;
        let rising = changes.into_iter().map(|(step, micros)| {
            at += step;
            (at, micros)
        });
        let map = TempoMap::new(480, rising);
        for tick in ticks {
            prop_assert_eq!(map.tick_at(map.secs_at(tick)), tick);
        }
    }

    #[test]
    fn a_tempo_map_passes_through_its_anchors(periods in prop::collection::vec(0.1..5.0f64, 1..400)) {
        let mut secs = 0.0;
        let mut anchors = vec![(0, 0.0)];
        for (k, period) in periods.iter().enumerate() {
            secs += period;
            anchors.push((480 * (k as u64 + 1), secs));
        }
        for slack_secs in [0.0, 0.002] {
            let map = TempoMap::through(480, &anchors, slack_secs);
            for (tick, secs) in &anchors {
                let off_secs = (map.secs_at(*tick) - secs).abs();
                prop_assert!(off_secs < slack_secs + 1e-6, "{} {}", map.secs_at(*tick), secs);
            }
        }
    }

    #[test]
    fn impossible_times_never_panic(
        (score, mut played) in common::invented::performed(40),
        times in prop::collection::vec((any::<f64>(), any::<f64>()), 40),
        tempo in any::<f64>(),
    ) {
        for (note, (onset, duration)) in played.notes.iter_mut().zip(times) {
            (note.onset_secs, note.duration_secs) = (onset, duration);
        }
        for mode in [ExportMode::ScoreGrid, ExportMode::ExactTiming(tempo), ExportMode::FixedTempo(tempo)] {
            if let Ok(file) = export(&score, &played, &options(mode)) {
                prop_assert!(read_performance(&file.bytes).is_ok());
            }
        }
    }

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut file = b"MThd\0\0\0\x06\0\x01\0\x01".to_vec();
        file.extend(bytes);
        let _ = read_performance(&file);
    }
}
