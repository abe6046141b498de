//! Loading a sampled piano: what is told of it, and of damaged ones; and nothing is allocated in the callback.
#![allow(clippy::unwrap_used)]

#[path = "common/sampled.rs"]
mod sampled;

use std::cell::RefCell;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use assert_no_alloc::{AllocDisabler, assert_no_alloc, reset_violation_count, violation_count};
use sound::format::{BLOCK_FRAMES, Block};
use sound::{SampledPiano, SamplerError};

#[global_allocator]
static ALLOCATOR: AllocDisabler = AllocDisabler;

fn load(folder: &Path) -> Result<SampledPiano, SamplerError> {
    SampledPiano::load(folder, &|_| (), &AtomicBool::new(false))
}

/// A folder with a piano in it, changed by `change`, and the message that loading it gives.
fn message(change: impl FnOnce(&Path)) -> String {
    let folder = tempfile::tempdir().unwrap();
    sampled::write_piano(folder.path(), 1);
    change(folder.path());
    load(folder.path()).unwrap_err().to_string()
}

#[test]
fn a_piano_says_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    sampled::write_piano(folder.path(), 6);
    let heard = RefCell::new(Vec::new());
    let progress = |share: f32| heard.borrow_mut().push(share);
    let piano = SampledPiano::load(folder.path(), &progress, &AtomicBool::new(false)).unwrap();
    assert_eq!((piano.name(), piano.credits()), ("Sines", "nobody"));
    assert_eq!(piano.piano().credits(), Some("nobody"));
    assert!(piano.piano().is_same(&piano.clone().piano()));
    assert_eq!(piano.layers(), sampled::KEYS.map(|key| (key, 4)));
    assert!(
        piano.memory_bytes() > 6_000_000 && piano.memory_bytes() < 12_000_000,
        "{}",
        piano.memory_bytes()
    );
    let heard = heard.into_inner();
    assert!(heard.windows(2).all(|pair| pair[0] <= pair[1]) && heard.last() == Some(&1.0), "{heard:?}");

    let first = SampledPiano::first(folder.path(), &AtomicBool::new(false)).unwrap();
    assert_eq!(first.layers(), [(57, 2), (63, 2)]);
    assert!(first.memory_bytes() < piano.memory_bytes() / 2);
}

#[test]
fn a_cancel_ends_the_loading() {
    let folder = tempfile::tempdir().unwrap();
    sampled::write_piano(folder.path(), 1);
    let cancel = AtomicBool::new(true);
    assert!(matches!(SampledPiano::load(folder.path(), &|_| (), &cancel), Err(SamplerError::Cancelled)));
    assert!(matches!(SampledPiano::first(folder.path(), &cancel), Err(SamplerError::Cancelled)));
}

#[test]
fn damaged_samples_are_told_by_name() {
    let sample = |folder: &Path| folder.join("layer1").join("60.wav");
    let silence = || std::iter::repeat_n(0.0, 9_600);
    let tone = || (0..9_600).map(|k| 0.3 * (f64::from(k) * 0.05).sin());
    for (message, why) in [
        (message(|folder| std::fs::remove_file(sample(folder)).unwrap()), "cannot read the file"),
        (message(|folder| std::fs::write(sample(folder), "a text").unwrap()), "no recording of sound"),
        (message(|folder| sampled::write(&sample(folder), 48_000, silence())), "it is silent"),
        (message(|folder| sampled::write(&sample(folder), 44_100, tone())), "sample rate is not that of"),
        (message(|folder| sampled::write(&sample(folder), 96_000, tone())), "96000 samples a second"),
    ] {
        assert!(
            message.starts_with("a sample of the piano cannot be used (") && message.contains(why),
            "{message}"
        );
        assert!(message.contains("get the piano again") && message.ends_with("60.wav"), "{message}");
    }
}

#[test]
fn playing_does_not_allocate() {
    assert_no_alloc(|| drop(std::hint::black_box(Box::new(1))));
    assert!(violation_count() > 0, "an allocation would not be noticed");
    reset_violation_count();
    let piano = sampled::piano().piano();
    let mut instrument = piano.open(44_100, 8).unwrap();
    let mut block: Block = [0.0; 2 * BLOCK_FRAMES];
    assert_no_alloc(|| {
        // More voices than there are, more at once than its reserve, and all that it is told.
        for k in 0..4_000_u32 {
            let at_once = if k == 100 { 90 } else { 1 };
            for n in 0..at_once {
                instrument.note_on((k * 7 % 38 + n) as u8, 1 + (k % 127) as u8);
            }
            instrument.render(&mut block);
            instrument.sustain((k % 128) as u8);
            instrument.soft((k % 100) as u8);
            instrument.note_off((k * 7 % 38) as u8);
        }
        instrument.release_all();
        instrument.render(&mut block);
    });
    assert_eq!(violation_count(), 0, "allocations while playing");
    assert!(block.iter().all(|sample| sample.is_finite()));
}
