//! The whole way through the system's sound library into a file, without a sound card: ALSA can be
//! told that the default device is a file.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod common;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use common::{PIANO, arc, music, render};
use sound::transport::{Output, OutputChoice, PlayState, Track, Transport};

const SYSTEM_CONFIGURATION: &str = "/usr/share/alsa/alsa.conf";

/// Tells the process that it is the one that plays.
const PLAYS: &str = "ESPRESSIVO_TEST_PLAYS";

fn piece() -> Track {
    music(12, 0.5, 90)
}

#[test]
fn what_reaches_the_device_is_what_is_exported() {
    if std::env::var_os(PLAYS).is_some() {
        return play();
    }
    let has_configuration = Path::new(SYSTEM_CONFIGURATION).exists();
    assert!(
        has_configuration,
        "{SYSTEM_CONFIGURATION} is missing; it belongs to the library that the build needs"
    );
    let folder = tempfile::tempdir().unwrap();
    let (configuration, sound) = (folder.path().join("asound.conf"), folder.path().join("sound.raw"));
    let device = format!(
        "<{SYSTEM_CONFIGURATION}>\npcm.!default {{ type file slave.pcm \"null\" file \"{}\" format \"raw\" }}\n",
        sound.display()
    );
    std::fs::write(&configuration, device).unwrap();
    // The configuration is read from the environment, which belongs to a process.
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "what_reaches_the_device_is_what_is_exported", "--nocapture"])
        .env("ALSA_CONFIG_PATH", &configuration)
        .env(PLAYS, "1")
        .status()
        .unwrap();
    assert!(status.success());
    let bytes = std::fs::read(&sound).unwrap();
    let heard: Vec<f32> = bytes.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect();
    let exported = render(&piece());
    let begin = |samples: &[f32]| samples.iter().position(|s| *s != 0.0).unwrap();
    let (heard, exported) = (&heard[begin(&heard)..], &exported.samples[begin(&exported.samples)..]);
    assert!(heard.len() > exported.len(), "{} of {} samples", heard.len(), exported.len());
    let differing = heard.iter().zip(exported).filter(|(a, b)| a != b).count();
    assert_eq!(differing, 0, "of {} samples", exported.len());
}

/// Plays the piece on whatever the default device is.
fn play() {
    let transport = Transport::start(PIANO.clone(), OutputChoice::Default);
    let limit = Instant::now() + Duration::from_secs(60);
    while !matches!(transport.status().output, Output::Device { .. }) {
        assert!(Instant::now() < limit, "{:?}", transport.status());
        std::thread::sleep(Duration::from_millis(1));
    }
    transport.load(1, arc(piece()));
    transport.listen(1);
    transport.play();
    // A file takes ten seconds of music in a moment: playing may be over before it is seen.
    let begun = Instant::now();
    while transport.status().state != PlayState::Playing && begun.elapsed() < Duration::from_secs(2) {
        std::thread::yield_now();
    }
    while transport.status().state != PlayState::Stopped {
        assert!(Instant::now() < limit, "{:?}", transport.status());
        std::thread::sleep(Duration::from_millis(1));
    }
    println!("played on {:?}", transport.status().output);
}
