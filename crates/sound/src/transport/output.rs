//! Where the engine's sound goes: to a device as long as there is one, else into silence at the
//! same pace.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::buffer::{Buffer, Lengths};
use super::engine::Engine;
use super::message::Message;
use super::shared_status::SharedStatus;
use super::status::Output;

/// Something that takes sound, opened anew whenever it was lost.
pub(crate) trait Backend: Send {
    /// Looks for a device; returns its name and its sample rate.
    fn find(&mut self) -> Result<(String, u32), String>;
    /// Lets the device that was found pull from the engine until what is returned is dropped.
    fn open(&mut self, engine: EngineGuard, buffer: Buffer) -> Result<Box<dyn Any>, String>;
}

/// Why a device is not played on any more.
enum Ended {
    /// The buffer is to have another size.
    OtherBuffer,
    /// It is gone or cannot be used: why.
    Silent(String),
}

/// Guards the engine while a device uses it: sends it back when dropped.
pub(crate) struct EngineGuard {
    engine: Option<Engine>,
    send_back: Sender<Engine>,
    lost: Sender<String>,
}

impl EngineGuard {
    pub(crate) fn status(&self) -> Option<Arc<SharedStatus>> {
        self.engine.as_ref().map(Engine::status)
    }

    pub(crate) fn fill(&mut self, out: &mut [f32], latency: Duration) {
        match &mut self.engine {
            Some(engine) => engine.fill_heard_in(out, latency),
            None => out.fill(0.0),
        }
    }

    /// Where the device reports that it is gone.
    pub(crate) fn on_loss(&self) -> Sender<String> {
        self.lost.clone()
    }
}

impl Drop for EngineGuard {
    fn drop(&mut self) {
        if let Some(engine) = self.engine.take() {
            // The output thread is gone: so is the transport.
            let _ = self.send_back.send(engine);
        }
    }
}

/// Time that passes at once in silence.
const TICK: Duration = Duration::from_millis(10);

/// Silence is heard so much later than it is made, as sound is: a clock that is even.
const SILENT_LATENCY: Duration = Duration::from_millis(20);

/// A device that was lost is looked for again after this, and ever more seldom up to the longest.
const FIRST_RETRY: Duration = Duration::from_millis(if cfg!(test) { 300 } else { 2000 });
const LONGEST_RETRY: Duration = Duration::from_secs(30);

/// Gaps in the sound count from this time after a device was opened: some are late at first on any machine.
const SETTLING: Duration = Duration::from_millis(if cfg!(test) { 200 } else { 1000 });

/// A device that requests no sound for this long counts as gone.
const STALL: Duration = Duration::from_secs(3);

/// Frames made at once; longer buffers are made in parts.
pub(crate) const SCRATCH_FRAMES: usize = 2048;

/// Keeps the engine going until its transport is dropped.
pub(crate) fn run(
    mut engine: Engine,
    backend: Option<Box<dyn Backend>>,
    status: &SharedStatus,
    messages: &Sender<Message>,
    is_wanted: &AtomicBool,
) {
    let Some(mut backend) = backend else {
        return pass_time(&mut engine, None, is_wanted);
    };
    let (mut retry, mut lengths) = (FIRST_RETRY, Lengths::default());
    while is_wanted.load(Ordering::Relaxed) {
        let pace = (&mut retry, &mut lengths);
        let (returned, ended) = play(engine, backend.as_mut(), status, messages, is_wanted, pace);
        let Some(back) = returned else { return };
        engine = back;
        let Ended::Silent(reason) = ended else { continue };
        status.set_output(Output::Silent { reason });
        pass_time(&mut engine, Some(retry), is_wanted);
        retry = (2 * retry).min(LONGEST_RETRY);
    }
}

/// Plays on a device until it is lost, or its buffer is to have another length; returns the engine and why it is
/// silent now. How long to wait for a device, and how long its buffers are, changes.
fn play(
    mut engine: Engine,
    backend: &mut dyn Backend,
    status: &SharedStatus,
    messages: &Sender<Message>,
    is_wanted: &AtomicBool,
    (retry, lengths): (&mut Duration, &mut Lengths),
) -> (Option<Engine>, Ended) {
    let mut reason = String::new();
    let wanted = lengths.wanted(status.is_played_on());
    for buffer in [wanted, Buffer::Default] {
        let (name, sample_rate) = match backend.find() {
            Ok(found) => found,
            Err(reason) => return (Some(engine), Ended::Silent(reason)),
        };
        if sample_rate != engine.sample_rate() {
            engine.set_sample_rate(sample_rate);
            // An error means that the transport is going.
            let _ = messages.send(Message::SampleRate(sample_rate));
        }
        let (send_back, returns) = channel();
        let (lost, losses) = channel();
        match backend.open(EngineGuard { engine: Some(engine), send_back, lost }, buffer) {
            Ok(stream) => {
                status.set_output(Output::Device { name });
                *retry = FIRST_RETRY;
                let ended = wait_for_loss(status, (wanted, lengths), &losses, is_wanted);
                drop(stream);
                return (returns.recv().ok(), ended);
            }
            Err(error) => reason = error,
        }
        match returns.recv() {
            Ok(back) => engine = back,
            Err(_) => return (None, Ended::Silent(reason)),
        }
    }
    (Some(engine), Ended::Silent(reason))
}

/// Waits until a device that was opened with a buffer is lost, or is to have another one: since a keyboard has come or
/// gone, or since there was a gap in the sound.
fn wait_for_loss(
    status: &SharedStatus,
    (buffer, lengths): (Buffer, &mut Lengths),
    losses: &Receiver<String>,
    is_wanted: &AtomicBool,
) -> Ended {
    let opened = Instant::now();
    let mut underruns = status.underruns.load(Ordering::Relaxed);
    let (mut revision, mut since) = (status.revision(), opened);
    loop {
        match losses.recv_timeout(5 * TICK) {
            Ok(reason) => return Ended::Silent(reason),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Ended::Silent("The sound device was closed".into());
            }
        }
        if !is_wanted.load(Ordering::Relaxed) {
            return Ended::Silent(String::new());
        }
        let now = status.underruns.load(Ordering::Relaxed);
        if std::mem::replace(&mut underruns, now) != now && opened.elapsed() > SETTLING {
            lengths.lengthen(status.is_played_on());
        }
        if lengths.wanted(status.is_played_on()) != buffer {
            return Ended::OtherBuffer;
        }
        if status.revision() != revision {
            (revision, since) = (status.revision(), Instant::now());
        } else if since.elapsed() > STALL {
            return Ended::Silent("The sound device does not ask for sound any more".into());
        }
    }
}

/// Fills buffers that are not heard, as fast as time passes.
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
            let secs =
                |frames: usize| Duration::from_secs_f64(frames as f64 / f64::from(engine.sample_rate()));
            let latency = SILENT_LATENCY.saturating_sub(secs(due - done));
            engine.fill_heard_in(&mut scratch[..2 * frames], latency);
            done += frames;
        }
    }
}

#[cfg(test)]
#[path = "output_tests.rs"]
mod tests;
