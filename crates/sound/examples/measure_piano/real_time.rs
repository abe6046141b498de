//! Minutes of dense music in real time, beside programs that compute: whether a device would run dry.

use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use performance::BeatCurve;
use sound::transport::{Engine, PlayState, Track, Transport, raise_thread_priority};
use sound::{Events, Piano};

/// What is measured.
#[derive(Clone, Copy)]
pub struct RealTime {
    /// How long.
    pub minutes: f64,
    /// Frames a second.
    pub rate_hz: u32,
    /// How much sound the device holds: two buffers, of which one is played while the other is made.
    pub device_ms: f64,
    /// Threads that compute without a pause, as other programs do: at ordinary priority.
    pub busy: usize,
}

/// Threads that keep cores busy until it is dropped.
struct Busy {
    is_wanted: Arc<AtomicBool>,
    threads: Vec<thread::JoinHandle<()>>,
}

impl Busy {
    fn new(count: usize) -> Self {
        let is_wanted = Arc::new(AtomicBool::new(true));
        let work = |wanted: Arc<AtomicBool>| {
            move || {
                let mut weights = vec![1.0_f32; 1 << 18];
                while wanted.load(Ordering::Relaxed) {
                    black_box(&mut weights).iter_mut().for_each(|w| *w = w.mul_add(0.999, 0.001));
                }
            }
        };
        let threads = (0..count).map(|_| thread::spawn(work(Arc::clone(&is_wanted)))).collect();
        Self { is_wanted, threads }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.is_wanted.store(false, Ordering::Relaxed);
        // A thread that has panicked computes no more either.
        self.threads.drain(..).for_each(|thread| drop(thread.join()));
    }
}

/// How late the buffers were done, from the moment the device asked for each.
#[derive(Default)]
struct Lateness {
    done_after: Vec<Duration>,
    /// Buffers that were not there when the device needed them.
    missed: usize,
}

impl Lateness {
    /// Within how much a share of the buffers was done, in milliseconds.
    fn within_ms(&self, share: f64) -> f64 {
        let place = (self.done_after.len().saturating_sub(1) as f64 * share) as usize;
        self.done_after.get(place).map_or(0.0, |done| 1e3 * done.as_secs_f64())
    }
}

/// Plays the events on the piano as a device would ask for them, and prints how many buffers came too late.
pub fn measure(piano: &Piano, events: Events, what: RealTime) -> Result<(), Box<dyn Error>> {
    let (transport, engine) = Transport::virtual_clock(piano.clone(), what.rate_hz);
    let end_secs = events.end_secs().unwrap_or(0.0);
    transport.load(1, Arc::new(track(events, end_secs)));
    transport.listen(1);
    transport.play();
    transport.settle();
    let secs = (60.0 * what.minutes).min(end_secs - 1.0);
    let busy = Busy::new(what.busy);
    let made = thread::spawn(move || {
        raise_thread_priority();
        as_asked(engine, secs, Duration::from_secs_f64(what.device_ms / 2e3))
    });
    let mut lateness = made.join().map_err(|_| "the thread that makes sound has panicked")?;
    drop(busy);
    if transport.status().state != PlayState::Playing {
        return Err("it did not play to the end".into());
    }
    lateness.done_after.sort();
    println!(
        "\n{:.1} minutes in real time, a device that holds {} ms, {} threads computing beside it: {} of {} buffers \
         came too late; from being asked to being done: median {:.2} ms, 99.9 % within {:.2} ms, worst {:.2} ms",
        secs / 60.0,
        what.device_ms,
        what.busy,
        lateness.missed,
        lateness.done_after.len(),
        lateness.within_ms(0.5),
        lateness.within_ms(0.999),
        lateness.within_ms(1.0)
    );
    Ok(())
}

/// Fills each buffer when the device asks for it. It has to be done before the other one is played; else the device
/// waits for it, and goes on later.
fn as_asked(mut engine: Engine, secs: f64, buffer: Duration) -> Lateness {
    let frames = (buffer.as_secs_f64() * f64::from(engine.sample_rate())) as usize;
    let mut sound = vec![0.0; 2 * frames];
    let mut lateness = Lateness::default();
    let mut asked = Instant::now();
    for _ in 0..(secs / buffer.as_secs_f64()) as usize {
        thread::sleep(asked.saturating_duration_since(Instant::now()));
        engine.fill(&mut sound);
        let done_after = asked.elapsed();
        lateness.done_after.push(done_after);
        if done_after > buffer {
            lateness.missed += 1;
            asked += done_after;
        } else {
            asked += buffer;
        }
    }
    lateness
}

/// Events with a clock of 120 quarters a minute.
fn track(events: Events, end_secs: f64) -> Track {
    Track {
        content: Arc::new(events),
        clock: BeatCurve::from_periods(0.0, [(0.0, 0.5)]),
        clicks: Vec::new(),
        end_secs,
        end_quarters: 2.0 * end_secs,
        gain: 1.0,
    }
}
