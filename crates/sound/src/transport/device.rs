//! The system's sound device, by cpal.

use std::any::Any;
use std::sync::atomic::Ordering;
use std::time::Duration;

use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use cpal::{
    BufferSize, Device, ErrorKind, FromSample, I24, SampleFormat, SizedSample, StreamConfig,
    SupportedBufferSize, SupportedStreamConfig,
};

use super::buffer::Buffer;
use super::output::{Backend, EngineGuard, SCRATCH_FRAMES};
use super::priority::raise_thread_priority;
use crate::format::RATES_HZ;
use crate::quiet::quiet;

/// The system's default device.
#[derive(Default)]
pub(crate) struct Cpal {
    found: Option<(Device, SupportedStreamConfig)>,
}

impl Backend for Cpal {
    fn find(&mut self) -> Result<(String, u32), String> {
        quiet();
        self.found = None;
        let device = cpal::default_host().default_output_device().ok_or("There is no sound device")?;
        let config = configuration(&device)?;
        let found = (device.to_string(), config.sample_rate());
        self.found = Some((device, config));
        Ok(found)
    }

    fn open(&mut self, engine: EngineGuard, buffer: Buffer) -> Result<Box<dyn Any>, String> {
        quiet();
        let (device, config) = self.found.as_ref().ok_or("There is no sound device")?;
        let mut wanted: StreamConfig = config.config();
        let frames = match buffer {
            Buffer::Frames(frames) => Some(frames),
            Buffer::Default => None,
        };
        wanted.buffer_size = match (config.buffer_size(), frames) {
            (SupportedBufferSize::Range { min, max }, Some(frames)) => {
                BufferSize::Fixed(frames.clamp(*min, (*max).max(*min)))
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
        let stream = build(device, wanted, engine).map_err(|error| describe(&error))?;
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

/// What the device prefers among what the synthesizer can do.
fn configuration(device: &Device) -> Result<SupportedStreamConfig, String> {
    let preferred = device.default_output_config().map_err(|error| describe(&error))?;
    if RATES_HZ.contains(&preferred.sample_rate()) {
        return Ok(preferred);
    }
    let others = device.supported_output_configs().map_err(|error| describe(&error))?;
    let with_rate = |range: cpal::SupportedStreamConfigRange| range.try_with_standard_sample_rate();
    let best = others.filter_map(with_rate).min_by_key(|config| config.channels().abs_diff(2));
    best.ok_or_else(|| {
        format!("The sound device wants {} Hz, which is not supported", preferred.sample_rate())
    })
}

fn build<T: SizedSample + FromSample<f32>>(
    device: &Device,
    config: StreamConfig,
    mut engine: EngineGuard,
) -> Result<cpal::Stream, cpal::Error> {
    let channels = usize::from(config.channels).max(1);
    let sample_rate = f64::from(config.sample_rate.max(1));
    let (on_loss, status) = (engine.on_loss(), engine.status());
    let mut scratch = vec![0.0; 2 * SCRATCH_FRAMES];
    let mut is_first = true;
    let fill = move |data: &mut [T], info: &cpal::OutputCallbackInfo| {
        if std::mem::take(&mut is_first) {
            raise_thread_priority();
        }
        let times = info.timestamp();
        let mut latency = times.playback.duration_since(times.callback);
        for part in data.chunks_mut(channels * SCRATCH_FRAMES) {
            let frames = part.len() / channels;
            engine.fill(&mut scratch[..2 * frames], latency);
            spread(&scratch[..2 * frames], part, channels);
            latency += Duration::from_secs_f64(frames as f64 / sample_rate);
        }
    };
    let fail = move |error: cpal::Error| match error.kind() {
        ErrorKind::Xrun => {
            if let Some(status) = &status {
                status.underruns.fetch_add(1, Ordering::Relaxed);
            }
        }
        ErrorKind::DeviceChanged | ErrorKind::RealtimeDenied => {}
        _ => {
            // The output is gone already if this fails.
            let _ = on_loss.send(format!("The sound device was lost ({error})"));
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
mod tests {
    use super::*;

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
}
