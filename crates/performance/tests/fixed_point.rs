//! Reading what was written is a fixed point: what is written of it is the same file, and bars of it
//! that are performed anew leave everything else as it was.
#![allow(clippy::unwrap_used)]

mod common;

use common::invented;
use notation::smf::file::{Control, FileNote, MidiFile};
use notation::{Marks, Score};
use performance::midi::{
    ExportMode, ExportOptions, Exported, ExportedTake, Matched, export, export_changed, export_in_place,
    match_recording, read_performance,
};
use performance::{Pedal, PedalEvent, Performance, deadpan};
use proptest::prelude::*;

const MODES: [ExportMode; 2] = [ExportMode::ScoreGrid, ExportMode::ExactTiming(120.0)];

fn options(mode: ExportMode) -> ExportOptions {
    ExportOptions { mode, ..ExportOptions::default() }
}

fn read(score: &Score, bytes: &[u8]) -> Matched {
    match_recording(score, &read_performance(bytes).unwrap())
}

/// Writes a take that was read, with some notes of it performed anew.
fn again(score: &Score, bytes: &[u8], changed: &[u32], change: impl Fn(&mut Performance)) -> Exported {
    let Matched { played, owners } = read(score, bytes);
    let mut new = played.clone();
    change(&mut new);
    let take = ExportedTake { bytes, played: &played, owners: &owners };
    export_in_place(score, &new, &take, changed, &ExportOptions::default()).unwrap()
}

proptest! {
    #![proptest_config(invented::cases(300))]

    #[test]
    fn what_is_written_of_a_file_that_was_read_is_the_same_file((score, played) in invented::performed(40)) {
        prop_assume!(!played.notes.is_empty());
        for mode in MODES {
            let first = export(&score, &played, &options(mode)).unwrap().bytes;
            let Matched { played: back, owners } = read(&score, &first);
            let take = ExportedTake { bytes: &first, played: &back, owners: &owners };
            let in_place = export_in_place(&score, &back, &take, &[], &options(mode)).unwrap();
            prop_assert_eq!(&in_place.bytes, &first, "{:?}, in place", mode);
            let is_on_grid = MidiFile::read(&first).unwrap().tempos.len() > 1;
            if mode != ExportMode::ScoreGrid || is_on_grid {
                let second = export_changed(&score, &back, &take, &[], &options(mode)).unwrap();
                prop_assert_eq!(&second.bytes, &first, "{:?}", mode);
                prop_assert_eq!(second.left_out, 0);
            }
        }
    }

    /// Without the file, from the performance alone: one constant tempo gives the same notes and pedals.
    #[test]
    fn exact_timing_is_written_the_same_from_the_performance_alone((score, played) in invented::performed(40)) {
        prop_assume!(!played.notes.is_empty());
        let options = options(ExportMode::ExactTiming(120.0));
        let first = export(&score, &played, &options).unwrap().bytes;
        let back = read(&score, &first);
        prop_assume!(back.played.notes.len() == played.notes.len());
        let second = export(&score, &back.played, &options).unwrap().bytes;
        let (first, second) = (MidiFile::read(&first).unwrap(), MidiFile::read(&second).unwrap());
        // Of two hands on one key either may have the stroke.
        prop_assert_eq!(strokes(&first), strokes(&second));
        prop_assert_eq!(controls(&first), controls(&second));
        prop_assert_eq!(&first.tempos, &second.tempos);
    }
}

fn strokes(file: &MidiFile) -> Vec<(u64, u64, u8, u8)> {
    let notes = file.tracks.iter().flat_map(|track| &track.notes);
    let mut strokes: Vec<_> = notes.map(|n| (n.on_tick, n.off_tick, n.pitch, n.velocity)).collect();
    strokes.sort_unstable();
    strokes
}

fn controls(file: &MidiFile) -> Vec<&Control> {
    file.tracks.iter().flat_map(|track| &track.controls).collect()
}

/// Eight bars with an ornament in each of two of them, freely played, and pedals.
fn piece() -> (Score, Performance) {
    let mut score = invented::steady(32);
    for (note, marks) in [(2, Marks::TRILL), (21, Marks::MORDENT), (30, Marks::TRILL)] {
        score.notes[note].marks = marks;
    }
    let mut played = deadpan(&score);
    for (k, note) in played.notes.iter_mut().enumerate() {
        note.onset_secs = 0.3 + note.onset_secs * 1.17 + 0.05 * (k as f64 * 0.9).sin();
        note.duration_secs *= 0.9;
        note.velocity = 40 + k as u8;
    }
    let pedal = |(time_secs, value)| PedalEvent { time_secs, pedal: Pedal::Sustain, value };
    played.pedals =
        (0..30).map(|k| (f64::from(k) * 0.7, if k % 2 == 0 { 100 } else { 0 })).map(pedal).collect();
    (score, played)
}

/// The notes of bar 3, played otherwise in the time that they had.
const BAR: [u32; 4] = [8, 9, 10, 11];

fn otherwise(played: &mut Performance) {
    for note in &mut played.notes[8..12] {
        note.velocity = 100 + (note.note - 8) as u8;
        note.duration_secs = 0.3;
    }
    played.notes[9].onset_secs = played.notes[8].onset_secs + 0.76;
    let (from, to) = (played.notes[8].onset_secs, played.notes[12].onset_secs);
    played.pedals.retain(|p| p.time_secs < from || p.time_secs >= to);
    let pedal = Pedal::Sustain;
    let new = [(from + 0.1, 90), (from + 0.6, 0)];
    played.pedals.extend(new.map(|(time_secs, value)| PedalEvent { time_secs, pedal, value }));
    played.pedals.sort_by(|a, b| a.time_secs.total_cmp(&b.time_secs));
}

fn notes(bytes: &[u8]) -> Vec<FileNote> {
    let mut notes: Vec<_> = MidiFile::read(bytes).unwrap().tracks.into_iter().flat_map(|t| t.notes).collect();
    notes.sort_by_key(|n| (n.on_tick, n.pitch));
    notes
}

#[test]
fn a_bar_that_is_performed_ten_times_leaves_the_rest_and_the_size_as_they_were() {
    let (score, played) = piece();
    for mode in MODES {
        let mut bytes = export(&score, &played, &options(mode)).unwrap().bytes;
        let before = notes(&bytes);
        let mut sizes = Vec::new();
        for _ in 0..10 {
            let exported = again(&score, &bytes, &BAR, otherwise);
            assert_eq!(exported.left_out, 0, "a take of ours has no foreign notes");
            bytes = exported.bytes;
            sizes.push(bytes.len());
        }
        assert!(sizes.iter().all(|size| *size == sizes[0]), "{sizes:?}");
        let after = notes(&bytes);
        let new = |n: &&FileNote| n.velocity >= 100;
        assert_eq!(after.iter().filter(new).count(), 4);
        let old: Vec<_> = after.iter().filter(|n| !new(n)).copied().collect();
        let is_kept = |n: &&FileNote| !(48..52).contains(&n.velocity);
        let kept: Vec<_> = before.iter().filter(is_kept).copied().collect();
        assert!(kept.len() > 28 + 8, "strokes of the ornaments among them");
        assert_eq!(old, kept, "{mode:?}");
    }
}

/// A file of somebody else: notes that the score has not, a drum, other controllers, one tempo.
#[test]
fn what_the_score_has_not_stays_outside_the_bars_and_is_counted_within() {
    use midly::num::{u4, u7, u15, u28};
    use midly::{Format, Header, MetaMessage, MidiMessage, Smf, Timing, TrackEvent, TrackEventKind};
    let (score, mut played) = piece();
    let mut foreign = score.clone();
    played.notes.truncate(20);
    // Notes 5 (bar 2), 10 (bar 3) and 17 (bar 5) are struck wrongly a tritone higher beside the right ones.
    let mut events: Vec<(u64, u8, MidiMessage)> = Vec::new();
    let tick = |secs: f64| (secs * 768.0).round() as u64;
    for note in &played.notes {
        let pitch = foreign.notes[note.note as usize].pitch;
        let wrong = [5, 10, 17].contains(&note.note).then_some(pitch + 45);
        for pitch in std::iter::once(pitch).chain(wrong) {
            let (key, vel) = (u7::from(pitch), u7::from(note.velocity));
            events.push((tick(note.onset_secs), 2, MidiMessage::NoteOn { key, vel }));
            let vel = u7::from(0);
            events.push((tick(note.onset_secs + note.duration_secs), 1, MidiMessage::NoteOff { key, vel }));
        }
    }
    foreign.notes.clear();
    let (controller, value) = (u7::from(10), u7::from(33));
    events.push((5, 0, MidiMessage::Controller { controller, value }));
    events.sort_by_key(|(tick, rank, _)| (*tick, *rank));
    let mut smf = Smf::new(Header::new(Format::SingleTrack, Timing::Metrical(u15::from(384))));
    let (mut track, mut now) = (Vec::new(), 0);
    for (tick, _, message) in events {
        let kind = TrackEventKind::Midi { channel: u4::from(2), message };
        track.push(TrackEvent { delta: u28::from((tick - now) as u32), kind });
        now = tick;
    }
    track.push(TrackEvent { delta: u28::from(0), kind: TrackEventKind::Meta(MetaMessage::EndOfTrack) });
    smf.tracks.push(track);
    let mut bytes = Vec::new();
    smf.write_std(&mut bytes).unwrap();

    let exported = again(&score, &bytes, &BAR, otherwise);
    assert_eq!(exported.left_out, 1, "the wrong note in bar 3");
    let (before, after) = (notes(&bytes), notes(&exported.bytes));
    assert_eq!((before.len(), after.len()), (23, 22));
    let bars = tick(played.notes[8].onset_secs)..tick(played.notes[12].onset_secs);
    let outside = |notes: &[FileNote]| -> Vec<FileNote> {
        notes.iter().filter(|n| !bars.contains(&n.on_tick)).copied().collect()
    };
    assert_eq!(outside(&before), outside(&after), "to the tick, on their channel");
    let file = MidiFile::read(&exported.bytes).unwrap();
    assert_eq!(file.division, MidiFile::read(&bytes).unwrap().division);
    let other = |c: &&Control| c.controller == 10 && c.value == 33 && c.tick == 5;
    assert_eq!(file.tracks.iter().flat_map(|t| &t.controls).filter(other).count(), 1);
    // With another way of telling time the notes that the score has not cannot stay, and are counted.
    let Matched { played, owners } = read(&score, &bytes);
    let take = ExportedTake { bytes: &bytes, played: &played, owners: &owners };
    let regridded = export_changed(&score, &played, &take, &[], &ExportOptions::default()).unwrap();
    // Twenty notes, the trill of one of them in nine strokes.
    assert_eq!((regridded.left_out, notes(&regridded.bytes).len()), (3, 28));
}

/// People's recordings with the scores that they play: of every recording, one bar in the middle is
/// performed anew.
#[test]
#[ignore = "needs the data folder"]
fn bars_of_peoples_recordings_leave_all_else_to_the_tick_needs_data() {
    let samples = common::data().unwrap().join("asap/samples");
    let (mut files, mut foreign, mut left_out) = (0, 0, 0);
    for folder in std::fs::read_dir(samples).unwrap().map(|entry| entry.unwrap().path()) {
        let Ok(xml) = std::fs::read(folder.join("xml_score.musicxml")) else { continue };
        let score = notation::read_score("score", &xml, &notation::ImportOptions::default()).unwrap();
        for file in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            if !name.ends_with(".mid") || name == "midi_score.mid" {
                continue;
            }
            let bytes = std::fs::read(&file).unwrap();
            let Matched { played, owners } = read(&score, &bytes);
            let bar = score.measures.len() / 2;
            let changed: Vec<u32> = score.notes_in_measures(bar..bar + 1).map(|n| n as u32).collect();
            let exported = again(&score, &bytes, &changed, |played| {
                for note in played.notes.iter_mut().filter(|n| changed.contains(&n.note)) {
                    note.velocity = 127;
                }
            });
            let is_changed = |owner: &Option<u32>| owner.is_some_and(|owner| changed.contains(&owner));
            let old = owners.iter().filter(|owner| is_changed(owner)).count();
            let mut kept = notes(&bytes);
            let mut after = notes(&exported.bytes);
            let lost = owners.iter().filter(|owner| owner.is_none()).count();
            // What is in both files stays; what is not was in the bar.
            let key = |n: &FileNote| (n.on_tick, n.pitch, n.channel, n.velocity);
            let both: std::collections::HashSet<_> = after.iter().map(key).collect();
            let before: std::collections::HashSet<_> = kept.iter().map(key).collect();
            kept.retain(|n| !both.contains(&key(n)));
            after.retain(|n| !before.contains(&key(n)));
            assert!(kept.len() <= old + exported.left_out, "{name}: {} of {old}", kept.len());
            assert!(after.iter().all(|n| n.velocity > 100), "{name}");
            (files, foreign, left_out) = (files + 1, foreign + lost, left_out + exported.left_out);
            println!(
                "{}/{name}: {lost} of {} notes are not in the score, {} in the bar",
                folder.display(),
                played.notes.len(),
                exported.left_out
            );
        }
    }
    println!(
        "{files} recordings with {foreign} notes that the score has not, {left_out} of them in the bars"
    );
    assert!(files >= 20 && foreign > 1000 && left_out < foreign / 10);
}
