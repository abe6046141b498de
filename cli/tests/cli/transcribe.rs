//! Recordings of sound: `espressivo transcribe`, and sound where a take is asked for.

use std::fs::File;
use std::ops::ControlFlow;

use sound::{Events, Piano, SoundEvent, SoundEventKind};

use crate::program::{MINUET, Ran, Sandbox, score};

const TONE: &[u8] = include_bytes!("../../../crates/sound/tests/fixtures/tone.flac");
const OPUS: &[u8] = include_bytes!("../../../crates/sound/tests/fixtures/opus.ogg");

/// Runs the program where the network that hears notes is not there.
fn without_network(sandbox: &Sandbox, args: &[&str]) -> Ran {
    let mut program = sandbox.program(args);
    program.env("ESPRESSIVO_TRANSCRIBER", sandbox.path("no network"));
    Ran::of(program)
}

#[test]
fn files_that_hold_no_sound_say_what_they_are() {
    let sandbox = Sandbox::new();
    sandbox.put("two.mp3", "ab");
    sandbox.put("empty.wav", "");
    sandbox.put("letter.wav", "Dear diary, today I practised. ".repeat(100));
    sandbox.put("opus.ogg", OPUS);
    sandbox.put("film.mp4", b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41");
    sandbox.put("page.png", b"\x89PNG\r\n\x1a\n");
    sandbox.put("cut.wav", b"RIFF\x24\0\0\0WAVEfmt ");
    std::fs::create_dir(sandbox.path("folder.wav")).unwrap();
    let before = sandbox.files();
    for (file, words) in [
        ("two.mp3", vec!["no recording of sound", "WAV, FLAC, MP3 and Ogg Vorbis"]),
        ("empty.wav", vec!["no recording of sound"]),
        ("letter.wav", vec!["no recording of sound"]),
        ("page.png", vec!["no recording of sound"]),
        ("opus.ogg", vec!["Opus", "save its sound as"]),
        ("film.mp4", vec!["a video", "save its sound as"]),
        ("cut.wav", vec!["WAV"]),
        ("missing.wav", vec!["No such file"]),
        ("folder.wav", vec!["folder"]),
    ] {
        let words = [&[file], words.as_slice()].concat();
        without_network(&sandbox, &["transcribe", file, "-o", "out.mid"]).failed_with(&words);
    }
    assert_eq!(sandbox.files(), before);
}

#[test]
fn without_the_network_it_says_how_to_get_it() {
    let sandbox = Sandbox::new();
    sandbox.put("tone.flac", TONE);
    let minuet = score(MINUET);
    for command in [
        vec!["transcribe", "tone.flac", "-o", "out.mid"],
        vec!["perform", &minuet, "--performer", "rules", "--bars", "3", "--of", "tone.flac", "-o", "out.mid"],
        vec!["export", &minuet, "--of", "tone.flac", "-o", "out.mid"],
        vec!["align", &minuet, "tone.flac"],
    ] {
        without_network(&sandbox, &command).failed_with(&["tone.flac", "no network", "cargo xtask setup"]);
    }
    assert_eq!(sandbox.files(), ["tone.flac"]);
}

#[test]
fn no_file_is_lost() {
    let sandbox = Sandbox::new();
    sandbox.put("tone.flac", TONE);
    sandbox.put("out.mid", "older");
    let itself = ["transcribe", "tone.flac", "-o", "tone.flac", "--force"];
    without_network(&sandbox, &itself).failed_with(&["the recording itself"]);
    let older = ["transcribe", "tone.flac", "-o", "out.mid"];
    without_network(&sandbox, &older).failed_with(&["out.mid", "--force"]);
    assert_eq!(
        (sandbox.bytes("tone.flac").as_slice(), sandbox.bytes("out.mid").as_slice()),
        (TONE, &b"older"[..])
    );
}

/// The white keys from C4 to C5, and how long each is down.
const SCALE: [u8; 8] = [60, 62, 64, 65, 67, 69, 71, 72];
const NOTE_SECS: f64 = 0.4;

#[test]
#[ignore = "needs the transcriber"]
fn a_scale_is_heard_note_by_note_needs_transcriber() {
    hear_scale(48_000);
}

/// `sound::write_wav` writes 24 bits in stereo.
#[test]
#[ignore = "needs the transcriber"]
fn a_file_of_96_khz_and_24_bits_is_heard_note_by_note_needs_transcriber() {
    hear_scale(96_000);
}

/// A scale, played on our own piano into a file of some sample rate, comes back note by note.
fn hear_scale(sample_rate: u32) {
    let sandbox = Sandbox::new();
    let events = SCALE.iter().enumerate().flat_map(|(k, pitch)| {
        let begin = 0.5 + k as f64 * NOTE_SECS;
        let on = SoundEventKind::NoteOn { pitch: *pitch, velocity: 80 };
        let off = SoundEventKind::NoteOff { pitch: *pitch };
        [(begin, on), (begin + 0.9 * NOTE_SECS, off)].map(|(time_secs, kind)| SoundEvent { time_secs, kind })
    });
    let (path, piano) = (sandbox.path("scale.wav"), Piano::generated().unwrap());
    let mut file = File::create(&path).unwrap();
    let events = Events::new(events.collect());
    let mut go_on = |_: sound::Progress| ControlFlow::<()>::Continue(());
    sound::write_wav(&mut file, &path, &events, &piano, sample_rate, &mut go_on).unwrap();
    drop(file);
    let told = sandbox.ok(&["transcribe", "scale.wav", "-o", "scale.mid", "--json"]).json();
    let notes = sandbox.midi("scale.mid").notes;
    assert_eq!(told["notes"], notes.len());
    let pitches: Vec<u8> = notes.iter().map(|note| note.pitch).collect();
    assert_eq!(pitches, SCALE);
    for (k, note) in notes.iter().enumerate() {
        let begin = 0.5 + k as f64 * NOTE_SECS;
        assert!((note.onset_secs - begin).abs() < 0.05, "{k}: {note:?}");
    }
    assert!(!sandbox.files().iter().any(|file| file.ends_with(".part")));
}
