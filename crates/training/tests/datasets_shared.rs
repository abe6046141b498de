//! Containers made from the original files in the data folder, against the containers there.
//!
//! The checkouts of Batik plays Mozart and MazurkaBL are not at hand: only their scores are. For
//! these two the alignments and tables are written from the containers in the published formats, so
//! that the tests show that scores, unfolding and places of beats come out alike.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use application::Folders;
use training::datasets::compare::{self, Comparison};
use training::datasets::container::{BeatRecording, Container, Recording};
use training::datasets::{asap, batik, mazurkabl};

fn data() -> PathBuf {
    Folders::find().data.expect("the data folder: set ESPRESSIVO_DATA")
}

fn gunzip(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(fs::File::open(path).unwrap()).read_to_end(&mut bytes).unwrap();
    bytes
}

fn write(path: PathBuf, contents: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, contents).unwrap();
}

/// How many values of a column differ.
fn different(comparison: &Comparison, column: &str) -> usize {
    comparison.column(column).unwrap_or_else(|| panic!("no column {column}")).different()
}

/// The sample files in the layout of a checkout, with the table of performances.
fn asap_checkout(data: &Path, at: &Path) {
    let samples = data.join("asap/samples");
    let index: serde_json::Value =
        serde_json::from_slice(&fs::read(samples.join("index.json")).unwrap()).unwrap();
    let test = Container::<Recording>::read(&data.join("asap"), "test").unwrap();
    let mut table =
        "composer,title,xml_score,midi_performance,maestro_midi_performance,robust_note_alignment\n"
            .to_owned();
    for score in index.as_array().unwrap() {
        let folder = score["folder"].as_str().unwrap();
        let from = samples.join(folder.replace('/', "__"));
        let copy = |name: &str, to: &str| write(at.join(folder).join(to), fs::read(from.join(name)).unwrap());
        copy("xml_score.musicxml", "xml_score.musicxml");
        for midi in score["performances"].as_array().unwrap() {
            let midi = midi.as_str().unwrap();
            let stem = midi.trim_end_matches(".mid");
            copy(midi, midi);
            copy(&format!("{stem}_annotations.txt"), &format!("{stem}_annotations.txt"));
            copy(
                &format!("{stem}_note_alignment.tsv"),
                &format!("{stem}_note_alignments/note_alignment.tsv"),
            );
            let path = format!("{folder}/{midi}");
            let known = test.performances.iter().find(|p| p.midi == path).unwrap();
            let (composer, title) = (score["composer"].as_str().unwrap(), score["title"].as_str().unwrap());
            let maestro = known.maestro.as_deref().unwrap_or_default();
            table += &format!("{composer},{title},{folder}/xml_score.musicxml,{path},{maestro},1.0\n");
        }
    }
    write(at.join("metadata.csv"), table);
}

#[test]
#[ignore = "needs data"]
fn the_samples_of_asap_give_the_rows_of_its_container_needs_data() {
    let data = data();
    let checkout = tempfile::tempdir().unwrap();
    asap_checkout(&data, checkout.path());
    let built = asap::build(checkout.path(), &mut |_| {}).unwrap();
    assert!(built.dropped.is_empty());
    let theirs = Container::read(&data.join("asap"), "test").unwrap();
    let comparison = compare::aligned(&built.containers[2], &theirs).unwrap();
    println!("{comparison}");
    assert_eq!((comparison.scores, comparison.performances), (20, 49));
    let equal = [
        "onset_q", "dur_q", "pos_q", "bar", "ts_num", "ts_den", "pitch", "voice", "staff", "flags",
        "hairpin", "xml_n", "xml_rep",
    ];
    for column in equal {
        assert_eq!(different(&comparison, &format!("score.{column}")), 0, "{column}");
    }
    for column in ["perf.onset", "perf.vel", "beat.beat_t", "extra.ins_t"] {
        assert_eq!(different(&comparison, column), 0, "{column}");
    }
    // The importer goes on where the reference does not: signs of loudness at notes, a level after fp, one
    // value of a pedal at a tick, and rounded divisions that add up to whole bars, which move the fitted times.
    let bounds =
        [("score.dyn", 1_260), ("pedal.ped_t", 11_301), ("pedal.ped_v", 11_597), ("fit.fit_t", 1_893)];
    for (column, most) in bounds {
        let found = different(&comparison, column);
        assert!(found <= most, "{found} values of {column} differ, known are {most}");
    }
    // Keys struck again before their release, where the reference has no length: three that are aligned with a
    // note, two that are not.
    assert!(different(&comparison, "perf.dur") <= 3);
    assert!(different(&comparison, "extra.ins_dur") <= 2);
    assert!(different(&comparison, "perf.pflag") <= 4);
    // From measure 75 of one sonata on (Beethoven, 5-1) the reference lies .01 quarters later, which is
    // too far for its notes to be the same; six silent notes of Chopin's third sonata are left out.
    let unmatched = [
        ("score notes that only we have", 1_585),
        ("score notes that only they have", 1_591),
        ("aligned notes that only they have", 4_681),
    ];
    for (only, most) in unmatched {
        let found = comparison.unmatched.get(only).copied().unwrap_or_default();
        assert!(found <= most, "{only}: {found}, known are {most}");
    }
}

/// The match file that a performance of the container would have.
fn match_file(container: &Container<Recording>, recording: &Recording) -> String {
    let score = &container.scores[recording.score];
    let of_score = |name: &str| container.columns.get(name, (score.first, score.count)).unwrap();
    let [onset, number, repetition, beat_type] = ["onset_q", "xml_n", "xml_rep", "ts_den"].map(of_score);
    let of_perf = |name: &str| container.columns.get(name, recording.perf).unwrap();
    let [row, secs, length, velocity] = ["sidx", "onset", "dur", "vel"].map(of_perf);
    let pitch = of_score("pitch");
    let mut text =
        "info(matchFileVersion,1.0.0).\ninfo(midiClockUnits,480).\ninfo(midiClockRate,500000).\n".to_owned();
    let mut next = 0;
    for k in 0..score.count {
        let beats = onset[k] * beat_type[k] / 4.0;
        text += &format!("snote(n{}-{},[C,n],4,1:1,0,1/4,{beats:.4},0.0,[v1])-", number[k], repetition[k]);
        if row.get(next) == Some(&(k as f64)) {
            let on = (secs[next] * 960.0).round();
            let off = on + (length[next] * 960.0).round();
            text += &format!("note(n{k},{},{on},{off},{},1,0).\n", pitch[k], velocity[next]);
            next += 1;
        } else {
            text += "deletion.\n";
        }
    }
    text
}

#[test]
#[ignore = "needs data"]
fn the_scores_of_batik_unfold_as_they_were_played_needs_data() {
    let data = data().join("batik");
    let checkout = tempfile::tempdir().unwrap();
    let theirs = Container::<Recording>::read(&data, "batik").unwrap();
    // Any file with notes: pedals and what differs from the MIDI files are not compared.
    let midi = b"MThd\0\0\0\x06\0\0\0\x01\x01\xe0MTrk\0\0\0\x0d\0\x90\x3c\x40\x60\x80\x3c\x40\0\xff\x2f\0\0";
    for recording in &theirs.performances {
        let stem = theirs.scores[recording.score].folder.trim_start_matches("batik/").to_owned();
        let xml = gunzip(&data.join(format!("musicxml/batik__{stem}.musicxml.gz")));
        write(checkout.path().join(format!("scores/{stem}.musicxml")), xml);
        write(checkout.path().join(format!("midi/{stem}.mid")), midi);
        write(checkout.path().join(format!("match/{stem}.match")), match_file(&theirs, recording));
    }
    let built = batik::build(checkout.path(), &mut |_| {}).unwrap();
    let comparison = compare::aligned(&built.containers[0], &theirs).unwrap();
    println!("{comparison}\n{:?}", built.dropped);
    // The scores of five have one identifier at several notes or change the unit of their beats.
    assert!(comparison.performances >= 26, "{}", comparison.performances);
    for column in [
        "score.onset_q",
        "score.dur_q",
        "score.bar",
        "score.xml_n",
        "score.xml_rep",
        "perf.onset",
        "perf.vel",
    ] {
        assert_eq!(different(&comparison, column), 0, "{column}");
    }
}

#[test]
#[ignore = "needs data"]
fn the_scores_of_mazurkabl_have_the_beats_of_its_container_needs_data() {
    let data = data().join("mazurkabl");
    let checkout = tempfile::tempdir().unwrap();
    let at = checkout.path();
    let theirs = Container::<BeatRecording>::read(&data, "mazurkabl").unwrap();
    let mut origins = "performer\tyear\tlabel\tpid\n".to_owned();
    for (k, score) in theirs.scores.iter().enumerate() {
        let name = score.folder.trim_start_matches("mazurkabl/");
        let xml = gunzip(&data.join(format!("musicxml/mazurkabl__{name}.musicxml.gz")));
        write(at.join(format!("xml_scores/mazurka{}.xml", name.trim_start_matches('M'))), xml);
        let recordings: Vec<_> = theirs.performances.iter().filter(|p| p.score == k).collect();
        let head: Vec<_> = recordings.iter().map(|r| format!("pid{}", r.pid)).collect();
        let places = theirs.columns.get("beat_q", recordings[0].beats).unwrap();
        let table = |column: &str| {
            let values: Vec<_> =
                recordings.iter().map(|r| theirs.columns.get(column, r.beats).unwrap()).collect();
            let mut text = format!(",,{}\n", head.join(","));
            for (row, q) in places.iter().enumerate() {
                let bar = score.bars.iter().rposition(|b| b.0 <= q + 1e-6).unwrap();
                let value = |v: &Vec<f64>| v.get(row).map(f64::to_string).unwrap_or_default();
                let values: Vec<_> = values.iter().map(value).collect();
                text += &format!("{},{},{}\n", bar + 1, (q - score.bars[bar].0).round(), values.join(","));
            }
            text
        };
        write(at.join(format!("beat_time/{name}beat_time.csv")), table("beat_t"));
        write(at.join(format!("beat_dyn/{name}beat_dynNORM.csv")), table("beat_loud"));
        write(at.join(format!("markings/{name}markings.csv")), "p\n1\n");
        for r in recordings {
            let text = |t: &Option<String>| t.clone().unwrap_or_default();
            origins += &format!("{}\t{}\t{}\t{}\n", text(&r.performer), text(&r.year), text(&r.label), r.pid);
        }
    }
    write(at.join("mazurka-discography.txt"), origins);
    let built = mazurkabl::build(at, &mut |_| {}).unwrap();
    let comparison = compare::beats(&built.container, &theirs).unwrap();
    println!("{comparison}\n{:?}", built.dropped);
    assert_eq!((comparison.scores, comparison.performances), (43, 1901));
    for column in
        ["score.onset_q", "score.pitch", "score.bar", "beats.beat_q", "beats.beat_t", "beats.beat_loud"]
    {
        assert_eq!(different(&comparison, column), 0, "{column}");
    }
    assert!(different(&comparison, "score.dur_q") <= 1);
}
