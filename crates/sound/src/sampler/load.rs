//! Reading the samples of a piano on all cores.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use super::description::Description;
use super::error::SamplerError;
use super::key::{HIGHEST_RATE_HZ, Key, read_sample};
use super::recording::Recording;
use super::samples::Samples;
use crate::transport::lower_thread_priority;

/// Memory that all samples take at most, in bytes.
pub(super) const MOST_BYTES: f64 = 400e6;

/// Layers that are loaded of each key at most.
const MOST_LAYERS: usize = 12;

/// How long a sample is at most, in seconds.
const LONGEST_SECS: f64 = 15.0;

/// The longest sound of a key that comes up, in seconds.
const LONGEST_RELEASE_SECS: f64 = 0.5;

/// How much of a piano is loaded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Extent {
    /// Layers a key.
    pub(super) layers: usize,
    /// One of so many keys is loaded.
    pub(super) every: usize,
    /// Length of a sample at most, in seconds.
    pub(super) secs: f64,
    /// Whether keys that come up are heard.
    pub(super) releases: bool,
    /// Whether other threads go first.
    pub(super) waits: bool,
}

impl Extent {
    /// What is loaded within a second.
    pub(super) const FIRST: Self = Self { layers: 2, every: 2, secs: 2.0, releases: false, waits: false };

    /// As much as [`MOST_BYTES`] hold.
    pub(super) fn whole(description: &Description) -> Self {
        let sample_bytes = Recording::most_bytes(LONGEST_SECS, f64::from(HIGHEST_RATE_HZ));
        let releases = description.releases.len() as f64;
        let left =
            MOST_BYTES - releases * Recording::most_bytes(LONGEST_RELEASE_SECS, f64::from(HIGHEST_RATE_HZ));
        let layers = left / (sample_bytes * description.keys.len().max(1) as f64);
        let layers = (layers.max(1.0) as usize).min(MOST_LAYERS);
        Self { layers, every: 1, secs: LONGEST_SECS, releases: true, waits: true }
    }
}

/// What a thread hands over.
enum Part {
    Key(Key),
    Release(u8, Recording),
}

/// Reads the samples; `progress` hears from 0 to 1 how far it is, on this thread.
pub(super) fn load(
    description: &Description,
    extent: Extent,
    progress: &dyn Fn(f32),
    cancel: &AtomicBool,
) -> Result<Samples, SamplerError> {
    let keys: Vec<_> = description.keys.iter().step_by(extent.every.max(1)).collect();
    let releases = if extent.releases { description.releases.as_slice() } else { &[] };
    let count = keys.len() + releases.len();
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let stop = || cancel.load(Ordering::Relaxed) || failed.load(Ordering::Relaxed);
    let read = |job: usize| -> Result<Part, SamplerError> {
        if let Some((pitch, files)) = keys.get(job) {
            let chosen: Vec<_> = chosen(files.len(), extent.layers).map(|k| files[k].clone()).collect();
            return Key::read(*pitch, &chosen, extent.secs, &stop).map(Part::Key);
        }
        if stop() {
            return Err(SamplerError::Cancelled);
        }
        let (pitch, file) = &releases[job - keys.len()];
        let sound = read_sample(file, LONGEST_RELEASE_SECS)?;
        Ok(Part::Release(*pitch, Recording::cut(&sound, 0, LONGEST_RELEASE_SECS)))
    };
    let parts = thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        let threads = thread::available_parallelism().map_or(2, |count| count.get()).min(8);
        for _ in 0..threads {
            let (sender, next, read, waits) = (sender.clone(), &next, &read, extent.waits);
            scope.spawn(move || {
                if waits {
                    lower_thread_priority();
                }
                loop {
                    let job = next.fetch_add(1, Ordering::Relaxed);
                    if job >= count || sender.send(read(job)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        gather(&receiver, count, progress, &failed)
    })?;
    if cancel.load(Ordering::Relaxed) {
        return Err(SamplerError::Cancelled);
    }
    Ok(together(parts))
}

/// Takes what the threads send; the first error, unless it is only that another one has stopped them.
fn gather(
    receiver: &mpsc::Receiver<Result<Part, SamplerError>>,
    count: usize,
    progress: &dyn Fn(f32),
    failed: &AtomicBool,
) -> Result<Vec<Part>, SamplerError> {
    let mut parts = Vec::with_capacity(count);
    let mut first_error = None;
    for part in receiver {
        match part {
            Ok(part) => {
                parts.push(part);
                progress(parts.len() as f32 / count.max(1) as f32);
            }
            Err(error) => {
                failed.store(true, Ordering::Relaxed);
                first_error.get_or_insert(error);
            }
        }
    }
    first_error.map_or(Ok(parts), Err)
}

/// The piano that the parts make, whatever the order in which they came.
fn together(parts: Vec<Part>) -> Samples {
    let (mut keys, mut releases) = (Vec::new(), Vec::new());
    for part in parts {
        match part {
            Part::Key(key) => keys.push(key),
            Part::Release(pitch, recording) => releases.push((pitch, recording)),
        }
    }
    keys.sort_by_key(|key| key.pitch);
    releases.sort_by_key(|(pitch, _)| *pitch);
    Samples::new(keys, releases)
}

/// Which of `count` layers are loaded: `most` of them, evenly, the loudest among them; of two, the other is
/// one that is struck in the middle.
fn chosen(count: usize, most: usize) -> impl Iterator<Item = usize> {
    let picked = most.clamp(1, count.max(1));
    let last = count.saturating_sub(1);
    let first = if picked == 2 && count > 2 { last * 2 / 5 } else { 0 };
    let steps = picked.saturating_sub(1).max(1);
    let at =
        move |k: usize| if picked == 1 { last } else { first + (k * (last - first) + steps / 2) / steps };
    (0..picked.min(count)).map(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_chosen_evenly_with_the_loudest() {
        let chosen = |count, most| chosen(count, most).collect::<Vec<_>>();
        assert_eq!(chosen(16, 12), [0, 1, 3, 4, 5, 7, 8, 10, 11, 12, 14, 15]);
        assert_eq!(chosen(16, 2), [6, 15]);
        assert_eq!(chosen(2, 2), [0, 1]);
        assert_eq!(chosen(3, 12), [0, 1, 2]);
        assert_eq!(chosen(5, 1), [4]);
        assert!(chosen(0, 4).is_empty());
    }
}
