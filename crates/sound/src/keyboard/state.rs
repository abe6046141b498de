//! What there is to know about a keyboard, and what its handle and its thread have in common.

use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::action::KeyAction;
use crate::transport::{Heard, SharedStatus, Thru, Transport};

/// A movement of a key or a pedal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlayedKey {
    /// When, in seconds of the transport's clock ([`now_secs`](super::Keyboard::now_secs)).
    pub at_secs: f64,
    /// What happened.
    pub action: KeyAction,
    /// What was heard then; nothing while nothing played.
    pub heard: Option<Heard>,
}

/// Whether a keyboard is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyboardState {
    /// It is being looked for.
    Opening,
    /// It can be played on.
    Connected,
    /// It is not there, and is looked for again and again.
    Missing {
        /// Why, in words that name it.
        reason: String,
    },
}

/// How late things are, as far as that is known; see [the module](super) for what is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// From a key that goes down until it is heard, at most: the length of the device's buffer and what the
    /// device reports to come before it. At least it is this without the length of the buffer. None without a
    /// sound device.
    pub output: Option<Duration>,
    /// How much later than the quickest message of the last seconds the slowest came in. Thanks to time stamps
    /// recordings do not have it, what is heard at once has. None before the first message.
    pub jitter: Option<Duration>,
}

/// What the handle and its thread have in common.
pub(super) struct Shared {
    pub status: Arc<SharedStatus>,
    pub thru: Arc<Mutex<Thru>>,
    pub is_wanted: AtomicBool,
    pub is_recorded: AtomicBool,
    /// In microseconds; [`u64::MAX`] if there is none.
    pub jitter: AtomicU64,
    pub state: Mutex<KeyboardState>,
    /// Why it was unplugged, until that is told.
    pub lost: Mutex<Option<String>>,
}

impl Shared {
    pub fn new(transport: &Transport) -> Self {
        Self {
            status: transport.shared_status(),
            thru: transport.thru(),
            is_wanted: AtomicBool::new(true),
            is_recorded: AtomicBool::new(false),
            jitter: AtomicU64::new(u64::MAX),
            state: Mutex::new(KeyboardState::Opening),
            lost: Mutex::new(None),
        }
    }
}

/// What a mutex holds, even if a thread panicked meanwhile.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
