//! Which threads run first when there are more of them than cores.

use thread_priority::{ThreadPriority, ThreadPriorityValue, set_current_thread_priority};

/// Of 0 to 99; on Linux a niceness of about 14, where an ordinary thread has 0.
const LOW: u8 = 15;

/// Makes the calling thread, and the threads that it starts from now on, wait for sound: to be
/// called by threads that compute for seconds, such as those of a network on the processor.
///
/// The sound needs no privilege then. Where the system refuses, everything stays as it is.
pub fn lower_thread_priority() {
    if let Ok(low) = ThreadPriorityValue::try_from(LOW) {
        set_current_thread_priority(ThreadPriority::Crossplatform(low)).ok();
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
}
