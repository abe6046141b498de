//! Files of sizes that no music has: performed, or refused with a message, within ten seconds and a gigabyte.

use std::fmt::Write as _;

use crate::program::Sandbox;
use crate::watched::Watched;

const MOST_SECS: f64 = 10.0;
const MOST_MIB: u64 = 1024;

/// One part of quarters, of so many measures with so many notes each, or chords of so many notes.
fn part(id: usize, measures: usize, notes: usize, is_chord: bool) -> String {
    let mut text = format!("<part id=\"P{id}\">");
    for measure in 0..measures {
        write!(text, "<measure number=\"{}\">", measure + 1).unwrap();
        if measure == 0 {
            let divisions = if is_chord { 1 } else { notes.div_ceil(4).max(1) };
            write!(text, "<attributes><divisions>{divisions}</divisions></attributes>").unwrap();
        }
        for note in 0..notes {
            let chord = if is_chord && note > 0 { "<chord/>" } else { "" };
            let (step, octave) = (["C", "D", "E", "F", "G", "A", "B"][note % 7], 1 + note / 7 % 7);
            write!(
                text,
                "<note>{chord}<pitch><step>{step}</step><octave>{octave}</octave></pitch>\
                 <duration>1</duration></note>"
            )
            .unwrap();
        }
        text.push_str("</measure>");
    }
    text + "</part>"
}

fn musicxml(parts: usize, measures: usize, notes: usize, is_chord: bool) -> String {
    let names = |id: usize| format!("<score-part id=\"P{id}\"><part-name>P</part-name></score-part>");
    let list: String = (0..parts).map(names).collect();
    let music: String = (0..parts).map(|id| part(id, measures, notes, is_chord)).collect();
    format!("<score-partwise><part-list>{list}</part-list>{music}</score-partwise>")
}

/// So many tracks of one note, which ends or does not, and `more` notes that never end.
fn midi(tracks: u16, ends: bool, more: usize) -> Vec<u8> {
    let mut file = b"MThd\0\0\0\x06\0\x01".to_vec();
    file.extend(tracks.to_be_bytes());
    file.extend([0, 96]);
    for _ in 0..tracks {
        let mut track = vec![0, 0x90, 60, 64];
        for note in 0..more {
            track.extend([1, 0x90, 21 + (note % 88) as u8, 64]);
        }
        if ends {
            track.extend([96, 0x80, 60, 0]);
        }
        track.extend([0, 0xff, 0x2f, 0]);
        file.extend(b"MTrk");
        file.extend((track.len() as u32).to_be_bytes());
        file.extend(track);
    }
    file
}

/// `cargo nextest run --release -p espressivo-cli --run-ignored all -E 'test(sizes)' --no-capture` prints the table.
#[test]
#[ignore = "on demand: takes minutes"]
fn huge_files_cost_seconds_on_demand() {
    let sandbox = Sandbox::new();
    sandbox.put("notes.musicxml", musicxml(1, 62_500, 16, false));
    sandbox.put("chord.musicxml", musicxml(1, 1, 20_000, true));
    sandbox.put("parts.musicxml", musicxml(500, 20, 4, false));
    sandbox.put("tracks.mid", midi(u16::MAX, true, 0));
    sandbox.put("endless.mid", midi(1, false, 1000));
    let trill = musicxml(1, 1, 1, false).replace(
        "<duration>1</duration>",
        "<duration>1000000</duration><notations><ornaments><trill-mark/></ornaments></notations>",
    );
    sandbox.put("trill.musicxml", trill);
    let mut too_much = Vec::new();
    for file in
        ["notes.musicxml", "chord.musicxml", "parts.musicxml", "tracks.mid", "endless.mid", "trill.musicxml"]
    {
        for command in [
            &["perform", file, "--performer", "rules", "-o", "out.mid", "--force"][..],
            &["perform", file, "--performer", "pianoflow", "-o", "out.mid", "--force"],
            &["perform", file, "--performer", "groove", "-o", "out.mid", "--force"],
            &["export", file, "-o", "out.mid", "--force"],
        ] {
            // A million notes with a network are minutes of work that can be watched and cancelled.
            let is_network = command.contains(&"pianoflow") || command.contains(&"groove");
            if file == "notes.musicxml" && is_network {
                continue;
            }
            let Watched { code, secs, mib, .. } = Watched::of(sandbox.program(command));
            let line = format!("{:<70} exit {code:?} {secs:6.2} s {mib:5} MiB", command.join(" "));
            println!("{line}");
            if secs > MOST_SECS || mib > MOST_MIB || !matches!(code, Some(0 | 1)) {
                too_much.push(line);
            }
        }
    }
    assert!(too_much.is_empty(), "{too_much:#?}");
}
