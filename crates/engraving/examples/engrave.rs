//! Engraves a score: `engrave SCORE WIDTH PIXELS FOLDER` lays it out in systems of a width in staff spaces,
//! writes each as a PNG with a staff space of so many pixels, and says how long it took and, on Linux, how much
//! memory the process had at most so far, Verovio included.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::time::Instant;

use engraving::Engraver;
use notation::{ImportOptions, Unfold, read_score};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, path, width, pixels, folder] = &arguments[..] else {
        println!("engrave SCORE WIDTH PIXELS FOLDER");
        return;
    };
    let options = ImportOptions { unfold: Unfold::Maximal, ..ImportOptions::default() };
    let score = read_score(path, &std::fs::read(path).unwrap(), &options).unwrap();
    let start = Instant::now();
    let engraver = Engraver::new(&score).unwrap();
    println!("{} notes, ready after {:?}{}", score.notes.len(), start.elapsed(), memory());
    let mut systems = Vec::new();
    let ready = |number, system| {
        println!("system {number} after {:?}", start.elapsed());
        systems.truncate(number);
        systems.push(system);
    };
    engraver.systems(width.parse().unwrap(), || false, ready).unwrap();
    println!("{} systems after {:?}{}", systems.len(), start.elapsed(), memory());
    let start = Instant::now();
    for (number, system) in systems.iter().enumerate() {
        let ink = system.draw(pixels.parse().unwrap()).unwrap();
        std::fs::write(Path::new(folder).join(format!("{number}.png")), ink.to_png()).unwrap();
    }
    println!("drawn after {:?}{}", start.elapsed(), memory());
}

/// The most memory that this process had so far, in words; nothing where the system does not say.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = most.and_then(|words| words.split_whitespace().next()?.parse::<u64>().ok());
    kibibytes.map(|kibibytes| format!(", {} MiB at most", kibibytes / 1024)).unwrap_or_default()
}
