//! How much faster than real time a pedalled piece becomes sound, on one core.
//!
//! `cargo bench -p sound` prints the ratio for the soundfont of this machine and for the generated
//! piano; the goal is 20.

use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use criterion::{Criterion, Throughput};
use performance::BeatCurve;
use sound::soundfont::places;
use sound::transport::{Track, Transport};
use sound::{Events, Found, Piano, SoundError, SoundEvent, SoundEventKind};

/// Three minutes of broken chords over the whole keyboard, twelve notes a second, the pedal
/// changed every second: 2,160 notes, 20 to 40 of them sounding at any time.
fn piece() -> Events {
    const SECS: u32 = 180;
    const NOTES_A_SEC: u32 = 12;
    let mut events = Vec::new();
    let mut add = |time_secs: f64, kind| events.push(SoundEvent { time_secs, kind });
    for second in 0..SECS {
        let start = f64::from(second);
        add(start + 0.02, SoundEventKind::Sustain { value: 0 });
        add(start + 0.12, SoundEventKind::Sustain { value: 127 });
        for k in 0..NOTES_A_SEC {
            let time_secs = start + f64::from(k) / f64::from(NOTES_A_SEC);
            let pitch =
                (28 + (second * 5) % 12 + [0, 7, 12, 16, 19, 24, 28, 31, 36, 40, 43, 48][k as usize]) as u8;
            let velocity = (35 + (second * 7 + k * 13) % 70) as u8;
            add(time_secs, SoundEventKind::NoteOn { pitch, velocity });
            add(time_secs + 0.4, SoundEventKind::NoteOff { pitch });
        }
    }
    Events::new(events)
}

fn measure(criterion: &mut Criterion, label: &str, piano: &Piano) {
    let events = piece();
    let mut secs = 0.0;
    let mut group = criterion.benchmark_group("synthesis");
    group.sample_size(10).throughput(Throughput::Elements(180));
    let mut fastest = f64::INFINITY;
    group.bench_function(label, |bencher| {
        bencher.iter(|| {
            let start = Instant::now();
            let audio = sound::render(&events, piano, 44_100, &mut |_| ControlFlow::Continue(()));
            fastest = fastest.min(start.elapsed().as_secs_f64());
            secs = black_box(audio).map_or(0.0, |audio| audio.secs());
        });
    });
    group.finish();
    // Nothing was measured where the command line asked for other benchmarks only.
    if fastest.is_finite() {
        println!("{label} ({}): {:.0} times faster than real time", piano.name(), secs / fastest);
    }
}

/// How long the callback takes to fill a buffer of 10 ms of the same piece, and a deck to be made
/// ready in the middle of it.
fn measure_transport(criterion: &mut Criterion, label: &str, piano: &Piano) {
    let track = Arc::new(Track {
        content: Arc::new(piece()),
        clock: BeatCurve::from_periods(0.0, [(0.0, 0.5)]),
        clicks: Vec::new(),
        end_secs: 180.0,
        end_quarters: 360.0,
        gain: 1.0,
    });
    let (transport, mut engine) = Transport::virtual_clock(piano.clone(), 48_000);
    transport.load(1, track);
    transport.listen(1);
    transport.set_loop(Some((0.0, 360.0)));
    transport.play();
    transport.settle();
    let mut buffer = [0.0; 960];
    let mut group = criterion.benchmark_group("transport");
    group.bench_function(format!("10 ms, {label}"), |bencher| bencher.iter(|| engine.fill(&mut buffer)));
    transport.pause();
    group.sample_size(10).bench_function(format!("deck, {label}"), |bencher| {
        bencher.iter(|| {
            transport.seek_quarters(180.6);
            transport.settle();
            engine.fill(&mut buffer);
        });
    });
    group.finish();
}

/// Where systems keep soundfonts.
const SYSTEM: [&str; 3] = ["/usr/local/share/soundfonts", "/usr/share/sounds/sf2", "/usr/share/soundfonts"];

/// The soundfont of `$ESPRESSIVO_SOUNDFONT`, or one that the system has.
fn soundfont() -> Result<Found, SoundError> {
    let named = std::env::var_os("ESPRESSIVO_SOUNDFONT").filter(|value| !value.is_empty());
    match named.map(PathBuf::from) {
        Some(path) => Piano::load(&path).map(|piano| Found { piano, skipped: Vec::new() }),
        None => Piano::first_of(&places::soundfonts_in(&SYSTEM.map(PathBuf::from))),
    }
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    match soundfont() {
        Ok(found) if found.piano.path().is_some() => {
            measure(&mut criterion, "soundfont", &found.piano);
            measure_transport(&mut criterion, "soundfont", &found.piano);
        }
        Ok(_) => println!("no soundfont on this machine: only the generated piano is measured"),
        Err(error) => println!("soundfont passed over: {error}"),
    }
    let start = Instant::now();
    match Piano::generated() {
        Ok(piano) => {
            println!("generated piano: made in {:.2} s", start.elapsed().as_secs_f64());
            measure(&mut criterion, "generated", &piano);
            measure_transport(&mut criterion, "generated", &piano);
        }
        Err(error) => println!("the generated piano failed: {error}"),
    }
    criterion.final_summary();
}
