//! Containers from small checkouts written here, in the published formats.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use training::datasets::container::{BeatRecording, Container, Recording};
use training::datasets::{asap, batik, from_container, mazurkabl};

/// A score of quarters in 2/4, two a bar, numbered from n1; the bars of `repeat` have repeat signs.
fn musicxml(notes: usize, repeat: Option<(usize, usize)>) -> String {
    let mut xml = String::from(
        "<score-partwise version=\"4.0\"><part-list><score-part id=\"P1\"><part-name>Piano</part-name>\
         </score-part></part-list><part id=\"P1\">",
    );
    for bar in 1..=notes / 2 {
        xml += &format!("<measure number=\"{bar}\">");
        if bar == 1 {
            xml += "<attributes><divisions>1</divisions><time><beats>2</beats><beat-type>4</beat-type></time></attributes>";
        }
        let sign = |location: &str, direction: &str| {
            format!("<barline location=\"{location}\"><repeat direction=\"{direction}\"/></barline>")
        };
        if repeat.is_some_and(|(first, _)| first == bar) {
            xml += &sign("left", "forward");
        }
        for k in [2 * bar - 1, 2 * bar] {
            let octave = 3 + k % 3;
            xml += &format!(
                "<note id=\"n{k}\"><pitch><step>C</step><octave>{octave}</octave></pitch><duration>1</duration></note>"
            );
        }
        if repeat.is_some_and(|(_, last)| last == bar) {
            xml += &sign("right", "backward");
        }
        xml += "</measure>";
    }
    xml + "</part></score-partwise>"
}

fn pitch(number: usize) -> u8 {
    (12 * (4 + number % 3)) as u8
}

/// A MIDI file of 480 ticks a half second, from (on, off, pitch, velocity) without overlaps.
fn midi(notes: &[(u32, u32, u8, u8)]) -> Vec<u8> {
    let mut events: Vec<(u32, [u8; 3])> = vec![(0, [0xb0, 64, 100]), (10, [0xb0, 64, 0])];
    for (on, off, pitch, velocity) in notes {
        events.push((*on, [0x90, *pitch, *velocity]));
        events.push((*off, [0x80, *pitch, 64]));
    }
    events.sort();
    let (mut track, mut at) = (Vec::new(), 0);
    for (tick, bytes) in events {
        let delta = tick - at;
        track.extend([
            (delta >> 14 & 0x7f) as u8 | 0x80,
            (delta >> 7 & 0x7f) as u8 | 0x80,
            (delta & 0x7f) as u8,
        ]);
        track.extend(bytes);
        at = tick;
    }
    track.extend([0, 0xff, 0x2f, 0]);
    let mut file = b"MThd\0\0\0\x06\0\0\0\x01\x01\xe0MTrk".to_vec();
    file.extend((track.len() as u32).to_be_bytes());
    file.extend(track);
    file
}

/// Note `k` of a performance: a quarter every half second, half as long, from tick 480 on.
fn key(k: usize, number: usize) -> (u32, u32, u8, u8) {
    let on = 480 * (k as u32 + 1);
    (on, on + 240, pitch(number), 50 + (k % 20) as u8)
}

fn write(folder: &Path, name: &str, contents: impl AsRef<[u8]>) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, contents).unwrap();
}

#[test]
fn a_checkout_of_asap_becomes_containers() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(
        at,
        "metadata.csv",
        "\
composer,title,xml_score,midi_performance,maestro_midi_performance,robust_note_alignment
Nobody,Piece_1,Nobody/Piece/1/xml_score.musicxml,Nobody/Piece/1/A01.mid,,1.0
Nobody,Piece_1,Nobody/Piece/1/xml_score.musicxml,Nobody/Piece/1/B01.mid,,1.0
",
    );
    write(at, "Nobody/Piece/1/xml_score.musicxml", musicxml(64, None));
    let mut keys: Vec<_> = (0..64).filter(|k| *k != 5).map(|k| key(k, k + 1)).collect();
    keys.push((500, 510, 100, 20));
    write(at, "Nobody/Piece/1/A01.mid", midi(&keys));
    let mut alignment = "xml_id\tmidi_id\ttrack\tchannel\tpitch\tonset\n".to_owned();
    for k in (0..64).filter(|k| *k != 5) {
        alignment += &format!("n{}-1\tn{k}\t0\t0\t{}\t{}\n", k + 1, pitch(k + 1), (k + 1) as f64 / 2.0);
    }
    alignment += "n6-1\tdeletion\ninsertion\tn99\t0\t0\t100\t0.5208333\n";
    write(at, "Nobody/Piece/1/A01_note_alignments/note_alignment.tsv", alignment);
    write(at, "Nobody/Piece/1/A01_annotations.txt", "0.5\t0.5\tdb,2/4\n1.0\t1.0\tb\n");
    write(at, "Nobody/Piece/1/B01.mid", midi(&keys));

    let built = asap::build(at, &mut |_| {}).unwrap();
    let reasons: Vec<_> = built.dropped.iter().map(|d| (d.midi.as_str(), d.reason.as_str())).collect();
    assert_eq!(reasons, [("Nobody/Piece/1/B01.mid", "no_alignment_file")]);
    built.containers[0].write(at).unwrap();
    let train = Container::<Recording>::read(at, "train").unwrap();
    let recording = &train.performances[0];
    assert_eq!((recording.perf, recording.extra, recording.pedal), ((0, 63), (0, 1), (0, 2)));
    assert_eq!(recording.checks["deletions"], 1.0);
    assert_eq!(train.columns.get("beat_kind", recording.beat).unwrap(), [1.0, 0.0]);
    let fit = train.columns.get("fit_t", recording.fit).unwrap();
    assert!(fit.iter().enumerate().all(|(k, t)| (t - (k + 1) as f64 / 2.0).abs() < 1e-5), "{fit:?}");

    let pieces = from_container(&train).unwrap().pieces;
    let human = &pieces[0].humans[0];
    assert_eq!((pieces[0].score.notes.len(), human.performance.notes.len()), (64, 63));
    let last = human.performance.notes.last().unwrap();
    assert_eq!((last.note, last.onset_secs, last.duration_secs, last.velocity), (63, 32.0, 0.25, 53));
}

#[test]
fn a_checkout_of_batik_is_unfolded_to_what_was_played() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    // Bars 1 to 4 are played twice, although the page repeats bars 1 to 8 as well.
    let order: Vec<usize> = (1..=8).chain(1..=64).collect();
    write(at, "scores/kv279_1.musicxml", musicxml(64, Some((1, 8))));
    let keys: Vec<_> = order.iter().enumerate().map(|(k, n)| key(k, *n)).collect();
    write(at, "midi/kv279_1.mid", midi(&keys));
    let mut text =
        "info(matchFileVersion,1.0.0).\ninfo(midiClockUnits,480).\ninfo(midiClockRate,500000).\n".to_owned();
    let mut passes = [0; 65];
    for (k, n) in order.iter().enumerate() {
        passes[*n] += 1;
        let (on, off, pitch, velocity) = keys[k];
        text += &format!(
            "snote(n{n}-{},[C,n],4,1:1,0,1/4,{k}.0000,{}.0000,[v1,staff1])-note(n{k},{pitch},{on},{off},{velocity},1,0).\n",
            passes[*n],
            k + 1
        );
    }
    write(at, "match/kv279_1.match", text);
    let built = batik::build(at, &mut |_| {}).unwrap();
    assert!(built.dropped.is_empty(), "{:?}", built.dropped);
    let container = &built.containers[0];
    let (score, recording) = (&container.scores[0], &container.performances[0]);
    assert_eq!((score.title.as_str(), score.count, score.bars.len()), ("Piano_Sonatas_1-1", 72, 36));
    assert_eq!((recording.perf.1, recording.beat.1, recording.checks["midi_vel_diff"]), (72, 72, 0.0));
    let repetitions = container.columns.get("xml_rep", (score.first, score.count)).unwrap();
    assert_eq!(repetitions.iter().filter(|r| **r == 2.0).count(), 8);
    let onsets = container.columns.get("onset", recording.perf).unwrap();
    assert_eq!(onsets[71], 36.0);
}

#[test]
fn a_checkout_of_mazurkabl_becomes_beats() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(at, "xml_scores/mazurka99-1.xml", musicxml(64, None));
    let table = |value: &dyn Fn(usize, usize) -> f64| {
        let mut text = ",,pid1-01,pid2-01\n".to_owned();
        for k in 0..64 {
            text += &format!("{},{},{},{}\n", k / 2 + 1, k % 2, value(k, 0), value(k, 1));
        }
        text
    };
    let secs = |k: usize, r: usize| k as f64 * 0.5 + 0.1 * ((k * (k + r)) % 5) as f64;
    write(at, "beat_time/M99-1beat_time.csv", table(&secs));
    write(at, "beat_dyn/M99-1beat_dynNORM.csv", table(&|k, r| (k + r) as f64 / 100.0));
    write(at, "markings/M99-1markings.csv", "piano,rit.\n1,11\n");
    let origins = "performer\tyear\tlabel\tpid\nSomebody\t1999\tLabel 1\t1-01\n";
    write(at, "mazurka-discography.txt", origins);
    let built = mazurkabl::build(at, &mut |_| {}).unwrap();
    assert!(built.dropped.is_empty(), "{:?}", built.dropped);
    built.container.write(at).unwrap();
    let beats =
        mazurkabl::from_container(&Container::<BeatRecording>::read(at, "mazurkabl").unwrap()).unwrap();
    let mazurka = &beats.mazurkas[0];
    assert_eq!((mazurka.title.as_str(), mazurka.recordings.len()), ("Mazurkas_op_99_1", 2));
    assert_eq!(mazurka.recordings[0].performer, "Somebody");
    let beat = mazurka.recordings[1].beats[10];
    assert_eq!(beat.at_quarters, 10.0);
    assert!((beat.at_secs - secs(10, 1)).abs() < 1e-6 && (beat.loudness - 0.11).abs() < 1e-6);
    let entry = &built.container.scores[0];
    let classes: Vec<_> = entry.directions.iter().map(|d| (d.0, d.2.as_str())).collect();
    assert_eq!(classes, [(0.0, "ConstantLoudnessDirection"), (10.0, "DecreasingTempoDirection")]);
}
