//! Broken soundfonts are refused with a message; none ends the program.
#![allow(clippy::unwrap_used)]

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use sound::generated::sf2::{Builder, Sample, Zone};
use sound::{Events, Piano, SoundError, SoundEvent, SoundEventKind};

/// A soundfont of 40 kB with the same structure as the generated piano's, so that random damage
/// meets its tables and not only its samples.
static SMALL: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut builder = Builder::new("Small");
    for k in 0..8_u8 {
        let data = (0..2_000).map(|t| ((f64::from(t) * 0.05).sin() * 9_000.0) as i16).collect();
        let root = 8 + 16 * k;
        let sample = builder.add_sample(Sample { name: format!("k{k}"), root, sample_hz: 44_100, data });
        for layer in 0..2_u8 {
            builder.add_zone(Zone {
                sample,
                keys: (16 * k, 16 * k + 15),
                velocities: (64 * layer, 64 * layer + 63),
                pan_percent: 0.0,
                filter_hz: 5_000.0,
                release_secs: 0.3,
            });
        }
    }
    builder.finish()
});

/// Where a table of the pdta list begins, after its head of 8 bytes.
fn table(bytes: &[u8], id: &[u8; 4]) -> usize {
    bytes.windows(4).rposition(|w| w == id).unwrap() + 8
}

/// Loads, and plays every tenth key if that succeeds. Errors are fine, panics are not.
fn load_and_play(bytes: &[u8]) -> Result<(), SoundError> {
    let piano = Piano::from_bytes(bytes, "damaged.sf2")?;
    let mut events = Vec::new();
    for pitch in (0..=127).step_by(10) {
        let velocity = pitch.max(1);
        events.push(SoundEvent { time_secs: 0.0, kind: SoundEventKind::NoteOn { pitch, velocity } });
    }
    for pitch in (0..=127).step_by(10) {
        events.push(SoundEvent { time_secs: 0.05, kind: SoundEventKind::NoteOff { pitch } });
    }
    let audio = sound::render(&Events::new(events), &piano, 44_100, &mut |_| ControlFlow::Continue(()))?;
    assert!(audio.samples.iter().all(|s| s.is_finite() && s.abs() <= 1.0));
    Ok(())
}

fn message(bytes: &[u8]) -> String {
    Piano::from_bytes(bytes, "broken.sf2").unwrap_err().to_string()
}

#[test]
fn the_small_soundfont_plays() {
    load_and_play(&SMALL).unwrap();
    assert_eq!(Piano::from_bytes(&SMALL, "small").unwrap().name(), "Small");
}

#[test]
fn other_files_are_named_as_such() {
    assert!(message(b"").contains("not an SF2 soundfont"));
    assert!(message(b"MThd\0\0\0\x06").ends_with("(it does not begin with RIFF): broken.sf2"));
    assert!(message(b"RIFF\x10\0\0\0WAVEfmt \0\0\0\0").contains("it holds WAVE"));
    assert!(message(&SMALL[..SMALL.len() / 2]).contains("it ends within its sdta list"));
}

#[test]
fn sf3_is_refused_by_version_by_flag_and_by_data() {
    let mut by_version = SMALL.clone();
    by_version[table(&SMALL, b"ifil")] = 3;
    let mut by_flag = SMALL.clone();
    by_flag[table(&SMALL, b"shdr") + 44] |= 0x10;
    let mut by_data = SMALL.clone();
    by_data[table(&SMALL, b"smpl")..][..4].copy_from_slice(b"OggS");
    for bytes in [by_version, by_flag, by_data] {
        assert!(message(&bytes).contains("SF3"), "{}", message(&bytes));
    }
}

#[test]
fn indices_and_pitches_out_of_range_are_refused() {
    let damage = |id: &[u8; 4], at: usize, value: &[u8]| {
        let mut bytes = SMALL.clone();
        let start = table(&SMALL, id) + at;
        bytes[start..start + value.len()].copy_from_slice(value);
        message(&bytes)
    };
    assert!(damage(b"phdr", 38 + 24, &[9, 0]).contains("row 1 of the table phdr"));
    assert!(damage(b"ibag", 4, &[255, 255]).contains("row 1 of the table ibag"));
    assert!(damage(b"inst", 20, &[255, 0]).contains("table inst"));
    assert!(damage(b"shdr", 24, &[255, 255, 255, 127]).contains("damaged"), "end of a sample");
    assert!(damage(b"shdr", 36, &[0, 0, 0, 128]).contains("rate"), "negative sample rate");
}

#[test]
fn a_step_longer_than_the_loop_is_refused() {
    let mut bytes = SMALL.clone();
    let header = table(&SMALL, b"shdr");
    // A loop of two samples, and the first generator (the key range) of zone 0 becomes loop mode 1.
    bytes[header + 28..header + 36].copy_from_slice(&[100, 0, 0, 0, 102, 0, 0, 0]);
    bytes[table(&SMALL, b"igen")..][..4].copy_from_slice(&[54, 0, 1, 0]);
    assert!(message(&bytes).contains("beyond its loop"), "{}", message(&bytes));
}

#[test]
fn drums_alone_are_no_piano() {
    let mut bytes = SMALL.clone();
    let bank = table(&SMALL, b"phdr") + 22;
    bytes[bank] = 128;
    assert!(message(&bytes).contains("has no piano (it has drums only)"), "{}", message(&bytes));
}

#[test]
fn a_missing_file_is_named() {
    let error = Piano::load(Path::new("/no/such/piano.sf2")).unwrap_err().to_string();
    assert!(
        error.starts_with("cannot read the soundfont (") && error.ends_with(": /no/such/piano.sf2"),
        "{error}"
    );
}

#[test]
fn every_truncation_is_refused() {
    let tables = SMALL.windows(4).rposition(|w| w == b"pdta").unwrap();
    for length in (0..tables).step_by(997).chain(tables..SMALL.len()) {
        assert!(Piano::from_bytes(&SMALL[..length], "cut").is_err(), "cut at {length}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn damaged_tables_never_panic(hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let tables = SMALL.windows(4).rposition(|w| w == b"pdta").unwrap();
        let mut bytes = SMALL.clone();
        for (place, value) in hits {
            let at = tables + place.index(bytes.len() - tables);
            bytes[at] = value;
        }
        let _ = load_and_play(&bytes);
    }

    #[test]
    fn damaged_heads_and_samples_never_panic(
        hits in prop::collection::vec((0_usize..400, any::<u8>()), 1..6), length in 0_usize..40_000,
    ) {
        let mut bytes = SMALL.clone();
        for (at, value) in hits {
            bytes[at] = value;
        }
        bytes.truncate(length.max(SMALL.len() * usize::from(length % 2 == 0)));
        let _ = load_and_play(&bytes);
    }
}

#[test]
fn the_generated_piano_stays_small_and_is_the_same_every_time() {
    let bytes = sound::generated::generate();
    assert!(bytes.len() < 8_000_000, "{} bytes", bytes.len());
    assert!(bytes == sound::generated::generate());
}
