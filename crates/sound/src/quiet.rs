//! Keeps the sound library of Linux from writing to the terminal.
//!
//! ALSA prints a line for everything that it tries in vain: devices that are configured and not there, a sequencer
//! that is not loaded. What matters of that comes back as an error and is said in the window. ALSA can be given a
//! handler of such lines for each thread. What its plug-ins print themselves, above all *jack server is not running*
//! of the JACK library, passes it by: that library takes another handler only through a call that is not safe, and
//! standard error cannot be closed for a moment without losing what other threads say there.

/// Whatever this thread asks of ALSA from now on goes to no terminal.
#[cfg(target_os = "linux")]
pub(crate) fn quiet() {
    // The lines so far are dropped with the handler before. Without a handler they are printed, as ever.
    drop(alsa::Output::local_error_handler());
}

/// Other systems print nothing.
#[cfg(not(target_os = "linux"))]
pub(crate) fn quiet() {}
