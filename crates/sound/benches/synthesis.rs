//! How much faster than real time a pedalled piece becomes sound, on one core.
//!
//! `cargo bench -p sound` prints the ratio for the soundfont of this machine and for the generated
//! piano; the goal is 20.

use std::hint::black_box;
use std::ops::ControlFlow;
use std::time::Instant;

use criterion::{Criterion, Throughput};
use sound::{Piano, SoundEvent, SoundEventKind};

/// Three minutes of broken chords over the whole keyboard, twelve notes a second, the pedal
/// changed every second: 2,160 notes, 20 to 40 of them sounding at any time.
fn piece() -> Vec<SoundEvent> {
    const SECS: u32 = 180;
    const NOTES_A_SEC: u32 = 12;
    let mut events = Vec::new();
    let mut add = |time_secs: f64, kind| events.push(SoundEvent { time_secs, kind });
    for second in 0..SECS {
        let start = f64::from(second);
        add(start + 0.02, SoundEventKind::Sustain { down: false });
        add(start + 0.12, SoundEventKind::Sustain { down: true });
        for k in 0..NOTES_A_SEC {
            let time_secs = start + f64::from(k) / f64::from(NOTES_A_SEC);
            let pitch =
                (28 + (second * 5) % 12 + [0, 7, 12, 16, 19, 24, 28, 31, 36, 40, 43, 48][k as usize]) as u8;
            let velocity = (35 + (second * 7 + k * 13) % 70) as u8;
            add(time_secs, SoundEventKind::NoteOn { pitch, velocity });
            add(time_secs + 0.4, SoundEventKind::NoteOff { pitch });
        }
    }
    events.sort_by(|a, b| a.time_secs.total_cmp(&b.time_secs));
    events
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
    println!("{label} ({}): {:.0} times faster than real time", piano.name(), secs / fastest);
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    match Piano::find(None) {
        Ok(found) if found.piano.path().is_some() => measure(&mut criterion, "soundfont", &found.piano),
        Ok(_) => println!("no soundfont on this machine: only the generated piano is measured"),
        Err(error) => println!("soundfont passed over: {error}"),
    }
    let start = Instant::now();
    match Piano::generated() {
        Ok(piano) => {
            println!("generated piano: made in {:.2} s", start.elapsed().as_secs_f64());
            measure(&mut criterion, "generated", &piano);
        }
        Err(error) => println!("the generated piano failed: {error}"),
    }
    criterion.final_summary();
}
