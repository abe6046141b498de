//! Running the program while its memory is watched.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What a run of the program came to.
pub struct Watched {
    pub code: Option<i32>,
    /// What it said on stderr.
    pub err: String,
    pub secs: f64,
    /// Its largest resident memory, in MiB.
    pub mib: u64,
}

impl Watched {
    /// Runs a program to its end.
    pub fn of(mut command: Command) -> Self {
        let begun = Instant::now();
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut pipe = child.stderr.take().unwrap();
        let said = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            pipe.read_to_end(&mut bytes).unwrap();
            String::from_utf8_lossy(&bytes).into_owned()
        });
        let mut mib = 0;
        let code = loop {
            mib = mib.max(peak_mib(&child).unwrap_or(0));
            if let Some(status) = child.try_wait().unwrap() {
                break status.code();
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let secs = begun.elapsed().as_secs_f64();
        Self { code, err: said.join().unwrap(), secs, mib }
    }
}

/// The largest resident memory of a process that runs, in MiB.
fn peak_mib(process: &Child) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? / 1024)
}
