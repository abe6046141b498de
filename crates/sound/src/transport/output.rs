//! Where the engine's sound goes: to a device as long as there is one, else into silence at the
//! same pace.

use std::any::Any;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use cpal::{
    BufferSize, Device, ErrorKind, FromSample, I24, SampleFormat, SizedSample, StreamConfig,
    SupportedBufferSize, SupportedStreamConfig,
};

use super::conductor::Message;
use super::engine::Engine;
use super::status::{Board, Output};
use crate::synth::RATES_HZ;

/// Something that takes sound, opened anew whenever it was lost.
pub(crate) trait Speakers: Send {
    /// Looks for a device; returns its name and the sample rate it wants.
    fn find(&mut self) -> Result<(String, u32), String>;
    /// Lets the device that was found pull from the engine until what is returned is dropped.
    /// `careful` asks for whatever buffer the system likes.
    fn open(&mut self, lent: Lent, careful: bool) -> Result<Box<dyn Any>, String>;
}

/// The engine in the hands of a device. Goes home when it is dropped.
pub(crate) struct Lent {
    engine: Option<Engine>,
    home: Sender<Engine>,
    lost: Sender<String>,
}

impl Lent {
    pub(crate) fn fill(&mut self, out: &mut [f32], latency: Duration) {
        match &mut self.engine {
            Some(engine) => engine.fill_heard_in(out, latency),
            None => out.fill(0.0),
        }
    }

    /// How the device says that it is gone.
    pub(crate) fn alarm(&self) -> Sender<String> {
        self.lost.clone()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(engine) = self.engine.take() {
            // The output thread is gone: so is the transport.
            let _ = self.home.send(engine);
        }
    }
}

/// Time that passes at once in silence.
const TICK: Duration = Duration::from_millis(10);

/// A device that was lost is looked for again after this, and ever more seldom up to the longest.
const FIRST_RETRY: Duration = Duration::from_millis(if cfg!(test) { 300 } else { 2000 });
const LONGEST_RETRY: Duration = Duration::from_secs(30);

/// A device that asks for nothing for this long is as good as gone.
const STALL: Duration = Duration::from_secs(3);

/// Frames that a device is asked to take at once: 21 ms at 48 kHz.
const BUFFER_FRAMES: u32 = 1024;

/// Frames made at once; longer buffers are made in parts.
const SCRATCH_FRAMES: usize = 2048;

/// Keeps the engine going until nobody wants it any more.
pub(crate) fn run(
    mut engine: Engine,
    speakers: Option<Box<dyn Speakers>>,
    board: &Board,
    messages: &Sender<Message>,
    is_wanted: &AtomicBool,
) {
    let Some(mut speakers) = speakers else {
        return pass_time(&mut engine, None, is_wanted);
    };
    let mut retry = FIRST_RETRY;
    while is_wanted.load(Ordering::Relaxed) {
        let (returned, reason) = play(engine, speakers.as_mut(), board, messages, is_wanted, &mut retry);
        let Some(back) = returned else { return };
        engine = back;
        board.set_output(Output::Silent { reason });
        pass_time(&mut engine, Some(retry), is_wanted);
        retry = (2 * retry).min(LONGEST_RETRY);
    }
}

/// Plays on a device until it is lost; returns the engine and why it is silent now.
fn play(
    mut engine: Engine,
    speakers: &mut dyn Speakers,
    board: &Board,
    messages: &Sender<Message>,
    is_wanted: &AtomicBool,
    retry: &mut Duration,
) -> (Option<Engine>, String) {
    let mut reason = String::new();
    for careful in [false, true] {
        let (name, sample_rate) = match speakers.find() {
            Ok(found) => found,
            Err(reason) => return (Some(engine), reason),
        };
        if sample_rate != engine.sample_rate() {
            engine.retune(sample_rate);
            // An error means that the transport is going.
            let _ = messages.send(Message::Retuned(sample_rate));
        }
        let (home, returns) = channel();
        let (lost, alarm) = channel();
        match speakers.open(Lent { engine: Some(engine), home, lost }, careful) {
            Ok(stream) => {
                board.set_output(Output::Device { name });
                *retry = FIRST_RETRY;
                let reason = wait_for_loss(board, &alarm, is_wanted);
                drop(stream);
                return (returns.recv().ok(), reason);
            }
            Err(error) => reason = error,
        }
        match returns.recv() {
            Ok(back) => engine = back,
            Err(_) => return (None, reason),
        }
    }
    (Some(engine), reason)
}

fn wait_for_loss(board: &Board, alarm: &Receiver<String>, is_wanted: &AtomicBool) -> String {
    let (mut pulse, mut since) = (board.pulse(), Instant::now());
    loop {
        match alarm.recv_timeout(5 * TICK) {
            Ok(reason) => return reason,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return "The sound device was closed".into(),
        }
        if !is_wanted.load(Ordering::Relaxed) {
            return String::new();
        }
        if board.pulse() != pulse {
            (pulse, since) = (board.pulse(), Instant::now());
        } else if since.elapsed() > STALL {
            return "The sound device does not ask for sound any more".into();
        }
    }
}

/// Fills buffers that nobody hears, as fast as time passes.
fn pass_time(engine: &mut Engine, limit: Option<Duration>, is_wanted: &AtomicBool) {
    let mut scratch = [0.0; 2 * SCRATCH_FRAMES];
    let begin = Instant::now();
    let mut done = 0;
    while is_wanted.load(Ordering::Relaxed) && limit.is_none_or(|limit| begin.elapsed() < limit) {
        thread::sleep(TICK);
        let due = (begin.elapsed().as_secs_f64() * f64::from(engine.sample_rate())) as usize;
        // After the machine has slept, the music goes on where it was.
        done = done.max(due.saturating_sub(engine.sample_rate() as usize));
        while done < due {
            let frames = (due - done).min(SCRATCH_FRAMES);
            engine.fill(&mut scratch[..2 * frames]);
            done += frames;
        }
    }
}

/// The system's default device.
#[derive(Default)]
pub(crate) struct Cpal {
    found: Option<(Device, SupportedStreamConfig)>,
}

impl Speakers for Cpal {
    fn find(&mut self) -> Result<(String, u32), String> {
        self.found = None;
        let device = cpal::default_host().default_output_device().ok_or("There is no sound device")?;
        let config = configuration(&device)?;
        let found = (device.to_string(), config.sample_rate());
        self.found = Some((device, config));
        Ok(found)
    }

    fn open(&mut self, lent: Lent, careful: bool) -> Result<Box<dyn Any>, String> {
        let (device, config) = self.found.as_ref().ok_or("There is no sound device")?;
        let mut wanted: StreamConfig = config.config();
        wanted.buffer_size = match config.buffer_size() {
            SupportedBufferSize::Range { min, max } if !careful => {
                BufferSize::Fixed(BUFFER_FRAMES.clamp(*min, (*max).max(*min)))
            }
            _ => BufferSize::Default,
        };
        let build = match config.sample_format() {
            SampleFormat::I8 => build::<i8>,
            SampleFormat::I16 => build::<i16>,
            SampleFormat::I24 => build::<I24>,
            SampleFormat::I32 => build::<i32>,
            SampleFormat::U8 => build::<u8>,
            SampleFormat::U16 => build::<u16>,
            SampleFormat::U32 => build::<u32>,
            SampleFormat::F32 => build::<f32>,
            SampleFormat::F64 => build::<f64>,
            other => return Err(format!("The sound device wants {other} samples, which are not supported")),
        };
        let stream = build(device, wanted, lent).map_err(|error| describe(&error))?;
        stream.play().map_err(|error| describe(&error))?;
        Ok(Box::new(stream))
    }
}

fn describe(error: &cpal::Error) -> String {
    match error.kind() {
        ErrorKind::DeviceNotAvailable => "There is no sound device".into(),
        ErrorKind::DeviceBusy => "The sound device is in use by another program".into(),
        _ => format!("The sound device cannot be used ({error})"),
    }
}

/// What the device likes best among what the synthesizer can do.
fn configuration(device: &Device) -> Result<SupportedStreamConfig, String> {
    let favourite = device.default_output_config().map_err(|error| describe(&error))?;
    if RATES_HZ.contains(&favourite.sample_rate()) {
        return Ok(favourite);
    }
    let others = device.supported_output_configs().map_err(|error| describe(&error))?;
    let with_rate = |range: cpal::SupportedStreamConfigRange| range.try_with_standard_sample_rate();
    let best = others.filter_map(with_rate).min_by_key(|config| config.channels().abs_diff(2));
    best.ok_or_else(|| {
        format!("The sound device wants {} Hz, which is not supported", favourite.sample_rate())
    })
}

fn build<T: SizedSample + FromSample<f32>>(
    device: &Device,
    config: StreamConfig,
    mut lent: Lent,
) -> Result<cpal::Stream, cpal::Error> {
    let channels = usize::from(config.channels).max(1);
    let sample_rate = f64::from(config.sample_rate.max(1));
    let alarm = lent.alarm();
    let board = lent.engine.as_ref().map(Engine::board);
    let mut scratch = vec![0.0; 2 * SCRATCH_FRAMES];
    let fill = move |data: &mut [T], info: &cpal::OutputCallbackInfo| {
        let times = info.timestamp();
        let mut latency = times.playback.duration_since(times.callback);
        for part in data.chunks_mut(channels * SCRATCH_FRAMES) {
            let frames = part.len() / channels;
            lent.fill(&mut scratch[..2 * frames], latency);
            spread(&scratch[..2 * frames], part, channels);
            latency += Duration::from_secs_f64(frames as f64 / sample_rate);
        }
    };
    let fail = move |error: cpal::Error| match error.kind() {
        ErrorKind::Xrun => {
            if let Some(board) = &board {
                board.underruns.fetch_add(1, Ordering::Relaxed);
            }
        }
        ErrorKind::DeviceChanged | ErrorKind::RealtimeDenied => {}
        _ => {
            // Already lost if nobody listens.
            let _ = alarm.send(format!("The sound device was lost ({error})"));
        }
    };
    device.build_output_stream(config, fill, fail, None)
}

/// Stereo onto the channels of a device: both on one, or the first two of many.
fn spread<T: SizedSample + FromSample<f32>>(stereo: &[f32], out: &mut [T], channels: usize) {
    for (to, from) in out.chunks_exact_mut(channels).zip(stereo.chunks_exact(2)) {
        match to {
            [one] => *one = T::from_sample(0.5 * (from[0] + from[1])),
            [left, right, others @ ..] => {
                *left = T::from_sample(from[0]);
                *right = T::from_sample(from[1]);
                others.fill(T::EQUILIBRIUM);
            }
            [] => {}
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::piano::sf2::{Builder, Sample, Zone};
    use crate::soundfont::Piano;
    use crate::transport::{PlayState, Programme, Status, Transport};

    /// A device that is unplugged after a while and comes back at another sample rate.
    struct Unsteady {
        /// The last one is the first that is found.
        rates: Vec<u32>,
        found: u32,
        is_busy: bool,
    }

    impl Speakers for Unsteady {
        fn find(&mut self) -> Result<(String, u32), String> {
            self.found = self.rates.pop().ok_or("There is no sound device")?;
            Ok((format!("Device at {} Hz", self.found), self.found))
        }

        fn open(&mut self, mut lent: Lent, _careful: bool) -> Result<Box<dyn Any>, String> {
            if self.is_busy {
                return Err("The sound device is busy".into());
            }
            let alarm = lent.alarm();
            let (stop, stopped) = channel::<()>();
            let frames = self.found as usize / 100;
            thread::spawn(move || {
                let mut buffer = vec![0.0; 2 * frames];
                for _ in 0..60 {
                    lent.fill(&mut buffer, Duration::from_millis(15));
                    thread::sleep(TICK);
                }
                alarm.send("The sound device was unplugged".into()).unwrap();
                // Until the stream is dropped, the device keeps what it holds.
                let _ = stopped.recv();
            });
            Ok(Box::new(stop))
        }
    }

    fn piano() -> Piano {
        let mut font = Builder::new("tone");
        let data = (0..40_000).map(|k| ((f64::from(k) * 0.06).sin() * 9000.0) as i16).collect();
        let sample = font.add_sample(Sample { name: "tone".into(), root: 60, sample_hz: 44_100, data });
        let (keys, velocities) = ((0, 127), (0, 127));
        font.add_zone(Zone { sample, keys, velocities, pan_percent: 0.0, filter_hz: 9e3, release_secs: 0.1 });
        Piano::from_bytes(&font.finish(), "tone").unwrap()
    }

    fn long_piece() -> Arc<Programme> {
        Arc::new(Programme {
            events: vec![],
            clock: performance::BeatCurve::from_periods(0.0, [(0.0, 0.5)]),
            clicks: vec![],
            end_secs: 100.0,
            end_quarters: 200.0,
            gain: 1.0,
        })
    }

    fn wait_for(transport: &Transport, what: &str, is_so: impl Fn(&Status) -> bool) -> Status {
        let begin = Instant::now();
        loop {
            let status = transport.status();
            if is_so(&status) {
                return status;
            }
            assert!(begin.elapsed() < Duration::from_secs(20), "never {what}: {status:?}");
            thread::sleep(Duration::from_millis(2));
        }
    }

    fn playing_on(speakers: Unsteady) -> Transport {
        let transport = Transport::on(piano(), Some(Box::new(speakers)));
        transport.load(1, long_piece());
        transport.listen(1);
        transport.play();
        transport
    }

    fn is_on(status: &Status, device: &str) -> bool {
        matches!(&status.output, Output::Device { name } if name == device)
    }

    fn is_silent(status: &Status, why: &str) -> bool {
        matches!(&status.output, Output::Silent { reason } if reason == why)
    }

    #[test]
    fn a_device_that_vanishes_leaves_the_music_going_on_and_may_come_back() {
        let speakers = Unsteady { rates: vec![44_100, 48_000], found: 0, is_busy: false };
        let transport = playing_on(speakers);
        let is_playing = |s: &Status| s.state == PlayState::Playing && s.position_secs > 0.0;
        let first = wait_for(&transport, "on", |s| is_on(s, "Device at 48000 Hz") && is_playing(s));
        let lost = wait_for(&transport, "lost", |s| is_silent(s, "The sound device was unplugged"));
        assert!(lost.state == PlayState::Playing && lost.position_secs > first.position_secs);
        let on = wait_for(&transport, "going on", |s| s.position_secs > lost.position_secs + 0.05);
        assert!(is_silent(&on, "The sound device was unplugged"));
        let back = wait_for(&transport, "back", |s| is_on(s, "Device at 44100 Hz") && is_playing(s));
        assert!(back.position_secs >= on.position_secs);
        let later = wait_for(&transport, "on again", |s| s.position_secs > back.position_secs + 0.2);
        assert!(later.state == PlayState::Playing && later.position_secs < back.position_secs + 2.0);
        wait_for(&transport, "gone", |s| is_silent(s, "There is no sound device"));
        assert_eq!(transport.status().state, PlayState::Playing);
    }

    #[test]
    fn without_a_device_it_plays_silently_and_says_why() {
        let none = playing_on(Unsteady { rates: vec![], found: 0, is_busy: false });
        wait_for(&none, "silent", |s| is_silent(s, "There is no sound device"));
        let busy = playing_on(Unsteady { rates: vec![48_000; 50], found: 0, is_busy: true });
        wait_for(&busy, "silent", |s| is_silent(s, "The sound device is busy"));
        for transport in [none, busy] {
            wait_for(&transport, "playing", |s| s.position_secs > 0.2);
        }
    }

    #[test]
    fn stereo_goes_onto_any_number_of_channels() {
        let stereo = [0.5, 1.0, -0.5, 0.25];
        let mut mono = [0.0_f32; 2];
        spread(&stereo, &mut mono, 1);
        assert_eq!(mono, [0.75, -0.125]);
        let mut quad = [9_i16; 8];
        spread(&stereo, &mut quad, 4);
        assert_eq!(quad, [16384, 32767, 0, 0, -16384, 8192, 0, 0]);
    }

    /// Whatever device this machine has or has not, the transport starts and time passes.
    #[test]
    fn the_system_s_device_or_none_is_no_matter() {
        let transport = Transport::start(piano(), crate::transport::OutputChoice::Default);
        transport.load(1, long_piece());
        transport.listen(1);
        transport.play();
        let status = wait_for(&transport, "playing", |s| s.position_secs > 0.2);
        println!("the output here: {:?}", status.output);
        assert_eq!(status.state, PlayState::Playing);
    }
}
