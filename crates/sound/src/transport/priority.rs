//! Which threads run first when there are more of them than cores.

use thread_priority::{ThreadPriority, ThreadPriorityValue, set_current_thread_priority};

/// Of 0 to 99; on Linux a niceness of about 14, where an ordinary thread has 0.
const LOW: u8 = 15;

/// Of 0 to 99; on Linux a niceness of about -14, on Windows the highest but that of critical threads.
const HIGH: u8 = 85;

/// Makes the calling thread, and the threads that it starts from now on, wait for sound: to be
/// called by threads that compute for seconds, such as those of a network on the processor.
///
/// The sound needs no privilege then. Where the system refuses, everything stays as it is.
pub fn lower_thread_priority() {
    set(LOW);
}

/// Lets the calling thread go before others, of other programs too: to be called by the thread that makes sound. On
/// Linux it takes a privilege that few people have (a limit of niceness), elsewhere none; where the system refuses,
/// everything stays as it is, and longer buffers have to do. On macOS the system's own thread for sound is before
/// all others already, and stays as it is.
///
/// This is no real-time priority: a thread that has one and does not wait for a fifth of a second, such as one that
/// makes sound on a machine that is too slow for it, stops its whole program where a sound server has set the usual
/// limit (`RLIMIT_RTTIME`).
pub fn raise_thread_priority() {
    if !cfg!(target_os = "macos") {
        set(HIGH);
    }
}

fn set(priority: u8) {
    if let Ok(value) = ThreadPriorityValue::try_from(priority) {
        // A refusal is no error, see above.
        set_current_thread_priority(ThreadPriority::Crossplatform(value)).ok();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// The nineteenth value of the thread's line, after the name in brackets.
    #[cfg(target_os = "linux")]
    fn niceness() -> i32 {
        let line = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
        line.rsplit(')').next().unwrap().split_whitespace().nth(16).unwrap().parse().unwrap()
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_thread_and_its_children_have_low_priority_and_others_do_not() {
        let before = niceness();
        let (own, child) = std::thread::spawn(|| {
            lower_thread_priority();
            (niceness(), std::thread::spawn(niceness).join().unwrap())
        })
        .join()
        .unwrap();
        assert!(own >= 10, "{own}");
        assert_eq!(child, own);
        assert_eq!(niceness(), before);
    }

    /// Where the system lets it, and where it does not.
    #[cfg(target_os = "linux")]
    #[test]
    fn the_thread_that_makes_sound_goes_first_or_stays_as_it_is() {
        let before = niceness();
        let raised = std::thread::spawn(|| {
            raise_thread_priority();
            niceness()
        });
        let raised = raised.join().unwrap();
        assert!(raised == before || (-20..=-10).contains(&raised), "{raised} after {before}");
        assert_eq!(niceness(), before);
    }
}
