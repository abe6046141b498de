//! What is heard is what was played: onsets, levels, files, on the generated piano.
#![allow(clippy::unwrap_used)]

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::LazyLock;

use sound::{Audio, Events, Piano, Progress, SoundError, SoundEvent, SoundEventKind};

static PIANO: LazyLock<Piano> = LazyLock::new(|| Piano::generated().unwrap());

fn go_on(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn note(pitch: u8, velocity: u8, on_secs: f64, off_secs: f64) -> [SoundEvent; 2] {
    [
        SoundEvent { time_secs: on_secs, kind: SoundEventKind::NoteOn { pitch, velocity } },
        SoundEvent { time_secs: off_secs, kind: SoundEventKind::NoteOff { pitch } },
    ]
}

fn sustain(time_secs: f64, down: bool) -> SoundEvent {
    SoundEvent { time_secs, kind: SoundEventKind::Sustain { value: if down { 127 } else { 0 } } }
}

fn list(events: &[SoundEvent]) -> Events {
    Events::new(events.to_vec())
}

fn render(events: &[SoundEvent], sample_rate: u32) -> Audio {
    sound::render(&list(events), &PIANO, sample_rate, &mut go_on).unwrap()
}

/// Root mean square of both channels between two times.
fn level(audio: &Audio, from_secs: f64, to_secs: f64) -> f64 {
    let at = |secs: f64| ((secs * f64::from(audio.sample_rate)) as usize * 2).min(audio.samples.len());
    let part = &audio.samples[at(from_secs)..at(to_secs)];
    (part.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / part.len().max(1) as f64).sqrt()
}

fn decibels(factor: f64) -> f64 {
    20.0 * factor.log10()
}

#[test]
fn a_note_sounds_within_5_ms_of_its_onset_and_not_before() {
    for sample_rate in [44_100, 48_000] {
        for (pitch, on_secs) in [(28, 0.5137), (60, 1.0011), (69, 0.25), (100, 2.0499)] {
            let audio = render(&note(pitch, 90, on_secs, on_secs + 1.0), sample_rate);
            // A twentieth of the peak that a pianist would call the note.
            let audible = 0.05 * audio.peak();
            let first = audio.samples.iter().position(|s| s.abs() > audible).unwrap() / 2;
            let late_secs = first as f64 / f64::from(sample_rate) - on_secs;
            assert!((-0.001..0.005).contains(&late_secs), "pitch {pitch}: {late_secs} s late");
            let before = level(&audio, 0.0, on_secs - 0.001);
            assert_eq!(before, 0.0, "pitch {pitch} is heard before its onset");
        }
    }
}

#[test]
fn velocity_makes_louder_at_every_step_and_no_note_is_silent() {
    for pitch in [24, 60, 96] {
        let mut before = 0.0;
        for velocity in [1, 4, 5, 8, 15, 16, 31, 32, 47, 48, 63, 64, 79, 80, 95, 96, 111, 112, 127] {
            let now = level(&render(&note(pitch, velocity, 0.0, 0.5), 44_100), 0.0, 0.4);
            assert!(now > 0.0, "pitch {pitch} is silent at velocity {velocity}");
            let louder = now > before || velocity <= 5;
            assert!(louder, "pitch {pitch}: velocity {velocity} has {now}, softer {before}");
            before = now;
        }
    }
}

#[test]
fn harder_is_brighter() {
    let brightness = |velocity: u8| {
        let audio = render(&note(48, velocity, 0.0, 1.0), 44_100);
        let left: Vec<f64> = audio.samples.iter().step_by(2).map(|s| f64::from(*s)).collect();
        let slope: f64 = left.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum();
        (slope / left.iter().map(|s| s * s).sum::<f64>()).sqrt()
    };
    let (soft, hard) = (brightness(40), brightness(120));
    assert!(hard > 1.3 * soft, "{soft} {hard}");
}

#[test]
fn a_released_key_is_damped_and_a_pedalled_one_rings() {
    let keyed = note(60, 80, 0.0, 0.5);
    let mut pedalled = keyed.to_vec();
    pedalled.insert(1, sustain(0.1, true));
    pedalled.push(sustain(3.0, false));
    let (dry, wet) = (render(&keyed, 44_100), render(&pedalled, 44_100));
    let drop = decibels(level(&dry, 0.3, 0.5)) - decibels(level(&dry, 1.1, 1.2).max(1e-9));
    assert!(drop > 50.0, "damped by {drop} dB only");
    let rest = decibels(level(&wet, 0.3, 0.5)) - decibels(level(&wet, 1.1, 1.2));
    assert!(rest < 15.0, "pedalled note lost {rest} dB");
    assert!(level(&wet, 4.5, 4.6) < 1e-4, "the pedal came up at 3 s");
}

#[test]
fn high_notes_die_away_faster_than_low_ones() {
    let drop = |pitch: u8| {
        let audio = render(&note(pitch, 90, 0.0, 4.0), 44_100);
        decibels(level(&audio, 0.1, 0.3)) - decibels(level(&audio, 1.6, 1.8).max(1e-9))
    };
    let drops = [33, 57, 81, 100].map(drop);
    assert!(drops.windows(2).all(|w| w[0] < w[1]), "{drops:?}");
    assert!(drops[0] > 2.0 && drops[0] < 15.0, "{drops:?}");
}

#[test]
fn a_key_left_down_with_the_pedal_ends_all_the_same() {
    let events = [sustain(0.0, true), note(21, 127, 0.1, 0.2)[0]];
    let audio = render(&events, 44_100);
    assert!(audio.secs() < 10.3, "{} s", audio.secs());
    let end = level(&audio, audio.secs() - 0.1, audio.secs());
    assert!(end < 1e-3, "cut off at {end}");
}

#[test]
fn nothing_to_play_is_no_sound() {
    assert!(render(&[], 44_100).samples.is_empty());
}

#[test]
fn the_same_events_give_the_same_sound() {
    let events = note(64, 77, 0.1, 0.9);
    assert_eq!(render(&events, 48_000), render(&events, 48_000));
}

/// Writes a new file.
fn write_wav(
    path: &Path,
    content: &dyn sound::Content,
    piano: &Piano,
    sample_rate: u32,
    on_progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<sound::WavSummary, SoundError> {
    let mut file = std::fs::File::create(path).unwrap();
    sound::write_wav(&mut file, path, content, piano, sample_rate, on_progress)
}

/// Ten hands on the keyboard, as loud as it gets.
fn too_loud() -> Vec<SoundEvent> {
    let mut events = vec![sustain(0.0, true)];
    for pitch in 30..90 {
        events.extend(note(pitch, 127, 0.1, 1.0));
    }
    events.sort_by(|a, b| a.time_secs.total_cmp(&b.time_secs));
    events
}

#[test]
fn too_loud_music_is_made_quieter_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("loud.wav");
    let summary = write_wav(&path, &list(&too_loud()), &PIANO, 44_100, &mut go_on).unwrap();
    assert!(summary.gain_db < -3.0, "{summary:?}");
    assert!((summary.peak_dbfs + 1.0).abs() < 0.01, "{summary:?}");
    let peak =
        hound::WavReader::open(&path).unwrap().samples::<i32>().map(|s| s.unwrap().abs()).max().unwrap();
    let peak_dbfs = decibels(f64::from(peak) / 8_388_607.0);
    assert!((peak_dbfs + 1.0).abs() < 0.01, "{peak_dbfs}");
    assert!(render(&too_loud(), 44_100).peak() < 0.892);
}

#[test]
fn the_file_is_24_bit_stereo_at_the_rate_asked_for_and_equals_the_sound_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let events = [note(60, 80, 0.1, 0.6), note(64, 70, 0.7, 1.2)].concat();
    for sample_rate in [44_100, 48_000] {
        let path = folder.path().join(format!("{sample_rate}.wav"));
        let summary = write_wav(&path, &list(&events), &PIANO, sample_rate, &mut go_on).unwrap();
        let mut reader = hound::WavReader::open(&path).unwrap();
        let spec = reader.spec();
        assert_eq!((spec.channels, spec.bits_per_sample, spec.sample_rate), (2, 24, sample_rate));
        assert_eq!(spec.sample_format, hound::SampleFormat::Int);
        let audio = render(&events, sample_rate);
        assert_eq!(reader.duration() as usize * 2, audio.samples.len());
        assert!((summary.secs - audio.secs()).abs() < 1e-9);
        for (file, memory) in reader.samples::<i32>().zip(&audio.samples) {
            assert!((f64::from(file.unwrap()) / 8_388_607.0 - f64::from(*memory)).abs() < 1.0 / 8_000_000.0);
        }
    }
}

#[test]
fn a_cancel_ends_the_writing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("take.wav");
    let mut stop =
        |p: Progress| if p.done_secs > 2.0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    let error = write_wav(&path, &list(&note(60, 80, 0.0, 9.0)), &PIANO, 44_100, &mut stop).unwrap_err();
    assert!(matches!(error, SoundError::Cancelled));
}

#[test]
fn progress_reaches_the_end_in_order() {
    let mut seen = Vec::new();
    let mut keep = |p: Progress| {
        seen.push(p);
        ControlFlow::Continue(())
    };
    sound::render(&list(&note(60, 80, 0.0, 5.0)), &PIANO, 44_100, &mut keep).unwrap();
    assert!(seen.len() >= 5);
    assert!(seen.windows(2).all(|w| w[0].done_secs <= w[1].done_secs));
    assert!(seen.iter().all(|p| p.done_secs <= p.total_secs && p.pass == 1));
}

#[test]
fn what_cannot_be_written_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let events = list(&note(60, 80, 0.0, 0.1));
    let rate = sound::render(&events, &PIANO, 8_000, &mut go_on).unwrap_err();
    assert_eq!(rate.to_string(), "sample rate 8000 Hz is not supported; use 44100 or 48000");
    let late = list(&note(60, 80, 0.0, 1e6));
    let long = write_wav(&folder.path().join("long.wav"), &late, &PIANO, 44_100, &mut go_on).unwrap_err();
    assert!(matches!(long, SoundError::TooLong { .. }));
    // A file that cannot be written into is named last.
    let path = folder.path().join("closed.wav");
    std::fs::write(&path, b"").unwrap();
    let mut file = std::fs::File::open(&path).unwrap();
    let closed = sound::write_wav(&mut file, &path, &events, &PIANO, 44_100, &mut go_on).unwrap_err();
    assert!(closed.to_string().starts_with("cannot write the sound file ("), "{closed}");
    assert!(closed.to_string().ends_with("closed.wav"), "{closed}");
}
