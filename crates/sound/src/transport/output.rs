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
const FIRST_RETRY: Duration = Duration::from_secs(2);
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
    format!("The sound device cannot be used ({error})")
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
